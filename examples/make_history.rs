//! Makes up the history of a portfolio: `cargo run --example make_history -- DIR [--seed N] [--accounts N] [--shuffled]`.
//!
//! It writes one CSV export per four weeks over two years, outcomes.csv and interventions.csv. The truth behind them is known, so that a
//! backtest can be held against it:
//!
//! - Each customer has a *bond* with the product that drifts up and down over months and that no export shows.
//! - Whoever leaves decides so on the bond of 60 to 90 days before.
//! - Logins and the sponsor's engagement show the bond clearly; daily use, meetings, open tickets and slow answers show it dimly.
//! - The trend of logins is the change on twelve weeks before.
//! - NPS, CSAT, resolution time and the share of escalations are noise: they have nothing to do with anything.
//! - An intervention takes a third of the risk away for 90 days.
//!
//! With `--shuffled`, what the exports show comes from another bond than the one that decides, so that no metric says anything.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use chrono::{Datelike, Days, NaiveDate};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// What history is made up.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Another seed makes another history.
    pub seed: u64,
    /// Customers in all, over the whole time.
    pub accounts: usize,
    /// Snapshots.
    pub snapshots: usize,
    /// The days from one to the next.
    pub days_between: usize,
    /// The share of customers that leave within a year, about.
    pub yearly_churn: f64,
    /// Whether the exports show nothing of what decides.
    pub shuffled: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { seed: 2, accounts: 1200, snapshots: 27, days_between: 28, yearly_churn: 0.28, shuffled: false }
    }
}

impl Wanted {
    /// Snapshots before the first one that is written: a year in which those who were bound to leave soon leave, so that the portfolio is
    /// the same mixture throughout.
    fn lead_in(self) -> usize {
        365 / self.days_between.max(1)
    }
}

/// A history as texts.
#[derive(Debug, Clone)]
pub struct Made {
    /// The exports, each as CSV, by their days.
    pub snapshots: Vec<(NaiveDate, String)>,
    /// Who left and who renewed, as CSV.
    pub outcomes: String,
    /// What was done for whom, as CSV.
    pub interventions: String,
}

impl Made {
    /// Writes it into a folder: the exports by their days, outcomes.csv and interventions.csv.
    ///
    /// # Errors
    ///
    /// Where the folder or a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        for (day, text) in &self.snapshots {
            fs::write(folder.join(format!("{day}.csv")), text)?;
        }
        fs::write(folder.join("outcomes.csv"), &self.outcomes)?;
        fs::write(folder.join("interventions.csv"), &self.interventions)
    }
}

const SEGMENTS: [(&str, f64); 3] = [("enterprise", 120_000.0), ("mid-market", 40_000.0), ("smb", 9_000.0)];
const OWNERS: [&str; 4] = ["Ines Duarte", "Tom Okafor", "Mia Lindqvist", "Ravi Menon"];
/// How much of a bond is left after a snapshot's time, so that half is gone after about half a year.
const MEMORY_PER_DAY: f64 = 0.9962;
/// How much worse the risk is by one standard deviation of the bond.
const EFFECT: f64 = 1.5;

/// Draws that are the same everywhere.
struct Draws(Pcg64);

impl Draws {
    fn new(seed: u64, stream: usize) -> Self {
        Self(Pcg64::new(u128::from(seed), stream as u128))
    }

    /// Evenly within 0–1.
    fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Of the standard normal distribution.
    fn normal(&mut self) -> f64 {
        let (first, second) = (1.0 - self.share(), self.share());
        (-2.0 * first.ln()).sqrt() * (std::f64::consts::TAU * second).cos()
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() % end as u64).unwrap_or_default()
    }
}

/// A bond over time, a value per snapshot, of the standard normal distribution.
fn bond(draws: &mut Draws, wanted: Wanted) -> Vec<f64> {
    let kept = MEMORY_PER_DAY.powf(wanted.days_between as f64);
    let mut bond = draws.normal();
    (0..wanted.lead_in() + wanted.snapshots)
        .map(|_| {
            bond = kept * bond + (1.0 - kept * kept).sqrt() * draws.normal();
            bond
        })
        .collect()
}

fn days(count: usize) -> Days {
    Days::new(count as u64)
}

/// Makes up a history.
pub fn make(wanted: Wanted) -> Made {
    let first = NaiveDate::from_ymd_opt(2024, 7, 1).unwrap_or_default();
    let day = |snapshot: usize| first + days(snapshot * wanted.days_between);
    let header = "customer_id,name,segment,csm,arr,contract_end_date,usage.login_frequency,usage.feature_adoption,usage.dau_mau_ratio,\
                  engagement.meeting_attendance,engagement.nps_score,engagement.csat_score,support.open_tickets,support.escalation_rate,\
                  support.avg_resolution_hours,relationship.executive_sponsor_engagement,usage_decline.login_trend,engagement_drop.response_time_days\n";
    let mut made = Made {
        snapshots: (0..wanted.snapshots).map(|snapshot| (day(snapshot), header.to_owned())).collect(),
        outcomes: "customer_id,outcome,date\n".to_owned(),
        interventions: "customer_id,date,play,owner,status,outcome\n".to_owned(),
    };
    // The bonds are of the standard normal distribution, so the mean of exp(−effect × bond) is exp(effect² ÷ 2).
    let risk_per_snapshot = wanted.yearly_churn * wanted.days_between as f64 / 365.0 / (EFFECT * EFFECT / 2.0).exp();
    for account in 0..wanted.accounts {
        let mut draws = Draws::new(wanted.seed, account);
        one(account, &mut draws, wanted, risk_per_snapshot, &mut made);
    }
    made
}

/// Adds one customer.
fn one(account: usize, draws: &mut Draws, wanted: Wanted, risk: f64, made: &mut Made) {
    let id = format!("C-{:04}", account + 1);
    let (segment, usual_arr) = SEGMENTS[account % SEGMENTS.len()];
    let owner = OWNERS[account / 3 % OWNERS.len()];
    let mut arr = (usual_arr * (0.5 * draws.normal()).exp() / 100.0).round() * 100.0;
    let steps = wanted.lead_in() + wanted.snapshots;
    // Half of them are there from the start of the lead-in on, the others come one by one.
    let arrival = if draws.share() < 0.5 { draws.below(steps) } else { 0 };
    let deciding = bond(draws, wanted);
    let shown = if wanted.shuffled { bond(draws, wanted) } else { deciding.clone() };
    let lag_of = |draws: &mut Draws| ((60 + draws.below(31)) / wanted.days_between).max(1);
    let start = made.snapshots[0].0 - days(wanted.lead_in() * wanted.days_between);
    let mut renewal = start + days(arrival * wanted.days_between + 1 + draws.below(365));
    let mut treated_until: Option<NaiveDate> = None;
    let mut all_logins: Vec<f64> = Vec::new();
    for step in arrival..steps {
        let today = start + days(step * wanted.days_between);
        let snapshot = step.checked_sub(wanted.lead_in());
        let bond = shown[step];
        let logins = (62.0 + 17.0 * bond + 6.0 * draws.normal()).clamp(0.0, 100.0);
        let quarter = (84 / wanted.days_between).max(1);
        let before = all_logins.len().checked_sub(quarter).map(|place| all_logins[place]);
        let trend = before.map(|before: f64| ((logins - before) / before.max(5.0) * 100.0).clamp(-100.0, 100.0));
        all_logins.push(logins);
        let adoption = (55.0 + 6.0 * bond + 14.0 * draws.normal()).clamp(0.0, 100.0);
        let daily = (0.32 + 0.06 * bond + 0.08 * draws.normal()).clamp(0.0, 1.0);
        let meetings = (72.0 + 9.0 * bond + 16.0 * draws.normal()).clamp(0.0, 100.0);
        let nps = (7.2 + 1.6 * draws.normal()).clamp(0.0, 10.0);
        let csat = (3.9 + 0.6 * draws.normal()).clamp(1.0, 5.0);
        let tickets = (5.0 - 1.2 * bond + 2.5 * draws.normal()).clamp(0.0, 40.0).round();
        let escalations = (0.12 + 0.07 * draws.normal()).clamp(0.0, 1.0);
        let hours = (48.0 + 18.0 * draws.normal()).clamp(1.0, 400.0);
        let sponsor = (60.0 + 19.0 * bond + 9.0 * draws.normal()).clamp(0.0, 100.0);
        let answers = (3.0 - 1.3 * bond + 1.8 * draws.normal()).clamp(0.0, 30.0);
        let trend = trend.map_or_else(String::new, |trend| format!("{trend:.1}"));
        let row = format!(
            "{id},Customer {},{segment},{owner},{arr},{renewal},{logins:.1},{adoption:.1},{daily:.2},{meetings:.0},{nps:.1},{csat:.1},{tickets},\
             {escalations:.2},{hours:.0},{sponsor:.0},{trend},{answers:.1}\n",
            account + 1
        );
        if let Some(snapshot) = snapshot {
            made.snapshots[snapshot].1.push_str(&row);
        }
        // The team steps in for some of those whose logins and sponsor are low.
        let is_free = treated_until.is_none_or(|until| until < today);
        if bond < -1.0 && is_free && draws.share() < 0.25 {
            let due = today + Days::new(7);
            treated_until = Some(due + Days::new(90));
            let status = if step + 1 == steps { "open" } else { "done" };
            if snapshot.is_some() {
                let _ = writeln!(made.interventions, "{id},{due},Executive check-in,{owner},{status},");
            }
        }
        let lag = lag_of(draws);
        let decided_on = deciding[step.saturating_sub(lag)];
        let eased = if treated_until.is_some_and(|until| until >= today) { 2.0 / 3.0 } else { 1.0 };
        if draws.share() < (risk * eased * (-EFFECT * decided_on).exp()).min(0.9) {
            let left = today + days(1 + draws.below(wanted.days_between - 1));
            if snapshot.is_some() {
                let _ = writeln!(made.outcomes, "{id},churned,{left}");
            }
            return;
        }
        if renewal <= today {
            if snapshot.is_some() {
                let _ = writeln!(made.outcomes, "{id},renewed,{renewal}");
            }
            renewal = renewal.with_year(renewal.year() + 1).unwrap_or(renewal + Days::new(365));
            arr = (arr * (1.0 + 0.08 * bond + 0.03 * draws.normal()).clamp(0.6, 1.5) / 100.0).round() * 100.0;
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut wanted = Wanted::default();
    let mut folder = None;
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse::<u64>().ok()).ok_or("expected a number");
        match argument.as_str() {
            "--seed" => wanted.seed = number()?,
            "--accounts" => wanted.accounts = usize::try_from(number()?)?,
            "--snapshots" => wanted.snapshots = usize::try_from(number()?)?.max(2),
            "--days-between" => wanted.days_between = usize::try_from(number()?)?.max(2),
            "--shuffled" => wanted.shuffled = true,
            unknown if unknown.starts_with('-') => {
                return Err(format!(
                    "{unknown}: expected DIR, --seed, --accounts, --snapshots, --days-between or --shuffled"
                )
                .into());
            }
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let folder = folder.ok_or("which folder is it to be written to?")?;
    let made = make(wanted);
    made.write(&folder)?;
    println!("{} snapshots, outcomes.csv and interventions.csv are in {}", made.snapshots.len(), folder.display());
    Ok(())
}
