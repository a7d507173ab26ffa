//! Several files as one: a zip whose members are stored as they are.

use flate2::Crc;

/// Seconds since midnight and days since 1980 are written as nothing: the first of January 1980.
const DATE: u16 = 1 << 5 | 1;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const VERSION: u16 = 20;

/// A zip of files, each a path and its bytes, less than 4 GB in all (PKWARE's APPNOTE, 4.3 and 4.4).
pub fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let mut crc = Crc::new();
        crc.update(bytes);
        let offset = size(body.len());
        let mut common = Vec::new();
        for short in [VERSION, FLAGS, 0, 0, DATE] {
            common.extend(short.to_le_bytes());
        }
        for long in [crc.sum(), size(bytes.len()), size(bytes.len())] {
            common.extend(long.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        body.extend(b"PK\x03\x04");
        body.extend(&common);
        body.extend(name.as_bytes());
        body.extend(bytes);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&common);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (offset, length, count) = (size(body.len()), size(directory.len()), files.len() as u16);
    body.extend(directory);
    body.extend(b"PK\x05\x06\0\0\0\0");
    body.extend([count, count].map(u16::to_le_bytes).concat());
    body.extend([length, offset].map(u32::to_le_bytes).concat());
    body.extend(0_u16.to_le_bytes());
    body
}
