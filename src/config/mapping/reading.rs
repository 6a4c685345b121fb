//! How the cells of a column are read: the keys that columns and aggregates share.

use super::target::Holds;
use super::{Convert, DateFormat, DateFormatError, Decimal, ValueReading};
use crate::account::same_word;
use crate::config::fields::{Fields, Item, listed, nearest};
use crate::config::problem::Finding;
use crate::config::tree::Data;

/// A path that is fed, and what it holds; `None` where it is not known.
pub(super) struct Target<'t> {
    pub(super) path: &'t str,
    pub(super) holds: Option<Holds<'t>>,
}

/// Reads the keys that say how cells are read.
pub(super) fn decode(fields: &mut Fields<'_>, target: &Target<'_>) -> ValueReading {
    let convert = decode_convert(fields, target);
    let words = fields.optional("words").and_then(|item| words(item, target)).unwrap_or_default();
    let date = fields.optional("date").and_then(|item| target.only(item, &[Holds::Date], date));
    let decimal = fields.optional("decimal").and_then(|item| target.only(item, &[Holds::Number], decimal));
    ValueReading { words, convert, date, decimal }
}

/// Reads the change of unit alone, where no cells are read.
pub(super) fn decode_convert(fields: &mut Fields<'_>, target: &Target<'_>) -> Option<Convert> {
    fields.optional("convert").and_then(|item| target.only(item, &[Holds::Number], convert))
}

impl Target<'_> {
    /// Reads a key that has a place only where the path holds one of these.
    fn only<'a, T>(&self, item: Item<'a>, fit: &[Holds<'_>], read: impl FnOnce(Item<'a>) -> Option<T>) -> Option<T> {
        if let Some(holds) = self.holds.as_ref().filter(|holds| !fit.contains(holds)) {
            let fit = listed(fit.iter().map(Holds::kind));
            let title = format!("`{}` has no place here: `{}` is {}, not {fit}", item.key(), self.path, holds.kind());
            item.report.add(item.finding(title));
            return None;
        }
        read(item)
    }
}

fn convert(item: Item<'_>) -> Option<Convert> {
    item.one_of("change of unit", &Convert::ALL.map(|convert| (convert.name(), convert)))
}

pub(super) fn decimal(item: Item<'_>) -> Option<Decimal> {
    match item.text()? {
        "." => Some(Decimal::Point),
        "," => Some(Decimal::Comma),
        text => {
            let title = format!("{} is \"{text}\", expected \".\" or \",\"", item.name);
            item.report.add(item.finding(title));
            None
        }
    }
}

pub(super) fn date(item: Item<'_>) -> Option<DateFormat> {
    let text = item.text()?;
    match DateFormat::new(text) {
        Ok(format) => Some(format),
        Err(error) => {
            let help = match error {
                DateFormatError::Unknown(_) => {
                    "parts are YYYY, YY, MMMM, MMM, MM, M, DD and D, or those of strftime, such as %d.%m.%Y"
                }
                DateFormatError::Incomplete => "for example \"DD.MM.YYYY\", \"D MMM YYYY\", \"%m/%d/%y\" or \"excel\"",
            };
            item.report.add(item.finding(format!("\"{text}\" is no date format: {error}")).help(help.to_owned()));
            None
        }
    }
}

/// Words of the file with what they stand for.
fn words(item: Item<'_>, target: &Target<'_>) -> Option<Vec<(String, String)>> {
    let mut fields = item.fields()?;
    let mut words: Vec<(String, String)> = Vec::new();
    for (theirs, origin, ours) in fields.rest() {
        if theirs.trim().is_empty() {
            let title = "an empty cell stands for nothing, and no word can be given for it".to_owned();
            item.report.add(Finding::new(origin, title));
        } else if words.iter().any(|(known, _)| same_word(known, theirs.trim())) {
            let title = format!("the word \"{theirs}\" stands twice; case makes no difference");
            item.report.add(Finding::new(origin, title));
        } else if let Some(ours) = meaning(ours, target) {
            words.push((theirs.trim().to_owned(), ours));
        }
    }
    Some(words)
}

/// What a word stands for, which must fit the path.
fn meaning(item: Item<'_>, target: &Target<'_>) -> Option<String> {
    let Some(holds) = &target.holds else { return item.text().map(str::to_owned) };
    match (holds, item.data()) {
        (Holds::Number, Data::Number(number)) => Some(number.to_string()),
        (Holds::Flag, Data::Flag(flag)) => Some(flag.to_string()),
        (Holds::Flag, Data::Text(text)) if text == "true" || text == "false" => Some(text.clone()),
        (Holds::Number, _) => item.mistyped("a number"),
        (Holds::Flag, _) => item.mistyped("true or false"),
        (Holds::Text | Holds::Texts, _) => item.text().map(str::to_owned),
        (Holds::Word(known), _) => word(item, known, target.path),
        (Holds::Date, _) => {
            let text = item.text()?;
            if text.parse::<chrono::NaiveDate>().is_ok() {
                return Some(text.to_owned());
            }
            let finding = item.finding(format!("\"{text}\" is no date, and `{}` is one", target.path));
            item.report.add(finding.help("write it as \"2026-06-30\"".to_owned()));
            None
        }
    }
}

/// A word that the path knows.
pub(super) fn word(item: Item<'_>, known: &[&str], path: &str) -> Option<String> {
    let text = item.text()?;
    if known.iter().any(|known| same_word(known, text)) {
        return Some(text.to_owned());
    }
    let finding = item.finding(format!("`{path}` knows no word \"{text}\""));
    let finding = finding.suggest(nearest(text, known.iter().copied()));
    item.report.add(finding.help(format!("known: {}", listed(known.iter().copied()))));
    None
}
