//! Work that threads claim item by item, so that one that is late leaves its share to the others.

use std::sync::Mutex;

/// Does the work of each item on some threads, of which the calling one is the first.
pub(crate) fn claim_each<T: Send>(
    threads: usize,
    items: impl Iterator<Item = T> + Send,
    work: impl Fn(T) + Sync,
) {
    if threads <= 1 {
        return items.for_each(work);
    }
    let items = Mutex::new(items);
    let claim = || items.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next();
    let work = || {
        while let Some(item) = claim() {
            work(item);
        }
    };
    rayon::in_place_scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|_| work());
        }
        work();
    });
}
