//! `churn.toml`: the churn model.

use super::ModelFile;
use super::fields::{Fields, Item};
use super::metrics::Dictionary;
use super::playbooks::{self, Playbooks};
use super::problem::{Finding, Reported};
use super::segments;
use super::signals::{self, Draft, PreviousIs};
use super::wording::{BranchWording, Playbook, SignalWording};
use crate::account::Derived;
use crate::analysis::{Branch, ChurnModel, Outlook, Tier};
use crate::engine::{Bands, MOST_FACTOR, Multiplier};

pub(super) struct ChurnDraft<'a> {
    draft: Draft<'a>,
    tiers: Option<[f64; 3]>,
    urgency: Result<Option<Multiplier>, Reported>,
    playbooks: Option<Playbooks>,
    branches: Option<Vec<(Branch, BranchWording)>>,
    renewal_rates: Option<[Outlook; 4]>,
}

/// The texts of a churn model.
pub(super) struct ChurnWording {
    pub(super) signals: Vec<SignalWording>,
    pub(super) playbooks: Vec<Playbook>,
    pub(super) branches: Vec<BranchWording>,
}

pub(super) fn decode<'a>(
    root: Item<'a>,
    dictionary: &mut Dictionary,
    segments: &segments::Table<'_>,
) -> Option<ChurnDraft<'a>> {
    let mut file = root.fields()?;
    let draft = signals::decode(&mut file, dictionary, segments, PreviousIs::Unknown);
    let tiers = file.required("tiers").and_then(tiers);
    let urgency = match file.optional("urgency") {
        Some(item) => urgency(item, dictionary).map(Some).ok_or(Reported),
        None => Ok(None),
    };
    let playbooks = file.required("playbooks").and_then(|item| playbooks::decode(item, segments));
    let branches = match file.optional("branches") {
        Some(item) => playbooks::branches(item, dictionary, segments),
        None => Some(Vec::new()),
    };
    let renewal_rates = file.required("renewal-rates").and_then(renewal_rates);
    file.finish();
    Some(ChurnDraft { draft, tiers, urgency, playbooks, branches, renewal_rates })
}

fn tiers(item: Item<'_>) -> Option<[f64; 3]> {
    let mut fields = item.fields()?;
    let bounds = segments::bounds(&mut fields, [Tier::Critical.name(), Tier::High.name(), Tier::Medium.name()]);
    fields.finish();
    bounds
}

/// The multiplier by days to the renewal. Its steps are taken by their days, so that an overlay can add one in between.
fn urgency(item: Item<'_>, dictionary: &Dictionary) -> Option<Multiplier> {
    let mut fields = item.fields()?;
    let mut steps: Vec<(f64, f64, Item<'_>)> = Vec::new();
    let mut sound = true;
    for (key, origin, step) in fields.rest() {
        let factor = step.number_where("a factor from 0 to 100", |factor| (0.0..=MOST_FACTOR).contains(&factor));
        let days = key.parse::<u32>().ok().filter(|_| key.bytes().all(|byte| byte.is_ascii_digit()));
        if days.is_none() {
            let finding = Finding::new(origin, format!("`{key}` is no number of days"));
            item.report.add(finding.help("urgency runs by whole days from 0: 30 = 1.5".to_owned()));
        }
        match days.zip(factor) {
            Some((days, factor)) => steps.push((f64::from(days), factor, step.at(origin))),
            None => sound = false,
        }
    }
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    for pair in steps.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let finding = pair[1].2.finding(format!("there are two factors for {} days", pair[1].0));
        item.report.add(finding.mark(pair[0].2.origin, "the other one"));
        sound = false;
    }
    let Some(slot) = dictionary.derived(Derived::DaysToRenewal) else {
        let title = "`urgency` needs a metric that is derived as \"days-to-renewal\", and there is none".to_owned();
        let help = "describe one in metrics.toml with derived = \"days-to-renewal\"".to_owned();
        item.report.add(item.finding(title).help(help).relies_on(ModelFile::Metrics));
        return None;
    };
    sound.then(|| Multiplier::new(slot, steps.into_iter().map(|(days, factor, _)| (days, factor)).collect()).ok())?
}

fn renewal_rates(item: Item<'_>) -> Option<[Outlook; 4]> {
    let mut fields = item.fields()?;
    let rates = Tier::ALL.map(|tier| fields.required(tier.name()).and_then(outlook));
    fields.finish();
    let [Some(critical), Some(high), Some(medium), Some(low)] = rates else { return None };
    Some([critical, high, medium, low])
}

/// Three shares that do not fall from the low to the high case.
pub(super) fn outlook(item: Item<'_>) -> Option<Outlook> {
    let mut fields = item.fields()?;
    let cases = ["low", "base", "high"].map(|key| case(&mut fields, key));
    fields.finish();
    let mut sound = true;
    for pair in cases.windows(2) {
        if let [Some((lower, below)), Some((upper, at))] = pair
            && upper < lower
        {
            let title = format!("{} is {upper}, expected at least {}, which is {lower}", at.name, below.name);
            item.report.add(at.finding(title).mark(below.origin, "").latest_first());
            sound = false;
        }
    }
    let [low, base, high] = cases.map(|case| case.map(|(share, _)| share));
    let outlook = Outlook { low: low?, base: base?, high: high? };
    sound.then_some(outlook)
}

fn case<'a>(fields: &mut Fields<'a>, key: &'static str) -> Option<(f64, Item<'a>)> {
    let item = fields.required(key)?;
    Some((item.number_where("a share from 0 to 1", |share| (0.0..=1.0).contains(&share))?, item))
}

impl ChurnDraft<'_> {
    pub(super) fn model(self, segments: &segments::Table<'_>) -> Option<(ChurnModel, ChurnWording)> {
        let [critical, high, medium] = self.tiers?;
        let bands = Bands::new(vec![critical, high, medium, 0.0]).ok()?;
        let bands = vec![bands; segments.list.len()];
        let (model, signals) = self.draft.model(&bands, self.urgency.ok()?.as_ref())?;
        let playbooks = self.playbooks?;
        let (branches, branch_wording) = self.branches?.into_iter().unzip();
        let wording = ChurnWording { signals, playbooks: playbooks.list, branches: branch_wording };
        let renewal_rates = self.renewal_rates?;
        Some((ChurnModel { model, playbooks: playbooks.by_segment, branches, renewal_rates }, wording))
    }
}
