//! What is wrong with model files, and how it is shown.

use std::cell::{Cell, RefCell};
use std::fmt;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::ModelFile;
use super::source::{Document, Origin, Source, Sources};

/// One thing that is wrong with a model file or a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What was found and what was expected, on one line.
    pub title: String,
    /// The model file that it is about; `None` for a mapping.
    pub file: Option<ModelFile>,
    /// The path of the text, as messages show it.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The whole message: title, place, the source line with a caret below it, and what is allowed.
    pub message: String,
}

/// Why model files make no model, or a text makes no mapping: every problem in them, by file and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<Problem>,
}

impl ConfigError {
    /// The problems, at least one: shipped files first, then the overlays from the lowest, each from top to bottom.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.problems.iter().enumerate() {
            let gap = if position == 0 { "" } else { "\n\n" };
            write!(f, "{gap}{}", problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// A problem on its way into the report.
pub(super) struct Finding {
    title: String,
    /// The first is where the problem is, the others are what it has to do with; each may have a label.
    marks: Vec<(Origin, String)>,
    help: Vec<String>,
    relies_on: Option<ModelFile>,
}

impl Finding {
    pub(super) fn new(origin: Origin, title: String) -> Self {
        Self { title, marks: vec![(origin, String::new())], help: Vec::new(), relies_on: None }
    }

    /// Says what is allowed, or what to do.
    pub(super) fn help(mut self, help: String) -> Self {
        self.help.push(help);
        self
    }

    /// Suggests a name, if there is one.
    pub(super) fn suggest(self, name: Option<&str>) -> Self {
        match name {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Marks a further place.
    pub(super) fn mark(mut self, origin: Origin, label: &str) -> Self {
        self.marks.push((origin, label.to_owned()));
        self
    }

    /// Puts the mark of the uppermost layer first: of several values that do not go together, that is the one which was changed.
    pub(super) fn latest_first(mut self) -> Self {
        self.marks.sort_by_key(|(origin, _)| std::cmp::Reverse(origin.source));
        self
    }

    /// Says that the problem is one only if that file could be read.
    pub(super) fn relies_on(mut self, file: ModelFile) -> Self {
        self.relies_on = Some(file);
        self
    }
}

/// Stands for a value that could not be read, which has been reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reported;

/// The problems found so far.
pub(super) struct Report<'s> {
    sources: &'s Sources,
    findings: RefCell<Vec<Finding>>,
    /// The files of which some text could not be read, so that nothing can be said of what they hold.
    broken: Cell<[bool; Document::COUNT]>,
}

impl<'s> Report<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self { sources, findings: RefCell::default(), broken: Cell::default() }
    }

    /// Notes a problem, unless it may only follow from a text that could not be read.
    pub(super) fn add(&self, finding: Finding) {
        let broken = self.broken.get();
        let document = self.sources.of(finding.marks[0].0).document;
        let relied = finding.relies_on.is_some_and(|file| broken[file.index()]);
        if !relied && !broken[document.index()] {
            self.findings.borrow_mut().push(finding);
        }
    }

    /// Notes a problem that makes a text unreadable.
    pub(super) fn broken(&self, document: Document, finding: Finding) {
        self.findings.borrow_mut().push(finding);
        let mut broken = self.broken.get();
        broken[document.index()] = true;
        self.broken.set(broken);
    }

    /// Whether a place is in a text that is shipped with the program.
    pub(super) fn is_shipped(&self, origin: Origin) -> bool {
        self.sources.of(origin).shipped
    }

    /// Where a part of a text stands within a place.
    pub(super) fn find(&self, origin: Origin, part: &str) -> Option<usize> {
        if part.is_empty() {
            return None;
        }
        let text = self.sources.of(origin).text.get(origin.start..origin.end)?;
        text.find(part).map(|position| origin.start + position)
    }

    pub(super) fn is_clean(&self) -> bool {
        self.findings.borrow().is_empty()
    }

    /// The problems as an error.
    pub(super) fn into_error(self) -> ConfigError {
        let mut findings = self.findings.into_inner();
        findings.sort_by_key(|finding| (finding.marks[0].0.source, finding.marks[0].0.start));
        ConfigError { problems: findings.iter().map(|finding| shown(finding, self.sources)).collect() }
    }
}

fn shown(finding: &Finding, sources: &Sources) -> Problem {
    let origin = finding.marks[0].0;
    let source = sources.of(origin);
    let start = source.boundary(origin.start);
    let (line, line_start) = source.line(start);
    let column = source.text[line_start..start].chars().count() + 1;
    Problem {
        title: finding.title.clone(),
        file: source.document.model_file(),
        path: source.path.clone(),
        line,
        column,
        message: message(finding, sources),
    }
}

/// The message in the manner of rustc.
fn message(finding: &Finding, sources: &Sources) -> String {
    let mut group = Group::with_title(Level::ERROR.primary_title(finding.title.as_str()));
    let mut shown: Vec<usize> = Vec::new();
    for (origin, _) in &finding.marks {
        if !shown.contains(&origin.source) {
            shown.push(origin.source);
            group = group.element(snippet(sources.of(*origin), origin.source, &finding.marks));
        }
    }
    for help in &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    Renderer::plain().render(&[group])
}

/// The lines of one text that have marks on them.
fn snippet<'a>(source: &'a Source, index: usize, marks: &'a [(Origin, String)]) -> Snippet<'a, Annotation<'a>> {
    let here = || marks.iter().enumerate().filter(|(_, (origin, _))| origin.source == index);
    let first = here().map(|(_, (origin, _))| origin.start).min().unwrap_or(0);
    let last = here().map(|(_, (origin, _))| origin.end).max().unwrap_or(0);
    let (line, start) = source.line(source.boundary(first));
    let last = source.boundary(last);
    let end = source.text[last..].find('\n').map_or(source.text.len(), |newline| last + newline);
    let text = source.text.get(start..end).unwrap_or_default();
    let annotations = here().map(|(position, (origin, label))| {
        let kind = if position == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let span = source.boundary(origin.start) - start..one_line(source, *origin) - start;
        let annotation = kind.span(span);
        if label.is_empty() { annotation } else { annotation.label(label.as_str()) }
    });
    Snippet::source(text).line_start(line).path(source.path.as_str()).annotations(annotations)
}

/// The end of a mark, cut to the line on which it starts.
fn one_line(source: &Source, origin: Origin) -> usize {
    let start = source.boundary(origin.start);
    let end = source.boundary(origin.end).max(start);
    source.text[start..end].find('\n').map_or(end, |newline| start + newline)
}
