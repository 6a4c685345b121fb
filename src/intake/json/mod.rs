//! JSON: an object with the list `customers`, a list of customers, or a customer per line.
//!
//! The bytes come through a buffer, refilled. Each record is parsed from a slice of it by a visitor that
//! follows the tree of fields; a record that the buffer's end cuts is parsed again once there is more. Nothing is known
//! of places while that goes well: where a record has problems, a second look at its bytes finds them.

mod locate;
mod noting;
mod parse;
mod portfolio;
mod rejects;
mod review;
mod scan;
mod split;
mod syntax;
#[cfg(test)]
mod tests;
mod visit;

pub(super) use portfolio::read;

use super::block::BLOCK;

/// How much is read at a time.
pub(super) const CHUNK: usize = BLOCK;

/// How customers stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// An object with the list `customers`.
    Object,
    /// A list of customers.
    List,
    /// A customer per line.
    Lines,
}

impl Form {
    /// What is expected behind the document.
    fn expected_end(self) -> &'static str {
        match self {
            Self::List => "expected the end of the input behind the list",
            Self::Object | Self::Lines => "expected the end of the input behind the object",
        }
    }
}
