//! Gzip and zstd, unpacked as they are read, up to a limit.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{Raw, Unsound};

/// The largest window of a zstd frame, in bytes: what its own tool takes without being asked.
const MAX_WINDOW: u64 = 128 << 20;

/// A way of packing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// How an input is packed that begins with these bytes.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// What is packed in the bytes, at most `limit` bytes of it.
    pub fn unpack(self, raw: Raw<'_>, limit: u64) -> Raw<'_> {
        let watch = Arc::new(Watch::default());
        let packed = BufReader::with_capacity(1 << 16, Watched { inner: raw, watch: Arc::clone(&watch) });
        let inner: Raw<'_> = match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Zstd => Box::new(Zstd::new(packed)),
        };
        Box::new(Unpacked { inner, packing: self, watch, limit, left: limit })
    }
}

/// What happened to the packed bytes while they were read. Decoders report it in ways of their own, or not at all.
#[derive(Default)]
struct Watch {
    failed: Mutex<Option<io::Error>>,
    ended: AtomicBool,
}

struct Watched<'a> {
    inner: Raw<'a>,
    watch: Arc<Watch>,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(0) if !buffer.is_empty() => {
                self.watch.ended.store(true, Ordering::Relaxed);
                Ok(0)
            }
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                let kind = error.kind();
                *self.watch.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Err(kind.into())
            }
            result => result,
        }
    }
}

struct Unpacked<'a> {
    inner: Raw<'a>,
    packing: Packing,
    watch: Arc<Watch>,
    limit: u64,
    left: u64,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut beyond = [0];
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let wanted = if room == 0 && !buffer.is_empty() { &mut beyond[..] } else { &mut buffer[..room] };
        match self.inner.read(wanted) {
            Ok(0) => Ok(0),
            Ok(_) if self.left == 0 => Err(io::Error::other(Unsound::TooLarge { limit: self.limit })),
            Ok(length) => {
                self.left = self.left.saturating_sub(length as u64);
                Ok(length)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => Err(self.reason(&error)),
        }
    }
}

impl Unpacked<'_> {
    fn reason(&self, error: &io::Error) -> io::Error {
        if let Some(failed) = self.watch.failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return failed;
        }
        let packing = self.packing.name();
        io::Error::other(if self.watch.ended.load(Ordering::Relaxed) || error.kind() == io::ErrorKind::UnexpectedEof {
            Unsound::CutShort { packing }
        } else {
            Unsound::Damaged { packing, why: error.to_string() }
        })
    }
}

/// The frames of a zstd stream, one behind the other.
struct Zstd<R> {
    packed: R,
    decoder: FrameDecoder,
    /// Whether a frame has been begun and not yet ended.
    within: bool,
}

impl<R: BufRead> Zstd<R> {
    fn new(packed: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Self { packed, decoder, within: false }
    }

    /// Begins the next frame; false where there is none.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.packed.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.packed) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let length = u64::from(length);
                    let skipped = io::copy(&mut self.packed.by_ref().take(length), &mut io::sink())?;
                    if skipped < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }

    fn end(&mut self) -> io::Result<()> {
        self.within = false;
        match (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum()) {
            (Some(stated), Some(actual)) if stated != actual => Err(io::Error::other("the checksum does not match")),
            _ => Ok(()),
        }
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if self.within && self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if self.within && self.decoder.is_finished() {
                self.end()?;
            }
            if !self.within {
                self.within = self.begin()?;
                if !self.within {
                    return Ok(0);
                }
            }
            self.decoder
                .decode_blocks(&mut self.packed, BlockDecodingStrategy::UptoBlocks(1))
                .map_err(io::Error::other)?;
        }
    }
}
