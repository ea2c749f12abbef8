//! The words of log-in, log-out and limits, in three languages.

use crate::Lang;

/// One language's words.
#[derive(Debug)]
pub(crate) struct AtTheDoor {
    pub(crate) why: &'static str,
    pub(crate) onward: &'static str,
    pub(crate) onward_link: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) refused_why: &'static str,
    pub(crate) no_access: &'static str,
    pub(crate) no_access_why: &'static str,
    pub(crate) down: &'static str,
    pub(crate) down_why: &'static str,
    pub(crate) again: &'static str,
    pub(crate) left: &'static str,
    pub(crate) left_why: &'static str,
    pub(crate) left_there: &'static str,
    pub(crate) too_many: &'static str,
    /// `{n}` is the number of seconds.
    pub(crate) too_many_why: &'static str,
    pub(crate) not_noted: &'static str,
}

pub(crate) fn at_the_door(lang: Lang) -> &'static AtTheDoor {
    match lang {
        Lang::Nb => &NB,
        Lang::Nn => &NN,
        Lang::En => &EN,
    }
}

const NB: AtTheDoor = AtTheDoor {
    why: "Du logger inn med den innloggingen som virksomheten din bruker. Siden har ikke egne passord.",
    onward: "Videre til innloggingen",
    onward_link: "Gå videre til innloggingen",
    refused: "Innloggingen gikk ikke",
    refused_why: "Innloggingen ble avbrutt, var for gammel eller er brukt før. Prøv en gang til.",
    no_access: "Du er ikke gitt tilgang",
    no_access_why: "Innloggingen gikk bra, men du er ikke gitt tilgang til denne piloten. Spør den som har ansvar for piloten.",
    down: "Innloggingen svarer ikke",
    down_why: "Tjenesten som vi logger inn med, svarer ikke nå. Ingenting er tapt. Prøv igjen om litt.",
    again: "Til innloggingen",
    left: "Du er logget ut",
    left_why: "Du er logget ut av denne siden. Du kan fortsatt være logget inn i andre tjenester.",
    left_there: "Logg ut der også",
    too_many: "For mange forespørsler",
    too_many_why: "Du kan prøve igjen om {n} sekunder. Ingenting av det du sendte nå, er lagret.",
    not_noted: "Det kunne ikke noteres hvem som spurte, og derfor vises ikke svaret.",
};

const NN: AtTheDoor = AtTheDoor {
    why: "Du loggar inn med den innlogginga som verksemda di bruker. Sida har ikkje eigne passord.",
    onward: "Vidare til innlogginga",
    onward_link: "Gå vidare til innlogginga",
    refused: "Innlogginga gjekk ikkje",
    refused_why: "Innlogginga vart avbroten, var for gammal eller er brukt før. Prøv ein gong til.",
    no_access: "Du er ikkje gitt tilgang",
    no_access_why: "Innlogginga gjekk bra, men du er ikkje gitt tilgang til denne piloten. Spør den som har ansvar for piloten.",
    down: "Innlogginga svarer ikkje",
    down_why: "Tenesta som vi loggar inn med, svarer ikkje no. Ingenting er tapt. Prøv igjen om litt.",
    again: "Til innlogginga",
    left: "Du er logga ut",
    left_why: "Du er logga ut av denne sida. Du kan framleis vere logga inn i andre tenester.",
    left_there: "Logg ut der òg",
    too_many: "For mange førespurnader",
    too_many_why: "Du kan prøve igjen om {n} sekund. Ingenting av det du sende no, er lagra.",
    not_noted: "Det kunne ikkje noterast kven som spurde, og difor blir ikkje svaret vist.",
};

const EN: AtTheDoor = AtTheDoor {
    why: "You log in with the log-in that your organisation uses. This site has no passwords of its own.",
    onward: "On to the log-in",
    onward_link: "Go on to the log-in",
    refused: "The log-in did not succeed",
    refused_why: "The log-in was broken off, was too old or has been used before. Try once more.",
    no_access: "You have not been given access",
    no_access_why: "The log-in went well, but you have not been given access to this pilot. Ask whoever is responsible for the pilot.",
    down: "The log-in does not answer",
    down_why: "The service that we log in with does not answer now. Nothing is lost. Try again in a while.",
    again: "To the log-in",
    left: "You are logged out",
    left_why: "You are logged out of this site. You may still be logged in to other services.",
    left_there: "Log out there too",
    too_many: "Too many requests",
    too_many_why: "You can try again in {n} seconds. Nothing of what you sent now has been stored.",
    not_noted: "It could not be noted who asked, so the answer is not shown.",
};
