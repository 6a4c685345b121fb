//! Lines, facts, bars and tables.

use std::io;

use super::escape::Escaped;
use super::{Page, tone_class};
use crate::render::figures;
use crate::report::chart::Gauge;
use crate::report::document::{Align, Bars, Cell, Column, Line, Table, Tile, Tone};

impl Page<'_> {
    /// The values of a line, as text.
    pub(super) fn plain(&self, line: &Line) -> String {
        line.0.iter().map(|cell| figures::text(cell, &self.currency)).collect()
    }

    pub(super) fn line(&mut self, line: &Line) -> io::Result<()> {
        for cell in &line.0 {
            match cell {
                Cell::Empty | Cell::Text(_) | Cell::Toned(..) | Cell::Date(_) => self.value(cell)?,
                // A figure stays on one line with its unit.
                cell => {
                    write!(self.out, "<span class=u>")?;
                    self.value(cell)?;
                    write!(self.out, "</span>")?;
                }
            }
        }
        Ok(())
    }

    /// A value with what it means.
    pub(super) fn value(&mut self, cell: &Cell) -> io::Result<()> {
        match cell {
            Cell::Empty => Ok(()),
            Cell::Text(text) | Cell::Toned(text, Tone::Plain) => write!(self.out, "{}", Escaped(text)),
            Cell::Toned(text, tone) => write!(self.out, "<b class={}>{}</b>", tone_class(*tone), Escaped(text)),
            Cell::Bar(share, tone) => self.bar(*share, *tone),
            Cell::Trend(scores) => {
                let scores: Vec<Option<f64>> = scores.iter().copied().map(Some).collect();
                self.trend(&scores, "k", 40.0, &figures::text(cell, &self.currency))
            }
            Cell::Sparkline(scores) => {
                let mut known = scores.iter().flatten();
                let label = match (known.next(), known.next_back()) {
                    (Some(first), Some(last)) => format!("from {first:.1} to {last:.1}"),
                    (first, _) => first.map(|first| format!("{first:.1}")).unwrap_or_default(),
                };
                self.trend(scores, "\"k w\"", 110.0, &label)
            }
            Cell::Profile(gauges) => self.profile(gauges),
            Cell::Ordered(cell, _) => self.value(cell),
            // A day would break at its hyphens.
            Cell::Date(day) => write!(self.out, "<span class=u>{day}</span>"),
            cell => write!(self.out, "{}", Escaped(&figures::text(cell, &self.currency))),
        }
    }

    pub(super) fn facts(&mut self, facts: &[(String, Line)]) -> io::Result<()> {
        writeln!(self.out, "<dl class=facts>")?;
        for (label, line) in facts {
            write!(self.out, "<div><dt>{}</dt><dd>", Escaped(label))?;
            self.line(line)?;
            writeln!(self.out, "</dd></div>")?;
        }
        writeln!(self.out, "</dl>")
    }

    pub(super) fn tiles(&mut self, tiles: &[Tile]) -> io::Result<()> {
        writeln!(self.out, "<dl class=tiles>")?;
        for tile in tiles {
            write!(self.out, "<div class={}><dt>{}</dt><dd>", tone_class(tile.tone), Escaped(&tile.label))?;
            self.value(&tile.value)?;
            write!(self.out, "</dd>")?;
            if !tile.note.0.is_empty() {
                write!(self.out, "<dd class=note>")?;
                self.line(&tile.note)?;
                write!(self.out, "</dd>")?;
            }
            writeln!(self.out, "</div>")?;
        }
        writeln!(self.out, "</dl>")
    }

    pub(super) fn list(&mut self, lines: &[Line]) -> io::Result<()> {
        writeln!(self.out, "<ul>")?;
        for line in lines {
            write!(self.out, "<li>")?;
            self.line(line)?;
            writeln!(self.out, "</li>")?;
        }
        writeln!(self.out, "</ul>")
    }

    /// What a table is about, for those who jump from table to table.
    pub(super) fn caption(&mut self) -> io::Result<()> {
        writeln!(self.out, "<caption>{}</caption>", Escaped(&self.heading))
    }

    pub(super) fn bars(&mut self, bars: &Bars) -> io::Result<()> {
        writeln!(self.out, "<div class=scroll><table class=bars>")?;
        self.caption()?;
        write!(self.out, "<thead><tr>")?;
        for (position, column) in bars.columns.iter().enumerate() {
            self.column(column)?;
            if position == 0 {
                write!(self.out, "<td>")?;
            }
        }
        writeln!(self.out, "<tbody>")?;
        for bar in &bars.bars {
            write!(self.out, "<tr><th scope=row>")?;
            self.value(&bar.label)?;
            write!(self.out, "<td class=w>")?;
            self.bar(bar.share, bar.tone)?;
            for (position, figure) in bar.figures.iter().enumerate() {
                self.cell(bars.columns.get(position + 1))?;
                write!(self.out, ">")?;
                self.value(figure)?;
            }
            // Without its end, the line's end would belong to the last cell.
            writeln!(self.out, "</tr>")?;
        }
        writeln!(self.out, "</table></div>")
    }

    /// A bar of a share, 0–1. What it shows stands beside it in figures.
    fn bar(&mut self, share: f64, tone: Tone) -> io::Result<()> {
        let share = percent(share * 100.0);
        write!(
            self.out,
            "<svg class=bar aria-hidden=true><rect class=t width=100% height=100% rx=3 /><rect class={} width={share}% \
             height=100% rx=3 /></svg>",
            tone_class(tone)
        )
    }

    pub(super) fn table(&mut self, table: Table<'_>) -> io::Result<()> {
        write!(self.out, "<div class=scroll><table>")?;
        self.rows(table)?;
        writeln!(self.out, "</table></div>")
    }

    /// A table with what it takes to find rows; without script it is a table.
    pub(super) fn browse(&mut self, table: Table<'_>) -> io::Result<()> {
        let number = self.number();
        writeln!(self.out, "<div class=browse>\n<div class=tools hidden>")?;
        writeln!(self.out, "<label for=f{number}>Filter</label>")?;
        writeln!(self.out, "<input id=f{number} type=search autocomplete=off spellcheck=false>")?;
        writeln!(self.out, "<p role=status></p>\n</div>")?;
        write!(self.out, "<div class=scroll><table>")?;
        self.rows(table)?;
        writeln!(self.out, "</table></div>\n</div>")
    }

    fn rows(&mut self, table: Table<'_>) -> io::Result<()> {
        self.caption()?;
        write!(self.out, "<thead><tr>")?;
        table.columns.iter().try_for_each(|column| self.column(column))?;
        writeln!(self.out, "<tbody>")?;
        for row in table.rows {
            write!(self.out, "<tr>")?;
            for (position, cell) in row.iter().enumerate() {
                match position {
                    0 => write!(self.out, "<th scope=row")?,
                    _ => self.cell(table.columns.get(position))?,
                }
                if let Cell::Ordered(_, key) = cell {
                    write!(self.out, " data-v={}", crate::report::ShortNumber(*key))?;
                }
                write!(self.out, ">")?;
                self.value(cell)?;
            }
            writeln!(self.out, "</tr>")?;
        }
        Ok(())
    }

    /// Begins a cell; its tag is still open.
    pub(super) fn cell(&mut self, column: Option<&Column>) -> io::Result<()> {
        let figures = column.is_some_and(|column| column.align == Align::Right);
        self.out.write_all(if figures { b"<td class=n" } else { b"<td" })
    }

    pub(super) fn column(&mut self, column: &Column) -> io::Result<()> {
        let class = if column.align == Align::Right { " class=n" } else { "" };
        write!(self.out, "<th scope=col{class}")?;
        if !column.words.is_empty() {
            write!(self.out, " data-words=\"{}\"", Escaped(&column.words.join("|")))?;
        }
        write!(self.out, ">{}", Escaped(&column.title))
    }

    /// How a score came here: the scale is the same for all, and each stands in the middle of its own height.
    fn trend(&mut self, scores: &[Option<f64>], class: &str, width: f64, label: &str) -> io::Result<()> {
        const MIDDLE: f64 = 9.0;
        const HALF: f64 = 7.0;
        let known = || scores.iter().flatten().copied();
        let (least, most) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
        let height = (most - least).max(figures::HEIGHT);
        let steps = scores.len().saturating_sub(1).max(1) as f64;
        let place = |position: usize, score: f64| {
            let off = 2.0 * (score - f64::midpoint(least, most)) / height;
            (2.0 + width * position as f64 / steps, MIDDLE - HALF * off)
        };
        write!(self.out, "<svg class={class} role=img aria-label=\"{label}\"><path d=\"")?;
        let mut is_broken = true;
        let mut end = None;
        for (position, score) in scores.iter().enumerate() {
            let Some(score) = score else {
                is_broken = true;
                continue;
            };
            let (x, y) = place(position, *score);
            write!(self.out, "{}{} {}", if is_broken { 'M' } else { 'L' }, short(x), short(y))?;
            is_broken = false;
            end = Some((x, y));
        }
        write!(self.out, "\"/>")?;
        if let Some((x, y)) = end {
            write!(self.out, "<circle cx={} cy={} r=2 />", short(x), short(y))?;
        }
        write!(self.out, "</svg>")
    }

    /// Bars of scores, and across each the mark to hold it against.
    fn profile(&mut self, gauges: &[Gauge]) -> io::Result<()> {
        const HEIGHT: f64 = 18.0;
        let height = |score: f64| short(HEIGHT - HEIGHT * score.clamp(0.0, 100.0) / 100.0);
        let said = |score: Option<f64>| score.map_or_else(|| "–".to_owned(), |score| format!("{score:.0}"));
        let list = |scores: &mut dyn Iterator<Item = Option<f64>>| scores.map(said).collect::<Vec<_>>().join(" ");
        write!(
            self.out,
            "<svg class=f role=img aria-label=\"{} against {}\"><path d=\"",
            list(&mut gauges.iter().map(|gauge| gauge.score)),
            list(&mut gauges.iter().map(|gauge| gauge.mark)),
        )?;
        for (position, gauge) in gauges.iter().enumerate() {
            if let Some(score) = gauge.score {
                write!(self.out, "M{} 18V{}", position * 10 + 4, height(score))?;
            }
        }
        write!(self.out, "\"/><path d=\"")?;
        for (position, gauge) in gauges.iter().enumerate() {
            if let Some(mark) = gauge.mark {
                write!(self.out, "M{} {}h8", position * 10, height(mark))?;
            }
        }
        write!(self.out, "\"/></svg>")
    }
}

/// A number of 0–100 with one decimal.
pub(super) fn percent(share: f64) -> String {
    short(if share.is_finite() { share.clamp(0.0, 100.0) } else { 0.0 })
}

/// A number with one decimal, none where it is whole.
pub(super) fn short(number: f64) -> String {
    crate::report::short_number((number * 10.0).round() / 10.0)
}
