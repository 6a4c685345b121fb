//! A JSON object with the list `customers`.
//!
//! The bytes come through a buffer of 1 MiB, refilled. Each record is parsed from a slice of it by a visitor that
//! follows the tree of fields; a record that the buffer's end cuts is parsed again once there is more. Nothing is known
//! of places while that goes well: where a record has problems, a second look at its bytes finds them.

mod buffer;
mod locate;
mod noting;
mod portfolio;
mod rejects;
mod syntax;
#[cfg(test)]
mod tests;
mod visit;

use std::io::{Read, Write};

use super::{Options, ReadError, Reading};
use crate::account::Account;

/// How much is read at a time.
const CHUNK: usize = 1 << 20;

/// Reads a portfolio: a JSON object with the list `customers`, as UTF-8 with or without a byte order mark.
///
/// `each` gets every account without an error, in input order; where [`Reading::problems`] has errors, what came of
/// them may have to be discarded. `rejects` gets the records that have one, as they stand in the input, in a document of
/// the same form that can be mended and read again.
///
/// Memory does not grow with the input but for 16 bytes per customer id. What is read may be nested 128 levels deep, and
/// a record may have 16 MiB.
///
/// # Errors
///
/// Where bytes cannot be read or written. What is wrong with the content is in [`Reading::problems`].
pub fn read_json(
    input: impl Read,
    options: &Options<'_>,
    rejects: Option<&mut dyn Write>,
    each: &mut dyn FnMut(&Account),
) -> Result<Reading, ReadError> {
    portfolio::read(input, options, rejects, each, CHUNK)
}
