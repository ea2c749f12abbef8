//! What a public report leaves out as a whole, and the sentences that say so.

use lodd_report::Text as Words;

use super::{gate::Gate, linked::Decided};

/// What was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    Tables,
    /// Figures of tables that are shown in part.
    Figures,
    Status,
    Months,
    Effects,
    Robustness,
    Received,
    Subgroups,
    /// Tables that `report.toml` describes.
    Own,
    Paths,
    /// An arm has too few families for anything that is of an arm.
    Gate,
    /// Everything that is made from exact counts.
    Rounded,
}

impl Why {
    /// Its code in JSON.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Tables => "tables",
            Self::Figures => "figures",
            Self::Status => "status",
            Self::Months => "months",
            Self::Effects => "effects",
            Self::Robustness => "robustness",
            Self::Received => "taking_part",
            Self::Subgroups => "subgroups",
            Self::Own => "own_tables",
            Self::Paths => "by_horizon",
            Self::Gate => "small_arm",
            Self::Rounded => "exact",
        }
    }

    /// What is left out, and why.
    #[expect(clippy::too_many_lines, reason = "a list of sentences")]
    pub(crate) fn text(self) -> Words {
        let (nb, nn, en) = match self {
            Self::Tables => (
                "Noen tabeller er utelatt: ingen regel sier at tallene kan vises.",
                "Nokre tabellar er utelatne: ingen regel seier at tala kan visast.",
                "Some tables are left out: no rule says that their numbers may be shown.",
            ),
            Self::Figures => (
                "Noen figurer over balanse og overganger er utelatt: ikke alle tallene i dem kan vises.",
                "Nokre figurar over balanse og overgangar er utelatne: ikkje alle tala i dei kan visast.",
                "Some figures of balance and transitions are left out: not all of their numbers may be shown.",
            ),
            Self::Status => (
                "Tabellene over status er utelatt.",
                "Tabellane over status er utelatne.",
                "The tables of statuses are left out.",
            ),
            Self::Months => (
                "Utviklingen måned for måned er utelatt.",
                "Utviklinga månad for månad er utelaten.",
                "The development month by month is left out.",
            ),
            Self::Effects => (
                "Noen sammenligninger er utelatt i sin helhet, med estimat, standardfeil, konfidensintervall, p-verdi, andeler og figur: minst én av cellene bak er for liten.",
                "Nokre samanlikningar er utelatne i si heilheit, med estimat, standardfeil, konfidensintervall, p-verdi, delar og figur: minst éi av cellene bak er for lita.",
                "Some comparisons are left out as a whole, with estimate, standard error, interval, p-value, shares and figure: at least one of the cells behind is too small.",
            ),
            Self::Robustness => (
                "Noen av de samme sammenligningene med andre metoder er utelatt.",
                "Nokre av dei same samanlikningane med andre metodar er utelatne.",
                "Some of the same comparisons by other methods are left out.",
            ),
            Self::Received => (
                "Effekten av deltakelse er utelatt: den røper hvor mange som deltok i hver gruppe.",
                "Effekten av deltaking er utelaten: han røper kor mange som deltok i kvar gruppe.",
                "The effect of taking part is left out: it tells how many took part in each arm.",
            ),
            Self::Subgroups => (
                "Undergrupper er utelatt: hvor mange som står bak hver av dem er ikke kjent her.",
                "Undergrupper er utelatne: kor mange som står bak kvar av dei er ikkje kjent her.",
                "Subgroups are left out: how many stand behind each is not known here.",
            ),
            Self::Own => (
                "Pilotens egne tabeller er utelatt: de er talt av filer som skjermingen ikke kjenner.",
                "Dei eigne tabellane til piloten er utelatne: dei er talde av filer som skjerminga ikkje kjenner.",
                "The pilot's own tables are left out: they are counted from files that disclosure control does not know.",
            ),
            Self::Paths => (
                "Effekter over tid er utelatt der ikke alle tidspunktene kan vises.",
                "Effektar over tid er utelatne der ikkje alle tidspunkta kan visast.",
                "Effects over time are left out where not all horizons may be shown.",
            ),
            Self::Gate => (
                "Stedet er navngitt, og minst én gruppe har færre enn 30 familier. Derfor vises ingen andeler, effekter, kurver eller overganger for hver gruppe.",
                "Staden er namngitt, og minst éi gruppe har færre enn 30 familiar. Difor blir ingen delar, effektar, kurver eller overgangar viste for kvar gruppe.",
                "The place is named, and at least one arm has fewer than 30 families. So no shares, effects, curves or transitions of an arm are shown.",
            ),
            Self::Rounded => (
                "Alle antall er avrundet slik at summene stemmer. Tall som er regnet av de nøyaktige antallene er utelatt.",
                "Alle tal på familiar og personar er runda av slik at summane stemmer. Tal som er rekna av dei nøyaktige tala er utelatne.",
                "All counts are rounded so that sums hold. Numbers that are made from the exact counts are left out.",
            ),
        };
        Words::new(nb, en).nn(nn)
    }
}

/// Everything that is left out, each once.
#[derive(Debug)]
pub(super) struct LeftOut {
    whys: Vec<Why>,
}

impl LeftOut {
    pub(super) fn new(gate: &Gate, is_rounded: bool) -> Self {
        let gated = (!gate.is_open()).then_some(Why::Gate);
        Self { whys: gated.into_iter().chain(is_rounded.then_some(Why::Rounded)).collect() }
    }

    /// Notes that so many were left out.
    pub(super) fn note(&mut self, why: Why, n: usize) {
        if n > 0 && !self.whys.contains(&why) {
            self.whys.push(why);
        }
    }

    /// Those that are kept; what is not is noted.
    pub(super) fn each<A, B>(
        &mut self,
        all: Vec<A>,
        why: Why,
        keep: impl FnMut(A) -> Option<B>,
    ) -> Vec<B> {
        let there = all.len();
        let kept: Vec<B> = all.into_iter().filter_map(keep).collect();
        self.note(why, there - kept.len());
        kept
    }

    pub(super) fn all(&self) -> Vec<Why> {
        self.whys.clone()
    }

    /// The sentences of the report.
    pub(super) fn notes(&self, decided: &Decided) -> Vec<Words> {
        let (all, withheld) = decided.counts();
        let nb = format!(
            "Rapporten er skjermet før publisering: {withheld} av {all} tall er holdt tilbake (:), noen fordi de er små, noen fordi de ville røpet de små."
        );
        let nn = format!(
            "Rapporten er skjerma før publisering: {withheld} av {all} tal er haldne tilbake (:), nokre fordi dei er små, nokre fordi dei ville ha røpt dei små."
        );
        let en = format!(
            "The report went through disclosure control: {withheld} of {all} numbers are withheld (:), some because they are small, some because they would give the small ones away."
        );
        let first = Words::new(nb, en).nn(nn);
        std::iter::once(first).chain(self.whys.iter().map(|it| it.text())).collect()
    }
}
