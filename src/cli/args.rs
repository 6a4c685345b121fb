//! The command line, as it is typed.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};

use crate::analysis::{Band, Effort, FailOn, Order, PlayType, Tier};
use crate::intake;

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
  csm health portfolio.json                   who is healthy, the most urgent accounts first
  csm report portfolio.json                   the Monday briefing: standing, what to do first, renewals
  csm explain portfolio.json CUST-1002        why one account scores as it does
  csm init && $EDITOR config/segments.toml    make the model your own
  csm init --blank xlsx                       a table to fill in, with all columns",
    after_help = "Exit codes: 0 done; 1 a gate (--fail-on) is not met; 2 the command line, the model, the input or the \
                  output is unusable; 130 interrupted."
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
  csm health portfolio.json --format json | jq '.customers[] | select(.classification == \"red\") | .name'
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
  csm report portfolio.json --format json -o briefing.json")]
    Report(ReportArgs),
    /// Show every contribution to one account's scores, and what would lift it into the next band
    #[command(before_help = "Examples:
  csm explain portfolio.json CUST-1002
  csm explain portfolio.json CUST-1002 --format json | jq .health.contributions")]
    Explain(ExplainArgs),
    /// Propose which columns of your exports feed which metrics, as a mapping to be checked
    #[command(before_help = "Examples:
  csm map crm.csv usage.xlsx tickets.csv     writes mapping.toml, which csm reads when run here
  csm map crm.csv -o -                       shows it only")]
    Map(MapArgs),
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
  csm schema output                       what --format json writes")]
    Schema(SchemaArgs),
}

/// Which portfolio, with which model, as of when, and what is done with records that have errors.
#[derive(Debug, Args)]
pub struct InputArgs {
    #[command(flatten)]
    pub sources: SourceArgs,
    #[command(flatten)]
    pub invalid: InvalidArgs,
}

/// Which portfolio, with which model, as of when.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// The portfolio: CSV, XLSX or JSON files, or - for standard input; several are joined by the customer's id
    #[arg(value_name = "PORTFOLIO", required = true, num_args = 1..)]
    pub portfolios: Vec<PathBuf>,

    /// The date that counts as today, as YYYY-MM-DD [default: the local date]
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Input")]
    pub as_of: Option<NaiveDate>,

    #[command(flatten)]
    pub model: ModelArgs,

    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// What is done with records that have errors.
#[derive(Debug, Clone, Default, Args)]
pub struct InvalidArgs {
    /// Score the valid records although others have errors; how many were left out is said
    #[arg(long, help_heading = "Input")]
    pub skip_invalid: bool,

    /// Keep the records that were left out in this file, to be mended and read again
    #[arg(long, value_name = "FILE", requires = "skip_invalid", help_heading = "Input")]
    pub rejects: Option<PathBuf>,
}

/// How files are read and joined.
#[derive(Debug, Args)]
pub struct ReadingArgs {
    /// The mapping of columns to metrics [default: mapping.toml where the model files are found]
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub mapping: Option<PathBuf>,

    /// Join by this field rather than by `customer_id`; every file must have it
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    pub key: Option<String>,

    /// Score also customers that the first file lacks
    #[arg(long, help_heading = "Input")]
    pub outer: bool,

    /// What the files are, where their content does not tell: json, ndjson, csv, tsv or xlsx
    #[arg(long, value_name = "FORMAT", value_parser = input_format, help_heading = "Input")]
    pub input_format: Option<intake::Format>,

    /// The encoding of text that is not UTF-8, such as windows-1252
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub encoding: Option<String>,

    /// The sheet of a workbook [default: the first one with data]
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub sheet: Option<String>,

    /// The most that a compressed file may unpack to, such as 500M or 20G
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "8G", help_heading = "Input")]
    pub max_unpacked: u64,
}

/// Which model.
#[derive(Debug, Args)]
pub struct ModelArgs {
    /// The folder of the model files, in place of ./config and the user's own [default: the environment's `CSM_CONFIG`]
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub config: Option<PathBuf>,
}

/// Which accounts the totals and gates are about.
#[derive(Debug, Args)]
pub struct PopulationArgs {
    /// Only accounts of these segments
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Population (totals and gates follow)")]
    pub segment: Vec<String>,

    /// Only these accounts, a card each
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Population (totals and gates follow)")]
    pub customer: Vec<String>,

    /// Only accounts with at least this ARR
    #[arg(long, value_name = "AMOUNT", value_parser = amount, allow_negative_numbers = true, help_heading = "Population (totals and gates follow)")]
    pub min_arr: Option<f64>,
}

/// Which rows, in which order.
#[derive(Debug, Args)]
pub struct RowArgs {
    /// Show at most this many accounts, or `all` [default: 20 as text, 10 in a report, all as JSON]
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub top: Option<Top>,

    /// Order the accounts by this
    #[arg(long, value_name = "KEY", help_heading = "Rows")]
    pub sort: Option<Sort>,

    /// A card per account; in JSON, every contribution to its score
    #[arg(long, help_heading = "Rows")]
    pub detail: bool,
}

/// How results are written, and where to.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// How results are written
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub format: Format,

    #[command(flatten)]
    pub target: TargetArgs,
}

/// Where output goes, and how it looks.
#[derive(Debug, Args)]
pub struct TargetArgs {
    /// Write to this file instead of standard output; whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// When to use colour; auto looks at the terminal, `NO_COLOR` and `CLICOLOR_FORCE`
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub color: When,

    /// Say nothing but errors on standard error
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}

/// When a run fails.
#[derive(Debug, Args)]
pub struct GateArgs {
    /// Exit with 1 where this holds: `red`, `red>15%`, `green<60%`, `critical`, `average<60`, `coverage<80%`,
    /// `not-scored>10%`, `arr-at-risk>10%`, `plays<5`, `revenue<100000`; may be given more than once
    #[arg(long, value_name = "CONDITION", help_heading = "Gate")]
    pub fail_on: Vec<FailOn>,
}

/// What all commands take that show a portfolio account by account.
#[derive(Debug, Args)]
pub struct SurveyArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub population: PopulationArgs,
    #[command(flatten)]
    pub rows: RowArgs,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub gate: GateArgs,
}

/// The arguments of `csm health`.
#[derive(Debug, Args)]
pub struct HealthArgs {
    #[command(flatten)]
    pub survey: SurveyArgs,
    /// Only rows in these bands
    #[arg(long, value_name = "BAND", value_delimiter = ',', value_parser = band, help_heading = "Rows")]
    pub band: Vec<Band>,
}

/// The arguments of `csm churn`.
#[derive(Debug, Args)]
pub struct ChurnArgs {
    #[command(flatten)]
    pub survey: SurveyArgs,
    /// Only rows in these tiers
    #[arg(long, value_name = "TIER", value_delimiter = ',', value_parser = tier, help_heading = "Rows")]
    pub tier: Vec<Tier>,
}

/// The arguments of `csm expand`.
#[derive(Debug, Args)]
pub struct ExpandArgs {
    #[command(flatten)]
    pub survey: SurveyArgs,
    /// Only plays of these types: `expansion`, `upsell`, `cross_sell`
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = play_type, help_heading = "Rows")]
    pub kind: Vec<PlayType>,
    /// Only plays of at most this effort: low, medium, high
    #[arg(long, value_name = "EFFORT", value_parser = effort, help_heading = "Rows")]
    pub max_effort: Option<Effort>,
}

/// The arguments of `csm report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub population: PopulationArgs,
    /// Show at most this many accounts in each list, or `all` [default: 10 as text, all as JSON]
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub top: Option<Top>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub gate: GateArgs,
}

/// The arguments of `csm explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// The customer's id
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The arguments of `csm config`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ConfigArgs {
    #[command(subcommand)]
    pub command: Option<ConfigCommand>,
    /// Only these files of the model: metrics, segments, health, churn, expansion, industry
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
    /// What the files are, where their content does not tell: csv, tsv or xlsx
    #[arg(long, value_name = "FORMAT", value_parser = input_format, help_heading = "Input")]
    pub input_format: Option<intake::Format>,
    /// The encoding of text that is not UTF-8, such as windows-1252
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub encoding: Option<String>,
    /// The sheet of a workbook [default: the first one with data]
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub sheet: Option<String>,
    /// The most that a compressed file may unpack to, such as 500M or 20G
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "8G", help_heading = "Input")]
    pub max_unpacked: u64,
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
    /// Show at most this many problems of each severity, or `all` [default: 50 as text, all as JSON and CSV]
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub top: Option<Top>,
    /// How the findings are written; csv is a table of the problems
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub format: TableFormat,
    /// Write texts that a spreadsheet would take for formulas as they are
    #[arg(long, help_heading = "Output")]
    pub no_csv_guard: bool,
    #[command(flatten)]
    pub target: TargetArgs,
}

/// How results are written where a table is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
}

/// In which format a table to be filled in is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BlankFormat {
    /// portfolio.csv, with the notes in portfolio-columns.csv
    Csv,
    /// portfolio.xlsx, with the notes at the names of the columns and on a sheet of their own
    Xlsx,
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
        /// One of metrics, segments, health, churn, expansion, industry
        #[arg(value_name = "FILE")]
        file: Option<String>,
    },
    /// What --format json writes, for every report
    Output,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What accounts are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// By attention, then the highest ARR first
    Attention,
    /// The lowest health first
    Health,
    /// The highest churn risk first
    Risk,
    /// The highest expansion revenue first
    Revenue,
    /// The highest ARR first
    Arr,
    /// The renewal that is decided first
    Renewal,
    /// By name
    Name,
    /// As they stand in the portfolio
    Input,
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Attention => Self::Attention,
            Sort::Health => Self::Health,
            Sort::Risk => Self::RiskAndArr,
            Sort::Revenue => Self::Expansion,
            Sort::Arr => Self::Arr,
            Sort::Renewal => Self::Renewal,
            Sort::Name => Self::Name,
            Sort::Input => Self::Input,
        }
    }
}

/// How many accounts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Top {
    /// All of them.
    All,
    /// At most this many.
    First(usize),
}

impl std::str::FromStr for Top {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        text.parse().map(Self::First).map_err(|_| "expected a whole number or `all`".to_owned())
    }
}

impl Top {
    /// The number of accounts; `None` for all.
    pub fn limit(self) -> Option<usize> {
        match self {
            Self::All => None,
            Self::First(count) => Some(count),
        }
    }
}

fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "expected a date such as 2026-12-31".to_owned())
}

fn amount(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|amount| amount.is_finite() && *amount >= 0.0)
        .ok_or_else(|| "expected a number of at least 0".to_owned())
}

fn input_format(text: &str) -> Result<intake::Format, String> {
    one_of(text, &intake::Format::ALL, intake::Format::name)
}

fn size(text: &str) -> Result<u64, String> {
    let (digits, factor) = match text.to_ascii_uppercase().strip_suffix('B').unwrap_or(&text.to_ascii_uppercase()) {
        rest if rest.ends_with('K') => (rest[..rest.len() - 1].to_owned(), 1 << 10),
        rest if rest.ends_with('M') => (rest[..rest.len() - 1].to_owned(), 1 << 20),
        rest if rest.ends_with('G') => (rest[..rest.len() - 1].to_owned(), 1 << 30),
        rest => (rest.to_owned(), 1),
    };
    let size = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    size.filter(|size| *size > 0).ok_or_else(|| "expected a size such as 500M or 20G".to_owned())
}

fn band(text: &str) -> Result<Band, String> {
    one_of(text, &Band::ALL, Band::name)
}

fn tier(text: &str) -> Result<Tier, String> {
    one_of(text, &Tier::ALL, Tier::name)
}

fn effort(text: &str) -> Result<Effort, String> {
    one_of(text, &Effort::ALL, Effort::name)
}

fn play_type(text: &str) -> Result<PlayType, String> {
    one_of(&text.replace('-', "_"), &PlayType::ALL, PlayType::name)
}

fn one_of<T: Copy>(text: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Result<T, String> {
    all.iter().copied().find(|item| name(*item).eq_ignore_ascii_case(text)).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|item| name(*item)).collect();
        format!("expected {}", names.join(", "))
    })
}
