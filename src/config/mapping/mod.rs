//! Mappings of columns: which column of which file feeds which path, and how its cells are read.
//!
//! A [`Mapping`] is made from `mapping.toml` by [`load_mapping`]. It names the exports of other tools as sources;
//! each source says by name or position which file it is about. What a mapping does not name is read as it stands: a header that
//! is a path already needs no entry.

mod aggregates;
mod convert;
mod date_format;
mod load;
mod pattern;
pub mod propose;
mod reading;
mod target;

pub use convert::Convert;
pub use date_format::{DateFormat, DateFormatError};
pub use load::{FILE_NAME, load_mapping};
pub use pattern::FilePattern;

use crate::account::same_word;

/// How the columns of several files become the data of accounts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    /// The files that are spoken of, in the order of the mapping.
    pub sources: Vec<SourceMapping>,
    /// What other currencies are worth, where that is given.
    pub rates: Option<Rates>,
}

/// What currencies are worth in one of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    /// The currency that all amounts are turned into, in upper case.
    pub base: String,
    /// How many of the base one unit of a currency is, 1e-9 to 1e9; currencies in upper case, without the base.
    pub per_unit: Vec<(String, f64)>,
}

/// Which file a source is.
#[derive(Debug, Clone, PartialEq)]
pub enum Matches {
    /// A file whose name matches one of the patterns.
    Files(Vec<FilePattern>),
    /// The file at this position of the command line, from 1.
    Position(usize),
}

/// How the columns of one file are read.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceMapping {
    /// Its name in the mapping.
    pub name: String,
    /// Which file it is.
    pub matches: Matches,
    /// The sheet of a workbook; the first where none is given.
    pub sheet: Option<String>,
    /// The label of a text encoding, such as `windows-1252`.
    pub encoding: Option<String>,
    /// The row that holds the headers, from 1; the rows above it are skipped.
    pub header_row: Option<u32>,
    /// How dates are written where a column does not say so itself.
    pub date: Option<DateFormat>,
    /// What stands before decimals where a column does not say so itself.
    pub decimal: Option<Decimal>,
    /// Words that mean that nothing is known, such as `N/A`; case makes no difference.
    pub absent: Vec<String>,
    /// The columns that feed a path, in the order of the mapping; no path stands twice.
    pub columns: Vec<ColumnMapping>,
    /// What is computed from all rows of an id; no path stands twice, nor in `columns`.
    pub aggregates: Vec<Aggregate>,
}

/// A column that feeds a path.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnMapping {
    /// The header as the mapping writes it; [`same_header`] compares it.
    pub header: String,
    /// The dotted path that it feeds.
    pub path: String,
    /// How its cells are read.
    pub reading: ValueReading,
}

/// How cells become values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ValueReading {
    /// Words of the file with what they stand for; case makes no difference. What they stand for is the value as JSON would
    /// have it: a word, a number with a point, a date as `YYYY-MM-DD`, `true` or `false`; no change of unit follows.
    pub words: Vec<(String, String)>,
    /// What is computed from the number in a cell.
    pub convert: Option<Convert>,
    /// How dates are written.
    pub date: Option<DateFormat>,
    /// What stands before decimals.
    pub decimal: Option<Decimal>,
}

/// What stands before the decimals of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decimal {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

/// A path that is fed by all rows of an id together.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// The dotted path that it feeds.
    pub path: String,
    /// What is computed.
    pub how: How,
    /// Only rows that meet all of these are looked at.
    pub filters: Vec<Filter>,
    /// The value of accounts that have no row at all in the file; they have none where nothing is given.
    pub otherwise: Option<Literal>,
    /// How the cells of the column are read. The change of unit is applied to each of them; to the result where rows are counted.
    pub reading: ValueReading,
}

/// What is computed from the rows of an id. Cells without a value do not count, and where none has one there is no result; only
/// [`How::Count`] is 0 then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// The number of rows that meet the filters.
    Count,
    /// The rows that meet the filters ÷ all rows of the id, 0–1.
    Share,
    /// The sum of a column.
    Sum {
        /// Its header.
        column: String,
    },
    /// The arithmetic mean of a column.
    Mean {
        /// Its header.
        column: String,
    },
    /// The least value of a column.
    Min {
        /// Its header.
        column: String,
    },
    /// The greatest value of a column.
    Max {
        /// Its header.
        column: String,
    },
    /// The value of the row with the latest date.
    Latest {
        /// The header of the column with the value.
        column: String,
        /// The header of the column with the date.
        by: String,
    },
}

/// A condition on the cell of one column.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// The header of the column.
    pub column: String,
    /// What must hold.
    pub test: FilterTest,
}

/// What must hold of a cell. An empty cell meets [`FilterTest::Not`] and [`FilterTest::Empty`] alone. A cell with a word of
/// [`SourceMapping::absent`] is empty.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterTest {
    /// It is one of these words, case ignored.
    Is(Vec<String>),
    /// It is none of these words, case ignored.
    Not(Vec<String>),
    /// It is a number of at least this.
    AtLeast(f64),
    /// It is a number of at most this.
    AtMost(f64),
    /// It is a date at most this many days before the as-of date, and not after it; above 0.
    WithinDays(f64),
    /// It holds anything.
    Filled,
    /// It holds nothing, such as the closing date of a ticket that is open.
    Empty,
}

/// A value that a mapping gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A finite number.
    Number(f64),
    /// A text or word.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

impl Mapping {
    /// The source that a file is: the first whose pattern matches the file's name, or whose position is this one, from 1.
    /// The folder does not count, nor do case and an ending `.gz` or `.zst`.
    pub fn source_for(&self, file_name: &str, position: usize) -> Option<&SourceMapping> {
        self.sources.iter().find(|source| match &source.matches {
            Matches::Files(patterns) => patterns.iter().any(|pattern| pattern.matches(file_name)),
            Matches::Position(own) => *own == position,
        })
    }
}

impl SourceMapping {
    /// The columns that a header feeds; several where one column feeds several paths.
    pub fn columns_of<'m>(&'m self, header: &str) -> impl Iterator<Item = &'m ColumnMapping> {
        self.columns.iter().filter(move |column| same_header(&column.header, header))
    }

    /// Whether a cell holds one of the words that mean that nothing is known.
    pub fn is_absent(&self, cell: &str) -> bool {
        self.absent.iter().any(|word| same_word(word, cell.trim()))
    }
}

impl Aggregate {
    /// The headers of the columns that it looks at.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.how.columns().chain(self.filters.iter().map(|filter| filter.column.as_str()))
    }
}

impl How {
    /// The headers of the columns that it looks at.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let (column, by) = match self {
            Self::Count | Self::Share => (None, None),
            Self::Sum { column } | Self::Mean { column } | Self::Min { column } | Self::Max { column } => {
                (Some(column), None)
            }
            Self::Latest { column, by } => (Some(column), Some(by)),
        };
        column.into_iter().chain(by).map(String::as_str)
    }
}

impl Rates {
    /// How many of the base one unit of a currency is, case ignored; `None` where no rate is given. `$` is the one dollar of the
    /// rates, and has none where they know several.
    pub fn rate(&self, currency: &str) -> Option<f64> {
        if currency == "$" {
            let dollars: Vec<&str> = self.currencies().into_iter().filter(|code| is_dollar(code)).collect();
            return if let [dollar] = dollars[..] { self.rate(dollar) } else { None };
        }
        if same_word(&self.base, currency) {
            return Some(1.0);
        }
        self.per_unit.iter().find(|(known, _)| same_word(known, currency)).map(|(_, rate)| *rate)
    }

    /// The currencies that have a rate, the base first.
    pub fn currencies(&self) -> Vec<&str> {
        std::iter::once(self.base.as_str()).chain(self.per_unit.iter().map(|(currency, _)| currency.as_str())).collect()
    }
}

/// The currencies that are dollars, so that `$` may stand for them.
const DOLLARS: [&str; 23] = [
    "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "BBD", "BMD", "BND", "BSD", "BZD", "FJD", "GYD", "JMD", "KYD",
    "LRD", "NAD", "SBD", "SRD", "TTD", "XCD", "ZWD",
];

/// Whether a currency is a dollar, case ignored.
pub fn is_dollar(code: &str) -> bool {
    DOLLARS.iter().any(|dollar| dollar.eq_ignore_ascii_case(code))
}

/// A header in the form in which headers are compared: in lower case, without blanks at its ends, all other blanks single.
pub fn header_key(header: &str) -> String {
    header.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether two headers are the same, case and the number of blanks ignored.
pub fn same_header(a: &str, b: &str) -> bool {
    a == b || header_key(a) == header_key(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, matches: Matches) -> SourceMapping {
        SourceMapping {
            name: name.to_owned(),
            matches,
            sheet: None,
            encoding: None,
            header_row: None,
            date: None,
            decimal: None,
            absent: vec!["N/A".to_owned(), "-".to_owned()],
            columns: Vec::new(),
            aggregates: Vec::new(),
        }
    }

    #[test]
    fn the_first_source_that_matches_is_taken() {
        let files = |patterns: &[&str]| Matches::Files(patterns.iter().copied().map(FilePattern::new).collect());
        let mapping = Mapping {
            sources: vec![
                source("crm", files(&["crm*.csv", "accounts.xlsx"])),
                source("second", Matches::Position(2)),
                source("rest", files(&["*.csv"])),
            ],
            rates: None,
        };
        for (file, position, name) in [
            ("crm-2026.csv", 2, Some("crm")),
            ("exports/ACCOUNTS.XLSX", 3, Some("crm")),
            ("tickets.csv", 2, Some("second")),
            ("tickets.csv", 1, Some("rest")),
            ("tickets.tsv", 1, None),
        ] {
            let found = mapping.source_for(file, position).map(|source| source.name.as_str());
            assert_eq!(found, name, "{file} at {position}");
        }
    }

    #[test]
    fn headers_ignore_case_and_the_number_of_blanks() {
        for (a, b, same) in [
            ("Account ID", " account   id ", true),
            ("Account\nID", "Account ID", true),
            ("GRÖSSE", "größe", false),
            ("GRÖßE", "größe", true),
            ("AccountID", "Account ID", false),
            ("", "  ", true),
        ] {
            assert_eq!(same_header(a, b), same, "{a:?} and {b:?}");
        }
    }

    #[test]
    fn some_words_mean_that_nothing_is_known() {
        let source = source("crm", Matches::Position(1));
        for (cell, absent) in [("n/a", true), (" - ", true), ("--", false), ("", false)] {
            assert_eq!(source.is_absent(cell), absent, "{cell:?}");
        }
    }

    #[test]
    fn rates_know_their_base() {
        let rates = Rates { base: "EUR".to_owned(), per_unit: vec![("USD".to_owned(), 0.92)] };
        for (currency, rate) in [("eur", Some(1.0)), ("usd", Some(0.92)), ("$", Some(0.92)), ("GBP", None)] {
            assert_eq!(rates.rate(currency), rate, "{currency}");
        }
        for (others, rate) in [(&["USD", "KWD"][..], Some(2.0)), (&["KWD", "JOD"], None), (&["USD", "TWD"], None)] {
            let per_unit = others.iter().map(|code| ((*code).to_owned(), 2.0)).collect();
            let rates = Rates { base: "EUR".to_owned(), per_unit };
            assert_eq!(rates.rate("$"), rate, "{others:?}");
        }
    }
}
