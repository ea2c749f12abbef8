//! A file's lines, one at a time: one byte a column, whatever the encoding.
//!
//! Columns are counted in characters. In ISO-8859-1 and Windows-1252 a character is a byte; a line
//! of UTF-8 is brought to one byte a character. A line that is valid UTF-8 with a letter outside
//! ASCII and a line that is not UTF-8 in one file mean that nobody knows where the columns are.

use std::io::{self, BufRead, Read};

/// The longest line that is read; a record has at most 338 columns.
const BYTES_MAX: usize = 4_096;

/// A line that can't be read as a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It has bytes that are no text.
    NotText,
    /// It is longer than any record.
    TooLong,
    /// It is encoded otherwise than a line before it.
    OtherEncoding,
}

/// A line's number, from 1, and its columns.
pub(super) type Line<'l> = (usize, Result<&'l [u8], Fault>);

/// What the letters outside ASCII have shown the encoding to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    SingleByte,
}

/// Reads lines until the end.
#[derive(Debug)]
pub(super) struct Lines<R> {
    source: R,
    bytes: Vec<u8>,
    columns: Vec<u8>,
    number: usize,
    encoding: Option<Encoding>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, bytes: Vec::new(), columns: Vec::new(), number: 0, encoding: None }
    }

    /// The next line's number, and its columns without its end and its trailing blanks; `None` at
    /// the file's end. After [`Fault::TooLong`] and [`Fault::NotText`] there is no sense in reading on.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.bytes.clear();
        let most = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX);
        if self.source.by_ref().take(most).read_until(b'\n', &mut self.bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.bytes.len() == BYTES_MAX && !self.bytes.ends_with(b"\n") {
            return Ok(Some((self.number, Err(Fault::TooLong))));
        }
        Ok(Some((self.number, self.decode())))
    }

    fn decode(&mut self) -> Result<&[u8], Fault> {
        let mut line = self.bytes.as_slice();
        if self.number == 1 {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        // What DOS programs put at a file's end.
        let line = line.trim_ascii_end();
        let line = line.strip_suffix(b"\x1a").unwrap_or(line).trim_ascii_end();
        if line.iter().any(u8::is_ascii_control) {
            return Err(Fault::NotText);
        }
        self.columns.clear();
        if line.is_ascii() {
            self.columns.extend_from_slice(line);
            return Ok(&self.columns);
        }
        let encoding = if let Ok(text) = std::str::from_utf8(line) {
            self.columns.extend(text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')));
            Encoding::Utf8
        } else {
            self.columns.extend_from_slice(line);
            Encoding::SingleByte
        };
        if *self.encoding.get_or_insert(encoding) != encoding {
            return Err(Fault::OtherEncoding);
        }
        Ok(&self.columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Result<Vec<u8>, Fault>> {
        let mut lines = Lines::new(bytes);
        let mut all = Vec::new();
        while let Some((_, line)) = lines.next().unwrap() {
            all.push(line.map(<[u8]>::to_vec));
        }
        all
    }

    #[test]
    fn a_column_is_a_character_in_every_encoding() {
        let expected = vec![Ok(b"K\xd8b1".to_vec()), Ok(b"x".to_vec())];
        assert_eq!(all("KØb1  \r\nx".as_bytes()), expected);
        assert_eq!(all(b"K\xd8b1\nx \n"), expected);
        assert_eq!(all("\u{feff}KØb1\nx\n\u{1a}".as_bytes()).get(..2), Some(&expected[..]));
    }

    #[test]
    fn what_is_no_text_is_said_so() {
        assert_eq!(all(b"a\0b\n"), [Err(Fault::NotText)]);
        assert_eq!(all("a\tb".as_bytes()), [Err(Fault::NotText)]);
        assert_eq!(
            all("Ø1\n".as_bytes().iter().chain(b"\xd81\n").copied().collect::<Vec<_>>().as_slice())
                .get(1),
            Some(&Err(Fault::OtherEncoding))
        );
        assert_eq!(all(&[b'x'; 5000]).first(), Some(&Err(Fault::TooLong)));
    }
}
