//! The fonts of the PDF, which come with typst: read once, then shared.

use std::{borrow::Cow, fmt::Write, sync::LazyLock};

use typst::{
    foundations::Bytes,
    layout::Abs,
    text::{Font, FontBook, FontInstance, FontStyle, FontVariations, FontWeight},
    utils::LazyHash,
};

/// Running text, tables and figures.
pub(super) const TEXT: &str = "Libertinus Serif";
/// Hashes and lines to type.
pub(super) const CODE: &str = "DejaVu Sans Mono";

pub(super) struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    /// In the order of the book.
    pub(super) all: Vec<Font>,
    /// For measuring: regular, bold, code.
    faces: [Option<FontInstance>; 3],
}

/// How a text is set, as far as its width goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Regular,
    Bold,
    Code,
}

pub(super) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts: Vec<Font> =
        typst_assets::fonts().flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect();
    let face = |family: &str, weight: FontWeight| {
        let is_it = |font: &&Font| {
            let info = font.info();
            info.family == family
                && info.variant.style == FontStyle::Normal
                && info.variant.weight == weight
        };
        let font = fonts.iter().find(is_it).cloned()?;
        let variant = font.info().variant;
        Some(font.instantiate(variant, Abs::pt(10.0), &FontVariations::default()))
    };
    let faces = [
        face(TEXT, FontWeight::REGULAR),
        face(TEXT, FontWeight::BOLD),
        face(CODE, FontWeight::REGULAR),
    ];
    Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), all: fonts, faces }
});

impl Fonts {
    /// How wide a text is, in the units of its size.
    pub(super) fn width(&self, text: &str, face: Face) -> f64 {
        let [regular, bold, code] = &self.faces;
        let font = match face {
            Face::Regular => regular,
            Face::Bold => bold,
            Face::Code => code,
        };
        let Some(ttf) = font.as_ref().map(FontInstance::ttf) else {
            return text.chars().count() as f64;
        };
        let em = f64::from(ttf.units_per_em());
        let advance = |letter| {
            let glyph = ttf.glyph_index(letter)?;
            Some(f64::from(ttf.glyph_hor_advance(glyph)?) / em)
        };
        text.chars().map(|letter| advance(letter).unwrap_or(1.0)).sum()
    }

    /// The text as the fonts can show it: a letter that none of them has stands as its number,
    /// `[U+1F600]`, and a control character is a space.
    pub(super) fn shown<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if text.chars().all(|it| self.has(it)) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                letter if self.has(letter) => out.push(letter),
                letter if letter.is_control() => out.push(' '),
                letter => {
                    let _ = write!(out, "[U+{:04X}]", u32::from(letter));
                }
            }
        }
        Cow::Owned(out)
    }

    fn has(&self, letter: char) -> bool {
        if (' '..='~').contains(&letter) {
            return true;
        }
        let is_private = matches!(u32::from(letter), 0xe000..=0xf8ff | 0xf_0000..);
        let is_mark = matches!(letter, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
        let has = |font: &Font| font.info().coverage.contains(u32::from(letter));
        !letter.is_control() && !is_private && !is_mark && self.all.iter().any(has)
    }
}
