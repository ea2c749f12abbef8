//! The words of the appendices and of the list of outcomes.

topic! {
    /// What is said in appendices.
    Appendix {
        plan_text:
            "Planen slik den ble låst, ord for ord:",
            "Planen slik han vart låst, ord for ord:",
            "The plan as it was locked, word for word:";
        plan_sha256:
            "SHA-256 av planen",
            "SHA-256 av planen",
            "SHA-256 of the plan";
        plan_locked:
            "Låst",
            "Låst",
            "Locked";
        planned_intro:
            "Tabellen viser hver analyse i planen og hva det ble av den. {run} av {all} er kjørt.",
            "Tabellen viser kvar analyse i planen og kva det vart av han. {run} av {all} er køyrde.",
            "The table shows each analysis of the plan and what came of it. {run} of {all} were run.";
        planned_none:
            "Ingen analyseplan er låst, så det finnes ingen plan å holde rapporten mot.",
            "Ingen analyseplan er låst, så det finst ingen plan å halde rapporten mot.",
            "No analysis plan is locked, so there is no plan to hold the report against.";
        col_analysis:
            "Analyse",
            "Analyse",
            "Analysis";
        col_fate:
            "Hva det ble av den",
            "Kva det vart av han",
            "What came of it";
        fate_run:
            "kjørt",
            "køyrd",
            "run";
        fate_interim:
            "kjørt, foreløpig",
            "køyrd, førebels",
            "run, interim";
        fate_exploratory:
            "kjørt, utforskende: planen var ikke den første som ble låst",
            "køyrd, utforskande: planen var ikkje den første som vart låst",
            "run, exploratory: the plan was not the first one locked";
        fate_no_estimate:
            "kjørt, men tallet lar seg ikke beregne",
            "køyrd, men talet lèt seg ikkje rekne ut",
            "run, but the number can't be computed";
        fate_why:
            "kjørt, men tallet lar seg ikke beregne ({why})",
            "køyrd, men talet lèt seg ikkje rekne ut ({why})",
            "run, but the number can't be computed ({why})";
        fate_withheld:
            "kjørt, men tallene kan ikke publiseres (:)",
            "køyrd, men tala kan ikkje publiserast (:)",
            "run, but its numbers may not be published (:)";
        strikes_withheld:
            "familier er strøket fra den låste listen; hvor mange, og hvorfor, kan ikke publiseres (:)",
            "familiar er strokne frå den låste lista; kor mange, og kvifor, kan ikkje publiserast (:)",
            "families were struck from the locked list; how many, and why, may not be published (:)";
        fate_not_run:
            "ikke kjørt: den har ingen tall i dette uttrekket",
            "ikkje køyrd: han har ingen tal i dette uttrekket",
            "not run: it has no numbers at this cut";
        unplanned:
            "{n} sto ikke i planen. Det er merket utforskende der det vises.",
            "{n} stod ikkje i planen. Det er merkt utforskande der det blir vist.",
            "{n} not in the plan. They are marked exploratory where they are shown.";
        analysis:
            "analyse|analyser",
            "analyse|analysar",
            "analysis|analyses";
        deviations_intro:
            "Loggen har dette som ikke gikk slik den låste protokollen sier:",
            "Loggen har dette som ikkje gjekk slik den låste protokollen seier:",
            "The ledger has this that did not go as the locked protocol says:";
        deviations_none:
            "Loggen har ingen avvik: protokollen er ikke endret, ingen er strøket etter låsing, og ingen trekning er gitt opp.",
            "Loggen har ingen avvik: protokollen er ikkje endra, ingen er strokne etter låsing, og inga trekning er gitt opp.",
            "The ledger has no deviation: the protocol is unchanged, nobody was struck after locking, and no draw was given up.";
        deviations_table:
            "Avvik fra den låste protokollen",
            "Avvik frå den låste protokollen",
            "Deviations from the locked protocol";
        col_when:
            "Tidspunkt",
            "Tidspunkt",
            "When";
        col_entry:
            "Nr. i loggen",
            "Nr. i loggen",
            "Ledger entry";
        col_what:
            "Hva",
            "Kva",
            "What";
        col_why:
            "Grunn, slik den er ført",
            "Grunn, slik han er ført",
            "Reason, as recorded";
        amendment:
            "Protokollfilen ble endret etter låsing",
            "Protokollfila vart endra etter låsing",
            "The protocol file was changed after locking";
        strike_leaves:
            "En enhet ble strøket, og er ute av analysen",
            "Ei eining vart stroken, og er ute av analysen",
            "A unit was struck, and has left the analysis";
        strike_stays:
            "En enhet ble strøket, men er med i analysen",
            "Ei eining vart stroken, men er med i analysen",
            "A unit was struck, but stays in the analysis";
        void:
            "Trekning {n} ble gitt opp før resultatet var kjent",
            "Trekning {n} vart gitt opp før resultatet var kjent",
            "Draw {n} was given up before its result was known";
        replanned:
            "En ny analyseplan ble låst",
            "Ein ny analyseplan vart låst",
            "Another analysis plan was locked";
        no_reason:
            "ingen grunn er ført",
            "ingen grunn er ført",
            "no reason is recorded";
        checklist_intro:
            "Sjekklisten følger CONSORT-SPI 2018. Det piloten selv viser, er fylt ut. {open} av {all} punkter er åpne, og fylles ut av evaluator i report.toml.",
            "Sjekklista følgjer CONSORT-SPI 2018. Det piloten sjølv viser, er fylt ut. {open} av {all} punkt er opne, og blir fylte ut av evaluator i report.toml.",
            "The checklist follows CONSORT-SPI 2018. What the pilot itself shows is filled in. {open} of {all} items are open, for the evaluator to fill in in report.toml.";
        item_open:
            "åpent",
            "ope",
            "open";
        in_section:
            "del {section}",
            "del {section}",
            "section {section}";
        col_item:
            "Nr.",
            "Nr.",
            "No.";
        col_told:
            "Hva som skal fortelles",
            "Kva som skal forteljast",
            "What is to be told";
        col_place:
            "Hvor det står",
            "Kvar det står",
            "Where it stands";
        outcomes_table:
            "Utfall som tabeller og analyser bruker",
            "Utfall som tabellar og analysar bruker",
            "Outcomes that tables and analyses use";
        outcomes_intro:
            "Utfallene er regnet slik protokollfilen sier. Primære utfall er dem planen selv kaller det.",
            "Utfalla er rekna slik protokollfila seier. Primære utfall er dei planen sjølv kallar det.",
            "Outcomes are computed as the protocol file says. Primary outcomes are those that the plan itself calls so.";
        col_unit:
            "Enhet",
            "Eining",
            "Unit";
        col_derivation:
            "Beregning",
            "Utrekning",
            "Derivation";
        primary:
            "primært",
            "primært",
            "primary";
        authors:
            "Forfattere",
            "Forfattarar",
            "Authors";
        institution:
            "Institusjon",
            "Institusjon",
            "Institution";
        commissioned_by:
            "Oppdragsgiver",
            "Oppdragsgivar",
            "Commissioned by";
        series:
            "Serie",
            "Serie",
            "Series";
    }
}
