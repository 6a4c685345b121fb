//! The segments that the model has figures for.

use super::same_word;

/// A segment of the model, by its position in [`Segments`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Profile(pub u16);

impl Profile {
    /// The position, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The segments that the model has figures for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segments {
    names: Vec<String>,
    labels: Vec<String>,
    default: Profile,
}

impl Segments {
    /// Segments as (name in lower case, label), and the position of the one that stands in for all others.
    pub fn new(segments: Vec<(String, String)>, default: Profile) -> Self {
        let (names, labels) = segments.into_iter().unzip();
        Self { names, labels, default }
    }

    /// The segment that a text names, case ignored.
    pub fn find(&self, text: &str) -> Option<Profile> {
        // Nearly all accounts spell it as the model does.
        let exactly = self.names.iter().position(|name| name == text);
        let position = exactly.or_else(|| self.names.iter().position(|name| same_word(name, text)))?;
        u16::try_from(position).ok().map(Profile)
    }

    /// The segment that stands in where an account names none, or one without figures.
    pub fn default_profile(&self) -> Profile {
        self.default
    }

    /// The name of a segment; empty where it is not of this list.
    pub fn name(&self, profile: Profile) -> &str {
        self.names.get(profile.index()).map_or("", String::as_str)
    }

    /// The label of a segment; empty where it is not of this list.
    pub fn label(&self, profile: Profile) -> &str {
        self.labels.get(profile.index()).map_or("", String::as_str)
    }

    /// The names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_ignore_case() {
        let segments = Segments::new(vec![("enterprise".into(), "Enterprise".into())], Profile(0));
        assert_eq!(segments.find("Enterprise"), Some(Profile(0)));
        assert_eq!(segments.find("startup"), None);
    }
}
