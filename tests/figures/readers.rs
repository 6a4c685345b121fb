//! The formats for people, read back into tables and words.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthChar;

use super::markup::{Piece, pieces};

/// A table as a format shows it.
#[derive(Debug, Default)]
pub struct Shown {
    /// The last heading before it.
    pub heading: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// What a format shows.
#[derive(Debug, Default)]
pub struct Page {
    pub tables: Vec<Shown>,
    /// Its other words, each one after a space, without colons and dots between.
    pub words: String,
}

impl Page {
    fn say(&mut self, text: &str) {
        self.words.push(' ');
        self.words.push_str(text);
    }

    fn read(mut self) -> Self {
        self.words = spoken(&self.words);
        self
    }
}

/// A format that can be read back.
pub struct Reader {
    /// As `--format` names it.
    pub format: &'static str,
    /// What stands in it, in its order.
    pub read: fn(&str) -> Page,
    /// Whether bars are tables too.
    pub has_bars: bool,
}

pub const READERS: [Reader; 3] = [
    Reader { format: "markdown", read: read_markdown, has_bars: true },
    Reader { format: "html", read: read_html, has_bars: true },
    Reader { format: "text", read: read_text, has_bars: false },
];

/// Words as every format has them.
pub fn spoken(text: &str) -> String {
    let text = text.replace(['·', ':'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page of Markdown.
pub fn read_markdown(text: &str) -> Page {
    let mut page = Page::default();
    let (mut heading, mut cell, mut row) = (String::new(), String::new(), Vec::new());
    let mut is_in_table = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) => {
                cell.push_str(&text);
                if !is_in_table {
                    page.words.push_str(&text);
                }
            }
            Event::Start(Tag::Heading { .. } | Tag::TableCell) => cell.clear(),
            Event::End(TagEnd::Heading(_)) => {
                page.say("");
                heading = std::mem::take(&mut cell);
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item) => page.say(""),
            Event::Start(Tag::Table(_)) => {
                is_in_table = true;
                page.tables.push(Shown { heading: heading.clone(), ..Shown::default() });
            }
            Event::End(TagEnd::Table) => is_in_table = false,
            Event::End(TagEnd::TableCell) => row.push(std::mem::take(&mut cell)),
            Event::End(TagEnd::TableHead) => {
                page.tables.last_mut().expect("a table").columns = std::mem::take(&mut row);
            }
            Event::End(TagEnd::TableRow) => {
                page.tables.last_mut().expect("a table").rows.push(std::mem::take(&mut row));
            }
            _ => {}
        }
    }
    page.read()
}

/// A page of HTML. Its tiles are a table of one row. Of drawings, what they say in words counts; a bar alone in its cell is its length.
fn read_html(text: &str) -> Page {
    let mut page = Page::default();
    let mut table: Option<Shown> = None;
    let (mut heading, mut tile) = (String::new(), Shown::default());
    let (mut cell, mut bar, mut span) = (String::new(), String::new(), 1);
    let mut drawing = 0;
    let (mut is_head, mut is_title) = (false, false);
    let pieces = pieces(text);
    let start = pieces.iter().position(|piece| matches!(piece, Piece::Open(name, _) if name == "main"));
    for piece in &pieces[start.expect("a page has a main part")..] {
        let is_cell = |name: &str| ["th", "td"].contains(&name);
        // A cell, a row and a head end where the next begins.
        if let (Piece::Open(name, _) | Piece::Close(name), Some(table)) = (piece, &mut table)
            && (is_cell(name) || ["tr", "tbody", "table"].contains(&name.as_str()))
        {
            let row = if is_head { Some(&mut table.columns) } else { table.rows.last_mut() };
            let text = std::mem::take(&mut cell);
            let text = if text.trim().is_empty() { std::mem::take(&mut bar) } else { text.trim().to_owned() };
            bar.clear();
            let named = |repeated| if repeated == 0 { text.clone() } else { format!("{text} {}", repeated + 1) };
            if let Some(row) = row {
                row.extend((0..span).map(named));
            }
            span = usize::from(is_cell(name));
        }
        match piece {
            Piece::Open(name, _) if name == "svg" => {
                drawing += 1;
                cell.push_str(piece.attribute("aria-label").unwrap_or_default());
            }
            Piece::Close(name) if name == "svg" => drawing -= 1,
            Piece::Open(name, _) | Piece::Close(name) if name == "title" => {
                is_title = matches!(piece, Piece::Open(..));
                page.say("");
            }
            Piece::Text(text) if is_title => page.words.push_str(text),
            Piece::Open(name, _) if name == "rect" && bar.is_empty() && piece.attribute("class") != Some("t") => {
                piece.attribute("width").unwrap_or_default().clone_into(&mut bar);
            }
            _ if drawing > 0 => {}
            Piece::Open(name, _) => match name.as_str() {
                "table" => {
                    (table, is_head, span) = (Some(Shown { heading: heading.clone(), ..Shown::default() }), true, 0);
                }
                "tbody" => is_head = false,
                "tr" if !is_head => {
                    span = 0;
                    table.as_mut().expect("a table").rows.push(Vec::new());
                }
                "tr" => span = 0,
                "th" | "td" => {
                    cell.clear();
                    span = piece.attribute("colspan").map_or(1, |span| span.parse().expect("a count"));
                }
                "dt" | "dd" | "h1" | "h2" | "h3" | "caption" => {
                    if name == "dd" && piece.attribute("class") == Some("note") {
                        tile.columns.push(format!("{}, note", tile.columns.last().expect("a tile")));
                    }
                    cell.clear();
                    page.say("");
                }
                "dl" if piece.attribute("class") == Some("tiles") => {
                    tile = Shown { heading: heading.clone(), rows: vec![Vec::new()], ..Shown::default() };
                }
                "p" | "li" | "div" => page.say(""),
                _ => {}
            },
            Piece::Close(name) => match name.as_str() {
                "h1" | "h2" | "h3" => heading = std::mem::take(&mut cell),
                "table" => page.tables.extend(table.take()),
                "caption" => cell.clear(),
                "dt" if !tile.rows.is_empty() => tile.columns.push(std::mem::take(&mut cell)),
                "dd" if !tile.rows.is_empty() => tile.rows[0].push(std::mem::take(&mut cell)),
                "dl" if !tile.rows.is_empty() => page.tables.push(std::mem::take(&mut tile)),
                _ => {}
            },
            Piece::Text(text) => {
                cell.push_str(text);
                if table.is_none() {
                    page.words.push_str(text);
                }
            }
        }
    }
    for table in &mut page.tables {
        // The bars beside figures have no title.
        while let Some(untitled) = table.columns.iter().skip(1).position(String::is_empty) {
            table.columns.remove(untitled + 1);
            table.rows.iter_mut().for_each(|row| drop(row.remove(untitled + 1)));
        }
    }
    page.read()
}

/// What stands on a terminal. A table begins with its titles, below a heading or a line of text; its columns are apart by two spaces
/// in every line. Cells go on in the next line, where the first column is empty.
fn read_text(text: &str) -> Page {
    let mut page = Page::default();
    let mut heading = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.starts_with(' ') && !line.is_empty() {
            line.trim().clone_into(&mut heading);
            page.say(line);
        } else if is_head(line) {
            let mut block = vec![line];
            while let Some(line) = lines.next_if(|line| is_row(line) && !is_head(line)) {
                block.push(line);
            }
            page.tables.push(table(heading.clone(), &block));
        } else {
            page.say(line);
        }
    }
    page.read()
}

/// The titles of a table begin with one of these.
fn is_head(line: &str) -> bool {
    const FIRST: [&str; 19] = [
        "Account",
        "Accounts",
        "Accounts from",
        "ARR from",
        "Cause",
        "Band",
        "Tier",
        "Customer",
        "Days before",
        "Day",
        "Score",
        "Segment",
        "Decided",
        "Metric",
        "Module",
        "Department",
        "csm",
        "region",
        "segment",
    ];
    line.strip_prefix("  ").is_some_and(|line| FIRST.iter().any(|first| line.starts_with(&format!("{first}  "))))
}

fn is_row(line: &str) -> bool {
    line.starts_with("  ") && !line.starts_with("  - ") && line[2..].trim_start().contains("  ")
        || line.starts_with("    ")
}

/// Lines cut where all of them have two spaces.
fn table(heading: String, lines: &[&str]) -> Shown {
    let lines: Vec<Vec<char>> = lines.iter().map(|line| wide(line)).collect();
    let width = lines.iter().map(Vec::len).max().unwrap_or(0);
    let blank = |place: usize| lines.iter().all(|line| line.get(place).is_none_or(|character| *character == ' '));
    let mut columns = Vec::new();
    let mut start = None;
    for place in 0..=width {
        match start {
            None if place < width && !blank(place) => start = Some(place),
            Some(from) if place == width || blank(place) && (place + 1 >= width || blank(place + 1)) => {
                columns.push(from..place);
                start = None;
            }
            _ => {}
        }
    }
    let cut = |line: &Vec<char>| -> Vec<String> {
        let cell = |column: &std::ops::Range<usize>| {
            let end = column.end.min(line.len());
            let text: String =
                line[column.start.min(end)..end].iter().filter(|character| **character != '\0').collect();
            text.trim().to_owned()
        };
        columns.iter().map(cell).collect()
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in lines[1..].iter().map(cut) {
        match rows.last_mut() {
            Some(last) if row[0].is_empty() => {
                for (cell, more) in last.iter_mut().zip(row).filter(|(_, more)| !more.is_empty()) {
                    cell.push(' ');
                    cell.push_str(&more);
                }
            }
            _ => rows.push(row),
        }
    }
    let mut shown = Shown { heading, columns: cut(&lines[0]), rows };
    // Bars are rough; the figures that they rest on stand beside them.
    let is_bar = |cell: &String| cell.chars().all(|character| ('█'..='▏').contains(&character));
    while let Some(bars) = (1..shown.columns.len())
        .find(|at| shown.columns[*at] == "Adopted where named" && shown.rows.iter().all(|row| is_bar(&row[*at])))
    {
        shown.columns.remove(bars);
        shown.rows.iter_mut().for_each(|row| drop(row.remove(bars)));
    }
    shown
}

/// A line with something behind each character that takes two columns.
fn wide(line: &str) -> Vec<char> {
    let is_wide = |character: &char| character.width() == Some(2);
    line.chars().flat_map(|character| [character].into_iter().chain(is_wide(&character).then_some('\0'))).collect()
}
