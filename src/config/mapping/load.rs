//! From the text of a mapping to the checked mapping.

use super::aggregates;
use super::reading::{self, Target};
use super::target::{Holds, NoTarget, holds, nearest_path};
use super::{
    ColumnMapping, FilePattern, Mapping, Matches, Rates, SourceMapping, ValueReading, header_key, same_header,
};
use crate::account::{MODULES, REVIEW, Schema};
use crate::config::fields::{Fields, Item};
use crate::config::parse::parse;
use crate::config::problem::{ConfigError, Finding, Report};
use crate::config::source::{Origin, Sources};
use crate::config::tree::Data;

/// The name of the file where models are found.
pub const FILE_NAME: &str = "mapping.toml";

/// Loads a mapping. `path` is where the text comes from, as messages show it; `schema` is the dictionary of the models that are in use,
/// `key` a further path that files are joined by.
///
/// # Errors
///
/// Every problem in the text: what is not TOML, keys that are unknown or missing, paths, words, changes of unit and date formats
/// that are not known, what feeds a path twice. Of a text that is not TOML, or of another format, only that is reported.
pub fn load_mapping(path: &str, text: &str, schema: &Schema, key: Option<&str>) -> Result<Mapping, ConfigError> {
    let paths = Paths { schema, key };
    let sources = Sources::of_mapping(path, text);
    let report = Report::new(&sources);
    let mapping = sources.iter().find_map(|(index, source)| {
        let parsed = parse(index, source, &report)?;
        decode(Item::root(FILE_NAME, &parsed.root, &report), paths)
    });
    match mapping {
        Some(mapping) if report.is_clean() => Ok(mapping),
        _ => Err(report.into_error()),
    }
}

/// What may be fed.
#[derive(Clone, Copy)]
struct Paths<'s> {
    schema: &'s Schema,
    key: Option<&'s str>,
}

fn decode(root: Item<'_>, paths: Paths<'_>) -> Option<Mapping> {
    let mut file = root.fields()?;
    let rates = file.optional("rates");
    let sources = file.optional("sources");
    if rates.is_none() && sources.is_none() {
        let help = "name each file: [sources.crm] with file = \"crm*.csv\"".to_owned();
        root.report.add(root.finding(format!("{FILE_NAME} has neither `sources` nor `rates`")).help(help));
    }
    file.finish();
    Some(Mapping {
        rates: rates.and_then(self::rates),
        sources: sources.map(|item| all_sources(item, paths)).unwrap_or_default(),
    })
}

/// What a rate may be: no currency is worth so much more or less than another, and amounts stay far from what a double cannot hold.
const RATE: &str = "a number from 1e-9 to 1e9";

fn rates(item: Item<'_>) -> Option<Rates> {
    let mut fields = item.fields()?;
    let base = fields.required("base").and_then(Item::text).map(|base| base.trim().to_uppercase());
    let mut per_unit: Vec<(String, f64)> = Vec::new();
    for (currency, origin, rate) in fields.rest() {
        let code = currency.trim().to_uppercase();
        let twice = |title: String| item.report.add(Finding::new(origin, title));
        if base.as_ref() == Some(&code) {
            twice(format!("`{currency}` is the base, which is worth 1"));
        } else if per_unit.iter().any(|(known, _)| *known == code) {
            twice(format!("there are two rates for {code}; case makes no difference"));
        } else if let Some(rate) = rate.number_where(RATE, |rate| (1e-9..=1e9).contains(&rate)) {
            per_unit.push((code, rate));
        }
    }
    Some(Rates { base: base?, per_unit })
}

fn all_sources(item: Item<'_>, paths: Paths<'_>) -> Vec<SourceMapping> {
    let Some(mut table) = item.fields() else { return Vec::new() };
    let entries = table.rest();
    if entries.is_empty() {
        item.report.add(item.finding("`sources` is empty, expected at least one source".to_owned()));
    }
    let mut taken = Taken::default();
    entries.into_iter().filter_map(|(name, _, item)| source(name, item, paths, &mut taken)).collect()
}

/// What the sources so far match.
#[derive(Default)]
struct Taken {
    patterns: Vec<(FilePattern, Origin)>,
    positions: Vec<(usize, Origin)>,
}

fn source(name: &str, item: Item<'_>, known: Paths<'_>, taken: &mut Taken) -> Option<SourceMapping> {
    let mut fields = item.fields()?;
    let matches = matches(&mut fields, taken);
    let mut source = SourceMapping {
        name: name.to_owned(),
        matches: Matches::Files(Vec::new()),
        sheet: fields.optional("sheet").and_then(Item::text).map(str::to_owned),
        encoding: fields.optional("encoding").and_then(encoding),
        header_row: fields.optional("header-row").and_then(|item| whole(item, LAST_ROW)),
        date: fields.optional("date").and_then(reading::date),
        decimal: fields.optional("decimal").and_then(reading::decimal),
        absent: fields.optional("absent").and_then(absent).unwrap_or_default(),
        columns: Vec::new(),
        aggregates: Vec::new(),
    };
    let mut fed = Fed { known, paths: Vec::new() };
    if let Some(item) = fields.optional("columns") {
        source.columns = columns(item, Feeds::Path, &mut fed);
    }
    if let Some(item) = fields.optional("attributes") {
        source.columns.extend(columns(item, Feeds::Attribute, &mut fed));
    }
    if let Some(item) = fields.optional("aggregates") {
        source.aggregates = aggregates::decode(item, &mut fed);
    }
    if !SAYING.iter().any(|key| fields.has(key)) {
        let finding = item.finding(format!("the source `{name}` says nothing of its file"));
        let help = "give it `columns`, `attributes`, `aggregates`, or how the file is written".to_owned();
        item.report.add(finding.help(help));
    }
    fields.finish();
    source.matches = matches?;
    Some(source)
}

/// The label of an encoding that is known.
fn encoding(item: Item<'_>) -> Option<String> {
    let label = item.text()?.trim();
    if encoding_rs::Encoding::for_label(label.as_bytes()).is_none() {
        let finding = item.finding(format!("unknown encoding \"{label}\""));
        item.report.add(finding.help("for example utf-8, utf-16le, windows-1252 or macintosh".to_owned()));
    }
    Some(label.to_owned())
}

/// The keys that say something of a file.
const SAYING: [&str; 9] =
    ["sheet", "encoding", "header-row", "date", "decimal", "absent", "columns", "attributes", "aggregates"];

/// The last row of a sheet.
const LAST_ROW: u32 = 1_048_576;

/// A whole number from 1 up to this.
fn whole(item: Item<'_>, most: u32) -> Option<u32> {
    let allowed = format!("a whole number from 1 to {most}");
    let number =
        item.number_where(&allowed, |number| number.fract() == 0.0 && (1.0..=f64::from(most)).contains(&number))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of that range")]
    Some(number as u32)
}

fn matches(fields: &mut Fields<'_>, taken: &mut Taken) -> Option<Matches> {
    /// More files than anyone names on one command line.
    const MOST_FILES: u32 = 10_000;
    match (fields.optional("file"), fields.optional("position")) {
        (Some(file), None) => files(file, taken),
        (None, Some(item)) => {
            let position = whole(item, MOST_FILES)? as usize;
            if let Some((_, earlier)) = taken.positions.iter().find(|(known, _)| *known == position) {
                let finding = item.finding(format!("two sources are at position {position}"));
                item.report.add(finding.mark(*earlier, "the other one"));
            }
            taken.positions.push((position, item.origin));
            Some(Matches::Position(position))
        }
        (file, _) => {
            let item = fields.item;
            let found = if file.is_some() { "both `file` and `position`" } else { "neither `file` nor `position`" };
            let finding = item.finding(format!("the source {} has {found}", item.name));
            let help = "say which file it is: file = \"crm*.csv\", or position = 1 for the first of the command line";
            item.report.add(finding.help(help.to_owned()));
            None
        }
    }
}

fn files(item: Item<'_>, taken: &mut Taken) -> Option<Matches> {
    let items = match item.data() {
        Data::Text(_) => vec![item],
        Data::List(_) => item.list()?,
        _ => return item.mistyped("a pattern, or a list of patterns"),
    };
    if items.is_empty() {
        item.report.add(item.finding("`file` is empty, expected at least one pattern".to_owned()));
    }
    let mut patterns = Vec::new();
    for item in items {
        let text = item.text()?.trim();
        if text.contains(['/', '\\']) {
            let finding = item.finding(format!("\"{text}\" names a folder"));
            item.report.add(finding.help("a pattern is for the name of a file, without its folder".to_owned()));
        }
        let pattern = FilePattern::new(text);
        if let Some((_, earlier)) = taken.patterns.iter().find(|(known, _)| known.is_same(&pattern)) {
            let finding = item.finding(format!("the pattern \"{text}\" stands twice; case makes no difference"));
            item.report.add(finding.mark(*earlier, "the other one"));
        }
        taken.patterns.push((pattern.clone(), item.origin));
        patterns.push(pattern);
    }
    Some(Matches::Files(patterns))
}

fn absent(item: Item<'_>) -> Option<Vec<String>> {
    item.list()?.into_iter().map(|item| item.text().map(|word| word.trim().to_owned())).collect()
}

/// What the columns of a table feed.
#[derive(Clone, Copy)]
pub(super) enum Feeds {
    /// What the models know.
    Path,
    /// Text of the user's own, to group accounts by.
    Attribute,
}

/// The paths that a source feeds so far, each with where it is said.
pub(super) struct Fed<'s> {
    known: Paths<'s>,
    paths: Vec<(String, Origin)>,
}

impl<'s> Fed<'s> {
    /// What a path holds. One that is unknown, or fed already, is reported there.
    pub(super) fn target(&mut self, feeds: Feeds, path: &'s str, at: Item<'_>) -> Target<'s> {
        let found = match feeds {
            Feeds::Path => self.known_path(path).map_err(|why| no_target(self.known.schema, path, &why, at)),
            Feeds::Attribute => self.attribute(path, at),
        };
        let earlier = self.paths.iter().find(|(known, _)| known == path);
        let holds = match found {
            Ok(holds) => {
                if let Some((_, earlier)) = earlier {
                    let finding = at.finding(format!("`{path}` is fed twice in this source"));
                    at.report.add(finding.mark(*earlier, "the other one"));
                }
                Some(holds)
            }
            Err(finding) => {
                at.report.add(finding);
                None
            }
        };
        self.paths.push((path.to_owned(), at.origin));
        Target { path, holds }
    }

    fn known_path(&self, path: &str) -> Result<Holds<'s>, NoTarget> {
        let is_key = self.known.key == Some(path);
        holds(self.known.schema, path).or_else(|why| if is_key { Ok(Holds::Text) } else { Err(why) })
    }

    /// What a path of the user's own holds; a finding where it is one that is read otherwise, or none at all.
    fn attribute(&self, path: &str, at: Item<'_>) -> Result<Holds<'s>, Finding> {
        let block = path.split('.').next().unwrap_or_default();
        match self.known_path(path) {
            Ok(_) => {
                let finding = at.finding(format!("`{path}` is known to the models, and no attribute"));
                Err(finding.help("feed it under `columns`".to_owned()))
            }
            Err(why @ NoTarget::Derived) => Err(no_target(self.known.schema, path, &why, at)),
            Err(why) if [MODULES, REVIEW].contains(&block) => Err(no_target(self.known.schema, path, &why, at)),
            Err(_) if path.split('.').any(str::is_empty) => {
                let finding = at.finding(format!("`{path}` is no path"));
                Err(finding
                    .help("a path is a name, or names with dots between them, such as company.country".to_owned()))
            }
            Err(_) => Ok(Holds::Text),
        }
    }
}

fn no_target(schema: &Schema, path: &str, why: &NoTarget, at: Item<'_>) -> Finding {
    match why {
        NoTarget::Derived => at
            .finding(format!("`{path}` cannot be fed: it follows from the dates of the contract"))
            .help("feed `contract_start_date` and `contract_end_date`".to_owned()),
        NoTarget::Unknown => {
            let finding = at.finding(format!("nothing is known by the path `{path}`"));
            let finding = finding.suggest(nearest_path(schema, path));
            let help = if path.split('.').next() == Some(MODULES) {
                format!("a module has the paths {MODULES}.NAME.adopted and {MODULES}.NAME.usage_pct")
            } else {
                "a path is a field of the account or a metric of metrics.toml; text of your own belongs under `attributes`"
                    .to_owned()
            };
            finding.help(help)
        }
    }
}

fn columns<'a>(item: Item<'a>, feeds: Feeds, fed: &mut Fed<'a>) -> Vec<ColumnMapping> {
    let Some(mut table) = item.fields() else { return Vec::new() };
    let mut columns: Vec<ColumnMapping> = Vec::new();
    let mut seen: Vec<(&str, Origin)> = Vec::new();
    for (header, origin, item) in table.rest() {
        if header_key(header).is_empty() {
            item.report.add(Finding::new(origin, "a header is empty".to_owned()));
        }
        if let Some((_, earlier)) = seen.iter().find(|(known, _)| same_header(known, header)) {
            let title = format!("the header \"{header}\" stands twice; case and blanks make no difference");
            item.report.add(Finding::new(origin, title).mark(*earlier, "the other one"));
        }
        seen.push((header, origin));
        columns.extend(column(header, item, feeds, fed));
    }
    columns
}

fn column<'a>(header: &str, item: Item<'a>, feeds: Feeds, fed: &mut Fed<'a>) -> Option<ColumnMapping> {
    let header = header.to_owned();
    if item.is_text() {
        let path = item.text()?;
        fed.target(feeds, path, item);
        return Some(ColumnMapping { header, path: path.to_owned(), reading: ValueReading::default() });
    }
    if !matches!(item.data(), Data::Table(_)) {
        return item.mistyped("a path, or a table with `path`");
    }
    let mut fields = item.fields()?;
    if !fields.has("path") && fields.holds_texts_only() {
        let finding = item.finding(format!("{} holds no column but further keys", item.name));
        let help = "put a header with a dot in quotes, and give each column its `path`".to_owned();
        item.report.add(finding.help(help));
        return None;
    }
    let path = fields.required("path").and_then(|item| Some((item.text()?, item)));
    let target = match path {
        Some((path, at)) => fed.target(feeds, path, at),
        None => Target { path: "", holds: None },
    };
    let reading = reading::decode(&mut fields, &target);
    fields.finish();
    let (path, _) = path?;
    Some(ColumnMapping { header, path: path.to_owned(), reading })
}
