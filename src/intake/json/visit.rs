//! Filling a draft from one record.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::review;
use crate::intake::draft::Draft;
use crate::intake::fault::Rule;
use crate::intake::fields::{Fields, NodeId};
use crate::intake::value::Scalar;

/// What the visitor remembers beside the draft.
#[derive(Debug)]
pub(super) struct Track {
    /// For each node, the key that came first within it, and the one that came behind it, the last time: the first guess
    /// at the next key.
    inside: Vec<NodeId>,
    behind: Vec<NodeId>,
    /// For each node, the object in which its key was last seen, by number.
    seen: Vec<u64>,
    objects: u64,
    /// What is being read: the value of this field, or an item of its list, or a key in this block.
    pub node: NodeId,
    pub item: Option<usize>,
    pub at_key: bool,
}

impl Track {
    /// Before the first record.
    pub fn new(fields: &Fields) -> Self {
        let count = fields.nodes().len();
        let mut track = Self {
            inside: vec![NodeId::NONE; count],
            behind: vec![NodeId::NONE; count],
            seen: vec![0; count],
            objects: 0,
            node: NodeId::ROOT,
            item: None,
            at_key: false,
        };
        for (node, inside) in fields.nodes().iter().zip(&mut track.inside) {
            *inside = node.children.first().copied().unwrap_or(NodeId::NONE);
            for pair in node.children.windows(2) {
                track.behind[pair[0].index()] = pair[1];
            }
        }
        track
    }
}

/// Reads the value of a node into a draft.
pub(super) struct Value<'d, 'a> {
    pub draft: &'d mut Draft<'a>,
    pub track: &'d mut Track,
    pub node: NodeId,
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.draft.scalar(self.node, Scalar::Flag(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.draft.scalar(self.node, Scalar::Whole(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.draft.scalar(self.node, Scalar::Natural(value));
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.draft.scalar(self.node, Scalar::Real(value));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.draft.scalar(self.node, Scalar::Text(value));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { draft, track, node } = self;
        if !draft.fields.node(node).is_block() {
            draft.fault(node, None, Rule::Kind);
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        track.objects += 1;
        let object = track.objects;
        let mut last = None;
        loop {
            track.node = node;
            track.at_key = true;
            let guess = match last {
                None => track.inside[node.index()],
                Some(last) => track.behind[NodeId::index(last)],
            };
            let Some(key) = map.next_key_seed(Key { draft, node, guess })? else { break };
            let Some(child) = key else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if child != guess {
                match last {
                    None => track.inside[node.index()] = child,
                    Some(last) => track.behind[last.index()] = child,
                }
            }
            last = Some(child);
            track.node = child;
            track.at_key = false;
            let is_module = draft.fields.node(child).is_module;
            let again = if is_module { !draft.begin_module() } else { track.seen[child.index()] == object };
            if again {
                draft.fault(child, None, Rule::Twice);
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            track.seen[child.index()] = object;
            if draft.fields.node(child).is_review {
                review::read(map.next_value::<&'de RawValue>()?, child, draft);
                continue;
            }
            map.next_value_seed(Value { draft, track, node: child })?;
        }
        if draft.fields.node(node).is_module {
            draft.end_module();
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { draft, track, node } = self;
        if draft.fields.node(node).targets.iter().any(|target| target.is_list()) {
            let mut position = 0;
            track.item = Some(position);
            while list.next_element_seed(Item { draft, node, position })?.is_some() {
                position += 1;
                track.item = Some(position);
            }
            track.item = None;
        } else {
            draft.fault(node, None, Rule::Kind);
            while list.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(())
    }
}

/// Reads a key of a block: the child that it names, `None` where it names none.
struct Key<'d, 'a> {
    draft: &'d mut Draft<'a>,
    node: NodeId,
    guess: NodeId,
}

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = Option<NodeId>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        // A key that is only compared need not be checked for UTF-8.
        if self.draft.fields.node(self.node).any.is_some() {
            deserializer.deserialize_str(self)
        } else {
            deserializer.deserialize_bytes(self)
        }
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = Option<NodeId>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_bytes<E: Error>(self, key: &[u8]) -> Result<Self::Value, E> {
        let fields = self.draft.fields;
        if self.guess != NodeId::NONE && *fields.node(self.guess).name.as_bytes() == *key {
            return Ok(Some(self.guess));
        }
        let child = fields.child(self.node, key);
        if child.is_none() && self.draft.sightings.is_looking() {
            let key = String::from_utf8_lossy(key);
            let path = fields.path(self.node).into_iter().map(|node| &*fields.node(node).name).chain([&*key]);
            self.draft.sightings.look(&path.collect::<Vec<_>>().join("."));
        }
        Ok(child)
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        let fields = self.draft.fields;
        self.draft.module.clear();
        self.draft.module.push_str(key);
        Ok(fields.child(self.node, key.as_bytes()).or(fields.node(self.node).any))
    }
}

/// Reads an item of a list of text.
struct Item<'d, 'a> {
    draft: &'d mut Draft<'a>,
    node: NodeId,
    position: usize,
}

impl Item<'_, '_> {
    fn refuse(self) {
        self.draft.fault(self.node, Some(self.position), Rule::Kind);
    }
}

impl<'de> DeserializeSeed<'de> for Item<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Item<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.draft.item(self.node, self.position, Scalar::Text(value));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.refuse();
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.refuse();
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
