//! Values as JSON.

use serde::Serialize;
use serde::ser::{self, Error as _, Impossible};
use serde_json::{Error, Result};

use super::escape::{is_plain, push_escaped};
use crate::engine::whole_hundredths;

/// How the values within a value are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// All in one line, without blanks.
    Line,
    /// Each on a line of its own, set in by two blanks for each of the values around it, of which there are so many.
    Lines(usize),
}

/// Writes values behind what `out` holds, as `serde_json` does, but for characters that could do harm on a terminal: they go out as
/// escapes. Keys are texts, and an enum's variants have no fields.
pub(super) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    layout: Layout,
}

impl<'o> Writer<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>, layout: Layout) -> Self {
        Self { out, layout }
    }

    fn text(&mut self, text: &str) {
        self.out.push(b'"');
        push_escaped(self.out, text);
        self.out.push(b'"');
    }

    /// The name of a field. It is from the code, not from the data, and needs no escapes. Where it is known to the compiler, so is its
    /// length.
    #[inline]
    fn name(&mut self, name: &'static str) {
        debug_assert!(is_plain(name.as_bytes()), "{name:?}");
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(if self.layout == Layout::Line { b"\":" } else { b"\": " });
    }

    /// Numbers, true, false and null, none of which needs escapes.
    fn simple(&mut self, value: impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut *self.out, &value)
    }

    fn open(&mut self, bracket: u8) {
        self.out.push(bracket);
        if let Layout::Lines(depth) = &mut self.layout {
            *depth += 1;
        }
    }

    fn close(&mut self, bracket: u8, is_empty: bool) {
        if let Layout::Lines(depth) = &mut self.layout {
            *depth -= 1;
            if !is_empty {
                self.line();
            }
        }
        self.out.push(bracket);
    }

    /// Begins a line where values stand on lines of their own.
    #[inline]
    fn line(&mut self) {
        if let Layout::Lines(depth) = self.layout {
            self.begin_line(depth);
        }
    }

    #[cold]
    fn begin_line(&mut self, depth: usize) {
        self.out.push(b'\n');
        self.out.resize(self.out.len() + 2 * depth, b' ');
    }

    fn colon(&mut self) {
        self.out.push(b':');
        if self.layout != Layout::Line {
            self.out.push(b' ');
        }
    }
}

/// Puts a number of hundredths behind the rest, with the fewest digits that give the number back: as many as `serde_json` writes.
fn push_hundredths(out: &mut Vec<u8>, hundredths: i64) {
    if hundredths < 0 {
        out.push(b'-');
    }
    let size = hundredths.unsigned_abs();
    out.extend_from_slice(itoa::Buffer::new().format(size / 100).as_bytes());
    let digit = |number: u64| b'0' + (number % 10) as u8;
    let (tenth, hundredth) = (digit(size / 10), digit(size));
    if hundredth == b'0' {
        out.extend_from_slice(&[b'.', tenth]);
    } else {
        out.extend_from_slice(&[b'.', tenth, hundredth]);
    }
}

/// Puts what is shown behind the rest, with escapes.
struct Shown<'o>(&'o mut Vec<u8>);

impl std::fmt::Write for Shown<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        push_escaped(self.0, text);
        Ok(())
    }
}

impl<'w, 'o> ser::Serializer for &'w mut Writer<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Values<'w, 'o>;
    type SerializeTuple = Values<'w, 'o>;
    type SerializeTupleStruct = Values<'w, 'o>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Values<'w, 'o>;
    type SerializeStruct = Values<'w, 'o>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<()> {
        self.simple(value)
    }

    fn serialize_i16(self, value: i16) -> Result<()> {
        self.simple(value)
    }

    fn serialize_i32(self, value: i32) -> Result<()> {
        self.simple(value)
    }

    fn serialize_i64(self, value: i64) -> Result<()> {
        self.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<()> {
        self.simple(value)
    }

    fn serialize_u16(self, value: u16) -> Result<()> {
        self.simple(value)
    }

    fn serialize_u32(self, value: u32) -> Result<()> {
        self.simple(value)
    }

    fn serialize_u64(self, value: u64) -> Result<()> {
        self.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<()> {
        self.simple(value)
    }

    fn serialize_f64(self, value: f64) -> Result<()> {
        match whole_hundredths(value) {
            Some(hundredths) => {
                push_hundredths(self.out, hundredths);
                Ok(())
            }
            None => self.simple(value),
        }
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        self.text(value);
        Ok(())
    }

    fn collect_str<T: std::fmt::Display + ?Sized>(self, value: &T) -> Result<()> {
        use std::fmt::Write;

        self.out.push(b'"');
        write!(Shown(self.out), "{value}").map_err(Error::custom)?;
        self.out.push(b'"');
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<()> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Result<()> {
        Err(has_fields(variant))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq> {
        Ok(Values::begin(self, b'[', b']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple> {
        Ok(Values::begin(self, b'[', b']'))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct> {
        Ok(Values::begin(self, b'[', b']'))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        Err(has_fields(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap> {
        Ok(Values::begin(self, b'{', b'}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct> {
        Ok(Values::begin(self, b'{', b'}'))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        Err(has_fields(variant))
    }
}

fn has_fields(variant: &str) -> Error {
    Error::custom(format_args!("a record must not hold the variant {variant}, which has fields"))
}

/// The values within a list or an object.
pub(super) struct Values<'w, 'o> {
    writer: &'w mut Writer<'o>,
    is_empty: bool,
    /// The bracket that ends them.
    end: u8,
}

impl<'w, 'o> Values<'w, 'o> {
    fn begin(writer: &'w mut Writer<'o>, begin: u8, end: u8) -> Self {
        writer.open(begin);
        Self { writer, is_empty: true, end }
    }

    /// Ends the value before, if there is one.
    #[inline]
    fn next(&mut self) {
        if !self.is_empty {
            self.writer.out.push(b',');
        }
        self.is_empty = false;
        self.writer.line();
    }

    fn element(&mut self, value: &(impl Serialize + ?Sized)) -> Result<()> {
        self.next();
        value.serialize(&mut *self.writer)
    }

    fn finish(self) {
        self.writer.close(self.end, self.is_empty);
    }
}

impl ser::SerializeSeq for Values<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.element(value)
    }

    fn end(self) -> Result<()> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTuple for Values<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.element(value)
    }

    fn end(self) -> Result<()> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Values<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.element(value)
    }

    fn end(self) -> Result<()> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeMap for Values<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.next();
        let start = self.writer.out.len();
        key.serialize(&mut *self.writer)?;
        if self.writer.out.get(start) != Some(&b'"') {
            return Err(Error::custom("a key of a record must be a text"));
        }
        self.writer.colon();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<()> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeStruct for Values<'_, '_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        self.next();
        self.writer.name(key);
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<()> {
        self.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
