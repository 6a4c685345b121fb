//! Documents as GitHub-flavoured Markdown, to be pasted, edited or read as it is.

mod escape;

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::figures;
use crate::report::document::{Align, Block, Cell, Column, Currency, Document, Line, Table, Tile, Tone};

pub use escape::escape;
use escape::{at_start, inline};

/// Cells wider than this do not widen their column.
const WIDEST: usize = 60;
/// What a delimiter takes at least.
const NARROWEST: usize = 3;

/// Writes a document. All columns of its tables are there.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write(out: &mut dyn Write, document: Document<'_>) -> io::Result<()> {
    let mut markdown = Markdown { out, currency: document.currency, below: 2 };
    writeln!(markdown.out, "# {}", inline(&document.title).trim())?;
    document.blocks.into_iter().try_for_each(|block| markdown.block(block))
}

struct Markdown<'w> {
    out: &'w mut dyn Write,
    currency: Currency,
    /// The level of a subheading: one below the heading before it.
    below: usize,
}

impl Markdown<'_> {
    fn block(&mut self, block: Block<'_>) -> io::Result<()> {
        match block {
            Block::Heading(title) => {
                self.below = 3;
                self.paragraph(&format!("## {}", inline(&title).trim()))
            }
            Block::Subheading(line) => self.subheading(&line),
            Block::Text(line) => {
                let line = at_start(self.line(&line));
                self.paragraph(&line)
            }
            Block::Remark(line) => {
                let line = self.line(&line);
                if line.is_empty() { Ok(()) } else { self.paragraph(&format!("*{line}*")) }
            }
            Block::Facts(facts) => self.facts(&facts),
            Block::Tiles(tiles) => self.facts(&tiles.into_iter().map(Tile::into_fact).collect::<Vec<_>>()),
            Block::Card(card) => {
                self.subheading(&card.title.into())?;
                let about = at_start(self.line(&card.about));
                self.paragraph(&about)?;
                self.facts(&card.facts)
            }
            Block::Chart(chart) => {
                let line = at_start(self.line(&chart.into_line()));
                self.paragraph(&line)
            }
            Block::List(lines) => {
                let lines = lines.iter().map(|line| at_start(self.line(line))).collect();
                self.list(lines)
            }
            Block::Bars(bars) => {
                let rows = bars.bars.into_iter().map(|bar| std::iter::once(bar.label).chain(bar.figures).collect());
                self.table(Table { columns: bars.columns, rows: Box::new(rows) })
            }
            Block::Table(table) | Block::Browse(table) => self.table(table),
        }
    }

    fn subheading(&mut self, line: &Line) -> io::Result<()> {
        let line = format!("{} {}", "#".repeat(self.below), self.line(line));
        self.paragraph(&line)
    }

    fn facts(&mut self, facts: &[(String, Line)]) -> io::Result<()> {
        let facts = facts.iter().map(|(label, line)| {
            let label = inline(label);
            format!("**{}:** {}", label.trim(), self.line(line))
        });
        let facts = facts.collect();
        self.list(facts)
    }

    fn paragraph(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() { Ok(()) } else { writeln!(self.out, "\n{}", text.trim_end()) }
    }

    fn list(&mut self, items: Vec<String>) -> io::Result<()> {
        if !items.is_empty() {
            writeln!(self.out)?;
        }
        items.into_iter().try_for_each(|item| writeln!(self.out, "{}", format!("- {item}").trim_end()))
    }

    fn table(&mut self, table: Table<'_>) -> io::Result<()> {
        let rows: Vec<Vec<Cell>> = table.rows.collect();
        // A bar without a title is a picture of the figure before it.
        let is_bar = |row: &Vec<Cell>, column: usize| matches!(row.get(column), Some(Cell::Bar(..)));
        let is_picture = |column: usize| {
            table.columns[column].title.is_empty() && !rows.is_empty() && rows.iter().all(|row| is_bar(row, column))
        };
        let kept: Vec<usize> = (0..table.columns.len()).filter(|column| !is_picture(*column)).collect();
        let columns: Vec<&Column> = kept.iter().map(|column| &table.columns[*column]).collect();
        let header: Vec<String> = columns.iter().map(|column| inline(&column.title).trim().to_owned()).collect();
        let cells = |row: &Vec<Cell>| {
            kept.iter().map(|column| row.get(*column).map(|cell| self.cell(cell)).unwrap_or_default()).collect()
        };
        let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
        let width = |column: usize| {
            let cells = rows.iter().chain([&header]).map(|row| row[column].width());
            cells.filter(|width| *width <= WIDEST).max().unwrap_or(0).max(NARROWEST)
        };
        let widths: Vec<usize> = (0..columns.len()).map(width).collect();
        let delimiters = columns.iter().zip(&widths).map(|(column, width)| match column.align {
            Align::Left => "-".repeat(*width),
            Align::Right => format!("{}:", "-".repeat(width - 1)),
        });
        writeln!(self.out)?;
        for row in [&header, &delimiters.collect()].into_iter().chain(&rows) {
            self.row(&columns, &widths, row)?;
        }
        Ok(())
    }

    fn row(&mut self, columns: &[&Column], widths: &[usize], row: &[String]) -> io::Result<()> {
        for ((column, width), cell) in columns.iter().zip(widths).zip(row) {
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            match column.align {
                Align::Left => write!(self.out, "| {cell}{padding} ")?,
                Align::Right => write!(self.out, "| {padding}{cell} ")?,
            }
        }
        writeln!(self.out, "|")
    }

    /// A line, which must not begin one of the file unless it is escaped for that.
    fn line(&self, line: &Line) -> String {
        let mut output = String::new();
        let mut cells = line.0.iter().peekable();
        while let Some(cell) = cells.next() {
            let text = self.text(cell);
            if tone(cell) == Tone::Strong {
                let next = cells.peek().and_then(|next| self.text(next).chars().next());
                push_strong(&mut output, &text, next);
            } else {
                output.push_str(&text);
            }
        }
        output.trim().to_owned()
    }

    fn cell(&self, cell: &Cell) -> String {
        self.line(&Line(vec![cell.clone()]))
    }

    /// The harmless text of a value.
    fn text(&self, cell: &Cell) -> String {
        match cell {
            Cell::Bar(share, _) => figures::text(&Cell::Share(*share), &self.currency),
            cell => inline(&figures::text(cell, &self.currency)),
        }
    }
}

/// Puts a text behind others in bold, where the characters around it let that be; the spaces at its ends stay outside.
fn push_strong(output: &mut String, text: &str, next: Option<char>) {
    let inner = text.trim();
    let before = &text[..text.len() - text.trim_start().len()];
    let behind = &text[text.trim_end().len()..];
    let is_free = |beside: Option<char>| beside.is_none_or(char::is_whitespace);
    let is_word = |end: Option<char>| end.is_some_and(char::is_alphanumeric);
    let opens = is_word(inner.chars().next()) || is_free(before.chars().next().or(output.chars().last()));
    let closes = is_word(inner.chars().last()) || is_free(behind.chars().next().or(next));
    if inner.is_empty() || !opens || !closes || (before.is_empty() && output.ends_with('*')) {
        output.push_str(text);
    } else {
        output.extend([before, "**", inner, "**", behind]);
    }
}

fn tone(cell: &Cell) -> Tone {
    match cell {
        Cell::Toned(_, tone) | Cell::Bar(_, tone) => *tone,
        _ => Tone::Plain,
    }
}
