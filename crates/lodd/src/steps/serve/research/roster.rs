//! The list and its screening: counts, and each family by its pseudonym with the reason.

use std::collections::BTreeMap;

use lodd_server::{Block, Cell, Deed, Download, Form, Sheet};
use lodd_store::pilot::{Roster, ScreeningRow, StoredScreening};

use super::super::parts::{
    day, file as kept, form, heading, para, plain, table, when, words as said,
};
use crate::{
    problem::Failure,
    protocol::Protocol,
    steps::{Context, words},
    text::{Lang, count, say},
};

/// More families than this are not listed on the page, but in the file.
const FAMILIES_SHOWN: usize = 200;
/// The file of the screening.
const SCREENING: &str = "vurdering.csv";

/// The roster by office, the screening, and the form that screens.
pub(super) fn sheet(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let protocol = context.protocol(&pilot)?;
    let roster = pilot.roster().map_err(|error| words::store(&error))?;
    let screening = pilot.latest_screening().map_err(|error| words::store(&error))?;
    let title =
        say!("Lista og vurderingen", nn "Lista og vurderinga", "The list and the screening");
    let mut blocks = by_office(context, &protocol, &roster, screening.as_ref());
    let heading_text = say!("Vurderingen", nn "Vurderinga", "The screening");
    blocks.push(heading(lang, &heading_text));
    if let Some(it) = &screening {
        blocks.extend(screened(context, &protocol, &roster, it)?);
    } else {
        let none = say!(
            "Familiene er ikke vurdert ennå.",
            nn "Familiane er ikkje vurderte enno.",
            "The families have not been screened yet."
        );
        blocks.push(para(lang, &none));
    }
    let title_form = say!("Vurder familiene", nn "Vurder familiane", "Screen the families");
    let button = say!("Vurder nå", nn "Vurder no", "Screen now");
    let why = say!(
        "Alle familier på lista vurderes etter reglene i protokollen. Den forrige vurderingen blir stående.",
        nn "Alle familiar på lista blir vurderte etter reglane i protokollen. Den førre vurderinga blir ståande.",
        "Every family on the list is judged by the rules of the protocol. The screening before stays."
    );
    let blank = form(lang, Deed::Screen, &title_form, &button);
    blocks.push(Block::Form(Form { why: Some(plain(lang, &why)), ..blank }));
    let lead = Some(plain(lang, &protocol.title));
    Ok(Sheet { title: plain(lang, &title), lead, blocks })
}

/// The block of an office, where blocks are not offices.
fn block_of(protocol: &Protocol, office: &str) -> String {
    protocol.draw.block_of(office).map_or_else(|| "–".to_owned(), |it| it.label.clone())
}

fn by_office(
    context: &Context,
    protocol: &Protocol,
    roster: &Roster,
    screening: Option<&StoredScreening>,
) -> Vec<Block> {
    let lang = context.lang;
    let mut members: BTreeMap<&str, usize> = BTreeMap::new();
    for it in &roster.members {
        *members.entry(&it.family_id).or_default() += 1;
    }
    // Families, members, locked, eligible, not.
    let mut offices: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for it in &roster.families {
        let [families, persons, locked, ..] = offices.entry(&it.office_id).or_default();
        *families += 1;
        *persons += members.get(it.family_id.as_str()).copied().unwrap_or_default();
        *locked += usize::from(roster.locked.binary_search(&it.family_id).is_ok());
    }
    for it in screening.iter().flat_map(|it| &it.screening.rows) {
        let [.., eligible, not] = offices.entry(&it.office_id).or_default();
        *if it.eligible { eligible } else { not } += 1;
    }
    let row = |(office, counts): (&&str, &[usize; 5])| {
        let first = [
            Cell::Text(protocol.office_name(office).to_owned()),
            Cell::Text(block_of(protocol, office)),
        ];
        first.into_iter().chain(counts.iter().map(|it| Cell::Number(count(*it)))).collect()
    };
    let rows: Vec<Vec<Cell>> = offices.iter().map(row).collect();
    if rows.is_empty() {
        let none = say!(
            "Det er ingen familier på lista ennå: lodd roster import leser dem inn.",
            nn "Det er ingen familiar på lista enno: lodd roster import les dei inn.",
            "There are no families on the list yet: lodd roster import reads them."
        );
        return vec![para(lang, &none)];
    }
    let head = [
        say!("Kontor", nn "Kontor", "Office"),
        say!("Blokk", nn "Blokk", "Block"),
        say!("Familier", nn "Familiar", "Families"),
        say!("Medlemmer", nn "Medlemmer", "Members"),
        say!("På en låst liste", nn "På ei låst liste", "On a locked list"),
        say!("Oppfyller kriteriene", nn "Oppfyller kriteria", "Eligible"),
        say!("Gjør det ikke", nn "Gjer det ikkje", "Not eligible"),
    ];
    let caption = say!("Lista etter kontor", nn "Lista etter kontor", "The list by office");
    vec![table(lang, &caption, head, rows)]
}

fn screened(
    context: &Context,
    protocol: &Protocol,
    roster: &Roster,
    stored: &StoredScreening,
) -> Result<Vec<Block>, Failure> {
    let (lang, rows) = (context.lang, &stored.screening.rows);
    let (as_of, at) = (day(stored.screening.as_of), when(stored.recorded_at_us)?);
    let (as_nb, as_en, at_nb, at_en) = (&as_of.nb, &as_of.en, &at.nb, &at.en);
    let eligible = rows.iter().filter(|it| it.eligible).count();
    let (n, all, hash) = (count(eligible), count(rows.len()), &stored.screening.rule_hash);
    let said_text = say!(
        "{n} av {all} familier oppfyller kriteriene, slik de var {as_nb}. Vurdert {at_nb}.",
        nn "{n} av {all} familiar oppfyller kriteria, slik dei var {as_nb}. Vurdert {at_nb}.",
        "{n} of {all} families are eligible, as they were on {as_en}. Screened at {at_en}."
    );
    let mut blocks = vec![para(lang, &said_text)];
    let judged = |id: &str| rows.binary_search_by(|it| it.family_id.as_str().cmp(id)).is_ok();
    let unjudged = roster.families.iter().filter(|it| !judged(&it.family_id)).count();
    if unjudged > 0 {
        let text = say!(
            "{unjudged} familier er kommet til siden og er ikke vurdert.",
            nn "{unjudged} familiar er komne til sidan og er ikkje vurderte.",
            "{unjudged} families have come since and are not screened."
        );
        blocks.push(Block::Outcome { good: false, text: plain(lang, &text) });
    }
    let rules = say!("Reglenes fingeravtrykk (SHA-256):", nn "Fingeravtrykket til reglane (SHA-256):", "Fingerprint of the rules (SHA-256):");
    blocks.extend([para(lang, &rules), Block::Lines(hash.clone())]);
    blocks.extend(by_reason(lang, rows));
    let text = say!("Last ned vurderingen", nn "Last ned vurderinga", "Download the screening");
    let link = kept(format!("/liste/{SCREENING}"), &plain(lang, &text));
    blocks.push(Block::Links(vec![link]));
    if rows.len() > FAMILIES_SHOWN {
        let text = say!(
            "Familiene er for mange til å stå her: de står i fila.",
            nn "Familiane er for mange til å stå her: dei står i fila.",
            "The families are too many to stand here: they are in the file."
        );
        blocks.push(para(lang, &text));
    } else {
        blocks.push(families(lang, protocol, rows));
    }
    Ok(blocks)
}

/// Why a family is not eligible, in the reader's language.
fn reasons(lang: Lang, row: &ScreeningRow) -> Vec<String> {
    if row.eligible {
        return Vec::new();
    }
    let failed = row.rules.iter().filter(|it| it.passed != Some(true));
    let reason = |it: &lodd_store::pilot::RuleVerdict| match &it.reasons {
        Some(reasons) => match lang {
            Lang::Nb => reasons.nb.clone(),
            Lang::Nn => reasons.nn.clone(),
            Lang::En => reasons.en.clone(),
        },
        None => it.rule.clone(),
    };
    failed.map(reason).collect()
}

fn by_reason(lang: Lang, rows: &[ScreeningRow]) -> Option<Block> {
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for reason in rows.iter().flat_map(|it| reasons(lang, it)) {
        *all.entry(reason).or_default() += 1;
    }
    if all.is_empty() {
        return None;
    }
    let row = |(reason, n): (String, usize)| vec![Cell::Text(reason), Cell::Number(count(n))];
    let head = [say!("Grunn", nn "Grunn", "Reason"), say!("Familier", nn "Familiar", "Families")];
    let caption = say!(
        "Hvorfor familier ikke oppfyller kriteriene; en familie kan ha flere grunner",
        nn "Kvifor familiar ikkje oppfyller kriteria; ein familie kan ha fleire grunnar",
        "Why families are not eligible; a family may have several reasons"
    );
    Some(table(lang, &caption, head, all.into_iter().map(row).collect()))
}

fn families(lang: Lang, protocol: &Protocol, rows: &[ScreeningRow]) -> Block {
    let row = |it: &ScreeningRow| {
        let verdict =
            if it.eligible { say!("ja", nn "ja", "yes") } else { say!("nei", nn "nei", "no") };
        vec![
            Cell::Code(it.family_id.clone()),
            Cell::Text(protocol.office_name(&it.office_id).to_owned()),
            said(lang, &verdict),
            Cell::Text(reasons(lang, it).join("; ")),
        ]
    };
    let head = [
        say!("Familie", nn "Familie", "Family"),
        say!("Kontor", nn "Kontor", "Office"),
        say!("Oppfyller", nn "Oppfyller", "Eligible"),
        say!("Hvorfor ikke", nn "Kvifor ikkje", "Why not"),
    ];
    let caption = say!("Hver familie", nn "Kvar familie", "Each family");
    table(lang, &caption, head, rows.iter().map(row).collect())
}

/// The screening as csv: family, office, verdict and the ids of the rules that do not hold.
pub(super) fn file(context: &Context, name: &str) -> Result<Option<Download>, Failure> {
    if name != SCREENING {
        return Ok(None);
    }
    let stored = context.pilot()?.latest_screening().map_err(|error| words::store(&error))?;
    let Some(stored) = stored else { return Ok(None) };
    let mut text = "family_id,office_id,eligible,rules_not_met\n".to_owned();
    for row in &stored.screening.rows {
        let failed = row.rules.iter().filter(|it| it.passed != Some(true) && !row.eligible);
        let failed: Vec<&str> = failed.map(|it| it.rule.as_str()).collect();
        let cells = [
            row.family_id.as_str(),
            row.office_id.as_str(),
            if row.eligible { "true" } else { "false" },
            &failed.join(" "),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    Ok(Some(Download {
        name: SCREENING.to_owned(),
        media: "text/csv; charset=utf-8",
        bytes: text.into_bytes(),
        shown: false,
    }))
}
