//! The files that a user writes: the shipped ones, overlays, and what is wrong in them.

use std::fs;

use csm::config::mapping::Convert;
use csm::config::{self, FileSchema, ModelFile};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::{assert_valid, csm, faults, files_under, misspellings, read, schema};

fn of_file(file: ModelFile) -> Validator {
    schema(&["config", file.name()])
}

fn toml(text: &str) -> Option<Value> {
    toml::from_str(text).ok()
}

#[test]
fn the_shipped_files_name_their_schemas_and_are_valid() {
    for file in ModelFile::ALL {
        let text = read(format!("config/{}", file.file_name()));
        let schema = FileSchema::Model(file);
        let named = format!("#:schema ./{}/{}", FileSchema::FOLDER, schema.file_name());
        assert_eq!(text.lines().next(), Some(named.as_str()), "{file:?}");
        assert_eq!(read(format!("config/{}/{}", FileSchema::FOLDER, schema.file_name())), schema.text(), "{file:?}");
        assert_eq!(csm(&["schema", "config", file.file_name()]), schema.text(), "{file:?}");
        assert_valid(&of_file(file), &toml(&text).expect("TOML"), file.file_name());
    }
    assert_eq!(csm(&["schema", "mapping"]), FileSchema::Mapping.text());
}

#[test]
fn init_writes_the_schemas_beside_the_files() {
    let folder = tempfile::tempdir().expect("a folder");
    csm(&["init", folder.path().to_str().expect("UTF-8")]);
    let mut names: Vec<String> = fs::read_dir(folder.path().join(FileSchema::FOLDER))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    let mut expected = FileSchema::ALL.map(FileSchema::file_name);
    expected.sort();
    assert_eq!(names, expected);
    for schema in FileSchema::ALL {
        let written = fs::read_to_string(folder.path().join(FileSchema::FOLDER).join(schema.file_name()));
        assert_eq!(written.expect("a schema"), schema.text());
    }
}

#[test]
fn the_effective_model_as_it_is_printed_is_valid() {
    let models = config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    for file in ModelFile::ALL {
        let text = models.effective.to_toml(file);
        assert_valid(&of_file(file), &toml(&text).expect("TOML"), file.file_name());
    }
}

#[test]
fn overlays_that_load_are_valid() {
    let mut seen = 0;
    let folders =
        ["examples", "tests/cli/config.in", "tests/cli/init.in", "tests/cli/missing.in", "tests/cli/stale.in"];
    for path in folders.into_iter().flat_map(|folder| files_under(folder, "toml")) {
        let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        let Some(file) = ModelFile::from_file_name(name) else { continue };
        let text = fs::read_to_string(&path).expect("a file");
        seen += 1;
        assert_valid(&of_file(file), &toml(&text).expect("TOML"), &path.display().to_string());
    }
    assert!(seen > 8, "{seen} overlays");
    for (file, text) in [
        (ModelFile::Metrics, ""),
        (ModelFile::Metrics, "base = \"none\"\n[metrics.logins]\nkind = \"number\"\nrange = [-1, 1.5]\nminimum = -1"),
        (ModelFile::Metrics, "[metrics.\"usage.login_frequency\"]\nunit = { remove = true }"),
        (ModelFile::Segments, "[segments.smb]\nbands = { green = 60 }"),
        (ModelFile::Segments, "[segments.smb]\nremove = true"),
        (ModelFile::Segments, "default = \"smb\"\n[segments.smb.benchmarks]\ncsat_score = { remove = true }"),
        (ModelFile::Health, "missing = \"redistribute\"\nminimum-coverage = 0.4"),
        (
            ModelFile::Health,
            "[groups.usage.signals.login_frequency]\nscale = { fall = 3 }\nadvise = []\nstale-after = 30",
        ),
        (ModelFile::Health, "[groups.usage.signals.login_frequency]\nadvise = { remove = true }"),
        (ModelFile::Health, "[groups.relationship.signals.renewal_sentiment.scale]\nother = 40"),
        (ModelFile::Churn, "[urgency]\n45 = 1.4\n30 = { remove = true }"),
        (
            ModelFile::Churn,
            "[branches.budget]\nremove = true\n[branches.own]\nwhen = []\nsteps = [ { do = \"a\", owner = \"b\", within = \"c\" } ]",
        ),
        (
            ModelFile::Churn,
            "[playbooks.smb.low]\ngoal = \"g\"\nsteps = [ { do = \"a\", owner = \"b\", within = \"c\" } ]",
        ),
        (
            ModelFile::Churn,
            "[groups.support_issues.signals.open_escalations]\nscale = { steps = [ { at-least = 1, each = 3 } ] }",
        ),
        (ModelFile::Expansion, "[modules.own]\nshare = 0.3\n[plays.seat_expansion]\nshare = { own = 1 }"),
        (ModelFile::Industry, "[health.smb]\nmedian = 60"),
        (ModelFile::Engagement, "[renewal.45]\nsteps = [ { do = \"a\", owner = \"b\" } ]\n[renewal.30]\nremove = true"),
        (
            ModelFile::Engagement,
            "[escalations.own]\nlabel = \"a\"\nlevel = \"b\"\nwithin = \"1 week\"\nexcept-segments = [\"smb\"]\n\
             [escalations.high]\ntiers = { remove = true }\nmanual = true",
        ),
        (ModelFile::Engagement, "strategic = { remove = true }"),
    ] {
        let value = toml(&format!("format = 1\n{text}")).expect("TOML");
        assert_valid(&of_file(file), &value, text);
    }
}

/// The cases of messages: the overlay files of each, and what is said of them.
fn cases() -> Vec<(Vec<(FileSchema, String)>, String)> {
    let mut cases = Vec::new();
    for path in files_under("tests/config/cases", "case") {
        let text = fs::read_to_string(path).expect("a file of cases");
        for case in text.split("## ").skip(1) {
            let (files, said) = case.split_once("\n<<\n").expect("files, and what is said of them");
            let mut overlays = Vec::new();
            for file in files.split("\n>>").skip(1) {
                let (name, text) = file.split_once('\n').unwrap_or((file, ""));
                let head = if name.starts_with('!') { "" } else { "format = 1\n" };
                let file = match name.trim_start_matches('!').trim() {
                    "mapping.toml" => FileSchema::Mapping,
                    name => FileSchema::Model(ModelFile::from_file_name(name).unwrap_or_else(|| panic!("{name}"))),
                };
                overlays.push((file, format!("{head}{text}\n")));
            }
            cases.push((overlays, said.to_owned()));
        }
    }
    cases
}

#[test]
fn what_the_loader_calls_an_unknown_key_is_refused() {
    let (mut loading, mut unknown) = (0, 0);
    for (files, said) in cases() {
        for (file, text) in files {
            let Some(value) = toml(&text) else { continue };
            let name = file.file_name().replace(".schema.json", ".toml");
            let place = format!(" --> config/{name}:");
            let is_unknown = |problem: &&str| problem.starts_with("error: unknown key") && problem.contains(&place);
            let problems = said.split("\n\n").filter(is_unknown).count();
            let faults = match file {
                FileSchema::Model(file) => faults(&of_file(file), &value),
                FileSchema::Mapping => faults(&schema(&["mapping"]), &value),
            };
            if said.trim_end() == "loads" {
                loading += 1;
                assert_eq!(faults, [""; 0], "{text}");
            } else if problems > 0 {
                unknown += 1;
                assert!(!faults.is_empty(), "{text}");
            }
        }
    }
    assert!(loading > 0 && unknown > 10, "{loading} overlays load, {unknown} have unknown keys");
}

/// Whether the names in a table of a model file are the user's.
fn is_free(file: ModelFile, path: &[&str]) -> bool {
    match (file, path) {
        (ModelFile::Metrics, ["metrics"])
        | (ModelFile::Segments, ["segments"] | ["segments", _, "benchmarks"])
        | (ModelFile::Health | ModelFile::Churn, ["groups"] | ["groups", _, "signals"])
        // Beside the tiers of the playbooks stand the segments.
        | (ModelFile::Churn, ["branches" | "playbooks"])
        | (ModelFile::Expansion, ["tiers" | "modules"] | ["plays", "seat_expansion", "share"])
        | (ModelFile::Industry, ["health" | "retention"])
        | (ModelFile::Engagement, ["escalations" | "cadence"] | ["prepare", _]) => true,
        (_, path) => path.ends_with(&["scale", "lookup"]),
    }
}

#[test]
fn every_misspelt_key_is_refused() {
    for file in ModelFile::ALL {
        let schema = of_file(file);
        let shipped = toml(file.shipped()).expect("TOML");
        let misspelt = misspellings(&shipped, |path| is_free(file, path));
        assert!(misspelt.len() > 10, "{}: {} keys", file.file_name(), misspelt.len());
        for renamed in misspelt {
            assert!(!schema.is_valid(&renamed.document), "{}: {}", file.file_name(), renamed.path.join("."));
        }
    }
}

#[test]
fn values_that_the_loader_refuses_are_refused() {
    for (file, text) in [
        (ModelFile::Metrics, "[metrics.a]\nkind = \"text\""),
        (ModelFile::Metrics, "[metrics.a]\nrange = [1]"),
        (ModelFile::Metrics, "[metrics.a]\nwords = []"),
        (ModelFile::Metrics, "[metrics.a]\nderived = \"days-to-end\""),
        (ModelFile::Metrics, "base = \"shipped\""),
        (ModelFile::Segments, "[segments.smb]\nbands = { green = 101 }"),
        (ModelFile::Segments, "[segments.smb.benchmarks]\ncsat_score = 0"),
        (ModelFile::Segments, "[segments.smb]\nlabel = \" \""),
        (ModelFile::Health, "missing = \"ignore\""),
        (ModelFile::Health, "minimum-coverage = 1.1"),
        (ModelFile::Health, "[groups.usage]\nweight = 1.01"),
        (ModelFile::Health, "[groups.usage]\nprevious = 3"),
        (ModelFile::Health, "[groups.usage.signals.a]\nscale = { fall = 3, rise = 3 }"),
        (ModelFile::Health, "[groups.usage.signals.a]\nscale = { fall = 0 }"),
        (ModelFile::Health, "[groups.usage.signals.a]\nscale = { ratio = 0 }"),
        (ModelFile::Health, "[groups.usage.signals.a]\nscale = { steps = [ { at-least = 1, points = 2, each = 3 } ] }"),
        (ModelFile::Health, "[groups.usage.signals.a]\nadvise = [ { say = \"no test\" } ]"),
        (ModelFile::Health, "[groups.usage.signals.a]\nadvise = [ { below = 3 } ]"),
        (ModelFile::Health, "[groups.usage.signals.a]\nwarn = [ { below = 3, say = \"no severity\" } ]"),
        (ModelFile::Health, "[groups.usage.signals.a]\nadvise = [ { score-below = 101, say = \"x\" } ]"),
        (ModelFile::Health, "[groups.usage.signals.a]\nstale-after = -1"),
        (ModelFile::Health, "[groups.usage.signals.a]\nweight = { remove = false }"),
        (ModelFile::Churn, "[groups.usage_decline]\nprevious = \"previous_period.usage_score\""),
        (ModelFile::Churn, "[tiers]\ncritical = 0"),
        (ModelFile::Churn, "[urgency]\nsoon = 1.5"),
        (ModelFile::Churn, "[urgency]\n30 = 101"),
        (ModelFile::Churn, "[branches.a]\nwhen = [ { metric = \"a.b\" } ]"),
        (ModelFile::Churn, "[branches.a]\ntiers = []"),
        (ModelFile::Churn, "[playbooks.low]\nsteps = [ { do = \"a\", owner = \"b\" } ]"),
        (ModelFile::Churn, "[renewal-rates.low]\nlow = 1.1"),
        (ModelFile::Expansion, "[gate]\nbands = [\"blue\"]"),
        (ModelFile::Expansion, "[plays.tier_upgrade]\nfactor = 1"),
        (ModelFile::Expansion, "[plays.own]\nlabel = \"x\""),
        (ModelFile::Industry, "[health.smb]\nmedian = 101"),
        (ModelFile::Engagement, "[renewal.soon]\nsteps = [ { do = \"a\", owner = \"b\" } ]"),
        (ModelFile::Engagement, "[renewal.45]\nsteps = [ { do = \"a\", owner = \"b\", within = \"2 days\" } ]"),
        (ModelFile::Engagement, "[escalations.high]\nwithin = \"soon\""),
        (ModelFile::Engagement, "[escalations.high]\nwithin = \"0 days\""),
        (ModelFile::Engagement, "[escalations.high]\ntrends = [\"no_data\"]"),
        (ModelFile::Engagement, "[escalations.high]\nbands = []"),
        (ModelFile::Engagement, "[strategic]\nmin-arr = 0"),
        (ModelFile::Engagement, "[prepare.objections.price]\nwhy = \"x\""),
        (ModelFile::Engagement, "[prepare.avoid.upsell]\ngate = \"ajar\""),
    ] {
        let value = toml(&format!("format = 1\n{text}")).expect("TOML");
        assert!(!of_file(file).is_valid(&value), "{}: {text}", file.file_name());
        let source =
            config::SourceFile { file, path: file.file_name().to_owned(), text: format!("format = 1\n{text}") };
        assert!(config::load(vec![config::Layer { files: vec![source] }]).is_err(), "{}: {text}", file.file_name());
    }
    for file in ModelFile::ALL {
        assert!(!of_file(file).is_valid(&json!({})), "{file:?} has a format");
        assert!(!of_file(file).is_valid(&json!({ "format": 2 })), "{file:?} has one format");
    }
}

/// A mapping with every key.
const MAPPING: &str = r#"
format = 1
[rates]
base = "EUR"
USD = 0.92
[sources.crm]
file = "crm*.csv"
sheet = "Accounts"
header-row = 3
encoding = "windows-1252"
date = "DD/MM/YYYY"
decimal = ","
absent = ["N/A", "-"]
[sources.crm.columns]
"Account ID" = "customer_id"
"MRR" = { path = "arr", convert = "monthly-to-yearly", decimal = ".", words = { free = 0 } }
"Renews on" = { path = "contract_end_date", date = "excel" }
"Champion" = { path = "relationship_signals.champion_left", words = { gone = true } }
[sources.tickets]
position = 2
[sources.tickets.aggregates."support.open_tickets"]
count = true
where = { Status = ["open", "pending"], "Created at" = { within-days = 90 }, Priority = { is = ["high"], not = "low", at-least = 1, at-most = 2, filled = true }, Kind = "bug" }
otherwise = 0
[sources.tickets.aggregates."engagement.meeting_attendance"]
share = true
where = { Attended = "yes" }
convert = "ratio-to-percent"
[sources.tickets.aggregates."support.avg_resolution_hours"]
mean = "Hours"
decimal = ","
[sources.tickets.aggregates.contract_start_date]
min = "Start"
date = "%d.%m.%y"
[sources.tickets.aggregates."relationship.renewal_sentiment"]
latest = "Mood"
by = "Day"
words = { ":-)" = "positive" }
"#;

#[test]
fn a_mapping_is_valid_and_each_misspelt_key_in_it_is_refused() {
    let schema = schema(&["mapping"]);
    let mapping = toml(MAPPING).expect("TOML");
    assert_valid(&schema, &mapping, "the mapping");
    let models = config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    config::load_mapping("mapping.toml", MAPPING, &models.schema, None).unwrap_or_else(|error| panic!("{error}"));
    for convert in Convert::ALL {
        let mut other = mapping.clone();
        other["sources"]["crm"]["columns"]["MRR"]["convert"] = convert.name().into();
        assert_valid(&schema, &other, convert.name());
    }
    let is_free = |path: &[&str]| {
        matches!(path, ["rates" | "sources"] | ["sources", _, "columns" | "aggregates"])
            || path.ends_with(&["where"])
            || path.ends_with(&["words"])
    };
    let misspelt = misspellings(&mapping, is_free);
    assert!(misspelt.len() > 25, "{} keys", misspelt.len());
    for renamed in misspelt {
        assert!(!schema.is_valid(&renamed.document), "{}", renamed.path.join("."));
    }
    for (place, value) in [
        ("/rates/USD", json!(0)),
        ("/rates/USD", json!(1.1e9)),
        ("/rates/base", json!("")),
        ("/sources", json!({})),
        ("/sources/crm/file", json!([])),
        ("/sources/crm/header-row", json!(0)),
        ("/sources/crm/header-row", json!(1.5)),
        ("/sources/crm/decimal", json!(";")),
        ("/sources/crm/columns/MRR/convert", json!("monthly")),
        ("/sources/tickets/position", json!(0)),
        ("/sources/tickets/aggregates/support.open_tickets/count", json!(false)),
        ("/sources/tickets/aggregates/support.open_tickets/where", json!({})),
        ("/sources/tickets/aggregates/support.open_tickets/where/Status", json!([])),
        ("/sources/tickets/aggregates/support.open_tickets/where/Priority", json!({})),
        ("/sources/tickets/aggregates/relationship.renewal_sentiment", json!({ "latest": "Mood" })),
        ("/sources/tickets/aggregates/relationship.renewal_sentiment", json!({ "count": true, "sum": "Mood" })),
        ("/sources/tickets/aggregates/relationship.renewal_sentiment", json!({ "share": true })),
    ] {
        let mut wrong = mapping.clone();
        *wrong.pointer_mut(place).expect(place) = value;
        assert!(!schema.is_valid(&wrong), "{place}");
    }
}
