//! The words of the forms, in bokmål, nynorsk and English.

use crate::text::Lang;

/// A few fixed words in three languages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrased {
    pub(super) nb: &'static str,
    pub(super) nn: &'static str,
    pub(super) en: &'static str,
}

impl Phrased {
    pub(super) const fn new(nb: &'static str, nn: &'static str, en: &'static str) -> Self {
        Self { nb, nn, en }
    }

    pub(super) const fn in_lang(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Nb => self.nb,
            Lang::Nn => self.nn,
            Lang::En => self.en,
        }
    }
}

/// The name of the guide's sheet: a reader knows the two Norwegian ones.
pub(super) const GUIDE: Phrased = Phrased::new("Veiledning", "Rettleiing", "Veiledning");

pub(super) const LIST_HEADERS: [Phrased; 4] = [
    Phrased::new("liste", "liste", "list"),
    Phrased::new("kode", "kode", "code"),
    Phrased::new("svar", "svar", "answer"),
    Phrased::new("merknad", "merknad", "remark"),
];

pub(super) const CLEARS: Phrased = Phrased::new(
    "Fjerner et svar som er levert før",
    "Fjernar eit svar som er levert før",
    "Takes away an answer delivered before",
);

/// What a drop-down, a date or a number says to a value it does not take. Title and message.
pub(super) const NOT_ON_LIST: (Phrased, Phrased) = (
    Phrased::new("Ikke på listen", "Ikkje på lista", "Not on the list"),
    Phrased::new(
        "Velg et svar fra nedtrekkslisten. Svarene står også i arket «Koder».",
        "Vel eit svar frå nedtrekkslista. Svara står òg i arket «Koder».",
        "Choose an answer from the list. The answers also stand in the sheet «Koder».",
    ),
);
pub(super) const NO_DATE: (Phrased, Phrased) = (
    Phrased::new("Ikke en gyldig dato", "Ikkje ein gyldig dato", "Not a valid date"),
    Phrased::new(
        "Skriv datoen som dd.mm.åååå. Den kan ikke være før pilotens start eller etter i dag.",
        "Skriv datoen som dd.mm.åååå. Han kan ikkje vere før starten på piloten eller etter i dag.",
        "Write the date as dd.mm.yyyy, not before the pilot's start and not after today.",
    ),
);
pub(super) const NO_NUMBER: (Phrased, Phrased) = (
    Phrased::new("Ikke et gyldig tall", "Ikkje eit gyldig tal", "Not a valid number"),
    Phrased::new(
        "Skriv et helt tall uten tusenskille, fra {min} til {max}.",
        "Skriv eit heilt tal utan tusenskilje, frå {min} til {max}.",
        "Write a whole number without separators, from {min} to {max}.",
    ),
);
pub(super) const SEVERAL: (Phrased, Phrased) = (
    Phrased::new("Flere svar", "Fleire svar", "Several answers"),
    Phrased::new(
        "Velg ett svar fra listen, eller skriv flere med komma mellom. «Ingen» betyr nei til alle.",
        "Vel eitt svar frå lista, eller skriv fleire med komma mellom. «Ingen» tyder nei til alle.",
        "Choose one answer, or write several with commas between. «None» means no to all.",
    ),
);

/// How a column is filled in, for the guide.
pub(super) const HOW_FIXED: Phrased = Phrased::new(
    "Fylt ut på forhånd, skal ikke endres",
    "Fylt ut på førehand, skal ikkje endrast",
    "Filled in beforehand, not to be changed",
);
pub(super) const HOW_LIST: Phrased =
    Phrased::new("Velg fra nedtrekkslisten", "Vel frå nedtrekkslista", "Choose from the list");
pub(super) const HOW_DATE: Phrased =
    Phrased::new("Dato: dd.mm.åååå", "Dato: dd.mm.åååå", "Date: dd.mm.yyyy");
pub(super) const HOW_MONTH: Phrased =
    Phrased::new("Måned: 2016-02", "Månad: 2016-02", "Month: 2016-02");
pub(super) const HOW_NUMBER: Phrased = Phrased::new(
    "Helt tall fra {min} til {max}",
    "Heilt tal frå {min} til {max}",
    "Whole number from {min} to {max}",
);
pub(super) const HOW_NUMBER_OR: Phrased = Phrased::new(
    "Helt tall fra {min} til {max}, eller skriv f.eks. «Ukjent»",
    "Heilt tal frå {min} til {max}, eller skriv t.d. «Ukjend»",
    "Whole number from {min} to {max}, or write e.g. «Unknown»",
);
pub(super) const HOW_TEXT: Phrased = Phrased::new("Skriv inn", "Skriv inn", "Type it in");

/// The header and the page's foot.
pub(super) const PAGE: Phrased = Phrased::new("Side &P av &N", "Side &P av &N", "Page &P of &N");

pub(super) const BORN: Phrased = Phrased::new("født", "fødd", "born");
