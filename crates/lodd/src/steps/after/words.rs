//! What is said of the checks, in Norwegian and English.

use lodd_report::{Lang, format::Format};
use lodd_store::pilot::Origin;

use super::{
    Balance, Made, Orders, STOP,
    order::{Against, Check},
};
use crate::text::{Text, count, say};

const NB: Format = Format::new(Lang::Nb);
const EN: Format = Format::new(Lang::En);

/// A text as pages take it: without the marks that set off a command on a terminal.
pub(super) fn shown(text: &Text) -> lodd_report::Text {
    let plain = |it: &str| it.trim().replace('`', "");
    lodd_report::Text::new(plain(&text.nb), plain(&text.en))
}

/// What every output of such a draw says.
pub(super) fn stamps(origin: Origin) -> Vec<Text> {
    match origin {
        Origin::Drawn => Vec::new(),
        Origin::Rehearsal => {
            vec![Text::new("ØVELSE (REHEARSAL)", "REHEARSAL").nn("ØVING (REHEARSAL)")]
        }
        Origin::Imported => {
            vec![Text::new("IKKE TRUKKET HER", "NOT DRAWN HERE").nn("IKKJE TREKT HER")]
        }
    }
}

pub(super) fn against(against: Against) -> Text {
    match against {
        Against::Arm => Text::new("gruppene", "the arms"),
        Against::Rank => Text::new("de trukne numrene", "the drawn ranks").nn("dei trekte nummera"),
    }
}

/// A p-value in running text.
fn p(value: f64) -> Text {
    Text::new(NB.p_equals(value), EN.p_equals(value))
}

/// One line for the terminal.
pub(super) fn headline(balance: &Balance) -> Text {
    let Some((test, _)) = &balance.joint else {
        return Text::new(
            "  Balanse: ingen kjennetegn å sammenligne.",
            "  Balance: no fact to compare.",
        )
        .nn("  Balanse: ingen kjenneteikn å samanlikne.");
    };
    let (p, n) = (p(test.p_value()), count(test.draws));
    if test.exact {
        return Text::new(
            format!(
                "  Balanse, alle kjennetegn samlet: {}, over alle {n} mulige trekninger.",
                p.nb
            ),
            format!("  Balance, all facts together: {}, over all {n} possible draws.", p.en),
        )
        .nn(format!(
            "  Balanse, alle kjenneteikn samla: {}, over alle {n} moglege trekkingar.",
            p.nb
        ));
    }
    Text::new(
        format!("  Balanse, alle kjennetegn samlet: {}, mot {n} nye trekninger.", p.nb),
        format!("  Balance, all facts together: {}, against {n} new draws.", p.en),
    )
    .nn(format!("  Balanse, alle kjenneteikn samla: {}, mot {n} nye trekkingar.", p.nb))
}

/// What the joint test says, for the page.
pub(super) fn balance(balance: &Balance) -> Vec<Text> {
    let mut said = vec![headline(balance)];
    let Some((test, f)) = &balance.joint else { return said };
    let (d2_nb, d2_en) = (NB.decimal(test.statistic, 2), EN.decimal(test.statistic, 2));
    let df = test.df;
    said.push(say!(
        "Statistikken er d² = {d2_nb} med {df} frihetsgrader (Hansen og Bowers 2008): forskjellene mellom gruppene målt mot hvor mye trekningen selv lar dem variere. Alle nye trekninger er gjort slik som trekningen ble gjort.",
        nn "Statistikken er d² = {d2_nb} med {df} fridomsgrader (Hansen og Bowers 2008): skilnadene mellom gruppene målte mot kor mykje trekkinga sjølv lèt dei variere. Alle nye trekkingar er gjorde slik som trekkinga vart gjord.",
        "The statistic is d² = {d2_en} with {df} degrees of freedom (Hansen and Bowers 2008): the differences between the arms against how much the draw itself lets them vary. All new draws are made as the draw was made."
    ));
    if let (Some(f), Some(chi)) = (f, test.p_chi_squared()) {
        let (chi, f) = (p(chi), p(f.p_value));
        said.push(Text::new(
            format!("Ved siden av, med tilnærminger: {} (kji-kvadrat), {} (F-test).", chi.nb, f.nb),
            format!("Beside it, by approximation: {} (chi-squared), {} (F test).", chi.en, f.en),
        ));
    }
    said.push(Text::new(
        "Kjennetegnene er fra før trekningen. Stemmer trekningen (`lodd draw verify`), er en lav p her tilfeldighet, og den er ingen grunn til å trekke på nytt.",
        "The facts are from before the draw. If the draw verifies (`lodd draw verify`), a low p here is chance, and it is no reason to draw again.",
    ).nn("Kjenneteikna er frå før trekkinga. Stemmer trekkinga (`lodd draw verify`), er ein låg p her tilfelle, og han er ingen grunn til å trekkje på nytt."));
    said
}

/// One line for the terminal.
pub(super) fn order_headline(orders: &Orders) -> Text {
    let (made, stop) = (orders.checks.len(), orders.stopped().count());
    if stop > 0 {
        return say!(
            "  Rekkefølgen på listen: {stop} av {made} kontroller sier STOPP OG SE ETTER.",
            nn "  Rekkjefølgja på lista: {stop} av {made} kontrollar seier STOPP OG SJÅ ETTER.",
            "  Order of the list: {stop} of {made} checks say STOP AND LOOK."
        );
    }
    say!(
        "  Rekkefølgen på listen: {made} kontroller, ingen sier stopp (grensen er p < 0,001).",
        nn "  Rekkjefølgja på lista: {made} kontrollar, ingen seier stopp (grensa er p < 0,001).",
        "  Order of the list: {made} checks, none says stop (the limit is p < 0.001)."
    )
}

/// A check that says stop, for the terminal.
pub(super) fn stopped(made: &Made, it: &Check) -> Text {
    let (name, against, p) = (&it.list.name, against(it.against), p(it.test.p_value()));
    let said = check(made, it);
    Text::new(
        format!("    {} mot {}: {}. {}", name.nb, against.nb, p.nb, said.nb),
        format!("    {} against {}: {}. {}", name.en, against.en, p.en, said.en),
    )
}

/// What one check says.
pub(super) fn check(made: &Made, it: &Check) -> Text {
    let value = it.test.p_value();
    let what = match (it.against, it.first) {
        (Against::Rank, _) => {
            let (nb, en) = (NB.decimal(it.test.statistic, 2), EN.decimal(it.test.statistic, 2));
            say!(
                "Samvariasjonen (Spearman) innen blokkene er {nb}.",
                nn "Samvariasjonen (Spearman) innanfor blokkene er {nb}.",
                "The correlation (Spearman) within blocks is {en}."
            )
        }
        (Against::Arm, Some(first)) => {
            let (places, list) = first.shares(made.units());
            let (units, drawn, all) = (first.units, first.drawn, first.drawn_in_all);
            let part_nb = (NB.percent(list), NB.percent(places), NB.decimal(first.expected, 1));
            let part_en = (EN.percent(list), EN.percent(places), EN.decimal(first.expected, 1));
            Text::new(
                format!(
                    "De {units} første ({} % av listen) fikk {drawn} av {all} plasser ({} %); ventet {}.",
                    part_nb.0, part_nb.1, part_nb.2
                ),
                format!(
                    "The first {units} ({} % of the list) got {drawn} of {all} places ({} %); {} were to be expected.",
                    part_en.0, part_en.1, part_en.2
                ),
            )
        }
        (Against::Arm, None) => Text::new(
            "Plassene på hvert kontor mot det ventede.",
            "The places of each office against those expected.",
        )
        .nn("Plassane på kvart kontor mot det venta."),
    };
    let verdict = if value < STOP {
        Text::new(
            "Trekningen følger denne rekkefølgen mer enn tilfeldigheten gjør i én av tusen.",
            "The draw follows this order more than chance does in one of a thousand.",
        )
        .nn("Trekkinga følgjer denne rekkjefølgja meir enn tilfellet gjer i éin av tusen.")
    } else if value <= 0.05 {
        Text::new(
            "Så lavt kommer om lag én av tjue kontroller ved tilfeldighet.",
            "About one check of twenty is as low by chance.",
        )
        .nn("Så lågt kjem om lag éin av tjue kontrollar ved tilfelle.")
    } else {
        Text::new("Ikke mer enn tilfeldigheten gir.", "No more than chance gives.")
            .nn("Ikkje meir enn tilfellet gir.")
    };
    Text::new(what.nb + " " + &verdict.nb, what.en + " " + &verdict.en)
}

/// What the checks say together, and what to do.
pub(super) fn advice(made: &Made, orders: &Orders) -> Vec<Text> {
    let (n, low) = (orders.checks.len(), orders.below(0.05));
    let mut said = vec![say!(
        "Av {n} kontroller har {low} en p på 0,05 eller lavere; om lag én av tjue kommer dit ved tilfeldighet. Grensen for å stoppe er p < 0,001.",
        nn "Av {n} kontrollar har {low} ein p på 0,05 eller lågare; om lag éin av tjue kjem dit ved tilfelle. Grensa for å stoppe er p < 0,001.",
        "Of {n} checks {low} have a p of 0.05 or lower; about one in twenty gets there by chance. The limit for stopping is p < 0.001."
    )];
    let smallest = orders.checks.iter().filter(|it| it.test.exact).map(|it| it.test.draws).min();
    if let Some(draws) = smallest.filter(|it| *it < 1_000) {
        let draws = count(draws);
        said.push(say!(
            "Trekningen har bare {draws} mulige utfall: kontrollene mot gruppene kan ikke komme under 0,001.",
            nn "Trekkinga har berre {draws} moglege utfall: kontrollane mot gruppene kan ikkje kome under 0,001.",
            "The draw has only {draws} possible results: the checks against the arms can't get below 0.001."
        ));
    }
    if orders.stopped().next().is_some() {
        said.push(what_to_do(made));
    }
    said
}

/// What a flagged check asks for.
pub(super) fn what_to_do(made: &Made) -> Text {
    let folder = format!("draws/{:04}", made.draw.draw);
    if made.folder.is_none() {
        return Text::new(
            "  Ikke fortell noen resultatet ennå. Tildelingen er gjort et annet sted: spør den som gjorde den, hvordan den ble til.",
            "  Tell nobody the result yet. The assignment was made elsewhere: ask whoever made it how it came about.",
        ).nn("  Ikkje fortel nokon resultatet enno. Tildelinga er gjord ein annan stad: spør den som gjorde ho, korleis ho vart til.");
    }
    say!(
        "  Ikke fortell noen resultatet ennå. Kontroller trekningen med `lodd draw verify {folder}`, helst på en annen maskin, og se etter hvordan listen ble låst. Stemmer den, er den gyldig, og dette er et sjeldent utslag av tilfeldighet. Å annullere krever en begrunnelse, som står i kjeden for alltid.",
        nn "  Ikkje fortel nokon resultatet enno. Kontroller trekkinga med `lodd draw verify {folder}`, helst på ei anna maskin, og sjå etter korleis lista vart låst. Stemmer ho, er ho gyldig, og dette er eit sjeldsynt utslag av tilfelle. Å annullere krev ei grunngiving, som står i kjeda for alltid.",
        "  Tell nobody the result yet. Verify the draw with `lodd draw verify {folder}`, better on another machine, and look at how the list was locked. If it verifies it is valid, and this is a rare turn of chance. A void needs a reason, which stays in the chain for ever."
    )
}
