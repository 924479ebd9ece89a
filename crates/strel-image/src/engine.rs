//! What plans run on: a kernel and a number of threads.

use std::num::NonZero;
use std::sync::LazyLock;
use std::thread;

use crate::claim::claim_each;
use crate::{ImageError, Kernel};

/// Nanoseconds of work for which one more thread pays.
const WORTH_A_THREAD: usize = 20_000;

/// The instructions and the number of threads that plans run with. Results never depend on it.
///
/// ```
/// use strel_image::{BitImage, Border, Engine, Kernel, Plan, StructuringElement};
///
/// let engine = Engine::new(Kernel::Portable, 1)?;
/// let plan = Plan::dilation(&StructuringElement::rectangle(1, 2)?, Border::Neutral);
/// let image: BitImage = "..#.".parse()?;
/// assert_eq!(plan.run(&engine, &[&image])?[0], plan.apply(&image));
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Engine {
    kernel: Kernel,
    threads: NonZero<usize>,
}

impl Engine {
    /// An engine of a kernel and at most `threads` threads, the calling one included; 0 stands for
    /// as many as the processor has. A second thread works from about 40 microseconds of work on.
    ///
    /// # Errors
    /// [`ImageError::KernelUnavailable`] where the processor lacks the instructions.
    pub fn new(kernel: Kernel, threads: usize) -> Result<Self, ImageError> {
        let threads = NonZero::new(threads)
            .unwrap_or_else(|| thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN));
        Ok(Engine { kernel: kernel.checked()?, threads })
    }

    /// The engine that the environment asks for: the kernel of `STREL_KERNEL` (`portable`, `avx2`
    /// or `avx512`) or the best one, and all threads.
    ///
    /// # Errors
    /// [`ImageError::UnknownKernel`], [`ImageError::KernelUnavailable`]: of the variable's value.
    pub fn from_environment() -> Result<Self, ImageError> {
        Engine::new(Kernel::from_environment()?, 0)
    }

    /// The kernel.
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// The most threads that work at once.
    pub fn threads(&self) -> usize {
        self.threads.get()
    }

    /// The same kernel, on the calling thread alone.
    pub(crate) fn with_one_thread(&self) -> Self {
        Engine { threads: NonZero::<usize>::MIN, ..*self }
    }

    /// What some work makes of each item, in their order. Threads claim items one by one.
    ///
    /// ```
    /// let squares = strel_image::Engine::default().map(&[1, 2, 3], |number| number * number);
    /// assert_eq!(squares, [1, 4, 9]);
    /// ```
    pub fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        let mut results: Vec<Option<R>> = items.iter().map(|_| None).collect();
        claim_each(
            self.threads().min(items.len()),
            items.iter().zip(&mut results),
            |(item, result)| {
                *result = Some(work(item));
            },
        );
        results.into_iter().map(|result| result.expect("every item is claimed")).collect()
    }

    /// The threads for some nanoseconds of work.
    pub(crate) fn threads_for(&self, work: usize) -> usize {
        self.threads().min(work / WORTH_A_THREAD).max(1)
    }
}

impl Default for Engine {
    /// [`Engine::from_environment`], looked up once.
    ///
    /// # Panics
    /// Where `STREL_KERNEL` names no kernel that the processor has; a program that lets its user
    /// set it calls [`Engine::from_environment`] first.
    fn default() -> Self {
        static DEFAULT: LazyLock<Result<Engine, ImageError>> =
            LazyLock::new(Engine::from_environment);
        match &*DEFAULT {
            Ok(engine) => *engine,
            Err(error) => panic!("{}: {error}", Kernel::VARIABLE),
        }
    }
}

/// The name of the [default engine](Engine::default)'s kernel.
pub fn kernel_name() -> String {
    Engine::default().kernel().to_string()
}
