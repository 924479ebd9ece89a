//! The codes that strips and tiles are compressed by.

use std::io::Read;

use flate2::read::ZlibDecoder;
use weezl::{BitOrder, LzwStatus, decode::Decoder};

use super::super::fax::Group;
use super::super::{FileProblem, Format};

/// How the bytes of a page are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    None,
    Fax(Group),
    PackBits,
    Lzw,
    Deflate,
}

impl Code {
    /// The code of a number of the compression tag.
    pub(super) fn of_number(number: u16) -> Result<Self, FileProblem> {
        Ok(match number {
            1 => Code::None,
            3 => Code::Fax(Group::Three),
            4 => Code::Fax(Group::Four),
            5 => Code::Lzw,
            8 | 32946 => Code::Deflate,
            32773 => Code::PackBits,
            _ => {
                let name = match number {
                    2 => " (CCITT without end-of-line codes)",
                    6 | 7 => " (JPEG)",
                    34661 => " (JBIG)",
                    34712 => " (JPEG 2000)",
                    34925 => " (LZMA)",
                    50000 => " (Zstandard)",
                    50001 => " (WebP)",
                    _ => "",
                };
                return Err(Format::Tiff.unsupported(format!("compression {number}{name}")));
            }
        })
    }

    /// The first so many bytes that a code stands for; `None` if it is damaged or ends before. Fax codes are decoded
    /// elsewhere, row by row.
    pub(super) fn decode(
        self,
        code: Vec<u8>,
        bytes: usize,
    ) -> Result<Option<Vec<u8>>, FileProblem> {
        Ok(match self {
            Code::None => (code.len() >= bytes).then(|| code[..bytes].to_vec()),
            Code::PackBits => unpack_bits(&code, bytes),
            Code::Lzw
                if code.starts_with(&[0]) && code.get(1).is_some_and(|byte| byte & 1 == 1) =>
            {
                return Err(Format::Tiff.unsupported("LZW with the bits of TIFF 5"));
            }
            Code::Lzw => unpack_lzw(&code, bytes),
            Code::Deflate => inflate(&code, bytes),
            Code::Fax(_) => unreachable!("fax codes have rows"),
        })
    }
}

/// A byte n below 128 before n + 1 bytes as they are, one above before a byte that comes 257 - n times.
fn unpack_bits(mut code: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    while unpacked.len() < bytes {
        let (&count, rest) = code.split_first()?;
        code = match usize::from(count) {
            literal @ 0..128 => {
                let (run, rest) = rest.split_at_checked(literal + 1)?;
                unpacked.extend_from_slice(run);
                rest
            }
            128 => rest,
            repeated => {
                let (&byte, rest) = rest.split_first()?;
                unpacked.resize(unpacked.len() + 257 - repeated, byte);
                rest
            }
        };
    }
    unpacked.truncate(bytes);
    Some(unpacked)
}

fn unpack_lzw(mut code: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let mut decoder = Decoder::with_tiff_size_switch(BitOrder::Msb, 8);
    let mut unpacked = vec![0; bytes];
    let mut filled = 0;
    while filled < bytes {
        let step = decoder.decode_bytes(code, &mut unpacked[filled..]);
        code = &code[step.consumed_in..];
        filled += step.consumed_out;
        if !matches!(step.status.ok()?, LzwStatus::Ok) && filled < bytes {
            return None;
        }
    }
    Some(unpacked)
}

fn inflate(code: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let mut decoder = ZlibDecoder::new(code);
    let mut unpacked = vec![0; bytes];
    decoder.read_exact(&mut unpacked).ok()?;
    // At its end, the sum over all bytes is compared; a strip may hold more rows than the page.
    let _more = decoder.read(&mut [0]).ok()?;
    Some(unpacked)
}
