//! What holds for any account and any portfolio.

#[path = "portfolio/draft.rs"]
mod draft;
#[expect(dead_code, reason = "no overlay is laid here")]
mod portfolio;

use std::sync::LazyLock;

use csm::account::Account;
use csm::analysis::{Assessment, Assessor, Band, Onboarding, Order, Population, Scope, Selection, Survey, Tier};
use csm::config::Models;
use csm::engine::{Combine, Hundredths, clamp};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use draft::Better::More;
use draft::{Draft, METRICS, text};

use portfolio::{assess, shipped};

static MODELS: LazyLock<Models> = LazyLock::new(shipped);

fn assessor() -> Assessor<'static> {
    Assessor {
        health: &MODELS.health,
        churn: &MODELS.churn,
        expansion: &MODELS.expansion,
        as_of: "2026-06-30".parse().expect("a date"),
        scope: Scope::ALL,
    }
}

fn only(draft: &Draft) -> (Account, Assessment) {
    assess(&MODELS, &text(std::slice::from_ref(draft))).pop().expect("one account")
}

#[test]
fn the_metrics_are_those_of_the_models() {
    let signals = MODELS.health.model.signals().iter().chain(MODELS.churn.model.signals());
    let paths: Vec<&str> = signals.map(|signal| MODELS.schema.metric(signal.slot).path.as_str()).collect();
    assert_eq!(paths, METRICS.map(|(path, ..)| path));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn contributions_add_up_to_the_score(draft in Draft::any()) {
        let (account, found) = only(&draft);
        let explanation = assessor().explain(&account, &found);
        for (contributions, card) in
            [(&explanation.health, &found.health.card), (&explanation.churn, &found.churn.card)]
        {
            let contributions = contributions.as_ref().expect("a score");
            let sum: Hundredths = contributions.signals.iter().copied().sum();
            let score = card.score().expect("a score");
            prop_assert_eq!(sum + contributions.rest, Hundredths::nearest(score));
            prop_assert_eq!((sum + contributions.rest).points(), score);
            prop_assert_eq!(contributions.signals.len(), card.signals.len());
        }
    }

    #[test]
    fn contributions_are_points_by_share_and_leave_only_rounding(draft in Draft::any()) {
        let (account, found) = only(&draft);
        let explanation = assessor().explain(&account, &found);
        for (model, contributions, card) in [
            (&MODELS.health.model, &explanation.health, &found.health.card),
            (&MODELS.churn.model, &explanation.churn, &found.churn.card),
        ] {
            let contributions = contributions.as_ref().expect("a score");
            let mut brought = contributions.signals.iter();
            let (mut raw, mut most, mut is_clamped) = (0.0, 0.05, false);
            for group in model.plan(account.profile).groups() {
                let mut sum = 0.0;
                for signal in &group.signals {
                    let points = signal.scale.points(account.row.get(signal.slot).or(signal.default));
                    let counted = match group.combine {
                        Combine::Weigh => clamp(points) * signal.weight,
                        Combine::Add => points,
                    };
                    let exact = counted * group.weight * card.multiplier;
                    let found = brought.next().expect("one per signal").points();
                    prop_assert!((found - exact).abs() <= 0.005 + 1e-9, "{found}, expected {exact}");
                    sum += counted;
                }
                is_clamped |= !(0.0..=100.0).contains(&sum);
                raw += sum * group.weight;
                most += 0.005 * group.signals.len() as f64 + 0.05 * group.weight * card.multiplier;
            }
            // Rounded groups may add up to slightly more than their signals do.
            is_clamped |= raw * card.multiplier > 99.9;
            let rest = contributions.rest.points();
            prop_assert!(is_clamped || rest.abs() <= most + 1e-9, "{rest} of at most {most}");
        }
    }

    #[test]
    fn scores_and_coverage_stay_in_their_ranges(draft in Draft::any()) {
        let (_, found) = only(&draft);
        for card in [&found.health.card, &found.churn.card] {
            prop_assert!((0.0..=1.0).contains(&card.coverage));
            let grades = card.groups.iter().chain([&card.grade]).map(|grade| grade.expect("all are scored").score);
            for score in grades.chain(card.signals.iter().map(|signal| signal.score)) {
                prop_assert!((0.0..=100.0).contains(&score));
            }
        }
        for opportunity in &found.expansion.opportunities {
            prop_assert!(opportunity.revenue >= 0.0 && (0.0..=300.0).contains(&opportunity.priority));
        }
        let pipeline = found.expansion.pipeline;
        prop_assert!(pipeline.low <= pipeline.base && pipeline.base <= pipeline.high);
        prop_assert_eq!(pipeline.high, found.expansion.total);
    }

    #[test]
    fn a_better_metric_never_scores_worse(draft in Draft::any(), metric in any::<Index>(), to in 0.0..=1.0_f64) {
        let metric = metric.index(METRICS.len());
        let (path, _, better) = METRICS[metric];
        let Some(from) = draft.metrics[metric] else { return Ok(()) };
        let (worse, improved) = if better == More { (from.min(to), from.max(to)) } else { (from.max(to), from.min(to)) };
        let with = |position| {
            let mut draft = draft.clone();
            draft.metrics[metric] = Some(position);
            only(&draft).1
        };
        let (before, after) = (with(worse), with(improved));
        prop_assert!(after.health.card.score() >= before.health.card.score(), "{path}");
        prop_assert!(after.health.band() <= before.health.band(), "{path}");
        prop_assert!(after.churn.card.score() <= before.churn.card.score(), "{path}");
        prop_assert!(after.churn.tier() >= before.churn.tier(), "{path}");
    }

    #[test]
    fn the_order_of_accounts_changes_no_account(
        (drafts, shuffled) in prop::collection::vec(Draft::any(), 1..8).prop_flat_map(|drafts| {
            let order: Vec<usize> = (0..drafts.len()).collect();
            (Just(drafts), Just(order).prop_shuffle())
        })
    ) {
        let records: Vec<String> = drafts.iter().enumerate().map(|(id, draft)| draft.json(id)).collect();
        let other: Vec<&str> = shuffled.iter().map(|position| records[*position].as_str()).collect();
        let found = assess(&MODELS, &format!("{{\"customers\": [{}]}}", records.join(",")));
        let found_shuffled = assess(&MODELS, &format!("{{\"customers\": [{}]}}", other.join(",")));
        for (position, result) in shuffled.iter().zip(found_shuffled) {
            prop_assert_eq!(&found[*position], &result);
        }
    }

    #[test]
    fn a_portfolio_cut_into_portions_gives_the_same_findings(
        drafts in prop::collection::vec(Draft::any(), 1..30),
        cuts in prop::collection::vec(any::<Index>(), 0..5),
        scope in any::<[bool; 3]>(),
        (selected, onboarding) in (any::<bool>(), select(vec![Onboarding::Apart, Onboarding::WithOthers])),
        order in select(vec![Order::Input, Order::Attention, Order::Risk, Order::Expansion, Order::Arr, Order::Name]),
    ) {
        let accounts: Vec<Account> = assess(&MODELS, &text(&drafts)).into_iter().map(|(account, _)| account).collect();
        let [health, churn, expansion] = scope;
        let assessor = Assessor { scope: Scope { health, churn, expansion }, ..assessor() };
        let bands = if selected { vec![Band::Yellow, Band::Red] } else { vec![] };
        let selection = Selection { bands, ..Selection::default() };
        let survey = Survey::new(assessor, &MODELS.segments, Population::default(), selection, order, onboarding);
        let mut whole = survey.clone();
        for account in &accounts {
            whole.add(account);
        }
        let whole = whole.finish();

        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(accounts.len() + 1)).collect();
        cuts.extend([0, accounts.len()]);
        cuts.sort_unstable();
        let mut survey = survey;
        // Some of the accounts come before all portions, some behind them.
        let (first, last) = (cuts[1], cuts[cuts.len() - 2]);
        let inner = cuts.windows(2).filter(|cut| first <= cut[0] && cut[1] <= last);
        for account in &accounts[..first] {
            survey.add(account);
        }
        let (surveyor, sums) = survey.split();
        let filled = |part: &[Account]| {
            let mut portion = surveyor.portion();
            for account in part {
                portion.add(account);
            }
            portion
        };
        // Each on a thread of its own, before the first one is taken.
        let portions: Vec<_> = std::thread::scope(|scope| {
            let filling: Vec<_> = inner.map(|cut| scope.spawn(|| filled(&accounts[cut[0]..cut[1]]))).collect();
            filling.into_iter().map(|portion| portion.join().expect("a portion")).collect()
        });
        for portion in portions {
            sums.take(portion);
        }
        for account in &accounts[first.max(last)..] {
            survey.add(account);
        }
        let cut = survey.finish();

        prop_assert_eq!(whole.totals(), cut.totals());
        prop_assert_eq!(whole.listed(), cut.listed());
        prop_assert_eq!(whole.onboarding(), cut.onboarding());
        let (mut account, mut same) = (whole.blank_account(), cut.blank_account());
        for entry in whole.listed().iter().chain(whole.onboarding()) {
            whole.account(*entry, &mut account);
            cut.account(*entry, &mut same);
            prop_assert_eq!(&account, &same);
        }
    }

    #[test]
    fn totals_are_the_sums_of_the_rows(drafts in prop::collection::vec(Draft::any(), 1..12)) {
        let mut survey = Survey::new(
            assessor(),
            &MODELS.segments,
            Population::default(),
            Selection::default(),
            Order::Input,
            Onboarding::WithOthers,
        );
        for (account, _) in &assess(&MODELS, &text(&drafts)) {
            survey.add(account);
        }
        let findings = survey.finish();
        let totals = findings.totals();
        let mut account = findings.blank_account();
        let mut found = Assessment::default();
        let mut bands = [(0, 0.0); 3];
        let mut tiers = [(0, 0.0); 4];
        let (mut scores, mut at_risk, mut revenue, mut plays) = (0.0, 0.0, 0.0, 0);
        for entry in findings.listed() {
            findings.read(*entry, &mut account, &mut found);
            let (found_band, found_tier) = found.health.band().zip(found.churn.tier()).expect("all are scored");
            let (band, tier) = (&mut bands[found_band as usize], &mut tiers[found_tier.index()]);
            *band = (band.0 + 1, band.1 + account.arr);
            *tier = (tier.0 + 1, tier.1 + account.arr);
            scores += found.health.card.score().expect("a score");
            at_risk += if found_tier <= Tier::High { account.arr } else { 0.0 };
            revenue += found.expansion.total;
            plays += found.expansion.opportunities.len() as u64;
        }
        let listed = findings.listed().len();
        prop_assert_eq!(totals.all.accounts, listed as u64);
        prop_assert_eq!(totals.churned.accounts + listed as u64, drafts.len() as u64);
        for (band, sum) in Band::ALL.into_iter().zip(bands) {
            prop_assert_eq!((totals.band(band).accounts, totals.band(band).arr), sum);
        }
        for (tier, sum) in Tier::ALL.into_iter().zip(tiers) {
            prop_assert_eq!((totals.tier(tier).accounts, totals.tier(tier).arr), sum);
        }
        prop_assert_eq!((totals.churn.arr_at_risk, totals.expansion.total.revenue), (at_risk, revenue));
        prop_assert_eq!(totals.expansion.total.plays, plays);
        prop_assert_eq!(totals.expansion.plays.iter().map(|play| play.plays).sum::<u64>(), plays);
        let average = if listed == 0 { 0.0 } else { csm::engine::round1(scores / listed as f64) };
        prop_assert_eq!(totals.health.average(), Some(average));
        let by_segment: u64 = totals.health_by_segment.iter().map(|segment| segment.all.accounts).sum();
        prop_assert_eq!(by_segment, listed as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_program_says_the_same_twice(drafts in prop::collection::vec(Draft::any(), 1..30)) {
        let text = text(&drafts);
        for command in ["health", "churn", "expand", "report"] {
            for format in ["text", "json"] {
                let arguments = [command, "-", "--format", format];
                prop_assert_eq!(portfolio::print(&arguments, &text), portfolio::print(&arguments, &text));
            }
        }
    }

    #[test]
    fn the_program_prints_sums_of_its_rows(drafts in prop::collection::vec(Draft::any(), 1..30)) {
        let text = text(&drafts);
        let report = portfolio::run(&["churn", "-", "--format", "json"], &text);
        let rows = report["customers"].as_array().expect("a list");
        prop_assert_eq!(report["summary"]["total_customers"].as_u64(), Some(rows.len() as u64));
        for tier in Tier::ALL {
            let count = rows.iter().filter(|row| row["risk_tier"] == tier.name()).count();
            let key = format!("{}_count", tier.name());
            prop_assert_eq!(report["summary"][&key].as_u64(), Some(count as u64));
        }
        let report = portfolio::run(&["expand", "-", "--format", "json"], &text);
        let rows = report["customers"].as_array().expect("a list");
        let sum: f64 = rows.iter().map(|row| row["total_estimated_revenue"].as_f64().expect("a number")).sum();
        prop_assert_eq!(report["summary"]["total_estimated_revenue"].as_f64(), Some(sum));
    }
}
