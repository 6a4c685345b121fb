//! Parsing values in place.

use std::io::{self, Read};

use serde::de::IgnoredAny;
use serde_json::Deserializer;
use serde_json::de::SliceRead;

use crate::intake::buffer::{Buffer, LIMIT};

/// An error this near to the end of what is read so far may only come from the cut.
const MARGIN: usize = 64;

/// What came of parsing a value.
#[derive(Debug)]
pub(super) enum Parsed<T> {
    /// The value, and its length in bytes.
    Value(T, usize),
    /// Not to be read.
    Failed(serde_json::Error),
    /// It is larger than [`LIMIT`].
    TooLong,
}

impl<R: Read> Buffer<R> {
    /// Parses the value that stands at the window's start, which is not moved. `run` begins anew after each refill.
    pub(super) fn parse<T>(
        &mut self,
        mut run: impl FnMut(&mut Deserializer<SliceRead<'_>>) -> serde_json::Result<T>,
    ) -> io::Result<Parsed<T>> {
        loop {
            let slice = self.unread();
            let mut deserializer = Deserializer::from_slice(slice);
            let result = run(&mut deserializer);
            let at = deserializer.into_iter::<IgnoredAny>().byte_offset();
            match result {
                _ if at > LIMIT => return Ok(Parsed::TooLong),
                // A number that ends with the window may go on.
                Ok(value) if at < slice.len() || self.has_ended() => return Ok(Parsed::Value(value, at)),
                Err(error) if at + MARGIN < slice.len() || self.has_ended() => return Ok(Parsed::Failed(error)),
                _ => {}
            }
            let length = slice.len();
            if length > LIMIT + MARGIN {
                return Ok(Parsed::TooLong);
            }
            self.refill((2 * length).min(LIMIT + MARGIN + 1))?;
        }
    }
}
