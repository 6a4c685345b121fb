//! The model as it stands after all overlays, for people who ask where a figure comes from.

use std::fmt::Write;

use super::ModelFile;
use super::literal::{number, quoted, quoted_key};
use super::source::{Origin, Sources};
use super::tree::{Data, Entry, Node, Table, written};
use crate::account::Profile;

/// The model files as they stand after all overlays.
#[derive(Debug, Clone)]
pub struct Effective {
    sources: Sources,
    /// In the order of [`ModelFile::ALL`].
    files: Vec<Node>,
    /// The overlays that change something.
    changing: Vec<usize>,
}

/// Where one value of the model comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueOrigin<'e> {
    /// The model file.
    pub file: ModelFile,
    /// The dotted key in that file.
    pub key: String,
    /// The value, as TOML.
    pub value: String,
    /// The path of the text that gave it, as messages show it.
    pub path: &'e str,
    /// The line in that text, from 1.
    pub line: usize,
}

impl Effective {
    pub(super) fn new(sources: Sources, files: Vec<Node>, changing: Vec<usize>) -> Self {
        Self { sources, files, changing }
    }

    /// The overlay files that change something, from the lowest: which file each is, and its path.
    pub fn overlays(&self) -> impl Iterator<Item = (ModelFile, &str)> {
        self.changing.iter().filter_map(|source| {
            let source = self.sources.get(*source);
            Some((source.document.model_file()?, source.path.as_str()))
        })
    }

    /// The key of a segment in its file, as it is spelt there.
    pub(super) fn segment_key(&self, profile: Profile) -> Option<&str> {
        let Data::Table(root) = &self.files[ModelFile::Segments.index()].data else { return None };
        let Data::Table(segments) = &root.get("segments")?.node.data else { return None };
        segments.entries.get(profile.index()).map(|entry| entry.key.as_str())
    }

    /// A file as a TOML document that stands on its own: put into a configuration folder, it gives the same
    /// model whatever is shipped. Comments are not kept.
    pub fn to_toml(&self, file: ModelFile) -> String {
        let mut out = String::from("format = 1\nbase = \"none\"\n");
        if let Data::Table(root) = &self.files[file.index()].data {
            write_table(root, &mut Vec::new(), &mut out);
        }
        out
    }

    /// Every single value of the model with where it comes from, file by file in the order of the model; lists count as one value.
    pub fn origins(&self) -> Vec<ValueOrigin<'_>> {
        let lines: Vec<Vec<usize>> = self.sources.iter().map(|(_, source)| newlines(&source.text)).collect();
        let mut found = Vec::new();
        for (file, root) in ModelFile::ALL.into_iter().zip(&self.files) {
            let mut add = |key: String, node: &Node| {
                let Origin { source, start, .. } = node.origin;
                let line = lines[source].partition_point(|newline| *newline < start) + 1;
                let path = self.sources.get(source).path.as_str();
                found.push(ValueOrigin { file, key, value: value(node), path, line });
            };
            if let Data::Table(root) = &root.data {
                visit(root, "", &mut add);
            }
        }
        found
    }
}

fn newlines(text: &str) -> Vec<usize> {
    text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(position, _)| position).collect()
}

fn visit(table: &Table, path: &str, found: &mut impl FnMut(String, &Node)) {
    for Entry { key, node, .. } in &table.entries {
        let path = if path.is_empty() { quoted_key(key) } else { format!("{path}.{}", quoted_key(key)) };
        match &node.data {
            Data::Table(inner) => visit(inner, &path, found),
            _ => found(path, node),
        }
    }
}

/// Lists that would make a line longer than this have an entry on each line.
const WIDTH: usize = 100;

fn write_table<'t>(table: &'t Table, path: &mut Vec<&'t str>, out: &mut String) {
    let (lines, headers) = written(table);
    if !path.is_empty() && (!lines.is_empty() || headers.is_empty()) {
        let keys: Vec<String> = path.iter().map(|key| quoted_key(key)).collect();
        let _ = writeln!(out, "\n[{}]", keys.join("."));
    } else if path.is_empty() && !lines.is_empty() {
        out.push('\n');
    }
    for Entry { key, node, .. } in lines {
        let line = format!("{} = {}", quoted_key(key), value(node));
        match &node.data {
            Data::List(nodes) if line.chars().count() > WIDTH => {
                let _ = writeln!(out, "{} = [", quoted_key(key));
                for node in nodes {
                    let _ = writeln!(out, "    {},", value(node));
                }
                out.push_str("]\n");
            }
            _ => {
                out.push_str(&line);
                out.push('\n');
            }
        }
    }
    for (entry, inner) in headers {
        path.push(&entry.key);
        write_table(inner, path, out);
        path.pop();
    }
}

/// A value as TOML on one line.
fn value(node: &Node) -> String {
    match &node.data {
        Data::Text(text) => quoted(text),
        Data::Number(value) => number(*value),
        Data::Flag(flag) => flag.to_string(),
        Data::Date(date) => date.clone(),
        Data::List(nodes) => format!("[{}]", list(nodes)),
        Data::Table(table) if table.entries.is_empty() => "{}".to_owned(),
        Data::Table(table) => {
            let entries: Vec<String> = table
                .entries
                .iter()
                .map(|entry| format!("{} = {}", quoted_key(&entry.key), value(&entry.node)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Data::Reported => quoted(""),
    }
}

fn list(nodes: &[Node]) -> String {
    let values: Vec<String> = nodes.iter().map(value).collect();
    let has_tables = nodes.iter().any(|node| matches!(node.data, Data::Table(_)));
    if has_tables { format!(" {} ", values.join(", ")) } else { values.join(", ") }
}
