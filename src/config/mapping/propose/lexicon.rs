//! The names that other tools have for what csm knows: `assets/headers.toml`.

use std::sync::LazyLock;

use super::header::squeezed;
use crate::config::mapping::Convert;
use crate::config::parse::parse;
use crate::config::problem::Report;
use crate::config::source::Sources;
use crate::config::tree::{Data, Table};

/// What a name of the lexicon says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name {
    /// In lower case, without anything between letters and digits.
    pub squeezed: String,
    /// As the lexicon writes it.
    pub text: String,
    pub path: String,
    pub strength: Strength,
    /// What is computed of a value by this name.
    pub convert: Option<Convert>,
}

/// How firmly a name points at its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    Firm,
    Loose,
    Faint,
}

/// A column of an export with several rows for an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    TicketId,
    Subject,
    ResponseId,
    MeetingId,
    Status,
    Priority,
    Escalated,
    Opened,
    Closed,
    Resolution,
    Nps,
    Csat,
    Score,
    /// The day of which a row is, where rows are accounts on several days.
    Snapshot,
    Dated,
    Attended,
}

impl Role {
    const ALL: [(&str, Self); 16] = [
        ("ticket-id", Self::TicketId),
        ("subject", Self::Subject),
        ("response-id", Self::ResponseId),
        ("meeting-id", Self::MeetingId),
        ("status", Self::Status),
        ("priority", Self::Priority),
        ("escalated", Self::Escalated),
        ("opened", Self::Opened),
        ("closed", Self::Closed),
        ("resolution", Self::Resolution),
        ("nps", Self::Nps),
        ("csat", Self::Csat),
        ("score", Self::Score),
        ("snapshot", Self::Snapshot),
        ("dated", Self::Dated),
        ("attended", Self::Attended),
    ];
}

/// Words in the cells of such an export, squeezed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowWords {
    pub open: Vec<String>,
    pub closed: Vec<String>,
    pub urgent: Vec<String>,
    pub escalated: Vec<String>,
    pub yes: Vec<String>,
    pub no: Vec<String>,
    pub cancelled: Vec<String>,
}

/// Words of ours, each with those of others that stand for it, squeezed.
pub(super) type Meanings = Vec<(String, Vec<String>)>;

/// The whole lexicon.
#[derive(Debug)]
pub(super) struct Lexicon {
    pub names: Vec<Name>,
    /// The words by path.
    pub words: Vec<(String, Meanings)>,
    /// Words for yes and for no, squeezed.
    pub flags: (Vec<String>, Vec<String>),
    /// Words that mean that nothing is known, in lower case.
    pub absent: Vec<String>,
    /// Such words where no text is expected.
    pub absent_without_text: Vec<String>,
    pub roles: Vec<(Role, Vec<String>)>,
    pub row_words: RowWords,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(include_str!("../../../../assets/headers.toml")));

impl Lexicon {
    pub(super) fn shipped() -> &'static Self {
        &LEXICON
    }

    /// What the text is not about stays empty: a test holds the shipped text to be whole.
    fn read(text: &str) -> Self {
        let sources = Sources::of_mapping("headers.toml", text);
        let report = Report::new(&sources);
        let parsed = sources.iter().find_map(|(index, source)| parse(index, source, &report));
        let root = parsed.map_or_else(|| Data::Table(Table::default()), |parsed| parsed.root.data);
        let at = |path: &[&str]| path.iter().try_fold(&root, |data, key| Some(&table(data)?.get(key)?.node.data));
        let squeezed_list = |path: &[&str]| texts(at(path)).map(squeezed).collect::<Vec<_>>();
        let mut names = Vec::new();
        for (key, strength) in [("sure", Strength::Firm), ("unsure", Strength::Loose), ("doubtful", Strength::Faint)] {
            add_names(at(&[key]), strength, None, &mut names);
        }
        for convert in Convert::ALL {
            add_names(at(&["convert", convert.name()]), Strength::Firm, Some(convert), &mut names);
        }
        let words = entries(at(&["words"])).map(|(path, words)| {
            let words = entries(Some(words))
                .map(|(ours, theirs)| (ours.to_owned(), texts(Some(theirs)).map(squeezed).collect()));
            (path.to_owned(), words.collect())
        });
        let roles = Role::ALL.into_iter().map(|(name, role)| (role, squeezed_list(&["roles", name])));
        let plain = |key: &str| texts(at(&["absent", key])).map(str::to_owned).collect();
        let row = |key: &str| squeezed_list(&["row-words", key]);
        Self {
            words: words.collect(),
            flags: (squeezed_list(&["flags", "yes"]), squeezed_list(&["flags", "no"])),
            absent: plain("always"),
            absent_without_text: plain("without-text"),
            roles: roles.collect(),
            row_words: RowWords {
                open: row("open"),
                closed: row("closed"),
                urgent: row("urgent"),
                escalated: row("escalated"),
                yes: row("yes"),
                no: row("no"),
                cancelled: row("cancelled"),
            },
            names,
        }
    }

    /// The role that a header has, by its name alone.
    pub(super) fn role(&self, squeezed: &str) -> Option<Role> {
        self.roles.iter().find(|(_, names)| names.iter().any(|name| name == squeezed)).map(|(role, _)| *role)
    }

    /// The words of others for those of a path.
    pub(super) fn words_of(&self, path: &str) -> &[(String, Vec<String>)] {
        self.words.iter().find(|(known, _)| known == path).map_or(&[], |(_, words)| words)
    }
}

fn add_names(data: Option<&Data>, strength: Strength, convert: Option<Convert>, names: &mut Vec<Name>) {
    for (path, list) in entries(data) {
        names.extend(texts(Some(list)).map(|text| Name {
            squeezed: squeezed(text),
            text: text.to_owned(),
            path: path.to_owned(),
            strength,
            convert,
        }));
    }
}

fn table(data: &Data) -> Option<&Table> {
    match data {
        Data::Table(table) => Some(table),
        _ => None,
    }
}

fn entries(data: Option<&Data>) -> impl Iterator<Item = (&str, &Data)> {
    let table = data.and_then(table);
    table.into_iter().flat_map(|table| &table.entries).map(|entry| (entry.key.as_str(), &entry.node.data))
}

fn texts(data: Option<&Data>) -> impl Iterator<Item = &str> {
    let list = match data {
        Some(Data::List(list)) => list.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(|node| match &node.data {
        Data::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::account::{Field, same_word};
    use crate::config;
    use crate::config::mapping::target::{self, Holds, holds};

    #[test]
    fn every_field_and_metric_has_names_and_no_name_stands_twice() {
        let lexicon = Lexicon::shipped();
        let schema = config::load(Vec::new()).expect("the shipped files").schema;
        let metrics = target::read(&schema).map(|metric| metric.path.clone());
        for path in Field::ALL.into_iter().map(|field| field.path().to_owned()).chain(metrics) {
            let firm = |name: &&Name| name.path == path && name.strength == Strength::Firm;
            assert!(lexicon.names.iter().any(|name| firm(&name)), "{path} has a name");
        }
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for name in &lexicon.names {
            assert!(holds(&schema, &name.path).is_ok(), "{} is a path", name.path);
            assert!(!name.squeezed.is_empty());
            assert_eq!(seen.insert(&name.squeezed, &name.path), None, "{} stands twice", name.text);
        }
    }

    #[test]
    fn words_of_others_stand_for_words_that_are_known() {
        let lexicon = Lexicon::shipped();
        let models = config::load(Vec::new()).expect("the shipped files");
        for (path, words) in &lexicon.words {
            for (ours, theirs) in words {
                let known = match holds(&models.schema, path) {
                    Ok(Holds::Word(known)) => known.iter().any(|known| same_word(known, ours)),
                    _ => models.segments.find(ours).is_some(),
                };
                assert!(known && !theirs.is_empty(), "{path}: {ours}");
                for word in theirs {
                    let meanings = words.iter().filter(|(_, theirs)| theirs.contains(word)).count();
                    assert_eq!(meanings, 1, "{path}: {word}");
                }
            }
        }
        for (role, names) in &lexicon.roles {
            assert!(!names.is_empty(), "{role:?}");
            for name in names {
                assert_eq!(lexicon.role(name), Some(*role), "{name}");
            }
        }
        let RowWords { open, closed, urgent, escalated, yes, no, cancelled } = &lexicon.row_words;
        for list in [open, closed, urgent, escalated, yes, no, cancelled, &lexicon.flags.0, &lexicon.flags.1] {
            assert!(!list.is_empty());
        }
        assert!(!lexicon.absent.is_empty() && !lexicon.absent_without_text.is_empty());
        assert!(open.iter().all(|word| !closed.contains(word)) && yes.iter().all(|word| !no.contains(word)));
    }
}
