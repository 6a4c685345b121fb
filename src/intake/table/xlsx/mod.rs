//! The rows of an Excel workbook's sheet.
//!
//! Cells stream: of a workbook, only the texts that cells share and the row at hand are held, beside its bytes. A file may be
//! hostile: what it says of its own size is not believed, and whatever is kept is bounded.

mod number;
mod package;
mod row;
mod workbook;

#[cfg(test)]
mod tests;

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use memchr::memmem;
use quick_xml::events::Event;

use super::rows::{Broken, Cell, Rows};
use crate::intake::text;
use package::{Budget, Package, Xml, attribute};
use row::{Row, Value};
use workbook::{Run, Sheet, Workbook};

/// What part of the limit the texts that cells share may have, and how much at most, since they are held in memory.
const SHARED_PART: u64 = 8;
const MAX_SHARED: u64 = 256 << 20;
/// How much is unpacked to see whether a sheet has cells, and of how many sheets that is looked at.
const PEEKED: u64 = 16 << 20;
const MOST_PEEKED: usize = 20;
/// The most merged cells that are looked at.
const MAX_MERGED: usize = 1 << 16;

/// Gives the rows of a sheet to `read`: of the one that is named, else of the first visible one that is not empty.
///
/// `bytes` are those of the zip archive. Its parts may have `max_unpacked` bytes together, the texts that cells share an eighth of it and
/// at most [`MAX_SHARED`].
///
/// # Errors
///
/// Where the archive is no workbook or is broken before its first row, or has no such sheet.
pub(in crate::intake) fn with_rows<T>(
    bytes: &[u8],
    sheet: Option<&str>,
    max_unpacked: u64,
    read: impl FnOnce(&mut XlsxRows<'_>) -> T,
) -> Result<T, Broken> {
    let budget = Budget::new(max_unpacked);
    let mut package = Package::open(bytes, &budget)?;
    let workbook = Workbook::read(&mut package, (max_unpacked / SHARED_PART).min(MAX_SHARED))?;
    let candidates = candidates(&workbook.sheets, sheet)?;
    for (position, candidate) in candidates.iter().enumerate() {
        let mut rows = XlsxRows::open(&mut package, &workbook, candidate, bytes, max_unpacked)?;
        rows.pending = rows.read_row()?;
        if rows.pending || position + 1 == candidates.len() {
            if sheet.is_none() {
                rows.others = others(bytes, &workbook, candidate, max_unpacked);
            }
            return Ok(read(&mut rows));
        }
    }
    Err(unsound(0, "it has no worksheet"))
}

/// The names of the visible sheets that have cells, but for one of them. What cannot be read soon is passed over.
fn others(bytes: &[u8], workbook: &Workbook, read: &Sheet, max_unpacked: u64) -> Vec<String> {
    let has_cells = |sheet: &&Sheet| {
        let budget = Budget::new(max_unpacked.min(PEEKED));
        let Ok(mut package) = Package::open(bytes, &budget) else { return false };
        let rows = XlsxRows::open(&mut package, workbook, sheet, bytes, max_unpacked);
        rows.and_then(|mut rows| rows.read_row()).unwrap_or(false)
    };
    let others = workbook.sheets.iter().filter(|sheet| sheet.visible && sheet.path != read.path);
    others.take(MOST_PEEKED).filter(has_cells).map(|sheet| sheet.name.clone()).collect()
}

/// The sheets that may be the one to read; never none.
fn candidates<'w>(sheets: &'w [Sheet], named: Option<&str>) -> Result<Vec<&'w Sheet>, Broken> {
    if sheets.is_empty() {
        return Err(unsound(0, "it has no worksheet"));
    }
    let Some(named) = named else {
        let visible: Vec<&Sheet> = sheets.iter().filter(|sheet| sheet.visible).collect();
        return Ok(if visible.is_empty() { sheets.iter().collect() } else { visible });
    };
    let folded = named.trim().to_lowercase();
    let exact = sheets.iter().find(|sheet| sheet.name == named);
    match exact.or_else(|| sheets.iter().find(|sheet| sheet.name.trim().to_lowercase() == folded)) {
        Some(sheet) => Ok(vec![sheet]),
        None => Err(Broken::Content {
            line: 0,
            found: format!("no sheet {}", text::quoted(named)),
            allowed: format!("expected {}", workbook::names(sheets)),
        }),
    }
}

/// A workbook that Excel would not open as it is.
fn unsound(line: u64, why: &str) -> Broken {
    Broken::Content { line, found: String::new(), allowed: format!("not a sound Excel workbook: {why}") }
}

/// The rows of a sheet.
pub(in crate::intake) struct XlsxRows<'b> {
    xml: Xml<'b>,
    workbook: &'b Workbook,
    name: Arc<str>,
    /// The other sheets that might have been meant.
    others: Vec<String>,
    path: &'b str,
    bytes: &'b [u8],
    max_unpacked: u64,
    row: Row,
    run: Run,
    place: Place,
    /// Whether the row at hand has been read ahead.
    pending: bool,
}

/// Where in a sheet's part the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Cells,
    Behind,
}

impl<'b> XlsxRows<'b> {
    fn open(
        package: &'b mut Package<'_>,
        workbook: &'b Workbook,
        sheet: &'b Sheet,
        bytes: &'b [u8],
        max_unpacked: u64,
    ) -> Result<Self, Broken> {
        let Some(xml) = package.xml(&sheet.path, u64::MAX)? else {
            return Err(unsound(0, &format!("the sheet {} is missing", text::quoted(&sheet.name))));
        };
        Ok(Self {
            xml,
            workbook,
            name: sheet.name.as_str().into(),
            others: Vec::new(),
            path: &sheet.path,
            bytes,
            max_unpacked,
            row: Row::default(),
            run: Run::default(),
            place: Place::Before,
            pending: false,
        })
    }

    fn read_row(&mut self) -> Result<bool, Broken> {
        self.parse_row().map_err(|why| {
            self.place = Place::Behind;
            unsound(self.row.line(), &why)
        })
    }

    /// Reads up to the end of a row that is not blank.
    fn parse_row(&mut self) -> Result<bool, String> {
        self.row.clear();
        while self.place != Place::Behind {
            match self.xml.next()? {
                Event::Start(tag) => match (self.place, tag.local_name().as_ref()) {
                    (Place::Before, "sheetData") => self.place = Place::Cells,
                    (Place::Cells, "row") => self.row.begin(&tag)?,
                    (Place::Cells, "c") => {
                        let target = self.row.target(&tag)?;
                        let kind = read_cell(&mut self.xml, &mut self.run)?;
                        self.row.put(target, kind, &mut self.run.text, self.workbook)?;
                    }
                    _ => {}
                },
                Event::End(tag) => match (self.place, tag.local_name().as_ref()) {
                    (Place::Cells, "row") if self.row.end() => return Ok(true),
                    (Place::Cells, "sheetData") => self.place = Place::Behind,
                    _ => {}
                },
                Event::Eof => return Err("its sheet has no cells at all".to_owned()),
                _ => {}
            }
        }
        self.xml.drain()?;
        Ok(false)
    }

    /// What is merged in a row: the first and the last column of each.
    fn merged(&self, line: u64) -> Result<Vec<(usize, usize)>, Broken> {
        let budget = Budget::new(self.max_unpacked);
        let mut package = Package::open(self.bytes, &budget)?;
        let mut merged = Vec::new();
        let mut seen = 0_usize;
        let Some(part) = package.bytes(self.path, u64::MAX)? else { return Ok(merged) };
        let Ok(rest) = behind_cells(part) else { return Ok(merged) };
        Xml::new(rest, self.path).each_start(|tag| {
            if tag.local_name().as_ref() == "mergeCell" && seen < MAX_MERGED {
                seen += 1;
                let area = attribute(tag, "ref")?.unwrap_or_default();
                if let Some((first, last)) = area.split_once(':')
                    && let (Some((left, top)), Some((right, bottom))) = (row::reference(first), row::reference(last))
                    && (top..=bottom).contains(&line)
                    && left < right
                {
                    merged.push((left, right));
                }
            }
            Ok(())
        })?;
        merged.sort_unstable();
        Ok(merged)
    }
}

/// Reads a cell up to its end, its value as text into `run`, and says whether that stood in the cell itself.
fn read_cell(xml: &mut Xml<'_>, run: &mut Run) -> Result<Value, String> {
    run.clear();
    let mut value = Value::Stored;
    let mut is_computed = false;
    let mut within = None;
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "v" => within = Some(Value::Stored),
                "is" => {
                    within = Some(Value::Inline);
                    value = Value::Inline;
                }
                "f" => is_computed = true,
                "c" | "row" => return Err("a cell stands within a cell".to_owned()),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "is" => within = None,
                "c" if is_computed && run.text.is_empty() => return Ok(Value::Unknown),
                "c" => return Ok(value),
                _ => {}
            },
            Event::Eof => return Err("a cell does not end".to_owned()),
            _ => {}
        }
        match within {
            Some(Value::Inline) => run.take(&event)?,
            Some(Value::Stored) => workbook::push_text(&event, &mut run.text)?,
            Some(Value::Unknown) | None => {}
        }
        if run.text.len() > row::MAX_ROW {
            return Err("a cell has too much text".to_owned());
        }
    }
}

/// What of a sheet's part stands behind its cells, which are not parsed.
fn behind_cells<'p>(mut part: Box<dyn Read + 'p>) -> io::Result<Box<dyn Read + 'p>> {
    let finder = memmem::Finder::new(b"sheetData>");
    let mut window = Vec::new();
    loop {
        let length = part.by_ref().take(1 << 16).read_to_end(&mut window)?;
        // Text cannot hold the tag, since its `<` is escaped there; one with a prefix may be the opening tag, and then all is parsed.
        let ends = finder.find_iter(&window).find(|at| matches!(window[..*at].last(), Some(b'/' | b':')));
        if let Some(at) = ends {
            window.drain(..at + finder.needle().len());
            return Ok(Box::new(Cursor::new(window).chain(part)));
        }
        if length == 0 {
            return Ok(Box::new(io::empty()));
        }
        window.drain(..window.len().saturating_sub(finder.needle().len()));
    }
}

impl Rows for XlsxRows<'_> {
    fn advance(&mut self) -> Result<bool, Broken> {
        if std::mem::take(&mut self.pending) { Ok(true) } else { self.read_row() }
    }

    fn line(&self) -> u64 {
        self.row.line()
    }

    fn width(&self) -> usize {
        self.row.width()
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        self.row.cell(column, &self.workbook.shared)
    }

    fn is_ragged(&self) -> bool {
        false
    }

    fn sheet(&self) -> Option<&Arc<str>> {
        Some(&self.name)
    }

    fn other_sheets(&self) -> &[String] {
        &self.others
    }

    fn merged_headers(&mut self, header_line: u64) -> Vec<(usize, usize)> {
        // What is broken behind the cells is told when the rows have come to it.
        self.merged(header_line).unwrap_or_default()
    }
}
