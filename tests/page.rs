//! The pages that the program writes: their structure, stored; their size; and how they do in a real browser.
//!
//! `CSM_BLESS=1 cargo test --test page` writes the structure as it is now into `tests/page/briefing.html`, to be read in the diff. The
//! browser is `CSM_BROWSER`, else a Chromium or Chrome on the path; it is driven by Node with what `npm ci` in `tests/page` installs.
//! Where one of these is missing, the test says so and passes, unless `CSM_REQUIRE_BROWSER=1`.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn csm(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csm"));
    command.args(arguments).args(["--as-of", "2026-06-30", "--quiet"]).current_dir(project());
    command.env("HOME", "/nowhere").env("XDG_CONFIG_HOME", "/nowhere").env_remove("CSM_CONFIG");
    command.output().expect("the program runs")
}

/// What the program writes as a page.
fn page(arguments: &[&str]) -> String {
    let output = csm(&[arguments, &["--format", "html"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a page is UTF-8")
}

const SAMPLE: &str = "assets/sample_customer_data.json";

/// A text with what stands between two others replaced.
fn masked(text: &str, before: &str, behind: &str, mask: &str) -> String {
    let start = text.find(before).unwrap_or_else(|| panic!("{before} is there")) + before.len();
    let end = start + text[start..].find(behind).unwrap_or_else(|| panic!("{behind} is there"));
    format!("{}{mask}{}", &text[..start], &text[end..])
}

#[test]
fn the_structure_of_a_page_is_the_stored_one() {
    let models = csm::config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    let page = page(&["report", SAMPLE, "--customer", "CUST-1001,CUST-1002,CUST-1006"]);
    let page = masked(&page, "style-src 'sha256-", "'", "[HASH]");
    let page = masked(&page, "script-src 'sha256-", "'", "[HASH]");
    let page = masked(&page, "<style>", "</style>", "[STYLE]");
    let page = masked(&page, "<script>", "</script>", "[SCRIPT]");
    let page = page.replace(&models.fingerprint.to_string(), "[MODEL]");
    let page = page.replace(&format!("csm {}", env!("CARGO_PKG_VERSION")), "csm [VERSION]");
    let stored = project().join("tests/page/briefing.html");
    if env::var_os("CSM_BLESS").is_some() {
        fs::write(&stored, &page).expect("the stored page can be written");
    }
    let expected = fs::read_to_string(&stored).unwrap_or_default();
    let differs = page.lines().zip(expected.lines()).find(|(found, stored)| found != stored);
    assert!(page == expected, "the page differs from {}, first in {differs:#?}", stored.display());
}

#[test]
fn a_page_allows_its_own_style_and_script_only() {
    for arguments in [&["report", SAMPLE] as &[&str], &["health", SAMPLE], &["explain", SAMPLE, "CUST-1002"]] {
        let page = page(arguments);
        for forbidden in
            [" style=", "http:", "https:", "@import", "url(", "<link rel=\"stylesheet", " src=", " onclick="]
        {
            // The name of the SVG namespace in the icon is no address that anything is fetched from.
            let page = page.replace("http://www.w3.org/2000/svg", "");
            assert!(!page.contains(forbidden), "{arguments:?}: {forbidden}");
        }
        assert!(page.contains("default-src 'none'"), "{arguments:?}");
        assert_eq!(page.matches("<script>").count(), 1, "{arguments:?}");
    }
}

/// A portfolio of this many customers, which differ in their figures.
fn portfolio(customers: usize) -> String {
    let mut text = String::from("{\"customers\": [");
    for number in 0..customers {
        let figure = |most: usize| (number * 7919) % most;
        let separator = if number == 0 { "" } else { "," };
        write!(
            text,
            "{separator}{{\"customer_id\": \"C-{number}\", \"name\": \"A customer of a usual length {number}\", \
             \"segment\": \"{}\", \"csm\": \"Ines Hartwell\", \"arr\": {}, \"contract_end_date\": \"2026-{:02}-15\", \
             \"usage\": {{\"login_frequency\": {}, \"feature_adoption\": {}}}, \
             \"support\": {{\"open_tickets\": {}}}, \"relationship\": {{\"multi_threading_depth\": {}}}, \
             \"previous_period\": {{\"overall_score\": {}}}, \"commercial_factors\": {{\"budget_cuts_mentioned\": {}}}, \
             \"contract\": {{\"licensed_seats\": 100, \"active_seats\": {}}}}}",
            ["enterprise", "mid-market", "smb"][number % 3],
            10_000 + figure(900_001),
            7 + figure(6),
            figure(101),
            figure(97),
            figure(23),
            figure(7),
            figure(89),
            number % 5 == 0,
            40 + figure(61),
        )
        .expect("a string takes text");
    }
    text.push_str("]}");
    text
}

/// Accounts of which it is known who left: those that log in rarely, more often.
fn labelled(accounts: usize) -> String {
    let mut text = String::from(
        "customer_id,name,arr,usage.login_frequency,usage.feature_adoption,support.open_tickets,churned\n",
    );
    for number in 0..accounts {
        let figure = |most: usize| (number * 7919) % most;
        let churned = figure(89) < 20 + 40 * usize::from(figure(101) < 30);
        let (logins, adoption, tickets) = (figure(101), figure(97), figure(23));
        writeln!(
            text,
            "C-{number},Customer {number},{},{logins},{adoption},{tickets},{churned}",
            10_000 + figure(900_001)
        )
        .expect("a string takes text");
    }
    text
}

#[test]
fn five_thousand_accounts_fit_into_five_megabytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("portfolio.json");
    fs::write(&input, portfolio(5_000)).expect("a file");
    let page = page(&["report", input.to_str().expect("UTF-8")]);
    assert_eq!(page.matches("<tr><th scope=row>A customer").count(), 5_000 + page_lists(&page));
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
}

#[test]
fn lists_of_a_page_say_where_the_others_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("portfolio.json");
    fs::write(&input, portfolio(60)).expect("a file");
    let input = input.to_str().expect("UTF-8");
    let in_table = "accounts shown; the table of all accounts has the others.";
    let by_option = "accounts shown; --top N shows more";
    for (arguments, said, unsaid) in
        [(&["report", input][..], in_table, by_option), (&["report", input, "--top", "3"], by_option, in_table)]
    {
        let page = page(arguments).replace("<span class=u>", "").replace("</span>", "");
        assert!(page.contains(said) && !page.contains(unsaid), "{arguments:?}");
    }
}

/// Rows of accounts in the lists before the table of all.
fn page_lists(page: &str) -> usize {
    let before = page.find(">All accounts</h2>").expect("a table of all accounts");
    page[..before].matches("<tr><th scope=row>A customer").count()
}

/// Names and texts that would do harm where they are not taken as text.
const HOSTILE: &str = r#"{"customers": [
    {"customer_id": "\"><img src=x onerror=alert(1)>", "name": "<script>alert(1)</script>", "segment": "</table><b>x", "arr": 120000,
     "csm": "' onmouseover='alert(2)", "contract_end_date": "2026-07-20", "usage": {"login_frequency": 5}},
    {"customer_id": "H-2", "name": "[link](javascript:alert(3)) \u202egpj.exe\u202c \u0007\u001b[31m", "arr": 90000,
     "previous_period": {"overall_score": 90}},
    {"customer_id": "H-3", "name": "&lt;&amp;--></style></script><svg/onload=alert(4)>", "arr": 0, "csm": "=HYPERLINK(\"x\")"},
    {"customer_id": "H-4", "name": "LONG", "arr": 1, "segment": "\u2028\u2029"}
]}"#;

/// Where a program of one of these names is on the path.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let found = |name: &&str| env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    names.iter().find_map(found)
}

/// What it takes to open pages, or what is missing.
fn browser() -> Result<(PathBuf, PathBuf), &'static str> {
    let node = on_path(&["node"]).ok_or("node is not on the path")?;
    if !project().join("tests/page/node_modules/playwright-core").is_dir() {
        return Err("`npm ci` has not been run in tests/page");
    }
    let chosen = env::var_os("CSM_BROWSER").map(PathBuf::from).filter(|browser| browser.is_file());
    let found = chosen.or_else(|| on_path(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]));
    Ok((node, found.ok_or("there is no Chromium or Chrome on the path, and CSM_BROWSER names none")?))
}

#[test]
fn pages_do_well_in_a_browser() {
    let (node, browser) = match browser() {
        Ok(found) => found,
        Err(missing) => {
            assert!(env::var_os("CSM_REQUIRE_BROWSER").is_none_or(|value| value != "1"), "no browser test: {missing}");
            eprintln!("!! NOT CHECKED: no page was opened in a browser, for {missing}");
            return;
        }
    };
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    };
    let hostile = write("hostile.json", &HOSTILE.replace("LONG", &"long name ".repeat(1_000)));
    let long = write("long.json", &portfolio(450));
    let labelled = write("labelled.csv", &labelled(400));
    for (name, arguments) in [
        ("briefing", &["report", SAMPLE] as &[&str]),
        ("health", &["health", SAMPLE]),
        ("churn", &["churn", SAMPLE, "--detail"]),
        ("expand", &["expand", SAMPLE]),
        ("explain", &["explain", SAMPLE, "CUST-1002"]),
        ("backtest", &["backtest", &labelled, "--outcome-column", "churned"]),
        ("hostile", &["report", &hostile]),
        ("long", &["report", &long]),
        ("empty", &["report", SAMPLE, "--segment", "none"]),
    ] {
        write(&format!("{name}.html"), &page(arguments));
    }
    let output = Command::new(node)
        .args(["--test", "--test-reporter=spec", "page.test.mjs"])
        .current_dir(project().join("tests/page"))
        .env("CSM_PAGES", folder.path())
        .env("CSM_BROWSER", &browser)
        .env_remove("NODE_OPTIONS")
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));

    let pdf = folder.path().join("briefing.pdf");
    let output = Command::new(env!("CARGO_BIN_EXE_csm"))
        .args(["report", SAMPLE, "--as-of", "2026-06-30", "--pdf"])
        .arg(&pdf)
        .current_dir(project())
        .env("CSM_BROWSER", &browser)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::read(&pdf).expect("a PDF").starts_with(b"%PDF"));
}

#[test]
fn without_a_browser_no_pdf_is_begun() {
    let folder = tempfile::tempdir().expect("a folder");
    let pdf = folder.path().join("briefing.pdf");
    let program = env!("CARGO_BIN_EXE_csm");
    for (path, chosen, expected) in [
        ("/nowhere", "", "--pdf needs a browser, and none of chromium, chromium-browser, google-chrome"),
        ("/nowhere", "/nowhere/chromium", "CSM_BROWSER names /nowhere/chromium, which is no program that is there"),
        // A program that is no browser: it refuses the options that a browser is given.
        ("/nowhere", program, "printed no PDF: "),
    ] {
        let output = Command::new(program)
            .args(["report", SAMPLE, "--pdf"])
            .arg(&pdf)
            .current_dir(project())
            .env("PATH", path)
            .env("CSM_BROWSER", chosen)
            .output()
            .expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(expected), "{said}");
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(!pdf.exists());
    }
}
