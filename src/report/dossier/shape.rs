//! The shape of what a template sees, so that the names in one can be checked before there is any account.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

/// What kind of value a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// A calendar day.
    Date,
    /// Values of one shape, in order.
    List(&'static Shape),
    /// Fields by name.
    Record(&'static [Field]),
    /// Texts by names that the input chooses.
    Attributes,
}

/// A field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name in templates.
    pub name: &'static str,
    /// What it is, as a sentence.
    pub about: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether it may be unknown: then it is `none`.
    pub optional: bool,
}

/// A type that templates see.
pub(super) trait Shaped {
    const SHAPE: Shape;
    const OPTIONAL: bool = false;
}

impl Shaped for String {
    const SHAPE: Shape = Shape::Text;
}

impl Shaped for f64 {
    const SHAPE: Shape = Shape::Number;
}

impl Shaped for i64 {
    const SHAPE: Shape = Shape::Number;
}

impl Shaped for bool {
    const SHAPE: Shape = Shape::Flag;
}

impl Shaped for Day {
    const SHAPE: Shape = Shape::Date;
}

impl<T: Shaped> Shaped for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = true;
}

impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
}

impl Shaped for BTreeMap<String, Option<String>> {
    const SHAPE: Shape = Shape::Attributes;
}

/// A calendar day, written as `2026-06-30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Day(pub NaiveDate);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A struct that templates see: its fields are serialised under their names, and their doc comments are what `csm template show --fields`
/// says of them.
macro_rules! record {
    ($(#[doc = $about:literal])+ pub struct $name:ident { $($(#[doc = $doc:literal])+ pub $field:ident: $type:ty,)+ }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
        pub struct $name {
            $($(#[doc = $doc])+ pub $field: $type,)+
        }

        impl $name {
            /// The fields, in order.
            pub const FIELDS: &'static [$crate::report::dossier::Field] = &[$($crate::report::dossier::Field {
                name: stringify!($field),
                about: concat!($($doc),+).trim_ascii(),
                shape: <$type as $crate::report::dossier::shape::Shaped>::SHAPE,
                optional: <$type as $crate::report::dossier::shape::Shaped>::OPTIONAL,
            }),+];
        }

        impl $crate::report::dossier::shape::Shaped for $name {
            const SHAPE: $crate::report::dossier::Shape = $crate::report::dossier::Shape::Record(Self::FIELDS);
        }
    };
}
pub(super) use record;

/// A field with its dotted path; the elements of a list stand behind `[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldLine {
    /// Where it stands, such as `health.dimensions[].score`.
    pub path: String,
    /// What it holds, such as `list` or `number, may be none`.
    pub kind: String,
    /// What it is.
    pub about: &'static str,
}

/// All fields under these, each record before what it holds.
pub fn field_lines(fields: &[Field]) -> Vec<FieldLine> {
    let mut lines = Vec::new();
    collect("", fields, &mut lines);
    lines
}

fn collect(before: &str, fields: &[Field], lines: &mut Vec<FieldLine>) {
    for field in fields {
        let path = format!("{before}{}", field.name);
        let optional = if field.optional { ", may be none" } else { "" };
        lines.push(FieldLine {
            path: path.clone(),
            kind: format!("{}{optional}", field.shape.name()),
            about: field.about,
        });
        match field.shape {
            Shape::Record(fields) => collect(&format!("{path}."), fields, lines),
            Shape::List(Shape::Record(fields)) => collect(&format!("{path}[]."), fields, lines),
            _ => {}
        }
    }
}

impl Shape {
    /// The word for it in messages and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Flag => "yes or no",
            Self::Date => "date",
            Self::List(_) => "list",
            Self::Record(_) => "record",
            Self::Attributes => "record of texts",
        }
    }
}
