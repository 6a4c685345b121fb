//! What a workbook says beside its cells: sheets, number formats and the texts that cells share.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::rows::Broken;
use super::number::{Epoch, Form};
use super::package::{Package, attribute, push_reference, resolved};
use super::unsound;
use crate::intake::{bytes, text};

/// The largest part that lists sheets, relations or formats, in bytes.
const MAX_LIST: u64 = 32 << 20;

/// A sheet with cells, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub name: String,
    pub path: String,
    pub visible: bool,
}

/// What is known of a workbook before its cells are read.
pub(super) struct Workbook {
    pub sheets: Vec<Sheet>,
    pub epoch: Epoch,
    /// What the numbers of a cell stand for, by the position of its format.
    pub forms: Vec<Form>,
    pub shared: Texts,
}

impl Workbook {
    /// `most_shared` is how large the part of the shared texts may be, in bytes.
    pub fn read(package: &mut Package<'_>, most_shared: u64) -> Result<Self, Broken> {
        let main = relations(package, "", "_rels/.rels")?.into_iter().find(|relation| relation.is("officeDocument"));
        let path = main.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.path);
        if !package.has(&path) || !is_spreadsheet(&path) {
            return Err(other_archive(package));
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let relations = relations(package, folder, &format!("{folder}/_rels/{name}.rels"))?;
        let (sheets, epoch) = sheets(package, &path, &relations)?;
        let part = |kind: &str| relations.iter().find(|relation| relation.is(kind)).map(|relation| &*relation.path);
        Ok(Self {
            sheets,
            epoch,
            forms: part("styles").map_or(Ok(Vec::new()), |path| forms(package, path))?,
            shared: part("sharedStrings").map_or(Ok(Texts::default()), |path| texts(package, path, most_shared))?,
        })
    }
}

/// A reference of a part to another one.
struct Relation {
    id: String,
    kind: String,
    path: String,
}

impl Relation {
    /// Whether it is of a kind. The rest of its address differs between the two forms of the standard.
    fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

fn relations(package: &mut Package<'_>, folder: &str, path: &str) -> Result<Vec<Relation>, Broken> {
    let mut relations = Vec::new();
    if let Some(xml) = package.xml(path, MAX_LIST)? {
        xml.each_start(|tag| {
            if tag.local_name().as_ref() == "Relationship"
                && let (Some(id), Some(kind), Some(target)) =
                    (attribute(tag, "Id")?, attribute(tag, "Type")?, attribute(tag, "Target")?)
            {
                relations.push(Relation { id, kind, path: resolved(folder, &target) });
            }
            Ok(())
        })?;
    }
    Ok(relations)
}

fn is_spreadsheet(path: &str) -> bool {
    !path.starts_with("word/") && !path.starts_with("ppt/") && !path.to_ascii_lowercase().ends_with(".bin")
}

/// What an archive without a workbook is instead.
fn other_archive(package: &Package<'_>) -> Broken {
    let kinds = [
        ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
        ("word/document.xml", "a Word document"),
        ("ppt/presentation.xml", "a PowerPoint presentation"),
        ("content.xml", "an OpenDocument file (.ods)"),
        ("Index/Document.iwa", "an Apple Numbers file"),
    ];
    let known = kinds.into_iter().find(|(part, _)| package.has(part));
    let (found, allowed) = match known {
        Some((_, what)) => (what, "expected an Excel workbook: save it as .xlsx"),
        None => ("a zip archive without a workbook", "expected an .xlsx file, or text that is not packed as zip"),
    };
    Broken::Content { line: 0, found: found.to_owned(), allowed: allowed.to_owned() }
}

fn sheets(package: &mut Package<'_>, path: &str, relations: &[Relation]) -> Result<(Vec<Sheet>, Epoch), Broken> {
    let mut sheets = Vec::new();
    let mut epoch = Epoch::Y1900;
    let places: HashMap<&str, &Relation> = relations.iter().map(|relation| (&*relation.id, relation)).collect();
    let Some(xml) = package.xml(path, MAX_LIST)? else { return Err(other_archive(package)) };
    xml.each_start(|tag| {
        match tag.local_name().as_ref() {
            "workbookPr" if matches!(attribute(tag, "date1904")?.as_deref(), Some("1" | "true")) => {
                epoch = Epoch::Y1904;
            }
            "sheet" => {
                let relation = attribute(tag, "id")?.and_then(|id| places.get(&*id).copied());
                if let (Some(name), Some(relation)) = (attribute(tag, "name")?, relation)
                    && relation.is("worksheet")
                {
                    let visible = matches!(attribute(tag, "state")?.as_deref(), None | Some("visible"));
                    sheets.push(Sheet { name, path: relation.path.clone(), visible });
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok((sheets, epoch))
}

fn forms(package: &mut Package<'_>, path: &str) -> Result<Vec<Form>, Broken> {
    let mut custom: HashMap<u32, Form> = HashMap::new();
    let mut forms = Vec::new();
    let mut of_cells = false;
    let Some(xml) = package.xml(path, MAX_LIST)? else { return Ok(forms) };
    xml.each_start(|tag| {
        match tag.local_name().as_ref() {
            "numFmt" => {
                let id = attribute(tag, "numFmtId")?.and_then(|id| id.parse().ok());
                if let (Some(id), Some(code)) = (id, attribute(tag, "formatCode")?) {
                    custom.insert(id, Form::of_code(&code));
                }
            }
            "cellXfs" => of_cells = true,
            "cellStyleXfs" | "cellStyles" | "dxfs" => of_cells = false,
            "xf" if of_cells => {
                let id = attribute(tag, "numFmtId")?.and_then(|id| id.parse().ok()).unwrap_or(0);
                forms.push(custom.get(&id).copied().unwrap_or_else(|| Form::built_in(id)));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(forms)
}

/// Texts that cells share, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Texts {
    all: String,
    /// Where each ends. There may be more of them than bytes of text, so they are kept short.
    ends: Vec<u32>,
}

impl Texts {
    /// The text at a position, without blanks at its ends.
    pub fn get(&self, position: usize) -> Option<&str> {
        let end = *self.ends.get(position)? as usize;
        let start = position.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.all.get(start..end)
    }

    /// Adds a text; not where all of them with the places of their ends would have more bytes than these.
    pub fn push(&mut self, text: &str, most: u64) -> Result<(), String> {
        let text = text.trim();
        let bytes = self.all.len() + text.len() + size_of_val(&*self.ends) + size_of::<u32>();
        let too_large = || format!("its shared texts need more than {} of memory", bytes::size(most));
        let end = u32::try_from(self.all.len() + text.len()).map_err(|_| too_large())?;
        if bytes as u64 > most {
            return Err(too_large());
        }
        self.all.push_str(text);
        self.ends.push(end);
        Ok(())
    }
}

fn texts(package: &mut Package<'_>, path: &str, most: u64) -> Result<Texts, Broken> {
    let mut texts = Texts::default();
    let Some(mut xml) = package.xml(path, most)? else { return Ok(texts) };
    let mut run = Run::default();
    loop {
        let event = xml.next().map_err(|why| unsound(0, &why))?;
        if let Event::Eof = event {
            return Ok(texts);
        }
        run.take(&event).map_err(|why| unsound(0, &why))?;
        match event {
            Event::Start(tag) if tag.local_name().as_ref() == "si" => run.clear(),
            Event::End(tag) if tag.local_name().as_ref() == "si" => {
                texts.push(unescaped(&mut run.text), most).map_err(|why| unsound(0, &why))?;
            }
            _ => {}
        }
    }
}

/// Text with runs of differing looks, put together. How it is pronounced is left out.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub text: String,
    /// Within a `t`.
    open: bool,
    /// Within what says how the text is pronounced.
    phonetic: bool,
}

impl Run {
    /// Begins anew.
    pub fn clear(&mut self) {
        self.text.clear();
        self.open = false;
        self.phonetic = false;
    }

    /// Takes what is text of the next event.
    pub fn take(&mut self, event: &Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "rPh" => self.phonetic = true,
                "t" => self.open = !self.phonetic,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "rPh" => self.phonetic = false,
                "t" => self.open = false,
                _ => {}
            },
            _ if self.open => push_text(event, &mut self.text)?,
            _ => {}
        }
        Ok(())
    }
}

/// Puts what is text of an event behind other text.
pub(super) fn push_text(event: &Event<'_>, out: &mut String) -> Result<(), String> {
    match event {
        Event::Text(text) => out.push_str(&text.xml10_content()),
        Event::CData(text) => out.push_str(&text.xml10_content()),
        Event::GeneralRef(reference) => push_reference(reference, out)?,
        _ => {}
    }
    Ok(())
}

/// The text with escapes such as `_x000D_`, which stand for characters that XML lacks, resolved.
pub(super) fn unescaped(text: &mut String) -> &str {
    if text.contains("_x") {
        let mut resolved = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find("_x") {
            resolved.push_str(&rest[..at]);
            rest = &rest[at..];
            let code = rest.get(2..6).filter(|_| rest.as_bytes().get(6) == Some(&b'_'));
            match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
                Some(character) => {
                    resolved.push(character);
                    rest = &rest[7..];
                }
                None => {
                    resolved.push_str("_x");
                    rest = &rest[2..];
                }
            }
        }
        resolved.push_str(rest);
        *text = resolved;
    }
    text
}

/// The names of sheets for a message.
pub(super) fn names(sheets: &[Sheet]) -> String {
    let names: Vec<String> = sheets.iter().take(20).map(|sheet| text::quoted(&sheet.name)).collect();
    let rest = sheets.len() - names.len();
    if rest > 0 { format!("{} and {rest} more", names.join(", ")) } else { text::one_of(&names) }
}
