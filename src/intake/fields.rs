//! The fields that are read, as a tree of dotted paths.

use super::{Key, Needs};
use crate::account::{
    AS_OF, Derived, Field, FieldKind, MODULES, ModuleField, Part, PartKind, REVIEW, SNAPSHOT_DATE, Schema,
};
use crate::engine::Slot;

/// Where the value of a field goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Field(Field),
    Metric(Slot),
    /// The date of the metric whose age stands in this slot; it goes before that of the block.
    MetricDate(Slot),
    /// The date of the block of that metric.
    BlockDate(Slot),
    Module(ModuleField),
    /// What records of several sources are joined by, where that is not the id.
    Key,
    /// A text of the caller's choice, by its position in [`Needs::attributes`].
    Attribute(u16),
    /// A part of the notes for reviews.
    Part(Part),
    /// The day that the record is of.
    Snapshot,
}

impl Target {
    /// The field that says whose a record is.
    pub fn of_key(key: &Key) -> Self {
        match key {
            Key::Id => Self::Field(Field::Id),
            Key::Path(_) => Self::Key,
        }
    }

    /// Whether the field is a list of text.
    pub fn is_list(self) -> bool {
        match self {
            Self::Field(field) => field.kind() == FieldKind::Texts,
            Self::Part(part) => matches!(part.kind(), PartKind::List(_)),
            _ => false,
        }
    }
}

/// A field or a block of fields in [`Fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NodeId(u32);

impl NodeId {
    /// The record itself.
    pub const ROOT: Self = Self(0);
    /// No node.
    pub const NONE: Self = Self(u32::MAX);

    /// The position, from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One step of the paths.
#[derive(Debug)]
pub(super) struct Node {
    /// The key, empty for the record itself and for a module of any name.
    pub name: Box<str>,
    /// The block in which it stands.
    pub parent: NodeId,
    /// Where its value goes: usually to one place, to none where it is only a block.
    pub targets: Vec<Target>,
    /// The fields within it.
    pub children: Vec<NodeId>,
    /// The child for keys that are no child's, where every key is read.
    pub any: Option<NodeId>,
    /// Whether it is a module of the product.
    pub is_module: bool,
    /// Whether it is the block with the notes for reviews.
    pub is_review: bool,
}

impl Node {
    /// Whether its value may be an object.
    pub fn is_block(&self) -> bool {
        !self.children.is_empty() || self.any.is_some()
    }
}

/// The fields that are read.
#[derive(Debug)]
pub(super) struct Fields {
    nodes: Vec<Node>,
    /// The metrics that are computed from the dates of the contract.
    pub derived: Vec<(Slot, Derived)>,
    /// Metrics with the slots of their ages.
    pub ages: Vec<(Slot, Slot)>,
}

impl Fields {
    /// The fields of what a command needs.
    pub fn new(schema: &Schema, needs: &Needs, key: &Key) -> Self {
        let mut fields = Self { nodes: Vec::new(), derived: Vec::new(), ages: Vec::new() };
        fields.push("", NodeId::ROOT);
        for field in Field::ALL.into_iter().filter(|field| !field.is_footprint()) {
            fields.add(field.path(), Target::Field(field));
        }
        for slot in &needs.slots {
            let Some(metric) = schema.metrics().get(slot.index()) else { continue };
            match metric.derived {
                Some(Derived::Age(of)) => fields.add_dates(schema, of, *slot),
                Some(derived) => fields.derived.push((*slot, derived)),
                None => fields.add(&metric.path, Target::Metric(*slot)),
            }
        }
        for (position, path) in (0..=u16::MAX).zip(&needs.attributes) {
            fields.add(path, Target::Attribute(position));
        }
        if needs.footprint {
            for field in Field::ALL.into_iter().filter(|field| field.is_footprint()) {
                fields.add(field.path(), Target::Field(field));
            }
            fields.add_modules();
        }
        if let Key::Path(path) = key {
            fields.add(path, Target::Key);
        }
        if needs.dating.is_read() {
            fields.add(SNAPSHOT_DATE, Target::Snapshot);
        }
        if needs.review {
            let block = fields.child_or_new(NodeId::ROOT, REVIEW);
            fields.nodes[block.index()].is_review = true;
            for part in Part::all() {
                fields.add(part.path(), Target::Part(part));
            }
        }
        fields
    }

    /// The field whose value goes to a target outside the modules; the record itself where none does.
    pub fn find(&self, target: Target) -> NodeId {
        let position = self.nodes.iter().position(|node| node.targets.contains(&target));
        position.and_then(|position| u32::try_from(position).ok()).map_or(NodeId::ROOT, NodeId)
    }

    /// The field at a dotted path outside the modules; nothing where it is not read.
    pub fn at(&self, path: &str) -> Option<NodeId> {
        let mut node = NodeId::ROOT;
        for name in path.split('.') {
            node = self.child(node, name.as_bytes())?;
        }
        Some(node)
    }

    /// The field of a module of this name.
    pub fn find_in_module(&self, name: &str, field: ModuleField) -> NodeId {
        let path = || {
            let block = self.child(NodeId::ROOT, MODULES.as_bytes())?;
            let module = self.child(block, name.as_bytes()).or(self.node(block).any)?;
            self.child(module, field.name().as_bytes())
        };
        path().unwrap_or(NodeId::ROOT)
    }

    /// The node.
    pub fn node(&self, node: NodeId) -> &Node {
        &self.nodes[node.index()]
    }

    /// All nodes, in the order of their positions.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The child of a key.
    pub fn child(&self, node: NodeId, key: &[u8]) -> Option<NodeId> {
        self.node(node).children.iter().copied().find(|child| *self.node(*child).name.as_bytes() == *key)
    }

    /// The nodes from the record, which is left out, down to this one.
    pub fn path(&self, node: NodeId) -> Vec<NodeId> {
        let mut path = Vec::new();
        let mut node = node;
        while node != NodeId::ROOT {
            path.push(node);
            node = self.node(node).parent;
        }
        path.reverse();
        path
    }

    fn push(&mut self, name: &str, parent: NodeId) -> NodeId {
        let node = NodeId(u32::try_from(self.nodes.len()).expect("fewer nodes than 4 billion"));
        self.nodes.push(Node {
            name: name.into(),
            parent,
            targets: Vec::new(),
            children: Vec::new(),
            any: None,
            is_module: false,
            is_review: false,
        });
        node
    }

    fn child_or_new(&mut self, parent: NodeId, name: &str) -> NodeId {
        self.child(parent, name.as_bytes()).unwrap_or_else(|| {
            let child = self.push(name, parent);
            self.nodes[parent.index()].children.push(child);
            child
        })
    }

    fn add(&mut self, path: &str, target: Target) {
        let node = path.split('.').fold(NodeId::ROOT, |node, name| self.child_or_new(node, name));
        let targets = &mut self.nodes[node.index()].targets;
        if !targets.contains(&target) {
            targets.push(target);
        }
    }

    /// Reads the date of a metric, and that of its block, whose age goes to a slot.
    fn add_dates(&mut self, schema: &Schema, of: Slot, age: Slot) {
        let (Some(metric), false) = (schema.metrics().get(of.index()), self.ages.contains(&(of, age))) else { return };
        self.ages.push((of, age));
        self.add(&format!("{}_{AS_OF}", metric.path), Target::MetricDate(age));
        let block =
            metric.path.rsplit_once('.').map_or_else(|| AS_OF.to_owned(), |(block, _)| format!("{block}.{AS_OF}"));
        self.add(&block, Target::BlockDate(age));
    }

    /// Makes every key of the block of modules a module, also those in which a metric stands.
    fn add_modules(&mut self) {
        let block = self.child_or_new(NodeId::ROOT, MODULES);
        let any = self.push("", block);
        let named = self.node(block).children.clone();
        for module in named.into_iter().chain([any]) {
            self.nodes[module.index()].is_module = true;
            for field in ModuleField::ALL {
                let node = self.child_or_new(module, field.name());
                self.nodes[node.index()].targets.push(Target::Module(field));
            }
        }
        self.nodes[block.index()].any = Some(any);
    }
}
