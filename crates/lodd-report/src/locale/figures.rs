//! What figures say, and the tables of their numbers.

topic! {
    /// The texts of figures, of their axes, legends and tables.
    Figures {
        axis_draw: "trekning", "trekning", "draw";
        axis_months: "Måneder fra trekningen", "Månader frå trekninga", "Months from the draw";
        axis_share: "Prosent", "Prosent", "Per cent";
        axis_of_observed: "Prosent av de observerte", "Prosent av dei observerte", "Per cent of those observed";
        axis_power: "Styrke, prosent", "Styrke, prosent", "Power, per cent";
        axis_effect: "Effekt i {unit}", "Effekt i {unit}", "Effect in {unit}";

        curves_title: "Utvikling over tid: {what}", "Utvikling over tid: {what}", "Development over time: {what}";
        curves_table: "Utvikling over tid: {what}, måned for måned", "Utvikling over tid: {what}, månad for månad", "Development over time: {what}, month by month";
        curves_desc: "Linjediagram: {what}, måned for måned i hver gruppe, der måned 0 er trekningsmåneden.", "Linjediagram: {what}, månad for månad i kvar gruppe, der månad 0 er trekningsmånaden.", "Line chart: {what}, month by month in each group; month 0 is that of the draw.";
        curves_point: "{share} prosent i måned {month}", "{share} prosent i månad {month}", "{share} per cent in month {month}";
        curves_interval: "Feltet om hver linje er {level} % konfidensintervall for hver måned for seg (Wilson)", "Feltet om kvar linje er {level} % konfidensintervall for kvar månad for seg (Wilson)", "The area about each line is the {level}% confidence interval of each month by itself (Wilson)";
        stock_label: "familier med sosialhjelp i måneden, prosent av dem måneden er kjent for", "familiar med sosialhjelp i månaden, prosent av dei månaden er kjend for", "families with social assistance in the month, per cent of those for whom the month is known";
        col_month: "Måned", "Månad", "Month";
        col_known: "Kjent", "Kjend", "Known";
        col_with: "Med", "Med", "With";
        col_share: "%", "%", "%";

        path_title: "{outcome}: effekt ved hvert måletidspunkt, med {level} % konfidensintervall", "{outcome}: effekt ved kvart måletidspunkt, med {level} % konfidensintervall", "{outcome}: effect at each time of measurement, with {level}% confidence interval";
        path_table: "Effekt ved hvert måletidspunkt: {outcome}", "Effekt ved kvart måletidspunkt: {outcome}", "Effect at each time of measurement: {outcome}";
        path_desc: "Hvert merke er forskjellen mellom gruppene ved ett måletidspunkt, {outcome}, med konfidensintervall. Den vannrette stiplede streken er null.", "Kvart merke er skilnaden mellom gruppene ved eitt måletidspunkt, {outcome}, med konfidensintervall. Den vassrette stipla streken er null.", "Each mark is the difference between the groups at one time of measurement, {outcome}, with its confidence interval. The dashed horizontal line is zero.";
        path_estimate: "{arm} minus {control}", "{arm} minus {control}", "{arm} less {control}";
        path_interval: "{level} % konfidensintervall for hvert tidspunkt for seg", "{level} % konfidensintervall for kvart tidspunkt for seg", "{level}% confidence interval of each time by itself";
        path_band: "{level} % konfidensintervall for alle tidspunktene samtidig", "{level} % konfidensintervall for alle tidspunkta samstundes", "{level}% confidence interval of all times at once";
        col_horizon: "Måletidspunkt", "Måletidspunkt", "Time of measurement";
        col_band: "{level} % KI, alle samtidig", "{level} % KI, alle samstundes", "{level}% CI, all at once";

        states_title: "Statusfordeling: {outcome}, {units}", "Statusfordeling: {outcome}, {units}", "Distribution of statuses: {outcome}, {units}";
        states_desc: "Stablede søyler: {outcome}, andeler av de observerte {units}, en søyle for hver gruppe ved hvert måletidspunkt. Størst er:", "Stabla søyler: {outcome}, delar av dei observerte {units}, ei søyle for kvar gruppe ved kvart måletidspunkt. Størst er:", "Stacked bars: {outcome}, shares of the {units} observed, one bar a group at each time of measurement. The largest are:";
        states_most: "{arm}: {state}, {share} prosent", "{arm}: {state}, {share} prosent", "{arm}: {state}, {share} per cent";
        states_note: "Prosent av de observerte; til høyre observert av trukket", "Prosent av dei observerte; til høgre observert av trekt", "Per cent of those observed; at the right observed of drawn";

        moves_note: "Høyden er prosent av dem som var med i trekningen, i hver gruppe for seg", "Høgda er prosent av dei som var med i trekninga, i kvar gruppe for seg", "Heights are per cent of those drawn, in each group by itself";
        moves_desc: "Strømdiagram for hver gruppe: til venstre status ved oppstart, til høyre status {horizon}, og et bånd for hver overgang. Størst er:", "Straumdiagram for kvar gruppe: til venstre status ved oppstart, til høgre status {horizon}, og eit band for kvar overgang. Størst er:", "Flow diagram of each group: at the left the status at the start, at the right the status {horizon}, and a band for each move. The largest are:";
        moves_most: "{move}, {n} av {whole}", "{move}, {n} av {whole}", "{move}, {n} of {whole}";
        moves_node: "{state}: {n}\u{a0}({share}\u{a0}%)", "{state}: {n}\u{a0}({share}\u{a0}%)", "{state}: {n}\u{a0}({share}%)";
        moves_same: "Samme status", "Same status", "Same status";
        moves_other: "Annen status", "Annan status", "Another status";
        moves_unknown: "Ikke kjent ved minst ett av tidspunktene", "Ikkje kjend ved minst eitt av tidspunkta", "Not known at one of the times or both";

        balance_title: "Balanse: {arm} og {control}, trekning {n}", "Balanse: {arm} og {control}, trekning {n}", "Balance: {arm} and {control}, draw {n}";
        balance_desc: "Hvert merke er forskjellen mellom gruppene i ett kjennetegn fra før trekningen, i standardavvik. De loddrette stiplede strekene står ved ±0,1.", "Kvart merke er skilnaden mellom gruppene i eitt kjenneteikn frå før trekninga, i standardavvik. Dei loddrette stipla strekane står ved ±0,1.", "Each mark is the difference between the groups in one characteristic from before the draw, in standard deviations. The dashed vertical lines stand at ±0.1.";
        balance_most: "Blant alle i trekningen er {outside} av {all} utenfor dem; størst er «{fact}», {x}.", "Blant alle i trekninga er {outside} av {all} utanfor dei; størst er «{fact}», {x}.", "Among all drawn {outside} of {all} are outside them; the largest is “{fact}”, {x}.";
        balance_note: "I små grupper er store forskjeller vanlige ved ren tilfeldighet", "I små grupper er store skilnader vanlege ved rein slump", "In small groups large differences are common by chance alone";
        balance_drawn: "Alle i trekningen", "Alle i trekninga", "All drawn";
        balance_analysed: "De analyserte", "Dei analyserte", "The analysed";
        balance_guide: "±0,1: vanlig grense for en liten forskjell i store grupper", "±0,1: vanleg grense for ein liten skilnad i store grupper", "±0.1: the usual limit of a small difference in large groups";
        axis_balance: "Forskjell i standardavvik", "Skilnad i standardavvik", "Difference in standard deviations";
        col_drawn: "Alle i trekningen", "Alle i trekninga", "All drawn";
        col_analysed: "De analyserte", "Dei analyserte", "The analysed";
        same_numbers_two: "De samme tallene står i tabell {a} og {b}.", "Dei same tala står i tabell {a} og {b}.", "The same numbers stand in Tables {a} and {b}.";

        power_title: "Styrken til designet: {analysis}", "Styrken til designet: {analysis}", "Power of the design: {analysis}";
        power_table: "Styrken til designet, simulert: {analysis}", "Styrken til designet, simulert: {analysis}", "Power of the design, simulated: {analysis}";
        power_desc: "Linjediagram: hvor ofte en effekt av hver størrelse blir funnet, simulert med pilotens egen trekning og analyse. Den vannrette stiplede streken er {wanted} prosent.", "Linjediagram: kor ofte ein effekt av kvar storleik blir funnen, simulert med trekninga og analysen til piloten. Den vassrette stipla streken er {wanted} prosent.", "Line chart: how often an effect of each size is found, simulated with the pilot's own draw and analysis. The dashed horizontal line is {wanted} per cent.";
        power_found: "{curve}: {effect} blir funnet så ofte.", "{curve}: {effect} blir funne så ofte.", "{curve}: {effect} are found that often.";
        power_not_found: "{curve}: så ofte blir ingen simulert forskjell funnet.", "{curve}: så ofte blir ingen simulert skilnad funnen.", "{curve}: no simulated difference is found that often.";
        power_base: "fra {share} % hos kontrollene", "frå {share} % hos kontrollane", "from {share}% of the controls";
        power_number: "tallutfall", "talutfall", "a number";
        power_wanted: "{wanted} prosent", "{wanted} prosent", "{wanted} per cent";
        col_assumed: "Antatt", "Anteke", "Assumed";
        f_stock: "Familier med sosialhjelp, måned for måned", "Familiar med sosialhjelp, månad for månad", "Families with social assistance, month by month";
        f_power: "Hva designet kan oppdage", "Kva designet kan oppdage", "What the design can detect";
    }
}
