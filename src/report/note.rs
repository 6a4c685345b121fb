//! What to be careful with: what the data or the model may hide.

use super::document::{Block, Cell, Line, line};
use super::{Context, piece, quality_line};
use crate::analysis::{Band, Briefing, LOW_COVERAGE, Note};

/// The notes of a briefing, and the problems of the data.
pub(super) fn notes(context: &Context<'_>, briefing: &Briefing<'_>) -> Vec<Block<'static>> {
    let mut notes: Vec<Line> = briefing.notes.iter().map(|given| note(context, *given)).collect();
    notes.extend(quality_line(context.reading));
    if notes.is_empty() {
        return Vec::new();
    }
    vec![Block::Heading("Be careful with".into()), Block::List(notes)]
}

/// What a note says, and what to do about it.
fn note(context: &Context<'_>, note: Note) -> Line {
    let some = |accounts: u64, one: &str, many: &str, rest: &str| {
        let mut line = piece::counted(accounts, one, many);
        line.push(rest);
        line
    };
    match note {
        Note::OneBand { band, share } => {
            let cause = match band {
                Band::Green => "the benchmarks may be too easy, or absent data reads as good",
                Band::Yellow => "the bands may be too wide, or defaults dominate",
                Band::Red => "the benchmarks may be too hard, or a source of data may be missing",
            };
            line![
                Cell::Share(share),
                format!(
                    " of the accounts are {}: {cause}. Check coverage, then the bands in segments.toml.",
                    band.name()
                ),
            ]
        }
        Note::AbsentGroup { group, share } => line![
            "Churn risk is understated: ",
            Cell::Share(share),
            format!(
                " of the accounts have no data on {}, which counts as no risk.",
                context.models.churn.model.groups()[group].label.to_lowercase()
            ),
        ],
        Note::NoPrevious { accounts } => some(
            accounts,
            "account has",
            "accounts have",
            " no figures of the last period: no trend is known for them.",
        ),
        Note::NoSegment { accounts } => some(
            accounts,
            "account names",
            "accounts name",
            &format!(
                " no segment and scores as {}.",
                context.models.segments.name(context.models.segments.default_profile())
            ),
        ),
        Note::UnknownSegment { accounts } => some(
            accounts,
            "account is",
            "accounts are",
            &format!(
                " in a segment that the model does not know, scored as {}; add it to segments.toml.",
                context.models.segments.name(context.models.segments.default_profile())
            ),
        ),
        Note::NoModules { accounts } => {
            some(accounts, "account names", "accounts name", " no module: its cross-sell is unknown, not zero.")
        }
        Note::LowCoverage { accounts } => {
            let mut line = piece::counted(accounts.accounts, "account rests", "accounts rest");
            line.push(", ARR ");
            line.push(Cell::Money(accounts.arr));
            line.push(", on less than ");
            line.push(Cell::Share(LOW_COVERAGE));
            line.push(" of the health model's weight; the score says little there.");
            line
        }
        Note::NoRenewalDate { accounts } => {
            let mut line = piece::counted(accounts.accounts, "account has", "accounts have");
            line.push(" no contract end, ARR ");
            line.push(Cell::Money(accounts.arr));
            line.push(": no urgency is applied, and no renewal is listed.");
            line
        }
    }
}
