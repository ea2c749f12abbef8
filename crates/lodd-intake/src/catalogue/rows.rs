//! Findings about rows, keys and the draw (K), and about privacy (P).

use super::{Entry, Severity, entries};

entries! {
    ROWS
    K01 Warning "duplicate-row"
    nb "Rad {r1} og {r2} er like; én er brukt."
    en "Rows {r1} and {r2} are the same; one was used."
    fix_nb "Slett den ene."
    fix_en "Delete one of them."

    K02 Hold "primary-key"
    nb "{id} har to ulike svar for {v} (rad {r1}, {r2})."
    en "{id} has two different answers for {v} (rows {r1}, {r2})."
    fix_nb "Behold den riktige."
    fix_en "Keep the right one."

    K03 Hold "foreign-key"
    nb "{id} er ikke med i trekningen for {f}."
    en "{id} is not in the draw of {f}."
    fix_nb "Sjekk ID. Nye familier meldes inn før trekning, ikke her."
    fix_en "Check the id. New families are registered before a draw, not here."

    K04 Hold "foreign-key"
    nb "{id} hører til {f}."
    en "{id} belongs to {f}."
    fix_nb "La det kontoret levere; flytting meldes i arket «Flytting»."
    fix_en "Let that office deliver it; a move is reported in the sheet “Flytting”."

    K08 Stop "forbidden-value"
    nb "Kolonnen «{v}» viser gruppe. Slik informasjon skal ikke stå i statusfilen."
    en "The column “{v}” shows the arm. That must not stand in a status file."
    fix_nb "Slett kolonnen."
    fix_en "Delete the column."

    K09 Hold "foreign-key"
    nb "{id} er ikke registrert i familien {f}."
    en "{id} is not registered in the family {f}."
    fix_nb "Legg til i «Familiemedlemmer» med fra-dato."
    fix_en "Add the member in “Familiemedlemmer” with a from-date."

    K10 Warning "missing-cell"
    nb "{id}: {n} av {m|voksen|voksne} mangler svar for {dato}."
    en "{id}: {n} of {m|adult|adults} have no answer for {dato}."
    fix_nb "Fyll ut raden, eller sett status til «Ikke nådd» eller «Flyttet»."
    fix_en "Fill in the row, or set the status to “Ikke nådd” or “Flyttet”."

    K13 Hold "constraint-error"
    nb "{id} hadde «{x}» for {dato}, nå «{v}». Oppgi årsak."
    en "{id} had “{x}” for {dato}, now “{v}”. Give a reason."
    fix_nb "Fyll kolonnen «Årsak til retting»."
    fix_en "Fill in the column “Årsak til retting”."

    K19 Stop "primary-key"
    nb "{id} står to ganger i «{a}» (rad {r1} og {r2})."
    en "{id} stands twice in “{a}” (rows {r1} and {r2})."
    fix_nb "Slett den ene raden."
    fix_en "Delete one of the rows."

    K20 Stop "foreign-key"
    nb "{c}: {id} står ikke på familielisten."
    en "{c}: {id} is not on the list of families."
    fix_nb "Legg familien til i arket «Familier», eller rett ID-en."
    fix_en "Add the family to the sheet “Familier”, or correct the id."

    K21 Stop "foreign-key"
    nb "{c}: {id} må nevne en annen familie."
    en "{c}: {id} must name another family."
    fix_nb "Skriv ID-en til familien som bor i samme bolig, eller la feltet stå tomt."
    fix_en "Write the id of the family in the same home, or leave the cell empty."

    P01 Stop "forbidden-value"
    nb "Fant noe som ser ut som et fødselsnummer i {a}[!{c}]. Verdien vises ikke. Filen er ikke lagret."
    en "Found what looks like a national identity number in {a}[!{c}]. It is not shown. The file is not stored."
    fix_nb "Slett nummeret, lagre og lever på nytt. Følg kontorets avviksrutine hvis filen er delt med andre."
    fix_en "Delete the number, save and deliver again. Follow the office's routine if the file was shared with others."

    P05 Stop "forbidden-value"
    nb "Kolonnen «{v}» ({a}!{c}) skal ikke leveres."
    en "The column “{v}” ({a}!{c}) must not be delivered."
    fix_nb "Slett kolonnen; bruk bare ID."
    fix_en "Delete the column; use the id alone."
}
