//! The parts of a workbook's zip archive, read as XML within bounds.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::super::rows::Broken;
use super::unsound;
use crate::intake::bytes;
use crate::intake::text;

/// The most parts of an archive; a workbook has dozens.
const MAX_PARTS: u64 = 1 << 16;
/// The largest tag or piece of text, in bytes. It is held in memory.
const MAX_EVENT: usize = 16 << 20;
/// How deep elements may stand in each other.
const MAX_DEPTH: u32 = 256;

type Bytes<'b> = Cursor<&'b [u8]>;

/// An archive whose parts are found by name, in whatever case and with whatever slashes they are written.
pub(super) struct Package<'b> {
    archive: ZipArchive<Bytes<'b>>,
    parts: HashMap<String, usize>,
    budget: &'b Budget,
}

/// How many bytes may yet be unpacked of all parts together.
pub(super) struct Budget {
    limit: u64,
    left: Cell<u64>,
}

impl Budget {
    pub fn new(limit: u64) -> Self {
        Self { limit, left: Cell::new(limit) }
    }
}

impl<'b> Package<'b> {
    pub fn open(bytes: &'b [u8], budget: &'b Budget) -> Result<Self, Broken> {
        if stated_parts(bytes) > MAX_PARTS {
            return Err(unsound(0, "its directory has too many entries"));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            unsound(0, &format!("the zip archive is damaged or not complete ({})", text::plain(&error.to_string())))
        })?;
        let parts = archive
            .file_names()
            .enumerate()
            .filter_map(|(index, name)| Some((normal(name.ok()?.as_ref()), index)))
            .collect();
        Ok(Self { archive, parts, budget })
    }

    /// Whether the archive has a part.
    pub fn has(&self, path: &str) -> bool {
        self.parts.contains_key(&normal(path))
    }

    /// A part as bytes; `None` where there is none of the name. At most `most` bytes of it are read.
    pub fn bytes(&mut self, path: &str, most: u64) -> Result<Option<Box<dyn Read + '_>>, Broken> {
        let Some(&index) = self.parts.get(&normal(path)) else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(|error| {
            unsound(
                0,
                &format!("the part {} cannot be unpacked ({})", text::plain(path), text::plain(&error.to_string())),
            )
        })?;
        Ok(Some(Box::new(Part { file, budget: self.budget, left: most, most })))
    }

    /// A part as XML; `None` where there is none of the name.
    pub fn xml(&mut self, path: &str, most: u64) -> Result<Option<Xml<'_>>, Broken> {
        let part = self.bytes(path, most)?;
        Ok(part.map(|part| Xml::new(part, path)))
    }
}

/// How many entries the directory says that it has. The memory for them is set aside before they are read.
fn stated_parts(bytes: &[u8]) -> u64 {
    let tail = &bytes[bytes.len().saturating_sub((1 << 16) + 128)..];
    // The number of entries beyond 16 bits stands in a record of its own, which a locator points at.
    if memmem::find(tail, b"PK\x06\x07").is_none() {
        return 0;
    }
    memmem::find_iter(bytes, b"PK\x06\x06")
        .filter_map(|at| bytes.get(at + 32..at + 40))
        .map(|count| count.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
        .max()
        .unwrap_or(0)
}

/// A path as it is compared.
fn normal(path: &str) -> String {
    path.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

/// The path of a part that another one, in the folder `base`, points at.
pub(super) fn resolved(base: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { base.split('/').collect() };
    for step in target.split('/') {
        match step {
            ".." => _ = steps.pop(),
            "." => {}
            _ => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps.join("/")
}

/// A part as it is unpacked.
struct Part<'p, 'b> {
    file: ZipFile<'p, Bytes<'b>>,
    budget: &'b Budget,
    left: u64,
    most: u64,
}

impl Read for Part<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        let unpacked = length as u64;
        let (Some(left), Some(all)) = (self.left.checked_sub(unpacked), self.budget.left.get().checked_sub(unpacked))
        else {
            let limit = self.most.min(self.budget.limit);
            return Err(io::Error::other(bytes::Unsound::TooLarge { limit }));
        };
        self.left = left;
        self.budget.left.set(all);
        Ok(length)
    }
}

/// XML as it is parsed.
pub(super) struct Xml<'p> {
    reader: Reader<Bounded<'p>>,
    buffer: Vec<u8>,
    depth: u32,
    path: String,
}

impl<'p> Xml<'p> {
    pub fn new(input: Box<dyn Read + 'p>, path: &str) -> Self {
        let mut reader = Reader::from_reader(Bounded { inner: BufReader::with_capacity(1 << 16, input), used: 0 });
        reader.config_mut().expand_empty_elements = true;
        // What comes behind a place that was skipped to closes elements that were never seen to open.
        reader.config_mut().allow_unmatched_ends = true;
        Self { reader, buffer: Vec::new(), depth: 0, path: text::plain(path) }
    }

    /// The next tag or text; `Eof` at the end.
    pub fn next(&mut self) -> Result<Event<'_>, String> {
        self.buffer.clear();
        self.reader.get_mut().used = 0;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => return Err(said(&error, &self.path)),
        };
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => return Err(format!("the part {} ends too early", self.path)),
            _ => {}
        }
        if self.depth > MAX_DEPTH {
            return Err(format!("the part {} is nested too deep", self.path));
        }
        Ok(event)
    }

    /// Reads the rest without parsing it, so that its checksum is compared.
    pub fn drain(&mut self) -> Result<(), String> {
        io::copy(&mut self.reader.get_mut().inner, &mut io::sink())
            .map(drop)
            .map_err(|error| said(&quick_xml::Error::from(error), &self.path))
    }

    /// Calls `each` with every opening tag.
    pub fn each_start(mut self, mut each: impl FnMut(&BytesStart<'_>) -> Result<(), String>) -> Result<(), Broken> {
        loop {
            match self.next() {
                Ok(Event::Start(tag)) => each(&tag).map_err(|why| unsound(0, &why))?,
                Ok(Event::Eof) => return Ok(()),
                Ok(_) => {}
                Err(why) => return Err(unsound(0, &why)),
            }
        }
    }
}

fn said(error: &quick_xml::Error, path: &str) -> String {
    if let quick_xml::Error::Io(error) = error
        && let Some(unsound) = bytes::content_error(error)
    {
        return format!("the part {path} has {unsound}");
    }
    format!("the part {path} is damaged ({})", text::plain(&error.to_string()))
}

/// An attribute's value, with its escapes resolved; `None` where the tag lacks it. `name` may have a prefix in the file.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| text::plain(&error.to_string()))?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            return value.map(|value| Some(value.into_owned())).map_err(|error| text::plain(&error.to_string()));
        }
    }
    Ok(None)
}

/// Puts what a reference such as `&amp;` stands for behind the text.
pub(super) fn push_reference(reference: &quick_xml::events::BytesRef<'_>, out: &mut String) -> Result<(), String> {
    let unknown = || "a reference to a character that is not known".to_owned();
    match reference.resolve_char_ref() {
        Ok(Some(character)) => out.push(character),
        Ok(None) => {
            let name = reference.xml10_content();
            out.push_str(quick_xml::escape::resolve_predefined_entity(&name).ok_or_else(unknown)?);
        }
        Err(_) => return Err(unknown()),
    }
    Ok(())
}

/// A reader that gives up where one tag or text has more than [`MAX_EVENT`].
struct Bounded<'p> {
    inner: BufReader<Box<dyn Read + 'p>>,
    used: usize,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl BufRead for Bounded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used > MAX_EVENT {
            return Err(io::Error::other(format!("a tag or text of more than {}", bytes::size(MAX_EVENT as u64))));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        self.used = self.used.saturating_add(length);
        self.inner.consume(length);
    }
}
