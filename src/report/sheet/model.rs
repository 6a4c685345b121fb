//! The model behind the figures, a row per value.

use super::super::Context;
use super::super::document::Cell;
use super::super::record::SCHEMA_VERSION;
use super::{Kind, Sheet, SheetColumn};

/// What the figures rest on: version, date and fingerprint, then every value of the effective model with its origin.
pub fn model<'a>(context: &Context<'_>) -> Sheet<'a> {
    let effective = &context.models.effective;
    let overlays: Vec<&str> = effective.overlays().map(|(_, path)| path).collect();
    let of_run = [
        ("csm_version", env!("CARGO_PKG_VERSION").into()),
        ("schema_version", Cell::Count(SCHEMA_VERSION.into())),
        ("as_of", Cell::Date(context.as_of)),
        ("model", Cell::from(context.models.fingerprint.to_string())),
        ("model_overlays", Cell::from(overlays.join("; "))),
        ("input", context.source.into()),
        ("currency", Cell::or_empty(context.reading.currency.as_deref(), Cell::from)),
    ];
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (key, value) in of_run {
        rows.push(vec!["provenance".into(), key.into(), value, Cell::Empty, Cell::Empty]);
    }
    for origin in effective.origins() {
        rows.push(vec![
            origin.file.file_name().into(),
            origin.key.into(),
            origin.value.into(),
            origin.path.into(),
            Cell::Count(origin.line as u64),
        ]);
    }
    let column = SheetColumn::new;
    let columns = vec![
        column("file", "File", Kind::Text, "The model file, or provenance for what the run rests on."),
        column("key", "Key", Kind::Text, "The dotted key in that file."),
        column("value", "Value", Kind::Mixed, "The value, as TOML."),
        column("origin", "Comes from", Kind::Text, "The text that gave the value."),
        column("line", "Line", Kind::Count, "The line in that text."),
    ];
    Sheet { held: 2, ..Sheet::of("Model", columns, rows) }
}
