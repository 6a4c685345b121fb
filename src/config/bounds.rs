//! Writing bounds of bands and tiers into the text of a model file, so that all else in it stays byte for byte.

use super::literal::{is_unseen, number, quoted_key};
use super::parse::{Parsed, parse};
use super::problem::{ConfigError, Finding, Report};
use super::source::{Origin, Sources};
use super::tree::{Data, Entry, INLINE, Node, Table};
use super::{ModelFile, Models, SourceFile};
use crate::account::Profile;
use crate::analysis::{Band, Tier};

/// How the line starts that says above bounds where they come from. By this it is found and replaced the next time.
const NOTE: &str = "# csm calibrate: ";

/// The lowest score of a band or a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Where green begins, in a segment.
    Green(Profile),
    /// Where yellow begins, in a segment.
    Yellow(Profile),
    /// Where critical risk begins.
    Critical,
    /// Where high risk begins.
    High,
    /// Where medium risk begins.
    Medium,
}

impl Bound {
    /// The file that sets it.
    pub fn file(self) -> ModelFile {
        match self {
            Self::Green(_) | Self::Yellow(_) => ModelFile::Segments,
            Self::Critical | Self::High | Self::Medium => ModelFile::Churn,
        }
    }

    /// What it is in these models; `None` in a segment that they do not have.
    pub fn of(self, models: &Models) -> Option<f64> {
        let (plan, position) = match self {
            Self::Green(profile) | Self::Yellow(profile) => {
                models.segments.names().get(profile.index())?;
                (models.health.model.plan(profile), usize::from(matches!(self, Self::Yellow(_))))
            }
            Self::Critical => (models.churn.model.plan(Profile::default()), 0),
            Self::High => (models.churn.model.plan(Profile::default()), 1),
            Self::Medium => (models.churn.model.plan(Profile::default()), 2),
        };
        plan.bands().bounds().get(position).copied()
    }

    fn key(self) -> &'static str {
        match self {
            Self::Green(_) => Band::Green.name(),
            Self::Yellow(_) => Band::Yellow.name(),
            Self::Critical => Tier::Critical.name(),
            Self::High => Tier::High.name(),
            Self::Medium => Tier::Medium.name(),
        }
    }

    /// The way to the table that it stands in, as the model spells it.
    fn path(self, models: &Models) -> Option<Vec<&str>> {
        match self {
            Self::Green(profile) | Self::Yellow(profile) => {
                Some(vec!["segments", models.effective.segment_key(profile)?, "bands"])
            }
            Self::Critical | Self::High | Self::Medium => Some(vec!["tiers"]),
        }
    }
}

/// The text of a model file with these bounds in it: those of `bounds` that this file sets, in the segments of `models`, which the file is
/// a part of. Only their figures change. What the file does not say yet is put beside what belongs to it, or at the end. One line above the
/// bounds of each table holds `note`, in place of the one that was written there before. Bounds that the file has already are left alone, and
/// so is their note.
///
/// A file that is not there yet is one that says `format = 1` and nothing else.
///
/// # Errors
///
/// Where the text is no model file, or something else stands where bounds should.
pub fn write_bounds(
    models: &Models,
    file: &SourceFile,
    bounds: &[(Bound, f64)],
    note: &str,
) -> Result<String, ConfigError> {
    let mut text = file.text.clone();
    for (bound, figure) in bounds.iter().filter(|(bound, _)| bound.file() == file.file) {
        let Some(path) = bound.path(models) else { continue };
        let with_figure = edited(file, &text, |page| page.with_figure(&path, bound.key(), *figure))?;
        if with_figure != text {
            text = edited(file, &with_figure, |page| page.with_note(&path, note))?;
        }
    }
    Ok(text)
}

/// A text after one change to it.
fn edited(
    file: &SourceFile,
    text: &str,
    edit: impl FnOnce(&Page<'_>) -> Result<String, Finding>,
) -> Result<String, ConfigError> {
    let sources = Sources::of_file(SourceFile { file: file.file, path: file.path.clone(), text: text.to_owned() });
    let report = Report::new(&sources);
    let parsed = parse(0, sources.get(0), &report);
    if let (true, Some(Parsed { root: Node { data: Data::Table(root), .. }, .. })) = (report.is_clean(), parsed) {
        match edit(&Page { text, root }) {
            Ok(text) => return Ok(text),
            Err(finding) => report.add(finding),
        }
    }
    Err(report.into_error())
}

/// A text and what stands where in it.
struct Page<'t> {
    text: &'t str,
    root: Table,
}

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// `{ key = 1 }`
    Inline,
    /// Below a header of its own.
    Header,
    /// By keys with dots, or by headers of what is in it.
    Implied,
}

/// A table on the way to another one.
struct Step<'t> {
    /// Its braces, its header, or a key that implies it.
    origin: Origin,
    layout: Layout,
    table: &'t Table,
}

impl Page<'_> {
    /// The tables on the way to a table, as far as they are there.
    fn descend(&self, path: &[&str]) -> Result<Vec<Step<'_>>, Finding> {
        let mut table = &self.root;
        let mut way = Vec::with_capacity(path.len());
        for key in path {
            let Some(Entry { node: Node { origin, data }, .. }) = table.get(key) else { break };
            let Data::Table(inner) = data else {
                let title = format!("`{key}` is {}, expected a table", data.kind());
                return Err(Finding::new(*origin, title));
            };
            let layout = match self.text.as_bytes().get(origin.start) {
                Some(b'{') => Layout::Inline,
                Some(b'[') => Layout::Header,
                _ => Layout::Implied,
            };
            way.push(Step { origin: *origin, layout, table: inner });
            table = inner;
        }
        Ok(way)
    }

    /// The text with a figure at this key of a table.
    fn with_figure(&self, path: &[&str], key: &str, figure: f64) -> Result<String, Finding> {
        let way = self.descend(path)?;
        let table = way.last().filter(|_| way.len() == path.len()).map(|step| step.table);
        let statement = format!("{key} = {}", number(figure));
        if let Some(Entry { node: Node { origin, data }, .. }) = table.and_then(|table| table.get(key)) {
            return match data {
                Data::Number(present) if *present == figure => Ok(self.text.to_owned()),
                Data::Number(_) => Ok(self.replaced(origin.start, origin.end, &number(figure))),
                other => Err(Finding::new(*origin, format!("`{key}` is {}, expected a number", other.kind()))),
            };
        }
        let is_number = |entry: &&Entry| matches!(entry.node.data, Data::Number(_));
        let sibling = table.and_then(|table| table.entries.iter().find(is_number));
        let braces = way.iter().rposition(|step| step.layout == Layout::Inline);
        Ok(match (braces, sibling) {
            (Some(outer), Some(sibling)) => {
                let end = sibling.node.origin.end;
                self.replaced(end, end, &format!(", {}{statement}", dotted(&path[outer + 1..])))
            }
            (None, Some(sibling)) => {
                // What stands before the key is the same for both: the indentation, and the keys that it hangs on by dots.
                let lead = &self.text[self.line_start(sibling.key_origin.start)..sibling.key_origin.start];
                self.with_line(sibling.node.origin.end, &format!("{lead}{statement}"))
            }
            (Some(outer), None) => {
                let rest = &path[outer + 1..];
                let statement = match rest.split_last() {
                    Some((last, before)) if table.is_none() => {
                        format!("{}{} = {{ {statement} }}", dotted(before), quoted_key(last))
                    }
                    _ => format!("{}{statement}", dotted(rest)),
                };
                self.within_braces(&way[outer], &statement)
            }
            (None, None) => self.with_table(&way, path, &statement),
        })
    }

    /// The text with a statement at the start of an inline table.
    fn within_braces(&self, braces: &Step<'_>, statement: &str) -> String {
        let Origin { start, end, .. } = braces.origin;
        let behind = if !braces.table.entries.is_empty() {
            ","
        } else if end - start == "{}".len() {
            " "
        } else {
            ""
        };
        self.replaced(start + 1, start + 1, &format!(" {statement}{behind}"))
    }

    /// The text with a statement in a table that is not there yet, or that has a header and no bound.
    fn with_table(&self, way: &[Step<'_>], path: &[&str], statement: &str) -> String {
        let header = way.last().filter(|step| step.layout == Layout::Header).map(|step| step.origin.end);
        let on_one_line = path.split_last().filter(|(last, _)| INLINE.contains(last));
        match (path.len() - way.len(), header, on_one_line) {
            (0, Some(header), _) => self.with_line(header, statement),
            (1, Some(header), Some((last, _))) => self.with_line(header, &format!("{last} = {{ {statement} }}")),
            (2.., _, Some((last, before))) => self.with_end(&joined(before), &format!("{last} = {{ {statement} }}")),
            _ => self.with_end(&joined(path), statement),
        }
    }

    /// The text with a note above the bounds in a table.
    fn with_note(&self, path: &[&str], note: &str) -> Result<String, Finding> {
        let way = self.descend(path)?;
        let braces = way.iter().find(|step| step.layout == Layout::Inline);
        let Some(step) = braces.or(way.last()) else { return Ok(self.text.to_owned()) };
        let first = match (step.layout, step.table.entries.first()) {
            (Layout::Implied, Some(first)) => first.key_origin.start,
            _ => step.origin.start,
        };
        let unbroken: String = note.chars().map(|letter| if is_unseen(letter) { ' ' } else { letter }).collect();
        let note = format!("{NOTE}{}", unbroken.trim());
        let start = self.line_start(first);
        let mut line = start;
        while line > self.line_start(0) {
            line = self.line_start(line - 1);
            let content = self.text[line..].lines().next().unwrap_or_default();
            let comment = content.trim_start();
            if !comment.starts_with('#') || is_within_text(&self.root, line) {
                break;
            }
            if comment.starts_with(NOTE) {
                return Ok(self.replaced(line + content.len() - comment.len(), line + content.len(), &note));
            }
        }
        let lead = &self.text[start..first];
        let indent = &lead[..lead.len() - lead.trim_start().len()];
        Ok(self.replaced(start, start, &format!("{indent}{note}{}", self.line_end())))
    }

    fn replaced(&self, start: usize, end: usize, with: &str) -> String {
        [&self.text[..start], with, &self.text[end..]].concat()
    }

    /// The text with a line of its own behind the line of a place.
    fn with_line(&self, place: usize, line: &str) -> String {
        match self.text[place..].find('\n') {
            Some(newline) => {
                let next = place + newline + 1;
                self.replaced(next, next, &format!("{line}{}", self.line_end()))
            }
            None => format!("{}{}{line}", self.text, self.line_end()),
        }
    }

    /// The text with a table of one line at its end.
    fn with_end(&self, table: &str, line: &str) -> String {
        let end = self.line_end();
        let before = if self.text.ends_with('\n') { "" } else { end };
        format!("{}{before}{end}[{table}]{end}{line}{end}", self.text)
    }

    /// How lines end, as the first one does.
    fn line_end(&self) -> &'static str {
        match self.text.find('\n') {
            Some(newline) if self.text[..newline].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }

    /// Where the line of a place starts: behind the mark of the byte order, should the text have one.
    fn line_start(&self, place: usize) -> usize {
        let mark = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        self.text[..place].rfind('\n').map_or(mark, |newline| newline + 1)
    }
}

/// Keys with a dot behind each.
fn dotted(path: &[&str]) -> String {
    path.iter().map(|key| quoted_key(key) + ".").collect()
}

fn joined(path: &[&str]) -> String {
    path.iter().map(|key| quoted_key(key)).collect::<Vec<_>>().join(".")
}

/// Whether a place is within a text, where a line that looks like a comment is none.
fn is_within_text(table: &Table, place: usize) -> bool {
    fn within(node: &Node, place: usize) -> bool {
        match &node.data {
            Data::Table(table) => is_within_text(table, place),
            Data::List(nodes) => nodes.iter().any(|node| within(node, place)),
            Data::Text(_) => (node.origin.start..node.origin.end).contains(&place),
            Data::Number(_) | Data::Flag(_) | Data::Date(_) | Data::Reported => false,
        }
    }
    table.entries.iter().any(|entry| within(&entry.node, place))
}
