//! Fills the SQL files under `sql/`.

/// Puts each value where `{key}` stands. One pass: a value is never searched, so nothing that a
/// protocol says can be taken for a place.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (key, tail) = after.split_once('}').unwrap_or((after, ""));
        let value = values.iter().find(|(name, _)| *name == key);
        debug_assert!(value.is_some(), "no value for {{{key}}}");
        out.push_str(value.map_or("", |(_, value)| *value));
        rest = tail;
    }
    out.push_str(rest);
    out
}
