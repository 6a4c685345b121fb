//! `csm template`: the templates of documents, what they may name, and what is wrong with one.

use std::error::Error as _;
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::Path;

use super::args::{TemplateArgs, TemplateCommand};
use super::{Failure, output};
use crate::account::nearest;
use crate::render::Clean;
use crate::render::template::{AnyTemplate, FILTERS, MOST_SOURCE, SHIPPED, Shipped};
use crate::report::dossier::field_lines;

pub fn run(args: &TemplateArgs) -> Result<(), Failure> {
    match &args.command {
        TemplateCommand::List => list(),
        TemplateCommand::Show { name, fields } => show(name, *fields),
        TemplateCommand::Check { paths } => check(paths),
    }
}

fn list() -> Result<(), Failure> {
    output::write(None, |out| {
        for shipped in &SHIPPED {
            writeln!(out, "{:<13} {:<9} {}", shipped.name, shipped.audience.name(), shipped.about)?;
        }
        Ok(())
    })
}

/// The text of a template, or all that it may name.
fn show(name: &str, fields: bool) -> Result<(), Failure> {
    if !fields {
        let text = match source(name)? {
            Source::Shipped(shipped) => shipped.text.to_owned(),
            Source::File(path) => read(path)?,
        };
        return output::write(None, |out| out.write_all(text.as_bytes()));
    }
    let audience = match source(name)? {
        Source::Shipped(shipped) => shipped.audience,
        Source::File(_) => load(name)?.audience(),
    };
    output::write(None, |out| {
        writeln!(out, "Fields of a template for the {} audience:\n", audience.name())?;
        for line in field_lines(&audience.fields()) {
            writeln!(out, "{}  ({})", line.path, line.kind)?;
            writeln!(out, "    {}", line.about)?;
        }
        writeln!(out, "\nFilters:\n")?;
        for filter in &FILTERS {
            writeln!(out, "{}\n    {}", filter.name, filter.about)?;
        }
        Ok(())
    })
}

/// Tells all that is wrong with some files.
fn check(paths: &[String]) -> Result<(), Failure> {
    let mut wrong: Vec<String> = Vec::new();
    let mut sound = Vec::new();
    for path in paths {
        match load(path) {
            Ok(template) => sound.push((path, template.audience())),
            Err(Failure::Template(error)) => wrong.push(error.to_string()),
            Err(failure) => {
                let cause = failure.source().map_or_else(String::new, |cause| format!(": {cause}"));
                wrong.push(format!("error: {failure}{cause}"));
            }
        }
    }
    output::write(None, |out: &mut dyn Write| {
        sound.iter().try_for_each(|(path, audience)| {
            writeln!(out, "{}: sound, for the {} audience", Clean(path), audience.name())
        })
    })?;
    if wrong.is_empty() { Ok(()) } else { Err(Failure::Templates(wrong)) }
}

/// What a name on the command line names.
enum Source<'a> {
    Shipped(&'static Shipped),
    File(&'a Path),
}

/// A shipped template by its name; a file by a path, which has a slash or an ending.
fn source(name: &str) -> Result<Source<'_>, Failure> {
    if let Some(shipped) = Shipped::find(name) {
        return Ok(Source::Shipped(shipped));
    }
    if name.contains(['/', '\\', '.']) {
        return Ok(Source::File(Path::new(name)));
    }
    let names = || SHIPPED.iter().map(|shipped| shipped.name);
    let hint = match nearest(name, names()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
    };
    let name = Clean(name);
    Err(Failure::Usage(format!(
        "no template {name}; {hint}; a file of your own has a slash or an ending: ./{name} or {name}.md"
    )))
}

/// Reads a template, a little more of it than may be there at most, so that a device that never ends does.
fn read(path: &Path) -> Result<String, Failure> {
    let failed = |source| Failure::File { action: "read the template", path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(MOST_SOURCE as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > MOST_SOURCE {
        let why = format!("it is larger than {} MiB, the most that is read", MOST_SOURCE >> 20);
        return Err(failed(io::Error::new(io::ErrorKind::InvalidData, why)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + memchr::memchr_iter(b'\n', sound).count();
        let why = format!("line {line} is not UTF-8 text, which a template is");
        failed(io::Error::new(io::ErrorKind::InvalidData, why))
    })
}

/// Loads the template that a name or a path names.
pub fn load(name: &str) -> Result<AnyTemplate, Failure> {
    match source(name)? {
        Source::Shipped(shipped) => shipped.load().map_err(Failure::Template),
        Source::File(path) => {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            AnyTemplate::load(name, &title_of(&stem), &read(path)?).map_err(Failure::Template)
        }
    }
}

/// The name of a file as a title: `our_review` as `Our review`.
fn title_of(stem: &str) -> String {
    let spaced = stem.replace(['_', '-'], " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_reads_as_a_title() {
        for (stem, title) in [("our_qbr", "Our qbr"), ("Q3-review", "Q3 review"), ("éclair", "Éclair"), ("", "")] {
            assert_eq!(title_of(stem), title);
        }
    }
}
