//! How many threads work.

use std::num::NonZeroUsize;
use std::str::FromStr;

use clap::Args;

use crate::workers::Threads;

/// On how many threads the work is done.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct ThreadArgs {
    /// Work on this many threads, or `all` that the machine has; the results are the same [default: all, 1 for files
    /// below 16 MiB]
    #[arg(long, value_name = "N", help_heading = "Speed")]
    threads: Option<ThreadCount>,
}

/// From so many bytes on, further threads pay: what is smaller is read and scored within some hundredths of a second, and they
/// cost memory. What packed files unpack to does not count, since nothing tells it beforehand.
const WORTHWHILE: u64 = 16 << 20;

impl ThreadArgs {
    /// The threads for an input of so many bytes, or of an unknown number of them. What is asked for holds for any.
    pub fn threads(self, length: Option<u64>) -> Threads {
        match self.threads {
            Some(ThreadCount::Exactly(count)) => Threads::new(count),
            None if length.is_some_and(|length| length < WORTHWHILE) => Threads::ONE,
            Some(ThreadCount::All) | None => Threads::available(),
        }
    }
}

/// A number of threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ThreadCount {
    /// As many as the machine lets run at the same time.
    All,
    /// This many.
    Exactly(NonZeroUsize),
}

/// More threads than any machine has use for. Each takes a part of the memory.
const MOST: usize = 1024;

impl FromStr for ThreadCount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        let count = text.parse().ok().filter(|count: &NonZeroUsize| count.get() <= MOST);
        count.map(Self::Exactly).ok_or_else(|| format!("expected a whole number from 1 to {MOST}, or `all`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_threads_is_whole_and_not_0() {
        let exactly = |count| NonZeroUsize::new(count).map(ThreadCount::Exactly);
        for (text, count) in [
            ("all", Some(ThreadCount::All)),
            ("1", exactly(1)),
            ("2", exactly(2)),
            ("1024", exactly(1024)),
            ("1025", None),
            ("0", None),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("ALL", None),
            ("two", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(text.parse().ok(), count, "{text}");
        }
    }

    #[test]
    fn small_inputs_have_one_thread_unless_more_are_asked_for() {
        let three = NonZeroUsize::new(3).expect("not 0");
        let [default, all, exactly] =
            [None, Some(ThreadCount::All), Some(ThreadCount::Exactly(three))].map(|threads| ThreadArgs { threads });
        for (length, unasked) in [
            (Some(0), Threads::ONE),
            (Some(WORTHWHILE - 1), Threads::ONE),
            (Some(WORTHWHILE), Threads::available()),
            (None, Threads::available()),
        ] {
            assert_eq!(default.threads(length), unasked, "{length:?}");
            assert_eq!(all.threads(length), Threads::available(), "{length:?}");
            assert_eq!(exactly.threads(length), Threads::new(three), "{length:?}");
        }
    }
}
