//! A workbook written as its rows are made.
//!
//! `rust_xlsxwriter` makes the frame, which is small; the rows go from the sheets straight into the zip archive, so that memory does
//! not grow with them.

use std::cell::RefCell;
use std::io::{self, Cursor, Read, Write};
use std::rc::Rc;

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::fit::{Extent, measure};
use super::frame::{Part, frame, head_row};
use super::rows::{RowWriter, letters};
use super::style::Style;
use crate::report::document::Cell;
use crate::report::sheet::{Rows, Sheet, Workbook};

/// How hard the content is packed; more takes longer and gains little.
const LEVEL: i64 = 2;
/// From so many bytes on, a part of the archive says beforehand that it may outgrow 4 GiB.
const LARGE: u64 = 2 << 30;

/// Writes a workbook. The same sheets give the same bytes. Rows that a sheet cannot hold go to further ones, `Warnings (2)` behind
/// `Warnings`; texts are made harmless and cut where a cell ends.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write(out: &mut dyn Write, workbook: &Workbook<'_>) -> io::Result<()> {
    let extents: Vec<Extent> = workbook.sheets.iter().map(measure).collect();
    let parts: Vec<Part> = workbook.sheets.iter().zip(&extents).enumerate().flat_map(parts_of).collect();
    let frame = frame(workbook, &extents, &parts).map_err(io::Error::other)?;
    let failed = Rc::new(RefCell::new(None));
    let mut zip = ZipWriter::new_stream(Steady { out, failed: failed.clone() });
    let mut archive = ZipArchive::new(Cursor::new(frame))?;
    let mut rows: Option<Rows<'_>> = None;
    for position in 0..archive.len() {
        let mut file = archive.by_index(position)?;
        let name = file.name()?.into_owned();
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let part = parts.iter().enumerate().find(|(at, _)| name == format!("xl/worksheets/sheet{}.xml", at + 1));
        let bytes = part.map_or(0, |(_, part)| extents[part.sheet].row_bytes * u64::from(part.rows));
        let table = parts.iter().enumerate().find(|(at, _)| name == format!("xl/tables/table{}.xml", at + 1));
        zip.start_file(name, options(bytes))?;
        let text = String::from_utf8(text).map_err(io::Error::other)?;
        if let Some((_, part)) = table {
            zip.write_all(grown(&text, &workbook.sheets[part.sheet], part).as_bytes())?;
        }
        let Some((_, part)) = part else {
            if table.is_none() {
                zip.write_all(text.as_bytes())?;
            }
            continue;
        };
        let sheet = &workbook.sheets[part.sheet];
        if part.number == 0 {
            rows = Some(sheet.rows());
        }
        if let Some(rows) = &mut rows {
            write_part(&mut zip, &text, sheet, rows.take(part.rows as usize), &failed)?;
        }
    }
    zip.finish()?;
    failed.take().map_or(Ok(()), Err)
}

fn parts_of<'s>((position, (sheet, extent)): (usize, (&'s Sheet<'_>, &'s Extent))) -> Vec<Part> {
    let parts = extent.parts(head_row(sheet) + 1).into_iter().enumerate();
    parts.map(|(number, rows)| Part { sheet: position, number, rows }).collect()
}

/// A table with all of its rows: that of the frame has one, for `rust_xlsxwriter` keeps each cell of a table in memory.
fn grown(text: &str, sheet: &Sheet<'_>, part: &Part) -> String {
    let head = head_row(sheet) + 1;
    let last = letters(sheet.columns.len().saturating_sub(1));
    let range = |last_row: u32| format!("ref=\"A{head}:{last}{last_row}\"");
    text.replace(&range(head + 1), &range(head + part.rows.max(1)))
}

/// Parts of the archive bear no time, so that the same content gives the same bytes.
fn options(bytes: u64) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(DateTime::default())
        .large_file(bytes > LARGE)
}

/// Writes a worksheet: its frame, with the rows where the row of looks stands.
fn write_part<W: Write>(
    zip: &mut ZipWriter<StreamWriter<W>>,
    text: &str,
    sheet: &Sheet<'_>,
    rows: impl Iterator<Item = Vec<Cell>>,
    failed: &RefCell<Option<io::Error>>,
) -> io::Result<()> {
    let first = head_row(sheet) + 2;
    let unexpected = || io::Error::other("the frame of the worksheet is not as expected");
    let start = text.find(&format!("<row r=\"{first}\"")).ok_or_else(unexpected)?;
    let end = text[start..].find("</sheetData>").ok_or_else(unexpected)? + start;
    let looks = looks(&text[start..end]).ok_or_else(unexpected)?;
    zip.write_all(without_dimension(&text[..start]).as_bytes())?;
    let kinds = sheet.columns.iter().map(|column| column.kind).collect();
    let mut writer = RowWriter::new(looks, kinds);
    for (number, row) in (first..).zip(rows) {
        writer.row(zip, number, &row)?;
        if failed.borrow().is_some() {
            break;
        }
    }
    zip.write_all(&text.as_bytes()[end..])
}

/// The numbers of the looks in the row that has a cell of each.
fn looks(row: &str) -> Option<[String; Style::ALL.len()]> {
    let numbers = row.split("<c ").skip(1).map(|cell| match cell.split_once(" s=\"") {
        Some((_, rest)) => rest.split('"').next().unwrap_or("0").to_owned(),
        None => "0".to_owned(),
    });
    numbers.collect::<Vec<_>>().try_into().ok()
}

/// The beginning of a worksheet without the extent of its cells, which it need not say and which would be that of the frame.
fn without_dimension(text: &str) -> String {
    let Some(start) = text.find("<dimension ") else { return text.to_owned() };
    let end = text[start..].find("/>").map_or(start, |end| start + end + 2);
    format!("{}{}", &text[..start], &text[end..])
}

/// An output that keeps its first error for whoever asks and from then on takes anything: an archive that cannot be ended would
/// complain on standard error.
struct Steady<'w> {
    out: &'w mut dyn Write,
    failed: Rc<RefCell<Option<io::Error>>>,
}

impl Write for Steady<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed.borrow().is_none()
            && let Err(error) = self.out.write_all(bytes)
        {
            self.failed.replace(Some(error));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed.borrow().is_none()
            && let Err(error) = self.out.flush()
        {
            self.failed.replace(Some(error));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sheet::{Kind, SheetColumn};

    #[test]
    fn the_looks_are_read_from_the_frame() {
        let row = "<row r=\"2\"><c r=\"A2\"/><c r=\"B2\" s=\"2\"/><c r=\"C2\" s=\"3\"/><c r=\"D2\" s=\"4\"/><c r=\"E2\" s=\"5\"/>\
                   <c r=\"F2\" s=\"6\"/><c r=\"G2\" s=\"17\"/></row>";
        assert_eq!(looks(row), Some(["0", "2", "3", "4", "5", "6", "17"].map(str::to_owned)));
        assert_eq!(looks("<row r=\"2\"><c r=\"A2\"/></row>"), None);
    }

    #[test]
    fn a_table_grows_to_its_rows() {
        let frame = r#"<table ref="A1:B2"><autoFilter ref="A1:B2"/>"#;
        let column =
            |key: &str| SheetColumn { key: key.into(), title: key.into(), kind: Kind::Text, note: String::new() };
        for (rows, expected) in [(0, "A1:B2"), (1, "A1:B2"), (9, "A1:B10")] {
            let sheet = Sheet::of("Sheet", vec![column("a"), column("b")], Vec::new());
            let table = grown(frame, &sheet, &Part { sheet: 0, number: 0, rows });
            assert_eq!(table.matches(&format!("ref=\"{expected}\"")).count(), 2, "{table}");
        }
    }

    #[test]
    fn the_extent_of_the_frame_goes() {
        let text = "<worksheet><dimension ref=\"A1:B2\"/><sheetData>";
        assert_eq!(without_dimension(text), "<worksheet><sheetData>");
        assert_eq!(without_dimension("<worksheet>"), "<worksheet>");
    }
}
