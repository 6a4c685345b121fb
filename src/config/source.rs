//! The texts of a load, and places in them.

use std::borrow::Cow;

use super::{Layer, ModelFile, SourceFile};

/// A place in one of the texts: bytes from `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    pub(super) source: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Document {
    Model(ModelFile),
    /// The mapping of columns, which is no part of a model.
    Mapping,
}

impl Document {
    /// How many there are.
    pub(super) const COUNT: usize = ModelFile::ALL.len() + 1;

    pub(super) fn index(self) -> usize {
        match self {
            Self::Model(file) => file.index(),
            Self::Mapping => ModelFile::ALL.len(),
        }
    }

    pub(super) fn model_file(self) -> Option<ModelFile> {
        match self {
            Self::Model(file) => Some(file),
            Self::Mapping => None,
        }
    }
}

/// One text.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) document: Document,
    /// As messages show it.
    pub(super) path: String,
    pub(super) text: Cow<'static, str>,
    pub(super) shipped: bool,
}

/// All texts of a load. Of models: the shipped ones first, in the order of [`ModelFile::ALL`], then the overlays from the lowest.
#[derive(Debug, Clone)]
pub(super) struct Sources {
    list: Vec<Source>,
}

impl Sources {
    pub(super) fn new(overlays: Vec<Layer>) -> Self {
        let shipped = ModelFile::ALL.into_iter().map(|file| Source {
            document: Document::Model(file),
            path: format!("{} (shipped)", file.file_name()),
            text: Cow::Borrowed(file.shipped()),
            shipped: true,
        });
        let overlays = overlays.into_iter().flat_map(|layer| layer.files).map(Source::overlay);
        Self { list: shipped.chain(overlays).collect() }
    }

    /// The text of a model file, alone.
    pub(super) fn of_file(file: SourceFile) -> Self {
        Self { list: vec![Source::overlay(file)] }
    }

    /// The text of a mapping, alone.
    pub(super) fn of_mapping(path: &str, text: &str) -> Self {
        let source = Source {
            document: Document::Mapping,
            path: annotate_snippets::normalize_untrusted_str(path),
            text: Cow::Owned(text.to_owned()),
            shipped: false,
        };
        Self { list: vec![source] }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Source)> {
        self.list.iter().enumerate()
    }

    pub(super) fn of(&self, origin: Origin) -> &Source {
        &self.list[origin.source]
    }

    pub(super) fn get(&self, source: usize) -> &Source {
        &self.list[source]
    }
}

impl Source {
    fn overlay(file: SourceFile) -> Self {
        Self {
            document: Document::Model(file.file),
            path: annotate_snippets::normalize_untrusted_str(&file.path),
            text: Cow::Owned(file.text),
            shipped: false,
        }
    }

    /// The line of a byte, from 1, and the bytes at which that line starts.
    pub(super) fn line(&self, byte: usize) -> (usize, usize) {
        let before = &self.text.as_bytes()[..byte.min(self.text.len())];
        let line = before.split(|byte| *byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        (line, start)
    }

    /// The nearest byte at or below this one at which a character starts.
    pub(super) fn boundary(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }
}
