//! Markdown as a parser of it sees it: the document's own markup and nothing else, and all texts as they were, but for what is hidden.

use csm::render::{clean, markdown};
use csm::report::document::{Bar, Bars, Block, Cell, Column, Currency, Document, Line, Masthead, Table, Tone};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What is markup somewhere in Markdown, or becomes some beside others.
const PARTS: [&str; 62] = [
    "\\",
    "|",
    "<",
    ">",
    "[",
    "]",
    "(",
    ")",
    "*",
    "_",
    "`",
    "#",
    "-",
    "+",
    "=",
    "~",
    "!",
    "&",
    "{",
    "}",
    "$",
    ":",
    ".",
    "/",
    "@",
    "^",
    " ",
    "  ",
    "\n",
    "\t",
    "\r\n",
    "\n\n",
    "1.",
    "2)",
    "- ",
    "# ",
    "> ",
    "---",
    "***",
    "===",
    "```",
    "~~~",
    "&lt;",
    "&#60;",
    "amp;",
    "http://",
    "https:",
    "www.",
    "ww",
    "a@b.de",
    "[a](b)",
    "![a](b)",
    "<b>",
    "<!--",
    "-->",
    "[^1]",
    "[ ] ",
    "a",
    "7",
    "é",
    "\u{202e}",
    "\u{1b}[31m",
];

fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => proptest::sample::select(&PARTS[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

/// A text as people see it in a page, where several spaces are one.
fn shown(text: &str) -> String {
    let text = clean(text);
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").trim().to_owned()
}

/// A document with these texts at every place where a text can stand, and what must be seen of it, block by block.
fn document(texts: &[String]) -> (Document<'static>, Vec<String>) {
    let mut next = texts.iter().cycle().cloned();
    let mut text = move || next.next().expect("a text");
    let mut seen = Vec::new();
    let mut see = |text: &str| {
        let text = shown(text);
        if !text.is_empty() {
            seen.push(text);
        }
    };
    let title = text();
    see(&title);
    let mut blocks = Vec::new();
    for _ in 0..2 {
        let [heading, subheading, plain, strong, remark] = std::array::from_fn(|_| text());
        see(&heading);
        see(&subheading);
        see(&plain);
        see(&format!("a {strong} b"));
        see(&remark);
        blocks.push(Block::Heading(heading));
        blocks.push(Block::Subheading(Line::from(subheading)));
        blocks.push(Block::Text(Line::from(plain)));
        blocks.push(Block::Text(Line(vec!["a ".into(), Cell::toned(strong, Tone::Strong), " b".into()])));
        blocks.push(Block::Remark(Line::from(remark)));
        let facts: Vec<(String, Line)> = (0..3).map(|_| (text(), Line::from(text()))).collect();
        for (label, fact) in &facts {
            see(&format!("{}: {}", shown(label), shown(&plain_text(fact))));
        }
        blocks.push(Block::Facts(facts));
        let points: Vec<Line> = (0..3).map(|_| Line::from(text())).collect();
        for point in &points {
            see(&plain_text(point));
        }
        blocks.push(Block::List(points));
        let titles = || vec![Column::text("A", 0), Column::figure("B", 0)];
        let bars: Vec<Bar> = (0..2)
            .map(|_| Bar { label: text().into(), share: 0.5, tone: Tone::Bad, figures: vec![text().into()] })
            .collect();
        see("A");
        see("B");
        for bar in &bars {
            see(&plain_text(&Line(vec![bar.label.clone()])));
            see(&plain_text(&Line(bar.figures.clone())));
        }
        blocks.push(Block::Bars(Bars { columns: titles(), bars }));
        let columns = vec![Column::text(&text(), 0), Column::figure(&text(), 9)];
        for column in &columns {
            see(&column.title);
        }
        let rows: Vec<Vec<Cell>> =
            (0..2).map(|_| vec![Cell::from(text()), Cell::toned(text(), Tone::Strong)]).collect();
        for cell in rows.iter().flatten() {
            see(&plain_text(&Line(vec![cell.clone()])));
        }
        blocks.push(Block::Table(Table { columns, rows: Box::new(rows.into_iter()) }));
    }
    let code = text();
    see(&format!("{code} 5"));
    blocks.push(Block::Text(Cell::Money(5.0).into()));
    let currency = Currency { code: Some(code) };
    (Document { title, masthead: Masthead::default(), currency, blocks: Box::new(blocks.into_iter()) }, seen)
}

fn plain_text(line: &Line) -> String {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) | Cell::Toned(text, _) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    line.0.iter().map(text).collect()
}

/// All there is in Markdown, but for what changes letters, and for attributes of headings, whose parser knows no escapes.
fn options() -> Options {
    Options::all() - Options::ENABLE_SMART_PUNCTUATION - Options::ENABLE_HEADING_ATTRIBUTES
}

fn written(document: Document<'_>) -> String {
    let mut out = Vec::new();
    markdown::write(&mut out, document).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

/// The texts of a page, block by block, and how many headings it has.
fn read(text: &str) -> (Vec<String>, usize) {
    let (mut blocks, mut headings) = (vec![String::new()], 0);
    for event in Parser::new_ext(text, options()) {
        match event {
            Event::Text(text) => blocks.last_mut().expect("a block").push_str(&text),
            Event::Start(Tag::Heading { .. }) => {
                headings += 1;
                blocks.push(String::new());
            }
            Event::Start(Tag::Paragraph | Tag::Item | Tag::TableCell) => blocks.push(String::new()),
            Event::Start(
                Tag::List(None) | Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::Emphasis | Tag::Strong,
            )
            | Event::End(
                TagEnd::Heading(_)
                | TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::List(_)
                | TagEnd::Table
                | TagEnd::TableHead
                | TagEnd::TableRow
                | TagEnd::Emphasis
                | TagEnd::Strong,
            ) => {}
            other => panic!("{other:?} in {text}"),
        }
    }
    let texts = blocks.iter().map(|block| shown(block)).filter(|block| !block.is_empty()).collect();
    (texts, headings)
}

#[test]
fn no_report_has_markup_from_the_data() {
    let name = "[Acme](https://evil.example) ![x](y) <script>alert(1)</script> | `rm` **b** &lt; www.evil.example\n\n# H\n---\n";
    let account = |id: &str| {
        serde_json::json!({
            "customer_id": id, "name": name, "segment": name, "csm": name, "arr": 1200, "contract_end_date": "2026-08-01",
            "contract": {"licensed_seats": 10, "active_seats": 10, "plan_tier": name, "available_tiers": ["enterprise", name]},
            "product_usage": {name: {"adopted": false}}, "departments": {"current": [name], "potential": [name, "# d"]},
        })
    };
    let portfolio = serde_json::json!({"currency": name, "customers": [account("1. [a](b)"), account("# c")]});
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a[b](c)_*d*_.json");
    std::fs::write(&path, portfolio.to_string()).expect("a file");
    for (command, id) in [
        (&["health"][..], None),
        (&["health", "--detail"], None),
        (&["churn"], None),
        (&["expand"], None),
        (&["expand", "--detail"], None),
        (&["report"], None),
        (&["explain"], Some("# c")),
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_csm"))
            .env_remove("CSM_CONFIG")
            .env("XDG_CONFIG_HOME", "/nowhere")
            .args([command[0], "--quiet", "--as-of", "2026-06-30", "--format", "md"])
            .args(&command[1..])
            .arg("--")
            .arg(&path)
            .args(id)
            .output()
            .expect("csm runs");
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        let (blocks, _) = read(std::str::from_utf8(&output.stdout).expect("UTF-8"));
        let found = blocks.iter().filter(|block| block.contains(&shown(name))).count();
        assert!(found >= 2, "{command:?}: {blocks:#?}");
    }
}

proptest! {
    #[test]
    fn no_text_becomes_markup(texts in proptest::collection::vec(hostile(), 1..40)) {
        let (document, expected) = document(&texts);
        let text = written(document);
        let (seen, headings) = read(&text);
        prop_assert_eq!(headings, 5);
        prop_assert_eq!(seen, expected, "{}", text);
        // Addresses become links by themselves in some readers of Markdown, unless these are escaped.
        let is_escaped = |found: usize| text[..found].ends_with('\\');
        prop_assert!(text.match_indices('@').chain(text.match_indices("://")).all(|(found, _)| is_escaped(found)), "{}", text);
        prop_assert!(!text.to_lowercase().contains("www."), "{}", text);
    }

    #[test]
    fn an_escaped_text_is_text_wherever_it_stands(text in hostile(), other in hostile()) {
        let (text, other) = (format!("x{text}"), other);
        for (before, behind) in [("", ""), ("a\n", "\nb"), ("- ", ""), ("1. ", ""), ("# ", ""), ("**b** ", " *c*"), ("> ", "")] {
            let page = format!("{before}{}{behind}", markdown::escape(&other));
            for event in Parser::new_ext(&page, options()) {
                prop_assert!(
                    !matches!(
                        event,
                        Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::Html(_) | Event::InlineHtml(_)
                            | Event::FootnoteReference(_) | Event::Rule | Event::TaskListMarker(_)
                            | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock | Tag::CodeBlock(_)
                                | Tag::FootnoteDefinition(_) | Tag::Strikethrough | Tag::Superscript | Tag::Subscript
                                | Tag::DefinitionList | Tag::MetadataBlock(_) | Tag::Table(_))
                    ),
                    "{event:?} in {page:?}"
                );
            }
        }
        let page = format!("| a |\n| --- |\n| {} |", markdown::escape(&text));
        prop_assert_eq!(read(&page).0, ["a".to_owned(), shown(&text)]);
    }
}

#[test]
fn long_cells_do_not_widen_their_column() {
    let rows = ["Acme".to_owned(), "x".repeat(10_000), "y".repeat(60), "z".repeat(61)];
    let rows = rows.into_iter().map(|name| vec![Cell::from(name), Cell::Count(1)]);
    let table = Table { columns: vec![Column::text("Account", 0), Column::figure("N", 0)], rows: Box::new(rows) };
    let blocks = Box::new([Block::Table(table)].into_iter());
    let (masthead, currency) = (Masthead::default(), Currency::default());
    let text = written(Document { title: "T".into(), masthead, currency, blocks });
    let widths: Vec<usize> = text.lines().skip(2).map(str::len).collect();
    assert_eq!(widths, [70, 70, 70, 10_010, 70, 71]);
}
