//! The guide's paragraphs, in bokmål, nynorsk and English.

use crate::write::words::Phrased;

const fn p(nb: &'static str, nn: &'static str, en: &'static str) -> Phrased {
    Phrased::new(nb, nn, en)
}

pub(super) const PILOT: Phrased = p("Piloten", "Piloten", "The pilot");
pub(super) const OFFICE: Phrased = p("Kontoret", "Kontoret", "The office");
pub(super) const SHEET: Phrased = p("Arket", "Arket", "Sheet");
pub(super) const COLUMNS: Phrased = p(
    "Hva kolonnene spør om, og hvordan de fylles ut",
    "Kva kolonnane spør om, og korleis dei blir fylte ut",
    "What the columns ask, and how they are filled in",
);
pub(super) const IDENTITY: Phrased = p("Om skjemaet", "Om skjemaet", "About the form");

pub(super) const STATUS_TITLE: Phrased =
    p("Status for familiene", "Status for familiane", "Status of the families");
pub(super) const LOG_TITLE: Phrased =
    p("Koordinatorenes logg", "Loggen til koordinatorane", "The coordinators' log");
pub(super) const ROSTER_TITLE: Phrased = p("Familieliste", "Familieliste", "Roster of families");
pub(super) const CORRECTION_TITLE: Phrased =
    p("Rader som må rettes", "Rader som må rettast", "Rows to be mended");

const NO_NAMES: (Phrased, &[Phrased]) = (
    p("Ingen navn eller fødselsnummer", "Ingen namn eller fødselsnummer", "No names"),
    &[p(
        "Skriv aldri navn, fødselsdato, fødselsnummer, telefonnummer eller adresse, heller ikke i kommentarer, \
         arknavn eller filnavn. Da blir hele filen avvist. Bruk bare ID-ene.",
        "Skriv aldri namn, fødselsdato, fødselsnummer, telefonnummer eller adresse, heller ikkje i kommentarar, \
         arknamn eller filnamn. Då blir heile fila avvist. Bruk berre ID-ane.",
        "Never write a name, a date of birth, a national identity number, a telephone number or an address, also \
         not in comments, sheet names or the file's name: the whole file is then refused. Use the ids only.",
    )],
);

const DELIVER: (Phrased, &[Phrased]) = (
    p("Slik leverer du", "Slik leverer du", "How to deliver"),
    &[
        p(
            "Lagre som Excel-arbeidsbok (.xlsx) og lever filen for kontoret. Du får en kvittering som sier hvor mange \
             familier som er levert, nye, uendret, rettet og på vent.",
            "Lagre som Excel-arbeidsbok (.xlsx) og lever fila for kontoret. Du får ei kvittering som seier kor mange \
             familiar som er leverte, nye, uendra, retta og på vent.",
            "Save as Excel workbook (.xlsx) and deliver the file for the office. The receipt says how many families \
             were delivered, new, unchanged, corrected and held.",
        ),
        p(
            "Er noe feil, settes hele familien på vent for den datoen, og resten blir lagret. Du får en fil som slutter \
             på _retting.xlsx, med bare de radene og hva som er feil. Rett den og lever den på samme måte.",
            "Er noko feil, blir heile familien sett på vent for den datoen, og resten blir lagra. Du får ei fil som \
             sluttar på _retting.xlsx, med berre dei radene og kva som er feil. Rett ho og lever ho på same måten.",
            "Where something is wrong the whole family is held for that date, and the rest is stored. A file that ends \
             in _retting.xlsx has those rows and says what is wrong. Mend it and deliver it in the same way.",
        ),
        p(
            "Leverer du samme fil to ganger, endrer det ingenting.",
            "Leverer du same fila to gonger, endrar det ingenting.",
            "Delivering the same file twice changes nothing.",
        ),
    ],
);

const PROTECTED: (Phrased, &[Phrased]) = (
    p("Låste celler", "Låste celler", "Locked cells"),
    &[p(
        "Overskrifter og ID-er er låst, så de ikke endres ved et uhell. Du kan filtrere og sette inn rader. Vil du \
         sortere, velg Se gjennom → Opphev arkbeskyttelse: det er ikke noe passord.",
        "Overskrifter og ID-ar er låste, så dei ikkje blir endra ved eit uhell. Du kan filtrere og setje inn rader. Vil \
         du sortere, vel Sjå gjennom → Opphev arkvern: det er ikkje noko passord.",
        "Headers and ids are locked against mishaps. You can filter and insert rows. To sort, choose Review → \
         Unprotect Sheet: there is no password.",
    )],
);

pub(super) const STATUS: &[(Phrased, &[Phrased])] = &[
    (
        p("Hva skjemaet er til", "Kva skjemaet er til", "What it is for"),
        &[p(
            "Skjemaet spør om det samme for alle familier som er med i trekningen, uansett hva de ble trukket til, og \
             det viser ikke hva det var. Det er like viktig å få svar for alle.",
            "Skjemaet spør om det same for alle familiar som er med i trekninga, uansett kva dei vart trekte til, og \
             det viser ikkje kva det var. Det er like viktig å få svar for alle.",
            "The form asks the same of every family in the draw, whatever was drawn for it, and does not show what \
             that was. An answer for each of them matters alike.",
        )],
    ),
    NO_NAMES,
    (
        p("Slik fyller du ut", "Slik fyller du ut", "How to fill it in"),
        &[
            p(
                "1. Arkene «Familier», «Voksne» og «Barn» har én rad for hver familie, hver voksen og hvert barn, for hvert \
                 tidspunkt som skal måles og ikke er levert.",
                "1. Arka «Familier», «Voksne» og «Barn» har éi rad for kvar familie, kvar vaksen og kvart barn, for kvart \
                 tidspunkt som skal målast og ikkje er levert.",
                "1. The sheets «Familier», «Voksne» and «Barn» have a row for each family, adult and child, for each time \
                 that is to be measured and has not been delivered.",
            ),
            p(
                "2. Skriv i statusdato dagen opplysningene gjaldt. Den må ligge fra vindu_fra til vindu_til for å telle. \
                 Bruk gjerne samme dato for hele familien.",
                "2. Skriv i statusdato dagen opplysningane galdt. Han må liggje frå vindu_fra til vindu_til for å telje. \
                 Bruk gjerne same dato for heile familien.",
                "2. Write in statusdato the day the answers were true: from vindu_fra to vindu_til, or it does not count. \
                 One date for the whole family is best.",
            ),
            p(
                "3. Velg svar fra nedtrekkslistene. Alle svar og koder står i arket «Koder».",
                "3. Vel svar frå nedtrekkslistene. Alle svar og kodar står i arket «Koder».",
                "3. Choose answers from the lists. All answers and codes stand in the sheet «Koder».",
            ),
            p(
                "4. En tom celle betyr at det ikke er rapportert. Vet du at det ikke finnes noe svar, si det: Ukjent, Ikke \
                 spurt, Vil ikke svare og Ikke aktuelt er svar. #SLETT fjerner et svar som er levert før.",
                "4. Ei tom celle tyder at det ikkje er rapportert. Veit du at det ikkje finst noko svar, sei det: Ukjend, \
                 Ikkje spurt, Vil ikkje svare og Ikkje aktuelt er svar. #SLETT fjernar eit svar som er levert før.",
                "4. An empty cell means not reported. Unknown, Not asked, Refused and Not applicable are answers. #SLETT \
                 takes away an answer that was delivered before.",
            ),
            p(
                "5. Fikk du ikke svar i det hele tatt, fyll ut statusdato og velg grunnen i registrering.",
                "5. Fekk du ikkje svar i det heile, fyll ut statusdato og vel grunnen i registrering.",
                "5. If there was no answer at all, fill in statusdato and choose the reason in registrering.",
            ),
            p(
                "6. En rad uten svar regnes ikke som levert, og gjør ingen skade. Lever gjerne flere ganger.",
                "6. Ei rad utan svar blir ikkje rekna som levert, og gjer ingen skade. Lever gjerne fleire gonger.",
                "6. A row without answers is not a delivery and does no harm. Deliver as often as you like.",
            ),
        ],
    ),
    (
        p("Når noe har hendt", "Når noko har hendt", "When something has happened"),
        &[p(
            "«Familiemedlemmer»: noen er kommet til eller har gått ut. «Flytting»: familien har flyttet. «Samtykke»: et \
             samtykke er gitt, nektet eller trukket. Rader uten dato leses ikke.",
            "«Familiemedlemmer»: nokon er komen til eller har gått ut. «Flytting»: familien har flytta. «Samtykke»: eit \
             samtykke er gitt, nekta eller trekt. Rader utan dato blir ikkje lesne.",
            "«Familiemedlemmer»: somebody has come or left. «Flytting»: the family has moved. «Samtykke»: a consent was \
             given, refused or withdrawn. Rows without a date are not read.",
        )],
    ),
    DELIVER,
    PROTECTED,
];

pub(super) const LOG: &[(Phrased, &[Phrased])] = &[
    (
        p("Hva skjemaet er til", "Kva skjemaet er til", "What it is for"),
        &[p(
            "Her forteller koordinatorene om familiene de følger opp, og om det som ble gjort, skiller seg fra trekningen. \
             Trekningen endres ikke. Loggen skal ikke sendes til dem som fyller ut statusskjemaet.",
            "Her fortel koordinatorane om familiane dei følgjer opp, og om det som vart gjort, skil seg frå trekninga. \
             Trekninga blir ikkje endra. Loggen skal ikkje sendast til dei som fyller ut statusskjemaet.",
            "Here the coordinators tell of the families they follow, and of what differs from the draw. The draw is not \
             changed. The log is not for those who fill in the form of statuses.",
        )],
    ),
    NO_NAMES,
    (
        p("Slik fyller du ut", "Slik fyller du ut", "How to fill it in"),
        &[
            p(
                "«Deltakelse» har én rad for hver familie. Skriv når oppfølgingen startet, og når og hvorfor den sluttet.",
                "«Deltakelse» har éi rad for kvar familie. Skriv når oppfølginga starta, og når og kvifor ho slutta.",
                "«Deltakelse» has a row for each family: when follow-up began, and when and why it ended.",
            ),
            p(
                "«Avvik» er for alt som ikke ble som trukket, også for familier som ikke står i «Deltakelse».",
                "«Avvik» er for alt som ikkje vart som trekt, òg for familiar som ikkje står i «Deltakelse».",
                "«Avvik» is for all that differs from the draw, also of families not in «Deltakelse».",
            ),
        ],
    ),
    DELIVER,
    PROTECTED,
];

pub(super) const ROSTER: &[(Phrased, &[Phrased])] = &[
    (
        p("Hva skjemaet er til", "Kva skjemaet er til", "What it is for"),
        &[p(
            "Familielisten er alle familier som vurderes for trekningen: familiene, hvem som hører til dem, månedene de fikk \
             økonomisk sosialhjelp, og det kriteriene ellers spør om. Hele listen må være riktig før noe lagres.",
            "Familielista er alle familiar som blir vurderte for trekninga: familiane, kven som høyrer til dei, månadene dei \
             fekk økonomisk sosialhjelp, og det kriteria elles spør om. Heile lista må vere rett før noko blir lagra.",
            "The roster has every family that is considered for the draw: the families, who belongs to them, the months they \
             had social assistance, and what the criteria ask. The whole list must be right before anything is stored.",
        )],
    ),
    NO_NAMES,
    (
        p("ID-er", "ID-ar", "Ids"),
        &[p(
            "Bruk ID-ene fra `lodd ids new`: tre bokstaver, fire tegn og et kontrolltegn. Voksne får -A1, -A2, barn -B1, -B2. \
             Hvem ID-ene hører til, skal bare stå i kontorets egen nøkkelfil.",
            "Bruk ID-ane frå `lodd ids new`: tre bokstavar, fire teikn og eit kontrollteikn. Vaksne får -A1, -A2, barn -B1, \
             -B2. Kven ID-ane høyrer til, skal berre stå i nøkkelfila til kontoret.",
            "Use the ids of `lodd ids new`: three letters, four characters and a check character. Adults get -A1, -A2, \
             children -B1, -B2. Whose they are stands in the office's own key file only.",
        )],
    ),
    (
        p("Tom celle", "Tom celle", "An empty cell"),
        &[p(
            "En måned er 0 bare når en rad sier 0; en måned uten rad er ikke kjent.",
            "Ein månad er 0 berre når ei rad seier 0; ein månad utan rad er ikkje kjend.",
            "A month is 0 only where a row says 0; a month without a row is not known.",
        )],
    ),
    PROTECTED,
];

pub(super) const CORRECTION: &[(Phrased, &[Phrased])] = &[
    (
        p("Hva filen er", "Kva fila er", "What this is"),
        &[p(
            "Her er bare radene som ikke ble lagret, med alle radene til de samme familiene. Resten av leveransen er i orden \
             og skal ikke leveres på nytt.",
            "Her er berre radene som ikkje vart lagra, med alle radene til dei same familiane. Resten av leveransen er i \
             orden og skal ikkje leverast på nytt.",
            "Only the rows that were not stored are here, with all rows of the same families. The rest of the delivery is in \
             order and need not be delivered again.",
        )],
    ),
    (
        p("Slik retter du", "Slik rettar du", "How to mend it"),
        &[
            p(
                "Kolonnen «Feil» sier hva som er galt i raden og i hvilken kolonne. Cellen har farge, ramme og et notat med det \
                 samme. Rett cellene, lagre og lever filen på samme måte som sist.",
                "Kolonnen «Feil» seier kva som er gale i rada og i kva kolonne. Cella har farge, ramme og eit notat med det \
                 same. Rett cellene, lagre og lever fila på same måten som sist.",
                "The column «Feil» says what is wrong in the row and in which column. The cell is coloured, framed and has a \
                 note. Mend the cells, save, and deliver the file as you did before.",
            ),
            p(
                "«Feil» og notatene leses ikke, så de kan stå.",
                "«Feil» og notata blir ikkje lesne, så dei kan stå.",
                "«Feil» and the notes are not read and can stay.",
            ),
        ],
    ),
    NO_NAMES,
];
