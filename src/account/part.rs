//! The parts of the notes for reviews, by their keys in the input, and what each holds.

use std::fmt;

use chrono::NaiveDate;

use super::review::{
    Achievement, ActionItem, DeliveredValue, Goal, Issue, Milestone, PastPeriod, Person, Review, Risk, RoadmapItem,
};

/// The block of a record that holds the notes for reviews.
pub const REVIEW: &str = "qbr";

/// A part of the block: one field of [`Review`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part(u8);

/// What a part holds, and where in a review that is.
pub enum PartKind {
    /// Text.
    Text(At<Review, Option<String>>),
    /// A calendar day.
    Date(At<Review, Option<NaiveDate>>),
    /// A list.
    List(&'static dyn List),
}

/// Where in a `T` a `V` stands.
pub type At<T, V> = fn(&mut T) -> &mut V;

/// What a key of an entry holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// Text that every entry has.
    Title,
    /// Text.
    Text,
    /// A calendar day.
    Date,
}

/// A key of the entries of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryKey {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: EntryKind,
}

/// What becomes of a part that two reviews have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// Nothing is lost: one of them lacks it, or both say the same.
    Whole,
    /// They say something different, and that of the first stays.
    Differing,
}

/// A list of a review, whatever its entries are.
pub trait List: Sync {
    /// The keys of an entry that is an object, its title first; none where entries are text and nothing else.
    fn keys(&self) -> Vec<EntryKey>;

    /// Puts an empty entry behind the others.
    fn push<'r>(&self, review: &'r mut Review) -> &'r mut dyn Entry;

    /// Takes the last entry away.
    fn pop(&self, review: &mut Review);

    /// The titles of the entries.
    fn titles(&self, review: &mut Review) -> Vec<String>;

    /// Gives the first review the list of the second, where it has none.
    fn fill(&self, ours: &mut Review, theirs: &mut Review) -> Filled;
}

/// An entry of a list, whatever it is.
pub trait Entry {
    /// Where its title goes.
    fn title(&mut self) -> &mut String;

    /// Where the value of a key goes, by its position among the keys of the list.
    fn place(&mut self, key: usize) -> Option<EntryPlace<'_>>;
}

/// Where the value of a key goes.
#[derive(Debug)]
pub enum EntryPlace<'e> {
    /// Text that every entry has.
    Title(&'e mut String),
    /// Text.
    Text(&'e mut Option<String>),
    /// A calendar day.
    Date(&'e mut Option<NaiveDate>),
}

/// The same, in any entry of its kind.
enum KeyPlace<E> {
    Title(At<E, String>),
    Text(At<E, Option<String>>),
    Date(At<E, Option<NaiveDate>>),
}

/// What the entries of a list are: objects with these keys, or texts alone, which are their titles.
trait Keyed: Clone + Default + PartialEq + 'static {
    const TITLE: At<Self, String>;
    /// None where an entry is nothing but text.
    const KEYS: &'static [(&'static str, KeyPlace<Self>)];
}

/// A list of a review, by where it stands.
struct ListAt<E: 'static>(At<Review, Vec<E>>);

impl<E: Keyed> List for ListAt<E> {
    fn keys(&self) -> Vec<EntryKey> {
        let kind_of = |place: &KeyPlace<E>| match place {
            KeyPlace::Title(_) => EntryKind::Title,
            KeyPlace::Text(_) => EntryKind::Text,
            KeyPlace::Date(_) => EntryKind::Date,
        };
        E::KEYS.iter().map(|(name, place)| EntryKey { name, kind: kind_of(place) }).collect()
    }

    fn push<'r>(&self, review: &'r mut Review) -> &'r mut dyn Entry {
        let entries = (self.0)(review);
        let last = entries.len();
        entries.push(E::default());
        &mut entries[last]
    }

    fn pop(&self, review: &mut Review) {
        (self.0)(review).pop();
    }

    fn titles(&self, review: &mut Review) -> Vec<String> {
        (self.0)(review).iter_mut().map(|entry| E::TITLE(entry).clone()).collect()
    }

    fn fill(&self, ours: &mut Review, theirs: &mut Review) -> Filled {
        fill((self.0)(ours), (self.0)(theirs))
    }
}

impl<E: Keyed> Entry for E {
    fn title(&mut self) -> &mut String {
        E::TITLE(self)
    }

    fn place(&mut self, key: usize) -> Option<EntryPlace<'_>> {
        let (_, place) = E::KEYS.get(key)?;
        Some(match place {
            KeyPlace::Title(at) => EntryPlace::Title(at(self)),
            KeyPlace::Text(at) => EntryPlace::Text(at(self)),
            KeyPlace::Date(at) => EntryPlace::Date(at(self)),
        })
    }
}

fn fill<T: Default + PartialEq>(ours: &mut T, theirs: &mut T) -> Filled {
    if *ours == T::default() {
        std::mem::swap(ours, theirs);
    } else if *theirs != T::default() && ours != theirs {
        return Filled::Differing;
    }
    Filled::Whole
}

impl Part {
    /// All parts, in the order of [`Review`].
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).take(PARTS.len()).map(Self)
    }

    /// The part at a dotted path of the input, such as `qbr.goals`.
    pub fn at(path: &str) -> Option<Self> {
        Self::all().find(|part| part.path() == path)
    }

    /// Its key in the block.
    pub fn name(self) -> &'static str {
        &self.path()[REVIEW.len() + 1..]
    }

    /// Its dotted path in the input.
    pub fn path(self) -> &'static str {
        self.definition().0
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        self.definition().1
    }

    /// Whether a review says nothing of it.
    pub fn is_empty(self, review: &Review) -> bool {
        // The ways to the parts are for filling them, so it is a copy that is looked at.
        let mut review = review.clone();
        match self.kind() {
            PartKind::Text(at) => at(&mut review).is_none(),
            PartKind::Date(at) => at(&mut review).is_none(),
            PartKind::List(list) => list.titles(&mut review).is_empty(),
        }
    }

    /// What it holds.
    pub fn kind(self) -> &'static PartKind {
        &self.definition().2
    }

    /// Gives the first review what the second has of this part, where the first lacks it.
    pub fn fill(self, ours: &mut Review, theirs: &mut Review) -> Filled {
        match self.kind() {
            PartKind::Text(at) => fill(at(ours), at(theirs)),
            PartKind::Date(at) => fill(at(ours), at(theirs)),
            PartKind::List(list) => list.fill(ours, theirs),
        }
    }

    fn definition(self) -> &'static (&'static str, &'static str, PartKind) {
        &PARTS[usize::from(self.0)]
    }
}

impl fmt::Debug for PartKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Date(_) => "Date",
            Self::List(_) => "List",
        })
    }
}

/// The parts by their paths, with what people call them, in the order of [`Review`].
static PARTS: [(&str, &str, PartKind); 17] = [
    ("qbr.period", "Period under review", PartKind::Text(|review| &mut review.period)),
    ("qbr.meeting_date", "Day of the meeting", PartKind::Date(|review| &mut review.meeting_date)),
    ("qbr.next_meeting_date", "Day of the next meeting", PartKind::Date(|review| &mut review.next_meeting_date)),
    ("qbr.csm", "Who leads the meeting", PartKind::Text(|review| &mut review.lead)),
    ("qbr.summary", "Summary of the period", PartKind::Text(|review| &mut review.summary)),
    ("qbr.attendees", "Attendees", PartKind::List(&ListAt(|review| &mut review.attendees))),
    ("qbr.stakeholders", "Stakeholders", PartKind::List(&ListAt(|review| &mut review.stakeholders))),
    ("qbr.achievements", "Achievements", PartKind::List(&ListAt(|review| &mut review.achievements))),
    ("qbr.goals", "Goals", PartKind::List(&ListAt(|review| &mut review.goals))),
    ("qbr.value_delivered", "Value delivered", PartKind::List(&ListAt(|review| &mut review.value_delivered))),
    ("qbr.roadmap", "Roadmap items", PartKind::List(&ListAt(|review| &mut review.roadmap))),
    ("qbr.open_issues", "Open issues", PartKind::List(&ListAt(|review| &mut review.open_issues))),
    ("qbr.action_items", "Action items", PartKind::List(&ListAt(|review| &mut review.action_items))),
    ("qbr.risks", "Risks both sides speak of", PartKind::List(&ListAt(|review| &mut review.risks))),
    ("qbr.milestones", "Milestones of the success plan", PartKind::List(&ListAt(|review| &mut review.milestones))),
    ("qbr.history", "Health of earlier periods", PartKind::List(&ListAt(|review| &mut review.history))),
    ("qbr.internal_notes", "Notes of the team", PartKind::List(&ListAt(|review| &mut review.internal_notes))),
];

impl Keyed for Person {
    const TITLE: At<Self, String> = |person| &mut person.name;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] = &[
        ("name", KeyPlace::Title(Self::TITLE)),
        ("role", KeyPlace::Text(|person| &mut person.role)),
        ("company", KeyPlace::Text(|person| &mut person.company)),
        ("stance", KeyPlace::Text(|person| &mut person.stance)),
    ];
}

impl Keyed for Achievement {
    const TITLE: At<Self, String> = |achievement| &mut achievement.title;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] = &[
        ("title", KeyPlace::Title(Self::TITLE)),
        ("result", KeyPlace::Text(|achievement| &mut achievement.result)),
        ("date", KeyPlace::Date(|achievement| &mut achievement.date)),
    ];
}

impl Keyed for Goal {
    const TITLE: At<Self, String> = |goal| &mut goal.title;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] = &[
        ("title", KeyPlace::Title(Self::TITLE)),
        ("measure", KeyPlace::Text(|goal| &mut goal.measure)),
        ("baseline", KeyPlace::Text(|goal| &mut goal.baseline)),
        ("target", KeyPlace::Text(|goal| &mut goal.target)),
        ("actual", KeyPlace::Text(|goal| &mut goal.actual)),
        ("due", KeyPlace::Date(|goal| &mut goal.due)),
        ("owner", KeyPlace::Text(|goal| &mut goal.owner)),
        ("status", KeyPlace::Text(|goal| &mut goal.status)),
    ];
}

impl Keyed for DeliveredValue {
    const TITLE: At<Self, String> = |value| &mut value.title;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] = &[
        ("title", KeyPlace::Title(Self::TITLE)),
        ("amount", KeyPlace::Text(|value| &mut value.amount)),
        ("evidence", KeyPlace::Text(|value| &mut value.evidence)),
    ];
}

impl Keyed for RoadmapItem {
    const TITLE: At<Self, String> = |item| &mut item.title;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] = &[
        ("title", KeyPlace::Title(Self::TITLE)),
        ("expected", KeyPlace::Text(|item| &mut item.expected)),
        ("benefit", KeyPlace::Text(|item| &mut item.benefit)),
        ("status", KeyPlace::Text(|item| &mut item.status)),
    ];
}

impl Keyed for Issue {
    const TITLE: At<Self, String> = |issue| &mut issue.title;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] = &[
        ("title", KeyPlace::Title(Self::TITLE)),
        ("severity", KeyPlace::Text(|issue| &mut issue.severity)),
        ("owner", KeyPlace::Text(|issue| &mut issue.owner)),
        ("due", KeyPlace::Date(|issue| &mut issue.due)),
        ("status", KeyPlace::Text(|issue| &mut issue.status)),
    ];
}

impl Keyed for ActionItem {
    const TITLE: At<Self, String> = |item| &mut item.title;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] = &[
        ("title", KeyPlace::Title(Self::TITLE)),
        ("owner", KeyPlace::Text(|item| &mut item.owner)),
        ("due", KeyPlace::Date(|item| &mut item.due)),
        ("status", KeyPlace::Text(|item| &mut item.status)),
    ];
}

impl Keyed for Risk {
    const TITLE: At<Self, String> = |risk| &mut risk.title;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] = &[
        ("title", KeyPlace::Title(Self::TITLE)),
        ("impact", KeyPlace::Text(|risk| &mut risk.impact)),
        ("likelihood", KeyPlace::Text(|risk| &mut risk.likelihood)),
        ("mitigation", KeyPlace::Text(|risk| &mut risk.mitigation)),
        ("owner", KeyPlace::Text(|risk| &mut risk.owner)),
    ];
}

impl Keyed for Milestone {
    const TITLE: At<Self, String> = |milestone| &mut milestone.title;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] = &[
        ("title", KeyPlace::Title(Self::TITLE)),
        ("phase", KeyPlace::Text(|milestone| &mut milestone.phase)),
        ("due", KeyPlace::Date(|milestone| &mut milestone.due)),
        ("owner", KeyPlace::Text(|milestone| &mut milestone.owner)),
        ("status", KeyPlace::Text(|milestone| &mut milestone.status)),
    ];
}

impl Keyed for PastPeriod {
    const TITLE: At<Self, String> = |past| &mut past.period;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] =
        &[("period", KeyPlace::Title(Self::TITLE)), ("overall_score", KeyPlace::Text(|past| &mut past.overall_score))];
}

impl Keyed for String {
    const TITLE: At<Self, String> = |text| text;
    const KEYS: &'static [(&'static str, KeyPlace<Self>)] = &[];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_by_their_paths() {
        let mut paths = Vec::new();
        for part in Part::all() {
            assert_eq!(Part::at(part.path()), Some(part), "{part:?}");
            assert_eq!(part.path(), format!("{REVIEW}.{}", part.name()));
            paths.push(part.path());
        }
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), PARTS.len());
        for path in ["", "qbr", "qbr.", "qbr.goal", "qbr.goals.due", "goals", "qbrgoals", "xqbr.goals"] {
            assert_eq!(Part::at(path), None, "{path}");
        }
    }

    #[test]
    fn each_part_is_filled_where_it_lacks_and_stays_where_it_differs() {
        let with = |part: Part, text: &str| {
            let mut review = Review::default();
            match part.kind() {
                PartKind::Text(at) => *at(&mut review) = Some(text.to_owned()),
                PartKind::Date(at) => {
                    *at(&mut review) = NaiveDate::from_ymd_opt(2026, 1, text.len().try_into().expect("a day"));
                }
                PartKind::List(list) => {
                    text.clone_into(list.push(&mut review).title());
                }
            }
            review
        };
        for part in Part::all() {
            for (ours, theirs, filled, result) in [
                (None, None, Filled::Whole, None),
                (None, Some("a"), Filled::Whole, Some("a")),
                (Some("a"), None, Filled::Whole, Some("a")),
                (Some("a"), Some("a"), Filled::Whole, Some("a")),
                (Some("a"), Some("bb"), Filled::Differing, Some("a")),
            ] {
                let review = |text: Option<&str>| text.map(|text| with(part, text)).unwrap_or_default();
                let mut ours = review(ours);
                assert_eq!(part.fill(&mut ours, &mut review(theirs)), filled, "{part:?}");
                assert_eq!(ours, review(result), "{part:?}");
            }
        }
    }

    #[test]
    fn every_key_of_an_entry_has_a_place_of_its_own_and_the_first_is_its_title() {
        for part in Part::all() {
            let PartKind::List(list) = part.kind() else { continue };
            let mut review = Review::default();
            let entry = list.push(&mut review);
            for (position, key) in list.keys().into_iter().enumerate() {
                assert_eq!(key.kind == EntryKind::Title, position == 0, "{part:?} {key:?}");
                match (key.kind, entry.place(position)) {
                    (EntryKind::Title, Some(EntryPlace::Title(place))) if place.is_empty() => place.push('a'),
                    (EntryKind::Text, Some(EntryPlace::Text(place @ None))) => *place = Some("a".to_owned()),
                    (EntryKind::Date, Some(EntryPlace::Date(place @ None))) => *place = Some(NaiveDate::default()),
                    (kind, place) => panic!("{part:?} {}: {kind:?} at {place:?}", key.name),
                }
            }
            assert!(entry.place(list.keys().len()).is_none(), "{part:?}");
            let titles = list.titles(&mut review);
            assert_eq!(titles.len(), 1, "{part:?}");
            list.pop(&mut review);
            assert_eq!(review, Review::default(), "{part:?}");
        }
    }
}
