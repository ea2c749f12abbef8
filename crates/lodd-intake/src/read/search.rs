//! Searches a workbook's parts, outside the cells that the parser reads, for national identity
//! numbers and for what reaches out of the file.

use std::borrow::Cow;

use super::xml::Seen;
use crate::{
    national_id::{DIGITS_MIN, found_in, found_whole},
    roster::marks::is_keyed_id,
};

/// What has been found in one part.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "findings that do not exclude each other")]
pub(super) struct Search {
    /// A national identity number outside the cells of a sheet.
    pub(super) leak: bool,
    /// One in the cells of a sheet, which count only if the workbook does not list the sheet.
    pub(super) leak_in_cells: bool,
    /// Macros, or a link to another file or program.
    pub(super) active: bool,
    /// Whether the part is a sheet.
    pub(super) is_sheet: bool,
    /// Text in several runs, as far as it has been read.
    runs: String,
    relation: Relation,
}

/// A relationship to another part or file, as far as it has been read.
#[derive(Debug, Default)]
struct Relation {
    external: bool,
    hyperlink: bool,
}

/// Elements in which texts in several runs begin.
const RUNS: [&str; 7] = ["si", "is", "text", "comment", "p", "c", "author"];

/// Attributes in which a number may have lost its leading 0. In others, ten digits are an
/// identifier of the file's own, such as an axis of a chart.
const TYPED: [&str; 14] = [
    "prompt",
    "promptTitle",
    "error",
    "errorTitle",
    "name",
    "display",
    "tooltip",
    "descr",
    "title",
    "displayName",
    "caption",
    "v",
    "Target",
    "location",
];

/// Contents that no office's file has: they can run, or fetch.
const ACTIVE_TYPES: [&str; 6] =
    ["macroEnabled", "vbaProject", "macrosheet", "oleObject", "activeX", "externalLink"];

impl Search {
    /// A search of the part with this name.
    pub(super) fn new(part: &str) -> Self {
        Self { is_sheet: part.to_lowercase().contains("worksheets/sheet"), ..Self::default() }
    }

    /// Looks at something seen in the part.
    pub(super) fn see(&mut self, seen: Seen<'_>) {
        match seen {
            Seen::Attribute { element, name, value } => self.attribute(element, name, value),
            Seen::Text { element, text } => self.text(element, text),
        }
    }

    /// Looks at what was left open when the part ended.
    pub(super) fn end(&mut self) {
        self.end_of_runs();
    }

    fn attribute(&mut self, element: &str, name: &str, value: &str) {
        if value.len() >= DIGITS_MIN {
            let plain = unescaped(value);
            let typed = TYPED.contains(&name) || ["filter", "customFilter"].contains(&element);
            self.leak |= if typed { found_in(&plain, false) } else { found_whole(&plain) };
        }
        match (element, name) {
            ("Override" | "Default", "ContentType") | ("Relationship", "Type") => {
                let plain = unescaped(value);
                self.active |= ACTIVE_TYPES.iter().any(|it| plain.contains(it));
                self.relation.hyperlink |= plain.ends_with("/hyperlink");
            }
            ("Relationship", "TargetMode") => {
                self.relation.external |= unescaped(value).eq_ignore_ascii_case("external");
            }
            _ => {}
        }
    }

    fn text(&mut self, element: &str, text: &str) {
        let relation = std::mem::take(&mut self.relation);
        self.active |= relation.external && !relation.hyperlink;
        if RUNS.contains(&element) {
            self.end_of_runs();
        }
        if text.is_empty() || is_keyed_id(text.trim()) {
            return;
        }
        let plain = unescaped(text);
        let in_cell = self.is_sheet && ["v", "t"].contains(&element);
        if in_cell {
            self.leak_in_cells |= found_in(&plain, false);
            return;
        }
        self.active |= element == "f" && is_dynamic(&plain);
        self.leak |= found_in(&plain, false);
        if element == "t" && self.runs.len() < RUNS_MAX {
            self.runs.push_str(&plain);
        }
    }

    fn end_of_runs(&mut self) {
        self.leak |= found_in(&std::mem::take(&mut self.runs), false);
    }
}

/// Bytes of a text in several runs that are searched together.
const RUNS_MAX: usize = 1 << 20;

/// Whether a formula asks another program (`=cmd|' /C calc'!A0`): outside quoted text, only such
/// formulas have a bar.
fn is_dynamic(formula: &str) -> bool {
    formula.split('"').step_by(2).any(|outside| outside.contains('|'))
}

/// Text with its numeric references (`&#48;`, `&#x30;`) replaced.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') || !text.contains("&#") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split("&#");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let referred = part.split_once(';').and_then(|(number, rest)| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            };
            Some((char::from_u32(code?)?, rest))
        });
        match referred {
            Some((c, rest)) => {
                out.push(c);
                out.push_str(rest);
            }
            None => out.push_str(part),
        }
    }
    Cow::Owned(out)
}

/// Whether a national identity number stands in bytes that are no XML: as ASCII, as UTF-8 or as
/// UTF-16 of either order.
pub(super) fn found_in_bytes(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok_and(found_whole) {
        return true;
    }
    let may_be_part = |byte: u8| byte.is_ascii_digit() || b" .-".contains(&byte);
    let narrow = bytes.split(|byte| !may_be_part(*byte)).filter(|run| run.len() >= 11);
    if narrow.into_iter().any(|run| std::str::from_utf8(run).is_ok_and(found_whole)) {
        return true;
    }
    let wide = bytes.split(|byte| *byte != 0 && !may_be_part(*byte)).filter(|run| run.len() >= 21);
    wide.into_iter().any(|run| (0..2).any(|from| found_whole(&every_second(run, from))))
}

/// The characters of UTF-16 whose other byte is 0, `x` for the others.
fn every_second(run: &[u8], from: usize) -> String {
    let pairs = run.get(from..).unwrap_or_default().chunks(2);
    pairs
        .map(|pair| match pair {
            [byte] | [byte, 0] if *byte != 0 => char::from(*byte),
            _ => 'x',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{limits::Limits, read::xml::scan};

    /// A synthetic number (month + 80); its control digits are worked out in `tests/intake/privacy.rs`.
    const NUMBER: &str = "01819010001";

    fn search(part: &str, text: &str) -> Search {
        let mut search = Search::new(part);
        scan(text, Limits::default().xml_depth, &mut |seen| search.see(seen)).unwrap();
        search.end();
        search
    }

    #[test]
    fn numbers_are_found_wherever_text_is() {
        for text in [
            "<a>018190 10001</a>",
            "<a><!-- 01819010001 --></a>",
            "<a/><!--01819010001-->",
            "<a b='&#48;1819010001'/>",
            "<a>&#x30;18190<![CDATA[]]></a><b>0181901000&#49;</b>",
            "<sst><si><r><t>018190</t></r><r><rPr><b/></rPr><t>10001</t></r></si></sst>",
            "<comment><text><r><t>Kari: </t></r><r><t>01819</t></r><r><t>010001</t></r></text></comment>",
            "<s v='1819010001'/>",
            "<c:numCache formatCode='01819010001'/>",
        ] {
            assert!(search("xl/x.xml", text).leak, "{text}");
        }
        for text in [
            "<c:axId val='1819010001'/>",
            "<sst><si><t>018190</t></si><si><t>10001</t></si></sst>",
            "<a x:uid='{01819010-0010-0000-0000-000000000000}'/>",
            "<a>&#018;19010001</a>",
        ] {
            assert!(!search("xl/x.xml", text).leak, "{text}");
        }
        // A keyed id may hold such digits by chance.
        let keyed = format!("<si><t>{}a{NUMBER}b{}</t></si>", "c".repeat(26), "d".repeat(25));
        assert!(!search("xl/sharedStrings.xml", &keyed).leak);
    }

    #[test]
    fn cells_are_told_apart() {
        let found = search("xl/worksheets/sheet1.xml", "<c><v>1819010001</v></c>");
        assert!(found.is_sheet && found.leak_in_cells && !found.leak);
        let found = search("xl/worksheets/sheet1.xml", "<oddHeader>01819010001</oddHeader>");
        assert!(found.leak && !found.leak_in_cells);
    }

    #[test]
    fn what_reaches_out_is_active() {
        let relation = |mode: &str, kind: &str| {
            format!(
                "<R><Relationship Id='1' TargetMode='{mode}' Target='x' Type='http://x/{kind}'/></R>"
            )
        };
        assert!(search("r.rels", &relation("External", "image")).active);
        assert!(search("r.rels", &relation("external", "attachedTemplate")).active);
        assert!(search("r.rels", &relation("Internal", "vbaProject")).active);
        assert!(!search("r.rels", &relation("External", "hyperlink")).active);
        assert!(!search("r.rels", &relation("Internal", "image")).active);
        assert!(search("s.xml", "<f>cmd|'/C calc'!A0</f>").active);
        assert!(!search("s.xml", "<f>IF(A1=\"a|b\",1,2)</f>").active);
    }

    #[test]
    fn bytes_are_searched_as_text_of_either_width() {
        let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("æ{NUMBER}ø").encode_utf16().flat_map(order).collect()
        };
        assert!(found_in_bytes(format!("\u{1}{NUMBER}").as_bytes()));
        assert!(found_in_bytes(&[b"\xff\xfe", NUMBER.as_bytes(), b"\xff"].concat()));
        assert!(found_in_bytes(&[b"\xff018190 10001\xff".as_slice()].concat()));
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            assert!(found_in_bytes(&wide(order)));
            assert!(found_in_bytes(&[b"\xff".as_slice(), &wide(order)].concat()));
        }
        assert!(!found_in_bytes(b"1819010001"));
        let apart: Vec<u8> = NUMBER.bytes().flat_map(|digit| [digit, 0, 0, 0]).collect();
        assert!(!found_in_bytes(&apart));
    }
}
