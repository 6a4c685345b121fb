//! The JSON Schemas of the files that a user writes, for editors that check and complete as one types.
//!
//! They accept what may stand in an overlay. What needs more than one file, such as whether a metric exists or weights add up to 1, is
//! for [`load`](super::load) to say.

use super::ModelFile;

/// A file that a user writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSchema {
    /// One of the files of a model.
    Model(ModelFile),
    /// A column mapping.
    Mapping,
}

impl FileSchema {
    /// The folder beside the model files in which their first lines look for the schemas.
    pub const FOLDER: &str = "schemas";

    /// All of them, the model files in their order first.
    pub const ALL: [Self; 8] = [
        Self::Model(ModelFile::Metrics),
        Self::Model(ModelFile::Segments),
        Self::Model(ModelFile::Health),
        Self::Model(ModelFile::Churn),
        Self::Model(ModelFile::Expansion),
        Self::Model(ModelFile::Industry),
        Self::Model(ModelFile::Engagement),
        Self::Mapping,
    ];

    /// The name of the schema's file in [`Self::FOLDER`].
    pub fn file_name(self) -> String {
        let name = match self {
            Self::Model(file) => file.name(),
            Self::Mapping => "mapping",
        };
        format!("{name}.schema.json")
    }

    /// The schema, in draft 7: that is what editors of TOML know.
    pub fn text(self) -> &'static str {
        match self {
            Self::Model(ModelFile::Metrics) => include_str!("../../config/schemas/metrics.schema.json"),
            Self::Model(ModelFile::Segments) => include_str!("../../config/schemas/segments.schema.json"),
            Self::Model(ModelFile::Health) => include_str!("../../config/schemas/health.schema.json"),
            Self::Model(ModelFile::Churn) => include_str!("../../config/schemas/churn.schema.json"),
            Self::Model(ModelFile::Expansion) => include_str!("../../config/schemas/expansion.schema.json"),
            Self::Model(ModelFile::Industry) => include_str!("../../config/schemas/industry.schema.json"),
            Self::Model(ModelFile::Engagement) => include_str!("../../config/schemas/engagement.schema.json"),
            Self::Mapping => include_str!("../../config/schemas/mapping.schema.json"),
        }
    }
}
