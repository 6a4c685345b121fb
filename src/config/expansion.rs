//! `expansion.toml`: the expansion model.

use super::churn::outlook;
use super::fields::{Fields, Item};
use super::ladder::template;
use super::occasion;
use super::problem::Finding;
use super::segments;
use super::template::Field;
use super::wording::{PlayWording, label_of};
use crate::analysis::{Effort, ExpansionModel, Gate, ModuleShare, PlanTier, Play, PlayTerms, PlayType};

/// The texts of an expansion model.
pub(super) struct ExpansionWording {
    pub(super) plays: [PlayWording; 4],
    pub(super) modules: Vec<(String, String)>,
}

/// The figures that only one play has, as far as they could be read.
#[derive(Default)]
struct Figures {
    at_utilisation: Option<f64>,
    shares: Option<Vec<(String, f64)>>,
    other_share: Option<f64>,
    enablement_below: Option<f64>,
    ready_from: Option<f64>,
    factor: Option<f64>,
}

pub(super) fn decode(root: Item<'_>, segments: &segments::Table<'_>) -> Option<(ExpansionModel, ExpansionWording)> {
    let mut file = root.fields()?;
    let mut figures = Figures::default();
    let plays = file.required("plays").and_then(|item| plays(item, segments, &mut figures));
    let tiers = file.required("tiers").and_then(tiers);
    let other_tier_multiple = file.required("other-tier-multiple").and_then(above_zero);
    let modules = file.required("modules").and_then(modules);
    let other_module_share = file.required("other-module-share").and_then(from_zero);
    let effort_multiples = file.required("efforts").and_then(efforts);
    let revenue_per_point = single(&mut file, "priority", "revenue-per-point", above_zero);
    let gate = file.required("gate").and_then(gate);
    let coverage_goal = single(&mut file, "pipeline", "coverage-goal", from_zero);
    file.finish();
    let (terms, play_wording) = plays?;
    let (modules, module_wording) = modules?.into_iter().unzip();
    let model = ExpansionModel {
        terms,
        seats_at_utilisation: figures.at_utilisation?,
        seat_shares: figures.shares?,
        other_seat_share: figures.other_share?,
        default_segment: segments.default_name()?.to_owned(),
        tiers: tiers?,
        other_tier_multiple: other_tier_multiple?,
        modules,
        other_module_share: other_module_share?,
        department_factor: figures.factor?,
        enablement_below: figures.enablement_below?,
        ready_from: figures.ready_from?,
        effort_multiples: effort_multiples?,
        revenue_per_point: revenue_per_point?,
        gate: gate?,
        coverage_goal: coverage_goal?,
    };
    Some((model, ExpansionWording { plays: play_wording, modules: module_wording }))
}

fn above_zero(item: Item<'_>) -> Option<f64> {
    item.number_where("a number above 0", |number| number > 0.0)
}

fn from_zero(item: Item<'_>) -> Option<f64> {
    item.number_where("a number from 0", |number| number >= 0.0)
}

fn percent(item: Item<'_>) -> Option<f64> {
    item.number_where("a percentage from 0 to 100", |percent| (0.0..=100.0).contains(&percent))
}

/// The one figure of a table.
fn single<'a>(
    file: &mut Fields<'a>,
    table: &'static str,
    key: &'static str,
    read: impl FnOnce(Item<'a>) -> Option<f64>,
) -> Option<f64> {
    let mut fields = file.required(table)?.fields()?;
    let figure = fields.required(key).and_then(read);
    fields.finish();
    figure
}

fn plays(
    item: Item<'_>,
    segments: &segments::Table<'_>,
    figures: &mut Figures,
) -> Option<([PlayTerms; 4], [PlayWording; 4])> {
    let mut fields = item.fields()?;
    let found = Play::ALL.map(|play| {
        let item = fields.required(play.name())?;
        let mut fields = item.fields()?;
        let common = common(play, &mut fields);
        own_figures(play, &mut fields, segments, figures);
        fields.finish();
        common
    });
    fields.finish();
    let [Some(seats), Some(tier), Some(module), Some(department)] = found else { return None };
    Some(([seats.0, tier.0, module.0, department.0], [seats.1, tier.1, module.1, department.1]))
}

/// What every play has.
fn common(play: Play, fields: &mut Fields<'_>) -> Option<(PlayTerms, PlayWording)> {
    let label = fields.optional("label").and_then(Item::text).map_or_else(|| label_of(play.name()), str::to_owned);
    let effort = fields
        .required("effort")
        .and_then(|item| item.one_of("effort", &Effort::ALL.map(|effort| (effort.name(), effort))));
    let kind = fields
        .required("type")
        .and_then(|item| item.one_of("type of play", &PlayType::ALL.map(|kind| (kind.name(), kind))));
    let places: &[Field] = match play {
        Play::SeatExpansion => &[Field::ActiveSeats, Field::LicensedSeats, Field::Utilisation],
        Play::TierUpgrade => &[Field::CurrentTier, Field::TargetTier],
        Play::ModuleCrossSell => &[Field::Module],
        Play::DepartmentExpansion => &[Field::Department, Field::DepartmentsCovered],
    };
    let rationale = fields.required("rationale").and_then(|item| template(item, places));
    let next = fields.required("next").and_then(Item::text);
    let win_rate = fields.required("win-rate").and_then(outlook);
    let terms = PlayTerms { kind: kind?, effort: effort?, win_rate: win_rate? };
    Some((terms, PlayWording { label, rationale: rationale?, next: next?.to_owned() }))
}

/// What only this play has.
fn own_figures(play: Play, fields: &mut Fields<'_>, segments: &segments::Table<'_>, figures: &mut Figures) {
    match play {
        Play::SeatExpansion => {
            figures.at_utilisation = fields.required("at-utilisation").and_then(from_zero);
            figures.shares = fields.required("share").and_then(|item| shares(item, segments));
            figures.other_share = fields.required("other-share").and_then(from_zero);
        }
        Play::TierUpgrade => {}
        Play::ModuleCrossSell => {
            let enablement = fields.required("enablement-below");
            let ready = fields.required("ready-from");
            figures.enablement_below = enablement.and_then(percent);
            figures.ready_from = ready.and_then(percent);
            if let (Some(below), Some(from), Some(item), Some(other)) =
                (figures.enablement_below, figures.ready_from, ready, enablement)
                && from < below
            {
                let title = format!("`ready-from` is {from}, expected at least `enablement-below`, which is {below}");
                item.report.add(item.finding(title).mark(other.origin, ""));
            }
        }
        Play::DepartmentExpansion => figures.factor = fields.required("factor").and_then(from_zero),
    }
}

fn shares(item: Item<'_>, segments: &segments::Table<'_>) -> Option<Vec<(String, f64)>> {
    let mut fields = item.fields()?;
    let mut shares = Vec::new();
    let mut sound = true;
    for (name, origin, item) in fields.rest() {
        segments.find_name(name, origin, item.report);
        match from_zero(item) {
            Some(share) => shares.push((name.to_lowercase(), share)),
            None => sound = false,
        }
    }
    sound.then_some(shares)
}

fn tiers(item: Item<'_>) -> Option<Vec<PlanTier>> {
    let mut fields = item.fields()?;
    let mut tiers: Vec<PlanTier> = Vec::new();
    let mut sound = true;
    for (key, origin, item) in fields.rest() {
        let name = key.to_lowercase();
        if tiers.iter().any(|tier| tier.name == name) {
            let title = format!("the plan `{key}` stands twice; case makes no difference");
            item.report.add(Finding::new(origin, title));
        }
        match tier(name, item) {
            Some(tier) => tiers.push(tier),
            None => sound = false,
        }
    }
    sound.then_some(tiers)
}

fn tier(name: String, item: Item<'_>) -> Option<PlanTier> {
    let mut fields = item.fields()?;
    let multiple = fields.required("multiple").and_then(above_zero);
    let includes = match fields.optional("includes") {
        Some(item) => {
            item.list().and_then(|items| items.into_iter().map(|item| item.text().map(str::to_owned)).collect())
        }
        None => Some(Vec::new()),
    };
    fields.finish();
    Some(PlanTier { name, multiple: multiple?, includes: includes? })
}

fn modules(item: Item<'_>) -> Option<Vec<(ModuleShare, (String, String))>> {
    let mut fields = item.fields()?;
    let mut modules = Vec::new();
    let mut sound = true;
    for (name, _, item) in fields.rest() {
        let module = item.fields().and_then(|mut fields| {
            let label = fields.optional("label").and_then(Item::text).map_or_else(|| label_of(name), str::to_owned);
            let share = fields.required("share").and_then(from_zero);
            fields.finish();
            Some((ModuleShare { name: name.to_owned(), share: share? }, (name.to_owned(), label)))
        });
        sound &= module.is_some();
        modules.extend(module);
    }
    sound.then_some(modules)
}

fn efforts(item: Item<'_>) -> Option<[f64; 3]> {
    let mut fields = item.fields()?;
    let multiples = Effort::ALL.map(|effort| fields.required(effort.name()).and_then(from_zero));
    fields.finish();
    let [Some(low), Some(medium), Some(high)] = multiples else { return None };
    Some([low, medium, high])
}

fn gate(item: Item<'_>) -> Option<Gate> {
    let mut fields = item.fields()?;
    let bands = fields.required("bands").and_then(occasion::bands);
    let tiers = fields.required("tiers").and_then(occasion::tiers);
    fields.finish();
    Some(Gate { bands: bands?, tiers: tiers? })
}
