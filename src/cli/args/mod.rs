//! The command line, as it is typed.

mod diff;
mod documents;
mod evidence;
mod input;
mod output;
mod parse;
mod previous;
mod survey;
mod threads;
mod trend;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};

use crate::analysis::{Band, Effort, PlayType, Tier};
use crate::config::mapping::DateFormat;

pub use diff::DiffArgs;
pub use documents::{AudienceName, DocumentArgs};
pub use evidence::{BacktestArgs, CalibrateArgs, ObservedArgs};
pub use input::{FormatArgs, HistoryArgs, InputArgs, InvalidArgs, ModelArgs, SourceArgs};
pub use output::{DocumentFormat, Format, GuardArgs, OutputArgs, TargetArgs, When};
pub use previous::PreviousArgs;
pub use survey::{GateArgs, PopulationArgs, Sort, SurveyArgs, Top};
pub use threads::ThreadArgs;
pub use trend::{TrendArgs, TrendSort};

const STYLES: Styles =
    Styles::styled().header(Style::new().bold()).usage(Style::new().bold()).literal(AnsiColor::Cyan.on_default());

/// Customer health, churn risk and expansion from the exports a customer success team already has.
#[derive(Debug, Parser)]
#[command(
    name = "csm",
    version,
    styles = STYLES,
    color = ColorChoice::Auto,
    max_term_width = 100,
    before_help = "Examples:
  csm map crm.csv usage.xlsx tickets.csv      propose which column feeds what, in mapping.toml
  csm report crm.csv usage.xlsx tickets.csv   the Monday briefing: standing, what to do first
  csm health portfolio.json                   who is healthy, the most urgent accounts first
  csm explain portfolio.json CUST-1002        why one account scores as it does
  csm init && $EDITOR config/segments.toml    make the model your own
  csm init --blank xlsx                       a table to fill in, with all columns",
    after_help = "Exit codes: 0 done; 1 a gate (--fail-on, --strict) is not met; 2 the command line, the model, the input or the \
                  output is unusable; 130 interrupted, 143 terminated."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Score the health of every account, 0 to 100, with bands, trends and advice
    #[command(before_help = "Examples:
  csm health portfolio.json
  csm health portfolio.json --segment enterprise --band red,yellow
  csm health portfolio.json --customer CUST-1002
  csm health 2026-06-30.csv --previous 2026-03-31.csv       trends against the export of last quarter
  csm health portfolio.json --format json | jq '.customers[] | select(.classification == \"red\") | .name'
  csm health portfolio.ndjson --format ndjson | jq -c 'select(.overall_score < 40)'
  csm health portfolio.json --quiet --fail-on 'red>15%' --fail-on 'green<60%'")]
    Health(HealthArgs),
    /// Score the churn risk of every account, with warnings and the playbook of its tier
    #[command(before_help = "Examples:
  csm churn portfolio.json
  csm churn portfolio.json --tier critical,high --detail
  csm churn portfolio.json --sort renewal --top 50
  csm churn portfolio.json --quiet --fail-on 'arr-at-risk>10%'")]
    Churn(ChurnArgs),
    /// Find expansion plays with estimated revenue, effort and priority
    #[command(before_help = "Examples:
  csm expand portfolio.json
  csm expand portfolio.json --type cross_sell --max-effort low
  csm expand portfolio.json --customer CUST-1001
  csm expand portfolio.json --format json -o expansion.json")]
    Expand(ExpandArgs),
    /// Join the three into a briefing: standing, what to do first, renewals, expansion to propose
    #[command(before_help = "Examples:
  csm report portfolio.json
  csm report portfolio.json --segment enterprise --top 5
  csm report portfolio.json --by csm               a section for each owner
  csm report 2026-06-30.csv --previous 2026-03-31.csv   what changed since, and trends against it
  csm report portfolio.json --history exports/     what moved since, and whose fall is confirmed
  csm report portfolio.json --interventions plan.csv   what was to be done by now, and is not
  csm report portfolio.json -o briefing.md         as Markdown, by the ending of the file
  csm report portfolio.json -o briefing.html       a page with charts and all accounts, in one file
  csm report portfolio.json --pdf briefing.pdf     the same, printed by an installed browser
  csm report portfolio.json -o briefing.xlsx       a workbook
  csm report portfolio.json --forecast forecast.csv
  csm report portfolio.json --format json | jq .actions
  csm report portfolio.json --template qbr --customer CUST-1001 -o norrvik.md   and norrvik-prep.md beside it
  csm report portfolio.json --template qbr --out-dir qbrs/                      two files per account")]
    Report(ReportArgs),
    /// Show every contribution to one account's scores, and what would lift it into the next band
    #[command(before_help = "Examples:
  csm explain portfolio.json CUST-1002
  csm explain portfolio.json CUST-1002 --format json | jq .health.contributions")]
    Explain(ExplainArgs),
    /// Follow scores over the snapshots of a history: slopes, confirmed falls, time in band
    #[command(before_help = "Examples:
  csm trend exports/                            2026-05-31.csv, 2026-06-30.csv and so on
  csm trend exports/ --on churn --top all
  csm trend exports/ --customer CUST-1002       all readings of one account
  csm trend history.csv                         one file, whose rows have a snapshot_date
  csm trend exports/ --format csv -o trend.csv  a row per account and snapshot")]
    Trend(TrendArgs),
    /// Show what changed between two portfolios: moves between bands, what moved each score, who came and left
    #[command(before_help = "Examples:
  csm diff 2026-03-31.csv 2026-06-30.csv            the days are taken from the names
  csm diff march.json june.json --old-as-of 2026-03-31 --as-of 2026-06-30
  csm diff march.json june.json --detail --customer CUST-1002
  csm diff march.json june.json --format csv -o changes.csv
  csm diff june.json june.json --old-config model-2025   what a change of the model does")]
    Diff(DiffArgs),
    /// Propose which columns of your exports feed which metrics, as a mapping to be checked
    #[command(before_help = "Examples:
  csm map crm.csv usage.xlsx tickets.csv     writes mapping.toml, which csm reads when run here
  csm map crm.csv -o -                       shows it only")]
    Map(MapArgs),
    /// Hold the score against what happened: who left, who stayed, and what had told so
    #[command(before_help = "Examples:
  csm backtest history/ --outcomes outcomes.csv
  csm backtest history/ --outcomes outcomes.csv --interventions interventions.csv -o backtest.html
  csm backtest history/ --outcomes outcomes.csv --on churn --horizon 180
  csm backtest history/ --outcomes outcomes.csv --fail-on 'auc<0.7' --fail-on 'caught-60<50%'
  csm backtest accounts.csv --outcome-column churned      one table with a row per account")]
    Backtest(BacktestArgs),
    /// Propose bounds of bands and tiers from what happened, by what the team can act on
    #[command(before_help = "Examples:
  csm calibrate history/ --outcomes outcomes.csv --recall 80%            8 of 10 caught in time
  csm calibrate history/ --outcomes outcomes.csv --recall 0.8 --recall-red 0.5
  csm calibrate history/ --outcomes outcomes.csv --capacity 25           at most 25 red accounts
  csm calibrate history/ --outcomes outcomes.csv --cost-fp 1 --cost-fn 12
  csm calibrate history/ --outcomes outcomes.csv --recall 80% --write    into the model in use")]
    Calibrate(CalibrateArgs),
    /// Look at the data without scoring it: all problems, what is filled, what looks odd
    #[command(before_help = "Examples:
  csm validate crm.csv usage.xlsx
  csm validate crm.csv --strict --quiet               fails on warnings too
  csm validate crm.csv --format csv -o problems.csv   to send back to whoever owns the export")]
    Validate(ValidateArgs),
    /// Show the effective model, and where each value comes from
    #[command(before_help = "Examples:
  csm config                     the whole model as TOML
  csm config segments            one file of it
  csm config --origin | grep green
  csm config path                the folders that are looked at, and the files found there")]
    Config(ConfigArgs),
    /// Write the commented default model into a folder, to be tuned; or an empty table, to be filled in
    #[command(before_help = "Examples:
  csm init                       writes ./config, which csm reads when run here
  csm init --blank xlsx          writes portfolio.xlsx: all columns, with units and ranges
  csm init ~/models/emea         then: csm health portfolio.json --config ~/models/emea")]
    Init(InitArgs),
    /// Print the JSON Schema of the input, of a mapping, of a model file or of the output
    #[command(before_help = "Examples:
  csm schema input > input.schema.json    every field and metric that your model reads
  csm schema config health                the keys of health.toml; `csm init` writes these files too
  csm schema output                       what --format json writes, and --format ndjson in each line")]
    Schema(SchemaArgs),
    /// List, show or check the templates of documents that `csm report --template` writes
    #[command(before_help = "Examples:
  csm template list
  csm template show qbr > our_qbr.md     a copy to change: csm report portfolio.json --template our_qbr.md --out-dir qbrs/
  csm template show qbr --fields         all fields and filters that it may name
  csm template check our_qbr.md          all that is wrong with it, without any data")]
    Template(TemplateArgs),
}

/// The arguments of `csm health`.
#[derive(Debug, Args)]
pub struct HealthArgs {
    #[command(flatten)]
    pub survey: SurveyArgs,
    #[command(flatten)]
    pub previous: PreviousArgs,
    /// Only rows in these bands
    #[arg(long, value_name = "BAND", value_delimiter = ',', value_parser = parse::band, help_heading = "Rows")]
    pub band: Vec<Band>,
}

/// The arguments of `csm churn`.
#[derive(Debug, Args)]
pub struct ChurnArgs {
    #[command(flatten)]
    pub survey: SurveyArgs,
    /// Only rows in these tiers
    #[arg(long, value_name = "TIER", value_delimiter = ',', value_parser = parse::tier, help_heading = "Rows")]
    pub tier: Vec<Tier>,
}

/// The arguments of `csm expand`.
#[derive(Debug, Args)]
pub struct ExpandArgs {
    #[command(flatten)]
    pub survey: SurveyArgs,
    /// Only plays of these types: `expansion`, `upsell`, `cross_sell`
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = parse::play_type, help_heading = "Rows")]
    pub kind: Vec<PlayType>,
    /// Only plays of at most this effort: low, medium, high
    #[arg(long, value_name = "EFFORT", value_parser = parse::effort, help_heading = "Rows")]
    pub max_effort: Option<Effort>,
}

/// The arguments of `csm report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub previous: PreviousArgs,
    #[command(flatten)]
    pub population: PopulationArgs,
    /// Also by this field of the input, with what to do first in each group: `csm` for the owners, `segment`, `region`,
    /// `contract.plan_tier` or any other
    #[arg(long, value_name = "FIELD", help_heading = "Content")]
    pub by: Option<String>,
    /// Also the strategic accounts (rule in engagement.toml) that lack what a business review cannot do without
    #[arg(long, help_heading = "Content")]
    pub strategic: bool,
    /// A folder of earlier exports with their day in their names, or a file whose records have a `snapshot_date`: they show how
    /// scores moved, and stand in the place of `previous_period`
    #[arg(long, value_name = "HISTORY", conflicts_with_all = ["template", "previous"], help_heading = "Content")]
    pub history: Option<PathBuf>,
    /// What the team does and means to do for customers, a row each: `customer_id`, `date`, `play`, `owner`, `status` and `outcome`;
    /// those that are overdue are listed
    #[arg(long, value_name = "FILE", conflicts_with = "template", help_heading = "Content")]
    pub interventions: Option<PathBuf>,
    /// How the interventions write dates that are not like 2026-12-31: such as DD.MM.YYYY, M/D/YYYY or D MMM YYYY
    #[arg(long, value_name = "FORMAT", value_parser = DateFormat::new, requires = "interventions", help_heading = "Content")]
    pub date_format: Option<DateFormat>,
    /// Show at most this many accounts in each list, or `all` [default: 10, all as JSON; a page has all accounts below the
    /// lists]
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub top: Option<Top>,
    #[command(flatten)]
    pub documents: DocumentArgs,
    /// How results are written [default: by the ending of the file that -o names, else text]
    #[arg(long, value_name = "FORMAT", value_parser = Format::parser(Format::REPORTS), help_heading = "Output")]
    pub format: Option<Format>,
    #[command(flatten)]
    pub output: OutputArgs,
    /// Print the page into this PDF, by a Chromium or Chrome that is installed; `CSM_BROWSER` names another
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "output"], help_heading = "Output")]
    pub pdf: Option<PathBuf>,
    /// Also write renewals and the plays to propose to this CSV file, a row each, for whoever forecasts revenue
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub forecast: Option<PathBuf>,
    #[command(flatten)]
    pub gate: GateArgs,
    #[command(flatten)]
    pub threads: ThreadArgs,
}

/// The arguments of `csm explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// The customer's id
    #[arg(value_name = "ID")]
    pub id: String,
    /// How the explanation is written [default: by the ending of the file that -o names, else text]
    #[arg(long, value_name = "FORMAT", value_parser = Format::parser(Format::EXPLANATIONS), help_heading = "Output")]
    pub format: Option<Format>,
    #[command(flatten)]
    pub target: TargetArgs,
}

/// The arguments of `csm config`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ConfigArgs {
    #[command(subcommand)]
    pub command: Option<ConfigCommand>,
    /// Only these files of the model: metrics, segments, health, churn, expansion, industry, engagement
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    /// One line per value, with the file and line that it comes from
    #[arg(long)]
    pub origin: bool,
    #[command(flatten)]
    pub model: ModelArgs,
}

/// The commands under `csm config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show the folders that are looked at for model files, lowest first, and the files found there
    Path {
        #[command(flatten)]
        model: ModelArgs,
    },
}

/// The arguments of `csm init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder to write into [default: config; with --blank the current folder]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Write no model but a table with all columns that the model reads, units and plausible ranges as notes
    #[arg(long, value_name = "FORMAT")]
    pub blank: Option<BlankFormat>,
    /// The folder of the model whose columns they are, in place of ./config and the user's own
    #[arg(long, value_name = "DIR", requires = "blank")]
    pub config: Option<PathBuf>,
    /// Write over files that are there
    #[arg(long)]
    pub force: bool,
}

/// The arguments of `csm map`.
#[derive(Debug, Args)]
pub struct MapArgs {
    /// The exports, CSV or XLSX, the list of accounts first; or - for standard input
    #[arg(value_name = "FILE", required = true, num_args = 1..)]
    pub files: Vec<PathBuf>,
    /// Write the mapping to this file; - shows it
    #[arg(short, long, value_name = "FILE", default_value = "mapping.toml", help_heading = "Output")]
    pub output: PathBuf,
    /// Write over a mapping that is there
    #[arg(long, help_heading = "Output")]
    pub force: bool,
    /// Say nothing but errors
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
    #[command(flatten)]
    pub format: FormatArgs,
    #[command(flatten)]
    pub model: ModelArgs,
}

/// The arguments of `csm validate`.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    #[command(flatten)]
    pub sources: SourceArgs,
    /// Exit with 1 where there are warnings
    #[arg(long, help_heading = "Gate")]
    pub strict: bool,
    /// Show at most this many problems of each severity, or `all` [default: 50 in a document, all as JSON and CSV]
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub top: Option<Top>,
    /// How the findings are written; csv is a table of the problems [default: by the ending of the file that -o names, else text]
    #[arg(long, value_name = "FORMAT", value_parser = Format::parser(Format::VALIDATIONS), help_heading = "Output")]
    pub format: Option<Format>,
    #[command(flatten)]
    pub guard: GuardArgs,
    #[command(flatten)]
    pub target: TargetArgs,
}

/// In which format a table to be filled in is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BlankFormat {
    /// portfolio.csv, with the notes in portfolio-columns.csv
    Csv,
    /// portfolio.xlsx, with the notes at the names of the columns and on a sheet of their own
    Xlsx,
}

/// The arguments of `csm template`.
#[derive(Debug, Args)]
pub struct TemplateArgs {
    #[command(subcommand)]
    pub command: TemplateCommand,
}

/// The commands under `csm template`.
#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// The templates that come with csm, who they are for, and what for
    List,
    /// The text of a template, or all that it may name
    Show {
        /// The name of a template, or the path of one of your own
        #[arg(value_name = "NAME")]
        name: String,
        /// List the fields and filters that it may name, with what they are
        #[arg(long)]
        fields: bool,
    },
    /// All that is wrong with templates of your own; exits with 2 where something is
    Check {
        /// Paths of templates, or names of those that come with csm
        #[arg(value_name = "PATH", required = true, num_args = 1..)]
        paths: Vec<String>,
    },
}

/// The arguments of `csm schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    #[command(subcommand)]
    pub command: SchemaCommand,
}

/// What `csm schema` describes.
#[derive(Debug, Subcommand)]
pub enum SchemaCommand {
    /// A portfolio, as the effective model reads it
    Input {
        #[command(flatten)]
        model: ModelArgs,
    },
    /// A column mapping
    Mapping,
    /// A file of the model
    Config {
        /// One of metrics, segments, health, churn, expansion, industry, engagement
        #[arg(value_name = "FILE")]
        file: Option<String>,
    },
    /// What --format json writes, for every report, and --format ndjson in each line
    Output,
}
