use std::io::{Cursor, Write};

use chrono::NaiveDate;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Writer};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::rows::{Broken, Cell, Rows};
use super::with_rows;
use super::workbook::Texts;

const MOST: u64 = 64 << 20;

/// The rows of a sheet as text, each with its number: `2: A | 5 | 85% | …`.
fn rows_of(bytes: &[u8], sheet: Option<&str>, most: u64) -> Result<Vec<String>, String> {
    let read = with_rows(bytes, sheet, most, |rows| {
        let mut shown = Vec::new();
        while rows.advance().map_err(said)? {
            let cells: Vec<String> = (0..rows.width()).map(|column| show(rows.cell(column))).collect();
            shown.push(format!("{}: {}", rows.line(), cells.join(" | ")));
        }
        Ok(shown)
    });
    read.map_err(said)?
}

fn show(cell: Cell<'_>) -> String {
    match cell {
        Cell::Empty => "-".to_owned(),
        Cell::Text(text) => format!("{text:?}"),
        Cell::Number(number) => number.to_string(),
        Cell::Percent(number) => format!("{}%", number * 100.0),
        Cell::Money(number, currency) => format!("{currency} {number}"),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Error(error) => format!("!{error}"),
        Cell::Garbled => "garbled".to_owned(),
    }
}

fn said(broken: Broken) -> String {
    match broken {
        Broken::Input(error) => panic!("bytes in memory can be read: {error}"),
        Broken::Content { line, found, allowed } if found.is_empty() => format!("{line}: {allowed}"),
        Broken::Content { line, found, allowed } => format!("{line}: found {found}, {allowed}"),
    }
}

/// An archive of these parts.
fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const ROOT: &str =
    r#"<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const RELATIONS: &str = r#"<Relationships>
    <Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="r2" Type="x/worksheet" Target="/xl/worksheets/sheet2.xml"/>
    <Relationship Id="r3" Type="x/sharedStrings" Target="sharedStrings.xml"/>
    <Relationship Id="r4" Type="x/styles" Target="styles.xml"/>
    <Relationship Id="r5" Type="x/chartsheet" Target="chart.xml"/></Relationships>"#;
const ONE_SHEET: &str = r#"<workbook><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>"#;

/// A workbook of one sheet that holds this, with the shared texts `alpha` and `beta`.
fn book(cells: &str) -> Vec<u8> {
    book_of(ONE_SHEET, "<sst><si><t>alpha</t></si><si><t> beta </t></si></sst>", "<styleSheet/>", &data(cells))
}

fn data(cells: &str) -> String {
    format!("<worksheet><sheetData>{cells}</sheetData></worksheet>")
}

fn book_of(workbook: &str, shared: &str, styles: &str, sheet: &str) -> Vec<u8> {
    archive(&[
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/sharedStrings.xml", shared),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/worksheets/sheet2.xml", &data(r#"<row><c t="str"><v>second</v></c></row>"#)),
    ])
}

/// A workbook with one of everything, as Excel would write it.
fn everything() -> Vec<u8> {
    let mut writer = Writer::new();
    writer.add_worksheet().set_name("Empty").unwrap();
    let sheet = writer.add_worksheet();
    sheet.set_name("Accounts").unwrap();
    let percent = Format::new().set_num_format("0.0%");
    let built_in_percent = Format::new().set_num_format_index(9);
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let elapsed = Format::new().set_num_format("[h]:mm");
    let bold = Format::new().set_bold();
    sheet.write(0, 0, "Account").unwrap();
    sheet.write(0, 1, "  ARR  ").unwrap();
    sheet.merge_range(0, 2, 0, 4, "Usage", &bold).unwrap();
    sheet.merge_range(5, 0, 5, 1, "Total", &bold).unwrap();
    sheet.merge_range(0, 5, 1, 5, "Two rows", &bold).unwrap();
    sheet.write_rich_string(2, 0, &[(&Format::default(), "Ac"), (&bold, "me & Söhne <x>")]).unwrap();
    sheet.write(2, 1, 120_000.5).unwrap();
    sheet.write_with_format(2, 2, 0.85, &percent).unwrap();
    sheet.write_with_format(2, 3, 0.5, &built_in_percent).unwrap();
    sheet.write_with_format(2, 4, ExcelDateTime::parse_from_str("2026-02-28T23:59:59").unwrap(), &date).unwrap();
    sheet.write(2, 6, true).unwrap();
    sheet.write(2, 7, Formula::new("1+1").set_result("2")).unwrap();
    sheet.write(2, 8, Formula::new("NA()").set_result("#N/A")).unwrap();
    sheet.write(2, 9, Formula::new("\"a\"&\"b\"").set_result("ab")).unwrap();
    sheet.write_with_format(2, 10, 1.5, &elapsed).unwrap();
    sheet.write_blank(2, 12, &bold).unwrap();
    sheet.write(3, 0, "   ").unwrap();
    writer.save_to_buffer().unwrap()
}

#[test]
fn reads_each_kind_of_cell_of_the_first_sheet_that_is_not_empty() {
    let rows = rows_of(&everything(), None, MOST).unwrap();
    assert_eq!(
        rows,
        [
            r#"1: "Account" | "ARR" | "Usage" | - | - | "Two rows""#,
            r#"3: "Acme & Söhne <x>" | 120000.5 | 85% | 50% | 2026-02-28 | - | true | 2 | !#N/A | "ab" | 1.5"#,
            r#"6: "Total""#,
        ]
    );
}

#[test]
fn tells_which_columns_a_merged_header_covers() {
    for (line, expected) in [(1, vec![(2, 4)]), (2, vec![]), (6, vec![(0, 1)])] {
        let merged = with_rows(&everything(), None, MOST, |rows| {
            assert!(rows.advance().unwrap());
            let merged = rows.merged_headers(line);
            assert_eq!(rows.line(), 1, "the rows stay where they are");
            assert!(rows.advance().unwrap());
            assert_eq!(rows.line(), 3);
            merged
        });
        assert_eq!(merged.unwrap(), expected, "row {line}");
    }
}

#[test]
fn finds_merged_cells_wherever_the_cells_end() {
    let merge =
        r#"<x:mergeCells><x:mergeCell ref="B1:C1"/><x:mergeCell ref="junk"/><x:mergeCell ref="C1:A1"/></x:mergeCells>"#;
    for padding in [0, 1, 65_500, 65_520, 65_530, 65_536, 70_000] {
        let spaces = " ".repeat(padding);
        let row = r#"<x:row><x:c t="str"><x:v>a</x:v></x:c></x:row>"#;
        let sheet = format!("<x:worksheet><x:sheetData>{row}{spaces}</x:sheetData>{merge}</x:worksheet>");
        let bytes = book_of(ONE_SHEET, "<sst/>", "<styleSheet/>", &sheet);
        let merged = with_rows(&bytes, None, MOST, |rows| (rows.advance().unwrap(), rows.merged_headers(1)));
        assert_eq!(merged.unwrap(), (true, vec![(1, 2)]), "{padding}");
    }
}

#[test]
fn chooses_the_sheet() {
    let sheets = |first: &str, second: &str| {
        format!(
            r#"<workbook><sheets><sheet name="Chart" r:id="r5"/><sheet name="One &amp; All" r:id="r1" {first}/>
            <sheet name="Two" r:id="r2" {second}/></sheets></workbook>"#
        )
    };
    let (shown, hidden, first, second) = ("", r#"state="hidden""#, r#"1: "first""#, r#"1: "second""#);
    let full = data(r#"<row r="1"><c r="A1" t="str"><v>first</v></c></row>"#);
    let empty = data(r#"<row r="1"><c r="A1"/></row>"#);
    for (workbook, sheet, named, expected) in [
        (sheets(shown, shown), &full, None, Ok(vec![first])),
        (sheets(hidden, shown), &full, None, Ok(vec![second])),
        (sheets(shown, shown), &empty, None, Ok(vec![second])),
        (sheets(shown, hidden), &empty, None, Ok(vec![])),
        (sheets(hidden, hidden), &empty, None, Ok(vec![second])),
        (sheets(shown, hidden), &full, Some("Two"), Ok(vec![second])),
        (sheets(shown, shown), &full, Some(" one & ALL"), Ok(vec![first])),
        (sheets(shown, shown), &empty, Some("One & All"), Ok(vec![])),
        (
            sheets(shown, shown),
            &full,
            Some("Three\u{1b}"),
            Err(r#"0: found no sheet "Three\u{1b}", expected "One & All" or "Two""#),
        ),
        ("<workbook/>".to_owned(), &full, None, Err("0: not a sound Excel workbook: it has no worksheet")),
    ] {
        let rows = rows_of(&book_of(&workbook, "<sst/>", "<styleSheet/>", sheet), named, MOST);
        let expected = expected.map(|rows| rows.into_iter().map(str::to_owned).collect()).map_err(str::to_owned);
        assert_eq!(rows, expected, "{workbook} {named:?}");
    }
}

#[test]
fn names_the_other_sheets_that_have_cells() {
    let sheets = |second: &str| {
        format!(
            r#"<workbook><sheets><sheet name="Chart" r:id="r5"/><sheet name="One" r:id="r1"/>
            <sheet name="Two" r:id="r2" {second}/></sheets></workbook>"#
        )
    };
    let full = data(r#"<row r="1"><c r="A1" t="str"><v>first</v></c></row>"#);
    let empty = data(r#"<row r="1"><c r="A1"/></row>"#);
    for (workbook, sheet, named, expected) in [
        (sheets(""), &full, None, vec!["Two"]),
        (sheets(""), &full, Some("One"), vec![]),
        (sheets(r#"state="hidden""#), &full, None, vec![]),
        (sheets(""), &empty, None, vec![]),
    ] {
        let bytes = book_of(&workbook, "<sst/>", "<styleSheet/>", sheet);
        let others = with_rows(&bytes, named, MOST, |rows| rows.other_sheets().to_vec()).map_err(said);
        assert_eq!(others, Ok(expected.into_iter().map(str::to_owned).collect()), "{workbook} {named:?}");
    }
}

#[test]
fn takes_values_as_they_are_stored() {
    for (cell, expected) in [
        (r#"<c t="s"><v>0</v></c>"#, r#""alpha""#),
        (r#"<c t="s"><v>1</v></c>"#, r#""beta""#),
        (r#"<c t="inlineStr"><is><t> a </t><rPh><t>no</t></rPh><r><t>b&#65;</t></r></is></c>"#, r#""a bA""#),
        (r#"<c t="inlineStr"><is><t><![CDATA[<a>]]></t></is><v>7</v></c>"#, r#""<a>7""#),
        (r#"<c t="str"><v>a_x000A_b_x005F_x_xZZZZ__x</v></c>"#, "\"a\\nb_x_xZZZZ__x\""),
        (r#"<c t="str"><f>A1&amp;"v"</f><v>x</v></c>"#, r#""x""#),
        ("<c><v> 1e3 </v></c>", "1000"),
        (r#"<c t="n"><v>1e999</v></c>"#, r#""1e999""#),
        ("<c><v>NaN</v></c>", r#""NaN""#),
        (r#"<c t="n"><v>twelve</v></c>"#, r#""twelve""#),
        (r#"<c t="b"><v>0</v></c>"#, "false"),
        (r#"<c t="b"><v>2</v></c>"#, r#""2""#),
        (r#"<c t="e"><v>#SPILL!</v></c>"#, "!#SPILL!"),
        (r#"<c t="d"><v>2026-03-01T12:00:00Z</v></c>"#, "2026-03-01"),
        (r#"<c t="d"><v>March</v></c>"#, r#""March""#),
        (r#"<c s="99"><v>5</v></c>"#, "5"),
    ] {
        let rows = rows_of(&book(&format!("<row>{cell}</row>")), None, MOST);
        assert_eq!(rows, Ok(vec![format!("1: {expected}")]), "{cell}");
    }
    let computed = r#"<c t="str"><f>A1</f><v></v></c>"#;
    for empty in ["<c/>", computed, r#"<c t="s"/>"#, r#"<c t="str"><v> </v></c>"#] {
        assert_eq!(rows_of(&book(&format!("<row>{empty}</row>")), None, MOST), Ok(vec![]), "{empty}");
    }
    for unknown in ["<c><f>A1</f></c>", "<c><f>A1</f><v></v></c>"] {
        let rows = rows_of(&book(&format!("<row>{unknown}</row>")), None, MOST);
        assert_eq!(rows, Ok(vec!["1: !a formula without a stored result".to_owned()]), "{unknown}");
    }
}

#[test]
fn goes_by_the_number_format() {
    let day = |number: &str| NaiveDate::parse_from_str(number, "%Y-%m-%d").unwrap().to_string();
    for (format, epoch, number, expected) in [
        ("0%", "0", "0.5", "50%".to_owned()),
        (r"0.00%;[Red]\-0.00%", "0", "0.5", "50%".to_owned()),
        (r#"0" % of plan""#, "0", "0.5", "0.5".to_owned()),
        (r"0\%", "0", "0.5", "0.5".to_owned()),
        (r#"#,##0 "days""#, "0", "45000", "45000".to_owned()),
        ("[$-409]d-mmm-yy;@", "0", "45000", day("2023-03-15")),
        ("mmmm", "0", "45000", day("2023-03-15")),
        ("yyyy-mm-dd hh:mm", "0", "45000.75", day("2023-03-15")),
        ("yyyy-mm-dd", "0", "45000.999999999", day("2023-03-16")),
        ("hh:mm:ss", "0", "45000.75", "45000.75".to_owned()),
        ("[mm]:ss", "0", "0.75", "0.75".to_owned()),
        ("[Magenta]0.0", "0", "2", "2".to_owned()),
        ("00000", "0", "42", r#""00042""#.to_owned()),
        ("00000", "0", "0", r#""00000""#.to_owned()),
        ("00000", "0", "1234", r#""01234""#.to_owned()),
        ("00000", "0", "12345", "12345".to_owned()),
        ("00000", "0", "42.5", "42.5".to_owned()),
        ("00000", "0", "-42", "-42".to_owned()),
        ("00000", "0", "1e300", "1e300".parse::<f64>().unwrap().to_string()),
        ("0", "0", "4", "4".to_owned()),
        ("00.0", "0", "4", "4".to_owned()),
        (r#"#,##0.00 "€""#, "0", "5", "EUR 5".to_owned()),
        ("#,##0.00 €", "0", "5", "EUR 5".to_owned()),
        ("#,##0.00\\ [$€-407];[Red]\\-#,##0.00\\ [$€-407]", "0", "-5", "EUR -5".to_owned()),
        (r##""$"#,##0_);\("$"#,##0\)"##, "0", "5", "$ 5".to_owned()),
        (r#"_-* #,##0.00\ "€"_-;\-* #,##0.00\ "€"_-"#, "0", "5", "EUR 5".to_owned()),
        ("[$USD] #,##0", "0", "5", "USD 5".to_owned()),
        ("[$£-809]#,##0.00", "0", "5", "GBP 5".to_owned()),
        ("[$$-409]#,##0", "0", "5", "$ 5".to_owned()),
        (r##""CA$"#,##0"##, "0", "5", "CAD 5".to_owned()),
        (r##""$"#,##0,"k""##, "0", "5000", "$ 5000".to_owned()),
        ("[$kr-41D] #,##0", "0", "5", "5".to_owned()),
        (r#"#,##0 "€ p.a.""#, "0", "5", "5".to_owned()),
        ("[$-409]#,##0.00", "0", "5", "5".to_owned()),
        ("dd.mm.yyyy", "0", "0", "0".to_owned()),
        ("dd.mm.yyyy", "0", "1", day("1900-01-01")),
        ("dd.mm.yyyy", "0", "59", day("1900-02-28")),
        ("dd.mm.yyyy", "0", "61", day("1900-03-01")),
        ("dd.mm.yyyy", "0", "2958465", day("9999-12-31")),
        ("dd.mm.yyyy", "0", "2958466", "2958466".to_owned()),
        ("dd.mm.yyyy", "0", "-1", "-1".to_owned()),
        ("dd.mm.yyyy", "1", "0", day("1904-01-01")),
        ("dd.mm.yyyy", "true", "43538", day("2023-03-15")),
    ] {
        let code = format.replace('&', "&amp;").replace('"', "&quot;");
        let styles = format!(
            r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts>
            <cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="164"/></cellXfs></styleSheet>"#
        );
        let workbook = ONE_SHEET.replace("<sheets>", &format!(r#"<workbookPr date1904="{epoch}"/><sheets>"#));
        let sheet = data(&format!(r#"<row><c s="1"><v>{number}</v></c></row>"#));
        let rows = rows_of(&book_of(&workbook, "<sst/>", &styles, &sheet), None, MOST);
        assert_eq!(rows, Ok(vec![format!("1: {expected}")]), "{format} {number}");
    }
}

#[test]
fn places_cells_that_say_where_they_stand_and_others_behind_them() {
    for (cells, expected) in [
        (
            r#"<row r="5"><c r="B5"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"#,
            &["5: - | 1 | 2", "6: 3"][..],
        ),
        (r#"<row><c r="A9"><v>1</v></c></row>"#, &["9: 1"]),
        (r#"<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>"#, &["1: 1 | - | 3"]),
        (r#"<row r="1"><c r="A1"/><c r="A1"><v>1</v></c></row>"#, &["1: 1"]),
        (r#"<row r="1"/><row r="2"/><row r="7"><c><v>1</v></c></row>"#, &["7: 1"]),
    ] {
        assert_eq!(rows_of(&book(cells), None, MOST).unwrap(), expected, "{cells}");
    }
}

#[test]
fn the_last_cell_of_a_sheet_costs_no_more_than_others() {
    let bytes = book(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    let read = with_rows(&bytes, None, MOST, |rows| {
        assert!(rows.advance().unwrap());
        assert_eq!((rows.line(), rows.width()), (1_048_576, 16_384));
        assert_eq!(rows.cell(16_383), Cell::Number(1.0));
        assert_eq!((rows.cell(16_382), rows.cell(usize::MAX)), (Cell::Empty, Cell::Empty));
        rows.advance().unwrap()
    });
    assert!(!read.unwrap());
}

#[test]
fn names_what_is_wrong_with_cells_and_where() {
    let cell = "<c><v>1</v></c>";
    for (cells, expected) in [
        (format!(r#"<row r="3">{cell}</row><row r="3">{cell}</row>"#), "3: row 3 stands after row 3"),
        (format!(r#"<row r="3">{cell}</row><row r="2">{cell}</row>"#), "3: row 2 stands after row 3"),
        (format!(r#"<row r="1048577">{cell}</row>"#), "0: row 1048577 is beyond the last row of a sheet, 1048576"),
        (format!(r#"<row r="0">{cell}</row>"#), r#"0: "0" is the number of a row"#),
        (r#"<row r="1"><c r="XFE1"/></row>"#.to_owned(), "1: a cell is beyond the last column of a sheet, XFD"),
        (r#"<row r="1"><c r="A2"/></row>"#.to_owned(), "1: cell A2 stands in row 1"),
        (r#"<row r="1"><c r="AAAAAAAA1"/></row>"#.to_owned(), r#"1: "AAAAAAAA1" is the place of a cell"#),
        (r#"<row r="1"><c r="A99999999"/></row>"#.to_owned(), r#"1: "A99999999" is the place of a cell"#),
        (
            r#"<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c></row>"#.to_owned(),
            "1: cell B1 stands there twice",
        ),
        (r#"<row r="1"><c r="B1" t="s"><v>2</v></c></row>"#.to_owned(), "1: the text of cell B1 is missing"),
        (cell.to_owned(), "0: a cell stands outside of any row"),
        (format!("<row>{}</row>", "<c>".repeat(9)), "1: a cell stands within a cell"),
        (format!("<row>{cell}<row>"), "1: a row stands within a row"),
        (
            format!("<row>{cell}</row><row><c><v>&nbsp;</v></c></row>"),
            "2: a reference to a character that is not known",
        ),
        ("<a>".repeat(300), "0: the part xl/worksheets/sheet1.xml is nested too deep"),
    ] {
        let expected =
            expected.split_once(": ").map(|(line, why)| format!("{line}: not a sound Excel workbook: {why}"));
        assert_eq!(rows_of(&book(&cells), None, MOST).err(), expected, "{cells}");
    }
    let broken = rows_of(&book(&format!("<row>{cell}</row><row>{cell}</c></row>")), None, MOST).unwrap_err();
    assert!(
        broken.starts_with("2: not a sound Excel workbook: the part xl/worksheets/sheet1.xml is damaged"),
        "{broken}"
    );
}

#[test]
fn names_archives_that_are_no_workbook() {
    let strange = [("a.csv", "id,arr")];
    for (bytes, expected) in [
        (
            archive(&strange),
            "found a zip archive without a workbook, expected an .xlsx file, or text that is not packed as zip",
        ),
        (
            archive(&[("content.xml", "")]),
            "found an OpenDocument file (.ods), expected an Excel workbook: save it as .xlsx",
        ),
        (
            archive(&[("_rels/.rels", &ROOT.replace("workbook.xml", "workbook.bin")), ("xl/workbook.bin", "")]),
            "found a binary Excel workbook (.xlsb), expected an Excel workbook: save it as .xlsx",
        ),
        (
            archive(&[("_rels/.rels", &ROOT.replace("xl/workbook", "word/document")), ("word/document.xml", "")]),
            "found a Word document, expected an Excel workbook: save it as .xlsx",
        ),
        (
            archive(&[
                ("_rels/.rels", ROOT),
                ("xl/workbook.xml", ONE_SHEET),
                ("xl/_rels/workbook.xml.rels", RELATIONS),
            ]),
            r#"not a sound Excel workbook: the sheet "One" is missing"#,
        ),
    ] {
        assert_eq!(rows_of(&bytes, None, MOST), Err(format!("0: {expected}")));
    }
    let bytes = everything();
    let broken = rows_of(&bytes[..bytes.len() / 2], None, MOST).unwrap_err();
    assert!(
        broken.starts_with("0: not a sound Excel workbook: the zip archive is damaged or not complete"),
        "{broken}"
    );
}

#[test]
fn a_bomb_ends_in_an_error() {
    let row = r#"<row><c t="str"><v>x</v></c></row>"#;
    let bytes = book(&row.repeat(5_000));
    let unpacked = 5_000 * row.len() as u64;
    let limit = 64 << 10;
    assert!(unpacked > limit);
    let broken = rows_of(&bytes, None, limit).unwrap_err();
    let expected = ": not a sound Excel workbook: the part xl/worksheets/sheet1.xml has more than 64 KiB when unpacked; \
                    --max-unpacked sets the limit";
    assert!(broken.ends_with(expected), "{broken}");
    assert_eq!(rows_of(&bytes, None, 2 * unpacked).map(|rows| rows.len()), Ok(5_000));
}

#[test]
fn shared_texts_have_a_limit_of_their_own_and_their_count_is_not_believed() {
    let sheet = data(r#"<row><c t="s"><v>0</v></c></row>"#);
    let shared =
        |count: usize| format!(r#"<sst uniqueCount="9999999999999">{}</sst>"#, "<si><t>a</t></si>".repeat(count));
    let small = book_of(ONE_SHEET, &shared(10), "<styleSheet/>", &sheet);
    assert_eq!(rows_of(&small, None, 1 << 20), Ok(vec![r#"1: "a""#.to_owned()]));
    let large = book_of(ONE_SHEET, &shared(20_000), "<styleSheet/>", &sheet);
    let broken = rows_of(&large, None, 1 << 20).unwrap_err();
    assert!(broken.contains("sharedStrings.xml has more than 128 KiB when unpacked"), "{broken}");
}

#[test]
fn where_shared_texts_end_counts_in_their_limit() {
    let mut texts = Texts::default();
    assert_eq!(
        (texts.push("ab", 9), texts.push(" ", 9)),
        (Ok(()), Err("its shared texts need more than 9 bytes of memory".to_owned()))
    );
    assert_eq!((texts.push("", 10), texts.get(0), texts.get(1), texts.get(2)), (Ok(()), Some("ab"), Some(""), None));
}

#[test]
fn one_piece_of_text_has_a_limit() {
    let long = "x".repeat(17 << 20);
    let pieces = format!("{}<!-- -->", "x".repeat(1 << 20)).repeat(17);
    for (cells, expected) in [
        (format!("<row><c t=\"str\"><v>{long}</v></c></row>"), "a tag or text of more than 16 MiB"),
        (format!("<row><c t=\"{long}\"/></row>"), "a tag or text of more than 16 MiB"),
        (format!("<row><c t=\"str\"><v>{pieces}</v></c></row>"), "a cell has too much text"),
    ] {
        let broken = rows_of(&book(&cells), None, MOST).unwrap_err();
        assert!(broken.contains(expected), "{broken}");
    }
}

#[test]
fn a_directory_that_states_too_many_entries_is_refused_before_memory_is_set_aside() {
    let mut bytes = vec![b'P', b'K', 3, 4];
    bytes.resize(4096, 0);
    let record = bytes.len() as u64;
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44_u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for number in [1_u64 << 40, 1 << 40, u64::MAX / 4, 0] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(record.to_le_bytes());
    bytes.extend([1, 0, 0, 0]);
    bytes.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    let broken = rows_of(&bytes, None, MOST).unwrap_err();
    assert_eq!(broken, "0: not a sound Excel workbook: its directory has too many entries");
}

#[test]
fn no_damage_makes_it_panic() {
    let whole = everything();
    for length in (0..whole.len()).step_by(41) {
        _ = rows_of(&whole[..length], None, MOST);
    }
    for (at, change) in (0..whole.len()).step_by(11).zip([0x01, 0x80, 0xff].into_iter().cycle()) {
        let mut damaged = whole.clone();
        damaged[at] ^= change;
        _ = rows_of(&damaged, None, MOST);
    }
    // Damage within the parts is found by their checksums; so it is made before they are packed.
    let sheet = data(
        r#"<row r="1"><c r="A1" s="1" t="s"><f>A2</f><v>0</v></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row>"#,
    );
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0%"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    let shared = "<sst><si><t>a_x000D_&amp;</t></si></sst>";
    let whole = [ONE_SHEET, shared, styles, &sheet];
    for (part, text) in whole.iter().enumerate() {
        for at in 0..text.len() {
            for change in ["", "<", "\"", "&", "9"] {
                let mut parts = whole.map(str::to_owned);
                parts[part].replace_range(at..=at, change);
                _ = rows_of(&book_of(&parts[0], &parts[1], &parts[2], &parts[3]), None, MOST);
            }
        }
    }
}
