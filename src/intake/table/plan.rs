//! What the headers of a table say: which column feeds which field.

use std::collections::HashMap;

use super::column::{Cells, Column, Wants};
use crate::account::{Place, Schema};
use crate::config::mapping::{SourceMapping, ValueReading, header_key, same_header};
use crate::intake::Key;
use crate::intake::fields::{Fields, NodeId, Target};
use crate::intake::text;

/// Which column feeds which field.
#[derive(Debug, Default)]
pub(super) struct Plan<'m> {
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
}

/// The columns of one module.
#[derive(Debug)]
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
    is_key || schema.place(path).is_some() || schema.is_date_path(path)
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
        let mut fed: HashMap<(NodeId, Option<String>), usize> = HashMap::new();
        for (position, header) in headers.iter().enumerate() {
            if header.is_empty() {
                continue;
            }
            let mut is_used = source.is_some_and(|source| {
                let looked_at = source.aggregates.iter().flat_map(|aggregate| {
                    let filters = aggregate.filters.iter().map(|filter| filter.column.as_str());
                    aggregate.how.columns().chain(filters)
                });
                looked_at.into_iter().any(|column| same_header(column, header))
            });
            let mapped = source.into_iter().flat_map(|source| source.columns_of(header));
            let mut paths: Vec<(&str, Option<&'m ValueReading>)> =
                mapped.map(|column| (column.path.as_str(), Some(&column.reading))).collect();
            let spoken_for = |path: &str| {
                source.is_some_and(|source| {
                    source.columns.iter().any(|column| column.path == path)
                        || source.aggregates.iter().any(|aggregate| aggregate.path == path)
                })
            };
            // A header that is a path needs no entry, unless the mapping feeds that path from elsewhere.
            if paths.is_empty() && !spoken_for(header) {
                paths.push((header, None));
            }
            for (path, reading) in paths {
                is_used |= is_known(path, schema, key);
                let Some(Resolved { node, module, target }) = resolve(path, fields, schema) else { continue };
                if let Some(first) = fed.insert((node, module.clone()), position) {
                    let (first, path) = (text::quoted(&headers[first]), text::plain(path));
                    let both = format!("feeds {path}, which {first} does too: expected one column of it");
                    plan.errors.push((Some(position), both));
                    continue;
                }
                let cells = Cells::new(Wants::of(target, schema), source, reading);
                plan.add(Column { position, node, module, cells });
            }
            if !is_used {
                plan.unused.push(position);
            }
        }
        plan.check_mapping(headers, source);
        plan
    }

    fn add(&mut self, column: Column<'m>) {
        let Some(name) = column.module.clone() else { return self.columns.push(column) };
        match self.modules.iter_mut().find(|module| module.name == name) {
            Some(module) => module.columns.push(column),
            None => self.modules.push(ModuleColumns { name, columns: vec![column] }),
        }
    }

    /// Notes the columns of the mapping that the table lacks.
    fn check_mapping(&mut self, headers: &[String], source: Option<&SourceMapping>) {
        let Some(source) = source else { return };
        let keys: Vec<String> = headers.iter().map(|header| header_key(header)).collect();
        let lacks = |header: &str| !keys.contains(&header_key(header));
        for column in source.columns.iter().filter(|column| lacks(&column.header)) {
            let (header, path) = (text::quoted(&column.header), text::plain(&column.path));
            self.warnings.push(format!("the mapping feeds {path} from a column {header}, which is not in the file"));
        }
        for aggregate in &source.aggregates {
            let filters = aggregate.filters.iter().map(|filter| filter.column.as_str());
            for column in aggregate.how.columns().chain(filters).filter(|column| lacks(column)) {
                let (header, path) = (text::quoted(column), text::plain(&aggregate.path));
                self.errors
                    .push((None, format!("the mapping computes {path} from a column {header}, which is not there")));
            }
        }
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
        let mut found = self.all().filter(|column| column.node == node && column.module.as_deref() == module);
        found.next().map(|column| column.position)
    }
}
