//! What is known of the values in a template before there is any account.

use crate::report::dossier::{Field, Shape};

/// What is known of the value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Type {
    /// It is of this shape.
    Is(Shape),
    /// It is a list of such.
    List(Box<Type>),
    /// It is none, or something that the template has made up.
    Open,
    /// Nothing: what is wrong with it has been told.
    Wrong,
}

pub(super) const TEXT: Type = Type::Is(Shape::Text);
pub(super) const NUMBER: Type = Type::Is(Shape::Number);
pub(super) const FLAG: Type = Type::Is(Shape::Flag);

/// What stands in `loop`.
pub(super) const LOOP: &[Field] = &{
    const fn field(name: &'static str, shape: Shape) -> Field {
        Field { name, about: "", shape, optional: false }
    }
    [
        field("index", Shape::Number),
        field("index0", Shape::Number),
        field("revindex", Shape::Number),
        field("revindex0", Shape::Number),
        field("length", Shape::Number),
        field("depth", Shape::Number),
        field("first", Shape::Flag),
        field("last", Shape::Flag),
    ]
};

impl Type {
    pub(super) fn of(shape: Shape) -> Self {
        match shape {
            Shape::List(element) => Self::List(Box::new(Self::of(*element))),
            shape => Self::Is(shape),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Is(shape) => shape.name(),
            Self::List(_) => "list",
            Self::Open | Self::Wrong => "value",
        }
    }

    /// What it and another have in common, where a value may be either.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Wrong, _) | (_, Self::Wrong) => Self::Wrong,
            (one, Self::Open) | (Self::Open, one) => one,
            (one, other) if one == other => one,
            _ => Self::Open,
        }
    }
}
