//! Documents from templates.
//!
//! A template is Markdown with places for what a view holds, in the language of Jinja as far as it can be checked: fields, filters,
//! tests, loops, conditions and names of its own, but no other files, no macros and no recursion. [`AnyTemplate::load`] tells
//! all that is wrong with one, with its place, before there is any account. Text from the data is escaped wherever it is printed.

mod check;
mod filters;
mod problem;
mod shipped;

use std::collections::BTreeSet;
use std::io;
use std::marker::PhantomData;
use std::ops::Range;

use minijinja::machinery::Token;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};

pub use filters::{FILTERS, Filter};
pub use problem::{TemplateError, TemplateProblem};
pub use shipped::{SHIPPED, Shipped};

use crate::account::nearest;
use crate::render::Clean;
use crate::render::markdown::escape;
use crate::report::ShortNumber;
use crate::report::dossier::{Audience, CustomerDossier, InternalDossier, View};
use problem::Finding;

/// The most bytes that a template may have.
pub const MOST_SOURCE: usize = 1 << 20;
/// The most bytes that a document may have.
pub const MOST_OUTPUT: usize = 4 << 20;
/// The most steps that a document may take to make; a byte that is kept in between costs a little too.
const FUEL: u64 = 1_000_000;
/// Faults of syntax that are looked for beyond the first.
const SYNTAX_FAULTS: usize = 20;
/// The most words and signs in one expression.
const MOST_PARTS: usize = 250;
/// The most `elif` of one condition.
const MOST_BRANCHES: usize = 100;
/// What is printed where there is nothing.
const NOTHING: &str = "no data";

/// A template that was checked against the view of its audience.
#[derive(Debug)]
pub struct Template<V> {
    environment: Environment<'static>,
    path: String,
    title: String,
    attributes: Vec<String>,
    view: PhantomData<fn(&V)>,
}

/// A template for one audience or the other.
#[derive(Debug)]
pub enum AnyTemplate {
    /// For the customer.
    Customer(Template<CustomerDossier>),
    /// For the team.
    Internal(Template<InternalDossier>),
}

impl AnyTemplate {
    /// A template of the user's own. It is for the customer unless its first line says `{# audience: internal #}`.
    ///
    /// # Errors
    ///
    /// With all that is wrong with it.
    pub fn load(path: &str, title: &str, text: &str) -> Result<Self, TemplateError> {
        match audience_of(text) {
            Ok(Audience::Customer) => Template::load(path, title, text).map(Self::Customer),
            Ok(Audience::Internal) => Template::load(path, title, text).map(Self::Internal),
            Err(finding) => Err(problem::one(path, text, &finding)),
        }
    }

    /// Who may read its documents.
    pub fn audience(&self) -> Audience {
        match self {
            Self::Customer(_) => Audience::Customer,
            Self::Internal(_) => Audience::Internal,
        }
    }

    /// What its documents are.
    pub fn title(&self) -> &str {
        match self {
            Self::Customer(template) => &template.title,
            Self::Internal(template) => &template.title,
        }
    }

    /// The names of the text fields that it reads beyond those of every document.
    pub fn attributes(&self) -> &[String] {
        match self {
            Self::Customer(template) => &template.attributes,
            Self::Internal(template) => &template.attributes,
        }
    }
}

impl<V: View> Template<V> {
    /// Reads a template and checks it.
    ///
    /// # Errors
    ///
    /// With all that is wrong with it.
    pub(super) fn load(path: &str, title: &str, text: &str) -> Result<Self, TemplateError> {
        if text.len() > MOST_SOURCE {
            let title = format!("a template of {} bytes: at most {MOST_SOURCE} are read", text.len());
            return Err(problem::one(path, "", &Finding::new(0..0, title)));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (findings, attributes) = examine(text, V::AUDIENCE);
        if let Some(error) = problem::into_error(path, text, findings) {
            return Err(error);
        }
        let environment = environment(text).map_err(|error| problem::one(path, text, &finding(&error, text)))?;
        let attributes = attributes.into_iter().collect();
        let template =
            Self { environment, path: path.to_owned(), title: title.to_owned(), attributes, view: PhantomData };
        // An account may lack everything, which must not come out in the middle of a thousand documents.
        template.write(&V::blank(&template.attributes)).map_err(|error| {
            let is_limit = matches!(error.kind(), ErrorKind::OutOfFuel | ErrorKind::WriteFailure);
            let finding = finding(&error, text);
            let finding = if is_limit {
                finding
            } else {
                finding.help("so it is for an account of which nothing is known: ask with `{% if … %}` first")
            };
            problem::one(path, text, &finding)
        })?;
        Ok(template)
    }

    /// The document of one account.
    ///
    /// # Errors
    ///
    /// Where the template asks for what the account's values cannot give, or for too much.
    pub fn render(&self, view: &V) -> Result<String, TemplateError> {
        self.write(view).map_err(|error| {
            let text = self.environment.get_template(NAME).map(|template| template.source().to_owned());
            let text = text.unwrap_or_default();
            problem::one(&self.path, &text, &finding(&error, &text))
        })
    }

    fn write(&self, view: &V) -> Result<String, minijinja::Error> {
        let template = self.environment.get_template(NAME)?;
        let mut output = Bounded(Vec::with_capacity(1 << 14));
        template.render_captured_to(Value::from(Serde(view)), &mut output)?;
        let broken = |_| minijinja::Error::new(ErrorKind::WriteFailure, "the document is no text");
        String::from_utf8(output.0).map(|text| settle(&text)).map_err(broken)
    }
}

/// The name of the only template in an environment.
const NAME: &str = "template";

/// Who a template of the user's own is for: its first line may say so.
fn audience_of(text: &str) -> Result<Audience, Finding> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let line = text.lines().next().unwrap_or_default();
    let comment = line.trim().strip_prefix("{#").and_then(|rest| rest.strip_suffix("#}"));
    let named = comment.and_then(|comment| comment.trim_matches(['-', '+', ' ', '\t']).strip_prefix("audience:"));
    match named.map(str::trim) {
        None | Some("customer") => Ok(Audience::Customer),
        Some("internal") => Ok(Audience::Internal),
        Some(other) => Err(Finding::new(0..line.len(), format!("unknown audience `{}`", Clean(other)))
            .help("there are: customer, internal")),
    }
}

fn syntax() -> SyntaxConfig {
    let mut builder = SyntaxConfig::builder();
    builder.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    // Without delimiters of its own, nothing in it can fail.
    builder.build().unwrap_or_default()
}

fn environment(text: &str) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    filters::install(&mut environment);
    environment.set_syntax(syntax());
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(write_value);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(true);
    environment.add_template_owned(NAME, text.to_owned())?;
    Ok(environment)
}

/// Prints a value: numbers as people read them, text escaped, so that whatever stands in the data is shown and does nothing else.
fn write_value(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    let failed = |_| minijinja::Error::from(ErrorKind::WriteFailure);
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => out.write_str(NOTHING).map_err(failed),
        ValueKind::Number => write!(out, "{}", ShortNumber(f64::try_from(value.clone())?)).map_err(failed),
        ValueKind::Bool => out.write_str(if value.is_true() { "yes" } else { "no" }).map_err(failed),
        _ => match value.as_str() {
            Some(text) => out.write_str(&escape(text)).map_err(failed),
            None => out.write_str(&escape(&value.to_string())).map_err(failed),
        },
    }
}

/// All that is wrong with a text, and the attributes that it reads. A fault of syntax in one `{{ … }}` does not hide the next.
fn examine(text: &str, audience: Audience) -> (Vec<Finding>, BTreeSet<String>) {
    let mut findings = overlong(text);
    if !findings.is_empty() {
        return (findings, BTreeSet::new());
    }
    let mut source = text.to_owned();
    while findings.len() < SYNTAX_FAULTS {
        let error = match minijinja::machinery::parse(&source, NAME, syntax()) {
            Ok(template) => {
                let checked = check::check(&template, audience);
                findings.extend(checked.findings);
                return (findings, checked.attributes);
            }
            Err(error) => error,
        };
        let place = error.range().unwrap_or_default();
        findings.push(finding(&error, &source));
        let Some(around) = expression_around(&source, place.start) else { break };
        let blank: String = source[around.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        source.replace_range(around, &blank);
    }
    (findings, BTreeSet::new())
}

/// Expressions and chains of `elif` that are longer than anybody writes: what goes through them goes as deep as they are long.
fn overlong(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut chains: Vec<usize> = Vec::new();
    let (mut start, mut parts) = (0, 0);
    // What is no token ends the list; the parser says why.
    for (token, span) in minijinja::machinery::tokenize(text, false, syntax()).map_while(Result::ok) {
        let place = span.start_offset as usize..span.end_offset as usize;
        match token {
            Token::VariableStart | Token::BlockStart => (start, parts) = (place.start, 0),
            Token::VariableEnd | Token::BlockEnd | Token::TemplateData(_) => {}
            token => {
                match token {
                    Token::Ident("if") if parts == 0 => chains.push(0),
                    Token::Ident("endif") if parts == 0 => drop(chains.pop()),
                    Token::Ident("elif") if parts == 0 => {
                        if let Some(chain) = chains.last_mut() {
                            *chain += 1;
                            if *chain == MOST_BRANCHES {
                                let title = format!("a chain of more than {MOST_BRANCHES} `elif`");
                                findings.push(Finding::new(place, title));
                            }
                        }
                    }
                    _ => {}
                }
                parts += 1;
                if parts == MOST_PARTS {
                    let title = format!("an expression of more than {MOST_PARTS} parts");
                    findings
                        .push(Finding::new(start..start + 2, title).help("give parts of it names with `{% set … %}`"));
                }
            }
        }
    }
    findings
}

/// The `{{ … }}` that a byte stands in.
fn expression_around(text: &str, byte: usize) -> Option<Range<usize>> {
    let before = text.get(..byte)?;
    let start = before.rfind("{{")?;
    let body = &text[start + 2..];
    let length = body.find("}}")?;
    let end = start + 2 + length + 2;
    (byte < end && !body[..length].contains(['{', '}'])).then_some(start..end)
}

/// What a fault of the engine says, with its place.
fn finding(error: &minijinja::Error, text: &str) -> Finding {
    let line_start = || {
        let line = error.line().unwrap_or(1).saturating_sub(1);
        text.split_inclusive('\n').take(line).map(str::len).sum::<usize>()
    };
    let span = error.range().unwrap_or_else(|| line_start()..line_start());
    let detail = error.detail().map(Clean).map_or_else(|| error.kind().to_string(), |detail| detail.to_string());
    match error.kind() {
        ErrorKind::OutOfFuel => Finding::new(span, "the template does too much here to ever be done")
            .help("a loop within a loop over long lists, most likely"),
        ErrorKind::WriteFailure => {
            Finding::new(span, format!("the document would be larger than {} MiB", MOST_OUTPUT >> 20))
        }
        ErrorKind::SyntaxError => match detail.strip_prefix("unknown statement ") {
            Some(statement) => Finding::new(span, format!("unknown statement `{statement}`"))
                .suggest(nearest(statement, STATEMENTS.into_iter()))
                .help(format!("there are: {}", STATEMENTS.join(", "))),
            None => match unclosed(text, span.start) {
                Some(help) => Finding::new(span, detail).help(help),
                None => Finding::new(span, detail),
            },
        },
        _ => Finding::new(span, detail),
    }
}

/// What was opened before a byte and never closed: a tag that goes on over lines, or a block where the text has ended.
fn unclosed(text: &str, byte: usize) -> Option<String> {
    let line_of = |place: usize| text[..place].matches('\n').count() + 1;
    let before = text.get(..byte)?;
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        if let Some(place) = before.rfind(open)
            && !before[place..].contains(close)
            && before[place..].contains('\n')
        {
            return Some(format!("the `{open}` in line {} has no `{close}`", line_of(place)));
        }
    }
    if !text[byte..].trim().is_empty() {
        return None;
    }
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut first = false;
    for (token, span) in minijinja::machinery::tokenize(text, false, syntax()).map_while(Result::ok) {
        match token {
            Token::BlockStart => first = true,
            Token::Ident(name) if first => {
                first = false;
                match name.strip_prefix("end") {
                    Some(_) => drop(open.pop()),
                    None if ["for", "if", "with", "filter"].contains(&name) => {
                        open.push((name, span.start_offset as usize));
                    }
                    None => {}
                }
            }
            _ => first = false,
        }
    }
    open.last().map(|(name, place)| format!("the `{name}` in line {} has no `end{name}`", line_of(*place)))
}

/// The statements of the language.
const STATEMENTS: [&str; 9] = ["for", "endfor", "if", "elif", "else", "endif", "set", "with", "filter"];

/// A document with at most one empty line in a row, none at its start, and an end of line at its end: conditions and loops leave such
/// behind.
fn settle(text: &str) -> String {
    let mut settled = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && empty) {
            settled.push_str(line);
            settled.push('\n');
        }
        empty = line.is_empty();
    }
    settled.truncate(settled.trim_end_matches('\n').len());
    settled.push('\n');
    settled
}

/// A document that may not grow beyond its bound.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_OUTPUT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
