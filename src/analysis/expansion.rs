//! Expansion: which plays an account is open to, and what they might bring.

use super::{Band, Effort, Outlook, Play, PlayTerms, Tier};
use crate::account::{Account, Departments, Footprint, Module, Modules, same_word};
use crate::engine::{clamp, round0, round1};

/// A plan tier.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanTier {
    /// Its name in lower case.
    pub name: String,
    /// Its price as a multiple of the lowest plan's.
    pub multiple: f64,
    /// The modules that it includes, by name.
    pub includes: Vec<String>,
}

/// A module and its price.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleShare {
    /// Its name, matched exactly.
    pub name: String,
    /// Its price as a share of ARR.
    pub share: f64,
}

/// When expansion is proposed: the account is in one of the bands and in one of the tiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Health bands.
    pub bands: Vec<Band>,
    /// Churn tiers.
    pub tiers: Vec<Tier>,
}

impl Gate {
    /// Whether expansion is proposed to an account in this band and tier; never where one of them is unknown.
    pub fn opens(&self, band: Option<Band>, tier: Option<Tier>) -> bool {
        band.is_some_and(|band| self.bands.contains(&band)) && tier.is_some_and(|tier| self.tiers.contains(&tier))
    }
}

/// What comes of the plays of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposal {
    /// They are to be proposed now.
    Propose,
    /// The gate does not open: health or risk come first.
    EarnFirst,
    /// There are none.
    None,
}

impl Proposal {
    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::EarnFirst => "earn_first",
            Self::None => "none",
        }
    }
}

/// The expansion model.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpansionModel {
    /// What the model says of each play, in the order of [`Play::ALL`].
    pub terms: [PlayTerms; 4],
    /// The seat utilisation, as a share, from which more seats are proposed.
    pub seats_at_utilisation: f64,
    /// What more seats bring as a share of ARR, by segment name in lower case.
    pub seat_shares: Vec<(String, f64)>,
    /// The same for a segment that is not listed.
    pub other_seat_share: f64,
    /// The segment that an account without one belongs to, in lower case.
    pub default_segment: String,
    /// The plans.
    pub tiers: Vec<PlanTier>,
    /// The multiple of a plan that is not listed.
    pub other_tier_multiple: f64,
    /// The modules.
    pub modules: Vec<ModuleShare>,
    /// The share of a module that is not listed.
    pub other_module_share: f64,
    /// What one more department brings, as a factor on the ARR per current department.
    pub department_factor: f64,
    /// An adopted module used less than this (%) is an enablement case.
    pub enablement_below: f64,
    /// An adopted module used at least this much (%) is ready for more.
    pub ready_from: f64,
    /// The priority multiple of each effort, in the order of [`Effort::ALL`].
    pub effort_multiples: [f64; 3],
    /// The revenue that one point of priority stands for.
    pub revenue_per_point: f64,
    /// When expansion is proposed at all.
    pub gate: Gate,
    /// The goal for gated pipeline ÷ (NRR target × starting ARR), as a share.
    pub coverage_goal: f64,
}

/// What a play is about, by its position in the account's own list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Seats.
    Seats,
    /// One of the available tiers.
    Tier(usize),
    /// One of the modules.
    Module(usize),
    /// One of the potential departments.
    Department(usize),
}

/// One play that an account is open to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opportunity {
    /// The kind of play.
    pub play: Play,
    /// What it is about.
    pub target: Target,
    /// The estimated revenue per year, in whole units of the currency.
    pub revenue: f64,
    /// 0–300 with the shipped model, one decimal.
    pub priority: f64,
    /// Whether it counts beside the account's other plays: see [`Expansion::pipeline`].
    pub counts: bool,
}

/// How far an account has taken a module up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uptake {
    /// Not adopted.
    Open,
    /// Adopted and used so little that it is an enablement case, not a sale.
    Enable,
    /// Adopted and used.
    InUse,
    /// Adopted and used so much that the account is ready for more.
    Ready,
}

/// How much of the product an account has taken up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Adoption {
    /// Modules named in the input.
    pub modules: usize,
    /// Of these, adopted ones.
    pub adopted: usize,
    /// adopted ÷ modules in %, one decimal; 0 without modules.
    pub rate: f64,
    /// Mean usage of the adopted modules in %, one decimal; 0 without any.
    pub average_usage: f64,
    /// active ÷ licensed seats in %, one decimal; may exceed 100.
    pub seat_utilisation: f64,
    /// Length of the list of current departments.
    pub departments_current: usize,
    /// Length of the list of potential departments.
    pub departments_potential: usize,
}

/// The expansion of one account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expansion {
    /// How much of the product is taken up.
    pub adoption: Adoption,
    /// The plays, highest priority first; equal ones in the order of the plays and of the input.
    pub opportunities: Vec<Opportunity>,
    /// Σ estimated revenue of all plays.
    pub total: f64,
    /// The plays without double counting. Modules that the target plan includes are dropped where a tier upgrade is proposed,
    /// and of seats and departments only the larger side counts: base is the rest, low is what of that rest takes little effort
    /// (our reading: so low never exceeds base), high is the sum of all plays.
    pub pipeline: Outlook,
    /// The pipeline with each play multiplied by its win rate.
    pub expected: Outlook,
}

impl ExpansionModel {
    /// The price multiple of a plan, case ignored.
    pub fn multiple(&self, tier: &str) -> f64 {
        self.tier(tier).map_or(self.other_tier_multiple, |tier| tier.multiple)
    }

    /// Whether a plan is listed, case ignored; one that is not counts as the price of [`ExpansionModel::other_tier_multiple`].
    pub fn lists_tier(&self, tier: &str) -> bool {
        self.tier(tier).is_some()
    }

    fn tier(&self, name: &str) -> Option<&PlanTier> {
        self.tiers.iter().find(|tier| same_word(&tier.name, name))
    }

    /// The price of a module as a share of ARR.
    pub fn module_share(&self, module: &str) -> f64 {
        let listed = self.modules.iter().find(|listed| listed.name == module);
        listed.map_or(self.other_module_share, |listed| listed.share)
    }

    /// What the use of a module says.
    pub fn uptake(&self, module: &Module<'_>) -> Uptake {
        if !module.adopted {
            Uptake::Open
        } else if module.usage_pct < self.enablement_below {
            Uptake::Enable
        } else if module.usage_pct >= self.ready_from {
            Uptake::Ready
        } else {
            Uptake::InUse
        }
    }

    /// What more seats bring, as a share of ARR.
    fn seat_share(&self, account: &Account) -> f64 {
        let segment = account.segment.as_deref().unwrap_or(&self.default_segment);
        let listed = self.seat_shares.iter().find(|(name, _)| same_word(name, segment));
        listed.map_or(self.other_seat_share, |(_, share)| *share)
    }

    /// Finds the plays of an account.
    pub fn evaluate(&self, account: &Account, expansion: &mut Expansion) {
        let footprint = &account.footprint;
        expansion.adoption = Adoption::of(footprint);
        expansion.opportunities.clear();
        self.find_seats(account, expansion);
        self.find_tier(account, expansion);
        self.find_modules(account, &footprint.modules, expansion);
        self.find_departments(account, &footprint.departments, expansion);
        expansion.opportunities.sort_by(|a, b| b.priority.total_cmp(&a.priority));
        self.count_once(footprint, expansion);
        self.sum(expansion);
    }

    fn find_seats(&self, account: &Account, expansion: &mut Expansion) {
        let Footprint { licensed_seats, active_seats, .. } = account.footprint;
        let utilisation = if licensed_seats == 0.0 { 0.0 } else { active_seats / licensed_seats };
        let revenue = round0(account.arr * self.seat_share(account));
        if utilisation >= self.seats_at_utilisation && revenue > 0.0 {
            self.propose(expansion, Play::SeatExpansion, Target::Seats, revenue);
        }
    }

    fn find_tier(&self, account: &Account, expansion: &mut Expansion) {
        let current = self.multiple(&account.footprint.plan_tier);
        let mut next: Option<(usize, f64)> = None;
        for (position, tier) in account.footprint.available_tiers.iter().enumerate() {
            let multiple = self.multiple(tier);
            if multiple > current && next.is_none_or(|(_, lowest)| multiple < lowest) {
                next = Some((position, multiple));
            }
        }
        let Some((position, multiple)) = next else { return };
        let revenue = round0(account.arr / current * multiple - account.arr);
        if revenue > 0.0 {
            self.propose(expansion, Play::TierUpgrade, Target::Tier(position), revenue);
        }
    }

    fn find_modules(&self, account: &Account, modules: &Modules, expansion: &mut Expansion) {
        for (position, module) in modules.iter().enumerate() {
            let share = self.module_share(module.name);
            if !module.adopted && share > 0.0 {
                let revenue = round0(account.arr * share);
                self.propose(expansion, Play::ModuleCrossSell, Target::Module(position), revenue);
            }
        }
    }

    fn find_departments(&self, account: &Account, departments: &Departments, expansion: &mut Expansion) {
        let current = departments.current.len().max(1) as f64;
        for (position, department) in departments.potential.iter().enumerate() {
            if !departments.current.iter().any(|taken| same_word(taken, department)) {
                let revenue = round0(account.arr / current * self.department_factor);
                self.propose(expansion, Play::DepartmentExpansion, Target::Department(position), revenue);
            }
        }
    }

    fn propose(&self, expansion: &mut Expansion, play: Play, target: Target, revenue: f64) {
        let multiple = self.effort_multiples[self.terms[play.index()].effort as usize];
        let priority = round1(clamp(revenue / self.revenue_per_point) * multiple);
        expansion.opportunities.push(Opportunity { play, target, revenue, priority, counts: true });
    }

    /// Says which plays count beside the others: see [`Expansion::pipeline`].
    fn count_once(&self, footprint: &Footprint, expansion: &mut Expansion) {
        let target_tier = expansion.opportunities.iter().find_map(|opportunity| match opportunity.target {
            Target::Tier(position) => footprint.available_tiers.get(position),
            _ => None,
        });
        let included = target_tier.and_then(|tier| self.tier(tier)).map_or(&[] as &[String], |tier| &tier.includes);
        let sum = |play| {
            let plays = expansion.opportunities.iter().filter(|opportunity| opportunity.play == play);
            plays.fold(0.0, |sum, opportunity| sum + opportunity.revenue)
        };
        let seats_count = sum(Play::SeatExpansion) >= sum(Play::DepartmentExpansion);
        for opportunity in &mut expansion.opportunities {
            opportunity.counts = match opportunity.target {
                Target::Seats => seats_count,
                Target::Department(_) => !seats_count,
                Target::Module(_) if included.is_empty() => true,
                Target::Module(position) => {
                    let name = footprint.modules.iter().nth(position).map_or("", |module| module.name);
                    !included.iter().any(|module| module == name)
                }
                Target::Tier(_) => true,
            };
        }
    }

    /// Sums the plays of an account up, those that count into its pipeline.
    fn sum(&self, expansion: &mut Expansion) {
        expansion.total = 0.0;
        expansion.pipeline = Outlook::default();
        expansion.expected = Outlook::default();
        for opportunity in &expansion.opportunities {
            let terms = &self.terms[opportunity.play.index()];
            let base = if opportunity.counts { opportunity.revenue } else { 0.0 };
            let low = if terms.effort == Effort::Low { base } else { 0.0 };
            let cases = Outlook { low, base, high: opportunity.revenue };
            expansion.total += opportunity.revenue;
            expansion.pipeline += cases;
            expansion.expected += cases.with(terms.win_rate, |revenue, rate| revenue * rate);
        }
    }

    /// Drops the plays of an account that are not wanted; its sums follow.
    pub fn keep(&self, expansion: &mut Expansion, wanted: impl Fn(&PlayTerms) -> bool) {
        expansion.opportunities.retain(|opportunity| wanted(&self.terms[opportunity.play.index()]));
        self.sum(expansion);
    }
}

impl Adoption {
    fn of(footprint: &Footprint) -> Self {
        let adopted = footprint.modules.iter().filter(|module| module.adopted);
        let (count, usage) = adopted.fold((0, 0.0), |(count, usage), module| (count + 1, usage + module.usage_pct));
        let modules = footprint.modules.len();
        Self {
            modules,
            adopted: count,
            rate: if modules == 0 { 0.0 } else { round1(count as f64 / modules as f64 * 100.0) },
            average_usage: if count == 0 { 0.0 } else { round1(usage / count as f64) },
            seat_utilisation: round1(footprint.active_seats / footprint.licensed_seats.max(1.0) * 100.0),
            departments_current: footprint.departments.current.len(),
            departments_potential: footprint.departments.potential.len(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::analysis::PlayType;

    const NOTHING: Outlook = Outlook { low: 0.0, base: 0.0, high: 0.0 };

    /// A small model, for the tests of what rests on it too.
    pub(in crate::analysis) fn model() -> ExpansionModel {
        let terms = |kind, effort, low, base, high| PlayTerms { kind, effort, win_rate: Outlook { low, base, high } };
        let tier = |name: &str, multiple, includes: &[&str]| PlanTier {
            name: name.to_owned(),
            multiple,
            includes: includes.iter().map(|module| (*module).to_owned()).collect(),
        };
        let module = |name: &str, share| ModuleShare { name: name.to_owned(), share };
        ExpansionModel {
            terms: [
                terms(PlayType::Expansion, Effort::Low, 0.5, 0.6, 0.7),
                terms(PlayType::Upsell, Effort::Medium, 0.1, 0.2, 0.4),
                terms(PlayType::CrossSell, Effort::Low, 0.3, 0.5, 0.6),
                terms(PlayType::Expansion, Effort::High, 0.1, 0.2, 0.3),
            ],
            seats_at_utilisation: 0.9,
            seat_shares: vec![],
            other_seat_share: 0.3,
            default_segment: "any".to_owned(),
            tiers: vec![tier("basic", 1.0, &[]), tier("plus", 2.0, &["alpha"]), tier("top", 3.0, &["alpha", "beta"])],
            other_tier_multiple: 1.0,
            modules: vec![module("alpha", 0.1), module("beta", 0.2)],
            other_module_share: 0.0,
            department_factor: 0.5,
            enablement_below: 30.0,
            ready_from: 75.0,
            effort_multiples: [3.0, 2.0, 1.0],
            revenue_per_point: 2000.0,
            gate: Gate { bands: vec![], tiers: vec![] },
            coverage_goal: 0.2,
        }
    }

    /// An account of 1000 with these seats in use of 10, this plan and those on offer, open modules, and how many departments it has
    /// and could have.
    fn account(active_seats: f64, tiers: (&str, &[&str]), modules: &[&str], (has, could): (usize, usize)) -> Account {
        let mut account = Account { arr: 1000.0, ..Account::default() };
        let footprint = &mut account.footprint;
        (footprint.licensed_seats, footprint.active_seats) = (10.0, active_seats);
        tiers.0.clone_into(&mut footprint.plan_tier);
        for tier in tiers.1 {
            footprint.available_tiers.push(tier);
        }
        for name in modules {
            footprint.modules.push(Module { name, adopted: false, usage_pct: 0.0 });
        }
        for number in 0..has {
            footprint.departments.current.push(&format!("current {number}"));
        }
        for number in 0..could {
            footprint.departments.potential.push(&format!("potential {number}"));
        }
        account
    }

    fn evaluate(account: &Account) -> Expansion {
        let mut expansion = Expansion::default();
        model().evaluate(account, &mut expansion);
        expansion
    }

    #[test]
    fn the_pipeline_counts_nothing_twice() {
        const BOTH: &[&str] = &["alpha", "beta"];
        const NONE: (&str, &[&str]) = ("basic", &[]);
        const PLUS: (&str, &[&str]) = ("basic", &["plus"]);
        for (what, account, low, base, high) in [
            ("nothing", account(8.0, NONE, &[], (1, 0)), 0.0, 0.0, 0.0),
            ("seats", account(9.0, NONE, &[], (1, 0)), 300.0, 300.0, 300.0),
            ("departments", account(8.0, NONE, &[], (5, 2)), 0.0, 200.0, 200.0),
            ("more in departments", account(9.0, NONE, &[], (1, 1)), 0.0, 500.0, 800.0),
            ("more in seats", account(9.0, NONE, &[], (5, 2)), 300.0, 300.0, 500.0),
            ("equal: seats", account(9.0, NONE, &[], (5, 3)), 300.0, 300.0, 600.0),
            ("one more department", account(9.0, NONE, &[], (5, 4)), 0.0, 400.0, 700.0),
            ("modules", account(8.0, NONE, BOTH, (1, 0)), 300.0, 300.0, 300.0),
            ("tier", account(8.0, PLUS, &[], (1, 0)), 0.0, 1000.0, 1000.0),
            ("tier with one of two modules", account(8.0, PLUS, BOTH, (1, 0)), 200.0, 1200.0, 1300.0),
            ("tier with both modules", account(8.0, ("plus", &["top"]), BOTH, (1, 0)), 0.0, 500.0, 800.0),
            ("the plan that is there", account(8.0, ("plus", &["plus"]), BOTH, (1, 0)), 300.0, 300.0, 300.0),
            (
                "only the next plan counts",
                account(8.0, ("basic", &["top", "plus"]), BOTH, (1, 0)),
                200.0,
                1200.0,
                1300.0,
            ),
            ("case of the plan", account(8.0, ("Basic", &["PLUS"]), BOTH, (1, 0)), 200.0, 1200.0, 1300.0),
            ("case of the module", account(8.0, PLUS, &["Alpha", "beta"], (1, 0)), 200.0, 1200.0, 1200.0),
            ("all", account(9.0, PLUS, BOTH, (1, 1)), 200.0, 1700.0, 2100.0),
        ] {
            let found = evaluate(&account);
            assert_eq!(found.pipeline, Outlook { low, base, high }, "{what}");
            assert_eq!(found.total, high, "{what}");
        }
    }

    #[test]
    fn each_case_of_the_pipeline_is_won_at_its_own_rate() {
        let found = evaluate(&account(8.0, ("basic", &["plus"]), &["alpha", "beta"], (1, 0)));
        // Low: beta × 0.3. Base: the tier × 0.2 and beta × 0.5. High: the tier × 0.4, both modules × 0.6.
        assert_eq!(found.expected, Outlook { low: 60.0, base: 300.0, high: 580.0 });
        assert_eq!(evaluate(&account(8.0, ("basic", &[]), &[], (1, 0))).expected, NOTHING);
    }
}
