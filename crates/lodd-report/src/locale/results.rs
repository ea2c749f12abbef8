//! The words of the results: effects, subgroups, robustness, costs, and what they rule out.

topic! {
    /// What is said of results.
    Results {
        t6:
            "Hovedresultater, {units}",
            "Hovudresultat, {units}",
            "Main results, {units}";
        t6_precision:
            "Utvalg og presisjon bak hovedresultatene, {units}",
            "Utval og presisjon bak hovudresultata, {units}",
            "Sample and precision behind the main results, {units}";
        from:
            "fra",
            "frå",
            "from";
        to:
            "til",
            "til",
            "to";
        p_adjusted:
            "p, justert",
            "p, justert",
            "p, adjusted";
        drawn:
            "Med i trekningen",
            "Med i trekninga",
            "In the draw";
        analysed:
            "Analysert",
            "Analysert",
            "Analysed";
        families:
            "Familier",
            "Familiar",
            "Families";
        offices:
            "Kontor",
            "Kontor",
            "Offices";
        icc:
            "ICC",
            "ICC",
            "ICC";
        mde:
            "Minste effekt som kan ventes avdekket",
            "Minste effekt som kan ventast avdekt",
            "Minimum detectable effect";
        icc_note:
            "ICC er hvor like enheter i samme klynge er: 0 er ikke likere enn andre, 1 er helt like. Intervallet står under.",
            "ICC er kor like einingar i same klynge er: 0 er ikkje likare enn andre, 1 er heilt like. Intervallet står under.",
            "ICC is how alike units of one cluster are: 0 is no more than others, 1 is wholly alike. Its interval stands below.";
        mde_note:
            "Minste effekt er den som en sammenligning av denne størrelsen oppdager i {power} av 100 slike forsøk på {alpha} prosents nivå, regnet av antall, klynger og variasjonen i kontrollgruppen alene.",
            "Minste effekt er den som ei samanlikning av denne storleiken oppdagar i {power} av 100 slike forsøk på {alpha} prosents nivå, rekna ut av talet på einingar, klyngjer og variasjonen i kontrollgruppa åleine.",
            "The minimum effect is what a comparison of this size detects in {power} of 100 such trials at the {alpha} per cent level, from its sizes, its clusters and the variation among controls alone.";
        not_randomised:
            "ikke en randomisert sammenligning",
            "ikkje ei randomisert samanlikning",
            "not a randomised comparison";
        started:
            "blant dem som startet",
            "blant dei som starta",
            "among those who started";
        consented:
            "blant dem som samtykket",
            "blant dei som samtykte",
            "among those who consented";
        ever_offer:
            "alle som fikk tilbud om plass, mot resten",
            "alle som fekk tilbod om plass, mot resten",
            "everyone offered a place against the rest";
        model:
            "trukne familier i modellkontor mot dem i de andre",
            "trekte familiar i modellkontor mot dei i dei andre",
            "drawn families in model offices against those in the others";
        follow_up:
            "trukne mot ikke trukne familier i samme kontor",
            "trekte mot ikkje trekte familiar i same kontor",
            "drawn against undrawn families of the same office";
        model_by_follow_up:
            "forskjellen mellom trukne og ikke trukne, modellkontor mot de andre",
            "skilnaden mellom trekte og ikkje trekte, modellkontor mot dei andre",
            "the difference between drawn and undrawn, model offices against the others";
        spill_over:
            "ikke trukne familier i modellkontor mot dem i de andre",
            "ikkje trekte familiar i modellkontor mot dei i dei andre",
            "undrawn families in model offices against those in the others";
        t7_intro:
            "Ikke alle som ble trukket til et tiltak, tok del i det. Tabellen viser effekten for dem som tok del fordi de ble trukket. Den forutsetter at trekningen bare virket gjennom deltakelsen.",
            "Ikkje alle som vart trekte til eit tiltak, tok del i det. Tabellen viser effekten for dei som tok del fordi dei vart trekte. Han føreset at trekninga berre verka gjennom deltakinga.",
            "Not all who were drawn to a measure took part in it. The table shows the effect on those who took part because they were drawn. It assumes that the draw worked through taking part alone.";
        t7:
            "Effekt av deltakelse, {units}",
            "Effekt av deltaking, {units}",
            "Effect of taking part, {units}";
        itt:
            "Effekt av å bli trukket",
            "Effekt av å bli trekt",
            "Effect of being drawn";
        first_stage:
            "Trekningens virkning på deltakelse",
            "Verknaden av trekninga på deltaking",
            "The draw's effect on taking part";
        f:
            "F",
            "F",
            "F";
        robust_interval:
            "{level} % KI som tåler en svak sammenheng",
            "{level} % KI som toler ein svak samanheng",
            "{level}% CI that holds with a weak draw";
        t8_intro:
            "Tabellen viser effekten i undergrupper. Det som skal leses, er testen av om effekten er ulik: en sikker effekt i én gruppe og ingen sikker i en annen viser ikke at de er ulike.",
            "Tabellen viser effekten i undergrupper. Det som skal lesast, er testen av om effekten er ulik: ein sikker effekt i éi gruppe og ingen sikker i ei anna viser ikkje at dei er ulike.",
            "The table shows the effect in subgroups. What to read is the test of whether it differs: a certain effect in one group and none in another does not show that they differ.";
        t8:
            "Undergrupper, {units}",
            "Undergrupper, {units}",
            "Subgroups, {units}";
        subgroups:
            "Undergrupper",
            "Undergrupper",
            "Subgroups";
        all:
            "Alle",
            "Alle",
            "All";
        interaction:
            "Forskjell i effekt: {label}",
            "Skilnad i effekt: {label}",
            "Difference in effect: {label}";
        no_subgroups:
            "Ingen undergrupper er analysert i dette uttrekket.",
            "Ingen undergrupper er analyserte i dette uttrekket.",
            "No subgroups were analysed at this cut.";
        robustness:
            "Robusthet",
            "Robustheit",
            "Robustness";
        t9_intro:
            "Tabellen viser de samme sammenligningene med andre metoder. Den øverste linjen for hvert utfall er hovedresultatet. Grenser sier hvor effekten må ligge, hva enn de som mangler, ville hatt.",
            "Tabellen viser dei same samanlikningane med andre metodar. Den øvste linja for kvart utfall er hovudresultatet. Grenser seier kvar effekten må liggje, kva enn dei som manglar, ville hatt.",
            "The table shows the same comparisons by other methods. The first line of each outcome is the main result. Bounds say where the effect must lie, whatever those missing would have had.";
        t9:
            "Robusthet, {units}",
            "Robustheit, {units}",
            "Robustness, {units}";
        no_robustness:
            "Ingen sammenligning er gjort med flere metoder i dette uttrekket.",
            "Inga samanlikning er gjord med fleire metodar i dette uttrekket.",
            "No comparison was made by several methods at this cut.";
        col_method:
            "Metode",
            "Metode",
            "Method";
        col_bounds:
            "Grenser",
            "Grenser",
            "Bounds";
        n:
            "N",
            "N",
            "N";
        costs_none:
            "Kostnader er ikke oppgitt i report.toml.",
            "Kostnader er ikkje oppgitt i report.toml.",
            "No costs are given in report.toml.";
        costs_intro:
            "Beløpene er oppgitt av evaluator og er ikke regnet av pilotens data. Kostnad per familie er beløpet delt på familiene som ble trukket til gruppen.",
            "Beløpa er oppgitt av evaluator og er ikkje rekna av data frå piloten. Kostnad per familie er beløpet delt på familiane som vart trekte til gruppa.",
            "The amounts are given by the evaluator and are not computed from the pilot's data. The cost per family is the amount divided by the families drawn to the group.";
        costs_table:
            "Kostnader",
            "Kostnader",
            "Costs";
        col_cost:
            "Post",
            "Post",
            "Item";
        col_arm:
            "Gruppe",
            "Gruppe",
            "Group";
        col_nok:
            "Kroner",
            "Kroner",
            "NOK";
        col_year:
            "Prisår",
            "Prisår",
            "Price year";
        col_per_family:
            "Per familie",
            "Per familie",
            "Per family";
        col_source:
            "Kilde",
            "Kjelde",
            "Source";
        rules_out_title:
            "Hva tallene utelukker",
            "Kva tala utelukkar",
            "What the figures rule out";
        rules_out:
            "På {level} prosents nivå er tallene ikke forenlige med en effekt under {low} eller over {high}.",
            "På {level} prosents nivå er tala ikkje foreinlege med ein effekt under {low} eller over {high}.",
            "At the {level} per cent level the figures are not compatible with an effect below {low} or above {high}.";
        holds_mde:
            "Intervallet rommer effekter så store som dem forsøket var laget for å avdekke ({mde}). Slike effekter er altså ikke utelukket.",
            "Intervallet rommar effektar så store som dei forsøket var laga for å avdekkje ({mde}). Slike effektar er altså ikkje utelukka.",
            "The interval holds effects as large as those that the trial was made to detect ({mde}). Such effects are therefore not ruled out.";
        excludes_mde:
            "Effekter så store som dem forsøket var laget for å avdekke ({mde}), ligger utenfor intervallet.",
            "Effektar så store som dei forsøket var laga for å avdekkje ({mde}), ligg utanfor intervallet.",
            "Effects as large as those that the trial was made to detect ({mde}) lie outside the interval.";
    }
}
