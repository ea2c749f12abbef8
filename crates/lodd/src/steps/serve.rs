//! `lodd serve`: the offices' page, over the same steps as the command line.

mod desk;

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use lodd_server::{ServeError, Ticket};
use serde_json::json;

use super::{Context, known_office, random};
use crate::{
    answer::Answer,
    problem::Failure,
    text::{Text, say},
};

/// Who the ledger says delivers from the page of one machine.
const ACTOR: &str = "one person, page on this machine";

/// A page that can be served.
pub(crate) struct Page {
    listener: TcpListener,
    desk: desk::Desk,
    office: String,
    ticket: Ticket,
}

/// Takes the address, and says where the page will be.
///
/// # Errors
///
/// Refused for an office that is not in the pilot, or an address that others can reach; if the address
/// is taken.
pub(crate) fn open(
    context: &Context,
    listen: SocketAddr,
    office: &str,
) -> Result<(Answer, Page), Failure> {
    if !listen.ip().is_loopback() {
        return Err(Failure::policy_with(
            say!(
                "`{listen}` kan nås fra andre maskiner, og siden har ennå ingen innlogging for andre",
                nn "`{listen}` kan nåast frå andre maskiner, og sida har enno inga innlogging for andre",
                "`{listen}` can be reached from other machines, and the page has no log-in for others yet"
            ),
            Text::new("lytt på 127.0.0.1", "listen on 127.0.0.1").nn("lytt på 127.0.0.1"),
        ));
    }
    let pilot = context.pilot()?;
    known_office(&context.protocol(&pilot)?, office)?;
    drop(pilot);
    let ticket = Ticket::new(&random()?, context.clock.now().as_microsecond());
    let taken = |error: std::io::Error| Failure::CouldNotRun {
        message: say!("`{listen}`: {error}", "`{listen}`: {error}"),
        hint: Some(Text::new(
            "velg en annen port med `--listen 127.0.0.1:0`",
            "choose another port with `--listen 127.0.0.1:0`",
        )),
    };
    let listener = TcpListener::bind(listen).map_err(taken)?;
    let at = listener.local_addr().map_err(taken)?;
    let url = format!("http://{at}/inn?kode={}", ticket.word().unwrap_or_default());
    let text = say!(
        "Åpne denne lenken i nettleseren på denne maskinen, én gang innen ti minutter:\n  {url}\nCtrl-C avslutter.",
        nn "Opne denne lenkja i nettlesaren på denne maskina, éin gong innan ti minutt:\n  {url}\nCtrl-C avsluttar.",
        "Open this link in the browser on this machine, once within ten minutes:\n  {url}\nCtrl-C ends it."
    );
    let answer = Answer::new(text, json!({ "url": url, "office": office }));
    let context = Context { actor: ACTOR, progress: false, ..context.clone() };
    let desk = desk::Desk::new(context);
    Ok((answer, Page { listener, desk, office: office.to_owned(), ticket }))
}

impl Page {
    /// Serves the page until Ctrl-C.
    ///
    /// # Errors
    ///
    /// If the machine gives no thread or socket.
    pub(crate) fn serve(self) -> Result<Answer, Failure> {
        let Self { listener, desk, office, ticket } = self;
        let served = lodd_server::serve(listener, Arc::new(desk), &office, ticket);
        served.map_err(|error: ServeError| Failure::internal("serve", error))?;
        let text = say!("Siden er stengt.", nn "Sida er stengd.", "The page is closed.");
        Ok(Answer::new(text, json!({ "closed": true })))
    }
}
