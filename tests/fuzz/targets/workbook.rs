//! Workbooks made of their parts, so that what is made up stands within a sound archive.

use std::io::{Cursor, Write};

use csm::intake::Format;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::reading::{Given, Portfolio};
use super::{MAPPING, parts};

/// The parts that an input may give, in this order, with what stands there where it gives none.
const PARTS: [(&str, &str); 6] = [
    ("xl/worksheets/sheet1.xml", "<worksheet><sheetData/></worksheet>"),
    ("xl/sharedStrings.xml", "<sst/>"),
    ("xl/styles.xml", "<styleSheet/>"),
    (
        "xl/workbook.xml",
        r#"<workbook><sheets><sheet name="One" r:id="r1"/><sheet name="Two" r:id="r4"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships>
            <Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
            <Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/>
            <Relationship Id="r3" Type="x/styles" Target="styles.xml"/>
            <Relationship Id="r4" Type="x/worksheet" Target="worksheets/sheet2.xml"/>
        </Relationships>"#,
    ),
    ("xl/worksheets/sheet2.xml", "<worksheet><sheetData/></worksheet>"),
];

/// The parts of a workbook: a sheet, shared texts, styles, the list of sheets, relations, another sheet.
pub fn sheet(data: &[u8]) {
    let bytes = packed(&parts(data));
    let given = Given { format: Some(Format::Xlsx), ..Given::new("crm.xlsx", &bytes) };
    let found = Portfolio::of(given).check();
    let other = Portfolio::of(Given { mapping: Some(&MAPPING.sources[0]), ..given });
    let other = Portfolio { rates: MAPPING.rates.as_ref(), ..other }.check();
    let rows = Portfolio::of(Given { mapping: Some(&MAPPING.sources[1]), ..given });
    let rows = Portfolio { rates: MAPPING.rates.as_ref(), ..rows }.check();
    // What is wrong with the archive is so for everyone.
    drop((found, other, rows));
}

fn packed(given: &[&[u8]]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (position, (path, standing_in)) in PARTS.into_iter().enumerate() {
        let part = given.get(position).copied().filter(|part| !part.is_empty()).unwrap_or(standing_in.as_bytes());
        archive.start_file(path, options).expect("a new part");
        archive.write_all(part).expect("memory takes all");
    }
    archive.finish().expect("memory takes all").into_inner()
}
