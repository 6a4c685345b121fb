//! Laying one model file over another.

use super::fields::nearest;
use super::problem::{Finding, Report};
use super::tree::{Data, Entry, Node, Table};

/// The keys of which a scale has exactly one: its kind.
pub(super) const SCALE_KINDS: [&str; 8] = ["ratio", "inverse", "fall", "rise", "per-unit", "lookup", "points", "steps"];

/// Lays the entries of `overlay` over those of `base`, by key: tables merge, everything else is replaced, new keys go
/// behind, and a table with `remove = true` takes its entry away.
pub(super) fn merge(base: &mut Table, overlay: Table, report: &Report<'_>) {
    for entry in overlay.entries {
        lay(base, entry, report);
    }
}

fn lay(base: &mut Table, entry: Entry, report: &Report<'_>) {
    let Entry { key, key_origin, node } = entry;
    let Node { origin, data: Data::Table(mut table) } = node else {
        return put(base, Entry { key, key_origin, node });
    };
    if take_removal(&mut table, report) {
        match base.position(&key) {
            Some(position) => drop(base.entries.remove(position)),
            None => {
                let known = base.entries.iter().map(|entry| entry.key.as_str());
                let finding = Finding::new(key_origin, format!("there is no `{key}` to remove"));
                report.add(finding.suggest(nearest(&key, known)));
            }
        }
        return;
    }
    let is_scale = key == "scale";
    if let Some(position) = base.position(&key)
        && let Data::Table(below) = &mut base.entries[position].node.data
        && !(is_scale && changes_kind(below, &table))
    {
        return merge(below, table, report);
    }
    // What is new is laid over nothing, so that a removal in it is noticed too.
    let mut fresh = Table::default();
    merge(&mut fresh, table, report);
    put(base, Entry { key, key_origin, node: Node { origin, data: Data::Table(fresh) } });
}

fn put(base: &mut Table, entry: Entry) {
    match base.position(&entry.key) {
        Some(position) => base.entries[position] = entry,
        None => base.entries.push(entry),
    }
}

/// Takes the directive `remove` out of a table; whether its entry is to go.
fn take_removal(table: &mut Table, report: &Report<'_>) -> bool {
    let Some(position) = table.position("remove") else { return false };
    // Anything but a flag is a name that the user chose, or an unknown key.
    let Data::Flag(remove) = table.entries[position].node.data else { return false };
    table.entries.remove(position);
    if remove && let Some(other) = table.entries.first() {
        let title = format!("`{}` stands beside `remove = true`", other.key);
        report.add(
            Finding::new(other.key_origin, title).help(
                "an entry that is removed has no other keys; to replace one, give its keys new values".to_owned(),
            ),
        );
    }
    remove
}

fn changes_kind(base: &Table, overlay: &Table) -> bool {
    let kind = |table: &Table| SCALE_KINDS.into_iter().find(|kind| table.get(kind).is_some());
    kind(overlay).is_some_and(|new| kind(base) != Some(new))
}
