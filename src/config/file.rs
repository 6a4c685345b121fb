//! The model files, and the texts that a caller hands in for them.

/// One of the files that a model is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModelFile {
    /// The dictionary of the data.
    Metrics,
    /// Bands and benchmarks of each segment.
    Segments,
    /// The health model.
    Health,
    /// The churn model and its playbooks.
    Churn,
    /// The expansion model.
    Expansion,
    /// Figures of the field.
    Industry,
    /// How the team works with accounts.
    Engagement,
}

impl ModelFile {
    /// All files, in the order in which they build on each other.
    pub const ALL: [Self; 7] =
        [Self::Metrics, Self::Segments, Self::Health, Self::Churn, Self::Expansion, Self::Industry, Self::Engagement];

    /// The name of the file in a configuration folder.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Metrics => "metrics.toml",
            Self::Segments => "segments.toml",
            Self::Health => "health.toml",
            Self::Churn => "churn.toml",
            Self::Expansion => "expansion.toml",
            Self::Industry => "industry.toml",
            Self::Engagement => "engagement.toml",
        }
    }

    /// The text that is shipped with the program, comments included.
    pub fn shipped(self) -> &'static str {
        match self {
            Self::Metrics => include_str!("../../config/metrics.toml"),
            Self::Segments => include_str!("../../config/segments.toml"),
            Self::Health => include_str!("../../config/health.toml"),
            Self::Churn => include_str!("../../config/churn.toml"),
            Self::Expansion => include_str!("../../config/expansion.toml"),
            Self::Industry => include_str!("../../config/industry.toml"),
            Self::Engagement => include_str!("../../config/engagement.toml"),
        }
    }

    /// The name of the file without its ending.
    pub fn name(self) -> &'static str {
        match self {
            Self::Metrics => "metrics",
            Self::Segments => "segments",
            Self::Health => "health",
            Self::Churn => "churn",
            Self::Expansion => "expansion",
            Self::Industry => "industry",
            Self::Engagement => "engagement",
        }
    }

    /// The file of this name in a configuration folder.
    pub fn from_file_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.file_name() == name)
    }

    pub(super) fn index(self) -> usize {
        self as usize
    }
}

/// The files of one overlay folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layer {
    /// The model files that the folder holds, each at most once, in any order.
    pub files: Vec<SourceFile>,
}

/// The text of one model file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Which file it is.
    pub file: ModelFile,
    /// Its path, as messages show it.
    pub path: String,
    /// Its text.
    pub text: String,
}
