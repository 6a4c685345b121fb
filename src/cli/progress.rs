//! How far long work has come: on a terminal, and nowhere else.

use std::io::{self, IsTerminal, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::interrupt;
use super::output::Words;
use crate::account::Account;
use crate::intake::Portion;

/// Work that is done by then needs no progress.
const PATIENCE: Duration = Duration::from_secs(1);
/// The progress is shown anew so often.
const TICK: Duration = Duration::from_millis(200);

/// What is on the terminal, to be taken off it by whoever ends the program.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Takes the progress off the terminal, if there is one.
pub fn clear() {
    let shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(bar) = shown {
        bar.finish_and_clear();
    }
}

/// Counts what is done, and shows it while it is there, once a second has gone by.
#[derive(Debug)]
pub struct Progress {
    done: Arc<Done>,
    showing: Option<(Sender<()>, JoinHandle<()>)>,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// So many bytes are read, or an unknown number.
    Reading(Option<u64>),
    /// Results are written.
    Writing,
}

#[derive(Debug, Default)]
struct Done {
    bytes: AtomicU64,
    accounts: AtomicU64,
}

impl Progress {
    /// Progress of work, shown where words are wanted and standard error is a terminal.
    pub fn new(work: Work, words: Words) -> Self {
        let mut progress = Self::hidden();
        if words.are_wanted() && io::stderr().is_terminal() {
            let (stop, stopped) = mpsc::channel();
            let done = Arc::clone(&progress.done);
            let show = move || show(work, &done, |wait| stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout));
            // Without another thread the work is done unseen.
            progress.showing = thread::Builder::new().spawn(show).ok().map(|thread| (stop, thread));
        }
        progress
    }

    /// Progress that nobody sees.
    pub fn hidden() -> Self {
        Self { done: Arc::default(), showing: None }
    }

    /// The same bytes, counted as they go by.
    pub fn bytes<S>(&self, stream: S) -> CountedBytes<S> {
        CountedBytes { stream, done: Arc::clone(&self.done) }
    }

    /// Counts accounts that were read.
    pub fn add_accounts(&self, count: u64) {
        self.done.accounts.fetch_add(count, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.showing.take() {
            drop(stop);
            // It has nothing to say of its end.
            let _ = thread.join();
        }
    }
}

/// A bar over so many accounts, which the caller moves on and clears.
pub fn bar_of_accounts(accounts: u64, words: Words) -> ProgressBar {
    let target = if words.are_wanted() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    bar(Some(accounts), "{bar:30} {human_pos} of {human_len} accounts", target)
}

fn bar(length: Option<u64>, template: &str, target: ProgressDrawTarget) -> ProgressBar {
    // It is to be taken off the terminal where the program is ended.
    interrupt::watch_to_undo();
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(length, target).with_style(style);
    *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
    bar
}

/// Shows what is done until `wait` says that the time it was given has not gone by.
fn show(work: Work, done: &Done, wait: impl Fn(Duration) -> bool) {
    let start = Instant::now();
    if !wait(PATIENCE) {
        return;
    }
    let length = match work {
        Work::Reading(length) => length,
        Work::Writing => None,
    };
    let template = if length.is_some() { "{bar:10} {wide_msg}" } else { "{wide_msg}" };
    let bar = bar(length, template, ProgressDrawTarget::stderr());
    loop {
        let bytes = done.bytes.load(Ordering::Relaxed);
        bar.set_position(bytes);
        bar.set_message(told(work, bytes, done.accounts.load(Ordering::Relaxed), start.elapsed()));
        bar.tick();
        if !wait(TICK) {
            break;
        }
    }
    clear();
}

/// What is done in words: bytes, accounts, bytes a second, and the time that is left where the length is known.
fn told(work: Work, bytes: u64, accounts: u64, elapsed: Duration) -> String {
    let rate = bytes as f64 / elapsed.as_secs_f64();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float is cut to what fits")]
    let speed = HumanBytes(rate as u64);
    let done = HumanBytes(bytes);
    let length = match work {
        Work::Writing => return format!("{done} written, {speed}/s"),
        Work::Reading(None) => return format!("{done}, {} accounts, {speed}/s", HumanCount(accounts)),
        Work::Reading(Some(length)) => length,
    };
    let read = format!("{done} of {}, {} accounts, {speed}/s", HumanBytes(length), HumanCount(accounts));
    let seconds = (length.saturating_sub(bytes) as f64 / rate).ceil();
    if length <= bytes || !seconds.is_finite() {
        return read;
    }
    let left = match seconds {
        ..100.0 => format!("{seconds} s"),
        ..6000.0 => format!("{} min", (seconds / 60.0).ceil()),
        _ => format!("{} h", (seconds / 3600.0).ceil()),
    };
    format!("{read}, {left} left")
}

/// Bytes that are counted as they go by.
#[derive(Debug)]
pub struct CountedBytes<S> {
    stream: S,
    done: Arc<Done>,
}

impl<S> CountedBytes<S> {
    fn count(&self, count: usize) {
        self.done.bytes.fetch_add(count as u64, Ordering::Relaxed);
    }
}

impl<R: Read> Read for CountedBytes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.read(buffer).inspect(|count| self.count(*count))
    }
}

impl<W: Write> Write for CountedBytes<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes).inspect(|count| self.count(*count))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A portion whose accounts are counted.
pub struct CountedAccounts<P> {
    /// The portion.
    pub portion: P,
    /// How many it was given.
    pub count: u64,
}

impl<P> CountedAccounts<P> {
    /// None yet.
    pub fn new(portion: P) -> Self {
        Self { portion, count: 0 }
    }
}

impl<P: Portion> Portion for CountedAccounts<P> {
    fn add(&mut self, account: &Account) {
        self.portion.add(account);
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_tells_what_is_done_and_what_is_left() {
        const MIB: u64 = 1 << 20;
        let reading = |length| Work::Reading(Some(length));
        for (work, bytes, accounts, seconds, expected) in [
            (Work::Writing, 3 * MIB, 0, 2, "3.00 MiB written, 1.50 MiB/s"),
            (Work::Reading(None), 3 * MIB, 1234, 2, "3.00 MiB, 1,234 accounts, 1.50 MiB/s"),
            (Work::Reading(None), 0, 0, 1, "0 B, 0 accounts, 0 B/s"),
            (reading(9 * MIB), 3 * MIB, 7, 1, "3.00 MiB of 9.00 MiB, 7 accounts, 3.00 MiB/s, 2 s left"),
            (reading(100 * MIB), MIB, 7, 1, "1.00 MiB of 100.00 MiB, 7 accounts, 1.00 MiB/s, 99 s left"),
            (reading(101 * MIB), MIB, 7, 1, "1.00 MiB of 101.00 MiB, 7 accounts, 1.00 MiB/s, 2 min left"),
            (reading(7001 * MIB), MIB, 7, 1, "1.00 MiB of 6.84 GiB, 7 accounts, 1.00 MiB/s, 2 h left"),
            // Nothing has come, all is there, or the file grew meanwhile.
            (reading(MIB), 0, 0, 1, "0 B of 1.00 MiB, 0 accounts, 0 B/s"),
            (reading(MIB), MIB, 5, 1, "1.00 MiB of 1.00 MiB, 5 accounts, 1.00 MiB/s"),
            (reading(MIB), 2 * MIB, 5, 1, "2.00 MiB of 1.00 MiB, 5 accounts, 2.00 MiB/s"),
        ] {
            assert_eq!(told(work, bytes, accounts, Duration::from_secs(seconds)), expected);
        }
    }
}
