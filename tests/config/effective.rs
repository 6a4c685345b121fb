//! The effective model: as TOML, as a list of origins, and by its fingerprint.

use super::*;

/// Overlays that between them use every way to change something.
const OVERLAYS: [(ModelFile, &str); 6] = [
    (ModelFile::Metrics, "[metrics.\"product.ü \\\"x\\\" \\\\ y\"]\nkind = \"word\"\nwords = [\"a\\tb\", \"{\"]\n"),
    (ModelFile::Segments, "[segments.smb.benchmarks]\nopen_tickets = 1e-7\nescalation_rate = 1e300\n"),
    (ModelFile::Health, "[groups.usage]\nlabel = \"Use\\nof it\"\n[trend]\nthreshold = 2.5\n"),
    (
        ModelFile::Churn,
        "[urgency]\n45 = 1.4\n[branches.budget]\nremove = true\n[groups.engagement_drop.signals.nps_change]\nscale = { rise = 3 }\n",
    ),
    (
        ModelFile::Expansion,
        "other-module-share = 0.2\n[modules.\"chat bot\"]\nshare = 0\n[tiers.team]\nmultiple = 2\nincludes = []\n",
    ),
    (
        ModelFile::Engagement,
        "[renewal.180]\nsteps = [ { do = \"a\", owner = \"b\" } ]\n[renewal.30]\nremove = true\n[strategic]\nremove = true\n\
         [prepare.avoid.upsell]\nremove = true\n",
    ),
];

#[test]
fn the_effective_files_stand_on_their_own() {
    for files in [&[][..], &OVERLAYS[..]] {
        let models = load(files).unwrap_or_else(|error| panic!("{error}"));
        let written: Vec<SourceFile> = ModelFile::ALL
            .into_iter()
            .map(|file| SourceFile { file, path: file.file_name().into(), text: models.effective.to_toml(file) })
            .collect();
        let again = config::load(vec![Layer { files: written.clone() }]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again.fingerprint, models.fingerprint);
        assert_eq!(again.wording, models.wording);
        assert_eq!(again.churn, models.churn);
        assert_eq!(again.engagement, models.engagement);
        for file in written {
            assert_eq!(again.effective.to_toml(file.file), file.text, "written twice, {} is the same", file.path);
        }
    }
}

#[test]
fn the_effective_files_read_like_the_shipped_ones() {
    let models = shipped();
    let metrics = models.effective.to_toml(ModelFile::Metrics);
    assert!(
        metrics.starts_with("format = 1\nbase = \"none\"\n\n[metrics.\"usage.login_frequency\"]\nlabel = "),
        "{metrics}"
    );
    let health = models.effective.to_toml(ModelFile::Health);
    for part in [
        "\n[groups.usage.signals.login_frequency]\nweight = 0.35\nscale = { ratio = \"login_frequency\" }\ndefault = 0\nadvise = [\n    { score-below = 60, say = ",
        "\n[trend]\nthreshold = 5\noverall = \"previous_period.overall_score\"\n",
        "\nscale = { lookup = { positive = 100, neutral = 60, negative = 20, unknown = 50 }, other = 50 }\n",
    ] {
        assert!(health.contains(part), "{part}\n{health}");
    }
    let segments = models.effective.to_toml(ModelFile::Segments);
    assert!(
        segments.contains("\nbands = { green = 75, yellow = 50 }\n\n[segments.enterprise.benchmarks]\n"),
        "{segments}"
    );
}

#[test]
fn every_value_says_where_it_comes_from() {
    let text = "\n[segments.smb]\nbands = { green = 60 }\n[segments.smb.benchmarks]\nnps_score = 6.5\n";
    let models = load(&[(ModelFile::Segments, text)]).expect("a model");
    let origins = models.effective.origins();
    let find = |key: &str| {
        let found = origins.iter().find(|origin| origin.key == key).unwrap_or_else(|| panic!("no {key}"));
        format!("{} = {} # {}", found.file.file_name(), found.value, found.path)
            + &if found.path.starts_with("config/") { format!(":{}", found.line) } else { String::new() }
    };
    for (key, expected) in [
        ("segments.smb.bands.green", "segments.toml = 60 # config/segments.toml:4"),
        ("segments.smb.bands.yellow", "segments.toml = 40 # segments.toml (shipped)"),
        ("segments.smb.benchmarks.nps_score", "segments.toml = 6.5 # config/segments.toml:6"),
        ("segments.mid-market.benchmarks.nps_score", "segments.toml = 8 # segments.toml (shipped)"),
        ("metrics.\"usage.dau_mau_ratio\".range", "metrics.toml = [0, 1] # metrics.toml (shipped)"),
        (
            "groups.usage.signals.login_frequency.scale.ratio",
            "health.toml = \"login_frequency\" # health.toml (shipped)",
        ),
    ] {
        assert_eq!(find(key), expected);
    }
    for origin in origins.iter().filter(|origin| !origin.path.starts_with("config/")) {
        let line = origin.file.shipped().lines().nth(origin.line - 1).expect("a line of the shipped file");
        let last = origin.key.rsplit('.').next().expect("a key").trim_matches('"');
        assert!(line.contains(last), "{origin:?} is not on: {line}");
    }
}

#[test]
fn only_overlays_that_change_something_are_named() {
    let copies = ModelFile::ALL.map(|file| SourceFile {
        file,
        path: format!("home/{}", file.file_name()),
        text: file.shipped().to_owned(),
    });
    let layers = vec![
        Layer { files: copies.to_vec() },
        layer(&[(ModelFile::Churn, "[tiers]\ncritical = 85"), (ModelFile::Health, "[trend]\nthreshold = 5.0")]),
        layer(&[(ModelFile::Churn, "[tiers]\ncritical = 85")]),
    ];
    let models = config::load(layers).expect("a model");
    assert_eq!(models.effective.overlays().collect::<Vec<_>>(), [(ModelFile::Churn, "config/churn.toml")]);
}

/// The fingerprint with one overlay, as text.
fn fingerprint(file: ModelFile, text: &str) -> String {
    load(&[(file, text)]).unwrap_or_else(|error| panic!("{error}")).fingerprint.to_string()
}

#[test]
fn layout_does_not_change_the_fingerprint() {
    let plain = shipped().fingerprint.to_string();
    assert!(plain.len() == 12 && plain.bytes().all(|byte| byte.is_ascii_hexdigit()), "{plain}");
    for (file, text) in [
        (ModelFile::Churn, "# nothing but a comment"),
        (ModelFile::Churn, "[tiers]\ncritical = 80.0"),
        (ModelFile::Churn, "[\"tiers\"]\n'critical' = 8e1 # the same"),
        (ModelFile::Churn, "tiers.critical = 0x50"),
        (ModelFile::Segments, "segments = { smb = { bands = { yellow = 40, green = 65 } } }"),
        (ModelFile::Expansion, "[plays.seat_expansion]\neffort = \"\"\"low\"\"\""),
    ] {
        assert_eq!(fingerprint(file, text), plain, "{text}");
    }
    let spaced: String = ModelFile::Churn.shipped().lines().filter(|line| !line.starts_with('#')).fold(
        "base = \"none\"\n".to_owned(),
        |text, line| if line == "format = 1" { text } else { text + "\n\n" + line },
    );
    assert_eq!(fingerprint(ModelFile::Churn, &spaced), plain);
}

#[test]
fn every_figure_and_every_text_changes_the_fingerprint() {
    let mut seen = vec![shipped().fingerprint.to_string()];
    for (file, text) in [
        (ModelFile::Churn, "[tiers]\ncritical = 80.1"),
        (ModelFile::Churn, "[urgency]\n30 = 1.51"),
        (ModelFile::Churn, "[playbooks.low]\ngoal = \"Keep it.\""),
        (ModelFile::Segments, "[segments.smb.benchmarks]\nnps_score = 7.000000000000001"),
        (ModelFile::Segments, "[segments.smb]\nlabel = \"Small\""),
        (ModelFile::Metrics, "[metrics.\"usage.login_frequency\"]\nunit = \"%\""),
        (ModelFile::Health, "[trend]\nthreshold = 6"),
        (ModelFile::Industry, "[targets]\nsource = \"ours\""),
        (ModelFile::Engagement, "[cadence.smb]\ncheck-in = \"never\""),
        (ModelFile::Expansion, "[plays.tier_upgrade]\nnext = \"Call.\""),
        (ModelFile::Expansion, "[gate]\ntiers = [\"medium\", \"low\"]"),
    ] {
        let fingerprint = fingerprint(file, text);
        assert!(!seen.contains(&fingerprint), "{text}");
        seen.push(fingerprint);
    }
}
