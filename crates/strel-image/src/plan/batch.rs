//! Many images, claimed one by one by the threads that are free.

use super::Plan;
use crate::claim::claim_each;
use crate::{BitImage, Engine, ImageError};

impl Plan {
    /// The outputs for many inputs of any sizes, each of which is what [`run`](Self::run) takes.
    ///
    /// Threads claim inputs one by one. One that takes longer than a thread's share of all work is
    /// cut into bands of rows instead. A second thread works from about 40 microseconds of work on;
    /// results never depend on it.
    ///
    /// ```
    /// use strel_image::{BitImage, Border, Engine, Plan, StructuringElement};
    ///
    /// let plan = Plan::dilation(&StructuringElement::rectangle(1, 3)?, Border::Neutral);
    /// let images: [BitImage; 2] = ["#...".parse()?, "..#".parse()?];
    /// let dilated = plan.run_batch(&Engine::default(), &images.each_ref().map(|image| vec![image]))?;
    /// assert_eq!(dilated[0][0].to_string(), "##..");
    /// assert_eq!(dilated[1][0].to_string(), ".##");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// As [`run`](Self::run), for the first inputs that are not right; then nothing is run.
    pub fn run_batch(
        &self,
        engine: &Engine,
        batch: &[Vec<&BitImage>],
    ) -> Result<Vec<Vec<BitImage>>, ImageError> {
        let sizes = batch.iter().map(|inputs| self.common_size(inputs, self.outputs()));
        let work = sizes.map(|size| Ok(self.nanoseconds(size?)));
        let work = work.collect::<Result<Vec<usize>, ImageError>>()?;
        let threads = engine.threads_for(work.iter().sum());
        let share = work.iter().sum::<usize>() / threads;
        let mut outputs = vec![vec![BitImage::new(0, 0); self.outputs()]; batch.len()];
        let items = batch.iter().zip(&mut outputs).zip(work);
        let (large, small): (Vec<_>, Vec<_>) = items.partition(|(_, work)| *work > share);
        for ((inputs, outputs), _) in large {
            self.run_into(engine, inputs, outputs)?;
        }
        let alone = engine.with_one_thread();
        claim_each(threads, small.into_iter(), |((inputs, outputs), _)| {
            self.run_into(&alone, inputs, outputs).expect("the inputs were checked");
        });
        Ok(outputs)
    }
}
