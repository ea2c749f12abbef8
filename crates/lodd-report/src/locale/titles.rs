//! Titles of the sections, in the report's order.

topic! {
    /// What each section is called.
    Titles {
        foreword:
            "Forord",
            "Forord",
            "Foreword";
        summary:
            "Sammendrag",
            "Samandrag",
            "Summary";
        english_summary:
            "English summary",
            "English summary",
            "English summary";
        introduction:
            "Innledning",
            "Innleiing",
            "Introduction";
        measure:
            "Tiltaket",
            "Tiltaket",
            "The measure";
        method:
            "Data og metode",
            "Data og metode",
            "Data and method";
        design:
            "Forsøksdesign",
            "Forsøksdesign",
            "Design of the trial";
        draw:
            "Trekningen",
            "Trekninga",
            "The draw";
        sources:
            "Datakilder",
            "Datakjelder",
            "Sources of data";
        outcomes:
            "Utfallsmål",
            "Utfallsmål",
            "Outcomes";
        statistics:
            "Statistisk metode",
            "Statistisk metode",
            "Statistical method";
        power:
            "Styrke",
            "Styrke",
            "Power";
        months:
            "Utvikling over tid",
            "Utvikling over tid",
            "Development over time";
        by_horizon:
            "Effekter over tid",
            "Effektar over tid",
            "Effects over time";
        limitations:
            "Begrensninger",
            "Avgrensingar",
            "Limitations";
        ethics:
            "Etikk og personvern",
            "Etikk og personvern",
            "Ethics and privacy";
        implementation:
            "Gjennomføring",
            "Gjennomføring",
            "Implementation";
        families:
            "Hvem er familiene?",
            "Kven er familiane?",
            "Who are the families?";
        balance:
            "Var trekningen tilfeldig?",
            "Var trekninga tilfeldig?",
            "Was the draw random?";
        effects:
            "Effekter",
            "Effektar",
            "Effects";
        work:
            "Arbeid",
            "Arbeid",
            "Work";
        economy:
            "Økonomi",
            "Økonomi",
            "Economy";
        housing:
            "Bolig",
            "Bustad",
            "Housing";
        children:
            "Barnas situasjon",
            "Situasjonen til barna",
            "The children's situation";
        other:
            "Andre utfall",
            "Andre utfall",
            "Other outcomes";
        taking_part:
            "Effekt av deltakelse",
            "Effekt av deltaking",
            "Effect of taking part";
        status:
            "Status ved oppstart og oppfølging",
            "Status ved oppstart og oppfølging",
            "Status at the start and at follow-up";
        harms:
            "Uønskede hendelser",
            "Uønskte hendingar",
            "Adverse events";
        robustness:
            "Undergrupper og robusthet",
            "Undergrupper og robustheit",
            "Subgroups and robustness";
        costs:
            "Kostnader",
            "Kostnader",
            "Costs";
        discussion:
            "Diskusjon",
            "Diskusjon",
            "Discussion";
        conclusion:
            "Konklusjon",
            "Konklusjon",
            "Conclusion";
        literature:
            "Litteratur",
            "Litteratur",
            "References";
        protocol:
            "Trekningsprotokoll",
            "Trekningsprotokoll",
            "Protocol of the draw";
        plan:
            "Analyseplanen",
            "Analyseplanen",
            "The analysis plan";
        planned:
            "Plan og rapport",
            "Plan og rapport",
            "Plan against report";
        deviations:
            "Avvikslogg",
            "Avvikslogg",
            "Log of deviations";
        checklist:
            "Sjekkliste etter CONSORT-SPI",
            "Sjekkliste etter CONSORT-SPI",
            "CONSORT-SPI checklist";
        tables:
            "Fullstendige tabeller",
            "Fullstendige tabellar",
            "Full tables";
        files:
            "Filer",
            "Filer",
            "Files";
    }
}
