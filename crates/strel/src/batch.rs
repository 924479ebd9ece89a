//! Images processed several at a time, and what that took.

use std::fmt;
use std::io::Write;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use strel::image::kernel_name;

use crate::Answer;
use crate::error::CliError;
use crate::paint;
use crate::places::{Images, Results};

/// What the pages of one file took.
#[derive(Default)]
pub struct Work {
    /// Rows and columns of each page.
    pub sizes: Vec<(usize, usize)>,
    /// The time of the operators, without files.
    pub time: Duration,
    /// Strips of rows that pages were processed in, if they were not all held in memory.
    pub strips: Option<usize>,
}

impl Work {
    fn pixels(&self) -> usize {
        self.sizes.iter().map(|(height, width)| height * width).sum()
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sizes[..] {
            [(height, width)] => write!(f, "{height} x {width}, ")?,
            _ => write!(f, "{} pages, {} pixels, ", self.sizes.len(), self.pixels())?,
        }
        write!(f, "{:.4} s", self.time.as_secs_f64())?;
        match self.strips {
            Some(strips) => write!(f, ", streamed in {strips} strips"),
            None => Ok(()),
        }
    }
}

/// What became of all images.
pub struct Batch<T> {
    /// The images that went well, by their numbers, and what was found of each.
    pub done: Vec<(usize, T)>,
    errors: Vec<CliError>,
    elapsed: Duration,
    threads: usize,
}

/// Processes each image by its number, with a number of threads or as many as there are processors. One that fails
/// does not keep the others from being processed.
pub fn process<T: Send>(
    images: &Images,
    threads: Option<u16>,
    each: impl Fn(usize) -> Result<T, CliError> + Sync,
) -> Result<Batch<T>, CliError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, usize::from))
        .build()
        .map_err(|error| CliError::Usage(format!("cannot start threads: {error}")))?;
    let start = Instant::now();
    let numbers = 0..images.files.len();
    let all: Vec<_> = pool.install(|| numbers.into_par_iter().map(&each).collect());
    let elapsed = start.elapsed();
    let (mut done, mut errors) = (Vec::new(), Vec::new());
    for (index, result) in all.into_iter().enumerate() {
        match result {
            Ok(found) => done.push((index, found)),
            Err(error) => errors.push(images.named(index, error)),
        }
    }
    Ok(Batch { done, errors, elapsed, threads: pool.current_num_threads() })
}

impl<T> Batch<T> {
    /// The answer of the command. Each image that failed is named.
    ///
    /// # Errors
    /// An image failed.
    pub fn answer(mut self) -> Result<Answer, CliError> {
        let (failed, all) = (self.errors.len(), self.errors.len() + self.done.len());
        match failed {
            0 => Ok(Answer::Yes),
            1 if all == 1 => Err(self.errors.remove(0)),
            _ => {
                self.errors.iter().for_each(|error| eprintln!("{} {error}", paint::error()));
                let failed = format!("{failed} of {all} images failed, for the reasons above");
                Err(CliError::Usage(failed))
            }
        }
    }
}

impl Batch<Work> {
    /// Prints the number of pixels and how fast they were `inside` the operators and in all; nothing where no
    /// image went well.
    pub fn print(&self, inside: &str, results: &Results) -> Result<(), CliError> {
        if self.done.is_empty() {
            return Ok(());
        }
        let pixels: usize = self.done.iter().map(|(_, work)| work.pixels()).sum();
        let busy: Duration = self.done.iter().map(|(_, work)| work.time).sum();
        let rate = |time: Duration| pixels as f64 / time.as_secs_f64().max(1e-9) / 1e6;
        writeln!(
            results.messages(),
            "{} image{}, {pixels} pixels: {:.0} million pixels a second in the {inside}, {:.0} with \
             files ({} threads, kernel {})",
            self.done.len(),
            if self.done.len() == 1 { "" } else { "s" },
            rate(busy),
            rate(self.elapsed),
            self.threads,
            kernel_name()
        )?;
        Ok(())
    }
}
