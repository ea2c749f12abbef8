//! What the program's own codes are called in bokmål, nynorsk and English, where no other list says.

/// Codes with their words, in the order of their list.
pub(super) type Words = &'static [(&'static str, [&'static str; 3])];

pub(super) const ORIGINS: Words = &[
    ("drawn", ["Trukket her", "Trekt her", "Drawn here"]),
    ("imported", ["Ikke trukket her", "Ikkje trekt her", "Not drawn here"]),
    ("rehearsal", ["Øvelse", "Øving", "Rehearsal"]),
];

pub(super) const ANSWERS: Words = &[
    ("JA", ["Ja", "Ja", "Yes"]),
    ("NEI", ["Nei", "Nei", "No"]),
    ("IKKE_NADD", ["Ikke nådd", "Ikkje nådd", "Not reached"]),
];

pub(super) const END_REASONS: Words = &[
    ("FULLFORT", ["Fullført", "Fullført", "Carried through"]),
    ("EGET_ONSKE", ["Familiens eget ønske", "Familien ønskte det", "The family's own wish"]),
    ("FLYTTET", ["Flyttet", "Flytta", "Moved"]),
    ("IKKE_NADD", ["Ikke nådd", "Ikkje nådd", "Not reached"]),
    ("ANNET", ["Annet", "Anna", "Other"]),
];

pub(super) const FLAGS: Words = &[
    (
        "sen_baseline",
        [
            "Startmåling etter at resultatet ble vist",
            "Startmåling etter at resultatet vart vist",
            "Baseline after the result was shown",
        ],
    ),
    (
        "ubekreftet",
        [
            "Ubekreftet: for lenge mellom observasjonene",
            "Ikkje stadfest: for lenge mellom observasjonane",
            "Unconfirmed: observations too far apart",
        ],
    ),
];

pub(super) const LEVELS: Words = &[
    ("office", ["Kontor", "Kontor", "Offices"]),
    ("family", ["Familier", "Familiar", "Families"]),
    ("adult", ["Voksne", "Vaksne", "Adults"]),
    ("child", ["Barn", "Barn", "Children"]),
];

pub(super) const STAGES: Words = &[
    ("assessed", ["Vurdert", "Vurderte", "Assessed"]),
    ("not_eligible", ["Oppfyller ikke kriteriene", "Oppfyller ikkje kriteria", "Not eligible"]),
    ("eligible", ["Oppfyller kriteriene", "Oppfyller kriteria", "Eligible"]),
    ("drawn", ["Med i trekningen", "Med i trekninga", "Drawn"]),
    ("erased", ["Slettet", "Sletta", "Erased"]),
    ("struck", ["Strøket fra listen", "Strokne frå lista", "Struck from the list"]),
    ("asked", ["Spurt om samtykke", "Spurde om samtykke", "Asked for consent"]),
    ("consented", ["Samtykket", "Samtykte", "Consented"]),
    ("declined", ["Samtykket ikke", "Samtykte ikkje", "Declined"]),
    ("withdrew", ["Trakk samtykket", "Trekte samtykket", "Withdrew consent"]),
    ("offered", ["Tilbudt plass", "Tilbodne plass", "Offered a place"]),
    ("accepted", ["Tok imot", "Tok imot", "Accepted"]),
    ("refused", ["Takket nei", "Takka nei", "Refused"]),
    ("not_reached", ["Ikke nådd", "Ikkje nådde", "Not reached"]),
    ("no_answer", ["Har ikke svart", "Har ikkje svart", "No answer yet"]),
    ("started", ["Begynte", "Byrja", "Started"]),
    ("died", ["Døde", "Døydde", "Died"]),
    ("left", ["Flyttet ut", "Flytta ut", "Left"]),
    ("came", ["Kom til", "Kom til", "Came"]),
    ("split", ["Delt", "Delte", "Split"]),
    ("dissolved", ["Oppløst", "Oppløyste", "Dissolved"]),
    ("present", ["Til stede", "Til stades", "Present"]),
    ("due", ["Rapport forfalt", "Rapport forfallen", "Due"]),
    ("observed", ["Observert", "Observerte", "Observed"]),
    ("missing", ["Mangler", "Manglar", "Missing"]),
    ("analysed", ["Analysert", "Analyserte", "Analysed"]),
    ("not_analysed", ["Ikke analysert", "Ikkje analyserte", "Not analysed"]),
];

/// Beside the reasons for missing values.
pub(super) const REASONS: Words = &[
    ("STROKET", ["Strøket fra listen", "Stroken frå lista", "Struck from the list"]),
    ("FORSKNING", ["Samtykke til forskning", "Samtykke til forsking", "Consent to research"]),
    ("TILTAK", ["Samtykke til tiltaket", "Samtykke til tiltaket", "Consent to the follow-up"]),
];

pub(super) const STATUSES: Words = &[
    ("confirmatory", ["Bekreftende", "Stadfestande", "Confirmatory"]),
    ("exploratory", ["Eksplorerende", "Eksplorerande", "Exploratory"]),
    ("interim", ["Foreløpig", "Førebels", "Interim"]),
    ("planning", ["Planlegging", "Planlegging", "Planning"]),
];

pub(super) const TABLES: Words = &[
    (
        "offices",
        [
            "Utvalg og trekning per kontor",
            "Utval og trekning per kontor",
            "List and draw by office",
        ],
    ),
    (
        "analysed",
        [
            "Balanse blant de analyserte",
            "Balanse blant dei analyserte",
            "Balance among the analysed",
        ],
    ),
    ("received", ["Hva gruppene fikk", "Kva gruppene fekk", "What the arms got"]),
    ("profile", ["Hvem familiene er", "Kven familiane er", "Who the families are"]),
    ("power", ["Styrkeberegning", "Styrkeberekning", "Power"]),
    ("response", ["Innrapportering", "Innrapportering", "Response"]),
    ("calendar", ["Vinduer og frister", "Vindauge og fristar", "Windows and deadlines"]),
    ("harms", ["Uønskede hendelser", "Uønskte hendingar", "Harms"]),
];

pub(super) const AGAINST: Words = &[
    ("arm", ["Gruppe", "Gruppe", "Arm"]),
    ("rank", ["Plass etter lodd", "Plass etter lodd", "Rank"]),
];
