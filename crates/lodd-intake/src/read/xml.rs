//! A scanner of XML that allocates nothing: tags, attributes, text, and how deep they nest.
//!
//! It stands guard before the workbook parser, which trusts what it reads; it builds no tree,
//! resolves no entity and refuses a document type.

/// Something the scanner saw. Names are local (`x:row` is `row`), values are not unescaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen<'a> {
    /// An attribute.
    Attribute { element: &'a str, name: &'a str, value: &'a str },
    /// Text, with the element that was opened last before it; none for a comment or after the end.
    /// Every tag is followed by a text, be it empty.
    Text { element: &'a str, text: &'a str },
}

/// Why a part is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum XmlError {
    /// Not well-formed, as far as this scanner looks.
    Malformed,
    /// It has a document type, with which entities can be declared.
    DocumentType,
    /// Elements nest deeper than allowed.
    TooDeep,
}

/// Scans a document and shows what it sees; stops at the first thing refused.
pub(super) fn scan<'a>(
    text: &'a str,
    depth_max: usize,
    see: &mut impl FnMut(Seen<'a>),
) -> Result<(), XmlError> {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut depth = 0_usize;
    let mut element = "";
    while let Some((text, after)) = rest.split_once('<') {
        see(Seen::Text { element, text });
        rest = if let Some(comment) = after.strip_prefix("!--") {
            let (text, after) = past(comment, "-->")?;
            see(Seen::Text { element: "", text });
            after
        } else if let Some(data) = after.strip_prefix("![CDATA[") {
            let (text, after) = past(data, "]]>")?;
            see(Seen::Text { element, text });
            after
        } else if after.starts_with('!') {
            return Err(XmlError::DocumentType);
        } else if let Some(instruction) = after.strip_prefix('?') {
            past(instruction, "?>")?.1
        } else if let Some(closing) = after.strip_prefix('/') {
            depth = depth.checked_sub(1).ok_or(XmlError::Malformed)?;
            closing.split_once('>').ok_or(XmlError::Malformed)?.1
        } else {
            let (tag, open, after) = tag(after, see)?;
            element = tag;
            depth += usize::from(open);
            after
        };
        if depth > depth_max {
            return Err(XmlError::TooDeep);
        }
    }
    see(Seen::Text { element: "", text: rest });
    if depth == 0 { Ok(()) } else { Err(XmlError::Malformed) }
}

fn past<'a>(text: &'a str, end: &str) -> Result<(&'a str, &'a str), XmlError> {
    text.split_once(end).ok_or(XmlError::Malformed)
}

/// Reads a start tag after its `<`: its local name, whether it stays open, what follows it.
fn tag<'a>(
    text: &'a str,
    see: &mut impl FnMut(Seen<'a>),
) -> Result<(&'a str, bool, &'a str), XmlError> {
    let end = text.find([' ', '\t', '\r', '\n', '/', '>']).ok_or(XmlError::Malformed)?;
    let (name, mut rest) = text.split_at_checked(end).ok_or(XmlError::Malformed)?;
    let element = local(name);
    if element.is_empty() || element.len() > 256 {
        return Err(XmlError::Malformed);
    }
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((element, true, after));
        }
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((element, false, after));
        }
        let (name, after) = rest.split_once('=').ok_or(XmlError::Malformed)?;
        let name = name.trim_ascii_end();
        if name.is_empty() || name.contains(['<', '>', '"', '\'', '/', ' ']) {
            return Err(XmlError::Malformed);
        }
        let after = after.trim_ascii_start();
        let quote = after.chars().next().filter(|it| "\"'".contains(*it));
        let quoted = after.get(1..).ok_or(XmlError::Malformed)?;
        let (value, after) =
            quoted.split_once(quote.ok_or(XmlError::Malformed)?).ok_or(XmlError::Malformed)?;
        see(Seen::Attribute { element, name: local(name), value });
        rest = after;
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Result<Vec<String>, XmlError> {
        let mut all = Vec::new();
        scan(text, 3, &mut |it| match it {
            Seen::Attribute { element, name, value } => {
                all.push(format!("{element}@{name}={value}"));
            }
            Seen::Text { element, text } if !text.is_empty() => {
                all.push(format!("{element}:{text}"));
            }
            Seen::Text { .. } => {}
        })?;
        Ok(all)
    }

    #[test]
    fn tags_attributes_and_text_are_seen() {
        let text = "\u{feff}<?xml version='1.0'?><x:a r = 'A\"1' q=\"<b>\"><!-- <c> --><d/>t<![CDATA[<e>]]></x:a>";
        assert_eq!(seen(text).unwrap(), ["a@r=A\"1", "a@q=<b>", ": <c> ", "d:t", "d:<e>"]);
    }

    #[test]
    fn what_is_not_plain_xml_is_refused() {
        for text in [
            "<a",
            "<a b>",
            "<a b=c/>",
            "<a b='c/>",
            "<a>",
            "</a>",
            "<a><!-- </a>",
            "< a/>",
            "<a b='1'",
        ] {
            assert_eq!(seen(text), Err(XmlError::Malformed), "{text}");
        }
        assert_eq!(seen("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), Err(XmlError::DocumentType));
        assert_eq!(seen("<a><a><a><a></a></a></a></a>"), Err(XmlError::TooDeep));
        assert!(seen("<a><a><a><a/></a></a></a>").is_ok());
    }
}
