//! Text of other encodings, turned into UTF-8 as it is read.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

use super::{Raw, Unsound};

const CHUNK: usize = 1 << 15;

/// Text of an encoding as UTF-8. Bytes that are not of the encoding are an error: characters must not be lost in silence.
pub(super) struct Decoded<'a> {
    raw: Raw<'a>,
    decoder: Decoder,
    input: Vec<u8>,
    /// The part of `input` that is not yet decoded.
    unread: (usize, usize),
    /// How many bytes have been decoded.
    offset: u64,
    output: Vec<u8>,
    /// The part of `output` that is not yet handed out.
    ready: (usize, usize),
    ended: bool,
}

impl<'a> Decoded<'a> {
    /// `raw` stands behind the byte order mark, if there was one.
    pub fn new(raw: Raw<'a>, encoding: &'static Encoding) -> Self {
        Self {
            raw,
            decoder: encoding.new_decoder_without_bom_handling(),
            input: vec![0; CHUNK],
            unread: (0, 0),
            offset: 0,
            // The longest UTF-8 for one byte of input is three bytes, and the decoder may hold a few back.
            output: vec![0; 3 * CHUNK + 16],
            ready: (0, 0),
            ended: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        if self.unread.0 == self.unread.1 && !self.ended {
            let length = self.raw.read(&mut self.input)?;
            self.unread = (0, length);
            self.ended = length == 0;
        }
        let input = &self.input[self.unread.0..self.unread.1];
        let (result, used, made) = self.decoder.decode_to_utf8_without_replacement(input, &mut self.output, self.ended);
        self.unread.0 += used;
        self.offset += used as u64;
        self.ready = (0, made);
        if let DecoderResult::Malformed(length, behind) = result {
            let at = self.offset.saturating_sub(u64::from(length) + u64::from(behind));
            let encoding = self.decoder.encoding().name();
            return Err(io::Error::other(Unsound::Garbled { encoding, at }));
        }
        Ok(())
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.0 == self.ready.1 {
            if self.ended || buffer.is_empty() {
                return Ok(0);
            }
            self.refill()?;
        }
        let ready = &self.output[self.ready.0..self.ready.1];
        let length = ready.len().min(buffer.len());
        buffer[..length].copy_from_slice(&ready[..length]);
        self.ready.0 += length;
        Ok(length)
    }
}
