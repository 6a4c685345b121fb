//! Documents in files: their names, what is beside them, and what stays where writing fails.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A portfolio whose names mean harm to a folder.
const HOSTILE: &str = r#"{"customers": [
    {"customer_id": "../../x", "name": "../../etc/passwd", "arr": 1},
    {"customer_id": "A", "name": "CON", "arr": 1},
    {"customer_id": "a", "name": "con", "arr": 1},
    {"customer_id": "A/1", "name": "/", "arr": 1},
    {"customer_id": "A-1", "name": "", "arr": 1},
    {"customer_id": "index", "name": "[a](b)|<c>", "arr": 1}
]}"#;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample_customer_data.json");
    fs::copy(sample, folder.path().join("sample.json")).expect("the sample");
    fs::write(folder.path().join("hostile.json"), HOSTILE).expect("a file");
    folder
}

fn csm(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(folder)
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", "/nowhere")
        .args(line.split_whitespace())
        .args(["--as-of", "2026-06-30"])
        .output()
        .expect("csm runs")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

fn said(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("UTF-8")
}

#[test]
fn a_document_has_its_sheet_beside_it() {
    for (line, written) in [
        ("--template qbr --customer CUST-1001 -o acme.md", vec!["acme-prep.md", "acme.md"]),
        ("--template qbr --customer CUST-1001 -o acme", vec!["acme", "acme-prep"]),
        ("--template qbr --customer CUST-1001 -o acme.md --audience customer", vec!["acme.md"]),
        ("--template qbr --customer CUST-1001 -o acme.md --audience internal", vec!["acme.md"]),
        ("--template prep --customer CUST-1001 -o acme.md", vec!["acme.md"]),
    ] {
        let folder = folder();
        let run = csm(folder.path(), &format!("report sample.json {line}"));
        assert!(run.status.success() && run.stdout.is_empty(), "{line}: {}", said(&run));
        let mut found = names(folder.path());
        found.retain(|name| !name.contains(".json"));
        assert_eq!(found, written, "{line}");
        for name in written {
            let text = fs::read_to_string(folder.path().join(name)).expect("a document");
            let internal = name.contains("-prep") || line.contains("internal") || line.contains("prep --");
            assert_eq!(text.contains("For the team only"), internal, "{line}: {name}");
        }
    }
}

#[test]
fn what_is_read_is_never_written_over() {
    let folder = folder();
    fs::write(folder.path().join("own.md"), "# {{ customer.name }}\n").expect("a template");
    fs::copy(folder.path().join("sample.json"), folder.path().join("acme-prep.md")).expect("a copy");
    for line in [
        "report sample.json --template own.md --customer CUST-1001 -o own.md",
        "report acme-prep.md --template qbr --customer CUST-1001 -o acme.md",
        "report sample.json --template qbr --customer CUST-1001 -o sample.json --format text",
    ] {
        let run = csm(folder.path(), line);
        assert_eq!(run.status.code(), Some(2), "{line}");
        assert!(said(&run).contains("would be written over"), "{line}: {}", said(&run));
    }
    assert_eq!(fs::read_to_string(folder.path().join("own.md")).expect("a template"), "# {{ customer.name }}\n");
}

#[test]
fn a_folder_takes_two_files_per_account_and_a_page_that_links_them() {
    let folder = folder();
    let run = csm(folder.path(), "report sample.json --template qbr --out-dir new/qbrs");
    assert!(run.status.success(), "{}", said(&run));
    assert_eq!(said(&run), "csm: wrote the documents of 8 accounts; new/qbrs/index.md links them\n");
    let qbrs = folder.path().join("new/qbrs");
    let found = names(&qbrs);
    assert_eq!(found.len(), 17, "{found:?}");
    assert!(found.contains(&"norrvik-freight_cust-1001-prep.md".to_owned()), "{found:?}");
    let index = fs::read_to_string(qbrs.join("index.md")).expect("an index");
    for name in found.iter().filter(|name| *name != "index.md") {
        assert!(index.contains(&format!("]({name})")), "{name}");
    }
    assert!(index.contains("For the team") && index.contains("critical"), "{index}");
    // A second run replaces what is there and leaves the rest.
    fs::write(qbrs.join("mine.md"), "kept").expect("a file");
    fs::write(qbrs.join("norrvik-freight_cust-1001.md"), "old").expect("a file");
    assert!(csm(folder.path(), "report sample.json --template qbr --out-dir new/qbrs").status.success());
    assert_eq!(names(&qbrs).len(), 18);
    assert!(fs::read_to_string(qbrs.join("norrvik-freight_cust-1001.md")).expect("a document").contains("Norrvik"));
}

#[test]
fn the_page_of_a_folder_for_customers_says_nothing_of_how_they_stand() {
    let folder = folder();
    let run = csm(folder.path(), "report sample.json --template qbr --out-dir qbrs --audience customer");
    assert!(run.status.success(), "{}", said(&run));
    let found = names(&folder.path().join("qbrs"));
    assert!(found.len() == 9 && !found.iter().any(|name| name.contains("-prep")), "{found:?}");
    let index = fs::read_to_string(folder.path().join("qbrs/index.md")).expect("an index");
    for word in ["critical", "Attention", "Health", "team", "green", "Hartwell"] {
        assert!(!index.contains(word), "{word}: {index}");
    }
}

#[test]
fn hostile_names_stay_in_the_folder_and_apart() {
    let folder = folder();
    let run = csm(folder.path(), "report hostile.json --template success-plan --out-dir out");
    assert!(run.status.success(), "{}", said(&run));
    let found = names(&folder.path().join("out"));
    assert_eq!(found.len(), 13, "{found:?}");
    for name in &found {
        let stem = name.strip_suffix(".md").expect("an ending");
        let plain =
            stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte));
        assert!(plain && (name == "index.md" || stem.contains('_')), "{name}");
    }
    assert_eq!(names(folder.path()), ["hostile.json", "out", "sample.json"]);
    let index = fs::read_to_string(folder.path().join("out/index.md")).expect("an index");
    assert!(index.contains(r"\[a\](b)\|\<c"), "{index}");
}

#[test]
fn what_was_finished_stays_where_writing_fails() {
    let folder = folder();
    // A folder stands where the third document would be.
    fs::create_dir_all(folder.path().join("out/ospreyfield-analytics_cust-1003.md")).expect("a folder");
    let run = csm(folder.path(), "report sample.json --template qbr --out-dir out");
    assert_eq!(run.status.code(), Some(2));
    let said = said(&run);
    assert!(said.contains("csm: 2 of 8 accounts were finished before that, and stay\n"), "{said}");
    assert!(said.contains("cannot write out/ospreyfield-analytics_cust-1003.md: "), "{said}");
    let found = names(&folder.path().join("out"));
    let whole = ["brightmoor-clinics_cust-1002-prep.md", "brightmoor-clinics_cust-1002.md"];
    assert!(whole.iter().all(|name| found.contains(&(*name).to_owned())), "{found:?}");
    assert!(!found.iter().any(|name| name.contains(".tmp") || name == "index.md"), "{found:?}");
    // A file stands where the folder would be.
    let run = csm(folder.path(), "report sample.json --template qbr --out-dir sample.json");
    assert_eq!(run.status.code(), Some(2));
    assert!(self::said(&run).contains("cannot write into sample.json"), "{}", self::said(&run));
}

#[test]
fn a_template_of_ones_own_is_for_the_customer_unless_it_says_otherwise() {
    let folder = folder();
    fs::write(folder.path().join("own.md"), "{{ customer.name }} in {{ attributes.industry }}\n").expect("a template");
    fs::write(folder.path().join("team.md"), "{# audience: internal #}\n{{ customer.name }}: {{ churn.tier }}\n")
        .expect("a template");
    for (line, printed) in [
        ("own.md --audience customer", "Brightmoor Clinics in Healthcare\n"),
        ("team.md", "Brightmoor Clinics: critical\n"),
    ] {
        let run = csm(folder.path(), &format!("report sample.json --customer CUST-1002 --template {line}"));
        assert_eq!(String::from_utf8_lossy(&run.stdout), printed, "{line}: {}", said(&run));
    }
}

#[test]
fn what_cannot_be_is_told_with_what_can() {
    let folder = folder();
    let large = vec![b'a'; (1 << 20) + 1];
    for (name, text) in [
        ("own.md", "{{ attributes.teritory }} {{ attributes.industry }}\n".as_bytes()),
        ("latin.md", b"# Review\nf\xfcr\n"),
        ("large.md", &large),
        ("loop.md", b"{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"),
        ("terr.json", br#"[{"customer_id": "A", "territory": "North"}]"#),
        ("plans.csv", b"customer_id,Plan\nA,pro\n"),
        ("mapping.toml", b"format = 1\n[sources.plans]\nfile = \"plans.csv\"\n[sources.plans.columns]\n\"Plan\" = \"contract.plan_tier\"\n"),
    ] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    for (line, told) in [
        ("report sample.json --by plan_tier", "has no such field; is it contract.plan_tier?"),
        ("report sample.json --by CSM", "has no such field; is it csm?"),
        ("report sample.json --by contract.plantier", "has no such field; is it contract.plan_tier?"),
        (
            "report sample.json --by weather",
            "; any of its fields of text can stand here, or segment, csm, contract.plan_tier",
        ),
        ("report plans.csv --by Plan", "has no such field; its Plan is read as a field of another name"),
        (
            "report sample.json -o a.pdf",
            "a.pdf ends like pdf, which csm does not write with -o: `csm report --pdf FILE`",
        ),
        ("report sample.json --template qbr --out-dir q -q --audience customer -o a.docx", "cannot be used with"),
        ("report sample.json --pdf a.html", "a.html does not end like a PDF, which --pdf writes"),
        (
            "report sample.json --template qbr --out-dir sample.json",
            "cannot write into sample.json: it is a file, not a folder",
        ),
        ("report sample.json --template latin.md", "cannot read the template latin.md: line 2 is not UTF-8 text"),
        ("report sample.json --template large.md", "cannot read the template large.md: it is larger than 1 MiB"),
    ] {
        let run = csm(folder.path(), line);
        assert_eq!(run.status.code(), Some(2), "{line}: {}", said(&run));
        assert!(said(&run).contains(told), "{line}: {}", said(&run));
    }
    let run = csm(folder.path(), "report terr.json --template own.md --customer A --audience customer");
    assert!(run.status.success(), "{}", said(&run));
    let warning = "warning: own.md: attributes.teritory: terr.json has no such field; is it territory?\n";
    assert!(said(&run).ends_with(warning) && said(&run).matches("warning").count() == 1, "{}", said(&run));
    let run = csm(folder.path(), "report sample.json --template loop.md");
    assert!(said(&run).contains("too much") && !said(&run).contains("nothing is known"), "{}", said(&run));
}

#[test]
fn all_templates_are_checked_although_one_cannot_be_read() {
    let folder = folder();
    fs::write(folder.path().join("bad.md"), "{{ weather }}").expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(folder.path())
        .args(["template", "check", "nowhere.md", "qbr", "bad.md"])
        .output()
        .expect("csm runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::str::from_utf8(&output.stdout), Ok("qbr: sound, for the customer audience\n"));
    for told in ["error: cannot read the template nowhere.md: No such file", "unknown field `weather`"] {
        assert!(said(&output).contains(told), "{}", said(&output));
    }
}
