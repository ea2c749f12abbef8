//! A small reader of HTML: enough to see that tags close, and what they hold.

/// Elements that have no end.
const VOID: [&str; 4] = ["meta", "link", "br", "hr"];

/// One start tag: its name, its attributes in order, and whether it closes itself.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    closes: bool,
}

impl Tag {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }
}

/// All start tags of a page whose tags balance and whose text has no bare `<`, `>` or `&`.
///
/// # Panics
///
/// If they do not.
pub(crate) fn tags(page: &str) -> Vec<Tag> {
    let mut rest = page.strip_prefix("<!doctype html>").expect("a doctype");
    let (mut open, mut tags) = (Vec::<String>::new(), Vec::new());
    while let Some((text, tail)) = rest.split_once('<') {
        check_text(text);
        let is_style = open.last().is_some_and(|it| it == "style");
        let (tag, after) = tail.split_once('>').expect("an end to every tag");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "`</{name}>` closes another");
            continue;
        }
        assert!(!is_style, "a tag in a style");
        let tag = read(tag);
        if !tag.closes && !VOID.contains(&tag.name.as_str()) {
            open.push(tag.name.clone());
        }
        tags.push(tag);
    }
    assert_eq!(rest.trim(), "");
    assert!(open.is_empty(), "{open:?} never close");
    tags
}

fn check_text(text: &str) {
    for (at, _) in text.match_indices('&') {
        let entity = &text[at..text.len().min(at + 8)];
        assert!(entity.contains(';'), "a bare `&` in `{entity}`");
    }
}

fn read(text: &str) -> Tag {
    let closes = text.ends_with('/');
    let text = text.trim_end_matches('/');
    let name: String = text.chars().take_while(|it| !it.is_whitespace()).collect();
    assert!(
        !name.is_empty() && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit()),
        "a tag `{name}`"
    );
    let mut attributes = Vec::new();
    let mut rest = text[name.len()..].trim();
    while !rest.is_empty() {
        let (name, tail) = rest.split_once("=\"").expect("an attribute with a quoted value");
        let (value, tail) = tail.split_once('"').expect("an end to every value");
        assert!(!attributes.iter().any(|(it, _)| it == name), "`{name}` twice");
        attributes.push((name.to_owned(), value.to_owned()));
        rest = tail.trim();
    }
    Tag { name, attributes, closes }
}

/// The text of every element of this name, without tags.
pub(crate) fn text_of(page: &str, name: &str) -> Vec<String> {
    let (start, end) = (format!("<{name}"), format!("</{name}>"));
    let elements = page.split(&start).skip(1).filter_map(|it| it.split_once('>'));
    elements.filter_map(|(_, it)| it.split_once(&end)).map(|(it, _)| plain(it)).collect()
}

/// A piece of HTML without its tags; what is read apart has a space between.
pub(crate) fn plain(html: &str) -> String {
    let text: String = html
        .split('<')
        .enumerate()
        .map(|(at, it)| if at == 0 { it } else { it.split_once('>').map_or("", |it| it.1) })
        .collect();
    text.trim().to_owned()
}
