//! Documents for a terminal, or for a file that is read like one.

use std::collections::BTreeSet;
use std::io::{self, Write};

use comfy_table::{Attribute, Cell as Field, CellAlignment, Color, ContentArrangement, Row, TableStyle};
use owo_colors::{OwoColorize, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::clean;
use super::figures;
use crate::report::document::{Align, Bar, Block, Cell, Column, Currency, Document, Line, Table, Tile, Tone, line};

/// How text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Columns that a line may take.
    pub width: usize,
    /// Whether escape sequences for colour are written.
    pub colour: bool,
}

const INDENT: &str = "  ";
const LONG_BAR: usize = 24;
const SHORT_BAR: usize = 10;
/// What a row is about has at least this many columns.
const LEAST_NAME: usize = 24;

/// Writes a document.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write(out: &mut dyn Write, document: Document<'_>, layout: Layout) -> io::Result<()> {
    let mut text = Text { out, currency: document.currency, layout };
    text.wrapped(&Line::from(document.title), "", "", Tone::Strong)?;
    for block in document.blocks {
        text.block(block)?;
    }
    Ok(())
}

struct Text<'w> {
    out: &'w mut dyn Write,
    currency: Currency,
    layout: Layout,
}

impl Text<'_> {
    fn block(&mut self, block: Block<'_>) -> io::Result<()> {
        match block {
            Block::Heading(title) => {
                writeln!(self.out)?;
                self.wrapped(&Line::from(title), "", "", Tone::Strong)
            }
            Block::Subheading(line) => {
                writeln!(self.out)?;
                self.wrapped(&line, "", "", Tone::Strong)
            }
            Block::Text(line) => self.wrapped(&line, INDENT, INDENT, Tone::Plain),
            Block::Remark(line) => self.wrapped(&line, INDENT, INDENT, Tone::Muted),
            Block::Facts(facts) => self.facts(&facts),
            Block::List(lines) => lines.iter().try_for_each(|line| self.wrapped(line, "  - ", "    ", Tone::Plain)),
            Block::Bars(bars) => self.bars(&bars.bars),
            Block::Table(table) | Block::Browse(table) => self.table(table),
            Block::Tiles(tiles) => self.facts(&tiles.into_iter().map(Tile::into_fact).collect::<Vec<_>>()),
            Block::Card(card) => {
                let mut heading = line![card.title, " · "];
                heading.0.extend(card.about.0);
                writeln!(self.out)?;
                self.wrapped(&heading, "", "", Tone::Strong)?;
                self.facts(&card.facts)
            }
            Block::Chart(chart) => self.wrapped(&chart.into_line(), INDENT, INDENT, Tone::Plain),
        }
    }

    /// A line broken at spaces so that it fits the width.
    fn wrapped(&mut self, line: &Line, first: &str, rest: &str, base: Tone) -> io::Result<()> {
        let mut used = first.width();
        let mut least = used;
        // Words of one tone that follow each other are styled together.
        let mut run = (String::new(), base);
        let mut output = first.to_owned();
        let words = words(line, &self.currency);
        let mut is_glued = false;
        for (position, (word, tone)) in words.iter().enumerate() {
            let tone = if *tone == Tone::Plain { base } else { *tone };
            // What stands behind a word without a space goes with it, such as a comma of another tone.
            let breaks = !is_glued && used > least && used + width_of_first(&words[position..]) > self.layout.width;
            is_glued = !word.ends_with(' ');
            if breaks || tone != run.1 {
                let (text, tone) = std::mem::replace(&mut run, (String::new(), tone));
                let end = if breaks { text.trim_end().len() } else { text.len() };
                output.push_str(&self.styled(&text[..end], tone));
            }
            if breaks {
                output.push('\n');
                output.push_str(rest);
                (used, least) = (rest.width(), rest.width());
            }
            used += word.width();
            run.0.push_str(word);
        }
        output.push_str(&self.styled(run.0.trim_end(), run.1));
        writeln!(self.out, "{}", output.trim_end_matches(' '))
    }

    fn facts(&mut self, facts: &[(String, Line)]) -> io::Result<()> {
        let widest = facts.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
        for (label, line) in facts {
            let padding = " ".repeat(widest - label.width());
            let first = format!("{INDENT}{label}{padding}  ");
            let rest = " ".repeat(first.width());
            self.wrapped(line, &first, &rest, Tone::Plain)?;
        }
        Ok(())
    }

    fn bars(&mut self, bars: &[Bar]) -> io::Result<()> {
        let label = |bar: &Bar| self.plain(&bar.label);
        let figure =
            |bar: &Bar, column: usize| bar.figures.get(column).map(|cell| self.plain(cell)).unwrap_or_default();
        let columns = bars.iter().map(|bar| bar.figures.len()).max().unwrap_or(0);
        let widest_label = bars.iter().map(|bar| label(bar).width()).max().unwrap_or(0);
        let widest: Vec<usize> =
            (0..columns).map(|column| bars.iter().map(|bar| figure(bar, column).width()).max().unwrap_or(0)).collect();
        let before = INDENT.width() + widest_label + widest.iter().map(|width| width + 2).sum::<usize>() + 2;
        let room = self.layout.width.saturating_sub(before);
        let length = if room < SHORT_BAR { 0 } else { room.min(LONG_BAR) };
        let mut output = String::new();
        for bar in bars {
            let name = label(bar);
            output.push_str(INDENT);
            output.push_str(&self.styled(&name, bar.tone));
            output.push_str(&" ".repeat(widest_label - name.width()));
            for (column, width) in widest.iter().enumerate() {
                let text = figure(bar, column);
                output.push_str(&" ".repeat(2 + width - text.width()));
                output.push_str(&text);
            }
            output.push_str("  ");
            output.push_str(&self.styled(&filled(bar.share, length), bar.tone));
            output.truncate(output.trim_end_matches(' ').len());
            output.push('\n');
        }
        self.out.write_all(output.as_bytes())
    }

    fn table(&mut self, table: Table<'_>) -> io::Result<()> {
        let mut rows: Vec<Vec<Cell>> = table.rows.collect();
        for row in &mut rows {
            self.shorten_name(row);
        }
        let kept = self.fitting(&table.columns, &rows);
        let mut drawn = comfy_table::Table::new();
        drawn.load_style(TableStyle::new()).set_width(u16::try_from(self.layout.width).unwrap_or(u16::MAX));
        drawn.set_content_arrangement(ContentArrangement::Dynamic);
        if self.layout.colour {
            drawn.enforce_styling();
        } else {
            drawn.force_no_tty();
        }
        let header = kept.iter().map(|column| {
            let column = &table.columns[*column];
            aligned(Field::new(&column.title), column.align).add_attribute(Attribute::Dim)
        });
        drawn.set_header(header.collect::<Vec<_>>());
        for row in &rows {
            let mut drawn_row = Row::new();
            for column in &kept {
                let cell = row.get(*column).unwrap_or(&Cell::Empty);
                drawn_row.add_cell(aligned(self.field(cell), table.columns[*column].align));
            }
            drawn.add_row(drawn_row);
        }
        for line in drawn.lines() {
            writeln!(self.out, " {}", line.trim_end())?;
        }
        let hidden = (0..table.columns.len()).filter(|column| !kept.contains(column));
        let hidden: Vec<&str> =
            hidden.map(|column| table.columns[column].title.as_str()).filter(|title| !title.is_empty()).collect();
        if hidden.is_empty() {
            return Ok(());
        }
        let remark = format!("Hidden for lack of width: {}.", hidden.join(", "));
        self.wrapped(&Line::from(remark), INDENT, INDENT, Tone::Muted)
    }

    /// Shortens what a row is about, so that one long name does not take the width from all columns.
    fn shorten_name(&self, row: &mut [Cell]) {
        let most = (self.layout.width / 3).max(LEAST_NAME);
        if let Some(Cell::Text(name)) = row.first_mut() {
            let shown = clean(name);
            if shown.width() > most {
                let mut used = 0;
                let fits = |character: &char| {
                    used += character.width().unwrap_or(0);
                    used < most
                };
                *name = shown.chars().take_while(fits).chain(['…']).collect();
            }
        }
    }

    /// The columns that fit the width, by position: those of rank 0, and of the other ranks whatever fits whole, the lowest first.
    fn fitting(&self, columns: &[Column], rows: &[Vec<Cell>]) -> Vec<usize> {
        const PADDING: usize = 2;
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row.get(column).map_or(0, |cell| self.plain(cell).width()));
            cells.max().unwrap_or(0).max(columns[column].title.width()) + PADDING
        };
        let ranks: BTreeSet<u8> = columns.iter().map(|column| column.rank).collect();
        let mut used = 1;
        let mut kept: Vec<usize> = Vec::new();
        for rank in ranks {
            let of_rank = || (0..columns.len()).filter(|column| columns[*column].rank == rank);
            let width: usize = of_rank().map(width).sum();
            if rank == 0 || used + width <= self.layout.width {
                used += width;
                kept.extend(of_rank());
            }
        }
        kept.sort_unstable();
        kept
    }

    fn field(&self, cell: &Cell) -> Field {
        let field = Field::new(self.plain(cell));
        match cell.tone() {
            Tone::Plain => field,
            Tone::Good => field.fg(Color::DarkGreen),
            Tone::Caution => field.fg(Color::DarkYellow),
            Tone::Bad => field.fg(Color::DarkRed),
            Tone::Strong => field.add_attribute(Attribute::Bold),
            Tone::Muted => field.add_attribute(Attribute::Dim),
        }
    }

    /// The harmless text of a value, without colour.
    fn plain(&self, cell: &Cell) -> String {
        match cell {
            Cell::Bar(share, _) => filled(*share, SHORT_BAR),
            cell => clean(&figures::text(cell, &self.currency)).into_owned(),
        }
    }

    fn styled(&self, text: &str, tone: Tone) -> String {
        let style = match tone {
            _ if text.is_empty() || !self.layout.colour => return text.to_owned(),
            Tone::Plain => return text.to_owned(),
            Tone::Good => Style::new().green(),
            Tone::Caution => Style::new().yellow(),
            Tone::Bad => Style::new().red(),
            Tone::Strong => Style::new().bold(),
            Tone::Muted => Style::new().dimmed(),
        };
        text.style(style).to_string()
    }
}

fn aligned(field: Field, align: Align) -> Field {
    field.set_alignment(match align {
        Align::Left => CellAlignment::Left,
        Align::Right => CellAlignment::Right,
    })
}

/// The words of a line with the spaces behind them, and the tone of each.
fn words(line: &Line, currency: &Currency) -> Vec<(String, Tone)> {
    let mut words: Vec<(String, Tone)> = Vec::new();
    for cell in &line.0 {
        let text = match cell {
            Cell::Bar(share, _) => filled(*share, SHORT_BAR),
            cell => clean(&figures::text(cell, currency)).into_owned(),
        };
        // Figures keep together with their unit; texts break at their spaces.
        if matches!(cell, Cell::Text(_) | Cell::Toned(..)) {
            words.extend(text.split_inclusive(' ').map(|word| (word.to_owned(), cell.tone())));
        } else {
            words.push((text, cell.tone()));
        }
    }
    words
}

/// How wide the words up to the first space are, without it.
fn width_of_first(words: &[(String, Tone)]) -> usize {
    let mut width = 0;
    for (word, _) in words {
        width += word.trim_end().width();
        if word.ends_with(' ') {
            break;
        }
    }
    width
}

/// A bar of a share, 0–1, in eighths of a character.
fn filled(share: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a short bar")]
    let eighths = (share.clamp(0.0, 1.0) * width as f64 * 8.0).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::line;

    #[test]
    fn a_line_breaks_at_spaces_alone_wherever_its_parts_end() {
        let sum = || line!["yellow ", Cell::Toned("12 → 14".into(), Tone::Caution), ", red ", Cell::Count(9), "."];
        for (width, expected) in [
            (40, "yellow 12 → 14, red 9.\n"),
            (22, "yellow 12 → 14, red 9.\n"),
            (21, "yellow 12 → 14, red\n9.\n"),
            (14, "yellow 12 →\n14, red 9.\n"),
            (3, "yellow\n12\n→\n14,\nred\n9.\n"),
        ] {
            let mut out = Vec::new();
            let layout = Layout { width, colour: false };
            let mut text = Text { out: &mut out, currency: Currency::default(), layout };
            text.wrapped(&sum(), "", "", Tone::Plain).expect("a vector takes everything");
            assert_eq!(String::from_utf8(out).expect("UTF-8"), expected, "{width}");
        }
    }
}
