//! Images processed several at a time, and what that took.

use std::fmt;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use strel::image::kernel_name;

use crate::error::CliError;

/// What one image took.
pub struct Work {
    /// Rows and columns.
    pub size: (usize, usize),
    /// The time of the operators, without files.
    pub time: Duration,
    /// Strips of rows that the image was processed in, if it was not held in memory.
    pub strips: Option<usize>,
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (height, width) = self.size;
        write!(f, "{height} x {width}, {:.4} s", self.time.as_secs_f64())?;
        match self.strips {
            Some(strips) => write!(f, ", streamed in {strips} strips"),
            None => Ok(()),
        }
    }
}

/// What all images took.
pub struct Batch {
    pub work: Vec<Work>,
    elapsed: Duration,
    threads: usize,
}

/// Processes each image into its file, with a number of threads or as many as there are processors.
///
/// # Errors
/// The first image's that has one; the others are processed.
pub fn process(
    images: &[PathBuf],
    files: &[PathBuf],
    threads: Option<u16>,
    each: impl Fn(&Path, &Path) -> Result<Work, CliError> + Sync,
) -> Result<Batch, CliError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, usize::from))
        .build()
        .map_err(|error| CliError::Usage(format!("cannot start threads: {error}")))?;
    let start = Instant::now();
    let work: Vec<_> = pool
        .install(|| images.par_iter().zip(files).map(|(image, file)| each(image, file)).collect());
    let elapsed = start.elapsed();
    let work = work.into_iter().collect::<Result<_, _>>()?;
    Ok(Batch { work, elapsed, threads: pool.current_num_threads() })
}

impl Batch {
    /// Prints a line for each image that was not held in memory.
    pub fn print_streamed(&self, files: &[PathBuf]) -> Result<(), CliError> {
        for (work, file) in self.work.iter().zip(files).filter(|(work, _)| work.strips.is_some()) {
            writeln!(stdout(), "{}: {work}", file.display())?;
        }
        Ok(())
    }

    /// Prints the number of pixels and how fast they were `inside` the operators and in all.
    pub fn print(&self, inside: &str) -> Result<(), CliError> {
        let pixels: usize = self.work.iter().map(|work| work.size.0 * work.size.1).sum();
        let busy: Duration = self.work.iter().map(|work| work.time).sum();
        let rate = |time: Duration| pixels as f64 / time.as_secs_f64().max(1e-9) / 1e6;
        writeln!(
            stdout(),
            "{} image{}, {pixels} pixels: {:.0} million pixels a second in the {inside}, {:.0} with \
             files ({} threads, kernel {})",
            self.work.len(),
            if self.work.len() == 1 { "" } else { "s" },
            rate(busy),
            rate(self.elapsed),
            self.threads,
            kernel_name()
        )?;
        Ok(())
    }
}
