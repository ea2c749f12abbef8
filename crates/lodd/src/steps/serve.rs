//! `lodd serve`: the pages, over the same steps as the command line.

mod access;
mod audit;
mod came_of;
mod desk;
mod evaluate;
mod families;
mod open;
mod outside;
mod parts;
mod research;
mod results_parts;
mod standing;

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
};

use lodd_server::{Door, Listeners, Role, ServeError, Ticket, Who};
use serde_json::json;

use super::{Context, known_office, random};
use crate::{
    answer::Answer,
    problem::Failure,
    serve_file,
    text::{Text, say},
};

/// Who the ledger says delivers from the page of one machine.
const ACTOR: &str = "one person, page on this machine";

/// Where the page of one machine is, unless told otherwise.
const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// A page that can be served.
pub(crate) struct Page {
    listeners: Listeners,
    desk: desk::Desk,
    door: Door,
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
    listen: Option<SocketAddr>,
    whose: Whose<'_>,
) -> Result<(Answer, Page), Failure> {
    let listen = listen.unwrap_or(USUAL);
    if !listen.ip().is_loopback() {
        return Err(Failure::policy_with(
            say!(
                "`{listen}` kan nås fra andre maskiner, og siden på én maskin har ingen innlogging for andre",
                nn "`{listen}` kan nåast frå andre maskiner, og sida på éi maskin har inga innlogging for andre",
                "`{listen}` can be reached from other machines, and the page of one machine has no log-in for others"
            ),
            Text::new(
                "lytt på 127.0.0.1, eller sett opp innlogging med `--config serve.toml`",
                "listen on 127.0.0.1, or set up log-in with `--config serve.toml`",
            )
            .nn("lytt på 127.0.0.1, eller set opp innlogging med `--config serve.toml`"),
        ));
    }
    let who = whose.who(context)?;
    let said = json!({ "role": who.role().code(), "office": who.office() });
    let ticket = Ticket::new(&random()?, context.clock.now().as_microsecond(), who);
    let listener = bound(listen)?;
    let at = local(&listener)?;
    let url = format!("http://{at}/inn?kode={}", ticket.word().unwrap_or_default());
    let text = say!(
        "Åpne denne lenken i nettleseren på denne maskinen, én gang innen ti minutter:\n  {url}\nCtrl-C avslutter.",
        nn "Opne denne lenkja i nettlesaren på denne maskina, éin gong innan ti minutt:\n  {url}\nCtrl-C avsluttar.",
        "Open this link in the browser on this machine, once within ten minutes:\n  {url}\nCtrl-C ends it."
    );
    let answer = Answer::new(text, json!({ "url": url, "for": said }));
    let listeners = Listeners { pages: listener, metrics: None };
    let desk = desk_of(context, ACTOR);
    Ok((answer, Page { listeners, desk, door: Door::OneMachine(ticket) }))
}

/// Takes the addresses of a server for many, and says where it will be.
///
/// # Errors
///
/// Refused for mistakes in the file; if an address is taken.
pub(crate) fn open_for_many(
    context: &Context,
    file: &Path,
    listen: Option<SocketAddr>,
) -> Result<(Answer, Page), Failure> {
    let pilot = context.pilot()?;
    let read = serve_file::read(file, &context.protocol(&pilot)?)?;
    drop(pilot);
    let pages = bound(listen.unwrap_or(read.listen))?;
    let metrics = read.metrics.map(bound).transpose()?;
    let (at, counts) = (local(&pages)?, metrics.as_ref().map(local).transpose()?);
    let url = read.many.origin.clone();
    let text = say!(
        "Sidene er på {url}, og programmet lytter på {at}. Ctrl-C eller SIGTERM avslutter.",
        nn "Sidene er på {url}, og programmet lyttar på {at}. Ctrl-C eller SIGTERM avsluttar.",
        "The pages are at {url}, and the program listens on {at}. Ctrl-C or SIGTERM ends it."
    );
    let json = json!({
        "url": url,
        "listen": at.to_string(),
        "metrics": counts.map(|it| it.to_string()),
    });
    let (listeners, door) = (Listeners { pages, metrics }, Door::Many(Box::new(read.many)));
    let desk = desk_of(context, "page");
    Ok((Answer::new(text, json), Page { listeners, desk, door }))
}

fn desk_of(context: &Context, actor: &str) -> desk::Desk {
    desk::Desk::new(Context { actor: actor.into(), progress: false, ..context.clone() })
}

fn bound(listen: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen).map_err(|error| taken(listen, &error))
}

fn local(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(|error| taken(USUAL, &error))
}

fn taken(listen: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::CouldNotRun {
        message: say!("`{listen}`: {error}", "`{listen}`: {error}"),
        hint: Some(Text::new(
            "velg en annen port med `--listen 127.0.0.1:0`",
            "choose another port with `--listen 127.0.0.1:0`",
        )),
    }
}

impl Page {
    /// Serves the page until Ctrl-C.
    ///
    /// # Errors
    ///
    /// If the machine gives no thread or socket.
    pub(crate) fn serve(self) -> Result<Answer, Failure> {
        let Self { listeners, desk, door } = self;
        let served = lodd_server::serve(listeners, Arc::new(desk), door);
        served.map_err(|error: ServeError| Failure::internal("serve", error))?;
        let text = say!("Siden er stengt.", nn "Sida er stengd.", "The page is closed.");
        Ok(Answer::new(text, json!({ "closed": true })))
    }
}
