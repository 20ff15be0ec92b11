//! A parallel map whose result is in the order of its input, on threads with stacks for deep syntax trees.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::Error;

/// Address space for each worker's stack; only what is used becomes memory. A syntax tree as deep as
/// [`crate::radon::MAX_DEPTH`] needs a tenth of it in a debug build.
const STACK_BYTES: usize = 128 << 20;

/// Applies `work` to each item on `threads` threads (all of the machine's when absent).
pub(crate) fn map<T, R, F>(items: &[T], threads: Option<NonZeroUsize>, work: F) -> Result<Vec<R>, Error>
where
    T: Sync,
    R: Send,
    F: Fn(&T) -> R + Sync,
{
    let available = threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let next = AtomicUsize::new(0);
    let (next, work) = (&next, &work);
    let take_until_done = move || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            match items.get(index) {
                Some(item) => done.push((index, work(item))),
                None => return done,
            }
        }
    };
    let mut indexed = thread::scope(|scope| {
        let mut workers = Vec::new();
        for _ in 0..available.min(items.len().max(1)) {
            let worker = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, take_until_done);
            workers.push(worker.map_err(Error::Threads)?);
        }
        let mut indexed = Vec::with_capacity(items.len());
        for worker in workers {
            match worker.join() {
                Ok(done) => indexed.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(indexed)
    })?;
    indexed.sort_unstable_by_key(|(index, _)| *index);
    Ok(indexed.into_iter().map(|(_, result)| result).collect())
}
