//! The notes for reviews, as any format gives them: which text goes where, and how much there may be of it.

use super::date::date;
use super::fault::Rule;
use super::value::Scalar;
use crate::account::{EntryPlace, Part, PartKind, PartList, Review};

/// The most characters of a text: some pages of it.
pub const MOST_CHARACTERS: usize = 10_000;
/// The most entries of a list: far beyond what a meeting can go through.
pub const MOST_ENTRIES: usize = 200;

/// Puts a scalar where a part goes; in a list it is the title of the only entry.
pub(super) fn put(review: &mut Review, part: Part, scalar: Scalar<'_>) -> Result<(), Rule> {
    match part.kind() {
        PartKind::Text(at) => put_text(at(review), &written(scalar)?),
        PartKind::Date(at) => {
            *at(review) = Some(scalar.day().ok_or(Rule::Kind)?);
            Ok(())
        }
        PartKind::List(list) => add_title(review, *list, &written(scalar)?),
    }
}

/// Puts a text at this position of the list that a part is.
pub(super) fn add(review: &mut Review, part: Part, position: usize, title: &str) -> Result<(), Rule> {
    match part.kind() {
        PartKind::List(list) if has_room(position)? => add_title(review, *list, title),
        _ => Ok(()),
    }
}

/// Adds an entry of which only its title is known. Where that is blank, there is none.
pub(super) fn add_title(review: &mut Review, list: &dyn PartList, title: &str) -> Result<(), Rule> {
    check_length(title)?;
    if !is_blank(title) {
        title.clone_into(list.push(review).title());
    }
    Ok(())
}

/// Whether a list may have an entry at this position. Only the first one beyond the bound is told.
pub(super) fn has_room(position: usize) -> Result<bool, Rule> {
    if position == MOST_ENTRIES { Err(Rule::TooMany) } else { Ok(position < MOST_ENTRIES) }
}

/// Puts a text where a key of an entry goes.
pub(super) fn put_in_entry(place: EntryPlace<'_>, text: &str) -> Result<(), Rule> {
    match place {
        EntryPlace::Title(title) => {
            check_length(text)?;
            text.clone_into(title);
            Ok(())
        }
        EntryPlace::Text(place) => put_text(place, text),
        EntryPlace::Date(place) => {
            *place = Some(date(text).ok_or(Rule::Kind)?);
            Ok(())
        }
    }
}

/// Whether there is nothing to be seen in a text.
pub(super) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn put_text(place: &mut Option<String>, text: &str) -> Result<(), Rule> {
    check_length(text)?;
    if !is_blank(text) {
        *place = Some(text.to_owned());
    }
    Ok(())
}

fn check_length(text: &str) -> Result<(), Rule> {
    // Few texts have so many bytes that their characters must be counted.
    let is_long = text.len() > MOST_CHARACTERS && text.chars().count() > MOST_CHARACTERS;
    if is_long { Err(Rule::TooLong) } else { Ok(()) }
}

/// A scalar as text; a fraction of which the digits are not known is none.
fn written(scalar: Scalar<'_>) -> Result<std::borrow::Cow<'_, str>, Rule> {
    scalar.written().ok_or(Rule::Kind)
}
