//! `lodd key`: the offices' keys and the pilot's own.

use std::path::{Path, PathBuf};

use lodd_store::{
    StoreError, files,
    pilot::{KeyChange, KeyState},
    vault::{PILOT, VaultError, shares::ShareError},
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{Context, resolved, words};
use crate::{
    answer::Answer,
    problem::Failure,
    text::{Lang, Text, say},
};

/// Lists the keys.
///
/// # Errors
///
/// If there is no pilot.
pub(crate) fn status(context: &Context) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let keys = pilot.keys().map_err(|error| words::store(&error))?;
    let line = |it: &KeyState| {
        let (name, path) = (name(&it.office_id), it.path.display().to_string());
        let there = match &it.fault {
            None => Text::new("på plass", "there"),
            Some(_) => Text::new("MANGLER eller er en annen", "MISSING or another")
                .nn("MANGLAR eller er ein annan"),
        };
        let (version, families) = (it.version, it.families);
        Text::new(
            format!(
                "{}: versjon {version}, {families} familier, {path}, {}",
                name.get(Lang::Nb),
                there.get(Lang::Nb)
            ),
            format!(
                "{}: version {version}, {families} families, {path}, {}",
                name.get(Lang::En),
                there.get(Lang::En)
            ),
        )
    };
    let json: Vec<Value> = keys
        .iter()
        .map(|it| {
            json!({
                "office": office(&it.office_id), "version": it.version, "families": it.families,
                "file": it.path, "there": it.fault.is_none(),
            })
        })
        .collect();
    Ok(Answer::new(Text::lines(keys.iter().map(line)), json!({ "keys": json })))
}

/// Makes a key.
///
/// # Errors
///
/// Refused when there is one.
pub(crate) fn new(context: &Context, office: Option<&str>) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let made = pilot.new_key(&context.stamp(), office.unwrap_or(PILOT));
    let made = made.map_err(|error| words::store(&error))?;
    let (name, path) = (name(&made.office_id), made.path.display().to_string());
    let text = Text::new(
        format!("{}: nøkkelen ligger i {path}", name.get(Lang::Nb)),
        format!("{}: the key lies in {path}", name.get(Lang::En)),
    );
    Ok(Answer::new(Text::lines([text, care()]), json(&made)))
}

/// Puts new keys in old ones' place.
///
/// # Errors
///
/// Refused when a key is missing.
pub(crate) fn rotate(context: &Context, office: Option<&str>) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let offices = if let Some(office) = office {
        vec![office.to_owned()]
    } else {
        let keys = pilot.keys().map_err(|error| words::store(&error))?;
        keys.into_iter().map(|it| it.office_id).collect()
    };
    let (mut lines, mut all) = (Vec::new(), Vec::new());
    for office in offices {
        let changed = pilot.rotate_key(&context.stamp(), &office);
        let changed = changed.map_err(|error| words::store(&error))?;
        let (name, version, families) = (name(&office), changed.version, changed.families);
        let old = changed.old.as_deref().unwrap_or(Path::new("-")).display().to_string();
        lines.push(Text::new(
            format!(
                "{}: nøkkel {version}, {families} familier pakket om. Den gamle: {old}",
                name.get(Lang::Nb)
            ),
            format!(
                "{}: key {version}, {families} families wrapped anew. The old one: {old}",
                name.get(Lang::En)
            ),
        ));
        if !changed.overwritten {
            lines.push(later());
        }
        all.push(json(&changed));
    }
    lines.push(Text::new(
        "Gamle sikkerhetskopier åpnes med den gamle nøkkelen: slett den når de er borte. Andeler av den gamle gjelder ikke lenger.",
        "Old backups open with the old key: delete it when they are gone. Shares of the old one are void.",
    ).nn("Gamle reservekopiar blir opna med den gamle nøkkelen: slett han når dei er borte. Delar av den gamle gjeld ikkje lenger."));
    Ok(Answer::new(Text::lines(lines), json!({ "rotated": all })))
}

/// Writes a key in shares.
///
/// # Errors
///
/// Refused when the numbers make no sense, or the files would lie in the pilot's folder.
pub(crate) fn export(
    context: &Context,
    (office_id, shares, threshold): (Option<&str>, u8, u8),
    dir: &Path,
) -> Result<Answer, Failure> {
    if resolved(dir)?.starts_with(resolved(&context.dir)?) {
        return Err(Failure::policy(say!(
            "andelene kan ikke ligge i pilotens mappe: den som tar mappen, tar nøkkelen",
            nn "delane kan ikkje liggje i mappa til piloten: den som tek mappa, tek nøkkelen",
            "shares can't lie in the pilot's folder: who takes the folder takes the key"
        )));
    }
    let mut pilot = context.pilot()?;
    let id = office_id.unwrap_or(PILOT);
    let stem = if id == PILOT { "pilot" } else { id };
    let path = |number: usize| dir.join(format!("{stem}-{number}-av-{shares}.txt"));
    let mut written: Vec<PathBuf> = Vec::new();
    let keep = |texts: &[Zeroizing<String>]| -> Result<(), StoreError> {
        files::create_private_dir(dir)?;
        for (number, text) in (1..).zip(texts) {
            files::write_private_new(&path(number), text.as_bytes())?;
            written.push(path(number));
        }
        Ok(())
    };
    let given = pilot.export_key(&context.stamp(), (id, shares, threshold), keep);
    let given = given.map_err(|error| words::store(&error))?;
    let (name, folder) = (name(id), dir.display().to_string());
    let text = Text::new(
        format!(
            "{}: {shares} andeler i {folder}; {threshold} av dem gir nøkkelen tilbake",
            name.get(Lang::Nb)
        ),
        format!(
            "{}: {shares} shares in {folder}; {threshold} of them bring the key back",
            name.get(Lang::En)
        ),
    );
    let next = Text::new(
        "  Skriv dem ut, lås dem ned hvert sitt sted, og slett filene.",
        "  Print them, lock them away in different places, and delete the files.",
    )
    .nn("  Skriv dei ut, lås dei ned kvar sin stad, og slett filene.");
    let mut json = json(&given);
    if let Some(object) = json.as_object_mut() {
        object.insert("shares".to_owned(), json!(written));
        object.insert("needed".to_owned(), json!(threshold));
    }
    Ok(Answer::new(Text::lines([text, next]), json))
}

/// Brings a key back.
///
/// # Errors
///
/// Refused when the shares are too few, changed, or another key's.
pub(crate) fn import(context: &Context, shares: &[PathBuf]) -> Result<Answer, Failure> {
    let mut texts = Vec::new();
    for path in shares {
        let bytes = Zeroizing::new(super::read_file(path)?);
        texts.push(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()));
    }
    let mut pilot = context.pilot()?;
    let brought = pilot.import_key(&context.stamp(), &texts);
    let brought = brought.map_err(|error| words::store(&error))?;
    let (name, path) = (name(&brought.office_id), brought.path.display().to_string());
    let text = Text::new(
        format!("{}: nøkkelen er tilbake i {path}", name.get(Lang::Nb)),
        format!("{}: the key is back in {path}", name.get(Lang::En)),
    );
    Ok(Answer::new(text, json(&brought)))
}

fn name(office_id: &str) -> Text {
    if office_id == PILOT {
        return Text::new("Piloten selv", "The pilot itself").nn("Piloten sjølv");
    }
    say!("Kontoret {office_id}", "Office {office_id}")
}

fn office(office_id: &str) -> Option<&str> {
    (office_id != PILOT).then_some(office_id)
}

fn json(change: &KeyChange) -> Value {
    json!({
        "office": office(&change.office_id),
        "version": change.version,
        "file": change.path,
        "families": change.families,
        "old": change.old,
        "seq": change.entry.seq,
        "ledger_head": change.entry.hash,
    })
}

fn care() -> Text {
    Text::new(
        "  Ta vare på den utenfor denne disken: uten den kan ingen lese det kontoret har levert (`lodd key export`).",
        "  Keep it outside this disk too: without it nobody can read what the office delivers (`lodd key export`).",
    ).nn("  Ta vare på han utanfor denne disken: utan han kan ingen lese det kontoret har levert (`lodd key export`).")
}

/// What is said where other programs kept the files from being written anew.
pub(super) fn later() -> Text {
    Text::new(
        "  Andre programmer har lageret åpent: gamle byte overskrives neste gang det åpnes.",
        "  Other programs have the store open: old bytes are overwritten when it is next opened.",
    )
    .nn("  Andre program har lageret ope: gamle byte blir skrivne over neste gong det blir opna.")
}

/// What the vault refuses (exit 1), or can't do without a key file (exit 2).
pub(super) fn refused(error: &VaultError) -> Failure {
    let en = error.to_string();
    let nb = match error {
        VaultError::KeyMissing { office_id, path } => {
            let (name, path) = (name(office_id), path.display());
            format!(
                "nøkkelfilen `{path}` mangler. {}: alt som er levert, ligger under den",
                name.get(Lang::Nb)
            )
        }
        VaultError::OtherKey { path } => {
            format!("`{}` er ikke nøkkelen piloten er skrevet med", path.display())
        }
        VaultError::BadKeyFile { path } => {
            format!("`{}` må ha en nøkkel, 64 heksadesimale sifre", path.display())
        }
        VaultError::Unopened { family_id, table } => format!(
            "det som er lagret om `{family_id}` i `{table}`, lar seg ikke åpne: det er endret, eller flyttet fra en annen rad"
        ),
        VaultError::Unwrapped { family_id } => {
            format!("nøkkelen til `{family_id}` lar seg ikke åpne: den er endret, eller en annens")
        }
        VaultError::NoOfficeKey { office_id } => {
            format!("{} har ingen nøkkel", name(office_id).get(Lang::Nb))
        }
        VaultError::HasKey { office_id } => {
            format!("{} har en nøkkel alt", name(office_id).get(Lang::Nb))
        }
        VaultError::Erased { family_id } => {
            format!("familien `{family_id}` er slettet: ingenting om den kan lagres igjen")
        }
        VaultError::Share(error) => shares_nb(error).unwrap_or_else(|| en.clone()),
        _ => en.clone(),
    };
    let message = Text::new(nb, en);
    let hint = match error {
        VaultError::KeyMissing { .. } | VaultError::OtherKey { .. } => {
            let hint = Text::new(
                "legg nøkkelmappen tilbake, si hvor den er med --keys, eller hent nøkkelen fra andelene med `lodd key import`",
                "put the keys' folder back, name it with --keys, or bring the key back from its shares with `lodd key import`",
            ).nn("legg nøkkelmappa tilbake, sei kvar ho er med --keys, eller hent nøkkelen frå delane med `lodd key import`");
            return Failure::CouldNotRun { message, hint: Some(hint) };
        }
        VaultError::BadKeyFile { .. } | VaultError::File(_) | VaultError::Random(_) => {
            return Failure::CouldNotRun { message, hint: None };
        }
        VaultError::HasKey { .. } => Text::new(
            "`lodd key rotate` setter en ny i stedet",
            "`lodd key rotate` puts a new one in its place",
        )
        .nn("`lodd key rotate` set ein ny i staden"),
        VaultError::Erased { .. } => Text::new(
            "ta radene dens ut av filen; ingenting er lagret",
            "take its rows out of the file; nothing was stored",
        )
        .nn("ta radene hennar ut av fila; ingenting er lagra"),
        _ => return Failure::policy(message),
    };
    Failure::policy_with(message, hint)
}

fn shares_nb(error: &ShareError) -> Option<String> {
    Some(match error {
        ShareError::Numbers { shares, threshold } => format!(
            "en nøkkel gis i 2 til 20 andeler, og minst 2 må til: ikke {threshold} av {shares}"
        ),
        ShareError::NotAShare { place, line } => {
            format!("fil {place} må være en andel: linjen `{line}` lar seg ikke lese")
        }
        ShareError::Check { place } => {
            format!(
                "kontrollen i fil {place} stemmer ikke: et siffer er lest feil, eller teksten er endret"
            )
        }
        ShareError::Mixed { place } => {
            format!("alle andelene må være fra samme utskrift: fil {place} er fra en annen")
        }
        ShareError::Twice { number } => format!("andel {number} er gitt to ganger"),
        ShareError::TooFew { needed, found } => {
            format!("{needed} andeler må til, {found} er gitt")
        }
        ShareError::OtherKey => "andelene gir ikke nøkkelen som piloten er skrevet med".to_owned(),
        _ => return None,
    })
}
