//! The checklist CONSORT-SPI 2018 in short words of our own: 25 items of CONSORT 2010 with the
//! extensions for social and psychological interventions, and item 26 (Montgomery and others 2018,
//! Trials 19:407; explained by Grant and others 2018, Trials 19:406).

/// One item: its number, and what is to be told.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) number: &'static str,
    texts: [&'static str; 3],
}

impl Item {
    /// What is to be told, in one language.
    pub(crate) fn text(&self, lang: crate::model::Lang) -> &'static str {
        let [nb, nn, en] = self.texts;
        match lang {
            crate::model::Lang::Nb => nb,
            crate::model::Lang::Nn => nn,
            crate::model::Lang::En => en,
        }
    }
}

const fn item(number: &'static str, texts: [&'static str; 3]) -> Item {
    Item { number, texts }
}

/// Every item, in order.
pub(crate) const ITEMS: &[Item] = &[
    item(
        "1a",
        [
            "Tittelen sier at forsøket er randomisert",
            "Tittelen seier at forsøket er randomisert",
            "The title says that the trial is randomised",
        ],
    ),
    item("1b", ["Strukturert sammendrag", "Strukturert samandrag", "Structured summary"]),
    item("2a", ["Bakgrunn og begrunnelse", "Bakgrunn og grunngiving", "Background and rationale"]),
    item(
        "2b",
        [
            "Mål og hypoteser, og hvordan tiltaket er ment å virke",
            "Mål og hypotesar, og korleis tiltaket er meint å verke",
            "Objectives and hypotheses, and how the measure is meant to work",
        ],
    ),
    item(
        "3a",
        [
            "Forsøksdesign, enheten som ble trukket, og fordelingen mellom gruppene",
            "Forsøksdesign, eininga som vart trekt, og fordelinga mellom gruppene",
            "Trial design, the unit of assignment, and the allocation ratio",
        ],
    ),
    item(
        "3b",
        [
            "Endringer i metode etter at forsøket startet, med grunn",
            "Endringar i metode etter at forsøket starta, med grunn",
            "Changes to methods after the start, with reasons",
        ],
    ),
    item(
        "4a",
        [
            "Kriterier for deltakerne, og for kontor og ansatte der det er aktuelt",
            "Kriterium for deltakarane, og for kontor og tilsette der det er aktuelt",
            "Eligibility of participants, and of offices and staff where it applies",
        ],
    ),
    item(
        "4b",
        [
            "Hvor dataene er samlet inn",
            "Kvar dataa er samla inn",
            "Settings and places of data collection",
        ],
    ),
    item(
        "5",
        [
            "Tiltakene i hver gruppe, nøyaktig nok til å gjentas",
            "Tiltaka i kvar gruppe, nøyaktig nok til å takast opp att",
            "The measures of each group, in enough detail to repeat them",
        ],
    ),
    item(
        "5a",
        [
            "Hvor langt tiltakene ble gitt og tatt imot som planlagt",
            "Kor langt tiltaka vart gitt og tekne imot som planlagt",
            "How far the measures were delivered and taken up as planned",
        ],
    ),
    item(
        "5b",
        [
            "Hvor annet materiell om tiltaket finnes",
            "Kvar anna materiell om tiltaket finst",
            "Where other material about the measure can be found",
        ],
    ),
    item(
        "5c",
        [
            "Hvordan de som ga tiltaket, ble fordelt på gruppene",
            "Korleis dei som gav tiltaket, vart fordelte på gruppene",
            "How those who delivered it were assigned to the groups",
        ],
    ),
    item(
        "6a",
        [
            "Utfallsmål, hvordan og når de er målt",
            "Utfallsmål, korleis og når dei er målte",
            "Outcomes, how and when they were measured",
        ],
    ),
    item(
        "6b",
        [
            "Endringer i utfallsmål etter start, med grunn",
            "Endringar i utfallsmål etter start, med grunn",
            "Changes to outcomes after the start, with reasons",
        ],
    ),
    item(
        "7a",
        [
            "Hvordan utvalgsstørrelsen ble bestemt",
            "Korleis utvalsstorleiken vart bestemt",
            "How the sample size was determined",
        ],
    ),
    item(
        "7b",
        [
            "Foreløpige analyser og regler for å stoppe",
            "Førebelse analysar og reglar for å stoppe",
            "Interim analyses and stopping rules",
        ],
    ),
    item(
        "8a",
        [
            "Metoden som ga den tilfeldige rekkefølgen",
            "Metoden som gav den tilfeldige rekkjefølgja",
            "The method that gave the random sequence",
        ],
    ),
    item(
        "8b",
        [
            "Typen randomisering, med blokker",
            "Typen randomisering, med blokker",
            "The type of randomisation, with blocks",
        ],
    ),
    item(
        "9",
        [
            "Hvordan rekkefølgen var skjult til listen var låst",
            "Korleis rekkjefølgja var skjult til lista var låst",
            "How the sequence was concealed until the list was locked",
        ],
    ),
    item(
        "10",
        [
            "Hvem som trakk, skrev inn og fordelte deltakerne",
            "Kven som trekte, skreiv inn og fordelte deltakarane",
            "Who drew, enrolled and assigned participants",
        ],
    ),
    item(
        "11a",
        [
            "Hvem som kjente gruppen etterpå",
            "Kven som kjende gruppa etterpå",
            "Who knew the group afterwards",
        ],
    ),
    item(
        "11b",
        [
            "Likhet mellom tiltakene, der det er blinding",
            "Likskap mellom tiltaka, der det er blinding",
            "Similarity of the measures, where there is blinding",
        ],
    ),
    item(
        "12a",
        [
            "Statistiske metoder, og hvordan manglende data er behandlet",
            "Statistiske metodar, og korleis manglande data er handsama",
            "Statistical methods, and how missing data were handled",
        ],
    ),
    item(
        "12b",
        [
            "Metoder for undergrupper og justerte analyser",
            "Metodar for undergrupper og justerte analysar",
            "Methods for subgroups and adjusted analyses",
        ],
    ),
    item(
        "13a",
        [
            "Antall vurdert, trukket, behandlet og analysert i hver gruppe",
            "Talet på vurderte, trekte, handsama og analyserte i kvar gruppe",
            "Numbers assessed, drawn, treated and analysed in each group",
        ],
    ),
    item(
        "13b",
        [
            "Frafall etter trekningen, med grunn",
            "Fråfall etter trekninga, med grunn",
            "Losses after the draw, with reasons",
        ],
    ),
    item(
        "14a",
        [
            "Datoer for rekruttering og oppfølging",
            "Datoar for rekruttering og oppfølging",
            "Dates of recruitment and follow-up",
        ],
    ),
    item(
        "14b",
        [
            "Hvorfor forsøket sluttet eller ble stanset",
            "Kvifor forsøket slutta eller vart stansa",
            "Why the trial ended or was stopped",
        ],
    ),
    item(
        "15",
        [
            "Kjennetegn ved start i hver gruppe, også sosioøkonomiske",
            "Kjenneteikn ved start i kvar gruppe, òg sosioøkonomiske",
            "Baseline characteristics of each group, socioeconomic ones too",
        ],
    ),
    item(
        "16",
        [
            "Antall i hver analyse, og om gruppene er de som ble trukket",
            "Talet på einingar i kvar analyse, og om gruppene er dei som vart trekte",
            "Numbers in each analysis, and whether by the groups drawn",
        ],
    ),
    item(
        "17a",
        [
            "Resultat for hvert utfall med intervall, og om data er tilgjengelige",
            "Resultat for kvart utfall med intervall, og om data er tilgjengelege",
            "Results of each outcome with intervals, and availability of data",
        ],
    ),
    item(
        "17b",
        [
            "Absolutte og relative størrelser for ja/nei-utfall",
            "Absolutte og relative storleikar for ja/nei-utfall",
            "Absolute and relative effects of yes/no outcomes",
        ],
    ),
    item(
        "18",
        [
            "Andre analyser, planlagte og utforskende hver for seg",
            "Andre analysar, planlagde og utforskande kvar for seg",
            "Other analyses, planned and exploratory apart",
        ],
    ),
    item(
        "19",
        ["Skader og uønskede hendelser", "Skadar og uønskte hendingar", "Harms and adverse events"],
    ),
    item(
        "20",
        [
            "Begrensninger og kilder til skjevhet",
            "Avgrensingar og kjelder til skeivskap",
            "Limitations and sources of bias",
        ],
    ),
    item(
        "21",
        [
            "Hvor langt funnene gjelder andre steder",
            "Kor langt funna gjeld andre stader",
            "How far the findings hold elsewhere",
        ],
    ),
    item(
        "22",
        [
            "Tolkning i samsvar med resultatene",
            "Tolking i samsvar med resultata",
            "Interpretation consistent with the results",
        ],
    ),
    item(
        "23",
        ["Registrering av forsøket", "Registrering av forsøket", "Registration of the trial"],
    ),
    item(
        "24",
        ["Hvor protokollen finnes", "Kvar protokollen finst", "Where the protocol can be found"],
    ),
    item(
        "25",
        [
            "Finansiering og andre interesser",
            "Finansiering og andre interesser",
            "Funding and other interests",
        ],
    ),
    item(
        "26a",
        [
            "Hva de som utviklet tiltaket, hadde med forsøket å gjøre",
            "Kva dei som utvikla tiltaket, hadde med forsøket å gjere",
            "What the developers of the measure had to do with the trial",
        ],
    ),
    item(
        "26b",
        [
            "Hva andre berørte hadde med forsøket å gjøre",
            "Kva andre råka hadde med forsøket å gjere",
            "What other stakeholders had to do with the trial",
        ],
    ),
    item("26c", ["Belønning for å delta", "Godtgjering for å delta", "Incentives for taking part"]),
];
