//! What became of a portfolio from one day to another, for people.

mod account;
mod movers;
mod moves;
mod parts;
mod reason;

use super::document::{Block, Cell, Document, Line, Masthead, Tone, line};
use super::piece::{Good, View, counted};
use super::{Context, signed};
use crate::analysis::Model;
use crate::evidence::difference::{Difference, MoverOrder, ScoreTotals};

pub(super) use reason::reasons;

/// A portfolio on two days, and what each of them rests on.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    /// The day of before.
    pub then: Context<'a>,
    /// The day of now.
    pub now: Context<'a>,
    /// What became of the accounts.
    pub difference: &'a Difference<'a>,
}

/// One of the two scores.
#[derive(Clone, Copy)]
pub(super) struct OfScore<'a> {
    /// Which one it is.
    pub(super) score: Scored,
    /// The model of now.
    pub(super) model: &'a Model,
    pub(super) totals: &'a ScoreTotals,
}

/// Which score something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scored {
    Health,
    Churn,
}

impl Scored {
    /// What people call it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Churn => "churn risk",
        }
    }

    /// Its key in output.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Churn => "churn",
        }
    }

    /// What people call the places that it lies in.
    pub(super) fn place(self) -> &'static str {
        match self {
            Self::Health => "band",
            Self::Churn => "tier",
        }
    }

    fn good(self) -> Good {
        match self {
            Self::Health => Good::High,
            Self::Churn => Good::Low,
        }
    }
}

impl<'a> Comparison<'a> {
    /// The scores that are compared.
    pub(super) fn scores(&self) -> Vec<OfScore<'a>> {
        let (models, totals) = (self.now.models, self.difference.totals());
        let of = |score, model: &'a Model, totals: Option<&'a ScoreTotals>| {
            totals.map(|totals| OfScore { score, model, totals })
        };
        let health = of(Scored::Health, &models.health.model, totals.health.as_ref());
        let churn = of(Scored::Churn, &models.churn.model, totals.churn.as_ref());
        health.into_iter().chain(churn).collect()
    }

    /// Whether both portfolios are one: then only the model is another.
    fn is_one_portfolio(&self) -> bool {
        self.then.source == self.now.source && self.then.as_of == self.now.as_of
    }

    fn title(&self) -> String {
        let Self { then, now, .. } = self;
        if self.is_one_portfolio() {
            let [old, new] = [then, now].map(|context| context.models.fingerprint.to_string());
            return format!("Model {old} against {new} as of {} · {}", now.as_of, now.source);
        }
        format!("What changed from {} to {} · {} → {}", then.as_of, now.as_of, then.source, now.source)
    }

    fn masthead(&self) -> Masthead {
        let Self { then, now, .. } = self;
        let mut facts = Vec::new();
        for (label, of) in [("Before", then), ("Now", now)] {
            facts.push((label.to_owned(), format!("{} · {}", of.as_of, of.source)));
        }
        let models = [then, now].map(|context| context.models.fingerprint.to_string());
        let model = if models[0] == models[1] { models[1].clone() } else { models.join(" → ") };
        facts.push(("Model".to_owned(), model));
        Masthead { title: "What changed".to_owned(), facts }
    }
}

/// What became of a portfolio: where it stands now, from which bands accounts moved into which, what moved the scores, which accounts moved
/// most and why, who came and who left. Without an order, the accounts that fell most and those that rose most.
pub fn difference<'a>(comparison: Comparison<'a>, order: Option<MoverOrder>, view: View) -> Document<'a> {
    let totals = comparison.difference.totals();
    let mut blocks: Vec<Block<'a>> = Vec::new();
    if totals.old.accounts == 0 && totals.new.accounts == 0 {
        blocks.push(Block::Text("No account to compare.".into()));
    } else {
        blocks.extend(standing(&comparison));
        for score in comparison.scores() {
            blocks.push(Block::Heading(moves::heading(score.score).to_owned()));
            blocks.extend(moves::matrices(score));
        }
        for score in comparison.scores() {
            blocks.extend(parts::of_portfolio(&comparison, score));
        }
    }
    let accounts = movers::movers(comparison, order, view).chain(movers::singles(comparison, view));
    Document {
        title: comparison.title(),
        masthead: comparison.masthead(),
        currency: comparison.now.currency(),
        blocks: Box::new(blocks.into_iter().chain(accounts)),
    }
}

/// The same as a section of a briefing: of the moves only those between bands of health, and not what moved the means.
pub(super) fn section(comparison: Comparison<'_>, view: View) -> Vec<Block<'_>> {
    let mut blocks = vec![Block::Heading(format!("What changed since {}", comparison.then.as_of))];
    blocks.extend(standing(&comparison));
    let onboarding = comparison.difference.totals().onboarding;
    if onboarding.accounts > 0 {
        let mut line = counted(onboarding.accounts, "account is", "accounts are");
        line.push(" onboarding, and counted here.");
        blocks.push(Block::Remark(line));
    }
    for score in comparison.scores().into_iter().filter(|of| of.score == Scored::Health) {
        blocks.push(Block::Subheading(moves::heading(score.score).into()));
        blocks.extend(moves::matrices(score));
    }
    let under = |block| match block {
        Block::Heading(heading) => Block::Subheading(heading.into()),
        block => block,
    };
    blocks.extend(movers::movers(comparison, None, view).map(under));
    blocks.extend(movers::singles(comparison, view).into_iter().map(under));
    blocks
}

/// Where the portfolio stands against before, in sentences.
fn standing(comparison: &Comparison<'_>) -> Vec<Block<'static>> {
    let totals = comparison.difference.totals();
    let mut lines = vec![who(comparison)];
    if comparison.difference.has_other_model() {
        let [old, new] = [comparison.then, comparison.now].map(|context| context.models.fingerprint.to_string());
        lines.push(Line::from(format!(
            "The scores of before are those of another model ({old}, now {new}); what that did is told apart."
        )));
    }
    lines.extend(comparison.scores().into_iter().map(average));
    if totals.stayed_new.accounts == 0 && totals.old.accounts > 0 && totals.new.accounts > 0 {
        lines.push("No account of before is there now: are the ids of both the same?".into());
    }
    lines.into_iter().map(Block::Text).collect()
}

/// How many accounts there were and are.
fn who(comparison: &Comparison<'_>) -> Line {
    let totals = comparison.difference.totals();
    let mut line = counted(totals.new.accounts, "account", "accounts");
    line.push(", ARR ");
    line.push(Cell::Money(totals.new.arr));
    if comparison.is_one_portfolio() {
        line.push(".");
        return line;
    }
    line.push("; on ");
    line.push(Cell::Date(comparison.then.as_of));
    line.push(" there were ");
    line.push(Cell::Count(totals.old.accounts));
    line.push(", ARR ");
    line.push(Cell::Money(totals.old.arr));
    line.push(". ");
    line.push(Cell::Count(totals.stayed_new.accounts));
    line.push(" stayed (ARR ");
    line.push(Cell::Money(totals.stayed_old.arr));
    line.push(" → ");
    line.push(Cell::Money(totals.stayed_new.arr));
    line.push(")");
    for (tally, what) in [(totals.arrived, " came"), (totals.departed, " left")] {
        line.push(", ");
        line.push(Cell::Count(tally.accounts));
        line.push(what);
        if tally.accounts > 0 {
            line.push(" (ARR ");
            line.push(Cell::Money(tally.arr));
            line.push(")");
        }
    }
    if totals.churned.accounts > 0 {
        line.push(", ");
        line.push(Cell::Count(totals.churned.accounts));
        line.push(" of them marked as churned");
    }
    line.push(".");
    line
}

/// How far a score moved on average, and how many accounts moved.
fn average(of: OfScore<'_>) -> Line {
    let OfScore { score, totals, .. } = of;
    let label = score.label();
    let [was, is] = [totals.old, totals.new].map(|sum| totals.mean(sum));
    let mut line = match totals.compared.accounts {
        0 => return line![format!("No account has a score of {label} on both days.")],
        _ => line![format!("Average {label} "), Cell::Score(was), " → ", Cell::Score(is), " ("],
    };
    let change = totals.mean(totals.new - totals.old);
    line.push(Cell::toned(signed(change), parts::tone(score.good(), change)));
    line.push(") over ");
    line.0.extend(counted(totals.compared.accounts, "account", "accounts").0);
    line.push(" scored on both days: ");
    line.push(Cell::Count(totals.risen.accounts));
    line.push(" rose, ");
    line.push(Cell::Count(totals.fallen.accounts));
    line.push(" fell");
    let (better, worse, places) = match score {
        Scored::Health => (
            totals.moves.towards_first(),
            totals.moves.towards_last(),
            ["moved into a better band", "into a worse one"],
        ),
        Scored::Churn => (
            totals.moves.towards_last(),
            totals.moves.towards_first(),
            ["moved into a lower tier", "into a graver one"],
        ),
    };
    if better.accounts + worse.accounts == 0 {
        line.push(format!("; none changed its {}", score.place()));
    } else {
        let [into_better, into_worse] = places;
        for (tally, before, into) in [(better, "; ", into_better), (worse, ", ", into_worse)] {
            line.push(before);
            line.push(Cell::Count(tally.accounts));
            line.push(format!(" {into}"));
            if tally.accounts > 0 {
                line.push(" (ARR ");
                line.push(Cell::Money(tally.arr));
                line.push(")");
            }
        }
    }
    let (newly, lost) = (totals.moves.newly_scored(), totals.moves.no_longer_scored());
    for (count, what) in [(newly.accounts, " newly scored"), (lost.accounts, " no longer scored")] {
        if count > 0 {
            line.push(", ");
            line.push(Cell::Count(count));
            line.push(what);
        }
    }
    line.push(".");
    line
}

/// A change of a score as text, and what it means.
fn change(good: Good, points: f64, text: String) -> Cell {
    Cell::toned(text, parts::tone(good, points)).ordered_by(Some(points))
}

/// What stands where a score, or what moved it, is missing.
const NONE: Tone = Tone::Muted;
