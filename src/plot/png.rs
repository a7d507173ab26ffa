//! Images as PNG in an address, so that an SVG holds all that it shows.

use super::Image;
use crate::data::base64;

/// Bytes in a stored block of deflate, at most.
const BLOCK: usize = 65_535;

/// The image as a `data:` address. Pixels are stored, not compressed: it is small.
pub(super) fn data_uri(image: &Image) -> String {
    format!("data:image/png;base64,{}", base64::encode(&png(image)))
}

/// The file: palette colours, eight bits a pixel, no filters (PNG specification, third edition, 5 and 11).
fn png(image: &Image) -> Vec<u8> {
    let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    let mut file = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        file.extend(size(data.len()));
        let body = [kind, data].concat();
        file.extend(&body);
        file.extend(crc32(&body).to_be_bytes());
    };
    // Depth 8, colours from a palette, and the only ways there are to compress, filter and order.
    chunk(b"IHDR", &[&size(image.columns)[..], &size(image.rows()), &[8, 3, 0, 0, 0]].concat());
    let palette: Vec<u8> = image.palette.iter().flat_map(|colour| [colour.0, colour.1, colour.2]).collect();
    chunk(b"PLTE", &palette);
    // Each row after a byte that says that it is not filtered.
    let rows = image.pixels.chunks(image.columns.max(1));
    let plain: Vec<u8> = rows.flat_map(|row| std::iter::once(0).chain(row.iter().copied())).collect();
    chunk(b"IDAT", &zlib(&plain));
    chunk(b"IEND", &[]);
    file
}

/// The bytes in stored blocks (RFC 1950 and 1951).
fn zlib(plain: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = plain.chunks(BLOCK).count();
    for (index, block) in plain.chunks(BLOCK).enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(index + 1 == blocks));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in plain {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), shift))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_stored_stream_is_read_back() {
        let plain: Vec<u8> = (0..150_000_u32).map(|i| (i.wrapping_mul(i) >> 7) as u8).collect();
        let mut read = Vec::new();
        flate2::read::ZlibDecoder::new(&zlib(&plain)[..]).read_to_end(&mut read).unwrap();
        assert!(read == plain);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926, "the catalogue's check value");
    }
}
