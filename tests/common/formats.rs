//! Files as other programs write them: batches, pickles of several protocols, tar and gzip.
#![allow(dead_code, reason = "each test crate uses some of it")]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use piecewise::data::{Batch, CLASSES, Contents, Images, PIXELS, Piece, Purpose, Role, What, rng, role};
use rand::RngExt;

/// Enough that the pixels are a long argument of a pickle.
pub const IMAGES: usize = 7;

pub fn images(count: usize, seed: u64) -> Images {
    let mut rng = rng(seed, Purpose::Sample, 1);
    Images {
        pixels: (0..count * PIXELS).map(|_| rng.random()).collect(),
        labels: (0..count).map(|index| (index % CLASSES) as u8).collect(),
    }
}

pub fn binary(images: &Images) -> Vec<u8> {
    (0..images.len()).flat_map(|index| [&[images.labels[index]], images.get(index).0].concat()).collect()
}

// A small pickler.

pub fn line(text: &str) -> Vec<u8> {
    [b"c", text.replace(' ', "\n").as_bytes(), b"\n"].concat()
}

/// Text as Python 3 writes it with this protocol, and as Python 2 does with protocol 0 here.
pub fn text(protocol: u8, text: &str) -> Vec<u8> {
    match protocol {
        0 => [b"U", &[text.len() as u8][..], text.as_bytes()].concat(),
        1..=3 => [b"X", &(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat(),
        _ => [&[0x8c, text.len() as u8][..], text.as_bytes(), &[0x94]].concat(),
    }
}

pub fn bytes(protocol: u8, bytes: &[u8]) -> Vec<u8> {
    match protocol {
        0 => [b"T", &(bytes.len() as u32).to_le_bytes()[..], bytes].concat(),
        1 | 2 => {
            let letters: String = bytes.iter().map(|byte| char::from(*byte)).collect();
            let letters = [b"X", &(letters.len() as u32).to_le_bytes()[..], letters.as_bytes()].concat();
            [line("_codecs encode"), b"(".to_vec(), letters, text(1, "latin1"), b"tR".to_vec()].concat()
        }
        3 => [b"B", &(bytes.len() as u32).to_le_bytes()[..], bytes].concat(),
        4 => [&[0x8e], &(bytes.len() as u64).to_le_bytes()[..], bytes, &[0x94]].concat(),
        _ => [&[0x96], &(bytes.len() as u64).to_le_bytes()[..], bytes, &[0x94]].concat(),
    }
}

pub fn global(protocol: u8, module: &str, name: &str) -> Vec<u8> {
    match protocol {
        ..4 => line(&format!("{module} {name}")),
        _ => [text(protocol, module), text(protocol, name), vec![0x93, 0x94]].concat(),
    }
}

pub fn list(items: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    [b"](".to_vec(), items.flatten().collect(), b"e".to_vec()].concat()
}

pub fn int(value: usize) -> Vec<u8> {
    [b"J", &(value as u32).to_le_bytes()[..]].concat()
}

pub fn dtype(protocol: u8, name: &str, order: &str) -> Vec<u8> {
    let state = [b"(K\x03".to_vec(), text(protocol, order), b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb".to_vec()];
    [global(protocol, "numpy", "dtype"), b"(".to_vec(), text(protocol, name), b"K\0K\x01tR".to_vec(), state.concat()]
        .concat()
}

/// What may differ from a good batch.
#[derive(Clone)]
pub struct Made<'a> {
    pub protocol: u8,
    pub numpy: &'a str,
    pub label: &'a str,
    pub ty: &'a str,
    pub is_fortran: bool,
    pub shape: Vec<usize>,
}

impl Made<'_> {
    pub fn good(protocol: u8) -> Self {
        let numpy = if protocol > 2 { "numpy._core" } else { "numpy.core" };
        Self {
            protocol,
            numpy,
            label: "training batch 1 of 5",
            ty: "u1",
            is_fortran: false,
            shape: vec![IMAGES, PIXELS],
        }
    }

    pub fn array(&self, data: &[u8]) -> Vec<u8> {
        let p = self.protocol;
        let shape = [b"(".to_vec(), self.shape.iter().flat_map(|side| int(*side)).collect(), b"t".to_vec()].concat();
        let dtype = dtype(p, self.ty, "|");
        if p == 5 {
            let order = text(p, if self.is_fortran { "F" } else { "C" });
            let function = global(p, &format!("{}.numeric", self.numpy), "_frombuffer");
            return [function, b"(".to_vec(), bytes(p, data), dtype, shape, order, b"tR".to_vec()].concat();
        }
        let start = [
            global(p, &format!("{}.multiarray", self.numpy), "_reconstruct"),
            [b"(".to_vec(), global(p, "numpy", "ndarray"), b"(K\0t".to_vec(), bytes(p, b"b"), b"tR".to_vec()].concat(),
        ];
        let is_fortran = match p {
            1 => if self.is_fortran { "I01\n" } else { "I00\n" }.as_bytes(),
            _ => &[if self.is_fortran { 0x88 } else { 0x89 }],
        };
        let state = [b"(K\x01".to_vec(), shape, dtype, is_fortran.to_vec(), bytes(p, data), b"tb".to_vec()];
        [start.concat(), state.concat()].concat()
    }

    pub fn pickle(&self, images: &Images) -> Vec<u8> {
        let p = self.protocol;
        let numbers = images.labels.iter().flat_map(|label| [b'K', *label]).collect();
        let labels = [b"]q\x05(".to_vec(), numbers, b"e".to_vec()].concat();
        let names = (0..images.len()).flat_map(|index| text(p, &format!("image_{index:06}.png"))).collect();
        let names = [b"](".to_vec(), names, b"e".to_vec()].concat();
        dict(
            p,
            &[
                ("batch_label", text(p, self.label)),
                ("labels", labels),
                ("data", self.array(&images.pixels)),
                ("filenames", names),
            ],
        )
    }
}

pub fn dict(protocol: u8, entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let start: Vec<u8> = match protocol {
        0 => b"\x80\x02}q\x01(".to_vec(),
        1 => b"}q\x01(".to_vec(),
        2 | 3 => vec![0x80, protocol, b'}', b'q', 1, b'('],
        _ => [&[0x80, protocol, 0x95], &[9; 8][..], b"}\x94("].concat(),
    };
    let entries: Vec<u8> =
        entries.iter().flat_map(|(key, value)| [text(protocol, key), value.clone()].concat()).collect();
    [start, entries, b"u.".to_vec()].concat()
}

// Small packers.

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn header(name: &str, size: &str, kind: u8) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len().min(100)].copy_from_slice(&name.as_bytes()[..name.len().min(100)]);
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..124 + size.len()].copy_from_slice(size.as_bytes());
    header[136..148].copy_from_slice(b"14325612345 ");
    header[148..156].copy_from_slice(b"        ");
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

pub fn member(name: &str, kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut member = header(name, &format!("{:011o}", bytes.len()), kind);
    member.extend_from_slice(bytes);
    member.resize(member.len().next_multiple_of(512), 0);
    member
}

pub fn tar(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut tar: Vec<u8> = members
        .iter()
        .flat_map(|(name, bytes)| {
            let long = if name.len() > 100 { member("././@LongLink", b'L', name.as_bytes()) } else { Vec::new() };
            [long, member(name, b'0', bytes)].concat()
        })
        .collect();
    tar.resize((tar.len() + 1024).next_multiple_of(10_240), 0);
    tar
}

/// A tar archive whose members' paths stand in PAX headers, as Python writes it; the old field has its end only.
pub fn pax_tar(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut tar: Vec<u8> = members
        .iter()
        .flat_map(|(name, bytes)| {
            let text = format!(" path={name}\n");
            // The record's length counts its own digits.
            let length =
                (1..4).map(|digits| text.len() + digits).find(|all| all.to_string().len() + text.len() == *all);
            let record = format!("{}{text}", length.unwrap());
            let cut = &name[..name.len().min(100)];
            [member("PaxHeader/x", b'x', record.as_bytes()), member(cut, b'0', bytes)].concat()
        })
        .collect();
    tar.resize((tar.len() + 1024).next_multiple_of(10_240), 0);
    tar
}

/// How a zip archive's members are packed.
#[derive(Clone, Copy, PartialEq)]
pub enum Packing {
    Stored,
    Deflated,
    /// Deflated, with the sizes behind, as macOS writes it.
    Streamed,
    /// Stored, with sizes of 8 bytes.
    Wide,
    /// Deflated, with sizes of 8 bytes behind.
    WideStreamed,
}

pub fn zip(members: &[(&str, Vec<u8>)], packing: Packing) -> Vec<u8> {
    use Packing::{Deflated, Stored, Streamed, Wide, WideStreamed};
    let (is_streamed, is_wide) = (matches!(packing, Streamed | WideStreamed), matches!(packing, Wide | WideStreamed));
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let packed = match packing {
            Stored | Wide => bytes.clone(),
            Deflated | Streamed | WideStreamed => {
                let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
        };
        let method: u16 = if matches!(packing, Stored | Wide) { 0 } else { 8 };
        let flags: u16 = if is_streamed { 8 } else { 0 };
        let sizes = [packed.len(), bytes.len()];
        let narrow = |known: bool| -> Vec<u8> {
            let size = |size: usize| if is_wide { u32::MAX } else { size as u32 };
            let all = [crc.sum(), size(sizes[0]), size(sizes[1])];
            all.iter().flat_map(|n| if known { n.to_le_bytes() } else { [0; 4] }).collect()
        };
        let wide: Vec<u8> = match is_wide {
            // The unpacked size comes first.
            true => [
                (1_u32 | 16 << 16).to_le_bytes().to_vec(),
                (sizes[1] as u64).to_le_bytes().to_vec(),
                (sizes[0] as u64).to_le_bytes().to_vec(),
            ]
            .concat(),
            false => Vec::new(),
        };
        let start = all.len() as u32;
        let common = |known: bool| {
            let fields = [20_u16, flags, method, 0, 0].iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
            let lengths = [name.len() as u16, wide.len() as u16].iter().flat_map(|n| n.to_le_bytes()).collect();
            [fields, narrow(known), lengths].concat()
        };
        all.extend(b"PK\x03\x04");
        all.extend(common(!is_streamed));
        all.extend(name.as_bytes());
        all.extend(&wide);
        all.extend(&packed);
        if is_streamed {
            all.extend(b"PK\x07\x08");
            all.extend(crc.sum().to_le_bytes());
            for size in sizes {
                all.extend(&(size as u64).to_le_bytes()[..if is_wide { 8 } else { 4 }]);
            }
        }
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(common(true));
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
        directory.extend(&wide);
    }
    let (offset, length) = (all.len() as u32, directory.len() as u32);
    all.extend(directory);
    all.extend(b"PK\x05\x06\0\0\0\0");
    all.extend([members.len() as u16; 2].iter().flat_map(|n| n.to_le_bytes()));
    all.extend(length.to_le_bytes());
    all.extend(offset.to_le_bytes());
    all.extend([0; 2]);
    all
}

// Reading.

/// The batches of a file, by name, as they are trained on.
pub fn batches(contents: Contents) -> Vec<Batch> {
    let batch = |piece: Piece| match piece.what {
        What::Batch { images, label, validation } => {
            let by_name = || role(&piece.path, label.as_deref()).role == Role::Validation;
            let validation = validation.unwrap_or_else(by_name);
            Some(Batch { name: piece.path.rsplit('/').next().unwrap().into(), images, validation })
        }
        _ => None,
    };
    let mut batches: Vec<_> = contents.pieces.into_iter().filter_map(batch).collect();
    batches.sort_by(|a, b| a.name.cmp(&b.name));
    batches
}
