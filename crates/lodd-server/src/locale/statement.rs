//! The statement of accessibility: what a Norwegian public body must say under the web accessibility
//! directive, of these pages. The body that runs them publishes its own, which can build on this one.

use super::Section;

pub(super) const LEAD_NB: &str = "Erklæringen gjelder alle sidene i lodd: rapporteringen for kontorene, og sidene for forsker, evaluator og revisor.";
pub(super) const LEAD_NN: &str = "Erklæringa gjeld alle sidene i lodd: rapporteringa for kontora, og sidene for forskar, evaluator og revisor.";
pub(super) const LEAD_EN: &str = "The statement is about all pages of lodd: the offices' reporting, and the pages of researcher, evaluator and auditor.";

const LAW: &str = "https://lovdata.no/forskrift/2013-06-21-732";
const AUTHORITY: &str = "https://www.uutilsynet.no/";
const STATUS: &str = "https://uustatus.no/";
const TRIBUNAL: &str = "https://www.diskrimineringsnemnda.no/";

pub(super) const NB: &[Section] = &[
    Section {
        heading: "Kravene",
        paragraphs: &[
            "Nettsteder i offentlig sektor, også de som bare ansatte bruker, skal følge WCAG 2.1 på nivå A og AA. Det følger av likestillings- og diskrimineringsloven § 18 og forskriften om universell utforming av IKT-løsninger, som gjennomfører EUs webdirektiv (WAD).",
        ],
        points: &[],
        links: &[(LAW, "Forskrift om universell utforming av IKT-løsninger")],
    },
    Section {
        heading: "Status",
        paragraphs: &[
            "Sidene er delvis i samsvar med kravene: vi kjenner ikke til brudd på selve sidene, men filene har begrensningene nedenfor. Det er vår egen vurdering. Hver utgave prøves i en nettleser på bokmål, nynorsk og engelsk:",
        ],
        points: &[
            "med axe (WCAG 2.1 A og AA) i alle tilstander en side kan ha, også feil og utløpt økt",
            "med bare tastatur, gjennom en hel arbeidsdag",
            "med 400 prosent forstørring og i 320 piksler bredde, uten at noe må rulles sidelengs",
            "med større avstand mellom linjer, ord og tegn, med redusert bevegelse og med tvungne farger",
            "med det en skjermleser får: navn på felt, tabeller, overskrifter og feil",
            "uten JavaScript",
        ],
        links: &[],
    },
    Section {
        heading: "Kjente begrensninger",
        paragraphs: &[],
        points: &[
            "Sidene er ikke prøvd av brukere med skjermleser, bare med det nettleseren gir den.",
            "Skjemaet er en Excel-fil med låste celler og nedtrekkslister. Det samme kan leveres som csv, som er ren tekst.",
            "Økten er over når du ikke har gjort noe på 15 minutter, og senest etter åtte timer. Du får beskjed to minutter før, og kan fortsette. Uten JavaScript får du ingen beskjed, men en fil du har sjekket, tas vare på i et kvarter.",
            "Rapporten i PDF er merket for skjermlesere (PDF/UA). Den samme rapporten finnes som nettside og som regneark.",
            "Store tabeller kan rulles sidelengs i sin egen ramme på smale skjermer.",
        ],
        links: &[],
    },
    Section {
        heading: "Si fra om feil",
        paragraphs: &[
            "Si fra til den som driver piloten der du arbeider, om noe hindrer deg, eller om du trenger noe i en annen form: skjemaet, kvitteringen og rapporten kan gis som filer. Skriv hvilken side det gjelder og hva du ville gjøre, men ikke noe om en familie. Du skal ha svar så snart som mulig.",
            "Får du ikke svar, eller er du uenig i det, kan du klage til Diskrimineringsnemnda.",
        ],
        points: &[],
        links: &[(TRIBUNAL, "Diskrimineringsnemnda")],
    },
    Section {
        heading: "Tilsyn",
        paragraphs: &[
            "Tilsynet for universell utforming av ikt i Digitaliseringsdirektoratet fører tilsyn med at kravene blir fulgt. Virksomheten som setter opp lodd, skal publisere sin egen erklæring i tilsynets løsning, og kan bygge på denne.",
        ],
        points: &[],
        links: &[
            (AUTHORITY, "Tilsynet for universell utforming av ikt"),
            (STATUS, "uustatus.no, der erklæringer lages"),
        ],
    },
];

pub(super) const NN: &[Section] = &[
    Section {
        heading: "Krava",
        paragraphs: &[
            "Nettstader i offentleg sektor, også dei som berre tilsette bruker, skal følgje WCAG 2.1 på nivå A og AA. Det følgjer av likestillings- og diskrimineringslova § 18 og forskrifta om universell utforming av IKT-løysingar, som gjennomfører webdirektivet til EU (WAD).",
        ],
        points: &[],
        links: &[(LAW, "Forskrift om universell utforming av IKT-løysingar")],
    },
    Section {
        heading: "Status",
        paragraphs: &[
            "Sidene er delvis i samsvar med krava: vi kjenner ikkje til brot på sjølve sidene, men filene har avgrensingane nedanfor. Det er vår eiga vurdering. Kvar utgåve blir prøvd i ein nettlesar på bokmål, nynorsk og engelsk:",
        ],
        points: &[
            "med axe (WCAG 2.1 A og AA) i alle tilstandar ei side kan ha, også feil og utgått økt",
            "med berre tastatur, gjennom ein heil arbeidsdag",
            "med 400 prosent forstørring og i 320 pikslar breidd, utan at noko må rullast sidelengs",
            "med større avstand mellom linjer, ord og teikn, med redusert rørsle og med tvungne fargar",
            "med det ein skjermlesar får: namn på felt, tabellar, overskrifter og feil",
            "utan JavaScript",
        ],
        links: &[],
    },
    Section {
        heading: "Kjende avgrensingar",
        paragraphs: &[],
        points: &[
            "Sidene er ikkje prøvde av brukarar med skjermlesar, berre med det nettlesaren gir han.",
            "Skjemaet er ei Excel-fil med låste celler og nedtrekkslister. Det same kan leverast som csv, som er rein tekst.",
            "Økta er over når du ikkje har gjort noko på 15 minutt, og seinast etter åtte timar. Du får melding to minutt før, og kan halde fram. Utan JavaScript får du inga melding, men ei fil du har sjekka, blir teken vare på i eit kvarter.",
            "Rapporten i PDF er merkt for skjermlesarar (PDF/UA). Den same rapporten finst som nettside og som rekneark.",
            "Store tabellar kan rullast sidelengs i si eiga ramme på smale skjermar.",
        ],
        links: &[],
    },
    Section {
        heading: "Sei frå om feil",
        paragraphs: &[
            "Sei frå til den som driv piloten der du arbeider, om noko hindrar deg, eller om du treng noko i ei anna form: skjemaet, kvitteringa og rapporten kan givast som filer. Skriv kva side det gjeld og kva du ville gjere, men ikkje noko om ein familie. Du skal ha svar så snart som råd.",
            "Får du ikkje svar, eller er du usamd i det, kan du klage til Diskrimineringsnemnda.",
        ],
        points: &[],
        links: &[(TRIBUNAL, "Diskrimineringsnemnda")],
    },
    Section {
        heading: "Tilsyn",
        paragraphs: &[
            "Tilsynet for universell utforming av ikt i Digitaliseringsdirektoratet fører tilsyn med at krava blir følgde. Verksemda som set opp lodd, skal publisere si eiga erklæring i løysinga til tilsynet, og kan byggje på denne.",
        ],
        points: &[],
        links: &[
            (AUTHORITY, "Tilsynet for universell utforming av ikt"),
            (STATUS, "uustatus.no, der erklæringar blir laga"),
        ],
    },
];

pub(super) const EN: &[Section] = &[
    Section {
        heading: "What is required",
        paragraphs: &[
            "Web sites of the public sector, those for employees too, must follow WCAG 2.1 at levels A and AA: section 18 of the Norwegian Equality and Anti-Discrimination Act, and the regulation on universal design of ICT solutions, which carries out the EU's web accessibility directive (WAD).",
        ],
        points: &[],
        links: &[(LAW, "The regulation on universal design of ICT solutions (in Norwegian)")],
    },
    Section {
        heading: "Status",
        paragraphs: &[
            "The pages comply in part: we know of no breach on the pages themselves, but the files have the limits below. This is our own assessment. Each release is tried in a browser in bokmål, nynorsk and English:",
        ],
        points: &[
            "with axe (WCAG 2.1 A and AA) in every state that a page can have, errors and an ended session too",
            "by keyboard only, through a whole working day",
            "at 400 per cent zoom and 320 pixels wide, with nothing to scroll sideways for",
            "with wider spacing of lines, words and letters, with reduced motion and with forced colours",
            "with what a screen reader is given: names of fields, tables, headings and errors",
            "without JavaScript",
        ],
        links: &[],
    },
    Section {
        heading: "Known limits",
        paragraphs: &[],
        points: &[
            "The pages have not been tried by users of screen readers, only with what the browser gives them.",
            "The form is an Excel file with locked cells and drop-downs. The same can be delivered as csv, which is plain text.",
            "The session ends when you have done nothing for 15 minutes, and after eight hours at the latest. You are told two minutes before, and can go on. Without JavaScript you are not told, but a file that you looked at is kept for a quarter of an hour.",
            "The report in PDF is tagged for screen readers (PDF/UA). The same report is there as a web page and as a spreadsheet.",
            "Large tables can be scrolled sideways in a frame of their own on narrow screens.",
        ],
        links: &[],
    },
    Section {
        heading: "Tell of faults",
        paragraphs: &[
            "Tell whoever runs the pilot where you work if something hinders you, or if you need something in another form: the form, the receipt and the report can be given as files. Write which page it is and what you wanted to do, but nothing about a family. You are to have an answer as soon as possible.",
            "If you get no answer, or do not agree with it, you can complain to the Anti-Discrimination Tribunal.",
        ],
        points: &[],
        links: &[(TRIBUNAL, "The Anti-Discrimination Tribunal (Diskrimineringsnemnda)")],
    },
    Section {
        heading: "Supervision",
        paragraphs: &[
            "The Authority for Universal Design of ICT, in the Norwegian Digitalisation Agency, supervises that the requirements are followed. The body that sets up lodd must publish a statement of its own in the authority's solution, and can build on this one.",
        ],
        points: &[],
        links: &[
            (AUTHORITY, "The Authority for Universal Design of ICT (in Norwegian)"),
            (STATUS, "uustatus.no, where statements are made"),
        ],
    },
];
