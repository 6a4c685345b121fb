//! What is wrong with a template, and how it is shown.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// One thing that is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateProblem {
    /// What was found and what is wrong with it, on one line.
    pub title: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The whole message: title, place, the source line with a caret below it, and what is allowed.
    pub message: String,
}

/// Why a text is no template: every problem that was found in it, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    problems: Vec<TemplateProblem>,
}

impl TemplateError {
    /// The problems, at least one.
    pub fn problems(&self) -> &[TemplateProblem] {
        &self.problems
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.problems.iter().enumerate() {
            let gap = if position == 0 { "" } else { "\n\n" };
            write!(f, "{gap}{}", problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for TemplateError {}

/// A problem on its way into the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) span: Range<usize>,
    title: String,
    help: Vec<String>,
}

impl Finding {
    pub(super) fn new(span: Range<usize>, title: impl Into<String>) -> Self {
        Self { span, title: title.into(), help: Vec::new() }
    }

    /// Says what is allowed, or what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Suggests a name, if there is one.
    pub(super) fn suggest(self, name: Option<&str>) -> Self {
        match name {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// The most problems of a template that are told: whoever sees so many begins with the first.
const TOLD: usize = 50;

/// The findings as an error; `None` where there are none.
pub(super) fn into_error(path: &str, source: &str, mut findings: Vec<Finding>) -> Option<TemplateError> {
    findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
    findings.dedup();
    findings.truncate(TOLD);
    let path = annotate_snippets::normalize_untrusted_str(path);
    let problems: Vec<TemplateProblem> = findings.iter().map(|finding| shown(finding, &path, source)).collect();
    (!problems.is_empty()).then_some(TemplateError { problems })
}

/// One finding as an error.
pub(super) fn one(path: &str, source: &str, finding: &Finding) -> TemplateError {
    let path = annotate_snippets::normalize_untrusted_str(path);
    TemplateError { problems: vec![shown(finding, &path, source)] }
}

fn shown(finding: &Finding, path: &str, source: &str) -> TemplateProblem {
    let start = boundary(source, finding.span.start);
    let line_start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = source[start..].find('\n').map_or(source.len(), |newline| start + newline);
    let end = boundary(source, finding.span.end).clamp(start, line_end);
    let line = source[..line_start].matches('\n').count() + 1;
    let mark = AnnotationKind::Primary.span(start - line_start..end - line_start);
    let text = source[line_start..line_end].trim_end_matches('\r');
    let snippet = Snippet::source(text).line_start(line).path(path).annotation(mark);
    let mut group = Group::with_title(Level::ERROR.primary_title(finding.title.as_str())).element(snippet);
    for help in &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    TemplateProblem {
        title: finding.title.clone(),
        line,
        column: source[line_start..start].chars().count() + 1,
        message: Renderer::plain().render(&[group]),
    }
}

/// The nearest byte at or below this one at which a character starts.
fn boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}
