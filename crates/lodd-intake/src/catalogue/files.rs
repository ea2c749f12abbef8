//! Findings about the file as a whole (F), its encoding (C) and its sheets and headers (H).

use super::{Entry, Severity, entries};

entries! {
    FILES
    F01 Stop "format-error"
    nb "Filen er verken en Excel-fil (.xlsx) eller en CSV-fil."
    en "The file is neither an Excel workbook (.xlsx) nor a CSV file."
    fix_nb "Åpne i Excel, velg Lagre som → Excel-arbeidsbok (.xlsx)."
    fix_en "Open it in Excel and choose Save as → Excel Workbook (.xlsx)."

    F02 Stop "format-error"
    nb "Filen er passordbeskyttet og kan ikke leses."
    en "The file is protected by a password and can't be read."
    fix_nb "Fil → Info → Beskytt arbeidsbok → fjern passordet. Send aldri passord på e-post."
    fix_en "File → Info → Protect Workbook → remove the password. Never send a password by e-mail."

    F03 Stop "format-error"
    nb "Filen inneholder makroer eller lenker til andre filer. Av sikkerhetshensyn leses den ikke."
    en "The file contains macros or links to other files. For safety it is not read."
    fix_nb "Lagre som .xlsx (uten makroer) og bryt lenker (Data → Rediger koblinger)."
    fix_en "Save as .xlsx (without macros) and break the links (Data → Edit Links)."

    F04 Stop "byte-count"
    nb "Filen blir unormalt stor når den pakkes ut ({v}), og er avvist."
    en "The file becomes abnormally large when it is unpacked ({v}) and is refused."
    fix_nb "Kopier dataene (ikke hele arket) inn i en ny mal."
    fix_en "Copy the data (not the whole sheet) into a new template."

    F05 Stop "source-error"
    nb "Filen er skadet og kan ikke leses i sin helhet ({v})."
    en "The file is damaged and can't be read in full ({v})."
    fix_nb "Åpne og lagre på nytt, eller bruk forrige versjon."
    fix_en "Open it and save it again, or use the previous version."

    F06 Stop "row-count"
    nb "Fant ingen rader med data i arket «{a}»."
    en "Found no rows with data in the sheet “{a}”."
    fix_nb "Sjekk at du fylte ut riktig ark og lagret."
    fix_en "Check that you filled in the right sheet and saved it."

    F08 Info "hash-count"
    nb "Denne filen er allerede levert[ {dato}]. Ingenting er endret."
    en "This file was already delivered[ on {dato}]. Nothing has changed."
    fix_nb "Ingen handling."
    fix_en "Nothing to do."

    F10 Stop "table-error"
    nb "{n} av {m|familie|familier} har feil. Ingenting i filen er lagret."
    en "{n} of {m|family|families} have mistakes. Nothing in the file is stored."
    fix_nb "Rett de vanligste feilene først: {x}."
    fix_en "Mend the most frequent mistakes first: {x}."

    F11 Warning "file-error"
    nb "Filnavnet tyder på en kopi («{v}»). Er dette siste versjon?"
    en "The file name looks like a copy (“{v}”). Is this the latest version?"
    fix_nb "Bekreft."
    fix_en "Confirm."

    C01 Info "encoding-error"
    nb "BOM fjernet."
    en "The byte order mark was removed."
    fix_nb ""
    fix_en ""

    C02 Warning "encoding-error"
    nb "Filen er lagret i et eldre Windows-format. Æ, ø og å er lest riktig; kontroller: «{v}»."
    en "The file is saved in an older Windows encoding. Æ, ø and å were read; check: “{v}”."
    fix_nb "Neste gang: Lagre som → «CSV UTF-8». Eller bruk .xlsx."
    fix_en "Next time: Save as → “CSV UTF-8”. Or use .xlsx."

    C03 Hold "encoding-error"
    nb "Celle {c}: «{v}» ser ødelagt ut (æøå)."
    en "Cell {c}: “{v}” looks garbled (æøå)."
    fix_nb "Skriv verdien på nytt; åpne CSV via Data → Fra tekst/CSV → UTF-8."
    fix_en "Type the value again; open CSV by Data → From Text/CSV → UTF-8."

    C04 Info "format-error"
    nb "Skilletegn: {v}."
    en "Delimiter: {v}."
    fix_nb ""
    fix_en ""

    C05 Stop "field-count"
    nb "Rad {r} har {v} felt, overskriften har {f}."
    en "Row {r} has {v} fields, the header has {f}."
    fix_nb "Tekst med semikolon eller linjeskift må stå i anførselstegn; bruk helst .xlsx."
    fix_en "Text with a semicolon or a line break must stand in quotes; better, use .xlsx."

    C06 Stop "source-error"
    nb "Rad {r}: anførselstegn som ikke er lukket."
    en "Row {r}: a quotation mark that is not closed."
    fix_nb "Lukk anførselstegnet, og fjern linjeskift (Alt+Enter) i cellen."
    fix_en "Close the quotation mark, and remove line breaks (Alt+Enter) in the cell."

    C07 Hold "type-error"
    nb "{c}: «{v}» kan bety {x} eller {y}."
    en "{c}: “{v}” can mean {x} or {y}."
    fix_nb "Skriv uten tusenskille; desimaler med komma, f.eks. 37,5."
    fix_en "Write it without a thousands separator; decimals with a comma, such as 37,5."

    C08 Warning "cell-error"
    nb "{n|celle|celler} i «{a}» hadde usynlige tegn, som er fjernet (den første er {c})."
    en "{n|cell|cells} in “{a}” had invisible characters, now removed (the first is {c})."
    fix_nb ""
    fix_en ""

    C09 Stop "encoding-error"
    nb "Filen har ukjent tegnsett."
    en "The file's character encoding is unknown."
    fix_nb "Lagre som .xlsx eller CSV UTF-8."
    fix_en "Save as .xlsx or CSV UTF-8."

    H01 Stop "table-error"
    nb "Arket «{f}» mangler. Fant: {v}."
    en "The sheet “{f}” is missing. Found: {v}."
    fix_nb "Gi arket navnet «{f}» eller bruk malen."
    fix_en "Name the sheet “{f}”, or use the template."

    H02 Warning "table-error"
    nb "Arket «{a}» er skjult og er ikke lest."
    en "The sheet “{a}” is hidden and was not read."
    fix_nb "Høyreklikk på en arkfane → Vis, eller slett arket før levering."
    fix_en "Right-click a sheet tab → Unhide, or delete the sheet before delivering."

    H04 Stop "missing-label"
    nb "Kolonnen «{f}» mangler i «{a}».[ Mente du «{v}»?]"
    en "The column “{f}” is missing in “{a}”.[ Did you mean “{v}”?]"
    fix_nb "Legg til kolonnen «{f}»[, eller endre overskriften i {c} til «{f}»]."
    fix_en "Add the column “{f}”[, or change the header in {c} to “{f}”]."

    H05 Stop "duplicate-label"
    nb "Overskriften «{v}» står to ganger ({c1}, {c2})."
    en "The header “{v}” stands twice ({c1}, {c2})."
    fix_nb "Slett eller gi nytt navn."
    fix_en "Delete one, or rename it."

    H08 Warning "extra-label"
    nb "Kolonnen «{v}» er ikke i malen og er ikke lest eller lagret."
    en "The column “{v}” is not in the template and is neither read nor stored."
    fix_nb "Slett den hvis den inneholder personopplysninger."
    fix_en "Delete it if it holds personal data."

    H09 Stop "header-error"
    nb "Overskriften står i rad {v}, men skal stå i rad 1."
    en "The header stands in row {v} but must stand in row 1, and once."
    fix_nb "Slett rader over overskriften."
    fix_en "Delete the rows above the header."

    H10 Info "blank-row"
    nb "{n|tom rad|tomme rader} nederst i «{a}» er hoppet over."
    en "{n|blank row|blank rows} at the end of “{a}” skipped."
    fix_nb ""
    fix_en ""

    H11 Warning "blank-row"
    nb "Rad {r} er tom midt i dataene."
    en "Row {r} is blank in the middle of the data."
    fix_nb "Slett raden; kontroller at ingen data har falt ut."
    fix_en "Delete the row; check that no data have been lost."
}
