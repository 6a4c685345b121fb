//! Playbooks and branches of `churn.toml`.

use super::fields::{Fields, Item, listed};
use super::metrics::Dictionary;
use super::occasion;
use super::problem::Reported;
use super::segments;
use super::wording::{BranchWording, Playbook, Step};
use crate::analysis::{Branch, Tier};

/// The playbooks, and which of them each segment uses in each tier.
pub(super) struct Playbooks {
    pub(super) list: Vec<Playbook>,
    pub(super) by_segment: Vec<[usize; 4]>,
}

/// The playbook of each tier, by its position in the list.
type OfTiers = [Option<usize>; 4];

pub(super) fn decode(item: Item<'_>, segments: &segments::Table<'_>) -> Option<Playbooks> {
    let mut fields = item.fields()?;
    let mut list = Vec::new();
    let mut sound = true;
    let general = of_tiers(&mut fields, &mut list, &mut sound);
    let mut own: Vec<OfTiers> = vec![[None; 4]; segments.list.len()];
    let mut given = vec![[false; 4]; segments.list.len()];
    for (name, origin, item) in fields.rest() {
        let Some(mut fields) = item.fields() else {
            sound = false;
            continue;
        };
        let (before, tiers) = (list.len(), Tier::ALL.map(|tier| fields.has(tier.name())));
        let playbooks = of_tiers(&mut fields, &mut list, &mut sound);
        fields.finish();
        match segments.find_name(name, origin, item.report) {
            Some(profile) => {
                given[profile.index()] = tiers;
                own[profile.index()] = playbooks;
            }
            None => list.truncate(before),
        }
    }
    for tier in Tier::ALL.into_iter().filter(|tier| !fields.has(tier.name())) {
        let without = segments.names().enumerate().filter(|(at, _)| !given[*at][tier.index()]).map(|(_, name)| name);
        let without: Vec<&str> = without.collect();
        if !without.is_empty() {
            let title =
                format!("there is no playbook for the tier `{}` in {}", tier.name(), listed(without.into_iter()));
            let help = format!("[playbooks.{0}] serves every segment, [playbooks.SEGMENT.{0}] one", tier.name());
            item.report.add(item.finding(title).help(help));
            sound = false;
        }
    }
    if !sound {
        return None;
    }
    let by_segment = own
        .into_iter()
        .map(|own| {
            let mut tiers = [0; 4];
            for (place, tier) in tiers.iter_mut().zip(Tier::ALL) {
                *place = own[tier.index()].or(general[tier.index()])?;
            }
            Some(tiers)
        })
        .collect::<Option<_>>()?;
    Some(Playbooks { list, by_segment })
}

fn of_tiers(fields: &mut Fields<'_>, list: &mut Vec<Playbook>, sound: &mut bool) -> OfTiers {
    Tier::ALL.map(|tier| {
        let item = fields.optional(tier.name())?;
        let playbook = playbook(item);
        *sound &= playbook.is_some();
        list.push(playbook?);
        Some(list.len() - 1)
    })
}

fn playbook(item: Item<'_>) -> Option<Playbook> {
    let mut fields = item.fields()?;
    let goal = fields.required("goal").and_then(Item::text);
    let steps = fields.required("steps").and_then(steps);
    fields.finish();
    Some(Playbook { goal: goal?.to_owned(), steps: steps? })
}

fn steps(item: Item<'_>) -> Option<Vec<Step>> {
    let items = item.list()?;
    if items.is_empty() {
        item.report.add(item.finding("`steps` is empty, expected at least one step".to_owned()));
        return None;
    }
    let count = items.len();
    let steps: Vec<Step> = items.into_iter().filter_map(step).collect();
    (steps.len() == count).then_some(steps)
}

fn step(item: Item<'_>) -> Option<Step> {
    let mut fields = item.fields()?;
    let [action, owner, within] = ["do", "owner", "within"].map(|key| fields.required(key).and_then(Item::text));
    fields.finish();
    Some(Step { action: action?.to_owned(), owner: owner?.to_owned(), within: within?.to_owned() })
}

pub(super) fn branches(
    item: Item<'_>,
    dictionary: &Dictionary,
    segments: &segments::Table<'_>,
) -> Option<Vec<(Branch, BranchWording)>> {
    let mut fields = item.fields()?;
    let mut branches = Vec::new();
    let mut sound = true;
    for (name, _, item) in fields.rest() {
        match branch(name, item, dictionary, segments) {
            Ok(branch) => branches.extend(branch),
            Err(Reported) => sound = false,
        }
    }
    sound.then_some(branches)
}

/// Reads a branch; `Ok(None)` where it is only for segments that the model no longer has.
fn branch(
    name: &str,
    item: Item<'_>,
    dictionary: &Dictionary,
    segments: &segments::Table<'_>,
) -> Result<Option<(Branch, BranchWording)>, Reported> {
    let mut fields = item.fields().ok_or(Reported)?;
    let conditions = fields.required("when").and_then(|item| occasion::conditions(item, dictionary));
    let tiers = match fields.optional("tiers") {
        Some(item) => occasion::tiers(item).filter(|tiers| occasion::not_empty(item, tiers.is_empty(), "branch")),
        None => Some(Vec::new()),
    };
    let mut moot = false;
    let profiles = match fields.optional("segments") {
        Some(item) => occasion::profiles(item, segments, "branch").inspect(|profiles| moot = profiles.is_empty()),
        None => Some(Vec::new()),
    };
    let first = match fields.optional("first") {
        Some(item) => item.flag(),
        None => Some(false),
    };
    let steps = fields.required("steps").and_then(steps);
    fields.finish();
    let (Some(conditions), Some(tiers), Some(profiles), Some(first), Some(steps)) =
        (conditions, tiers, profiles, first, steps)
    else {
        return Err(Reported);
    };
    let wording = BranchWording { name: name.to_owned(), steps };
    Ok((!moot).then_some((Branch { conditions, tiers, profiles, first }, wording)))
}
