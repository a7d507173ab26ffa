//! Long arguments as they arrive, brought to the bytes that they stand for.

/// How an argument is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decoder {
    /// As it is.
    Bytes,
    /// As UTF-8 that is kept as Latin-1, as Python 3 writes bytes with protocol 2; with the first byte of a pair.
    Utf8(Option<u8>),
    /// As Python 2 shows a `str`, to the end of the line.
    Quoted(Quoted),
    /// As `raw-unicode-escape` that is kept as Latin-1, to the end of the line.
    Escaped(Escape),
}

/// Where it is in a quoted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    Before,
    In(u8),
    /// After a backslash.
    Escape(u8),
    /// After `\x` and perhaps a digit.
    Hex(u8, Option<u8>),
    After,
    Over,
}

/// Where it is in a text with escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    None,
    Backslash,
    /// Digits to come, and the number until now.
    Hex(u8, u32),
    Over,
}

impl Decoder {
    /// Whether the line is over.
    pub(super) fn is_over(self) -> bool {
        matches!(self, Self::Quoted(Quoted::Over) | Self::Escaped(Escape::Over))
    }

    /// Whether it may end here.
    pub(super) fn is_whole(self) -> bool {
        !matches!(self, Self::Utf8(Some(_)))
    }

    /// Takes from `bytes` what belongs to the argument, and adds what it stands for to `out`.
    ///
    /// # Errors
    /// A clause, if it cannot be read.
    pub(super) fn decode(&mut self, bytes: &mut &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
        match self {
            Self::Bytes => out.extend_from_slice(std::mem::take(bytes)),
            Self::Utf8(pair) => decode_utf8(pair, bytes, out)?,
            Self::Quoted(state) => {
                while *state != Quoted::Over
                    && let Some((&byte, rest)) = bytes.split_first()
                {
                    *bytes = rest;
                    *state = state.next(byte, out).ok_or("a quoted text cannot be read")?;
                }
            }
            Self::Escaped(state) => {
                while *state != Escape::Over
                    && let Some((&byte, rest)) = bytes.split_first()
                {
                    *bytes = rest;
                    *state = state.next(byte, out).ok_or("a text holds other letters than bytes")?;
                }
            }
        }
        Ok(())
    }
}

fn decode_utf8(pair: &mut Option<u8>, bytes: &mut &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    let mut text = std::mem::take(bytes);
    while let Some((&byte, rest)) = text.split_first() {
        if let Some(first) = pair.take() {
            if !(0x80..0xc0).contains(&byte) {
                return Err("a long text holds other letters than bytes");
            }
            out.push(first << 6 | byte & 0x3f);
            text = rest;
        } else if byte < 0x80 {
            let ascii = text.iter().position(|byte| *byte >= 0x80).unwrap_or(text.len());
            out.extend_from_slice(&text[..ascii]);
            text = &text[ascii..];
        } else if matches!(byte, 0xc2 | 0xc3) {
            *pair = Some(byte);
            text = rest;
        } else {
            return Err("a long text holds other letters than bytes");
        }
    }
    Ok(())
}

impl Quoted {
    fn next(self, byte: u8, out: &mut Vec<u8>) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Before, b'\'' | b'"') => Self::In(byte),
            (Self::In(quote), _) if byte == quote => Self::After,
            (Self::In(quote), b'\\') => Self::Escape(quote),
            (Self::In(_), b'\n') => return None,
            (Self::Escape(quote), b'x') => Self::Hex(quote, None),
            (Self::Hex(quote, None), _) => Self::Hex(quote, Some(hex(byte)?)),
            (Self::After, b'\n') => Self::Over,
            (Self::In(quote) | Self::Escape(quote) | Self::Hex(quote, Some(_)), _) => {
                out.push(match self {
                    Self::In(_) => byte,
                    Self::Hex(_, Some(first)) => first << 4 | hex(byte)?,
                    _ => match byte {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'\\' | b'\'' | b'"' => byte,
                        _ => return None,
                    },
                });
                Self::In(quote)
            }
            _ => return None,
        })
    }
}

impl Escape {
    fn next(self, byte: u8, out: &mut Vec<u8>) -> Option<Self> {
        Some(match (self, byte) {
            (Self::None, b'\n') => Self::Over,
            (Self::None, b'\\') => Self::Backslash,
            (Self::Backslash, b'u') => Self::Hex(4, 0),
            (Self::Backslash, b'U') => Self::Hex(8, 0),
            (Self::Backslash, b'\n') => {
                out.push(b'\\');
                Self::Over
            }
            (Self::None | Self::Backslash, _) => {
                if self == Self::Backslash {
                    out.push(b'\\');
                }
                out.push(byte);
                Self::None
            }
            (Self::Hex(digits, number), _) => {
                let number = number.checked_mul(16)? + u32::from(hex(byte)?);
                if digits > 1 {
                    return Some(Self::Hex(digits - 1, number));
                }
                out.push(u8::try_from(number).ok()?);
                Self::None
            }
            (Self::Over, _) => return None,
        })
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}
