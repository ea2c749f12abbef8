//! Figures: geometry here, drawn as SVG by the templates. Nothing is told by colour alone.

pub(crate) mod flow;
pub(crate) mod forest;

/// A line of text at a place.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) text: String,
    pub(crate) class: &'static str,
}

/// Breaks a text at spaces into lines of at most this many letters; longer words stay whole.
pub(crate) fn wrap(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("har ikke barn under 18 år", 10), ["har ikke", "barn under", "18 år"]);
        assert_eq!(wrap("åååååååååååå å", 4), ["åååååååååååå", "å"]);
        assert!(wrap("  ", 4).is_empty());
    }
}
