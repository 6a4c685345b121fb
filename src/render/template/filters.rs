//! The filters, tests and functions that a template may use: what each takes, gives and does.

use chrono::{Days, NaiveDate};
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};

use crate::engine::round1;
use crate::render::figures;
use crate::report::document::Currency;
use crate::report::dossier::Shape;
use crate::report::{short_number, signed};

/// A filter.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Its name.
    pub name: &'static str,
    /// What it does, with an example.
    pub about: &'static str,
    pub(super) takes: Takes,
    /// The fewest and the most arguments in parentheses.
    pub(super) arguments: (usize, usize),
    /// Arguments that are given by name.
    pub(super) named: &'static [&'static str],
    pub(super) gives: Gives,
}

/// What stands before a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Anything,
    Number,
    Date,
    Text,
    List,
    TextOrList,
}

/// What comes out of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    Of(Shape),
    /// What went in.
    Same,
    /// An element of the list that went in.
    Element,
    /// A list of the field that `attribute` names.
    Fields,
}

const TEXT: Gives = Gives::Of(Shape::Text);
const NUMBER: Gives = Gives::Of(Shape::Number);

const fn filter(
    name: &'static str,
    takes: Takes,
    arguments: (usize, usize),
    gives: Gives,
    about: &'static str,
) -> Filter {
    Filter { name, about, takes, arguments, named: &[], gives }
}

/// All filters, in the order in which they are listed.
pub const FILTERS: [Filter; 29] = [
    filter("money", Takes::Number, (0, 0), TEXT, "An amount with the currency of the input: `$420,000`."),
    filter("score", Takes::Number, (0, 0), TEXT, "A score with one decimal: `82.7`."),
    filter("percent", Takes::Number, (0, 0), TEXT, "A figure in % with at most one decimal: `95.2 %`."),
    filter("number", Takes::Number, (0, 0), TEXT, "A number with grouped digits and at most two decimals: `1,250`."),
    filter("signed", Takes::Number, (0, 0), TEXT, "A change with its sign and one decimal: `+3.2`."),
    filter(
        "plural",
        Takes::Number,
        (2, 2),
        TEXT,
        "The word for the number: `{{ n }} {{ n | plural(\"day\", \"days\") }}`.",
    ),
    filter("round", Takes::Number, (0, 1), NUMBER, "The number rounded to so many decimals, 0 unless told."),
    filter("abs", Takes::Number, (0, 0), NUMBER, "The number without its sign."),
    filter("date", Takes::Date, (0, 0), TEXT, "A day as people write it: `30 Jun 2026`."),
    filter(
        "plus_days",
        Takes::Date,
        (1, 1),
        Gives::Of(Shape::Date),
        "A day so many days later: `contract.start | plus_days(14) | date`.",
    ),
    filter("trend", Takes::Text, (0, 0), TEXT, "A trend with its arrow: `▲ improving`."),
    filter(
        "default",
        Takes::Anything,
        (1, 1),
        Gives::Same,
        "Something else where there is nothing: `summary | default(\"to be written\")`.",
    ),
    filter("length", Takes::TextOrList, (0, 0), NUMBER, "How many elements a list has, or letters a text."),
    filter("first", Takes::List, (0, 0), Gives::Element, "The first element of a list."),
    filter("last", Takes::List, (0, 0), Gives::Element, "The last element of a list."),
    filter("limit", Takes::List, (1, 1), Gives::Same, "At most so many elements of a list: `losses | limit(3)`."),
    filter("reverse", Takes::List, (0, 0), Gives::Same, "A list from its end."),
    filter("unique", Takes::List, (0, 0), Gives::Same, "A list without what stands there before."),
    Filter {
        named: &["attribute", "reverse"],
        ..filter(
            "sort",
            Takes::List,
            (0, 0),
            Gives::Same,
            "A list in order: `goals | sort(attribute=\"due\", reverse=true)`.",
        )
    },
    filter(
        "selectattr",
        Takes::List,
        (1, 3),
        Gives::Same,
        "The elements whose field is set, or passes a test: `adoption.modules | selectattr(\"in_use\")`, `goals | selectattr(\"status\", \"eq\", \"done\")`.",
    ),
    filter("rejectattr", Takes::List, (1, 3), Gives::Same, "The elements that `selectattr` would leave out."),
    Filter {
        named: &["attribute"],
        ..filter(
            "map",
            Takes::List,
            (0, 0),
            Gives::Fields,
            "One field of each element: `attendees | map(attribute=\"name\") | join(\", \")`.",
        )
    },
    Filter {
        named: &["attribute"],
        ..filter(
            "sum",
            Takes::List,
            (0, 0),
            NUMBER,
            "The sum of a list, or of a field of its elements: `plays | sum(attribute=\"revenue\")`.",
        )
    },
    filter("join", Takes::List, (0, 1), TEXT, "The elements of a list in one text, with something between them."),
    filter("upper", Takes::Text, (0, 0), TEXT, "A text in capitals."),
    filter("lower", Takes::Text, (0, 0), TEXT, "A text in small letters."),
    filter("capitalize", Takes::Text, (0, 0), TEXT, "A text with a capital at its start."),
    filter("replace", Takes::Text, (2, 2), TEXT, "A text with one part replaced by another wherever it stands."),
    filter("trim", Takes::Text, (0, 0), TEXT, "A text without spaces around it."),
];

/// The tests of `is` and `selectattr` with the number of their arguments.
pub(super) const TESTS: [(&str, usize); 22] = [
    ("none", 0),
    ("defined", 0),
    ("undefined", 0),
    ("true", 0),
    ("false", 0),
    ("odd", 0),
    ("even", 0),
    ("divisibleby", 1),
    ("number", 0),
    ("string", 0),
    ("startingwith", 1),
    ("endingwith", 1),
    ("eq", 1),
    ("equalto", 1),
    ("ne", 1),
    ("lt", 1),
    ("le", 1),
    ("gt", 1),
    ("ge", 1),
    ("in", 1),
    ("lower", 0),
    ("upper", 0),
];

/// The only function.
pub(super) const RANGE: &str = "range";

/// Leaves in an environment what templates may use, and adds the filters of our own.
pub(super) fn install(environment: &mut Environment<'_>) {
    for name in [
        "safe", "escape", "e", "title", "count", "dictsort", "items", "split", "lines", "d", "int", "float", "attr",
        "min", "max", "list", "string", "bool", "batch", "slice", "indent", "select", "reject", "groupby", "chain",
        "zip", "pprint", "format",
    ] {
        environment.remove_filter(name);
    }
    for name in ["dict", "debug", "namespace"] {
        environment.remove_global(name);
    }
    environment.add_filter("money", |state: &State, value: Value| {
        let code = state.lookup("document").and_then(|document| document.get_attr("currency").ok());
        let currency = Currency { code: code.and_then(|code| code.as_str().map(str::to_owned)) };
        number(&value, |amount| figures::money(amount, &currency))
    });
    environment.add_filter("score", |value: Value| number(&value, |score| format!("{score:.1}")));
    environment
        .add_filter("percent", |value: Value| number(&value, |share| format!("{} %", short_number(round1(share)))));
    environment.add_filter("number", |value: Value| number(&value, grouped));
    environment.add_filter("signed", |value: Value| number(&value, signed));
    environment.add_filter("plural", |value: Value, one: String, many: String| {
        number(&value, |count| if count.abs() == 1.0 { one } else { many })
    });
    environment.add_filter("date", |value: Value| day(&value, |day| Ok(day.format("%-d %b %Y").to_string())));
    environment.add_filter("plus_days", |value: Value, days: i64| {
        day(&value, |day| {
            let far = Days::new(days.unsigned_abs());
            let moved = if days < 0 { day.checked_sub_days(far) } else { day.checked_add_days(far) };
            moved.map(|day| day.to_string()).ok_or_else(|| invalid(format!("{days} days from {day} is no date")))
        })
    });
    environment.add_filter("trend", |value: Value| {
        Value::from(match value.as_str() {
            Some("improving") => "▲ improving",
            Some("stable") => "→ stable",
            Some("declining") => "▼ declining",
            _ => return value,
        })
    });
    environment.add_filter("default", |value: Value, other: Value| {
        let is_empty = value.is_none() || value.is_undefined() || value.as_str() == Some("");
        if is_empty { other } else { value }
    });
    environment.add_filter("limit", |value: Value, most: usize| -> Result<Vec<Value>, Error> {
        Ok(value.try_iter()?.take(most).collect())
    });
}

fn invalid(why: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, why)
}

/// Writes a number; nothing stays nothing.
fn number(value: &Value, write: impl FnOnce(f64) -> String) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => Ok(Value::from(())),
        ValueKind::Number => Ok(Value::from(write(f64::try_from(value.clone())?))),
        kind => Err(invalid(format!("expected a number, found {kind}"))),
    }
}

/// Makes something of a day; nothing stays nothing.
fn day(value: &Value, make: impl FnOnce(NaiveDate) -> Result<String, Error>) -> Result<Value, Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(Value::from(()));
    }
    let day = value.as_str().and_then(|text| text.parse::<NaiveDate>().ok());
    let day = day.ok_or_else(|| invalid(format!("expected a date, found {}", value.kind())))?;
    make(day).map(Value::from)
}

fn grouped(number: f64) -> String {
    let text = short_number(number);
    let (whole, decimals) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let digits = figures::grouped(digits);
    decimals.map_or_else(|| format!("{sign}{digits}"), |decimals| format!("{sign}{digits}.{decimals}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an expression gives where a template is rendered without a view.
    fn shown(expression: &str) -> String {
        let mut environment = Environment::new();
        install(&mut environment);
        let document = minijinja::context! { document => minijinja::context! { currency => "EUR" } };
        environment.render_str(&format!("{{{{ {expression} }}}}"), document).unwrap_or_else(|error| format!("{error}"))
    }

    #[test]
    fn figures_are_written_as_people_read_them() {
        for (expression, expected) in [
            ("420000 | money", "€420,000"),
            ("none | money", "None"),
            ("82.74 | score", "82.7"),
            ("95.25 | percent", "95.2 %"),
            ("95.35 | percent", "95.3 %"),
            ("40 | percent", "40 %"),
            ("1250.5 | number", "1,250.5"),
            ("-1250 | number", "-1,250"),
            ("3.2 | signed", "+3.2"),
            ("-0.04 | signed", "±0.0"),
            ("-5 | signed", "-5.0"),
            ("1 | plural('day', 'days')", "day"),
            ("2 | plural('day', 'days')", "days"),
            ("'2026-06-30' | date", "30 Jun 2026"),
            ("'2026-02-27' | plus_days(2) | date", "1 Mar 2026"),
            ("'2026-03-01' | plus_days(-1)", "2026-02-28"),
            ("none | plus_days(2) | date", "None"),
            ("'declining' | trend", "▼ declining"),
            ("none | trend | default('–')", "–"),
            ("'' | default('x')", "x"),
            ("0 | default('x')", "0"),
            ("[1, 2, 3] | limit(2) | join(',')", "1,2"),
        ] {
            assert_eq!(shown(expression), expected, "{expression}");
        }
    }

    #[test]
    fn what_is_no_date_or_number_is_refused() {
        for (expression, expected) in [
            ("'x' | money", "expected a number, found string"),
            ("'x' | date", "expected a date, found string"),
            ("'2026-06-30' | plus_days(999999999999)", "is no date"),
        ] {
            assert!(shown(expression).contains(expected), "{expression}: {}", shown(expression));
        }
    }

    #[test]
    fn all_that_is_listed_is_there_and_nothing_else() {
        for filter in FILTERS {
            let said = shown(&format!("[] | {}", filter.name));
            assert!(!said.contains("unknown filter"), "{}: {said}", filter.name);
        }
        for name in ["safe", "escape", "pprint", "attr", "items", "format"] {
            assert!(shown(&format!("1 | {name}")).contains("unknown filter"), "{name}");
        }
        for (name, arguments) in TESTS {
            let arguments = if arguments == 0 { String::new() } else { "(1)".to_owned() };
            assert!(!shown(&format!("1 is {name}{arguments}")).contains("unknown test"), "{name}");
        }
    }
}
