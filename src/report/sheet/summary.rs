//! The key figures of a briefing, a row each.

use super::super::document::Cell;
use super::super::{Context, briefing as shown};
use super::{Kind, Sheet, SheetChart, SheetColumn};
use crate::account::Profile;
use crate::analysis::{Band, Briefing, HealthTotals, Note, Outlook, Play, RetentionOutlook, Tally, Tier};

/// The standing of the portfolio, the outlook with what it assumes, and what to be careful with.
pub fn summary<'a>(context: &Context<'_>, briefing: &Briefing<'_>) -> Sheet<'a> {
    let totals = briefing.findings.totals();
    let mut figures = Figures::default();
    figures.portfolio(briefing);
    let charts = figures.health(&totals.health);
    figures.last_period(&totals.health);
    figures.churn(briefing);
    figures.renewals(briefing);
    if let Some(retention) = shown::retention(context, briefing) {
        figures.outlook(context, &retention);
    }
    figures.expansion(briefing);
    figures.assumptions(context, briefing);
    for (profile, health) in (0..).map(Profile).zip(&totals.health_by_segment) {
        if health.all.accounts > 0 {
            figures.segment(context, profile, health);
        }
    }
    for note in &briefing.notes {
        figures.note(context, *note);
    }
    let column = SheetColumn::new;
    let columns = vec![
        column("section", "Section", Kind::Text, "What the figure is about."),
        column("label", "Figure", Kind::Text, "What the figure says."),
        column("value", "Value", Kind::Mixed, "The figure."),
        column("unit", "Unit", Kind::Text, "What one of it is."),
        column("note", "Note", Kind::Prose, "What to know of it."),
        column("key", "Key", Kind::Text, "Where it stands under `summary` in the JSON output, if it does."),
    ];
    let opening = vec![
        format!("Portfolio briefing as of {}", context.as_of),
        format!("{} · model {} · csm {}", context.source, context.models.fingerprint, env!("CARGO_PKG_VERSION")),
    ];
    Sheet { opening, charts, ..Sheet::of("Summary", columns, figures.rows) }
}

/// The rows so far, and what the next ones are about.
#[derive(Default)]
struct Figures {
    section: String,
    rows: Vec<Vec<Cell>>,
}

impl Figures {
    fn section(&mut self, section: impl Into<String>) {
        self.section = section.into();
    }

    /// Adds a figure; `key` is empty where the JSON output has it nowhere.
    fn add(&mut self, key: &str, label: impl Into<String>, value: Cell, note: &str) {
        let unit = match value {
            Cell::Money(_) => "money",
            Cell::Share(_) => "share",
            Cell::Score(_) => "score",
            Cell::Count(_) => "count",
            _ => "",
        };
        let text = super::field::text;
        self.rows.push(vec![
            self.section.clone().into(),
            label.into().into(),
            value,
            text(unit),
            text(note),
            text(key),
        ]);
    }

    fn tally(&mut self, key: &str, label: &str, tally: Tally, note: &str) {
        let path = |part: &str| if key.is_empty() { String::new() } else { format!("{key}.{part}") };
        self.add(&path("accounts"), label, Cell::Count(tally.accounts), note);
        self.add(&path("arr"), format!("{label}, ARR"), Cell::Money(tally.arr), "");
    }

    fn outlook_of(&mut self, key: &str, label: &str, outlook: Outlook, cell: impl Fn(f64) -> Cell, note: &str) {
        for (case, value) in [("base", outlook.base), ("low", outlook.low), ("high", outlook.high)] {
            let note = if case == "base" { note } else { "" };
            self.add(&format!("{key}.{case}"), format!("{label}, {case}"), cell(value), note);
        }
    }

    fn portfolio(&mut self, briefing: &Briefing<'_>) {
        let totals = briefing.findings.totals();
        self.section("Portfolio");
        self.add(
            "health.total_customers",
            "Accounts",
            Cell::Count(totals.all.accounts),
            "Onboarding and churned left out.",
        );
        self.add("health.total_arr", "ARR", Cell::Money(totals.all.arr), "");
        let apart = "Shown apart: in no other figure.";
        self.add("health.onboarding_count", "Onboarding", Cell::Count(totals.onboarding.accounts), apart);
        self.add("health.churned_count", "Churned", Cell::Count(totals.churned.accounts), "Left out of all figures.");
    }

    /// Returns the charts of the bands.
    fn health(&mut self, totals: &HealthTotals) -> Vec<SheetChart> {
        self.section("Health");
        let score = |score| Cell::or_empty(score, Cell::Score);
        self.add("health.average_score", "Average score", score(totals.average()), "0 to 100, higher is better.");
        self.add("health.average_score_by_arr", "Average score, weighted by ARR", score(totals.average_by_arr()), "");
        let coverage = Cell::or_empty(totals.coverage(), Cell::Share);
        self.add(
            "health.average_coverage",
            "Data",
            coverage,
            "The mean share of the model's weight that rests on data.",
        );
        self.add("health.not_scored_count", "Not scored", Cell::Count(totals.not_scored.accounts), "In no band.");
        let mut charts = Vec::new();
        for (section, part) in [("Accounts by health", "count"), ("ARR by health", "arr")] {
            self.section(section);
            let start = self.position();
            for band in Band::ALL {
                let tally = totals.bands[band as usize];
                let value = if part == "count" { Cell::Count(tally.accounts) } else { Cell::Money(tally.arr) };
                let label = super::super::sentence::capitalised(band.name());
                self.add(&format!("health.{}_{part}", band.name()), label, value, "");
            }
            let tones = Band::ALL.map(super::super::piece::band_tone).to_vec();
            let rows = start..self.position();
            charts.push(SheetChart { title: section.to_owned(), rows, labels: 1, values: 2, tones });
        }
        charts
    }

    fn last_period(&mut self, totals: &HealthTotals) {
        let Some((before, now)) = totals.compared.averages() else { return };
        self.section("Against the last period");
        let accounts = Cell::Count(totals.compared.all.accounts);
        self.add("last_period.accounts", "Accounts", accounts, "Those that have a score of the last period too.");
        self.add("last_period.average_before", "Average score, last period", Cell::Score(before), "");
        self.add("last_period.average_now", "Average score, now", Cell::Score(now), "");
        for band in Band::ALL {
            let label = super::super::sentence::capitalised(band.name());
            for (key, when, tallies) in
                [("before", "last period", totals.compared.before), ("now", "now", totals.compared.now)]
            {
                let path = format!("last_period.{key}.{}", band.name());
                self.tally(&path, &format!("{label}, {when}"), tallies[band as usize], "");
            }
        }
    }

    fn renewals(&mut self, briefing: &Briefing<'_>) {
        self.section("Renewals");
        for (position, window) in briefing.windows.iter().enumerate() {
            let path = format!("renewal_windows.{position}");
            let label = format!("Decided within {} days", window.days);
            self.tally(&format!("{path}.renewals"), &label, window.renewals, "Each window holds those before it.");
            let label = format!("{label}, at risk");
            self.tally(&format!("{path}.at_risk"), &label, window.at_risk, "At critical or high churn risk.");
        }
    }

    fn position(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    fn churn(&mut self, briefing: &Briefing<'_>) {
        let churn = &briefing.findings.totals().churn;
        self.section("Churn risk");
        let note = "ARR of the accounts in the critical and the high tier.";
        self.add("churn.total_arr_at_risk", "ARR at risk", Cell::Money(churn.arr_at_risk), note);
        for tier in Tier::ALL {
            let tally = churn.tiers[tier.index()];
            let label = super::super::sentence::capitalised(tier.name());
            self.add(&format!("churn.{}_count", tier.name()), format!("{label} risk"), Cell::Count(tally.accounts), "");
            self.add("", format!("{label} risk, ARR"), Cell::Money(tally.arr), "");
        }
        let not_scored = Cell::Count(churn.not_scored.accounts);
        self.add("churn.not_scored_count", "Not scored", not_scored, "In no tier, and in no outlook.");
        self.add("churn.overdue_count", "Past the contract's end", Cell::Count(churn.overdue.accounts), "");
        let no_renewal = Cell::Count(churn.no_renewal.accounts);
        self.add("churn.no_renewal_date_count", "Without a renewal date", no_renewal, "No urgency is applied to them.");
    }

    fn outlook(&mut self, context: &Context<'_>, retention: &RetentionOutlook) {
        self.section("Outlook for twelve months");
        let note = "Estimate: ARR × the renewal rate of the tier ÷ ARR. The rates are assumptions, see below.";
        self.outlook_of("retention.grr", "Gross retention (GRR)", retention.grr, Cell::Share, note);
        let note = "Estimate: the same with the expansion to propose × the win rate of each play.";
        self.outlook_of("retention.nrr", "Net retention (NRR)", retention.nrr, Cell::Share, note);
        let source = &context.models.industry.retention_source;
        let field = |rate: fn(&crate::analysis::Retention) -> f64| {
            Cell::or_empty(retention.field.as_ref().map(rate), Cell::Share)
        };
        self.add("retention.field_grr", "GRR, field median", field(|field| field.grr), source);
        self.add("retention.field_nrr", "NRR, field median", field(|field| field.nrr), "");
        let coverage = Cell::or_empty(retention.pipeline_coverage, Cell::Share);
        let note = "Base pipeline ÷ (field median of NRR × ARR).";
        self.add("retention.pipeline_coverage", "Pipeline coverage", coverage, note);
        let goal = Cell::Share(context.models.expansion.coverage_goal);
        self.add("retention.pipeline_coverage_goal", "Pipeline coverage, goal", goal, "");
    }

    fn expansion(&mut self, briefing: &Briefing<'_>) {
        let totals = briefing.findings.totals();
        self.section("Expansion");
        self.tally("expansion.proposed", "Accounts to propose to", totals.gated, "Those whose plays pass the gate.");
        let note = "Estimate: revenue a year without double counting, before win rates.";
        self.outlook_of("expansion.estimated_pipeline", "Pipeline", totals.pipeline, Cell::Money, note);
        let note = "Estimate: the pipeline × the win rate of each play.";
        self.outlook_of("expansion.estimated_wins", "Expected wins", totals.expected, Cell::Money, note);
        self.tally("expansion.earn_first", "Accounts to earn it from first", totals.earn_first, "");
        let revenue = Cell::Money(totals.earn_first_revenue);
        self.add("expansion.earn_first_estimated_revenue", "Pipeline to be earned first", revenue, "Estimate.");
    }

    fn assumptions(&mut self, context: &Context<'_>, briefing: &Briefing<'_>) {
        self.section("Assumptions");
        let note =
            "The share of ARR that renews within twelve months; churn.toml, an assumption until you calibrate it.";
        for tier in Tier::ALL {
            let rates = context.models.churn.renewal_rates[tier.index()];
            self.rates(&format!("Renewal rate, {} risk", tier.name()), rates, note);
        }
        let note = "The share of a play's revenue that is won; expansion.toml, an assumption until you calibrate it.";
        for play in Play::ALL {
            let label = &context.models.wording.plays[play.index()].label;
            self.rates(&format!("Win rate, {label}"), context.models.expansion.terms[play.index()].win_rate, note);
        }
        let churn = &briefing.findings.totals().churn;
        let share = Cell::or_empty(churn.no_renewal.share_of(&churn.all), Cell::Share);
        self.add("", "Accounts without a renewal date", share, "They are in the outlook all the same.");
    }

    fn rates(&mut self, label: &str, rates: Outlook, note: &str) {
        for (case, rate) in [("base", rates.base), ("low", rates.low), ("high", rates.high)] {
            let note = if case == "base" { note } else { "" };
            self.add("", format!("{label}, {case}"), Cell::Share(rate), note);
        }
    }

    fn segment(&mut self, context: &Context<'_>, profile: Profile, health: &HealthTotals) {
        let models = context.models;
        let path = format!("segments.{}", models.segments.name(profile));
        self.section(format!("Segment {}", models.segments.label(profile)));
        self.add(&format!("{path}.accounts"), "Accounts", Cell::Count(health.all.accounts), "");
        self.add(&format!("{path}.arr"), "ARR", Cell::Money(health.all.arr), "");
        for band in Band::ALL {
            let tally = health.bands[band as usize];
            let label = super::super::sentence::capitalised(band.name());
            self.tally(&format!("{path}.{}", band.name()), &label, tally, "");
        }
        let not_scored = Cell::Count(health.not_scored.accounts);
        self.add(&format!("{path}.not_scored_count"), "Not scored", not_scored, "");
        let norm = models.industry.health_of(profile);
        let score = |score| Cell::or_empty(score, Cell::Score);
        self.add(&format!("{path}.average_score"), "Average score", score(health.average()), "");
        let target = Cell::or_empty(norm.map(|norm| norm.target), Cell::Number);
        self.add(&format!("{path}.target_average"), "Average score, target", target, "");
        self.add(&format!("{path}.median_score"), "Median score", score(health.median()), "");
        let median = Cell::or_empty(norm.map(|norm| norm.median), Cell::Number);
        self.add(&format!("{path}.industry_median"), "Median score, industry", median, "");
    }

    fn note(&mut self, context: &Context<'_>, note: Note) {
        self.section("Be careful with");
        let churn = &context.models.churn.model;
        match note {
            Note::OneBand { band, share } => {
                self.add(
                    "",
                    format!("Accounts in the {} band", band.name()),
                    Cell::Share(share),
                    "Check thresholds and data.",
                );
            }
            Note::AbsentGroup { group, share } => {
                let label = churn.groups().get(group).map_or("", |group| group.label.as_str());
                let note = "The churn risk rests on less than the model has.";
                self.add("", format!("Accounts without data on {label}"), Cell::Share(share), note);
            }
            Note::NoPrevious { accounts } => {
                self.add(
                    "",
                    "Accounts without figures of the last period",
                    Cell::Count(accounts),
                    "No trend is known.",
                );
            }
            Note::NoSegment { accounts } => {
                self.add("", "Accounts without a segment", Cell::Count(accounts), "They count as the default segment.");
            }
            Note::UnknownSegment { accounts } => {
                let note = "The model has no figures for their segment; they count as the default segment.";
                self.add("", "Accounts in unknown segments", Cell::Count(accounts), note);
            }
            Note::IncompleteModules { none, few } => {
                let note =
                    "They name none or fewer than half of the modules: what is not named is unknown, not unused.";
                self.add("", "Accounts with incomplete modules", Cell::Count(none + few), note);
            }
            Note::UnknownPlan { accounts } => {
                self.add("", "Accounts on unknown plans", Cell::Count(accounts), "They count as on the cheapest plan.");
            }
            Note::LowCoverage { accounts } => {
                let note = "Their health rests on little of the model's weight.";
                self.tally("", "Accounts with little data", accounts, note);
            }
            Note::NoRenewalDate { accounts } => {
                self.tally(
                    "",
                    "Accounts without a contract end",
                    accounts,
                    "No urgency is applied, no renewal listed.",
                );
            }
        }
    }
}
