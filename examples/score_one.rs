//! Scores one account from code, with the shipped models: `cargo run --example score_one`.

use std::error::Error;

use chrono::NaiveDate;
use csm::account::Account;
use csm::analysis::{Assessment, Assessor, Scope};
use csm::config;
use csm::engine::Value;

fn main() -> Result<(), Box<dyn Error>> {
    // No overlay: the models as they are shipped. A `Layer` holds the texts of overlay files.
    let models = config::load(Vec::new())?;

    let mut account = Account::new(&models.schema);
    account.id = "A-1".into();
    account.name = "Fenbridge Tools".into();
    account.arr = 60_000.0;
    account.profile = models.segments.find("smb").ok_or("no such segment")?;
    for (path, number) in [
        ("usage.login_frequency", 38.0),
        ("usage.feature_adoption", 44.0),
        ("usage.dau_mau_ratio", 0.2),
        ("usage_decline.login_trend", -22.0),
        ("support_issues.open_escalations", 2.0),
    ] {
        let slot = models.schema.slot(path).ok_or(path)?;
        account.row.set(slot, Value::Number(number));
    }

    let as_of = NaiveDate::from_ymd_opt(2026, 6, 30).ok_or("no such date")?;
    account.term.end = NaiveDate::from_ymd_opt(2026, 8, 31);
    account.derive_all(&models.schema, as_of);
    let assessor = Assessor {
        health: &models.health,
        churn: &models.churn,
        expansion: &models.expansion,
        as_of,
        scope: Scope { health: true, churn: true, expansion: false },
    };
    let mut assessment = Assessment::default();
    assessor.assess(&account, &mut assessment);

    let Assessment { health, churn, .. } = &assessment;
    println!("{} as of {as_of}, model {}", account.name, models.fingerprint);
    // A model may ask for a minimum of data, below which an account has no score.
    let coverage = health.card.coverage * 100.0;
    match health.card.score().zip(health.band()) {
        Some((score, band)) => println!("health {score:.1}, {}, coverage {coverage:.0} %", band.name()),
        None => println!("health not scored, coverage {coverage:.0} %"),
    }
    match churn.card.score().zip(churn.tier()) {
        Some((score, tier)) => println!("churn risk {score:.1}, {}, urgency {}", tier.name(), churn.card.multiplier),
        None => println!("churn risk not scored"),
    }

    // Where health was lost: points won and points possible of each metric that the account has.
    let explanation = assessor.explain(&account, &assessment);
    let Some(brought) = explanation.health else { return Ok(()) };
    let signals = models.health.model.signals().iter().zip(&health.card.signals).enumerate();
    for (position, (signal, scored)) in signals.filter(|(_, (_, scored))| scored.presence.is_present()) {
        let (won, full) = (brought.signals[position], brought.full[position]);
        let label = &models.schema.metric(signal.slot).label;
        println!("  {label}: {won} of {full} points, score {:.0}", scored.score);
    }
    Ok(())
}
