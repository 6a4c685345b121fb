//! What a mapping computes from several rows of an id.

use super::load::{Fed, Feeds};
use super::reading::{self, Target};
use super::target::Holds;
use super::{Aggregate, Filter, FilterTest, How, Literal, ValueReading};
use crate::account::Field;
use crate::config::fields::{Fields, Item, listed};
use crate::config::problem::Finding;
use crate::config::tree::Data;

/// The keys of which an aggregate has exactly one.
const HOWS: [&str; 7] = ["count", "share", "sum", "mean", "min", "max", "latest"];

pub(super) fn decode<'a>(item: Item<'a>, fed: &mut Fed<'a>) -> Vec<Aggregate> {
    let Some(mut table) = item.fields() else { return Vec::new() };
    table.rest().into_iter().filter_map(|(path, origin, item)| aggregate(path, item.at(origin), fed)).collect()
}

fn aggregate<'a>(path: &'a str, item: Item<'a>, fed: &mut Fed<'a>) -> Option<Aggregate> {
    let mut fields = item.fields()?;
    if fields.holds_tables_only() && !fields.has("where") {
        let finding = item.finding(format!("{} holds no aggregate but further tables", item.name));
        let help = "put the whole path in quotes: [sources.tickets.aggregates.\"support.open_tickets\"]";
        item.report.add(finding.help(help.to_owned()));
        return None;
    }
    let target = fed.target(Feeds::Path, path, item);
    let how = how(&mut fields, &target);
    let by = fields.optional("by");
    let how = finished(how, by, &fields);
    let filters = fields.optional("where").and_then(filters).unwrap_or_default();
    let otherwise = fields.optional("otherwise").and_then(|item| otherwise(item, &target));
    let reading = match &how {
        // There are no cells to read words, dates or decimals from.
        Some(How::Count | How::Share) => {
            ValueReading { convert: reading::decode_convert(&mut fields, &target), ..ValueReading::default() }
        }
        _ => reading::decode(&mut fields, &target),
    };
    fields.finish();
    Some(Aggregate { path: path.to_owned(), how: how?, filters, otherwise, reading })
}

/// The one key that says what is computed, and its value; `None` where there is not exactly one.
fn how<'a>(fields: &mut Fields<'a>, target: &Target<'_>) -> Option<(&'static str, Item<'a>)> {
    let mut found = HOWS.into_iter().filter_map(|key| Some((key, fields.optional(key)?)));
    let first = found.next();
    let second = found.next();
    drop(found);
    let item = fields.item;
    let Some((key, value)) = first else {
        let finding = item.finding(format!("the aggregate {} does not say what is computed", item.name));
        item.report.add(finding.help(format!("one of {}", listed(HOWS.into_iter()))));
        return None;
    };
    if let Some((other, second)) = second {
        let title = format!("an aggregate computes one thing, and this has two: `{key}` and `{other}`");
        item.report.add(second.finding(title));
        return None;
    }
    let fits = match (key, &target.holds) {
        (_, None) | ("latest", _) => true,
        ("min" | "max", Some(holds)) => matches!(holds, Holds::Number | Holds::Date),
        (_, Some(holds)) => *holds == Holds::Number,
    };
    if target.path == Field::Id.path() {
        let title = format!("`{}` says which account a row belongs to, and cannot be computed from rows", target.path);
        item.report.add(item.finding(title));
        return None;
    }
    if !fits {
        let kind = target.holds.as_ref().map_or("", Holds::kind);
        let gives = if matches!(key, "min" | "max") { "a number or a date" } else { "a number" };
        let fitting = if target.holds == Some(Holds::Date) { "min, max or latest" } else { "latest" };
        let finding = value.finding(format!("`{key}` gives {gives}, but `{}` is {kind}", target.path));
        item.report.add(finding.help(format!("for {kind}: {fitting}")));
        return None;
    }
    Some((key, value))
}

/// What is computed, with the columns that it looks at.
fn finished(how: Option<(&str, Item<'_>)>, by: Option<Item<'_>>, fields: &Fields<'_>) -> Option<How> {
    let (key, value) = how?;
    if let Some(by) = by.filter(|_| key != "latest") {
        let title = format!("`by` has no place beside `{key}`, only beside `latest`");
        by.report.add(by.finding(title));
    }
    let column = |item: Item<'_>| item.text().map(str::to_owned);
    Some(match key {
        "count" | "share" => {
            if !value.flag()? {
                let title = format!("`{key}` is false, expected true");
                value.report.add(value.finding(title).help("leave the aggregate out to compute nothing".to_owned()));
            }
            if key == "count" {
                How::Count
            } else {
                if !fields.has("where") {
                    let title = "a share needs `where`, without which it is always 1".to_owned();
                    value.report.add(value.finding(title));
                }
                How::Share
            }
        }
        "sum" => How::Sum { column: column(value)? },
        "mean" => How::Mean { column: column(value)? },
        "min" => How::Min { column: column(value)? },
        "max" => How::Max { column: column(value)? },
        _ => {
            let column = column(value);
            let Some(by) = by else {
                let finding = value.finding("`latest` needs `by`".to_owned());
                value.report.add(finding.help("by = the header of the column with the date".to_owned()));
                return None;
            };
            How::Latest { column: column?, by: by.text()?.to_owned() }
        }
    })
}

fn filters(item: Item<'_>) -> Option<Vec<Filter>> {
    let mut fields = item.fields()?;
    let entries = fields.rest();
    if entries.is_empty() {
        item.report.add(item.finding("`where` is empty, expected at least one column".to_owned()));
    }
    let mut filters = Vec::new();
    for (column, origin, item) in entries {
        if column.trim().is_empty() {
            item.report.add(Finding::new(origin, "a header is empty".to_owned()));
        }
        let tests = tests(item).unwrap_or_default();
        filters.extend(tests.into_iter().map(|test| Filter { column: column.to_owned(), test }));
    }
    Some(filters)
}

/// What must hold of the cells of a column.
fn tests(item: Item<'_>) -> Option<Vec<FilterTest>> {
    match item.data() {
        Data::Text(_) | Data::List(_) => return Some(vec![FilterTest::Is(words(item)?)]),
        Data::Table(_) => {}
        _ => return item.mistyped("a word, a list of words, or a table of tests"),
    }
    let mut fields = item.fields()?;
    let mut tests = Vec::new();
    tests.extend(fields.optional("is").and_then(words).map(FilterTest::Is));
    tests.extend(fields.optional("not").and_then(words).map(FilterTest::Not));
    tests.extend(fields.optional("at-least").and_then(Item::number).map(FilterTest::AtLeast));
    tests.extend(fields.optional("at-most").and_then(Item::number).map(FilterTest::AtMost));
    let days = |item: Item<'_>| item.number_where("a number of days above 0", |days| days > 0.0);
    tests.extend(fields.optional("within-days").and_then(days).map(FilterTest::WithinDays));
    let filled = fields.optional("filled").and_then(Item::flag);
    tests.extend(filled.map(|filled| if filled { FilterTest::Filled } else { FilterTest::Empty }));
    if !["is", "not", "at-least", "at-most", "within-days", "filled"].iter().any(|key| fields.has(key)) {
        let finding = item.finding(format!("{} has no test", item.name));
        let help = "one or more of is, not, at-least, at-most, within-days, filled".to_owned();
        item.report.add(finding.help(help));
    }
    fields.finish();
    Some(tests)
}

fn words(item: Item<'_>) -> Option<Vec<String>> {
    let items = match item.data() {
        Data::Text(_) => vec![item],
        Data::List(_) => item.list()?,
        _ => return item.mistyped("a word, or a list of words"),
    };
    if items.is_empty() {
        item.report.add(item.finding(format!("{} is empty, expected at least one word", item.name)));
    }
    items.into_iter().map(|item| item.text().map(|word| word.trim().to_owned())).collect()
}

/// The value of accounts without a row, which must fit the path.
fn otherwise(item: Item<'_>, target: &Target<'_>) -> Option<Literal> {
    let Some(holds) = &target.holds else { return None };
    match holds {
        Holds::Number => item.number().map(Literal::Number),
        Holds::Flag => item.flag().map(Literal::Flag),
        Holds::Word(known) => reading::word(item, known, target.path).map(Literal::Text),
        Holds::Text => item.text().map(|text| Literal::Text(text.to_owned())),
        Holds::Date | Holds::Texts => {
            let title = format!("`otherwise` has no place here: `{}` is {}", target.path, holds.kind());
            item.report.add(item.finding(title));
            None
        }
    }
}
