//! Small files for the readers, good and hostile, kept as they are: each was written once, by hand or with
//! `formats`, and whatever a reader has stumbled over is added here.

/// A file, and how many images it holds, or what its refusal says.
pub struct Seed {
    pub name: &'static str,
    pub bytes: &'static [u8],
    pub is: Result<usize, &'static str>,
}

macro_rules! seed {
    ($name:literal, $is:expr) => {
        Seed { name: $name, bytes: include_bytes!(concat!("../seeds/", $name)), is: $is }
    };
}

pub const SEEDS: &[Seed] = &[
    seed!("one.bin", Ok(1)),
    seed!("protocol_0", Ok(1)),
    seed!("protocol_2", Ok(1)),
    seed!("protocol_4", Ok(1)),
    seed!("protocol_5", Ok(1)),
    seed!("python.tar.gz", Ok(2)),
    seed!("stored.tar", Ok(1)),
    seed!("twice.gz", Ok(1)),
    seed!("calls_system", Err("system")),
    seed!("length_lies", Err("cut off")),
    seed!("member_lies.tar", Err("cut off")),
    seed!("member_binary_size.tar", Err(".")),
    seed!("gzip_extra_lies.gz", Err("cut off")),
    seed!("gzip_of_nothing.gz", Err("empty")),
    seed!("marks", Err(".")),
    seed!("memo", Err(".")),
];
