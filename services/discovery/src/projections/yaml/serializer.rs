//! A serde serializer for the part of YAML that [`super::to_yaml`] writes.

use super::scalar::push_string;
use codexa_model::manifest::FLOW;
use serde::ser::{self, Impossible, Serialize};
use std::fmt::{self, Write};

/// Why a value cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot be written as YAML: {0}")]
pub struct Error(String);

impl ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl From<fmt::Error> for Error {
    fn from(error: fmt::Error) -> Self {
        Self(error.to_string())
    }
}

/// YAML limits a key that stands before `:` to 1,024 characters; longer ones are written after `?`.
const LONGEST_KEY: usize = 1_000;

/// Where the next value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the start of the document.
    Document,
    /// After `key:`; a collection begins on the next line.
    Entry,
    /// After `- `; a collection begins on this line.
    Item,
    /// Inside `{ }` or `[ ]`.
    Flow,
}

/// Writes one value.
pub(super) struct Writer<'a> {
    out: &'a mut String,
    /// Depth of the collection that the value would be, in levels of two spaces.
    depth: usize,
    place: Place,
}

impl<'a> Writer<'a> {
    pub(super) fn new(out: &'a mut String) -> Self {
        Self { out, depth: 0, place: Place::Document }
    }

    /// The space between `key:` and a value on the same line.
    fn lead(&mut self) {
        if self.place == Place::Entry {
            self.out.push(' ');
        }
    }

    fn write(mut self, text: fmt::Arguments<'_>) -> Result<(), Error> {
        self.lead();
        Ok(self.out.write_fmt(text)?)
    }

    fn collection(self, brackets: [&'static str; 2]) -> Collection<'a> {
        if self.place == Place::Flow {
            self.out.push_str(brackets[0]);
        }
        Collection { writer: self, brackets, is_empty: true }
    }
}

const MAP: [&str; 2] = ["{", "}"];
const LIST: [&str; 2] = ["[", "]"];

/// A map or list in the making.
pub(super) struct Collection<'a> {
    writer: Writer<'a>,
    brackets: [&'static str; 2],
    is_empty: bool,
}

impl Collection<'_> {
    /// Goes to where the next entry begins.
    fn next(&mut self) {
        let is_first = std::mem::replace(&mut self.is_empty, false);
        let Writer { out, depth, place } = &mut self.writer;
        match (*place, is_first) {
            (Place::Flow, true) | (Place::Document | Place::Item, true) => {}
            (Place::Flow, false) => out.push_str(", "),
            _ => new_line(out, *depth),
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.next();
        let depth = self.writer.depth + 1;
        if self.writer.place == Place::Flow {
            return value.serialize(Writer { out: self.writer.out, depth, place: Place::Flow });
        }
        self.writer.out.push_str("- ");
        value.serialize(Writer { out: self.writer.out, depth, place: Place::Item })
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.next();
        let (depth, start) = (self.writer.depth, self.writer.out.len());
        key.serialize(Writer { out: self.writer.out, depth, place: Place::Flow })?;
        let is_long = self.writer.out.len() - start > LONGEST_KEY;
        if is_long {
            self.writer.out.insert_str(start, "? ");
            match self.writer.place {
                Place::Flow => self.writer.out.push(' '),
                _ => new_line(self.writer.out, depth),
            }
        }
        self.writer.out.push(':');
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let depth = self.writer.depth + 1;
        let place = if self.writer.place == Place::Flow { Place::Flow } else { Place::Entry };
        if place == Place::Flow {
            self.writer.out.push(' ');
        }
        value.serialize(Writer { out: self.writer.out, depth, place })
    }

    fn finish(mut self) -> Result<(), Error> {
        if self.writer.place == Place::Flow {
            self.writer.out.push_str(self.brackets[1]);
        } else if self.is_empty {
            self.writer.lead();
            self.writer.out.push_str(self.brackets[0]);
            self.writer.out.push_str(self.brackets[1]);
        }
        Ok(())
    }
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn unsupported<T>(what: &str) -> Result<T, Error> {
    Err(Error(format!("{what} are not part of a manifest")))
}

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Collection<'a>;
    type SerializeTuple = Collection<'a>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Collection<'a>;
    type SerializeStruct = Collection<'a>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_bool(self, v: bool) -> Result<(), Error> {
        self.write(format_args!("{v}"))
    }
    fn serialize_i8(self, v: i8) -> Result<(), Error> {
        self.write(format_args!("{v}"))
    }
    fn serialize_i16(self, v: i16) -> Result<(), Error> {
        self.write(format_args!("{v}"))
    }
    fn serialize_i32(self, v: i32) -> Result<(), Error> {
        self.write(format_args!("{v}"))
    }
    fn serialize_i64(self, v: i64) -> Result<(), Error> {
        self.write(format_args!("{v}"))
    }
    fn serialize_u8(self, v: u8) -> Result<(), Error> {
        self.write(format_args!("{v}"))
    }
    fn serialize_u16(self, v: u16) -> Result<(), Error> {
        self.write(format_args!("{v}"))
    }
    fn serialize_u32(self, v: u32) -> Result<(), Error> {
        self.write(format_args!("{v}"))
    }
    fn serialize_u64(self, v: u64) -> Result<(), Error> {
        self.write(format_args!("{v}"))
    }
    fn serialize_f32(self, v: f32) -> Result<(), Error> {
        self.serialize_f64(f64::from(v))
    }
    fn serialize_f64(self, v: f64) -> Result<(), Error> {
        if v.is_finite() { self.write(format_args!("{v:?}")) } else { unsupported("numbers that are not finite") }
    }
    fn serialize_char(self, v: char) -> Result<(), Error> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(mut self, v: &str) -> Result<(), Error> {
        self.lead();
        push_string(self.out, v);
        Ok(())
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        unsupported("bytes")
    }
    fn serialize_none(self) -> Result<(), Error> {
        self.write(format_args!("null"))
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Error> {
        self.serialize_none()
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_none()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if name == FLOW {
            self.lead();
            self.place = Place::Flow;
        }
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        unsupported("enums with data")
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Collection<'a>, Error> {
        Ok(self.collection(LIST))
    }
    fn serialize_tuple(self, _: usize) -> Result<Collection<'a>, Error> {
        Ok(self.collection(LIST))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Impossible<(), Error>, Error> {
        unsupported("tuple structs")
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Error>, Error> {
        unsupported("enums with data")
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Collection<'a>, Error> {
        Ok(self.collection(MAP))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Collection<'a>, Error> {
        Ok(self.collection(MAP))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Error>, Error> {
        unsupported("enums with data")
    }
}

impl ser::SerializeSeq for Collection<'_> {
    type Ok = ();
    type Error = Error;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }
    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeTuple for Collection<'_> {
    type Ok = ();
    type Error = Error;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }
    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeStruct for Collection<'_> {
    type Ok = ();
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.key(key)?;
        self.value(value)
    }
    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeMap for Collection<'_> {
    type Ok = ();
    type Error = Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key(key)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }
    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}
