//! Work on several threads whose results arrive in the order of what was worked on.
//!
//! Pieces are taken one after the other from a source, worked on by whichever thread is free, and handed over in the order in
//! which they were taken. So what comes out does not depend on how many threads there are.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// How many threads work at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threads(NonZeroUsize);

impl Threads {
    /// One: all is done by the thread that asks.
    pub const ONE: Self = Self(NonZeroUsize::MIN);

    /// So many.
    pub fn new(count: NonZeroUsize) -> Self {
        Self(count)
    }

    /// As many as the machine lets run at the same time.
    pub fn available() -> Self {
        thread::available_parallelism().map_or(Self::ONE, Self)
    }

    /// How many.
    pub fn count(self) -> usize {
        self.0.get()
    }

    /// Whether there is more than one.
    pub fn are_many(self) -> bool {
        self.count() > 1
    }
}

/// Whether more pieces are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The next one is.
    GoOn,
    /// No more: those that were taken already still arrive.
    Stop,
}

/// So many pieces for each thread are taken before the first of them has been handed over: enough for no thread to wait for
/// a slow one, and few enough to fit into memory.
const AHEAD: usize = 2;
/// The stack of a worker. Only what is touched of it takes memory.
const STACK: usize = 16 << 20;

/// Takes pieces by `next` until it has no more, works on them with `work`, and hands the results to `each` on this thread, in the
/// order of the pieces. Each thread works with a state of its own, made by `begin`.
///
/// Where `each` says [`Then::Stop`], no more pieces are taken; those that were taken before still arrive.
pub fn in_order<P: Send, S, R: Send>(
    threads: Threads,
    mut next: impl FnMut() -> Option<P> + Send,
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, P) -> R + Sync,
    mut each: impl FnMut(R) -> Then,
) {
    if !threads.are_many() {
        return alone(next, begin, work, each);
    }
    let queue =
        Queue { next: Mutex::new(Next { take: &mut next, taken: 0 }), handed: Mutex::default(), moved: Condvar::new() };
    let running = thread::scope(|scope| {
        let (sender, results) = mpsc::channel();
        let mut running = 0;
        for _ in 0..threads.count() {
            let sender = sender.clone();
            let (queue, begin, work) = (&queue, &begin, &work);
            let worker = move || {
                let mut state = begin();
                while let Some((number, piece)) = queue.take(threads.count() * AHEAD) {
                    if sender.send((number, work(&mut state, piece))).is_err() {
                        return;
                    }
                }
            };
            // Where the system has no more threads, those that there are do the work.
            running += usize::from(thread::Builder::new().stack_size(STACK).spawn_scoped(scope, worker).is_ok());
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        for (number, result) in results {
            early.insert(number, result);
            while let Some(result) = early.remove(&wanted) {
                wanted += 1;
                let then = each(result);
                queue.hand_over(wanted, then);
            }
        }
        running
    });
    if running == 0 {
        alone(next, begin, work, each);
    }
}

/// The same by the thread that asks.
fn alone<P, S, R>(
    mut next: impl FnMut() -> Option<P>,
    begin: impl Fn() -> S,
    work: impl Fn(&mut S, P) -> R,
    mut each: impl FnMut(R) -> Then,
) {
    let mut state = begin();
    while let Some(piece) = next() {
        if each(work(&mut state, piece)) == Then::Stop {
            return;
        }
    }
}

/// The pieces, and how far the results have been handed over.
struct Queue<'n, P> {
    next: Mutex<Next<'n, P>>,
    handed: Mutex<Handed>,
    moved: Condvar,
}

struct Next<'n, P> {
    take: &'n mut (dyn FnMut() -> Option<P> + Send),
    taken: usize,
}

#[derive(Default)]
struct Handed {
    count: usize,
    stopped: bool,
}

impl<P> Queue<'_, P> {
    /// The next piece with its number, as soon as it is no more than `ahead` beyond the last that was handed over.
    fn take(&self, ahead: usize) -> Option<(usize, P)> {
        let mut next = lock(&self.next);
        let mut handed = lock(&self.handed);
        while next.taken >= handed.count + ahead && !handed.stopped {
            handed = self.moved.wait(handed).unwrap_or_else(PoisonError::into_inner);
        }
        if handed.stopped {
            return None;
        }
        drop(handed);
        let piece = (next.take)()?;
        let number = next.taken;
        next.taken += 1;
        Some((number, piece))
    }

    fn hand_over(&self, count: usize, then: Then) {
        let mut handed = lock(&self.handed);
        handed.count = count;
        handed.stopped |= then == Then::Stop;
        self.moved.notify_all();
    }
}

/// What a lock guards stays whole where a thread panics: it is only counted up.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(threads: usize, count: u64, until: u64) -> (Vec<u64>, u64) {
        let mut taken = 0;
        let mut results = Vec::new();
        in_order(
            Threads::new(NonZeroUsize::new(threads).expect("some threads")),
            || (taken < count).then(|| (taken, taken += 1).0),
            || 0_u64,
            |done, piece| {
                *done += 1;
                // Every third one takes longer, so that others overtake it.
                if piece % 3 == 0 {
                    thread::sleep(std::time::Duration::from_micros(50));
                }
                piece * piece
            },
            |square| {
                results.push(square);
                if square >= until { Then::Stop } else { Then::GoOn }
            },
        );
        (results, taken)
    }

    #[test]
    fn results_arrive_in_order_whatever_the_number_of_threads() {
        for threads in [1, 2, 3, 8] {
            for count in [0, 1, 2, 100] {
                let expected: Vec<u64> = (0..count).map(|piece| piece * piece).collect();
                assert_eq!(squares(threads, count, u64::MAX), (expected, count), "{threads} threads, {count} pieces");
            }
        }
    }

    #[test]
    fn all_that_was_taken_before_a_stop_arrives() {
        for threads in [1, 2, 8] {
            let (results, taken) = squares(threads, 1000, 25);
            let expected: Vec<u64> = (0..taken).map(|piece| piece * piece).collect();
            assert_eq!(results, expected, "{threads} threads");
            assert!((6..=6 + 8 * AHEAD as u64).contains(&taken), "{threads} threads took {taken}");
        }
    }
}
