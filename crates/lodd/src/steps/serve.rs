//! `lodd serve`: the pages, over the same steps as the command line.

mod audit;
mod came_of;
mod desk;
mod evaluate;
mod families;
mod open;
mod parts;
mod research;
mod standing;

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use lodd_server::{Role, ServeError, Ticket, Who};
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
    ticket: Ticket,
}

/// Whose page it is, as typed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whose<'a> {
    /// An office's people.
    Office {
        /// Which.
        office: Option<&'a str>,
        /// Its lead.
        is_lead: bool,
    },
    /// Somebody of no office: their role, and the office that was named all the same.
    Central(Role, Option<&'a str>),
}

impl Whose<'_> {
    /// The person of one machine.
    fn who(self, context: &Context) -> Result<Who, Failure> {
        match self {
            Self::Office { office: Some(office), is_lead } => {
                let pilot = context.pilot()?;
                known_office(&context.protocol(&pilot)?, office)?;
                Ok(Who::of_office(ACTOR, is_lead, office))
            }
            Self::Central(role, None) => {
                context.pilot()?;
                Who::central(ACTOR, role).ok_or_else(one_or_the_other)
            }
            Self::Office { office: None, .. } | Self::Central(_, Some(_)) => {
                Err(one_or_the_other())
            }
        }
    }
}

fn one_or_the_other() -> Failure {
    Failure::policy(say!(
        "kontorets folk er ved ett kontor, andre ved ingen: `--office ID`, `--office ID --as lead`, eller `--as` med en annen rolle alene",
        nn "folka på kontoret er ved eitt kontor, andre ved ingen: `--office ID`, `--office ID --as lead`, eller `--as` med ei anna rolle åleine",
        "an office's people are of one office, others of none: `--office ID`, `--office ID --as lead`, or `--as` with another role alone"
    ))
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
    whose: Whose<'_>,
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
    let who = whose.who(context)?;
    let said = json!({ "role": who.role().code(), "office": who.office() });
    let ticket = Ticket::new(&random()?, context.clock.now().as_microsecond(), who);
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
    let answer = Answer::new(text, json!({ "url": url, "for": said }));
    let context = Context { actor: ACTOR.into(), progress: false, ..context.clone() };
    let desk = desk::Desk::new(context);
    Ok((answer, Page { listener, desk, ticket }))
}

impl Page {
    /// Serves the page until Ctrl-C.
    ///
    /// # Errors
    ///
    /// If the machine gives no thread or socket.
    pub(crate) fn serve(self) -> Result<Answer, Failure> {
        let Self { listener, desk, ticket } = self;
        let served = lodd_server::serve(listener, Arc::new(desk), ticket);
        served.map_err(|error: ServeError| Failure::internal("serve", error))?;
        let text = say!("Siden er stengt.", nn "Sida er stengd.", "The page is closed.");
        Ok(Answer::new(text, json!({ "closed": true })))
    }
}
