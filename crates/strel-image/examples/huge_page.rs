//! A page too large for the memory: generated, cleaned by a sequence of operators, written, and the
//! most memory that this took.
//!
//! `cargo run --release -p strel-image --example huge_page -- 100000 40000 page.pbm cleaned.tif`
//! takes height, width and two files (`.pbm` or `.tif`), and leaves them where they are.

use std::error::Error;
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

use strel_image::files::{FileError, Foreground, RowReader, write_rows};
use strel_image::{BitImage, Border, Engine, PlannedRows, RowSource, Sequence};

/// Bytes for the strips in memory.
const MEMORY: usize = 64 << 20;

/// Rings with specks of noise, row by row.
struct Rings {
    size: (usize, usize),
    next: usize,
}

impl RowSource for Rings {
    type Error = FileError;

    fn size(&self) -> (usize, usize) {
        self.size
    }

    fn read_rows(&mut self, image: &mut BitImage, to: Range<usize>) -> Result<(), FileError> {
        for row in to {
            let y = self.next;
            for x in 0..self.size.1 {
                let ring = (x % 1000).abs_diff(500).pow(2) + (y % 1000).abs_diff(500).pow(2);
                let speck = ((x * 7919) ^ (y * 104_729)).is_multiple_of(97);
                image.set(row, x, (90_000..160_000).contains(&ring) != speck);
            }
            self.next += 1;
        }
        Ok(())
    }
}

fn clean(page: &Path, cleaned: &Path) -> Result<(), Box<dyn Error>> {
    let sequence: Sequence = "o3.3 + c5.5".parse()?;
    let plan = sequence.plan(Border::Neutral);
    let rows = RowReader::open(page, Foreground::Black)?;
    let (height, width) = rows.size();
    let strip_rows = plan.strip_rows(width, MEMORY);
    let start = Instant::now();
    let mut result = PlannedRows::new(&plan, Engine::default(), rows, strip_rows)?;
    write_rows(cleaned, &mut result, Foreground::Black)?;
    println!(
        "{sequence}: {height} x {width} pixels in {} strips of {strip_rows} rows, {:.1} s, {:.1} s of \
         them in the plan",
        result.strips(),
        start.elapsed().as_secs_f64(),
        result.plan_time().as_secs_f64()
    );
    Ok(())
}

/// The most memory that the process had, where the system tells.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [height, width, page, cleaned] = arguments.as_slice() else {
        return Err("expected HEIGHT WIDTH PAGE CLEANED".into());
    };
    let size = (height.parse()?, width.parse()?);
    write_rows(page, &mut Rings { size, next: 0 }, Foreground::Black)?;
    clean(Path::new(page), Path::new(cleaned))?;
    println!("peak of the memory: {}", peak().as_deref().unwrap_or("unknown"));
    Ok(())
}
