//! The pilots that `lodd new` can begin from. A further one is one entry here and its folder under
//! `templates/`.

use crate::text::Text;

/// A pilot folder to begin from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Template {
    /// Its folder, by whose last step it is called.
    folder: &'static str,
    about: [&'static str; 2],
    /// Name in the folder, and text.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// A template with the files of its folder.
macro_rules! template {
    ($folder:literal, $nb:literal, $en:literal, [$($file:literal),* $(,)?]) => {
        Template {
            folder: $folder,
            about: [$nb, $en],
            files: &[$(($file, include_str!(concat!($folder, $file)))),*],
        }
    };
}

/// Every template, in the order they are listed.
pub(crate) const TEMPLATES: &[Template] = &[
    Template {
        folder: "../templates/holf/",
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
    },
    template!(
        "../templates/ringerike/",
        "én liste og én trekning, status ved oppstart og årsskifte",
        "one list and one draw, status at the start and at the turn of the year",
        ["pilot.toml", "analysis.toml", "report.toml", "README.md"]
    ),
    template!(
        "../templates/aurskog-holand/",
        "løpende inntak: ledige plasser trekkes fra hver ny liste",
        "rolling places: free places are drawn from each new list",
        ["pilot.toml", "analysis.toml", "report.toml", "README.md"]
    ),
    template!(
        "../templates/drammen/",
        "uten trekning: saksstatistikk fra henvisninger, hjelp som en trapp",
        "without a draw: case statistics from referrals, help as a staircase",
        [
            "pilot.toml",
            "report.toml",
            "README.md",
            "familier.csv",
            "medlemmer.csv",
            "saker.csv",
            "hjelp.csv"
        ]
    ),
    template!(
        "../templates/levekarsteamet/",
        "uten trekning: familier fulgt opp, overganger etter slag",
        "without a draw: families followed up, moves by kind",
        [
            "pilot.toml",
            "report.toml",
            "README.md",
            "familier.csv",
            "medlemmer.csv",
            "oversikt.csv",
            "overganger.csv"
        ]
    ),
    template!(
        "../templates/hadsel/",
        "uten trekning: boligen kartlagt først, tre prosjektår",
        "without a draw: housing assessed first, three project years",
        [
            "pilot.toml",
            "report.toml",
            "README.md",
            "familier.csv",
            "medlemmer.csv",
            "kartlegging.csv"
        ]
    ),
];

impl Template {
    /// As typed.
    pub(crate) fn name(&self) -> &'static str {
        let path = self.folder.trim_end_matches('/');
        path.rsplit_once('/').map_or(path, |(_, name)| name)
    }

    /// What it is, in a line.
    pub(crate) fn about(&self) -> Text {
        let [nb, en] = self.about;
        Text::new(nb, en)
    }
}
