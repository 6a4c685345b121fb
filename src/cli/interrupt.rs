//! What is undone where somebody ends the program before it has done its work.
//!
//! The program ends with 130 at SIGINT, which Ctrl-C sends, and with 143 at SIGTERM, whatever its threads are waiting for. As long as
//! there is nothing to undo, that happens within the signal handler. From then on a thread waits for a signal, undoes what is begun
//! and ends the program; a second signal ends it without waiting for that.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Puts away what would be left half done.
pub type Undo = Box<dyn Fn() + Send>;

/// What is begun and not done, by when it was begun.
static BEGUN: Mutex<BTreeMap<u64, Undo>> = Mutex::new(BTreeMap::new());

fn begun() -> MutexGuard<'static, BTreeMap<u64, Undo>> {
    BEGUN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Something that is undone where the program is ended before this is dropped.
#[derive(Debug)]
pub struct Begun(u64);

impl Begun {
    /// Begins something by `begin`, which also says how it is undone. No signal can come in between.
    pub fn new<T>(begin: impl FnOnce() -> io::Result<(T, Undo)>) -> io::Result<(Self, T)> {
        watch_to_undo();
        let mut others = begun();
        let (value, undo) = begin()?;
        let number = others.last_key_value().map_or(0, |(last, _)| last + 1);
        others.insert(number, undo);
        Ok((Self(number), value))
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        begun().remove(&self.0);
    }
}

#[cfg(unix)]
pub use unix::{watch, watch_to_undo};

/// Elsewhere the system ends the program as it does.
#[cfg(not(unix))]
pub fn watch() {}

/// The same: nothing is undone.
#[cfg(not(unix))]
pub fn watch_to_undo() {}

#[cfg(unix)]
mod unix {
    use std::sync::Once;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::{io, process, thread};

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag;
    use signal_hook::iterator::Signals;

    use super::begun;
    use crate::cli::progress;

    const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

    /// Whether the next signal ends the program within its handler.
    static AT_ONCE: AtomicBool = AtomicBool::new(true);

    /// The code to exit with, as shells give it to programs that a signal ended.
    fn code(signal: i32) -> i32 {
        128 + signal
    }

    /// Watches for signals from now on.
    pub fn watch() {
        for signal in SIGNALS {
            // Where it fails, the system ends the program as it does.
            let _ = flag::register_conditional_shutdown(signal, code(signal), &AT_ONCE);
        }
    }

    /// Undoes what is begun from now on, before a signal ends the program.
    pub fn watch_to_undo() {
        static WATCHING: Once = Once::new();
        WATCHING.call_once(|| {
            // Where it fails, signals go on to end the program at once.
            let _ = undo_at_signal();
        });
    }

    fn undo_at_signal() -> io::Result<()> {
        let mut signals = Signals::new(SIGNALS)?;
        thread::Builder::new().spawn(move || {
            if let Some(signal) = signals.forever().next() {
                // What is held here keeps others from beginning anything, and from going on with what is undone.
                let begun = begun();
                begun.values().rev().for_each(|undo| undo());
                progress::clear();
                process::exit(code(signal));
            }
        })?;
        AT_ONCE.store(false, Ordering::SeqCst);
        for signal in SIGNALS {
            // Handlers run in this order: the first signal wakes the thread and turns the next into an end at once.
            flag::register(signal, &AT_ONCE)?;
        }
        Ok(())
    }
}
