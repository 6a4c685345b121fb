//! What a portfolio may say of a customer: every field and every metric of the model, with what people need to know to fill it in.

use super::number::short_number;
use crate::account::{AS_OF, Derived, Field, FieldKind, Kind, Lifecycle, MODULES, Metric, ModuleField, Schema};
use crate::analysis::Model;
use crate::config::Models;
use crate::engine::{Missing, Slot, Value};
use crate::intake::MOST_AMOUNT;

/// One field or metric, which is a column where customers stand in a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its dotted path, which is the name of the column.
    pub path: String,
    /// What people call it.
    pub label: String,
    /// What one unit of it is, or how it is written; empty where nothing is to be said.
    pub unit: String,
    /// What it holds.
    pub holds: Holds,
    /// What an account counts as that lacks it.
    pub if_absent: String,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Holds {
    /// Text, or a number taken as it is written.
    Name,
    /// Text; `known` are the words that the model knows, none where any text will do.
    Text {
        /// In the order of the model.
        known: Vec<String>,
    },
    /// A number.
    Number {
        /// The lowest that is possible at all.
        minimum: Option<f64>,
        /// The highest that is possible at all.
        maximum: Option<f64>,
        /// What is plausible, both ends included.
        plausible: Option<(f64, f64)>,
    },
    /// Yes or no.
    Flag,
    /// A calendar day.
    Date,
    /// A list of text.
    Texts,
}

impl Column {
    /// The numbers that are plausible, in words; empty where there is nothing to say.
    pub fn plausible(&self) -> String {
        match &self.holds {
            Holds::Number { plausible: Some((low, high)), .. } => {
                format!("between {} and {}", short_number(*low), short_number(*high))
            }
            Holds::Number { minimum: Some(minimum), .. } => format!("at least {}", short_number(*minimum)),
            _ => String::new(),
        }
    }

    /// The words that are known.
    pub fn words(&self) -> Vec<&str> {
        match &self.holds {
            Holds::Text { known } => known.iter().map(String::as_str).collect(),
            Holds::Flag => vec!["yes", "no"],
            _ => Vec::new(),
        }
    }

    /// What [`Column::row`] holds.
    pub const NOTES: [&str; 6] = ["Column", "Label", "Unit", "Plausible range", "Words", "If absent"];

    /// All that is to be known of the column; empty where there is nothing to say.
    pub fn row(&self) -> [String; 6] {
        let words = self.words().join(", ");
        [self.path.clone(), self.label.clone(), self.unit.clone(), self.plausible(), words, self.if_absent.clone()]
    }

    /// What is to be known of the column beside its name, as (what it is, text).
    pub fn notes(&self) -> impl Iterator<Item = (&'static str, String)> {
        Self::NOTES.into_iter().zip(self.row()).skip(1).filter(|(_, text)| !text.is_empty())
    }
}

/// All columns of a model: the fields of an account, the metrics that are read, and the modules that expansion knows. Each path
/// stands once.
pub fn columns(models: &Models) -> Vec<Column> {
    let fields = Field::ALL.into_iter().map(|field| of_field(models, field));
    let metrics = models.schema.slots().flat_map(|(slot, metric)| match metric.derived {
        None => vec![of_metric(models, slot, metric)],
        // An age is computed from dates that are read.
        Some(Derived::Age(of)) => dates(models.schema.metric(of)),
        Some(Derived::DaysToRenewal | Derived::DaysSinceStart) => Vec::new(),
    });
    let modules =
        models.wording.modules.iter().flat_map(|(name, label)| {
            ModuleField::ALL.map(|field| of_module(&format!("{MODULES}.{name}"), label, field))
        });
    let mut columns: Vec<Column> = Vec::new();
    for column in fields.chain(metrics).chain(modules) {
        if columns.iter().all(|known| known.path != column.path) {
            columns.push(column);
        }
    }
    columns
}

/// How dates are written.
const DATE: &str = "date as 2026-12-31";

/// How lists are written.
const TEXTS: &str = "names; in a table, semicolons stand between them";

pub(super) fn of_field(models: &Models, field: Field) -> Column {
    let segments = &models.segments;
    let (label, unit, if_absent) = match field {
        Field::Id => ("Customer id", "one per customer", "unknown".to_owned()),
        Field::Name => ("Name", "", "Unknown".to_owned()),
        Field::Segment => {
            let standing_in = segments.name(segments.default_profile());
            ("Segment", "", format!("scored as {standing_in}"))
        }
        Field::Arr => ("Annual recurring revenue", "money per year", "0".to_owned()),
        Field::Currency => ("Currency", "code such as EUR, one for all", "shown as $".to_owned()),
        Field::Start => ("Contract start", DATE, "no age of the contract known".to_owned()),
        Field::End => ("Contract end", DATE, "no renewal known, no urgency".to_owned()),
        Field::Notice => ("Last day to give notice", DATE, "the contract's end".to_owned()),
        Field::AutoRenew => ("Renews by itself", "", "not known".to_owned()),
        Field::Lifecycle => ("Lifecycle", "", "live".to_owned()),
        Field::Owner => ("Owner of the account", "", "no owner shown".to_owned()),
        Field::LicensedSeats => ("Seats paid for", "seats", "no seats to sell".to_owned()),
        Field::ActiveSeats => ("Seats in use", "seats", "no seats to sell".to_owned()),
        Field::PlanTier => ("Plan", "", "no plan to sell".to_owned()),
        Field::AvailableTiers => ("Plans on offer", TEXTS, "no plan to sell".to_owned()),
        Field::CurrentDepartments => ("Departments that use the product", TEXTS, "none".to_owned()),
        Field::PotentialDepartments => ("Departments that could", TEXTS, "no department to sell to".to_owned()),
    };
    let known = || match field {
        Field::Segment => segments.names().to_vec(),
        Field::Lifecycle => Lifecycle::WORDS.map(str::to_owned).to_vec(),
        Field::PlanTier => models.expansion.tiers.iter().map(|tier| tier.name.clone()).collect(),
        _ => Vec::new(),
    };
    let holds = match field.kind() {
        FieldKind::Name => Holds::Name,
        FieldKind::Text => Holds::Text { known: known() },
        FieldKind::Money | FieldKind::Count => amount(None),
        FieldKind::Date => Holds::Date,
        FieldKind::Flag => Holds::Flag,
        FieldKind::Texts => Holds::Texts,
    };
    Column { path: field.path().to_owned(), label: label.to_owned(), unit: unit.to_owned(), holds, if_absent }
}

/// A number of at least 0 that is not beyond what is read.
fn amount(plausible: Option<(f64, f64)>) -> Holds {
    Holds::Number { minimum: Some(0.0), maximum: Some(MOST_AMOUNT), plausible }
}

fn of_metric(models: &Models, slot: Slot, metric: &Metric) -> Column {
    let holds = match &metric.kind {
        Kind::Number => Holds::Number { minimum: metric.minimum, maximum: None, plausible: metric.range },
        Kind::Word(vocabulary) => Holds::Text { known: vocabulary.words().to_vec() },
        Kind::Flag => Holds::Flag,
    };
    Column {
        path: metric.path.clone(),
        label: metric.label.clone(),
        unit: metric.unit.clone().unwrap_or_default(),
        holds,
        if_absent: default_of(models, slot),
    }
}

/// The dates of a metric whose age the model looks at: that of its block, and its own.
fn dates(metric: &Metric) -> Vec<Column> {
    let column = |path: String, label: &str, if_absent: &str| Column {
        path,
        label: format!("{label}: as of"),
        unit: DATE.to_owned(),
        holds: Holds::Date,
        if_absent: if_absent.to_owned(),
    };
    let own = column(format!("{}_{AS_OF}", metric.path), &metric.label, "the date of its block");
    let of_block = match metric.path.rsplit_once('.') {
        Some((block, _)) => column(format!("{block}.{AS_OF}"), block, "taken as current"),
        None => column(AS_OF.to_owned(), "All", "taken as current"),
    };
    vec![of_block, own]
}

/// The fields of a module, whose path is `product_usage.NAME`.
pub(super) fn of_module(module: &str, label: &str, field: ModuleField) -> Column {
    let (label, unit, holds, if_absent) = match field {
        ModuleField::Adopted => (format!("{label}: in use"), "", Holds::Flag, "no"),
        ModuleField::UsagePct => (format!("{label}: used"), "%", amount(Some((0.0, 100.0))), "0"),
    };
    Column {
        path: format!("{module}.{}", field.name()),
        label,
        unit: unit.to_owned(),
        holds,
        if_absent: if_absent.to_owned(),
    }
}

/// What stands in for a metric in the models that read it.
fn default_of(models: &Models, slot: Slot) -> String {
    let profile = models.segments.default_profile();
    let of = |model: &Model| {
        let plan = model.plan(profile);
        let signal = plan.signals().find(|signal| signal.slot == slot)?;
        Some(match plan.missing() {
            Missing::Default => text(&models.schema, slot, signal.default),
            Missing::Redistribute => "not counted".to_owned(),
        })
    };
    match (of(&models.health.model), of(&models.churn.model)) {
        (Some(health), Some(churn)) if health != churn => format!("{health} in health, {churn} in churn"),
        (Some(default), _) | (None, Some(default)) => default,
        (None, None) => {
            let previous = models.health.previous.iter().chain([&models.health.previous_overall]);
            let is_previous = previous.flatten().any(|known| *known == slot);
            (if is_previous { "no trend" } else { "no score changes" }).to_owned()
        }
    }
}

fn text(schema: &Schema, slot: Slot, value: Value) -> String {
    match (value, &schema.metric(slot).kind) {
        (Value::Number(number), _) => short_number(number),
        (Value::Flag(flag), _) => (if flag { "yes" } else { "no" }).to_owned(),
        (Value::Word(word), Kind::Word(vocabulary)) => vocabulary.text(word).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Layer, ModelFile, SourceFile};

    fn with(file: ModelFile, text: &str) -> Models {
        let source = SourceFile { file, path: file.file_name().to_owned(), text: format!("format = 1\n{text}") };
        config::load(vec![Layer { files: vec![source] }]).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_column_says_what_is_known_of_it() {
        let models = config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
        let columns = columns(&models);
        for (path, unit, plausible, words, if_absent) in [
            ("customer_id", "one per customer", "", "", "unknown"),
            ("segment", "", "", "enterprise, mid-market, smb", "scored as mid-market"),
            ("arr", "money per year", "at least 0", "", "0"),
            ("auto_renew", "", "", "yes, no", "not known"),
            ("lifecycle", "", "", "onboarding, live, churned", "live"),
            ("usage.dau_mau_ratio", "ratio 0-1", "between 0 and 1", "", "0"),
            ("usage_decline.login_trend", "% change", "between -100 and 300", "", "0"),
            ("relationship.renewal_sentiment", "", "", "positive, neutral, negative, unknown", "unknown"),
            ("relationship_signals.champion_left", "", "", "yes, no", "no"),
            ("previous_period.overall_score", "points 0-100", "between 0 and 100", "", "no trend"),
            ("product_usage.sso_module.usage_pct", "%", "between 0 and 100", "", "0"),
        ] {
            let column = columns.iter().find(|column| column.path == path).expect(path);
            let [name, _, rest @ ..] = column.row();
            assert_eq!((name.as_str(), rest), (path, [unit, plausible, words, if_absent].map(str::to_owned)));
        }
    }

    #[test]
    fn every_path_stands_once_and_what_is_computed_does_not() {
        let twice = with(ModelFile::Metrics, "[metrics.arr]\nkind = \"number\"\n[metrics.\"a.b\"]\nkind = \"flag\"");
        let columns = columns(&twice);
        let paths: Vec<&str> = columns.iter().map(|column| column.path.as_str()).collect();
        for (path, times) in
            [("arr", 1), ("a.b", 1), ("account.days_to_renewal", 0), ("product_usage.api_access.adopted", 1)]
        {
            assert_eq!(paths.iter().filter(|known| **known == path).count(), times, "{path}");
        }
        let position = |path: &str| paths.iter().position(|known| *known == path).expect(path);
        assert!(position("departments.potential") < position("usage.login_frequency"));
        assert!(position("a.b") < position("product_usage.core_platform.adopted"));
        assert_eq!(columns[position("a.b")].if_absent, "no score changes");
    }

    #[test]
    fn a_model_that_looks_at_ages_reads_dates_and_one_that_hands_weights_on_has_no_defaults() {
        let text = "missing = \"redistribute\"\n[groups.usage.signals.login_frequency]\nstale-after = 30";
        let columns = columns(&with(ModelFile::Health, text));
        let of = |path: &str| columns.iter().find(|column| column.path == path).map(|column| column.if_absent.as_str());
        assert_eq!(of("usage.login_frequency_as_of"), Some("the date of its block"));
        assert_eq!(of("usage.as_of"), Some("taken as current"));
        assert_eq!(of("usage.feature_adoption_as_of"), None);
        assert_eq!(of("usage.login_frequency"), Some("not counted"));
        assert_eq!(of("usage_decline.login_trend"), Some("0"));
    }

    #[test]
    fn defaults_of_both_models_are_told_where_they_differ() {
        let signal = "[groups.usage_decline.signals.login_trend]\nweight = 0.1\n[groups.usage_decline.signals.login_frequency]\n\
                      metric = \"usage.login_frequency\"\nweight = 0.3\nscale = { fall = 1 }\ndefault = 50";
        let columns = columns(&with(ModelFile::Churn, signal));
        let column = columns.iter().find(|column| column.path == "usage.login_frequency").expect("a column");
        assert_eq!(column.if_absent, "0 in health, 50 in churn");
    }
}
