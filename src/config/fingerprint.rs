//! The name of a model in the results that rest on it.

use std::fmt;

use sha2::{Digest, Sha256};

use super::tree::{Data, Entry, Node, Table, written};

/// Names a model: the same for the same figures and texts, whatever the comments and the layout of its files, and another
/// one as soon as any of them changes. The first 48 bits of a SHA-256, shown as 12 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 6]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Fingerprint {
    /// The fingerprint of the files of a model.
    pub(super) fn of(files: &[Node]) -> Self {
        let mut bytes = Vec::with_capacity(64 * 1024);
        for file in files {
            write_node(file, &mut bytes);
        }
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let mut short = [0; 6];
        short.copy_from_slice(&digest[..6]);
        Self(short)
    }
}

/// The content of a tree as bytes that no other content has.
pub(super) fn canonical(node: &Node) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_node(node, &mut bytes);
    bytes
}

/// Each value is its kind, its length where that varies, and itself.
fn write_node(node: &Node, out: &mut Vec<u8>) {
    match &node.data {
        Data::Text(text) | Data::Date(text) => {
            out.push(b's');
            write_text(text, out);
        }
        Data::Number(number) => {
            out.push(b'n');
            out.extend(number.to_bits().to_le_bytes());
        }
        Data::Flag(flag) => out.push(if *flag { b't' } else { b'f' }),
        Data::List(nodes) => {
            out.push(b'l');
            write_length(nodes.len(), out);
            for node in nodes {
                write_node(node, out);
            }
        }
        Data::Table(table) => write_table(table, out),
        Data::Reported => out.push(b'x'),
    }
}

/// The order of the tables in a table counts, since sums and ladders run in it; that of its other keys does not.
fn write_table(table: &Table, out: &mut Vec<u8>) {
    let (mut lines, headers) = written(table);
    lines.sort_by(|a, b| a.key.cmp(&b.key));
    out.push(b'm');
    write_length(table.entries.len(), out);
    for Entry { key, node, .. } in lines.into_iter().chain(headers.into_iter().map(|(entry, _)| entry)) {
        write_text(key, out);
        write_node(node, out);
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_length(text.len(), out);
    out.extend(text.as_bytes());
}

fn write_length(length: usize, out: &mut Vec<u8>) {
    out.extend((length as u64).to_le_bytes());
}
