//! What the headers of a table say: which column feeds which field.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::column::{Cells, Column, Wants};
use crate::account::{Part, Place, SNAPSHOT_DATE, Schema};
use crate::config::mapping::{ColumnMapping, SourceMapping, ValueReading, header_key};
use crate::intake::Key;
use crate::intake::fields::{Fields, NodeId, Target};
use crate::intake::text;

/// Which column feeds which field.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan<'m> {
    /// Where in `columns` the one stands that says whose the rows are.
    key: Option<usize>,
    /// The columns outside the modules, in the order of the table.
    pub columns: Vec<Column<'m>>,
    /// The modules, in the order in which their first columns stand.
    pub modules: Vec<ModuleColumns<'m>>,
    /// The headers that name nothing that is known, by their positions.
    pub unused: Vec<usize>,
    /// What makes the table unusable: the position of a column, and the clause of a message.
    pub errors: Vec<(Option<usize>, String)>,
    /// What looks wrong.
    pub warnings: Vec<String>,
    /// The column that feeds a field.
    places: HashMap<(NodeId, Option<String>), usize>,
}

/// The columns of one module.
#[derive(Debug, Clone)]
pub(super) struct ModuleColumns<'m> {
    pub name: String,
    pub columns: Vec<Column<'m>>,
}

/// Where a path of a table leads.
pub(super) struct Resolved {
    pub node: NodeId,
    pub module: Option<String>,
    pub target: Target,
}

/// The field that a path feeds; nothing where it is none that is read.
pub(super) fn resolve(path: &str, fields: &Fields, schema: &Schema) -> Option<Resolved> {
    if let Some(Place::Module { name, field }) = schema.place(path) {
        let node = fields.find_in_module(name, field);
        let target = Target::Module(field);
        return (node != NodeId::ROOT).then(|| Resolved { node, module: Some(name.to_owned()), target });
    }
    let node = fields.at(path)?;
    let target = *fields.node(node).targets.first()?;
    Some(Resolved { node, module: None, target })
}

/// Whether a path is one that some command reads.
fn is_known(path: &str, schema: &Schema, key: &Key) -> bool {
    let is_key = matches!(key, Key::Path(own) if own == path);
    is_key
        || path == SNAPSHOT_DATE
        || schema.place(path).is_some()
        || schema.is_date_path(path)
        || Part::at(path).is_some()
}

impl<'m> Plan<'m> {
    /// What headers say, with the mapping of their source.
    pub fn new(
        headers: &[String],
        source: Option<&'m SourceMapping>,
        fields: &Fields,
        schema: &Schema,
        key: &Key,
    ) -> Self {
        let mut plan = Self::default();
        let spoken_of = SpokenOf::new(source);
        let mut modules: HashMap<String, usize> = HashMap::new();
        for (position, header) in headers.iter().enumerate() {
            if header.is_empty() {
                continue;
            }
            let (mapped, looked_at) = spoken_of.header(header);
            let mut is_used = looked_at;
            let mut paths: Vec<(&str, Option<&'m ValueReading>)> =
                mapped.iter().map(|column| (column.path.as_str(), Some(&column.reading))).collect();
            // A header that is a path needs no entry, unless the mapping feeds that path from elsewhere.
            if paths.is_empty() {
                if spoken_of.paths.contains(header.as_str()) {
                    is_used = true;
                } else {
                    paths.push((header, None));
                }
            }
            for (path, reading) in paths {
                // What a mapping speaks of is read where it is asked for, whether the models know it or not.
                is_used |= reading.is_some() || is_known(path, schema, key);
                let Some(Resolved { node, module, target }) = resolve(path, fields, schema) else { continue };
                is_used = true;
                match plan.places.entry((node, module.clone())) {
                    Entry::Occupied(first) => {
                        let (first, path) = (*first.get(), text::plain(path));
                        let other = text::quoted(&headers[first]);
                        let both =
                            format!("feeds {path}, as column {} ({other}) does: expected one column of it", first + 1);
                        plan.errors.push((Some(position), both));
                        continue;
                    }
                    Entry::Vacant(place) => _ = place.insert(position),
                }
                let cells = Cells::new(Wants::of(target, schema), source, reading);
                let column = Column { position, node, module, cells };
                let Some(name) = column.module.clone() else {
                    if fields.node(node).targets.contains(&Target::of_key(key)) {
                        plan.key.get_or_insert(plan.columns.len());
                    }
                    plan.columns.push(column);
                    continue;
                };
                let module = *modules.entry(name).or_insert_with_key(|name| {
                    plan.modules.push(ModuleColumns { name: name.clone(), columns: Vec::new() });
                    plan.modules.len() - 1
                });
                plan.modules[module].columns.push(column);
            }
            if !is_used {
                plan.unused.push(position);
            }
        }
        plan.check_mapping(headers, source);
        plan
    }

    /// Notes the columns of the mapping that the table lacks.
    fn check_mapping(&mut self, headers: &[String], source: Option<&SourceMapping>) {
        let Some(source) = source else { return };
        let keys: HashSet<String> = headers.iter().map(|header| header_key(header)).collect();
        let lacks = |header: &str| !keys.contains(&header_key(header));
        for column in source.columns.iter().filter(|column| lacks(&column.header)) {
            let (header, path) = (text::quoted(&column.header), text::plain(&column.path));
            self.warnings.push(format!("the mapping feeds {path} from a column {header}, which is not in the file"));
        }
        for aggregate in &source.aggregates {
            for column in aggregate.columns().filter(|column| lacks(column)) {
                let (header, path) = (text::quoted(column), text::plain(&aggregate.path));
                self.errors
                    .push((None, format!("the mapping computes {path} from a column {header}, which is not there")));
            }
        }
    }

    /// The position of the column that says whose the rows are.
    pub fn key(&self) -> Option<usize> {
        self.key.and_then(|place| self.columns.get(place)).map(|column| column.position)
    }

    /// The same column, to be read.
    pub fn key_mut(&mut self) -> Option<&mut Column<'m>> {
        self.key.and_then(|place| self.columns.get_mut(place))
    }

    /// All columns, those of modules behind the others.
    pub fn all(&self) -> impl Iterator<Item = &Column<'m>> {
        self.columns.iter().chain(self.modules.iter().flat_map(|module| &module.columns))
    }

    /// All columns, to be read.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Column<'m>> {
        self.columns.iter_mut().chain(self.modules.iter_mut().flat_map(|module| &mut module.columns))
    }

    /// The column that feeds a field.
    pub fn column_of(&self, node: NodeId, module: Option<&str>) -> Option<usize> {
        self.places.get(&(node, module.map(str::to_owned))).copied()
    }
}

/// What a mapping says of a file, by headers.
struct SpokenOf<'m> {
    columns: HashMap<String, Vec<&'m ColumnMapping>>,
    /// The headers that aggregates and their filters look at.
    looked_at: HashSet<String>,
    /// The paths that are fed.
    paths: HashSet<&'m str>,
}

impl<'m> SpokenOf<'m> {
    fn new(source: Option<&'m SourceMapping>) -> Self {
        let mut spoken_of = Self { columns: HashMap::new(), looked_at: HashSet::new(), paths: HashSet::new() };
        for column in source.into_iter().flat_map(|source| &source.columns) {
            spoken_of.columns.entry(header_key(&column.header)).or_default().push(column);
            spoken_of.paths.insert(&column.path);
        }
        for aggregate in source.into_iter().flat_map(|source| &source.aggregates) {
            spoken_of.looked_at.extend(aggregate.columns().map(header_key));
            spoken_of.paths.insert(&aggregate.path);
        }
        spoken_of
    }

    /// The columns that a header is mapped to, and whether aggregates look at it.
    fn header(&self, header: &str) -> (&[&'m ColumnMapping], bool) {
        if self.columns.is_empty() && self.looked_at.is_empty() {
            return (&[], false);
        }
        let key = header_key(header);
        (self.columns.get(&key).map_or(&[], Vec::as_slice), self.looked_at.contains(&key))
    }
}
