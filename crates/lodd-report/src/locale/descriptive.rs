//! The descriptive tables: captions, heads and notes, in bokmål, nynorsk and English.

topic! {
    /// The texts of the descriptive tables.
    Descriptive {
        // Captions.
        offices_table: "Utvalg og trekning: {units} per kontor, trekning {n}", "Utval og trekning: {units} per kontor, trekning {n}", "List and draw: {units} by office, draw {n}";
        balance_table: "Balansetest: {units} slik de var før trekningen, trekning {n}", "Balansetest: {units} slik dei var før trekninga, trekning {n}", "Balance: {units} as they were before the draw, draw {n}";
        analysed_table: "Balanse blant de analyserte: {units}, trekning {n}", "Balanse blant dei analyserte: {units}, trekning {n}", "Balance among the analysed: {units}, draw {n}";
        order_table: "Rekkefølgen på listen mot trekningen: {units}, trekning {n}", "Rekkjefølgja på lista mot trekninga: {units}, trekning {n}", "The order of the list against the draw: {units}, draw {n}";
        attrition_table: "Frafall: {units} etter gruppe og årsak", "Fråfall: {units} etter gruppe og årsak", "Attrition: {units} by arm and reason";
        received_table: "Etterlevelse og innhold: hva {units} i hver gruppe fikk, trekning {n}", "Etterleving og innhald: kva {units} i kvar gruppe fekk, trekning {n}", "Compliance and content: what {units} in each arm got, draw {n}";
        profile_table: "Hvem er familiene: {units} på hvert trinn, trekning {n}", "Kven er familiane: {units} på kvart trinn, trekning {n}", "Who the families are: {units} at each step, draw {n}";
        power_table: "Styrkeberegning: minste effekt som kunne ventes oppdaget, i prosentpoeng", "Styrkeberekning: minste effekt som kunne ventast oppdaga, i prosentpoeng", "Power: the smallest effect that could be expected to be found, in percentage points";
        transitions_table: "Overganger mellom statuser: {outcome}, {units}, trekning {n}", "Overgangar mellom statusar: {outcome}, {units}, trekning {n}", "Transitions between statuses: {outcome}, {units}, draw {n}";
        response_table: "Innrapportering: {units} observert, per kontor, måletidspunkt og gruppe, trekning {n}", "Innrapportering: {units} observerte, per kontor, måletidspunkt og gruppe, trekning {n}", "Response: {units} observed, by office, horizon and arm, draw {n}";
        calendar_table: "Trekning, målevinduer og frister", "Trekning, målevindauge og fristar", "Draw, windows and deadlines";
        harms_table: "Uønskede hendelser: {units}, trekning {n}", "Uønskte hendingar: {units}, trekning {n}", "Harms: {units}, draw {n}";
        // Notes.
        offices_note: "Oppfyller kriteriene: slik listen sto da den ble låst. Reserve: på listen uten plass fra trekningen, og ikke tilbudt en ledig plass senere. Samtykke er til forskningen.", "Oppfyller kriteria: slik lista stod då ho vart låst. Reserve: på lista utan plass frå trekninga, og ikkje tilboden ein ledig plass seinare. Samtykket er til forskinga.", "Meets the criteria: as the list stood when it was locked. Reserve: on the list without a place from the draw, and not offered a free place later. Consent is to the research.";
        balance_chance: "Alle på listen er fordelt ved lodd. En lav p blant alle i trekningen er derfor tilfeldig. p er andelen av {n} nye trekninger som gir minst like stor forskjell.", "Alle på lista er fordelte ved lodd. Ein låg p blant alle i trekninga er difor tilfeldig. p er delen av {n} nye trekningar som gir minst like stor skilnad.", "Everyone on the list was assigned by lot. A low p among all drawn is therefore chance. p is the share of {n} re-draws that give a difference at least as large.";
        balance_imported: "Fordelingen er gjort et annet sted. p er andelen av {n} nye trekninger med de samme plassene som gir minst like stor forskjell; ble det trukket ved lodd, er en lav p tilfeldig.", "Fordelinga er gjord ein annan stad. p er delen av {n} nye trekningar med dei same plassane som gir minst like stor skilnad; vart det trekt ved lodd, er ein låg p tilfeldig.", "The assignment was made elsewhere. p is the share of {n} re-draws with the same seats that give a difference at least as large; if it was made by lot, a low p is chance.";
        balance_analysed: "Analysert: familier med verdi for «{outcome}» {horizon} ({source}). Etter strykninger, samtykke og frafall er en forskjell ikke lenger bare tilfeldig.", "Analysert: familiar med verdi for «{outcome}» {horizon} ({source}). Etter strykingar, samtykke og fråfall er ein skilnad ikkje lenger berre tilfeldig.", "Analysed: families with a value of “{outcome}” {horizon} ({source}). After strikes, consent and attrition a difference is no longer chance alone.";
        balance_difference: "Std. forskjell: gruppen minus kontrollgruppen, i standardavvik, vektet over blokkene.", "Std. skilnad: gruppa minus kontrollgruppa, i standardavvik, vekta over blokkene.", "Std. difference: the arm less the control, in standard deviations, weighted over blocks.";
        order_note: "Om plassen på listen kan ses i trekningen. En lav p tilsier at noen ser etter; den er ikke bevis for at noe er galt.", "Om plassen på lista kan sjåast i trekninga. Ein låg p tilseier at nokon ser etter; han er ikkje prov for at noko er gale.", "Whether the place on the list shows in the draw. A low p calls for a look; it is no proof that anything is wrong.";
        attrition_note: "Prosent er av dem som var med i trekningen. Forskjellen er gruppen minus kontrollgruppen, i prosentpoeng. Hver kilde står for seg.", "Prosent er av dei som var med i trekninga. Skilnaden er gruppa minus kontrollgruppa, i prosentpoeng. Kvar kjelde står for seg.", "Per cent is of those drawn. The difference is the arm less the control, in percentage points. Each source stands apart.";
        received_note: "Prosent er av dem som var med i trekningen; tiltak og program av dem som er observert minst én gang etter trekningen. Forskjellen er gruppen minus kontrollgruppen, i prosentpoeng, for snitt i møter. Det som ikke er ført, mangler (..).", "Prosent er av dei som var med i trekninga; tiltak og program av dei som er observerte minst éin gong etter trekninga. Skilnaden er gruppa minus kontrollgruppa, i prosentpoeng, for snitt i møte. Det som ikkje er ført, manglar (..).", "Per cent is of those drawn; measures and programme of those observed at least once after the draw. The difference is the arm less the control, in percentage points, of means in meetings. What has not been recorded is missing (..).";
        profile_note: "Snitt med standardavvik, eller andel, slik det var kjent da listen ble låst. De som samtykket, startet og ble analysert, er ikke valgt ved lodd.", "Snitt med standardavvik, eller del, slik det var kjent då lista vart låst. Dei som samtykte, starta og vart analyserte, er ikkje valde ved lodd.", "Mean with standard deviation, or share, as known when the list was locked. Those who consented, started and were analysed were not chosen by lot.";
        power_note: "Effekten som oppdages i 80 prosent av slike forsøk, på {alpha} prosents nivå, uten frafall og om alle i tiltaket deltar; regnet for plassene i den låste trekningen. Mindre effekter blir oversett oftere.", "Effekten som blir oppdaga i 80 prosent av slike forsøk, på {alpha} prosents nivå, utan fråfall og om alle i tiltaket deltek; rekna for plassane i den låste trekninga. Mindre effektar blir oftare oversette.", "The effect that is found in 80 per cent of such trials, at the {alpha} per cent level, without attrition and if everyone treated takes part; computed for the seats of the locked draw. Smaller effects are missed more often.";
        transitions_note: "Prosent er av dem som var med i trekningen, i samme gruppe. Kontrollgruppen står ved siden av: en endring i én gruppe alene sier ikke hva tiltaket gjorde.", "Prosent er av dei som var med i trekninga, i same gruppe. Kontrollgruppa står ved sida av: ei endring i éi gruppe åleine seier ikkje kva tiltaket gjorde.", "Per cent is of those drawn, in the same arm. The control stands beside it: a change in one arm alone does not say what the measure did.";
        response_note: "Antall observert i vinduet, av en hvilken som helst kilde, med prosent av dem som var med i trekningen.", "Talet på observerte i vindauget, av kva kjelde som helst, med prosent av dei som var med i trekninga.", "Number observed in the window, by any source, with per cent of those drawn.";
        calendar_note: "Vinduet er fastsatt før trekningen. Fristen er siste dag i vinduet og tiden til å rapportere.", "Vindauget er fastsett før trekninga. Fristen er siste dag i vindauget og tida til å rapportere.", "The window was fixed before the draw. The deadline is the last day of the window and the time to report.";
        harms_note: "Antall med minst ett ja ved et måletidspunkt etter trekningen, med prosent av dem det er svart for. Bare planlagte målinger er med: de som følges opp, blir ellers sett oftere. Forskjellen er i prosentpoeng.", "Talet på dei med minst eitt ja ved eit måletidspunkt etter trekninga, med prosent av dei det er svart for. Berre planlagde målingar er med: dei som blir følgde opp, blir elles sedde oftare. Skilnaden er i prosentpoeng.", "How many have at least one yes at a horizon after the draw, with per cent of those with an answer. Planned measurements only: those followed up are seen more often. The difference is in percentage points.";
        harms_not_measured: "Ikke målt i denne piloten: {list}.", "Ikkje målt i denne piloten: {list}.", "Not measured in this pilot: {list}.";
        // Files.
        f_descriptives: "Tallene i rapportens beskrivende tabeller", "Tala i dei beskrivande tabellane i rapporten", "The numbers of the report's descriptive tables";
        f_balance: "Balanse ved trekningen", "Balanse ved trekninga", "Balance of the draw";
        f_order: "Rekkefølgen på listen mot trekningen", "Rekkjefølgja på lista mot trekninga", "The order of the list against the draw";
        f_transitions: "Overganger mellom statuser", "Overgangar mellom statusar", "Transitions between statuses";
        // Heads.
        col_office: "Kontor", "Kontor", "Office";
        col_fact: "Kjennetegn", "Kjenneteikn", "Characteristic";
        col_order: "Rekkefølge", "Rekkjefølgje", "Order";
        col_received: "Innhold", "Innhald", "Content";
        col_move: "Fra – til", "Frå – til", "From – to";
        col_horizon: "Måletidspunkt", "Måletidspunkt", "Horizon";
        col_harm: "Hendelse", "Hending", "Event";
        on_list: "På listen", "På lista", "On the list";
        reserve: "Reserve", "Reserve", "Reserve";
        all_drawn: "Alle i trekningen", "Alle i trekninga", "All drawn";
        std_difference: "Std. forskjell", "Std. skilnad", "Std. difference";
        all_facts: "Alle kjennetegn samlet", "Alle kjenneteikn samla", "All characteristics together";
        p_replay: "p, ny trekning", "p, ny trekning", "p, re-drawn";
        statistic: "Testverdi", "Testverdi", "Statistic";
        first_tenth: "Første tidel: fikk plass", "Første tidel: fekk plass", "First tenth: given a place";
        expected: "Ventet", "Venta", "Expected";
        families_row: "Antall", "Tal", "Number";
        contrast: "Forskjell", "Skilnad", "Difference";
        observed_once: "Observert minst én gang etter trekningen", "Observert minst éin gong etter trekninga", "Observed at least once after the draw";
        in_measure: "Minst én voksen i tiltak", "Minst éin vaksen i tiltak", "At least one adult in a measure";
        in_programme: "Minst én voksen i kvalifiseringsprogram", "Minst éin vaksen i kvalifiseringsprogram", "At least one adult in the qualification programme";
        followed_up: "Ført i koordinatorenes logg", "Ført i loggen til koordinatorane", "In the coordinators' log";
        met: "Minst ett møte", "Minst eitt møte", "At least one meeting";
        meetings: "Møter per familie med ført tall", "Møte per familie med ført tal", "Meetings per family with a recorded number";
        has_coordinator: "Familier med koordinator", "Familiar med koordinator", "Families with a coordinator";
        crossed_over: "Avvik: krysset over", "Avvik: kryssa over", "Deviation: crossed over";
        control_followed: "Avvik: kontroll fulgt opp", "Avvik: kontroll følgd opp", "Deviation: control followed up";
        other_deviation: "Avvik: annet", "Avvik: anna", "Deviation: other";
        base_rate: "Andel i kontrollgruppen", "Del i kontrollgruppa", "Share among the controls";
        formula: "Formel", "Formel", "Formula";
        draw_date: "Trekningsdato", "Trekningsdato", "Date of the draw";
        target: "Måledato", "Måledato", "Date";
        window_low: "Første dag", "Første dag", "First day";
        window_high: "Siste dag", "Siste dag", "Last day";
        deadline: "Frist", "Frist", "Deadline";
        ever: "Med svar", "Med svar", "With an answer";
        sd: "SD {x}", "SD {x}", "SD {x}";
        moved: "{from} → {to}", "{from} → {to}", "{from} → {to}";
        not_known: "ikke kjent", "ikkje kjent", "not known";
        simulated: "Simulert: {estimator}", "Simulert: {estimator}", "Simulated: {estimator}";
    }
}
