//! What stands at the paths that a mapping feeds.

use crate::account::{
    Field, FieldKind, Kind, Lifecycle, Metric, ModuleField, Part, PartKind, Place, SNAPSHOT_DATE, Schema,
};
use crate::config::fields::nearest;

/// What is held at a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Holds<'s> {
    Number,
    /// One of a few words; others are allowed but mean nothing to the models.
    Word(Vec<&'s str>),
    Flag,
    Date,
    Text,
    Texts,
}

/// Why a path cannot be fed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoTarget {
    /// It is computed from the dates of the account.
    Derived,
    Unknown,
}

/// What a path holds.
pub(super) fn holds<'s>(schema: &'s Schema, path: &str) -> Result<Holds<'s>, NoTarget> {
    match schema.place(path) {
        Some(Place::Field(Field::Lifecycle)) => return Ok(Holds::Word(Lifecycle::WORDS.to_vec())),
        Some(Place::Field(field)) => return Ok(field_holds(field)),
        Some(Place::Metric(slot)) => return Ok(metric_holds(schema.metric(slot))),
        Some(Place::Module { field: ModuleField::Adopted, .. }) => return Ok(Holds::Flag),
        Some(Place::Module { field: ModuleField::UsagePct, .. }) => return Ok(Holds::Number),
        None => {}
    }
    if path == SNAPSHOT_DATE || schema.is_date_path(path) {
        return Ok(Holds::Date);
    }
    if let Some(part) = Part::at(path) {
        return Ok(match part.kind() {
            PartKind::Text(_) => Holds::Text,
            PartKind::Date(_) => Holds::Date,
            PartKind::List(_) => Holds::Texts,
        });
    }
    Err(if schema.slot(path).is_some() { NoTarget::Derived } else { NoTarget::Unknown })
}

fn field_holds(field: Field) -> Holds<'static> {
    match field.kind() {
        FieldKind::Name | FieldKind::Text => Holds::Text,
        FieldKind::Money | FieldKind::Count => Holds::Number,
        FieldKind::Date => Holds::Date,
        FieldKind::Flag => Holds::Flag,
        FieldKind::Texts => Holds::Texts,
    }
}

fn metric_holds(metric: &Metric) -> Holds<'_> {
    match &metric.kind {
        Kind::Number => Holds::Number,
        Kind::Word(vocabulary) => Holds::Word(vocabulary.words().iter().map(String::as_str).collect()),
        Kind::Flag => Holds::Flag,
    }
}

/// The metrics that are read rather than computed.
pub(super) fn read(schema: &Schema) -> impl Iterator<Item = &Metric> {
    schema.metrics().iter().filter(|metric| metric.derived.is_none())
}

/// The path that one which is unknown most likely means: one that ends in it, or one that is spelt nearly alike.
pub(super) fn nearest_path<'s>(schema: &'s Schema, path: &str) -> Option<&'s str> {
    let fields = || Field::ALL.into_iter().map(|field| -> &'s str { field.path() });
    let metrics = || read(schema).map(|metric| metric.path.as_str());
    let parts = || Part::all().map(|part| -> &'s str { part.path() });
    let paths = || fields().chain([SNAPSHOT_DATE]).chain(metrics()).chain(parts());
    let last = |known: &&'s str| known.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(path));
    paths().find(last).or_else(|| nearest(path, paths()))
}

impl Holds<'_> {
    /// What it is, as messages say it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Word(_) => "a word",
            Self::Flag => "a flag",
            Self::Date => "a date",
            Self::Text => "a text",
            Self::Texts => "a list of texts",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Derived;

    fn schema() -> Schema {
        let metric = |path: &str, derived| Metric { derived, ..Metric::new(path, Kind::Number) };
        Schema::new(vec![metric("usage.logins", None), metric("account.days", Some(Derived::DaysToRenewal))])
    }

    #[test]
    fn paths_hold_what_accounts_hold_and_dates_of_it() {
        let schema = schema();
        for (path, found) in [
            ("usage.logins", Ok(Holds::Number)),
            ("snapshot_date", Ok(Holds::Date)),
            ("usage.as_of", Ok(Holds::Date)),
            ("usage.logins_as_of", Ok(Holds::Date)),
            ("as_of", Err(NoTarget::Unknown)),
            ("account.as_of", Err(NoTarget::Unknown)),
            ("account.days", Err(NoTarget::Derived)),
            ("account.days_as_of", Err(NoTarget::Unknown)),
            ("arr", Ok(Holds::Number)),
            ("lifecycle", Ok(Holds::Word(vec!["onboarding", "live", "churned"]))),
            ("segment", Ok(Holds::Text)),
            ("departments.current", Ok(Holds::Texts)),
            ("notice_date", Ok(Holds::Date)),
            ("auto_renew", Ok(Holds::Flag)),
            ("product_usage.api.adopted", Ok(Holds::Flag)),
            ("product_usage.api.usage_pct", Ok(Holds::Number)),
            ("product_usage.api.usage", Err(NoTarget::Unknown)),
            ("qbr.summary", Ok(Holds::Text)),
            ("qbr.meeting_date", Ok(Holds::Date)),
            ("qbr.goals", Ok(Holds::Texts)),
            ("qbr", Err(NoTarget::Unknown)),
        ] {
            assert_eq!(holds(&schema, path), found, "{path}");
        }
    }

    #[test]
    fn a_path_is_suggested_by_its_end_or_its_spelling() {
        for (path, near) in [
            ("logins", Some("usage.logins")),
            ("usage.login", Some("usage.logins")),
            ("licensed_seats", Some("contract.licensed_seats")),
            ("account.days", None),
            ("qbr.goal", Some("qbr.goals")),
            ("something else", None),
        ] {
            assert_eq!(nearest_path(&schema(), path), near, "{path}");
        }
    }
}
