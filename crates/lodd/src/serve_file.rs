//! `serve.toml`: where a server for many is, who says who people are, and what they may do.
//!
//! Every mistake in it is told at once, each with its place.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    time::Duration,
};

use lodd_server::{Access, Limits, LogIn, Machine, Many, Role, When};
use ureq::http::Uri;

use crate::{
    problem::Failure,
    protocol::{Protocol, shown},
    reader::{Node, Source, did_you_mean, nearest},
    text::{Text, say},
};

/// Longer than any secret.
const SECRET_MAX: usize = 4096;

/// What stands in the file.
#[derive(Debug)]
pub(crate) struct ServeFile {
    pub(crate) many: Many,
    pub(crate) listen: SocketAddr,
    /// Where counts are given, if anywhere.
    pub(crate) metrics: Option<SocketAddr>,
}

/// Reads and checks the file, and the secret that it names.
///
/// # Errors
///
/// Refused with all mistakes, or could not be read.
pub(crate) fn read(path: &Path, protocol: &Protocol) -> Result<ServeFile, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::io(path, &error))?;
    let file = shown(path);
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::policy(say!(
            "`{file}` må være lagret som UTF-8",
            nn "`{file}` må vere lagra som UTF-8",
            "`{file}` must be saved as UTF-8",
            file = &file
        ))
    })?;
    let source = Source::new(&file, &text);
    let root = source.root();
    let read = everything(&root, path.parent().unwrap_or(Path::new(".")), protocol);
    root.finish();
    drop(root);
    let problems = source.finish();
    match read {
        Some(read) if problems.is_empty() => Ok(read),
        _ => {
            let n = problems.len();
            let message = say!(
                "`{file}` har {n} feil, ingenting er åpnet",
                nn "`{file}` har {n} feil, ingenting er opna",
                "`{file}` has {n} mistakes, nothing was opened"
            );
            Err(Failure::refused(message, problems))
        }
    }
}

fn everything(root: &Node<'_>, beside: &Path, protocol: &Protocol) -> Option<ServeFile> {
    root.integer("version", 1..=1);
    let place = origin(root);
    let listen = address(root, "listen");
    let metrics = address(root, "metrics");
    let proxies = addresses(root, "trusted_proxies");
    let log_in = root.table("oidc").map(|it| log_in(&it, beside));
    let access: Vec<_> = root.tables("access").iter().map(|it| access(it, protocol)).collect();
    let machines: Vec<_> = root.tables("machine").iter().map(|it| machine(it, protocol)).collect();
    let limits = root.table_or_none("limits").map(|it| limits(&it)).unwrap_or_default();
    if access.is_empty() {
        root.mistake(
            "access",
            Text::new(
                "`access` mangler: uten en eneste [[access]] slipper ingen inn",
                "`access` is missing: without one [[access]] nobody is let in",
            )
            .nn("`access` manglar: utan ei einaste [[access]] slepp ingen inn"),
        );
    }
    let (origin, host) = place?;
    let many = Many {
        origin,
        host,
        log_in: log_in??,
        access: access.into_iter().collect::<Option<_>>()?,
        machines: machines.into_iter().collect::<Option<_>>()?,
        proxies,
        limits,
    };
    let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    Some(ServeFile { many, listen: listen.unwrap_or(default), metrics })
}

/// https anywhere, http on this machine; without a path. Gives it and its host, as browsers write them.
fn origin(root: &Node<'_>) -> Option<(String, String)> {
    let text = root.text("url");
    let uri: Option<Uri> = text.trim_end_matches('/').parse().ok();
    let good =
        uri.filter(|it| is_safe(it) && matches!(it.path(), "" | "/") && it.query().is_none());
    let Some(uri) = good else {
        if !text.is_empty() {
            root.mistake("url", say!(
                "`url` må være stedet nettlesere når siden, som https://lodd.example.no (http bare på denne maskinen), uten sti, fant `{text}`",
                nn "`url` må vere staden nettlesarar når sida, som https://lodd.example.no (http berre på denne maskina), utan sti, fann `{text}`",
                "`url` must be where browsers reach the page, like https://lodd.example.no (http on this machine only), without a path, found `{text}`"
            ));
        }
        return None;
    };
    let scheme = uri.scheme_str().unwrap_or_default();
    let host = uri.authority()?.as_str().to_ascii_lowercase();
    // A browser leaves out the port that everyone knows.
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(usual).unwrap_or(&host).to_owned();
    Some((format!("{scheme}://{host}"), host))
}

fn is_safe(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    let has_user = uri.authority().is_some_and(|it| it.as_str().contains('@'));
    match uri.scheme_str() {
        Some("https") => !host.is_empty() && !has_user,
        Some("http") => is_here && !has_user,
        _ => false,
    }
}

/// The name of whoever signs tokens: an address, as it stands in them.
fn issuer(node: &Node<'_>) -> String {
    let text = node.text("issuer");
    if !text.is_empty() && !text.parse().is_ok_and(|uri: Uri| is_safe(&uri)) {
        node.mistake(
            "issuer",
            say!(
                "`issuer` må være en https-adresse (http bare på denne maskinen), fant `{text}`",
                nn "`issuer` må vere ei https-adresse (http berre på denne maskina), fann `{text}`",
                "`issuer` must be an https address (http on this machine only), found `{text}`",
                text = &text
            ),
        );
    }
    text
}

fn address(node: &Node<'_>, key: &'static str) -> Option<SocketAddr> {
    let text = node.text_or_none(key)?;
    let read = text.parse().ok();
    if read.is_none() {
        node.mistake(
            key,
            say!(
                "`{key}` må være en adresse og en port, som 127.0.0.1:8080, fant `{text}`",
                nn "`{key}` må vere ei adresse og ein port, som 127.0.0.1:8080, fann `{text}`",
                "`{key}` must be an address and a port, like 127.0.0.1:8080, found `{text}`"
            ),
        );
    }
    read
}

fn addresses(node: &Node<'_>, key: &'static str) -> Vec<IpAddr> {
    let mut read = Vec::new();
    for text in node.texts_or_none(key).unwrap_or_default() {
        match text.parse::<IpAddr>() {
            Ok(ip) => read.push(ip.to_canonical()),
            Err(_) => node.mistake(
                key,
                say!(
                    "`{key}` må være adresser som 127.0.0.1, fant `{text}`",
                    nn "`{key}` må vere adresser som 127.0.0.1, fann `{text}`",
                    "`{key}` must be addresses like 127.0.0.1, found `{text}`"
                ),
            ),
        }
    }
    read
}

fn log_in(node: &Node<'_>, beside: &Path) -> Option<LogIn> {
    let issuer = issuer(node);
    let client_id = node.text("client_id");
    if node.has("client_secret") {
        node.mistake("client_secret", Text::new(
            "hemmeligheten skal ikke stå i denne filen: legg den i en egen fil og nevn den i `client_secret_file`",
            "the secret must not stand in this file: put it in a file of its own and name that in `client_secret_file`",
        ).nn("løyndomen skal ikkje stå i denne fila: legg han i ei eiga fil og nemn henne i `client_secret_file`"));
    }
    let file = node.text("client_secret_file");
    let secret = if file.is_empty() { None } else { secret(node, &beside.join(file)) };
    let mut scopes = node.texts_or_none("scopes").unwrap_or_default();
    if !scopes.iter().any(|it| it == "openid") {
        scopes.insert(0, "openid".to_owned());
    }
    node.finish();
    Some(LogIn { issuer, client_id, client_secret: secret?, scopes })
}

/// The first line of the file with the secret.
fn secret(node: &Node<'_>, path: &Path) -> Option<String> {
    let key = "client_secret_file";
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            let path = path.display();
            node.mistake(
                key,
                say!(
                    "`{path}` kan ikke leses: {error}",
                    nn "`{path}` kan ikkje lesast: {error}",
                    "`{path}` can't be read: {error}"
                ),
            );
            return None;
        }
    };
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() || secret.len() > SECRET_MAX || secret.contains(['\r', '\n']) {
        node.mistake(
            key,
            Text::new(
                "filen med hemmeligheten må ha én linje, og den må ikke være tom",
                "the file with the secret must have one line, and it must not be empty",
            )
            .nn("fila med løyndomen må ha éi linje, og ho må ikkje vere tom"),
        );
        return None;
    }
    Some(secret.to_owned())
}

/// `when = { claim = "value" }`.
fn when(node: &Node<'_>) -> When {
    let Some(table) = node.table("when") else { return When::default() };
    let mut lines = Vec::new();
    for (name, value) in table.entries() {
        match value.as_str() {
            Some(value) => lines.push((name.to_owned(), value.to_owned())),
            None => table.mistake(
                name,
                say!(
                    "`{name}` må være en tekst: det tokenet skal si",
                    nn "`{name}` må vere ein tekst: det tokenet skal seie",
                    "`{name}` must be a text: what the token must say"
                ),
            ),
        }
    }
    if lines.is_empty() {
        node.mistake(
            "when",
            Text::new(
                "`when` må nevne minst én opplysning: ellers slipper alle inn",
                "`when` must name at least one claim: else everyone is let in",
            )
            .nn("`when` må nemne minst éi opplysning: elles slepp alle inn"),
        );
    }
    When(lines)
}

fn office(node: &Node<'_>, protocol: &Protocol) -> Option<String> {
    let id = node.text("office");
    if id.is_empty() {
        return None;
    }
    if protocol.offices.iter().any(|it| it.id == id) {
        return Some(id);
    }
    let message = say!(
        "kontoret `{id}` er ikke i pilot.toml",
        nn "kontoret `{id}` er ikkje i pilot.toml",
        "office `{id}` is not in pilot.toml",
        id = &id
    );
    match nearest(&id, protocol.offices.iter().map(|it| it.id.as_str())) {
        Some(near) => node.mistake_with("office", message, did_you_mean(near)),
        None => node.mistake("office", message),
    }
    None
}

fn access(node: &Node<'_>, protocol: &Protocol) -> Option<Access> {
    let when = when(node);
    let roles: Vec<(&str, Role)> = Role::ALL.iter().map(|it| (it.code(), *it)).collect();
    if !node.has("role") {
        node.text("role");
    }
    let role = node.choice("role", &roles);
    let office = match role {
        Some(role) if role.is_of_an_office() => office(node, protocol).map(Some),
        Some(role) if node.has("office") => {
            let role = role.code();
            node.mistake(
                "office",
                say!(
                    "`{role}` er ved ikke noe kontor: ta bort `office`",
                    nn "`{role}` er ikkje ved noko kontor: ta bort `office`",
                    "`{role}` is of no office: take `office` away"
                ),
            );
            None
        }
        Some(_) => Some(None),
        None => {
            // Known by name, so that it is not called unknown on top of the role's mistake.
            node.has("office");
            None
        }
    };
    node.finish();
    Some(Access { when, role: role?, office: office? })
}

fn machine(node: &Node<'_>, protocol: &Protocol) -> Option<Machine> {
    let machine = Machine {
        issuer: issuer(node),
        audience: node.text("audience"),
        scope: node.text("scope"),
        when: when(node),
        office: String::new(),
    };
    let office = office(node, protocol);
    node.finish();
    Some(Machine { office: office?, ..machine })
}

fn limits(node: &Node<'_>) -> Limits {
    let usual = Limits::default();
    let count = |key, usual: u32| {
        if !node.has(key) {
            return usual;
        }
        u32::try_from(node.integer(key, 1..=1_000_000)).unwrap_or(usual)
    };
    let seconds = |key, usual: Duration| {
        if !node.has(key) {
            return usual;
        }
        u64::try_from(node.integer(key, 1..=3600)).map_or(usual, Duration::from_secs)
    };
    let limits = Limits {
        requests: count("requests_a_minute", usual.requests),
        uploads: count("uploads_a_minute", usual.uploads),
        log_ins: count("log_ins_a_minute", usual.log_ins),
        address: count("address_a_minute", usual.address),
        connections: count("connections", 512) as usize,
        headers: seconds("header_seconds", usual.headers),
        body: seconds("body_seconds", usual.body),
    };
    node.finish();
    limits
}
