//! What is proposed for tables with several rows for an id: tickets, answers to surveys, meetings, or a history.

use super::cells::{self, Dates};
use super::header;
use super::judge::{Judgement, Manner, few, judge};
use super::lexicon::{Lexicon, Role, RowWords};
use super::names::{Candidate, Closeness};
use super::table::{Choice, Column, add_absent, filled};
use super::{AggregateProposal, Known, TableProposal};
use crate::account::{Field, same_word};
use crate::config::mapping::target::{Holds, holds};
use crate::config::mapping::{Aggregate, Convert, DateFormat, Filter, FilterTest, How, Literal};

/// The days that count as the period of metrics "in the period".
const PERIOD_DAYS: f64 = 30.0;

/// What an aggregate gets, beside its path.
#[derive(Default)]
struct Draft {
    filters: Vec<Filter>,
    otherwise: Option<Literal>,
    judgement: Judgement,
}

/// The table at hand.
struct Rows<'t> {
    columns: &'t [Column<'t>],
    id: Option<usize>,
    manner: &'t Manner,
    known: Known<'t>,
    words: &'static RowWords,
    /// Whether dates are looked at that are written without a declared format.
    reads_iso: bool,
    table: &'t mut TableProposal,
}

pub(super) fn propose(
    columns: &[Column<'_>],
    choices: Vec<Choice>,
    name: &str,
    id: Option<&Choice>,
    manner: &Manner,
    known: Known<'_>,
    table: &mut TableProposal,
) {
    let words = &Lexicon::shipped().row_words;
    let mut rows = Rows { columns, id: id.map(|id| id.column), manner, known, words, reads_iso: false, table };
    let name = name.to_lowercase();
    let is_named = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let has = |role| columns.iter().any(|column| column.role == Some(role));
    let is_survey = has(Role::ResponseId) || is_named(&["survey", "nps", "csat"]);
    let is_meetings = has(Role::MeetingId) || has(Role::Attended) || is_named(&["meeting"]);
    let has_course = has(Role::Status) && (has(Role::Opened) || has(Role::Closed));
    let is_tickets =
        has(Role::TicketId) || is_named(&["ticket", "case", "incident"]) || (has(Role::Priority) && has_course);
    if is_tickets {
        rows.tickets();
    }
    if is_survey || is_tickets {
        rows.answers(is_survey, is_named(&["nps"]), is_named(&["csat"]));
    }
    if is_meetings {
        rows.meetings();
    }
    if !is_tickets && !is_survey && !is_meetings {
        rows.history(choices);
    }
}

impl<'t> Rows<'t> {
    /// The first column of a role that has values.
    fn find(&self, role: Role) -> Option<&'t Column<'t>> {
        let fits = |(position, column): &(usize, &Column<'_>)| {
            column.role == Some(role) && self.id != Some(*position) && filled(column.sample).next().is_some()
        };
        self.columns.iter().enumerate().find(fits).map(|(_, column)| column)
    }

    /// The first column of one of the roles that holds dates; doubts where they cannot be read.
    fn dated(&mut self, roles: &[Role]) -> Option<(&'t Column<'t>, Option<String>)> {
        for role in roles {
            let Some(column) = self.find(*role) else { continue };
            let cells: Vec<&str> = filled(column.sample).collect();
            let Some(found) = cells::dates(&cells) else { continue };
            let usual = &mut self.table.source.date;
            let is_usual = |format: &DateFormat| usual.as_ref() == Some(format);
            let doubt = match found.dates {
                Dates::Iso if usual.is_none() => {
                    self.reads_iso = true;
                    None
                }
                Dates::Decided(format) if is_usual(&format) => None,
                Dates::Decided(format) if usual.is_none() && !self.reads_iso => {
                    *usual = Some(format);
                    None
                }
                Dates::Iso | Dates::Decided(_) => Some("other dates of the file are written in another way".to_owned()),
                Dates::Open(first, second) if is_usual(&first) || is_usual(&second) => None,
                Dates::Open(first, second) => {
                    Some(format!("the sample does not say whether dates are {first} or {second}; say date = \"…\""))
                }
            };
            return Some((column, doubt));
        }
        None
    }

    /// Proposes an aggregate for a path that holds numbers.
    fn propose_number(&mut self, path: &str, how: How, draft: Draft) {
        if holds(self.known.schema, path) == Ok(Holds::Number) {
            self.add(path, how, draft);
        }
    }

    /// Proposes an aggregate, unless there is one for the path.
    fn add(&mut self, path: &str, how: How, draft: Draft) {
        if self.table.aggregates.iter().all(|known| known.aggregate.path != path) {
            self.push(path, how, draft);
        }
    }

    fn push(&mut self, path: &str, how: How, draft: Draft) {
        let Draft { filters, otherwise, judgement } = draft;
        let certainty = judgement.certainty();
        if certainty.is_in_force() {
            add_absent(&judgement.absent, &mut self.table.source);
        }
        let aggregate = Aggregate { path: path.to_owned(), how, filters, otherwise, reading: judgement.reading };
        self.table.aggregates.push(AggregateProposal { aggregate, certainty });
    }

    fn tickets(&mut self) {
        let nothing = Some(Literal::Number(0.0));
        let mut volume = Draft { otherwise: nothing.clone(), ..Draft::default() };
        match self.dated(&[Role::Opened]) {
            Some((column, doubt)) => {
                volume.filters.push(filter(column, FilterTest::WithinDays(PERIOD_DAYS)));
                volume.judgement.concerns.push(format!("the period is taken as {PERIOD_DAYS} days"));
                volume.judgement.doubts.extend(doubt);
            }
            None => volume.judgement.concerns.push("all rows count, whatever their date".to_owned()),
        }
        self.propose_number("engagement.support_ticket_volume", How::Count, volume);
        let open = self.open();
        if let Some((filter, concern)) = &open {
            let mut draft = Draft { filters: vec![filter.clone()], otherwise: nothing.clone(), ..Draft::default() };
            draft.judgement.concerns.extend(concern.clone());
            self.propose_number("support.open_tickets", How::Count, draft);
        }
        if let Some((escalated, concern)) = self.escalated() {
            let mut share = Draft { filters: vec![escalated.clone()], ..Draft::default() };
            share.judgement.concerns.extend(concern.clone());
            self.propose_number("support.escalation_rate", How::Share, share);
            if let Some((open, open_concern)) = &open
                && open.column != escalated.column
            {
                let mut draft =
                    Draft { filters: vec![escalated, open.clone()], otherwise: nothing.clone(), ..Draft::default() };
                draft.judgement.concerns.extend(concern.into_iter().chain(open_concern.clone()));
                self.propose_number("support_issues.open_escalations", How::Count, draft);
            }
        }
        if let Some(priority) = self.find(Role::Priority)
            && let Some((open, concern)) = &open
        {
            let urgent = words_in(priority, &self.words.urgent);
            if !urgent.is_empty() {
                let mut draft = Draft { otherwise: nothing, ..Draft::default() };
                draft.judgement.concerns.push(format!("{} taken as critical", few(&quoted(&urgent))));
                draft.judgement.concerns.extend(concern.clone());
                draft.filters = vec![filter(priority, FilterTest::Is(urgent)), open.clone()];
                self.propose_number("support_issues.unresolved_critical", How::Count, draft);
            }
        }
        if let Some(column) = self.find(Role::Resolution) {
            let path = "support.avg_resolution_hours";
            if let Some(judgement) = self.judge(path, column) {
                let how = How::Mean { column: column.sample.header.clone() };
                self.propose_number(path, how, Draft { judgement, ..Draft::default() });
            }
        }
    }

    /// What must hold of a ticket that is open, and why that should be looked at.
    fn open(&self) -> Option<(Filter, Option<String>)> {
        if let Some(status) = self.find(Role::Status) {
            let open = words_in(status, &self.words.open);
            let closed = words_in(status, &self.words.closed);
            let is_known = |word: &String| open.contains(word) || closed.contains(word);
            let other: Vec<String> = different(status).into_iter().filter(|word| !is_known(word)).collect();
            if !open.is_empty() {
                let concern = (!other.is_empty()).then(|| format!("{} not taken as open", few(&quoted(&other))));
                return Some((filter(status, FilterTest::Is(open)), concern));
            }
            if !closed.is_empty() {
                let concern = "the sample has no open row; all that are not closed are taken as open".to_owned();
                return Some((filter(status, FilterTest::Not(closed)), Some(concern)));
            }
        }
        let closed = self.find(Role::Closed)?;
        let cells: Vec<&str> = filled(closed.sample).collect();
        cells::dates(&cells)?;
        let concern = "rows without a closing date are taken as open".to_owned();
        Some((filter(closed, FilterTest::Empty), Some(concern)))
    }

    /// What must hold of a ticket that was escalated, and why that should be looked at.
    fn escalated(&self) -> Option<(Filter, Option<String>)> {
        if let Some(column) = self.find(Role::Escalated) {
            let cells: Vec<&str> = filled(column.sample).collect();
            if cells::dates(&cells).is_some() {
                return Some((filter(column, FilterTest::Filled), None));
            }
            let mut yes = words_in(column, &self.words.yes);
            yes.extend(words_in(column, &self.words.escalated));
            if !yes.is_empty() {
                return Some((filter(column, FilterTest::Is(yes)), None));
            }
            let no = words_in(column, &self.words.no);
            if no.len() == different(column).len() {
                let yes = ["yes", "true", "1", "x"].map(str::to_owned).to_vec();
                let concern = "the sample has no escalated row; these are the usual words".to_owned();
                return Some((filter(column, FilterTest::Is(yes)), Some(concern)));
            }
        }
        [Role::Status, Role::Priority].into_iter().find_map(|role| {
            let column = self.find(role)?;
            let escalated = words_in(column, &self.words.escalated);
            let concern = "only what is escalated at present counts".to_owned();
            (!escalated.is_empty()).then(|| (filter(column, FilterTest::Is(escalated)), Some(concern)))
        })
    }

    /// Answers to surveys: the latest, or the mean where no date says which that is.
    fn answers(&mut self, is_survey: bool, is_nps: bool, is_csat: bool) {
        let dated = if is_survey { self.dated(&[Role::Dated, Role::Opened, Role::Closed]) } else { None };
        let score = |role, is_named: bool| self.find(role).or_else(|| self.find(Role::Score).filter(|_| is_named));
        let nps = score(Role::Nps, is_nps);
        let csat = score(Role::Csat, is_csat && !is_nps);
        let is_unnamed = is_survey && !is_nps && !is_csat;
        let is_like_nps = |column: &&Column<'_>| is_unnamed && self.is_like_nps(column, nps.is_some());
        let unnamed = self.find(Role::Score).filter(is_like_nps);
        let scores =
            [("engagement.nps_score", nps), ("engagement.csat_score", csat), ("engagement.nps_score", unnamed)];
        for (path, column) in scores {
            let Some(column) = column else { continue };
            let Some(mut judgement) = self.judge(path, column) else { continue };
            let is_guess = is_unnamed && column.role == Some(Role::Score);
            if is_guess {
                judgement.doubt("the name says not which question is answered");
            }
            let header = column.sample.header.clone();
            let how = match &dated {
                Some((by, doubt)) => {
                    judgement.doubts.extend(doubt.clone());
                    How::Latest { column: header, by: by.sample.header.clone() }
                }
                None => {
                    judgement.concerns.push("the mean of all rows".to_owned());
                    How::Mean { column: header }
                }
            };
            let draft = Draft { judgement, ..Draft::default() };
            // A guess is a comment, and may stand beside what is named.
            if is_guess && holds(self.known.schema, path) == Ok(Holds::Number) {
                self.push(path, how, draft);
            } else {
                self.propose_number(path, how, draft);
            }
        }
    }

    /// Whether the scale of a score is that of NPS, or other columns speak of it, where none of them has it.
    fn is_like_nps(&self, score: &Column<'_>, has_nps: bool) -> bool {
        let speaks = |word: &String| {
            let word = word.as_str();
            matches!(word, "nps" | "promoter" | "promoters" | "detractor" | "recommend")
        };
        let has_scale = ["010", "0to10"].iter().any(|scale| score.header.squeezed.ends_with(scale));
        has_scale || !has_nps && self.columns.iter().any(|column| column.header.words.iter().any(speaks))
    }

    fn meetings(&mut self) {
        if let Some(column) = self.find(Role::Attended) {
            let yes = words_in(column, &self.words.yes);
            if !yes.is_empty() {
                let mut draft = Draft { filters: vec![filter(column, FilterTest::Is(yes))], ..Draft::default() };
                draft.judgement.reading.convert = Some(Convert::RatioToPercent);
                draft.judgement.concerns.push("all rows count as meetings, whatever their date".to_owned());
                self.propose_number("engagement.meeting_attendance", How::Share, draft);
            }
        }
        let status = [Role::Status, Role::Attended].into_iter().find_map(|role| {
            let column = self.find(role)?;
            let cancelled = words_in(column, &self.words.cancelled);
            (!cancelled.is_empty()).then_some((column, cancelled))
        });
        if let Some((column, cancelled)) = status {
            let mut draft = Draft { otherwise: Some(Literal::Number(0.0)), ..Draft::default() };
            draft.filters.push(filter(column, FilterTest::Is(cancelled)));
            if let Some((day, doubt)) = self.dated(&[Role::Dated, Role::Opened]) {
                draft.filters.push(filter(day, FilterTest::WithinDays(PERIOD_DAYS)));
                draft.judgement.concerns.push(format!("the period is taken as {PERIOD_DAYS} days"));
                draft.judgement.doubts.extend(doubt);
            }
            self.propose_number("engagement_drop.meeting_cancellations", How::Count, draft);
        }
    }

    /// Rows of a history, or of several contracts: the latest where a column is a date, else what can be said of all together.
    fn history(&mut self, mut choices: Vec<Choice>) {
        choices.sort_by_key(|choice| (std::cmp::Reverse(choice.candidate.closeness), choice.column));
        let dated = self.dated(&[Role::Dated, Role::Snapshot, Role::Opened]);
        let mut used: Vec<usize> = Vec::new();
        for choice in choices {
            let Choice { column, candidate, mut judgement } = choice;
            let sample = self.columns[column].sample;
            if used.contains(&column) || candidate.closeness < Closeness::Loose {
                continue;
            }
            let header = sample.header.clone();
            let path = candidate.path.as_str();
            let how = if let Some((by, doubt)) = &dated {
                if by.sample.header == header {
                    continue;
                }
                judgement.concerns.push("the latest row counts".to_owned());
                judgement.doubts.extend(doubt.clone());
                if judgement.reading.date.is_some() {
                    judgement.doubts.push("the two dates are written in different ways".to_owned());
                }
                How::Latest { column: header, by: by.sample.header.clone() }
            } else if path == Field::Start.path() {
                How::Min { column: header }
            } else if path == Field::End.path() {
                How::Max { column: header }
            } else if path == Field::Arr.path() || path == Field::LicensedSeats.path() {
                judgement.doubts.push("should the rows be added up?".to_owned());
                How::Sum { column: header }
            } else if self.is_bounded(path) {
                judgement.doubts.push("should the mean of the rows count?".to_owned());
                How::Mean { column: header }
            } else {
                continue;
            };
            used.push(column);
            self.add(&candidate.path, how, Draft { judgement, ..Draft::default() });
        }
    }

    /// Whether a path holds a share or a score, whose mean says something.
    fn is_bounded(&self, path: &str) -> bool {
        let metric = self.known.schema.slot(path).map(|slot| self.known.schema.metric(slot));
        metric.and_then(|metric| metric.range).is_some_and(|(_, high)| high.is_finite())
    }

    /// What the values of a column say of a path.
    fn judge(&self, path: &str, column: &Column<'_>) -> Option<Judgement> {
        let candidate =
            Candidate { path: path.to_owned(), closeness: Closeness::Bare, convert: None, name: String::new() };
        judge(&candidate, &column.header, &column.sample.values, self.manner, self.known)
    }
}

fn filter(column: &Column<'_>, test: FilterTest) -> Filter {
    Filter { column: column.sample.header.clone(), test }
}

/// The different words in a column, in the order in which they are met.
fn different(column: &Column<'_>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for cell in filled(column.sample) {
        if !words.iter().any(|known| same_word(known, cell)) {
            words.push(cell.to_owned());
        }
    }
    words
}

/// Those words of a column that are in a list.
fn words_in(column: &Column<'_>, list: &[String]) -> Vec<String> {
    different(column).into_iter().filter(|word| list.contains(&header::squeezed(word))).collect()
}

fn quoted(words: &[String]) -> Vec<String> {
    words.iter().map(|word| format!("\"{word}\"")).collect()
}
