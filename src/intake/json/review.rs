//! The notes for reviews, parsed from the text of their block: few records have them, and few commands ask for them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::syntax::why_unreadable;
use crate::account::{EntryKey, Part, PartKind, PartList, Review};
use crate::intake::draft::Draft;
use crate::intake::fault::{Fault, Rule};
use crate::intake::fields::NodeId;
use crate::intake::review::{add_title, has_room, is_blank, put_in_entry};
use crate::intake::value::Scalar;

/// Reads the block of a node into a draft.
pub(super) fn read(block: &RawValue, node: NodeId, draft: &mut Draft<'_>) {
    let members = match members(block) {
        Ok(Some(members)) => members,
        Ok(None) => return,
        Err(rule) => return draft.fault(node, None, rule),
    };
    let fields = draft.fields;
    let mut seen = Vec::new();
    for (name, value) in members {
        let part = Part::all().find(|part| *part.name() == *name);
        let (Some(part), Some(child)) = (part, fields.child(node, name.as_bytes())) else {
            let known = Part::all().map(Part::name).collect();
            draft.fault(node, None, Rule::UnknownKey { name, known });
            continue;
        };
        if seen.contains(&child) {
            draft.fault(child, None, Rule::Twice);
            continue;
        }
        seen.push(child);
        match (Form::of(value), part.kind()) {
            (Form::Null, _) => {}
            (Form::Scalar, _) => match text(value) {
                Ok(text) => draft.scalar(child, Scalar::Text(&text)),
                Err(rule) => draft.fault(child, None, rule),
            },
            (Form::List, PartKind::List(list)) => {
                draft.review(|review, faults| {
                    Entries { node: child, list: *list, keys: list.keys(), review, faults }.read(value);
                });
            }
            _ => draft.fault(child, None, Rule::Kind),
        }
    }
}

/// A list of entries on its way into a review.
struct Entries<'e> {
    node: NodeId,
    list: &'e dyn PartList,
    keys: Vec<EntryKey>,
    review: &'e mut Review,
    faults: &'e mut Vec<Fault>,
}

impl Entries<'_> {
    fn read(mut self, list: &RawValue) {
        let entries: Vec<&RawValue> = match serde_json::from_str(list.get()) {
            Ok(entries) => entries,
            Err(error) => return self.fault(None, None, Rule::Unreadable(why_unreadable(&error))),
        };
        for (position, entry) in entries.into_iter().enumerate() {
            match has_room(position) {
                Ok(true) => {}
                Ok(false) => return,
                Err(rule) => {
                    self.fault(Some(position), None, rule);
                    return;
                }
            }
            let read = match Form::of(entry) {
                Form::Null => Ok(()),
                Form::Scalar => text(entry).and_then(|title| add_title(self.review, self.list, &title)),
                Form::Object if !self.keys.is_empty() => self.entry(position, entry),
                Form::Object | Form::List => Err(Rule::Kind),
            };
            if let Err(rule) = read {
                self.fault(Some(position), None, rule);
            }
        }
    }

    /// Reads an entry that is an object.
    fn entry(&mut self, position: usize, entry: &RawValue) -> Result<(), Rule> {
        let members = members(entry)?.unwrap_or_default();
        let place = self.list.push(self.review);
        let mut seen = vec![false; self.keys.len()];
        let mut told = Vec::new();
        for (name, value) in members {
            let Some(key) = self.keys.iter().position(|key| *key.name == *name) else {
                let known = self.keys.iter().map(|key| key.name).collect();
                told.push((None, Rule::UnknownKey { name, known }));
                continue;
            };
            let put = match (Form::of(value), place.place(key)) {
                _ if std::mem::replace(&mut seen[key], true) => Err(Rule::Twice),
                (Form::Null, _) | (_, None) => Ok(()),
                (Form::Scalar, Some(place)) => text(value).and_then(|text| put_in_entry(place, &text)),
                (Form::Object | Form::List, _) => Err(Rule::Kind),
            };
            told.extend(put.err().map(|rule| (Some(key), rule)));
        }
        let lacks_title = is_blank(place.title());
        let is_told = told.iter().any(|(key, _)| *key == Some(0));
        for (key, rule) in told {
            self.fault(Some(position), key.map(|key| self.keys[key].name), rule);
        }
        if lacks_title {
            self.list.pop(self.review);
            if !is_told {
                return Err(Rule::NoTitle(self.keys[0].name));
            }
        }
        Ok(())
    }

    fn fault(&mut self, item: Option<usize>, key: Option<&'static str>, rule: Rule) {
        self.faults.push(Fault { node: self.node, module: None, item, key, rule });
    }
}

/// What a value is, by its first byte.
enum Form {
    Null,
    Scalar,
    Object,
    List,
}

impl Form {
    fn of(value: &RawValue) -> Self {
        match value.get().as_bytes().first() {
            None | Some(b'n') => Self::Null,
            Some(b'{') => Self::Object,
            Some(b'[') => Self::List,
            Some(_) => Self::Scalar,
        }
    }
}

/// A scalar as text: numbers and flags as they are written.
fn text(value: &RawValue) -> Result<Cow<'_, str>, Rule> {
    if value.get().starts_with('"') {
        let text: String =
            serde_json::from_str(value.get()).map_err(|error| Rule::Unreadable(why_unreadable(&error)))?;
        return Ok(text.into());
    }
    Ok(value.get().into())
}

/// The keys of an object with their values, in order; nothing of null.
fn members(value: &RawValue) -> Result<Option<Vec<(String, &RawValue)>>, Rule> {
    match Form::of(value) {
        Form::Null => Ok(None),
        Form::Object => match serde_json::from_str(value.get()) {
            Ok(Members(members)) => Ok(Some(members)),
            Err(error) => Err(Rule::Unreadable(why_unreadable(&error))),
        },
        Form::Scalar | Form::List => Err(Rule::Kind),
    }
}

struct Members<'m>(Vec<(String, &'m RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
            members.push((name, value));
        }
        Ok(Members(members))
    }
}
