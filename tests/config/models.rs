//! What loads, and what comes out of it.

use csm::account::{Account, Derived, Kind, Profile};
use csm::analysis::{Churn, Health, Play, Tier};
use csm::config::{Field, Part};
use csm::engine::{Grade, Row, Scale, Scorecard, Slot, Value};

use super::*;

#[test]
fn the_shipped_files_load() {
    let models = shipped();
    assert_eq!(models.segments.names(), ["enterprise", "mid-market", "smb"]);
    assert_eq!(models.segments.default_profile(), Profile(1));
    let labels: Vec<_> = models.health.model.groups().iter().map(|group| group.label.as_str()).collect();
    assert_eq!(labels, ["Usage", "Engagement", "Support", "Relationship"]);
    assert_eq!(models.health.previous.iter().filter(|slot| slot.is_some()).count(), 4);
    assert_eq!(models.wording.health.len(), models.health.model.signals().len());
    assert_eq!(models.wording.churn.len(), models.churn.model.signals().len());
    assert_eq!(models.wording.branches.len(), models.churn.branches.len());
    assert_eq!(models.wording.modules.len(), models.expansion.modules.len());
    assert_eq!(models.effective.overlays().count(), 0);
    for profile in [Profile(0), Profile(1), Profile(2)] {
        for (plan, wording) in [
            (models.health.model.plan(profile), &models.wording.health),
            (models.churn.model.plan(profile), &models.wording.churn),
        ] {
            for (signal, said) in plan.signals().zip(wording) {
                assert_eq!(signal.advise.rules().len(), said.advise.len());
                assert_eq!(signal.warn.rules().len(), said.warn.len());
            }
        }
        assert!(models.industry.health_of(profile).is_some() && models.industry.retention_of(profile).is_some());
        for tier in Tier::ALL {
            let playbook = &models.wording.playbooks[models.churn.playbooks[profile.index()][tier.index()]];
            assert!(!playbook.goal.is_empty() && playbook.steps.len() >= 5, "{playbook:?}");
        }
    }
    let rationale = &models.wording.plays[Play::ModuleCrossSell.index()].rationale;
    assert!(rationale.parts.contains(&Part::Field(Field::Module)), "{rationale:?}");
}

#[test]
fn each_segment_has_its_own_bands_benchmarks_and_playbooks() {
    let models = shipped();
    let slot = models.schema.slot("usage.login_frequency").expect("a shipped metric");
    for (profile, target, bands) in
        [(0, 90.0, [75.0, 50.0, 0.0]), (1, 80.0, [70.0, 45.0, 0.0]), (2, 70.0, [65.0, 40.0, 0.0])]
    {
        let plan = models.health.model.plan(Profile(profile));
        let signal = plan.signals().find(|signal| signal.slot == slot).expect("a signal");
        assert_eq!((&signal.scale, plan.bands().bounds()), (&Scale::Ratio { target }, &bands[..]));
        assert_eq!(models.benchmark(Profile(profile), "login_frequency"), Some(target));
    }
    // mid-market has no playbook of its own for critical, the others have.
    let critical: Vec<usize> = models.churn.playbooks.iter().map(|tiers| tiers[0]).collect();
    assert!(critical[0] != critical[1] && critical[1] != critical[2] && critical[0] != critical[2]);
    let low: Vec<usize> = models.churn.playbooks.iter().map(|tiers| tiers[3]).collect();
    assert!(low[0] == low[1] && low[1] == low[2]);
}

/// What an overlay changes in the shipped models, as a figure that a case looks at.
fn figure(layers: &[&[(ModelFile, &str)]], look: impl Fn(&Models) -> String) -> String {
    match config::load(layers.iter().map(|files| layer(files)).collect()) {
        Ok(models) => look(&models),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn later_folders_lie_over_earlier_ones_key_by_key() {
    let bands = |models: &Models| format!("{:?}", models.health.model.plan(Profile(2)).bands().bounds());
    let green = (ModelFile::Segments, "[segments.smb]\nbands = { green = 60 }");
    let yellow = (ModelFile::Segments, "[segments.smb.bands]\nyellow = 35");
    let both = (ModelFile::Segments, "segments.smb.bands.green = 55\nsegments.smb.bands.yellow = 30");
    assert_eq!(figure(&[], bands), "[65.0, 40.0, 0.0]");
    assert_eq!(figure(&[&[green]], bands), "[60.0, 40.0, 0.0]");
    assert_eq!(figure(&[&[green], &[yellow]], bands), "[60.0, 35.0, 0.0]");
    assert_eq!(figure(&[&[both], &[green]], bands), "[60.0, 30.0, 0.0]");
    assert_eq!(figure(&[&[green], &[both]], bands), "[55.0, 30.0, 0.0]");
}

#[test]
fn a_scale_of_the_same_kind_merges_and_one_of_another_kind_replaces() {
    let scale = |path: &'static str| {
        move |models: &Models| {
            let slot = models.schema.slot(path).expect("a metric");
            let plan = models.churn.model.plan(Profile(0));
            format!("{:?}", plan.signals().find(|signal| signal.slot == slot).expect("a signal").scale)
        }
    };
    let churn = |text: &'static str| (ModelFile::Churn, text);
    let reply = "engagement_drop.response_time_days";
    let head = "[groups.engagement_drop.signals.response_time_days]\n";
    for (text, expected) in [
        ("", "PerUnit { per_unit: 15.0, offset: 1.0 }"),
        ("scale = { per-unit = 10 }", "PerUnit { per_unit: 10.0, offset: 1.0 }"),
        ("scale = { offset = 2 }", "PerUnit { per_unit: 15.0, offset: 2.0 }"),
        ("scale = { rise = 10 }", "Rise { per_unit: 10.0 }"),
        ("scale = { steps = [ { at-least = 3, points = 1 } ] }", "Steps([Step { at_least: 3.0, gives: Points(1.0) }])"),
    ] {
        let text: &'static str = format!("{head}{text}").leak();
        assert_eq!(figure(&[&[churn(text)]], scale(reply)), expected, "{text}");
    }
    let word = "[groups.commercial_factors.signals.contract_type]\nscale = { lookup = { annual = 5 } }";
    assert_eq!(
        figure(&[&[churn(word)]], scale("commercial_factors.contract_type")),
        "Lookup { points: [Some(5.0), Some(0.0), Some(15.0), Some(30.0)], other: 0.0 }"
    );
}

#[test]
fn entries_are_removed_and_lists_replaced_whole() {
    let names = |models: &Models| {
        models.wording.branches.iter().map(|branch| branch.name.as_str()).collect::<Vec<_>>().join(" ")
    };
    let remove = "[branches.competitor]\nremove = true\n[branches.own]\nwhen = []\nsteps = [ { do = \"a\", owner = \"b\", within = \"c\" } ]";
    let all = names(&shipped());
    assert_eq!(figure(&[&[(ModelFile::Churn, remove)]], names), all.replace(" competitor", "") + " own");
    let kept = "[branches.competitor]\nremove = false";
    assert_eq!(figure(&[&[(ModelFile::Churn, kept)]], names), all);
    let again = "[branches.competitor]\nwhen = []\nsteps = [ { do = \"a\", owner = \"b\", within = \"c\" } ]";
    assert_eq!(
        figure(&[&[(ModelFile::Churn, remove)], &[(ModelFile::Churn, again)]], names),
        all.replace(" competitor", "") + " own competitor"
    );
    let warnings = |models: &Models| {
        let plan = models.churn.model.plan(Profile(0));
        plan.signals().next().expect("a signal").warn.rules().len().to_string()
    };
    let one = "[groups.usage_decline.signals.login_trend]\nwarn = [ { below = 0, severity = \"high\", say = \"x\" } ]";
    assert_eq!(figure(&[&[(ModelFile::Churn, one)]], warnings), "1");
}

#[test]
fn urgency_steps_join_by_their_days() {
    let steps =
        |models: &Models| format!("{:?}", models.churn.model.plan(Profile(0)).multiplier().expect("urgency").steps());
    let text = "[urgency]\n45 = 1.4\n30 = 1.6";
    assert_eq!(
        figure(&[&[(ModelFile::Churn, text)]], steps),
        "[(30.0, 1.6), (45.0, 1.4), (60.0, 1.35), (90.0, 1.2), (180.0, 1.1)]"
    );
}

#[test]
fn warnings_of_equal_severity_stand_where_warn_before_puts_them() {
    let text = "[groups.support_issues.signals.satisfaction_trend]\nwarn-before = \"login_trend\"";
    let models = load(&[(ModelFile::Churn, text)]).expect("a model");
    let mut account = Account::new(&models.schema);
    let set = |account: &mut Account, path: &str, value| {
        account.row.set(models.schema.slot(path).expect("a metric"), value);
    };
    set(&mut account, "usage_decline.login_trend", Value::Number(-12.0));
    set(&mut account, "usage_decline.feature_adoption_change", Value::Number(-15.0));
    let trend = models.schema.slot("support_issues.satisfaction_trend").expect("a metric");
    let Kind::Word(words) = &models.schema.metric(trend).kind else { panic!("a word") };
    account.row.set(trend, Value::Word(words.word("declining")));
    let mut churn = Churn::default();
    churn_of(&models, &account, &mut churn);
    let names: Vec<_> =
        churn.card.warnings.iter().map(|fired| models.churn.model.signals()[fired.signal].name.as_str()).collect();
    assert_eq!(names, ["satisfaction_trend", "login_trend", "feature_adoption_change"]);
}

fn churn_of(models: &Models, account: &Account, churn: &mut Churn) {
    models.churn.evaluate(account, "2026-11-22".parse().expect("a date"), churn);
}

/// A model of another product, in overlays only.
const PRODUCT: [(ModelFile, &str); 3] = [
    (
        ModelFile::Metrics,
        "[metrics.\"usage.workflows\"]\nkind = \"number\"\nrange = [0, 500]\nminimum = 0\n\
         [metrics.\"usage.sso\"]\nlabel = \"Single sign-on\"\nkind = \"flag\"\n",
    ),
    (
        ModelFile::Segments,
        "base = \"none\"\ndefault = \"team\"\n[segments.team]\nbands = { green = 80, yellow = 60 }\nbenchmarks = { workflows = 20 }\n",
    ),
    (
        ModelFile::Health,
        "base = \"none\"\n[trend]\nthreshold = 5\n[groups.usage]\nweight = 1\n\
         [groups.usage.signals.workflows]\nweight = 0.75\nscale = { ratio = \"workflows\" }\ndefault = 0\n\
         advise = [ { score-below = 60, say = \"{metric}: {value} of {benchmark}\" } ]\n\
         [groups.usage.signals.sso]\nweight = 0.25\nscale = { points = 100 }\ndefault = false\n",
    ),
];

#[test]
fn a_model_of_another_product_is_only_toml() {
    let models = load(&PRODUCT).unwrap_or_else(|error| panic!("{error}"));
    let workflows = models.schema.slot("usage.workflows").expect("a metric of the overlay");
    let sso = models.schema.slot("usage.sso").expect("a metric of the overlay");
    let mut account = Account::new(&models.schema);
    account.row.set(workflows, Value::Number(10.0));
    account.row.set(sso, Value::Flag(true));
    let mut health = Health::default();
    models.health.evaluate(&account, &mut health);
    assert_eq!((health.card.grade, health.card.coverage), (Some(Grade { score: 62.5, band: 1 }), 1.0));
    let fired = health.card.advice[0];
    let mut text = String::new();
    let template = &models.wording.health[fired.signal].advise[fired.rule];
    template.render(&mut text, |field, out| {
        out.push_str(match field {
            Field::Metric => &models.schema.metric(workflows).label,
            Field::Value => "10",
            Field::Benchmark => "20",
            _ => "?",
        });
    });
    assert_eq!(text, "workflows: 10 of 20");
    // What the shipped files say of the shipped segments is moot, and the shipped churn model runs on.
    let mut churn = Churn::default();
    churn_of(&models, &account, &mut churn);
    assert_eq!(churn.tier(), Some(Tier::Low));
    assert_eq!(models.industry.health, [None]);
}

#[test]
fn a_metric_that_stands_in_overlays_only_is_scored_without_code() {
    let models = load(&[
        (ModelFile::Metrics, "[metrics.\"product.depth\"]\nkind = \"number\"\nunit = \"screens\"\n"),
        (
            ModelFile::Health,
            "[groups.usage.signals.dau_mau_ratio]\nweight = 0.15\n\
             [groups.usage.signals.depth]\nmetric = \"product.depth\"\nweight = 0.10\nscale = { ratio = 40 }\ndefault = 0\n",
        ),
    ])
    .unwrap_or_else(|error| panic!("{error}"));
    let slot = models.schema.slot("product.depth").expect("a metric of the overlay");
    assert_eq!(
        slot,
        Slot(u16::try_from(models.schema.metrics().len() - 1).expect("few metrics")),
        "new keys go behind"
    );
    let score = |value| {
        let mut row = Row::new(models.schema.metrics().len());
        row.set(slot, Value::Number(value));
        let mut card = Scorecard::default();
        models.health.model.plan(Profile(0)).evaluate(&row, &mut card);
        card.groups[0].expect("a score").score
    };
    assert_eq!((score(0.0), score(20.0), score(40.0), score(80.0)), (0.0, 5.0, 10.0, 10.0));
}

#[test]
fn one_age_serves_all_signals_that_read_a_metric() {
    let models = load(&[
        (
            ModelFile::Health,
            "[groups.usage.signals.login_frequency]\nstale-after = 30\n[groups.usage.signals.dau_mau_ratio]\nstale-after = 0\n",
        ),
        (
            ModelFile::Churn,
            "[groups.commercial_factors.signals.logins]\nmetric = \"usage.login_frequency\"\nscale = { per-unit = 1 }\n\
             default = 0\nstale-after = 90\n",
        ),
    ])
    .unwrap_or_else(|error| panic!("{error}"));
    let limits = |model: &csm::analysis::Model| -> Vec<(Slot, f64)> {
        let plan = model.plan(Profile(0));
        plan.signals().filter_map(|signal| Some((signal.freshness?.age, signal.freshness?.stale_after))).collect()
    };
    let age = |path: &str| models.schema.slot(path).expect("an age");
    let (logins, ratio) = (age("usage.login_frequency_as_of"), age("usage.dau_mau_ratio_as_of"));
    assert_eq!(limits(&models.health.model), [(logins, 30.0), (ratio, 0.0)]);
    assert_eq!(limits(&models.churn.model), [(logins, 90.0)]);
    assert_eq!(models.schema.metrics().len(), shipped().schema.metrics().len() + 2);
    let of = models.schema.slot("usage.login_frequency").expect("a shipped metric");
    assert_eq!(models.schema.metric(logins).derived, Some(Derived::Age(of)));
    assert!(models.health.model.slots().any(|slot| slot == logins), "the age is read with the metric");
}
