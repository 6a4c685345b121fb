//! An overlay changes exactly what it says.

mod portfolio;

use std::fs;
use std::path::Path;

use csm::account::Account;
use csm::analysis::{Assessment, Band, Tier};
use csm::config::{self, Layer, ModelFile, SourceFile};
use serde_json::{Value, json};

use portfolio::{assess, overlaid, run, shipped};

fn parity() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/portfolio.json");
    fs::read_to_string(path).expect("the portfolio of the standard")
}

/// What the shipped and the overlaid models say of each account of the parity portfolio.
fn before_and_after(file: ModelFile, text: &str) -> Vec<(Account, Assessment, Assessment)> {
    let portfolio = parity();
    let before = assess(&shipped(), &portfolio);
    let after = assess(&overlaid(&[(file, text)]), &portfolio);
    assert_eq!(before.len(), after.len());
    before.into_iter().zip(after).map(|((account, before), (_, after))| (account, before, after)).collect()
}

#[test]
fn a_band_moves_accounts_between_bands_and_no_score() {
    let overlay = "[segments.smb]\nbands = { green = 60 }\n";
    let mut moved = 0;
    for (account, before, after) in before_and_after(ModelFile::Segments, overlay) {
        let is_smb = account.segment.as_deref().is_some_and(|segment| segment.eq_ignore_ascii_case("smb"));
        let mut expected = before.clone();
        let card = &mut expected.health.card;
        for grade in card.groups.iter_mut().chain([&mut card.grade]).flatten() {
            if is_smb && (60.0..65.0).contains(&grade.score) {
                grade.band = Band::Green as usize;
            }
        }
        // So does the score of the last period, which is judged by the bands of now.
        if let Some(last) = expected.health.last.as_mut().filter(|last| is_smb && (60.0..65.0).contains(&last.score)) {
            last.band = Band::Green;
        }
        moved += usize::from(card.band() != before.health.card.band());
        assert_eq!(after, expected, "{}", account.id);
    }
    assert!(moved > 0, "the portfolio has accounts at the bound");
}

#[test]
fn a_tier_moves_accounts_between_tiers_and_no_score() {
    let mut moved = 0;
    for (account, before, after) in before_and_after(ModelFile::Churn, "[tiers]\nmedium = 30\n") {
        let mut expected = before.clone();
        let card = &mut expected.churn.card;
        for grade in card.groups.iter_mut().chain([&mut card.grade]).flatten() {
            if (30.0..40.0).contains(&grade.score) {
                grade.band = Tier::Medium.index();
            }
        }
        if card.band() != before.churn.card.band() {
            moved += 1;
            expected.churn.playbook = after.churn.playbook;
            assert_ne!(before.churn.playbook, after.churn.playbook, "{}: the playbook follows the tier", account.id);
        }
        assert_eq!(after, expected, "{}", account.id);
    }
    assert!(moved > 0, "the portfolio has accounts at the bound");
}

#[test]
fn a_price_changes_its_own_plays_only() {
    let overlay = "[modules.analytics_module]\nshare = 0.30\n";
    let mut changed = 0;
    for (account, before, after) in before_and_after(ModelFile::Expansion, overlay) {
        assert_eq!((&before.health, &before.churn), (&after.health, &after.churn), "{}", account.id);
        let plays = |found: &Assessment| {
            let modules: Vec<&str> = account.footprint.modules.iter().map(|module| module.name).collect();
            let mut plays: Vec<(String, f64)> = Vec::new();
            for play in &found.expansion.opportunities {
                let name = match play.target {
                    csm::analysis::Target::Module(position) => modules[position].to_owned(),
                    target => format!("{target:?}"),
                };
                plays.push((name, play.revenue));
            }
            plays.sort_by(|a, b| a.0.cmp(&b.0));
            plays
        };
        for (before, after) in plays(&before).into_iter().zip(plays(&after)) {
            if before.0 == "analytics_module" && before.1 > 0.0 {
                changed += 1;
                assert_eq!(after, (before.0, csm::engine::round0(account.arr * 0.30)));
            } else {
                assert_eq!(after, before);
            }
        }
    }
    assert!(changed > 0, "the portfolio has accounts without the module");
}

#[test]
fn one_text_changes_that_text_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let overlay = "format = 1\n[groups.relationship.signals.multi_threading_depth]\nadvise = [ { below = 2, say = \"Meet a second person\" } ]\n";
    fs::write(folder.path().join("health.toml"), overlay).expect("a file");
    let folder = folder.path().to_str().expect("UTF-8");
    let portfolio = parity();
    let mut changed = 0;
    for command in ["health", "churn", "expand"] {
        let before = run(&[command, "-", "--format", "json", "--detail"], &portfolio);
        let after = run(&[command, "-", "--format", "json", "--detail", "--config", folder], &portfolio);
        assert_eq!(before["summary"], after["summary"]);
        let rows = |report: &Value| report["customers"].as_array().expect("a list").clone();
        for (mut before, after) in rows(&before).into_iter().zip(rows(&after)) {
            let advice = before.get_mut("recommendations").and_then(Value::as_array_mut);
            for text in advice.into_iter().flatten() {
                let default = " (no figure: judged by the default)";
                let words = text.as_str().expect("text");
                if words.starts_with("Known contacts: ") {
                    changed += 1;
                    let note = if words.ends_with(default) { default } else { "" };
                    *text = json!(format!("Meet a second person{note}"));
                }
            }
            assert_eq!(before, after);
        }
    }
    assert!(changed > 0, "the portfolio has accounts with a single contact");
}

#[test]
fn the_shipped_files_as_an_overlay_change_nothing() {
    let portfolio = parity();
    let shipped = shipped();
    let source = |file: ModelFile| SourceFile {
        file,
        path: format!("config/{}", file.file_name()),
        text: file.shipped().to_owned(),
    };
    for files in ModelFile::ALL.map(|file| vec![file]).into_iter().chain([ModelFile::ALL.to_vec(), vec![]]) {
        let layer = Layer { files: files.iter().copied().map(source).collect() };
        let models = config::load(vec![layer]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(models.fingerprint, shipped.fingerprint, "{files:?}");
        assert_eq!(models.effective.overlays().count(), 0, "{files:?}");
        assert_eq!(assess(&models, &portfolio), assess(&shipped, &portfolio), "{files:?}");
    }
}

#[test]
fn the_effective_model_as_an_overlay_gives_the_same_model() {
    let models = overlaid(&[(ModelFile::Segments, "[segments.smb]\nbands = { green = 60 }\n")]);
    let source =
        |file: ModelFile| SourceFile { file, path: file.file_name().to_owned(), text: models.effective.to_toml(file) };
    let again = config::load(vec![Layer { files: ModelFile::ALL.map(source).to_vec() }]);
    let again = again.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(again.fingerprint, models.fingerprint);
}

#[test]
fn a_metric_that_only_overlays_know_is_read_and_scored() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        (
            "metrics.toml",
            "[metrics.\"community.posts\"]\nlabel = \"Community posts\"\nkind = \"number\"\nunit = \"posts\"\nrange = [0, 500]\nminimum = 0\n",
        ),
        (
            "segments.toml",
            "[segments.enterprise.benchmarks]\nposts = 40\n[segments.mid-market.benchmarks]\nposts = 20\n[segments.smb.benchmarks]\nposts = 10\n",
        ),
        (
            "health.toml",
            "[groups.relationship]\nweight = 0.15\n[groups.community]\nlabel = \"Community\"\nweight = 0.10\n[groups.community.signals.posts]\nmetric = \"community.posts\"\nweight = 1\nscale = { ratio = \"posts\" }\ndefault = 0\nadvise = [ { score-below = 50, say = \"Posts: {value} of {benchmark}\" } ]\n",
        ),
    ] {
        fs::write(folder.path().join(name), format!("format = 1\n{text}")).expect("a file");
    }
    let folder = folder.path().to_str().expect("UTF-8");
    let record = |id: &str, posts: &str| {
        format!(r#"{{"customer_id": "{id}", "segment": "mid-market", "community": {{"posts": {posts}}}}}"#)
    };
    let records = [record("A", "20"), record("B", "10"), record("C", "9.9"), record("D", "null"), record("E", "\"5\"")];
    let portfolio = format!("{{\"customers\": [{}]}}", records.join(", "));
    let report = run(&["health", "-", "--format", "json", "--config", folder], &portfolio);
    let rows = report["customers"].as_array().expect("a list");
    let expected = [
        (100.0, None, true),
        (50.0, None, true),
        (49.5, Some("Posts: 9.9 of 20"), true),
        (0.0, Some("Posts: 0 of 20"), false),
        (25.0, Some("Posts: 5 of 20"), true),
    ];
    for (row, (score, advice, present)) in rows.iter().zip(expected) {
        assert_eq!(row["dimensions"]["community"]["score"], score, "{row}");
        assert_eq!(row["dimensions"]["community"]["weight"], "10%");
        let said = row["recommendations"].as_array().expect("a list").iter().filter_map(Value::as_str);
        let said: Vec<&str> = said.filter(|text| text.starts_with("Posts")).collect();
        assert_eq!(said.len(), usize::from(advice.is_some()), "{said:?}");
        assert!(advice.is_none_or(|advice| said[0].starts_with(advice)), "{said:?}");
        let absent = row["absent"].as_array().expect("a list");
        assert_eq!(!absent.contains(&json!("community.posts")), present, "{row}");
    }
    let shipped = run(&["health", "-", "--format", "json"], &portfolio);
    assert_ne!(report["provenance"]["model"], shipped["provenance"]["model"]);
    assert_eq!(shipped["customers"][0]["overall_score"], shipped["customers"][1]["overall_score"]);
}
