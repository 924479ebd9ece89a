//! Decoders that panic.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use super::{FileProblem, Format};

thread_local! {
    /// Whether a panic of this thread is told as a problem of a file.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder. Its panic, if it has one, becomes a [`FileProblem::Damaged`] and is not printed: a decoder's fault
/// must not end a program that reads a thousand files.
pub(super) fn caught<T>(
    format: Format,
    decode: impl FnOnce() -> Result<T, FileProblem>,
) -> Result<T, FileProblem> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !CAUGHT.get() {
                others(panic);
            }
        }));
    });
    let outer = CAUGHT.replace(true);
    let decoded = panic::catch_unwind(AssertUnwindSafe(decode));
    CAUGHT.set(outer);
    decoded
        .unwrap_or_else(|panic| Err(format.damaged(format!("decoding failed: {}", text(&*panic)))))
}

fn text(panic: &(dyn Any + Send)) -> &str {
    let of_format = || panic.downcast_ref::<String>().map(String::as_str);
    panic.downcast_ref::<&str>().copied().or_else(of_format).unwrap_or("no reason is given")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_are_told() {
        let problem = caught::<()>(Format::Jpeg, || panic!("row {}", 3)).unwrap_err().to_string();
        assert_eq!(problem, "damaged or incomplete JPEG: decoding failed: row 3");
        assert_eq!(caught(Format::Png, || Ok(5)).unwrap(), 5);
        assert!(!CAUGHT.get());
    }
}
