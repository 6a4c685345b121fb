//! `references/templates.md` lists what there is.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use csm::render::template::{FILTERS, SHIPPED};
use csm::report::dossier::{CustomerDossier, Field, TeamFacts, field_lines};

use super::compare;

fn fields(fields: &[Field]) -> String {
    let mut rows = String::new();
    for line in field_lines(fields) {
        writeln!(rows, "| `{}` | {} | {} |", line.path, line.kind, line.about).expect("a string");
    }
    rows
}

/// Replaces the rows of the table behind a heading.
fn with_rows(text: &str, heading: &str, rows: &str) -> String {
    let table = text.find(heading).unwrap_or_else(|| panic!("no {heading}"));
    let start = table + text[table..].find("\n|---").expect("a table") + 1;
    let start = start + text[start..].find('\n').expect("a line") + 1;
    let length: usize =
        text[start..].split_inclusive('\n').take_while(|line| !line.trim().is_empty()).map(str::len).sum();
    format!("{}{rows}{}", &text[..start], &text[start + length..])
}

#[test]
fn the_tables_list_all_templates_fields_and_filters() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("references/templates.md");
    let mut text = fs::read_to_string(&path).expect("the page");
    let (mut templates, mut filters) = (String::new(), String::new());
    for shipped in &SHIPPED {
        let audience = shipped.audience.name();
        writeln!(templates, "| `{}` | {audience} | {} |", shipped.name, shipped.about).expect("a string");
    }
    for filter in &FILTERS {
        let about = filter.about.replace('|', "\\|");
        writeln!(filters, "| `{}` | {about} |", filter.name).expect("a string");
    }
    for (heading, rows) in [
        ("# Templates of documents", templates),
        ("## Fields\n", fields(CustomerDossier::FIELDS)),
        ("## Fields for the team", fields(TeamFacts::FIELDS)),
        ("## Filters", filters),
    ] {
        text = with_rows(&text, heading, &rows);
    }
    compare(&path, &text);
}
