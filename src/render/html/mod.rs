//! Documents as one self-contained web page: no file beside it, nothing fetched, readable without script.
//!
//! The page carries a content policy that allows only its own style sheet and its own script, by their hashes. So there are no
//! `style` attributes; what is drawn says its place in attributes of SVG, and its look by classes.

mod block;
mod chart;
mod escape;
mod shell;

use std::io::{self, Write};

use crate::report::document::{Block, Card, Currency, Document, Line, Tone};
use escape::Escaped;

/// Blocks that are held back to find the sections that the page links to at its head; what follows them is written as it comes.
const LOOKED_AHEAD: usize = 1 << 14;

/// Writes a document as a page.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write(out: &mut dyn Write, document: Document<'_>) -> io::Result<()> {
    let Document { title, masthead, currency, mut blocks } = document;
    let ahead: Vec<Block<'_>> = blocks.by_ref().take(LOOKED_AHEAD).collect();
    let sections = ahead.iter().filter_map(|block| match block {
        Block::Heading(title) => Some(title.as_str()),
        _ => None,
    });
    shell::open(out, &title, &masthead, &sections.collect::<Vec<_>>())?;
    let mut page = Page::new(out, currency, &masthead.title);
    for block in ahead.into_iter().chain(blocks) {
        page.block(block)?;
    }
    page.enter(Within::Nothing)?;
    shell::close(out, &masthead)
}

/// What the next block stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Within {
    Nothing,
    Section,
    /// Cards beside each other.
    Cards,
    /// Charts beside each other.
    Charts,
    /// Parts of a section beside each other, in one of them.
    Part,
}

/// A page as it grows.
struct Page<'w> {
    out: &'w mut dyn Write,
    currency: Currency,
    within: Within,
    /// Headings so far; each has its number in its id.
    headings: usize,
    /// Charts and tables with an id so far.
    numbered: usize,
    /// The heading that what comes next stands under.
    heading: String,
}

impl<'w> Page<'w> {
    fn new(out: &'w mut dyn Write, currency: Currency, title: &str) -> Self {
        let heading = title.to_owned();
        Self { out, currency, within: Within::Nothing, headings: 0, numbered: 0, heading }
    }

    /// Closes and opens what is needed to stand there.
    fn enter(&mut self, within: Within) -> io::Result<()> {
        if self.within == within {
            return Ok(());
        }
        match self.within {
            Within::Nothing | Within::Section => {}
            Within::Cards | Within::Charts => writeln!(self.out, "</div>")?,
            Within::Part => writeln!(self.out, "</article></div>")?,
        }
        match (self.within, within) {
            (Within::Nothing, Within::Nothing) => {}
            (Within::Nothing, _) => writeln!(self.out, "<section>")?,
            (_, Within::Nothing) => writeln!(self.out, "</section>")?,
            _ => {}
        }
        match within {
            Within::Nothing | Within::Section => {}
            Within::Cards => writeln!(self.out, "<div class=cards>")?,
            Within::Charts => writeln!(self.out, "<div class=charts>")?,
            Within::Part => writeln!(self.out, "<div class=parts><article class=part>")?,
        }
        self.within = within;
        Ok(())
    }

    /// Where blocks stand that make no group of their own.
    fn enter_flow(&mut self) -> io::Result<()> {
        self.enter(if self.within == Within::Part { Within::Part } else { Within::Section })
    }

    /// How deep the headings of parts are.
    fn level(&self) -> u8 {
        if self.headings == 0 { 2 } else { 3 }
    }

    fn block(&mut self, block: Block<'_>) -> io::Result<()> {
        match block {
            Block::Heading(title) => {
                self.enter(Within::Nothing)?;
                self.headings += 1;
                let number = self.headings;
                write!(self.out, "<section aria-labelledby=s{number}>\n<h2 id=s{number}>")?;
                writeln!(self.out, "{}</h2>", Escaped(&title))?;
                self.within = Within::Section;
                self.heading = title;
                Ok(())
            }
            Block::Subheading(line) => {
                if self.within == Within::Part {
                    writeln!(self.out, "</article><article class=part>")?;
                }
                self.enter(Within::Part)?;
                let level = self.level();
                write!(self.out, "<h{level}>")?;
                self.line(&line)?;
                writeln!(self.out, "</h{level}>")?;
                self.heading = self.plain(&line);
                Ok(())
            }
            Block::Text(line) => self.paragraph("", &line),
            Block::Remark(line) => self.paragraph(" class=remark", &line),
            Block::Facts(facts) => {
                self.enter_flow()?;
                self.facts(&facts)
            }
            Block::List(lines) => {
                self.enter_flow()?;
                self.list(&lines)
            }
            Block::Bars(bars) => {
                self.enter_flow()?;
                self.bars(&bars)
            }
            Block::Table(table) => {
                self.enter_flow()?;
                self.table(table)
            }
            Block::Browse(table) => {
                self.enter_flow()?;
                self.browse(table)
            }
            Block::Tiles(tiles) => {
                self.enter_flow()?;
                self.tiles(&tiles)
            }
            Block::Card(card) => {
                self.enter(Within::Cards)?;
                self.card(&card)
            }
            Block::Chart(chart) => {
                self.enter(Within::Charts)?;
                self.chart(&chart)
            }
        }
    }

    fn paragraph(&mut self, class: &str, line: &Line) -> io::Result<()> {
        self.enter_flow()?;
        write!(self.out, "<p{class}>")?;
        self.line(line)?;
        writeln!(self.out, "</p>")
    }

    fn card(&mut self, card: &Card) -> io::Result<()> {
        let level = self.level();
        writeln!(self.out, "<article class=\"card {}\">", tone_class(card.tone))?;
        writeln!(self.out, "<h{level}>{}</h{level}>", Escaped(&card.title))?;
        write!(self.out, "<p class=about>")?;
        self.line(&card.about)?;
        writeln!(self.out, "</p>")?;
        self.facts(&card.facts)?;
        writeln!(self.out, "</article>")
    }

    /// A number for the id of a thing on this page.
    fn number(&mut self) -> usize {
        self.numbered += 1;
        self.numbered
    }
}

/// The class that stands for a tone. They are short, since tables have many.
fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "p",
        Tone::Good => "g",
        Tone::Caution => "c",
        Tone::Bad => "b",
        Tone::Strong => "s",
        Tone::Muted => "m",
    }
}
