//! Whole reports for machines: which records go out under which names, in which order.

use std::io;

use serde::Serialize;

use super::super::{Comparison, Context, Past};
use super::trend::write_trends;
use super::{
    ActionRecord, BriefingSummary, ChangesRecord, ChurnRecord, ChurnSummary, ComparedRecord, DifferenceHead,
    EarnFirstRecord, ExpansionRecord, ExpansionSummary, ExplanationRecord, FalseGreenRecord, GroupRecord, Head,
    HealthRecord, HealthSummary, OnboardingRecord, OverdueRecord, ProposalRecord, RenewalRecord, SingleRecord,
    UnreadyRecord,
};
use crate::account::{Account, Entry};
use crate::analysis::{Assessment, Briefing, Explanation, Findings, Scope, UpcomingRenewal};
use crate::evidence::difference::{MoverOrder, Single};

/// Where the records of a report go: its head, then lists of records, then the end.
pub trait Sink {
    /// Some records of a list.
    type Part: Part;

    /// Takes the fields that the report begins with.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    fn head(&mut self, head: &impl Serialize) -> io::Result<()>;

    /// Begins a list; the one before is complete.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    fn list(&mut self, name: &str) -> io::Result<()>;

    /// Takes the next record of the list.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    fn record(&mut self, record: &impl Serialize) -> io::Result<()>;

    /// Takes the records of the list that `put` makes of items, in the order of the items. Any thread may make them, each with a desk of its
    /// own that `begin` gives it.
    ///
    /// # Errors
    ///
    /// The first error of `put`, or where the output cannot be written.
    fn records<I: Sync, D>(
        &mut self,
        items: &[I],
        begin: impl Fn() -> D + Sync,
        put: impl Fn(&I, &mut D, &mut Self::Part) -> io::Result<()> + Sync,
    ) -> io::Result<()>;

    /// Ends the report.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    fn end(&mut self) -> io::Result<()>;
}

/// Some records of a list, to go out together.
pub trait Part {
    /// Takes the next record.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    fn record(&mut self, record: &impl Serialize) -> io::Result<()>;
}

/// How much of the findings goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// At most this many accounts in each list; `None` for all.
    pub top: Option<usize>,
    /// Whether every contribution to a score goes out with it.
    pub detail: bool,
}

impl Extent {
    fn of<I>(self, items: &[I]) -> &[I] {
        &items[..self.top.unwrap_or(usize::MAX).min(items.len())]
    }
}

/// Health and churn risk.
const SCORES: Scope = Scope { health: true, churn: true, expansion: false };
/// Expansion.
const PLAYS: Scope = Scope { health: false, churn: false, expansion: true };

/// An account of the findings and what the models say of it, refilled for each record.
struct Desk<'f> {
    findings: &'f Findings<'f>,
    account: Account,
    assessment: Assessment,
}

impl<'f> Desk<'f> {
    fn new(findings: &'f Findings<'f>) -> Self {
        Self { findings, account: findings.blank_account(), assessment: Assessment::default() }
    }

    /// The account at an entry, assessed.
    fn read(&mut self, entry: Entry) -> (&Account, &Assessment) {
        self.findings.read(entry, &mut self.account, &mut self.assessment);
        (&self.account, &self.assessment)
    }

    /// The account at an entry, with its scores within a scope; the rest of the assessment is that of another account.
    fn score(&mut self, entry: Entry, scope: Scope) -> (&Account, &Assessment) {
        self.findings.score(entry, scope, &mut self.account, &mut self.assessment);
        (&self.account, &self.assessment)
    }

    /// The account at an entry alone.
    fn account(&mut self, entry: Entry) -> &Account {
        self.findings.account(entry, &mut self.account);
        &self.account
    }
}

/// The beginning of a report that also says what changed.
#[derive(Serialize)]
struct WithChanges<'a, S> {
    #[serde(flatten)]
    head: Head<'a, S>,
    changes: ChangesRecord<'a>,
}

/// Writes the health of a portfolio, as `customers`. The findings must have health in scope.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_health(
    context: &Context<'_>,
    findings: &Findings<'_>,
    extent: Extent,
    sink: &mut impl Sink,
) -> io::Result<()> {
    sink.head(&Head::new("customer_health_scores", context, HealthSummary::of(findings)))?;
    sink.list("customers")?;
    sink.records(
        extent.of(findings.listed()),
        || Desk::new(findings),
        |entry, desk, part| {
            let (account, assessment) = desk.read(*entry);
            part.record(&HealthRecord::new(context, account, &assessment.health, extent.detail))
        },
    )?;
    sink.end()
}

/// Writes the churn risk of a portfolio, as `customers`. The findings must have churn in scope.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_churn(
    context: &Context<'_>,
    findings: &Findings<'_>,
    extent: Extent,
    sink: &mut impl Sink,
) -> io::Result<()> {
    sink.head(&Head::new("churn_risk_analysis", context, ChurnSummary::of(findings)))?;
    sink.list("customers")?;
    sink.records(
        extent.of(findings.listed()),
        || Desk::new(findings),
        |entry, desk, part| {
            let (account, assessment) = desk.read(*entry);
            part.record(&ChurnRecord::new(context, account, assessment, extent.detail))
        },
    )?;
    sink.end()
}

/// Writes the expansion of a portfolio, as `customers`. The findings must have expansion in scope.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_expansion(
    context: &Context<'_>,
    findings: &Findings<'_>,
    extent: Extent,
    sink: &mut impl Sink,
) -> io::Result<()> {
    sink.head(&Head::new("expansion_opportunities", context, ExpansionSummary::of(context, findings)))?;
    sink.list("customers")?;
    sink.records(
        extent.of(findings.listed()),
        || Desk::new(findings),
        |entry, desk, part| {
            let (account, assessment) = desk.read(*entry);
            part.record(&ExpansionRecord::new(context, account, &assessment.expansion))
        },
    )?;
    sink.end()
}

/// Writes a briefing: its sums, then what to do first as `actions`, `false_greens`, `renewals` (overdue ones first) and, of those ahead,
/// `declining_renewals`, `proposals` and `earn_first`, `strategic_not_ready` and `groups` where they were asked for, and `onboarding`.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_briefing(
    context: &Context<'_>,
    briefing: &Briefing<'_>,
    extent: Extent,
    sink: &mut impl Sink,
) -> io::Result<()> {
    write_briefing_over_time(context, briefing, Past::default(), extent, sink)
}

/// The same with what is known of the days before: how the scores moved over a history as `snapshots` and `confirmed_falls`; what changed
/// since the last period as `changes`, and as `changed`, `arrived` and `departed` the accounts; what was to be done by now as
/// `overdue_interventions`.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_briefing_over_time(
    context: &Context<'_>,
    briefing: &Briefing<'_>,
    past: Past<'_>,
    extent: Extent,
    sink: &mut impl Sink,
) -> io::Result<()> {
    let findings = &briefing.findings;
    let head = Head::new("portfolio_briefing", context, BriefingSummary::of(context, briefing, past.overdue));
    match &past.changes {
        Some(changes) => sink.head(&WithChanges { head, changes: ChangesRecord::new(changes) })?,
        None => sink.head(&head)?,
    }
    sink.list("actions")?;
    sink.records(
        extent.of(findings.listed()),
        || Desk::new(findings),
        |entry, desk, part| {
            let (account, assessment) = desk.read(*entry);
            part.record(&ActionRecord::new(context, account, assessment))
        },
    )?;
    if let Some(overdue) = past.overdue {
        sink.list("overdue_interventions")?;
        sink.records(
            extent.of(&overdue.interventions),
            || Desk::new(findings),
            |overdue, desk, part| part.record(&OverdueRecord::new(context, overdue, desk.account(overdue.entry))),
        )?;
    }
    sink.list("false_greens")?;
    sink.records(
        extent.of(&briefing.false_greens),
        || Desk::new(findings),
        |found, desk, part| {
            let (account, assessment) = desk.read(found.entry);
            part.record(&FalseGreenRecord::new(context, *found, account, assessment))
        },
    )?;
    for (name, declining_only) in [("renewals", false), ("declining_renewals", true)] {
        sink.list(name)?;
        // As in the text: what is past its end is in the whole list only.
        let declines = |renewal: &UpcomingRenewal| renewal.declining && renewal.decided >= context.as_of;
        let wanted = briefing.renewals.iter().filter(|renewal| declines(renewal) || !declining_only);
        let wanted: Vec<&UpcomingRenewal> = wanted.take(extent.top.unwrap_or(usize::MAX)).collect();
        sink.records(
            &wanted,
            || Desk::new(findings),
            |renewal, desk, part| {
                let (account, assessment) = desk.score(renewal.entry, SCORES);
                part.record(&RenewalRecord::new(context, renewal, account, assessment))
            },
        )?;
    }
    sink.list("proposals")?;
    sink.records(
        extent.of(&briefing.proposals),
        || Desk::new(findings),
        |entry, desk, part| {
            let (account, assessment) = desk.score(*entry, PLAYS);
            part.record(&ProposalRecord::new(context, account, assessment))
        },
    )?;
    sink.list("earn_first")?;
    sink.records(
        extent.of(&briefing.earn_first),
        || Desk::new(findings),
        |entry, desk, part| {
            let (account, assessment) = desk.score(*entry, Scope::ALL);
            part.record(&EarnFirstRecord::new(context, account, assessment))
        },
    )?;
    if let Some(readiness) = &briefing.readiness {
        sink.list("strategic_not_ready")?;
        sink.records(
            extent.of(&readiness.unready),
            || Desk::new(findings),
            |unready, desk, part| part.record(&UnreadyRecord::new(context, unready, desk.account(unready.entry))),
        )?;
    }
    if let Some(grouped) = &briefing.grouped {
        sink.list("groups")?;
        for group in grouped.groups.iter().take(extent.top.unwrap_or(usize::MAX)) {
            sink.record(&GroupRecord::new(&grouped.field, group))?;
        }
    }
    if let Some(changes) = &past.changes {
        write_accounts(changes, MoverOrder::Fall, extent, "changed", sink)?;
    }
    if let Some(trends) = past.trends {
        write_trends(context, trends, extent, sink)?;
    }
    sink.list("onboarding")?;
    sink.records(
        extent.of(findings.onboarding()),
        || Desk::new(findings),
        |entry, desk, part| {
            let (account, assessment) = desk.score(*entry, SCORES);
            part.record(&OnboardingRecord::new(context, account, assessment))
        },
    )?;
    sink.end()
}

/// Writes what became of a portfolio from one day to another: the accounts that were there on both days as `customers`, in an order, those
/// that came as `arrived` and those that left as `departed`.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_difference(
    comparison: &Comparison<'_>,
    order: MoverOrder,
    extent: Extent,
    sink: &mut impl Sink,
) -> io::Result<()> {
    sink.head(&DifferenceHead::new(comparison))?;
    write_accounts(comparison, order, extent, "customers", sink)?;
    sink.end()
}

/// The lists of accounts of what changed, the first under a name.
fn write_accounts(
    comparison: &Comparison<'_>,
    order: MoverOrder,
    extent: Extent,
    name: &str,
    sink: &mut impl Sink,
) -> io::Result<()> {
    let difference = comparison.difference;
    sink.list(name)?;
    sink.records(
        extent.of(&difference.in_order(order)),
        || difference.blank(),
        |pair, compared, part| {
            difference.read(pair, compared);
            part.record(&ComparedRecord::new(comparison, compared))
        },
    )?;
    sink.list("arrived")?;
    sink.records(extent.of(difference.arrived()), Account::default, |single: &Single, account, part| {
        difference.read_arrived(single, account);
        part.record(&SingleRecord::new(&comparison.now, single, account))
    })?;
    sink.list("departed")?;
    sink.records(extent.of(difference.departed()), Account::default, |single: &Single, account, part| {
        difference.read_departed(single, account);
        part.record(&SingleRecord::new(&comparison.then, single, account))
    })
}

/// Writes why one account scores as it does.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_explanation(
    context: &Context<'_>,
    account: &Account,
    assessment: &Assessment,
    explanation: &Explanation,
    sink: &mut impl Sink,
) -> io::Result<()> {
    sink.head(&ExplanationRecord::new(context, account, assessment, explanation))?;
    sink.end()
}
