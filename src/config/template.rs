//! Texts with places for figures.

/// What a place in a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The value of the signal's metric.
    Value,
    /// The benchmark of the segment.
    Benchmark,
    /// The signal's score, 0–100.
    Score,
    /// The label of the metric.
    Metric,
    /// Seats in use.
    ActiveSeats,
    /// Seats paid for.
    LicensedSeats,
    /// Active ÷ licensed seats, in %.
    Utilisation,
    /// The plan that the account has.
    CurrentTier,
    /// The plan that is proposed.
    TargetTier,
    /// The module that is proposed.
    Module,
    /// The department that is proposed.
    Department,
    /// How many departments use the product.
    DepartmentsCovered,
}

impl Field {
    /// The places that a `say` may have.
    pub const SAY: [Self; 4] = [Self::Value, Self::Benchmark, Self::Score, Self::Metric];
    /// The places that a text for preparing a meeting may have.
    pub const PREPARE: [Self; 3] = [Self::Value, Self::Benchmark, Self::Metric];

    /// The name between the braces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Benchmark => "benchmark",
            Self::Score => "score",
            Self::Metric => "metric",
            Self::ActiveSeats => "active_seats",
            Self::LicensedSeats => "licensed_seats",
            Self::Utilisation => "utilisation",
            Self::CurrentTier => "current_tier",
            Self::TargetTier => "target_tier",
            Self::Module => "module",
            Self::Department => "department",
            Self::DepartmentsCovered => "departments_covered",
        }
    }
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Printed as it is.
    Text(String),
    /// Filled in.
    Field(Field),
}

/// A text with places for figures, read once and filled in often.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// The pieces, in order.
    pub parts: Vec<Part>,
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TemplateError {
    #[error("unknown placeholder {{{0}}}")]
    Unknown(String),
    #[error("`{{` without its `}}`")]
    Open,
    #[error("`}}` without its `{{`")]
    Closed,
}

impl Template {
    /// Reads `{name}` as a place and `{{`, `}}` as braces. Of several faults all are given.
    pub(super) fn parse(text: &str, allowed: &[Field]) -> Result<Self, Vec<TemplateError>> {
        let mut parts = Vec::new();
        let mut errors = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(brace) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(brace);
            plain.push_str(before);
            if let Some(behind) = from.strip_prefix("{{") {
                plain.push('{');
                rest = behind;
            } else if let Some(behind) = from.strip_prefix("}}") {
                plain.push('}');
                rest = behind;
            } else if let Some(behind) = from.strip_prefix('}') {
                errors.push(TemplateError::Closed);
                rest = behind;
            } else {
                let inside = &from[1..];
                let end = inside.find(['{', '}']).filter(|end| inside[*end..].starts_with('}'));
                let Some(end) = end else {
                    errors.push(TemplateError::Open);
                    rest = inside;
                    continue;
                };
                let name = &inside[..end];
                match allowed.iter().find(|field| field.name() == name) {
                    Some(field) => {
                        if !plain.is_empty() {
                            parts.push(Part::Text(std::mem::take(&mut plain)));
                        }
                        parts.push(Part::Field(*field));
                    }
                    None => errors.push(TemplateError::Unknown(name.to_owned())),
                }
                rest = &inside[end + 1..];
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        if errors.is_empty() { Ok(Self { parts }) } else { Err(errors) }
    }

    /// Puts the text behind what `out` holds; `fill` puts there what stands in a place.
    pub fn render(&self, out: &mut String, mut fill: impl FnMut(Field, &mut String)) {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Field(field) => fill(*field, out),
            }
        }
    }

    /// Whether the text has a place of this kind.
    pub fn has(&self, field: Field) -> bool {
        self.parts.contains(&Part::Field(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_doubled_braces_are_braces() {
        for (text, filled) in [
            ("", ""),
            ("plain", "plain"),
            ("{value}", "<value>"),
            ("{value}% of {benchmark}, {score}", "<value>% of <benchmark>, <score>"),
            ("{{value}}", "{value}"),
            ("{{{value}}}", "{<value>}"),
            ("Größe {metric}…", "Größe <metric>…"),
        ] {
            let template = Template::parse(text, &Field::SAY).expect(text);
            let mut out = String::new();
            template.render(&mut out, |field, out| out.extend(["<", field.name(), ">"]));
            assert_eq!(out, filled, "{text}");
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        let unknown = |name: &str| TemplateError::Unknown(name.to_owned());
        for (text, errors) in [
            ("{valeu}", vec![unknown("valeu")]),
            ("{}", vec![unknown("")]),
            ("{module}", vec![unknown("module")]),
            ("{value", vec![TemplateError::Open]),
            ("{value{score}", vec![TemplateError::Open]),
            ("value}", vec![TemplateError::Closed]),
            ("{x} } {", vec![unknown("x"), TemplateError::Closed, TemplateError::Open]),
        ] {
            assert_eq!(Template::parse(text, &Field::SAY), Err(errors), "{text}");
        }
    }
}
