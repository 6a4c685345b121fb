//! Ranks, rates and intervals are those that scikit-learn and scipy give on the same data.
//!
//! `tests/statistics/figures.json` holds the data and what they give; `tests/statistics/figures.py` made it.

use std::fs::File;
use std::num::NonZeroUsize;
use std::path::Path;

use csm::evidence::{Interval, Ranked, Ranking, Rate, bootstrap, brier, skill};
use csm::workers::Threads;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Figures {
    rankings: Vec<RankingCase>,
    forecasts: Vec<ForecastCase>,
    rates: Vec<RateCase>,
    bootstraps: Bootstraps,
}

type Row = (f64, bool, u32);

#[derive(Deserialize)]
struct RankingCase {
    name: String,
    rows: Vec<Row>,
    auc: Option<f64>,
    interval: Option<(f64, f64)>,
    hanley_mcneil: Option<f64>,
    average_precision: Option<f64>,
    lift: Option<Vec<(f64, f64)>>,
    gains: Option<Vec<(f64, f64)>>,
}

#[derive(Deserialize)]
struct ForecastCase {
    name: String,
    pairs: Vec<(f64, bool)>,
    brier: f64,
    skill: Option<f64>,
}

#[derive(Deserialize)]
struct RateCase {
    hits: u64,
    of: u64,
    wilson: (f64, f64),
}

#[derive(Deserialize)]
struct Bootstraps {
    resamples: u32,
    auc: OfRows,
    share: OfAccounts,
}

#[derive(Deserialize)]
struct OfRows {
    rows: Vec<Row>,
    /// The ends of the interval, over many seeds.
    ends: (f64, f64),
    /// How much each end varies from seed to seed, as a standard deviation.
    noise: (f64, f64),
}

#[derive(Deserialize)]
struct OfAccounts {
    /// Hits, and of how many.
    accounts: Vec<(u32, u32)>,
    ends: (f64, f64),
    noise: (f64, f64),
}

fn figures() -> Figures {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/statistics/figures.json");
    serde_json::from_reader(File::open(path).expect("the stored figures")).expect("figures")
}

fn ranked(rows: &[Row]) -> Vec<Ranked> {
    rows.iter()
        .map(|(value, positive, cluster)| Ranked { value: *value, positive: *positive, cluster: *cluster })
        .collect()
}

fn ends(interval: Interval) -> (f64, f64) {
    (interval.low, interval.high)
}

/// Equal to 1e-9, of large figures and of small ones.
fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9 * expected.abs().min(1.0)
}

fn check(about: &str, found: Option<f64>, expected: Option<f64>) {
    let equal = match (found, expected) {
        (Some(found), Some(expected)) => close(found, expected),
        (found, expected) => found == expected,
    };
    assert!(equal, "{about}: {found:?} where {expected:?} is expected");
}

fn check_interval(about: &str, found: Option<Interval>, expected: Option<(f64, f64)>) {
    check(&format!("{about}, low"), found.map(|interval| interval.low), expected.map(|ends| ends.0));
    check(&format!("{about}, high"), found.map(|interval| interval.high), expected.map(|ends| ends.1));
}

#[test]
fn rankings_are_those_of_scikit_learn() {
    let cases = figures().rankings;
    assert!(cases.len() > 20);
    for case in cases {
        let name = &case.name;
        let ranking = Ranking::new(ranked(&case.rows));
        let positives = case.rows.iter().filter(|row| row.1).count() as u64;
        assert_eq!(
            (ranking.positives(), ranking.negatives()),
            (positives, case.rows.len() as u64 - positives),
            "{name}"
        );
        check(&format!("{name}: AUC"), ranking.auc(), case.auc);
        check_interval(&format!("{name}: interval"), ranking.auc_interval(), case.interval);
        check(&format!("{name}: Hanley and McNeil"), ranking.hanley_mcneil_error(), case.hanley_mcneil);
        check(&format!("{name}: average precision"), ranking.average_precision(), case.average_precision);
        for (share, lift) in case.lift.as_deref().unwrap_or_default() {
            check(&format!("{name}: lift of {share}"), ranking.lift(*share), Some(*lift));
            let ceiling = ranking.lift_ceiling(*share).expect("a ceiling");
            assert!(*lift <= ceiling * (1.0 + 1e-12), "{name}: lift of {share} above {ceiling}");
        }
        assert_eq!(ranking.lift(0.1).is_some(), case.lift.is_some(), "{name}");
        let (found, expected) = (ranking.gains(usize::MAX), case.gains.unwrap_or_default());
        assert_eq!(found.len(), expected.len(), "{name}: gains");
        for (found, expected) in found.iter().zip(&expected) {
            assert!(close(found.0, expected.0) && close(found.1, expected.1), "{name}: {found:?}, {expected:?}");
        }
    }
}

#[test]
fn forecasts_are_judged_as_by_scikit_learn() {
    for case in figures().forecasts {
        check(&format!("{}: Brier", case.name), brier(&case.pairs), Some(case.brier));
        check(&format!("{}: skill", case.name), skill(&case.pairs), case.skill);
    }
}

#[test]
fn rates_have_the_interval_of_scipy() {
    for RateCase { hits, of, wilson } in figures().rates {
        check_interval(&format!("{hits} of {of}"), Rate { hits, of }.wilson(), Some(wilson));
    }
}

/// The AUC of rows, each of them as often as its account was drawn.
fn drawn_auc(rows: &[Row], weights: &[u32]) -> Option<f64> {
    let times = |row: &Row| std::iter::repeat_n(*row, weights[row.2 as usize] as usize);
    let drawn: Vec<Row> = rows.iter().flat_map(times).collect();
    Ranking::new(ranked(&drawn)).auc()
}

fn drawn_share(accounts: &[(u32, u32)], weights: &[u32]) -> f64 {
    let sum = |part: fn(&(u32, u32)) -> u32| -> u32 {
        accounts.iter().zip(weights).map(|(a, weight)| part(a) * weight).sum()
    };
    f64::from(sum(|account| account.0)) / f64::from(sum(|account| account.1))
}

#[test]
fn bootstrap_intervals_are_those_of_scipy_within_its_noise() {
    let Bootstraps { resamples, auc, share } = figures().bootstraps;
    let found = bootstrap(auc.rows.len(), resamples, Threads::ONE, |weights| drawn_auc(&auc.rows, weights));
    let of_share =
        bootstrap(share.accounts.len(), resamples, Threads::ONE, |weights| Some(drawn_share(&share.accounts, weights)));
    for (about, found, expected, noise) in
        [("AUC", found, auc.ends, auc.noise), ("share", of_share, share.ends, share.noise)]
    {
        let found = found.expect("an interval");
        assert_eq!(found.draws, resamples, "{about}");
        let (low, high) = ends(found.interval);
        for (found, expected, noise) in [(low, expected.0, noise.0), (high, expected.1, noise.1)] {
            assert!(noise < 0.01, "{about}: a noise of {noise} tells nothing");
            assert!((found - expected).abs() < 4.0 * noise, "{about}: {found} where {expected} ± {noise} is expected");
        }
    }
}

#[test]
fn draws_do_not_depend_on_threads() {
    let accounts: Vec<(u32, u32)> = (0..37).map(|number| (number % 5, 4 + number % 3)).collect();
    let with =
        |threads| bootstrap(37, 200, threads, |weights| Some(drawn_share(&accounts, weights))).expect("an interval");
    let one = with(Threads::ONE);
    for threads in [2, 3, 8] {
        assert_eq!(with(Threads::new(NonZeroUsize::new(threads).expect("some"))), one, "{threads} threads");
    }
}

#[test]
fn each_draw_has_as_many_accounts_as_there_are() {
    for accounts in [1_usize, 2, 37] {
        let whole = |weights: &[u32]| (weights.iter().sum::<u32>() as usize == accounts).then_some(1.0);
        let found = bootstrap(accounts, 50, Threads::ONE, whole).expect("figures");
        assert_eq!((found.draws, ends(found.interval)), (50, (1.0, 1.0)), "{accounts} accounts");
    }
    // Each account is in as many draws as any other: 1 − (36/37)³⁷ of 400, ± 4 standard deviations.
    for account in 0..37 {
        let found = bootstrap(37, 400, Threads::ONE, |weights| (weights[account] > 0).then_some(1.0)).expect("figures");
        assert!((216..=294).contains(&found.draws), "account {account} is in {} draws", found.draws);
    }
}

#[test]
fn a_figure_that_most_draws_lack_has_no_interval() {
    let resamples = 200;
    assert_eq!(bootstrap(0, resamples, Threads::ONE, |_| Some(1.0)), None);
    assert_eq!(bootstrap(5, 0, Threads::ONE, |_| Some(1.0)), None);
    assert_eq!(bootstrap(5, resamples, Threads::ONE, |_| None), None);
    assert_eq!(bootstrap(5, resamples, Threads::ONE, |_| Some(f64::NAN)), None);
    // Of two accounts the first is in three of four draws, twice in one.
    let in_it = |least: u32| bootstrap(2, resamples, Threads::ONE, move |weights| (weights[0] >= least).then_some(1.0));
    let most = in_it(1).expect("an interval");
    assert!((130..=170).contains(&most.draws), "{}", most.draws);
    assert_eq!(in_it(2), None);
}

#[test]
fn figures_of_the_top_share_exactly_at_its_ends() {
    let rows: Vec<Row> = (0..10).map(|number| (f64::from(10 - number), number < 2, number)).collect();
    let ranking = Ranking::new(ranked(&rows));
    for (share, lift, ceiling) in [
        (-0.1, None, None),
        (0.0, None, None),
        (0.05, Some(5.0), Some(5.0)),
        (0.2, Some(5.0), Some(5.0)),
        (0.25, Some(4.0), Some(4.0)),
        (1.0, Some(1.0), Some(1.0)),
        (2.0, Some(1.0), Some(1.0)),
    ] {
        check(&format!("lift of {share}"), ranking.lift(share), lift);
        check(&format!("ceiling of {share}"), ranking.lift_ceiling(share), ceiling);
    }
}

#[test]
fn a_thinned_curve_keeps_its_ends() {
    let rows: Vec<Row> = (0..1_000).map(|number| (f64::from(number), number % 3 == 0, number)).collect();
    let ranking = Ranking::new(ranked(&rows));
    for (most, points) in [(0, 2), (1, 2), (2, 3), (7, 8), (999, 1_000), (1_000, 1_001), (1_001, 1_001)] {
        let gains = ranking.gains(most);
        assert_eq!(gains.len(), points, "{most}");
        assert_eq!((gains[0], gains[points - 1]), ((0.0, 0.0), (1.0, 1.0)), "{most}");
        assert!(gains.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1), "{most}");
    }
}

/// Rows with few different values, so that ties are frequent, of few accounts.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((-8_i8..8, any::<bool>(), 0_u32..12), 0..60).prop_map(|rows| {
        rows.into_iter().map(|(value, positive, cluster)| (f64::from(value), positive, cluster)).collect()
    })
}

/// What there is to know of a ranking but for the curve.
fn all(rows: &[Row]) -> [Option<f64>; 6] {
    let ranking = Ranking::new(ranked(rows));
    let interval = ranking.auc_interval();
    [
        ranking.auc(),
        interval.map(|interval| interval.low),
        interval.map(|interval| interval.high),
        ranking.hanley_mcneil_error(),
        ranking.average_precision(),
        ranking.lift(0.1),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_does_not_matter(
        (rows, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        prop_assert_eq!(all(&rows), all(&shuffled));
    }

    #[test]
    fn what_keeps_the_order_keeps_the_figures(rows in rows()) {
        let stretched: Vec<Row> = rows.iter().map(|row| (row.0.powi(3) * 1e6 - 7.0, row.1, row.2)).collect();
        prop_assert_eq!(all(&rows), all(&stretched));
    }

    #[test]
    fn swapped_kinds_mirror_the_auc(rows in rows()) {
        let swapped: Vec<Row> = rows.iter().map(|row| (row.0, !row.1, row.2)).collect();
        let [auc, low, high, ..] = all(&rows);
        let [mirrored, mirrored_low, mirrored_high, ..] = all(&swapped);
        for (found, expected) in [(mirrored, auc), (mirrored_low, high), (mirrored_high, low)] {
            prop_assert_eq!(found.is_some(), expected.is_some());
            prop_assert!(found.zip(expected).is_none_or(|(found, expected)| (found - (1.0 - expected)).abs() < 1e-12));
        }
    }

    #[test]
    fn intervals_hold_their_figure(rows in rows(), (hits, rest) in (0_u64..500, 0_u64..500)) {
        let [auc, low, high, ..] = all(&rows);
        if let (Some(auc), Some(low), Some(high)) = (auc, low, high) {
            prop_assert!(0.0 <= low && low <= auc && auc <= high && high <= 1.0, "{low} {auc} {high}");
        }
        let rate = Rate { hits, of: hits + rest };
        if let (Some(share), Some(interval)) = (rate.share(), rate.wilson()) {
            prop_assert!(0.0 <= interval.low && interval.low <= share && share <= interval.high && interval.high <= 1.0);
        }
    }
}
