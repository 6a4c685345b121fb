//! What is proposed for one table.

use std::collections::{HashMap, HashSet};

use super::cells::{self, Dates, Decimals, Figure};
use super::header::Header;
use super::judge::{Judgement, Manner, judge, unlike};
use super::lexicon::{Lexicon, Role};
use super::names::{Candidate, Closeness, Names};
use super::{Certainty, ColumnProposal, ColumnSample, Known, RowsAre, TableProposal, TableSample, UnusedColumn, rows};
use crate::account::{Field, SNAPSHOT_DATE, same_word};
use crate::config::mapping::{Decimal, FilePattern, Matches, SourceMapping, header_key, same_header};

/// A column with its header taken apart.
pub(super) struct Column<'s> {
    pub sample: &'s ColumnSample,
    pub header: Header,
    pub role: Option<Role>,
}

/// A path that a column may feed, with what its values say.
pub(super) struct Choice {
    pub column: usize,
    pub candidate: Candidate,
    pub judgement: Judgement,
}

/// The source of each table: its name, and which file it is.
pub(super) fn sources(samples: &[TableSample]) -> Vec<SourceMapping> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut sources = Vec::with_capacity(samples.len());
    for (index, sample) in samples.iter().enumerate() {
        let position = sample.position;
        let file = file_name(&sample.name);
        let others = samples.iter().enumerate().filter(|(other, _)| *other != index);
        // A pattern that finds another table too would take its place, and one that does not find its own is of no use.
        let pattern = FilePattern::new(file);
        let is_own = pattern.matches(file) && !others.into_iter().any(|(_, other)| pattern.matches(&other.name));
        let is_file = is_own && file.trim() == file && !file.is_empty() && file != "-";
        let mut name = slug(file, position);
        while !taken.insert(name.clone()) {
            name = format!("{name}-{position}");
        }
        sources.push(SourceMapping {
            name,
            matches: if is_file { Matches::Files(vec![pattern]) } else { Matches::Position(position) },
            sheet: sample.sheet.clone().filter(|sheet| !sheet.trim().is_empty()),
            encoding: sample.encoding.clone(),
            header_row: sample.header_row,
            date: None,
            decimal: None,
            absent: Vec::new(),
            columns: Vec::new(),
            aggregates: Vec::new(),
        });
    }
    sources
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A name for a source: the beginning of the file's name, in letters and digits.
fn slug(file: &str, position: usize) -> String {
    let stem = file.split('.').next().unwrap_or(file).to_lowercase();
    let words: Vec<&str> =
        stem.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { format!("table-{position}") } else { words.join("-") }
}

pub(super) fn propose(
    sample: &TableSample,
    mut source: SourceMapping,
    known: Known<'_>,
    names: &Names,
    ids: &mut Option<HashSet<String>>,
    is_alone: bool,
) -> TableProposal {
    let columns = columns(sample);
    let manner = manner(&columns);
    source.date.clone_from(&manner.date);
    source.decimal = manner.decimal;
    let mut choices = choices(&columns, &manner, known, names);
    let id = take_id(&mut choices, &columns, ids.as_ref());
    let has_repeated_ids = sample.repeated_ids || has_rows(&columns, id.as_ref());
    // Files are joined by id alone, so that only a file by itself can hold several days.
    let day = id.as_ref().filter(|_| is_alone).and_then(|id| day(&columns, id, &manner, known));
    let day = day.filter(|day| {
        if has_repeated_ids {
            day.judgement.certainty().is_in_force()
        } else {
            // Where no id is seen twice, several days may be those of something else.
            key_set(columns[day.column].sample).len() == 1
        }
    });
    let rows = match (has_repeated_ids, &day) {
        (false, _) => RowsAre::Accounts,
        (true, Some(_)) => RowsAre::Snapshots,
        (true, None) => RowsAre::Events,
    };
    if ids.is_none()
        && let Some(id) = &id
    {
        *ids = Some(key_set(columns[id.column].sample));
    }
    let mut table = TableProposal {
        source,
        has_id: id.as_ref().is_some_and(|id| id.judgement.certainty().is_in_force()),
        rows,
        columns: Vec::new(),
        aggregates: Vec::new(),
        attributes: Vec::new(),
        unused: Vec::new(),
    };
    let mut found: Vec<Choice> = day.into_iter().collect();
    if rows == RowsAre::Events {
        rows::propose(&columns, choices, &sample.name, id.as_ref(), &manner, known, &mut table);
        found.extend(id);
    } else if table.has_id {
        found.extend(id);
        assign(choices, &columns, &mut found);
    } else {
        assign(choices, &columns, &mut found);
        found.extend(id);
    }
    found.sort_by_key(|choice| choice.column);
    for choice in found {
        let certainty = choice.judgement.certainty();
        if certainty.is_in_force() {
            add_absent(&choice.judgement.absent, &mut table.source);
        }
        table.columns.push(ColumnProposal {
            header: columns[choice.column].sample.header.clone(),
            path: choice.candidate.path,
            reading: choice.judgement.reading,
            certainty,
        });
    }
    table
}

pub(super) fn add_absent(words: &[String], source: &mut SourceMapping) {
    for word in words {
        if !source.is_absent(word) {
            source.absent.push(word.clone());
        }
    }
}

/// The columns that have a header of their own.
fn columns<'s>(sample: &'s TableSample) -> Vec<Column<'s>> {
    let mut seen = HashSet::new();
    let named = sample.columns.iter().filter(|column| {
        let key = header_key(&column.header);
        !key.is_empty() && seen.insert(key)
    });
    let column = |sample: &'s ColumnSample| {
        let header = Header::new(&sample.header);
        let lexicon = Lexicon::shipped();
        let role = lexicon.role(&header.squeezed).or_else(|| lexicon.role(&header.bare));
        Column { sample, header, role }
    };
    named.map(column).collect()
}

/// How the dates and numbers of a table are written.
fn manner(columns: &[Column<'_>]) -> Manner {
    let mut manner = Manner::default();
    let mut formats = Vec::new();
    let mut decided = HashSet::new();
    for column in columns {
        let cells: Vec<&str> = filled(column.sample).collect();
        if let Some(found) = cells::dates(&cells)
            && let Dates::Decided(format) = found.dates
        {
            // Eight digits in a row may be anything.
            if format.text() != "YYYYMMDD" && !formats.contains(&format) {
                formats.push(format);
            }
            continue;
        }
        let figures: Vec<Figure> = cells.iter().filter_map(|cell| Figure::read(cell)).collect();
        if figures.len() * 5 >= cells.len() * 4
            && let Decimals::Decided(decimal) = cells::decimals(&figures)
        {
            decided.insert(decimal);
        }
    }
    if formats.len() == 1 {
        manner.date = formats.pop();
    }
    if decided.len() == 1 && decided.contains(&Decimal::Comma) {
        manner.decimal = Some(Decimal::Comma);
    }
    manner
}

/// The cells that hold something.
pub(super) fn filled(sample: &ColumnSample) -> impl Iterator<Item = &str> {
    let lexicon = Lexicon::shipped();
    let cells = sample.values.iter().map(|value| value.trim());
    cells.filter(|cell| !cell.is_empty() && !lexicon.absent.iter().any(|word| same_word(word, cell)))
}

/// All that the columns may feed.
fn choices(columns: &[Column<'_>], manner: &Manner, known: Known<'_>, names: &Names) -> Vec<Choice> {
    let mut choices = Vec::new();
    for (column, Column { sample, header, .. }) in columns.iter().enumerate() {
        for candidate in names.candidates(&sample.header, header, known.schema) {
            if let Some(judgement) = judge(&candidate, header, &sample.values, manner, known) {
                choices.push(Choice { column, candidate, judgement });
            }
        }
    }
    choices
}

/// Takes the choice for the id out of all: that whose values are ids of an earlier table, and then the closest. Where there is none,
/// a name may stand in; where that is doubtful, it stays a name as well.
fn take_id(choices: &mut Vec<Choice>, columns: &[Column<'_>], ids: Option<&HashSet<String>>) -> Option<Choice> {
    let meets = |column: usize| {
        ids.is_some_and(|ids| filled(columns[column].sample).any(|cell| ids.contains(&cell.to_lowercase())))
    };
    let is_id = |choice: &Choice| choice.candidate.path == Field::Id.path();
    let is_name =
        |choice: &Choice| choice.candidate.path == Field::Name.path() && choice.candidate.closeness >= Closeness::Loose;
    let best = |wanted: &dyn Fn(&Choice) -> bool| {
        let rank = |choice: &Choice| (meets(choice.column), choice.candidate.closeness);
        let found = choices.iter().enumerate().filter(|(_, choice)| wanted(choice));
        // Of equals, the first column.
        found.rev().max_by_key(|(_, choice)| rank(choice)).map(|(position, _)| position)
    };
    let position = best(&is_id).or_else(|| best(&is_name))?;
    let found = &choices[position];
    if !is_id(found)
        && !meets(found.column)
        && let Some(column) = unlisted_id(columns, found.column)
    {
        let mut judgement = Judgement::default();
        judgement.doubt("its values are ids; are they those of the account?");
        let (path, name) = (Field::Id.path().to_owned(), columns[column].sample.header.clone());
        let candidate = Candidate { path, closeness: Closeness::Faint, convert: None, name };
        return Some(Choice { column, candidate, judgement });
    }
    let column = found.column;
    let met = meets(column);
    let mut id = Choice { column, candidate: found.candidate.clone(), judgement: found.judgement.clone() };
    if !is_id(found) {
        Field::Id.path().clone_into(&mut id.candidate.path);
        let reason = "no column looks like an id; the name would do where all files have it alike".to_owned();
        id.judgement = Judgement::default();
        if met { id.judgement.concerns.push(reason) } else { id.judgement.doubts.push(reason) }
    } else if ids.is_some() && !met {
        id.judgement.concerns.push("no sampled value is a sampled id of the first table".to_owned());
    }
    let is_taken = id.judgement.certainty().is_in_force();
    choices.retain(|other| !is_id(other) && (!is_taken || other.column != column));
    Some(id)
}

/// A column beside that of the names that has another value in each row, and is called an id of something. Where more than one name
/// in ten repeats, the rows are of something else than accounts.
fn unlisted_id(columns: &[Column<'_>], names: usize) -> Option<usize> {
    let is_unique = |column: &Column<'_>| {
        let sample = column.sample;
        sample.filled == sample.rows && key_set(sample).len() == sample.values.len() && !sample.values.is_empty()
    };
    let is_called_id = |column: &Column<'_>| {
        let last = column.header.words.last().map(String::as_str);
        column.role.is_none() && matches!(last, Some("id" | "gsid" | "guid"))
    };
    let found = columns.iter().position(|column| is_called_id(column) && is_unique(column));
    let names = columns[names].sample;
    found.filter(|_| key_set(names).len() * 10 >= names.values.len() * 9)
}

fn key_set(sample: &ColumnSample) -> HashSet<String> {
    filled(sample).map(str::to_lowercase).collect()
}

/// Whether a table has several rows for an id: ids repeat in the sample, or there is an id of tickets, answers or meetings.
fn has_rows(columns: &[Column<'_>], id: Option<&Choice>) -> bool {
    let repeats = id.is_some_and(|id| {
        let sample = columns[id.column].sample;
        key_set(sample).len() < filled(sample).count()
    });
    let is_event = |column: &Column<'_>| {
        matches!(column.role, Some(Role::TicketId | Role::ResponseId | Role::MeetingId))
            && !column.sample.values.is_empty()
    };
    repeats || columns.iter().any(is_event)
}

/// The column that says of which day a row is, where no id of the sample stands twice on a day.
fn day(columns: &[Column<'_>], id: &Choice, manner: &Manner, known: Known<'_>) -> Option<Choice> {
    let ids = columns[id.column].sample;
    let is_whole = |sample: &ColumnSample| sample.filled == sample.rows && !sample.values.is_empty();
    let tells_apart = |column: &Column<'_>| {
        let keys = ids.values.iter().map(|id| id.trim().to_lowercase());
        let mut seen = HashSet::new();
        let days = column.sample.values.iter().map(|day| day.trim());
        is_whole(column.sample) && keys.zip(days).all(|pair| seen.insert(pair))
    };
    let is_day = |column: &Column<'_>| column.role == Some(Role::Snapshot) && tells_apart(column);
    let column = columns.iter().position(is_day).filter(|column| is_whole(ids) && *column != id.column)?;
    let Column { sample, header, .. } = &columns[column];
    let (path, name) = (SNAPSHOT_DATE.to_owned(), sample.header.clone());
    let candidate = Candidate { path, closeness: Closeness::Name, convert: None, name };
    let judgement = judge(&candidate, header, &sample.values, manner, known)?;
    Some(Choice { column, candidate, judgement })
}

/// Gives each path to one column and each column one path: those in force first, the closest first, the fullest first.
fn assign(mut choices: Vec<Choice>, columns: &[Column<'_>], found: &mut Vec<Choice>) {
    let filled = |choice: &Choice| columns[choice.column].sample.filled;
    choices.sort_by_key(|choice| {
        let certainty = choice.judgement.certainty();
        let key = (certainty.is_in_force(), choice.candidate.closeness, certainty == Certainty::Sure, filled(choice));
        (std::cmp::Reverse(key), choice.column)
    });
    let mut fed: HashMap<String, usize> =
        found.iter().map(|choice| (choice.candidate.path.clone(), choice.column)).collect();
    let mut left = Vec::new();
    for choice in choices {
        if found.iter().any(|other| other.column == choice.column) {
            continue;
        }
        if fed.contains_key(&choice.candidate.path) {
            left.push(choice);
            continue;
        }
        fed.insert(choice.candidate.path.clone(), choice.column);
        found.push(choice);
    }
    for mut choice in left {
        let is_close = choice.candidate.closeness >= Closeness::Bare;
        if is_close && found.iter().all(|other| other.column != choice.column) {
            let path = &choice.candidate.path;
            let first = fed.get(path).map(|column| columns[*column].sample.header.as_str()).unwrap_or_default();
            choice.judgement.doubts.insert(0, format!("\"{first}\" feeds {path} already"));
            found.push(choice);
        }
    }
}

/// The columns that nothing that is proposed uses.
pub(super) fn unused(
    table: &TableProposal,
    sample: &TableSample,
    known: Known<'_>,
    names: &Names,
) -> Vec<UnusedColumn> {
    let looked_at = table.aggregates.iter().flat_map(|proposal| proposal.aggregate.columns());
    let attributes = table.attributes.iter().map(|(header, _)| header.as_str());
    let columns = table.columns.iter().map(|column| column.header.as_str());
    let used: Vec<&str> = columns.chain(attributes).chain(looked_at).collect();
    let mut unused: Vec<UnusedColumn> = Vec::new();
    for column in &sample.columns {
        let is_known = |header: &str| same_header(header, &column.header);
        let is_listed = unused.iter().any(|other| is_known(&other.header));
        if !header_key(&column.header).is_empty() && !is_listed && !used.iter().any(|header| is_known(header)) {
            let example = filled(column).next().map(str::to_owned);
            let reason = misfit(column, known, names);
            unused.push(UnusedColumn { header: column.header.clone(), example, reason });
        }
    }
    unused
}

/// Why a column whose name is that of a path is not used for it.
fn misfit(column: &ColumnSample, known: Known<'_>, names: &Names) -> Option<String> {
    let header = Header::new(&column.header);
    let candidates = names.candidates(&column.header, &header, known.schema);
    let nearest = candidates.first().filter(|nearest| nearest.closeness >= Closeness::Spelling)?;
    // How the rest of the table is written decides how values are read, not whether they fit.
    let fits = judge(nearest, &header, &column.values, &Manner::default(), known).is_some();
    (!fits).then(|| format!("looks like {}, but {}", nearest.path, unlike(nearest, &column.values, known)))
}
