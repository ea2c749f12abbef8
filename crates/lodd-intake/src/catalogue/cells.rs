//! Findings about one cell (D).

use super::{Entry, Severity, entries};

entries! {
    CELLS
    D01 Warning "type-error"
    nb "{c}: tallet {v} er tolket som datoen {f}. Stemmer det?"
    en "{c}: the number {v} was read as the date {f}. Is that right?"
    fix_nb "Formater kolonnen som Dato."
    fix_en "Format the column as Date."

    D03 Hold "type-error"
    nb "{c}: «{v}» er ikke en entydig dato."
    en "{c}: “{v}” is not an unambiguous date."
    fix_nb "Skriv dd.mm.åååå, f.eks. 03.04.2025."
    fix_en "Write dd.mm.yyyy, such as 03.04.2025."

    D04 Hold "type-error"
    nb "{c}: datoen {v} finnes ikke."
    en "{c}: the date {v} does not exist."
    fix_nb "Rett dagen eller måneden."
    fix_en "Correct the day or the month."

    D05 Hold "constraint-error"
    nb "{c}: datoen {v} ligger fram i tid."
    en "{c}: the date {v} lies in the future."
    fix_nb "Bruk datoen opplysningen gjaldt."
    fix_en "Use the date the information was valid."

    D06 Hold "constraint-error"
    nb "{c}: {v} er før {f}."
    en "{c}: {v} is before {f}."
    fix_nb "Sjekk årstallet."
    fix_en "Check the year."

    D08 Hold "type-error"
    nb "{c}: «{v}» er endret av Excel (ventet f.eks. {f})."
    en "{c}: “{v}” was altered by Excel (expected something like {f})."
    fix_nb "Formater kolonnen som Tekst og kopier ID-en på nytt fra listen."
    fix_en "Format the column as Text and copy the id again from the list."

    D09 Hold "constraint-error"
    nb "{c}: «{v}» er ikke en gyldig ID.[ Mente du {x}?]"
    en "{c}: “{v}” is not a valid id.[ Did you mean {x}?]"
    fix_nb "Kopier ID-en fra familielisten."
    fix_en "Copy the id from the list of families."

    D10 Hold "constraint-error"
    nb "{c}: «{v}» er ikke et gyldig valg for {k}. Gyldige: {f}.[ Mente du «{x}»?]"
    en "{c}: “{v}” is not a valid choice for {k}. Valid: {f}.[ Did you mean “{x}”?]"
    fix_nb "Velg fra nedtrekkslisten."
    fix_en "Choose from the drop-down list."

    D11 Warning "cell-error"
    nb "{c}: «{v}» er lest som «{f}»."
    en "{c}: “{v}” was read as “{f}”."
    fix_nb ""
    fix_en ""

    D12 Hold "missing-cell"
    nb "{c}: {k} mangler."
    en "{c}: {k} is missing."
    fix_nb "Fyll ut."
    fix_en "Fill it in."

    D13 Hold "constraint-error"
    nb "{c}: {v} er utenfor {f}.[ Mente du {x}?]"
    en "{c}: {v} is outside {f}.[ Did you mean {x}?]"
    fix_nb "Rett tallet."
    fix_en "Correct the number."

    D14 Hold "cell-error"
    nb "{c}: cellen viser en Excel-feil ({v})."
    en "{c}: the cell shows an Excel error ({v})."
    fix_nb "Skriv verdien."
    fix_en "Type the value."

    D15 Warning "cell-error"
    nb "{c}: verdien {v} kommer fra en formel."
    en "{c}: the value {v} comes from a formula."
    fix_nb "Kopier → Lim inn verdier."
    fix_en "Copy → Paste values."

    D16 Hold "cell-error"
    nb "{c}: formelen er ikke beregnet."
    en "{c}: the formula has not been calculated."
    fix_nb "Åpne i Excel, lagre, lever på nytt."
    fix_en "Open it in Excel, save it and deliver it again."

    D18 Hold "forbidden-value"
    nb "{c}: teksten kan ikke leses som svar."
    en "{c}: the text can't be read as an answer."
    fix_nb "Fjern tegnet foran (=, +, - eller @)."
    fix_en "Remove the sign in front (=, +, - or @)."

    D19 Hold "constraint-error"
    nb "{c}: teksten er for lang ({n} tegn)."
    en "{c}: the text is too long ({n} characters)."
    fix_nb "Velg et svar fra listen."
    fix_en "Choose an answer from the list."

    D20 Stop "pattern-constraint"
    nb "{c}: {k} må være 64 heksadesimale sifre. Verdien vises ikke."
    en "{c}: {k} must be 64 hexadecimal digits. The value is not shown."
    fix_nb "Lag nøkkelen på nytt med programmets nøkkel, og sett kolonnen til Tekst."
    fix_en "Make the key again with the programme's key, and format the column as Text."
}
