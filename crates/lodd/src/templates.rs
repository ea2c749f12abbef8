//! The pilots that `lodd new` can begin from. A further one is one entry here and its folder under
//! `templates/`.

use crate::text::Text;

/// A pilot folder to begin from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Template {
    /// As typed.
    pub(crate) name: &'static str,
    about: [&'static str; 2],
    /// Name in the folder, and text.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// Every template, in the order they are listed.
pub(crate) const TEMPLATES: &[Template] = &[Template {
    name: "holf",
    about: [
        "nasjonalt forsøk i to trinn: 29 kontor, så familiene i hvert av dem",
        "a national trial in two stages: 29 offices, then the families of each",
    ],
    files: &[
        ("pilot.toml", include_str!("../templates/holf/pilot.toml")),
        ("analysis.toml", include_str!("../templates/holf/analysis.toml")),
        ("report.toml", include_str!("../templates/report.toml")),
        ("README.md", include_str!("../templates/holf/README.md")),
    ],
}];

impl Template {
    /// What it is, in a line.
    pub(crate) fn about(&self) -> Text {
        let [nb, en] = self.about;
        Text::new(nb, en)
    }
}
