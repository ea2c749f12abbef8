//! Tables of the evaluator's own, figures from elsewhere, and what is said where nobody was drawn.

topic! {
    /// What is said around the evaluator's own tables.
    ProfileTables {
        persons: "barn og unge", "barn og unge", "children and young people";
        cases: "saker", "saker", "cases";
        moves: "overganger", "overgangar", "moves";
        col_number: "Antall", "Tal", "Number";
        col_share: "Andel", "Del", "Share";
        total: "I alt", "I alt", "Total";
        least: "minst {n}", "minst {n}", "at least {n}";
        most: "høyst {n}", "høgst {n}", "at most {n}";
        period: "År: {period}", "År: {period}", "Year: {period}";
        shares_of: "Andelene er prosent av alle {n} {units}.", "Delane er prosent av alle {n} {units}.", "Shares are per cent of all {n} {units}.";
        shares_of_column: "Andelene er prosent av dem som er observert i kolonnen.", "Delane er prosent av dei som er observerte i kolonna.", "Shares are per cent of those observed in the column.";
        highest: "Hver enhet er telt én gang, på det høyeste trinnet den nådde.", "Kvar eining er talt éin gong, på det høgste trinnet ho nådde.", "Each unit is counted once, at the highest step it reached.";
        overlapping: "Radene overlapper: den samme enheten kan stå i flere. De legges derfor ikke sammen.", "Radene overlappar: den same eininga kan stå i fleire. Dei blir difor ikkje lagde saman.", "The rows overlap: one unit may stand in several. They are therefore not added up.";
        nested: "Innrykkede rader er en del av raden over dem, og kommer ikke i tillegg.", "Innrykte rader er ein del av rada over dei, og kjem ikkje i tillegg.", "Indented rows are a part of the row above them, and do not come in addition.";
        bound: "Et tall som bare er kjent fra én side, står som det er kjent. Det er ikke rundet til et eksakt tall, og det er ikke regnet videre med.", "Eit tal som berre er kjent frå éi side, står som det er kjent. Det er ikkje runda til eit eksakt tal, og det er ikkje rekna vidare med.", "A number that is known from one side only stands as it is known. It is not made an exact one, and nothing is computed from it.";
        beside_intro: "De to tabellene nedenfor teller ulike enheter, {one} og {other}. De står side om side. Tallene kan ikke sammenlignes eller trekkes fra hverandre.", "Dei to tabellane nedanfor tel ulike einingar, {one} og {other}. Dei står side om side. Tala kan ikkje samanliknast eller trekkjast frå kvarandre.", "The two tables below count different units, {one} and {other}. They stand side by side. Their numbers can't be compared with or subtracted from each other.";
        context_table: "Tall fra andre kilder", "Tal frå andre kjelder", "Figures from other sources";
        context_note: "Tallene er gjengitt fra kilden. De er ikke regnet ut av prosjektets opplysninger.", "Tala er attgjevne frå kjelda. Dei er ikkje rekna ut av opplysningane i prosjektet.", "The figures are given as in the source. They are not computed from the project's records.";
        col_item: "Opplysning", "Opplysning", "Item";
        col_figure: "Tall", "Tal", "Figure";
        col_source: "Kilde", "Kjelde", "Source";
        col_year: "År", "År", "Year";
        holds: "Tallene i tabellene som report.toml beskriver", "Tala i tabellane som report.toml skildrar", "The numbers of the tables that report.toml describes";
        stamp_undrawn: "INGEN TREKNING: effekten er ikke anslått", "INGA TREKNING: effekten er ikkje rekna ut", "NO LOTTERY: the effect is not estimated";
        undrawn_kind: "Rapport fra et prosjekt uten loddtrekning", "Rapport frå eit prosjekt utan loddtrekning", "Report from a project without a lottery";
        undrawn_about: "Rapporten handler om et prosjekt ved {offices}. Det var ingen trekning: ingen ble fordelt tilfeldig, og det er ingen kontrollgruppe.", "Rapporten handlar om eit prosjekt ved {offices}. Det var inga trekning: ingen vart fordelte tilfeldig, og det er inga kontrollgruppe.", "The report is about a project at {offices}. There was no lottery: nobody was assigned at random, and there is no control group.";
        undrawn: "Det var ingen trekning i dette prosjektet.", "Det var inga trekning i dette prosjektet.", "There was no lottery in this project.";
        undrawn_effect: "Det var ingen trekning, og det er ingen kontrollgruppe. Hva som ville ha skjedd uten tiltaket, er ikke kjent. Rapporten teller hvem som var med og hva som skjedde. Effekten av tiltaket er ikke anslått.", "Det var inga trekning, og det er inga kontrollgruppe. Kva som ville ha hendt utan tiltaket, er ikkje kjent. Rapporten tel kven som var med og kva som hende. Effekten av tiltaket er ikkje rekna ut.", "There was no lottery, and there is no control group. What would have happened without the measure is not known. The report counts who took part and what happened. The effect of the measure is not estimated.";
    }
}
