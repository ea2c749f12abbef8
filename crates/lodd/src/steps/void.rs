//! `lodd draw void`: gives an open draw up, for everyone to see.

use lodd_draw::{Announcement, Beacon, Evidence, File, RevealError, Secret, verify, void};
use lodd_store::{
    files,
    pilot::{Draw, DrawVoid},
};
use serde_json::json;

use super::{
    Context, draw_words,
    reveal::{folders, open_draw, read_announcement, read_secret},
    stamp_of,
    verify::{Folder, refuse},
    words,
};
use crate::{
    answer::Answer,
    beacon::{self, times},
    hash::sha256_hex,
    problem::Failure,
    text::{Text, say},
};

/// Ends the open draw without a result. The reason is public; so is the secret, unless the round
/// has yet to come: nobody can say then that the draw was given up for what it gave.
///
/// # Errors
///
/// Refused when no draw is open, it has been revealed, or there is no reason.
pub(crate) fn run(context: &Context, reason: &str) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let open = open_draw(&draws)?;
    let (public, private) = folders(context, open.draw);
    let announcement = read_announcement(open, &public)?;
    if public.join(File::Reveal.name()).exists() {
        return Err(Failure::policy_with(
            Text::new(
                "trekningen er avslørt: `reveal.json` er skrevet, og kan ikke annulleres",
                "the draw has been revealed: `reveal.json` is written, and it can't be void",
            )
            .nn("trekkinga er avslørt: `reveal.json` er skriven, og kan ikkje annullerast"),
            Text::new(
                "fullfør med `lodd draw reveal` og den samme verdien",
                "finish it by `lodd draw reveal` with the same value",
            )
            .nn("fullfør med `lodd draw reveal` og den same verdien"),
        ));
    }
    let path = public.join(File::Void.name());
    let bytes = if path.exists() {
        standing(&Folder::read(&public)?)?
    } else {
        words::no_national_id("--reason", reason)?;
        let secret = secret(context, &announcement, || read_secret(&private))?;
        void(&announcement, secret.as_ref(), reason).map_err(|error| match error {
            RevealError::Announcement(refused) => refuse(&refused),
            other => Failure::policy(draw_words::reveal(&other)),
        })?
    };
    let text: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let entry = DrawVoid {
        draw: open.draw,
        reason: text.get("reason").and_then(|it| it.as_str()).unwrap_or_default().to_owned(),
        void_sha256: sha256_hex(&bytes),
    };
    pilot
        .record_void(&context.stamp(), &entry, || files::write_once(&path, &bytes))
        .map_err(|error| words::store(&error))?;
    let revealed = text.get("secret").is_some_and(serde_json::Value::is_string);
    Ok(answer(open, &entry, revealed))
}

/// `void.json` of a run that was stopped before its entry: it stands as it was written.
fn standing(folder: &Folder) -> Result<Vec<u8>, Failure> {
    let verdict = verify(
        &folder.files(),
        &Evidence { previous: None, roster: None, covariates: None, check: &beacon::is_signature },
    );
    match &folder.void {
        Some(bytes) if verdict.ok => Ok(bytes.clone()),
        _ => Err(Failure::refused(
            Text::new(
                "`void.json` finnes alt, og stemmer ikke",
                "`void.json` is there already, and does not verify",
            )
            .nn("`void.json` finst alt, og stemmer ikkje"),
            verdict.findings.iter().map(draw_words::problem).collect(),
        )),
    }
}

/// The secret to reveal; none while the round has yet to come.
fn secret(
    context: &Context,
    announcement: &[u8],
    read: impl FnOnce() -> Result<Secret, Failure>,
) -> Result<Option<Secret>, Failure> {
    let announced = Announcement::parse(announcement).map_err(|refused| refuse(&refused))?;
    let ahead = match announced.beacon {
        Beacon::Drand { round } => times::time_of(round).is_some_and(|at| context.clock.now() < at),
        _ => false,
    };
    if ahead { Ok(None) } else { read().map(Some) }
}

fn answer(draw: &Draw, entry: &DrawVoid, revealed: bool) -> Answer {
    let (number, reason) = (draw.draw, &entry.reason);
    let mut lines = vec![say!(
        "Trekning {number} er annullert: {reason}",
        nn "Trekking {number} er annullert: {reason}",
        "Draw {number} is void: {reason}"
    )];
    lines.extend(stamp_of(std::slice::from_ref(draw)));
    lines.push(if revealed {
        Text::new(
            "  Hemmeligheten står i `void.json`, så alle kan se hva trekningen ville gitt.",
            "  The secret stands in `void.json`, so that anyone can see what the draw would have given.",
        )
        .nn("  Løyndomen står i `void.json`, så alle kan sjå kva trekkinga ville ha gitt.")
    } else {
        Text::new(
            "  Runden er ikke kommet: ingen kan vite hva trekningen ville gitt.",
            "  The round has yet to come: nobody can know what the draw would have given.",
        )
        .nn("  Runden er ikkje komen: ingen kan vite kva trekkinga ville ha gitt.")
    });
    lines.push(say!(
        "  Publiser draws/{number:04}: den annullerte trekningen blir stående i kjeden. Familiene er fri til neste.",
        nn "  Publiser draws/{number:04}: den annullerte trekkinga blir ståande i kjeda. Familiane er fri til neste.",
        "  Publish draws/{number:04}: the void draw stays in the chain. Its families are free for the next."
    ));
    let json = json!({
        "draw": number,
        "dir": format!("draws/{number:04}"),
        "status": "VOID",
        "reason": reason,
        "void": entry.void_sha256,
        "secret_revealed": revealed,
        "origin": draw.origin.code(),
    });
    Answer::new(Text::lines(lines), json)
}
