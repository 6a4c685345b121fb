//! Model files: from TOML to checked models.
//!
//! A model is seven files ([`ModelFile`]), which are embedded in the program. A user's files of the same names are laid over
//! them, folder by folder, key by key: an overlay file holds what it changes and nothing else. [`load`] does this and
//! gives the models of [`crate::analysis`] with every name resolved and every figure checked, or all problems at once, each with
//! its place.
//!
//! The way from text to model: each text becomes a tree in which every value knows where it was written; the trees
//! of one file are merged; one pass over the merged tree decodes it and reports what is wrong, without stopping at the first fault.
//!
//! Nothing here reads a file, the clock or the environment: the caller hands in texts.
//!
//! ```
//! use csm::config::{self, Layer, ModelFile, SourceFile};
//!
//! let overlay = SourceFile {
//!     file: ModelFile::Segments,
//!     path: "config/segments.toml".into(),
//!     text: "format = 1\n[segments.smb]\nbands = { green = 60 }\n".into(),
//! };
//! let models = config::load(vec![Layer { files: vec![overlay] }]).unwrap();
//! let smb = models.segments.find("smb").unwrap();
//! assert_eq!(models.health.model.plan(smb).bands().bounds(), [60.0, 40.0, 0.0]);
//! ```

mod bounds;
mod churn;
mod duration;
mod effective;
mod engagement;
mod expansion;
mod fields;
mod file;
mod fingerprint;
mod health;
mod industry;
mod ladder;
mod literal;
pub mod mapping;
mod merge;
mod metrics;
mod occasion;
mod order;
mod parse;
mod playbooks;
mod problem;
mod scale;
mod schema;
mod segments;
mod signals;
mod source;
mod template;
mod tree;
mod wording;

pub use bounds::{Bound, write_bounds};
pub use effective::{Effective, ValueOrigin};
pub use file::{Layer, ModelFile, SourceFile};
pub use fingerprint::Fingerprint;
pub use industry::{HealthNorm, Industry, RetentionNorm, Targets};
pub use mapping::{Mapping, load_mapping};
pub use problem::{ConfigError, Problem};
pub use schema::FileSchema;
pub use template::{Field, Part, Template};
pub use wording::{
    BranchWording, Cadence, EngagementWording, EscalationWording, PlayWording, Playbook, Prompt, RenewalStep,
    SignalWording, Step, Wording,
};

use crate::account::{Profile, Schema, Segments};
use crate::analysis::{Assessor, ChurnModel, Engagement, ExpansionModel, HealthModel, Scope};
use chrono::NaiveDate;
use fields::Item;
use fingerprint::canonical;
use occasion::Names;
use problem::Report;
use source::{Origin, Sources};
use tree::{Data, Node};

/// All models, checked.
#[derive(Debug, Clone)]
pub struct Models {
    /// The dictionary of the data.
    pub schema: Schema,
    /// The segments that the models have figures for.
    pub segments: Segments,
    /// The benchmarks of each segment as (name, value), by the position of the segment.
    pub benchmarks: Vec<Vec<(String, f64)>>,
    /// How well an account is doing.
    pub health: HealthModel,
    /// How likely an account is to leave.
    pub churn: ChurnModel,
    /// Where an account can grow.
    pub expansion: ExpansionModel,
    /// Figures of the field.
    pub industry: Industry,
    /// How the team works with accounts.
    pub engagement: Engagement,
    /// What people read.
    pub wording: Wording,
    /// The name of the model in results.
    pub fingerprint: Fingerprint,
    /// The files after all overlays, and where each value comes from.
    pub effective: Effective,
}

impl Models {
    /// An assessor of these models.
    pub fn assessor(&self, as_of: NaiveDate, scope: Scope) -> Assessor<'_> {
        Assessor { health: &self.health, churn: &self.churn, expansion: &self.expansion, as_of, scope }
    }

    /// Whether a dimension of health rests on internal metrics alone, so that no document for the customer shows it.
    pub fn is_internal_group(&self, group: usize) -> bool {
        self.health.model.is_internal(group, &self.schema)
    }

    /// A benchmark of a segment.
    pub fn benchmark(&self, profile: Profile, name: &str) -> Option<f64> {
        let benchmarks = self.benchmarks.get(profile.index())?;
        benchmarks.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

/// Loads the models: the shipped files with the overlays laid over them, the lowest first.
///
/// # Errors
///
/// Every problem in all files: what is not TOML, keys that are unknown or missing, values of a wrong type or out of range,
/// names that refer to nothing, weights that do not sum to 1, rules that can never fire. Of a file that is not TOML, or
/// of another format, only that is reported.
pub fn load(overlays: Vec<Layer>) -> Result<Models, ConfigError> {
    let sources = Sources::new(overlays);
    let report = Report::new(&sources);
    let (files, changing) = merged(&sources, &report);
    let Some(decoded) = decode(&files, &report) else { return Err(report.into_error()) };
    let fingerprint = Fingerprint::of(&files);
    let effective = Effective::new(sources, files, changing);
    let Decoded { schema, segments, benchmarks, health, churn, expansion, industry, engagement, wording } = decoded;
    Ok(Models {
        schema,
        segments,
        benchmarks,
        health,
        churn,
        expansion,
        industry,
        engagement,
        wording,
        fingerprint,
        effective,
    })
}

/// The merged tree of each file, and the overlays that change something.
fn merged(sources: &Sources, report: &Report<'_>) -> (Vec<Node>, Vec<usize>) {
    let empty =
        |source| Node { origin: Origin { source, start: 0, end: 0 }, data: Data::Table(tree::Table::default()) };
    let mut files: Vec<Node> = (0..ModelFile::ALL.len()).map(empty).collect();
    let mut changing = Vec::new();
    for (index, source) in sources.iter() {
        let Some(parsed) = parse::parse(index, source, report) else { continue };
        let file = &mut files[source.document.index()];
        if source.shipped {
            *file = parsed.root;
            continue;
        }
        let before = canonical(file);
        if parsed.from_nothing {
            *file = empty(index);
        }
        if let (Data::Table(base), Data::Table(overlay)) = (&mut file.data, parsed.root.data) {
            merge::merge(base, overlay, report);
        }
        if canonical(file) != before {
            changing.push(index);
        }
    }
    (files, changing)
}

/// What a load decodes.
struct Decoded {
    schema: Schema,
    segments: Segments,
    benchmarks: Vec<Vec<(String, f64)>>,
    health: HealthModel,
    churn: ChurnModel,
    expansion: ExpansionModel,
    industry: Industry,
    engagement: Engagement,
    wording: Wording,
}

/// Decodes all files; `None` where there is a problem.
fn decode(files: &[Node], report: &Report<'_>) -> Option<Decoded> {
    let root = |file: ModelFile| Item::root(file.file_name(), &files[file.index()], report);
    let mut dictionary = metrics::decode(root(ModelFile::Metrics));
    let segments = segments::decode(root(ModelFile::Segments));
    let health = health::decode(root(ModelFile::Health), &mut dictionary, &segments);
    let churn = churn::decode(root(ModelFile::Churn), &mut dictionary, &segments);
    let expansion = expansion::decode(root(ModelFile::Expansion), &segments);
    let industry = industry::decode(root(ModelFile::Industry), &segments);
    let names = Names { dictionary: &dictionary, segments: &segments };
    let engagement = engagement::decode(root(ModelFile::Engagement), names, health.as_ref());
    segments.report_benchmarks(report);
    if !report.is_clean() {
        return None;
    }
    let checked = "what could not be read has been reported";
    let (health, health_wording) = health.and_then(|draft| draft.model(&segments)).expect(checked);
    let (churn, churn_wording) = churn.and_then(|draft| draft.model(&segments)).expect(checked);
    let (expansion, expansion_wording) = expansion.expect(checked);
    let (engagement, engagement_wording) = engagement.expect(checked);
    let benchmarks = segments.list.iter().map(|segment| {
        segment.benchmarks.iter().filter_map(|benchmark| Some((benchmark.name.to_owned(), benchmark.value?))).collect()
    });
    Some(Decoded {
        segments: segments.segments().expect(checked),
        benchmarks: benchmarks.collect(),
        schema: dictionary.schema,
        health,
        churn,
        expansion,
        industry: industry.expect(checked),
        engagement,
        wording: Wording {
            health: health_wording,
            churn: churn_wording.signals,
            playbooks: churn_wording.playbooks,
            branches: churn_wording.branches,
            plays: expansion_wording.plays,
            modules: expansion_wording.modules,
            engagement: engagement_wording,
        },
    })
}
