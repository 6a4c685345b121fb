//! What to be careful with: what the data or the model may hide.

use super::document::{Block, Cell, Line, line};
use super::{Context, piece, quality_line};
use crate::analysis::{Band, Briefing, LOW_COVERAGE, Note};
use crate::engine::Missing;

/// The notes of a briefing, and the problems of the data.
pub(super) fn notes(context: &Context<'_>, briefing: &Briefing<'_>) -> Vec<Block<'static>> {
    let mut notes: Vec<Line> = absent_groups(context, &briefing.notes).into_iter().collect();
    notes.extend(briefing.notes.iter().filter_map(|given| note(context, *given)));
    notes.extend(quality_line(context.reading));
    if notes.is_empty() {
        return Vec::new();
    }
    vec![Block::Heading("Be careful with".into()), Block::List(notes)]
}

/// The churn categories that are absent in many accounts, in one line.
fn absent_groups(context: &Context<'_>, notes: &[Note]) -> Option<Line> {
    let mut line = match context.models.churn.model.missing() {
        Missing::Default => line!["Churn risk is understated, for what is absent counts as no risk. Without data: "],
        Missing::Redistribute => line!["Churn risk rests on fewer signs than the model has. Without data: "],
    };
    let start = line.0.len();
    for note in notes {
        let Note::AbsentGroup { group, share } = note else { continue };
        if line.0.len() > start {
            line.push(", ");
        }
        line.push(context.models.churn.model.groups()[*group].label.to_lowercase());
        line.push(" in ");
        line.push(Cell::Share(*share));
    }
    line.push(" of the accounts.");
    (line.0.len() > start + 1).then_some(line)
}

/// Accounts that name none of the modules, and those that name some but few.
fn incomplete_modules(none: u64, few: u64) -> Line {
    let mut line = Line::default();
    if none > 0 {
        line.0.extend(piece::counted(none, "account names", "accounts name").0);
        line.push(" no module");
    }
    match (none, few) {
        (_, 0) => line.push(" of those in expansion.toml"),
        (0, _) => {
            line.0.extend(piece::counted(few, "account names", "accounts name").0);
            line.push(" fewer than half of the modules in expansion.toml");
        }
        _ => {
            line.push(" and ");
            line.push(Cell::Count(few));
            line.push(" fewer than half of those in expansion.toml");
        }
    }
    line.push(": what is not named is unknown, not unused.");
    line
}

/// What a note says, and what to do about it; `None` for those that are said together.
fn note(context: &Context<'_>, note: Note) -> Option<Line> {
    let some = |accounts: u64, one: &str, many: &str, rest: &str| {
        let mut line = piece::counted(accounts, one, many);
        line.push(rest);
        line
    };
    Some(match note {
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
        Note::AbsentGroup { .. } => return None,
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
        Note::IncompleteModules { none, few } => incomplete_modules(none, few),
        Note::UnknownPlan { accounts } => some(
            accounts,
            "account is",
            "accounts are",
            " on a plan that expansion.toml does not list, which counts as the cheapest: an upgrade proposed there may be none.",
        ),
        Note::LowCoverage { accounts } => {
            let mut line = line!["The health of "];
            line.0.extend(piece::counted(accounts.accounts, "account", "accounts").0);
            line.push(" (ARR ");
            line.push(Cell::Money(accounts.arr));
            line.push(") rests on less than ");
            line.push(Cell::Share(LOW_COVERAGE));
            line.push(" of the model's weight; it says little there.");
            line
        }
        Note::NoRenewalDate { accounts } => {
            let mut line = piece::counted(accounts.accounts, "account has", "accounts have");
            line.push(" no contract end, ARR ");
            line.push(Cell::Money(accounts.arr));
            line.push(": no urgency is applied, and no renewal is listed.");
            line
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_no_account_is_left_out() {
        let text = |line: Line| {
            let shown = line.0.into_iter().map(|cell| match cell {
                Cell::Count(count) => count.to_string(),
                Cell::Text(text) => text,
                other => format!("{other:?}"),
            });
            shown.collect::<String>()
        };
        for (none, few, expected) in [
            (8, 0, "8 accounts name no module of those in expansion.toml"),
            (1, 0, "1 account names no module of those in expansion.toml"),
            (0, 1, "1 account names fewer than half of the modules in expansion.toml"),
            (8, 2, "8 accounts name no module and 2 fewer than half of those in expansion.toml"),
        ] {
            let expected = format!("{expected}: what is not named is unknown, not unused.");
            assert_eq!(text(incomplete_modules(none, few)), expected);
        }
    }
}
