//! A made-up register with everything that the rule must tell apart, the same for the same seed.

/// A row of snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) kind: &'static str,
    pub(crate) unit: String,
    pub(crate) date: i32,
    pub(crate) source: &'static str,
    pub(crate) register: Option<&'static str>,
    pub(crate) occasion: &'static str,
    pub(crate) recorded_at: i64,
    pub(crate) status: &'static str,
    pub(crate) variable: Option<&'static str>,
    pub(crate) code: Option<&'static str>,
    pub(crate) number: Option<i64>,
    pub(crate) missing: Option<&'static str>,
}

/// A row of assignments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assigned {
    pub(crate) draw: i64,
    pub(crate) kind: &'static str,
    pub(crate) unit: String,
    pub(crate) family: String,
    pub(crate) drawn_on: i32,
    pub(crate) arm: &'static str,
}

/// A register.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    pub(crate) rows: Vec<Row>,
    pub(crate) units: Vec<Assigned>,
}

/// Marsaglia's xorshift: enough to scatter test data, and the same on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    pub(crate) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// 2015-08-31: six months later there is no such day.
pub(crate) const DRAWN_ON: [i32; 3] = [16_678, 16_709, 16_860];
const DAY_US: i64 = 86_400_000_000;
/// What was recorded by 2017-01-01T00:00:00Z counts.
pub(crate) const CUT: &str = "2017-01-01T00:00:00Z";
pub(crate) const CUT_US: i64 = 17_167 * DAY_US;

const VARIABLES: [&str; 4] = ["ARBEID", "INNTEKT", "STILLINGSPROSENT", "BOLIG"];
const CODES: [&str; 4] = ["HELTID", "DELTID", "LEDIG_REG", "J"];
const MISSING: [&str; 4] = ["UKJENT", "IKKE_SPURT", "VIL_IKKE_SVARE", "IKKE_AKTUELT"];

/// `families` families with up to three adults and children, three draws, and strangers that nobody
/// drew. The second draw takes some of the first's families again, with other members.
pub(crate) fn register(seed: u64, families: usize) -> Made {
    let mut dice = Dice::new(seed);
    let mut made = Made::default();
    for number in 0..families {
        let draw = 1 + (number % 3) as i64;
        // Ids of persons do not follow those of families, and some are long.
        let family = format!("F{:05}", (number * 7919) % 100_000);
        let members: Vec<(&'static str, String)> = (0..dice.below(4))
            .map(|it| {
                let id = (number as u64 * 4 + it) * 104_729 % 1_000_000;
                let kind = dice.of(&["VOKSEN", "BARN"]);
                (kind, format!("P{id:06}-{}", "x".repeat(dice.below(12) as usize)))
            })
            .collect();
        assign(&mut made, (draw, &family), &members, &mut dice);
        if draw == 1 && dice.one_in(3) {
            // Assigned again, and one member has moved out.
            let stayed = &members[members.len().min(1)..];
            assign(&mut made, (2, &family), stayed, &mut dice);
        }
        history(&mut made, ("FAMILIE", &family), &mut dice);
        for (kind, member) in &members {
            history(&mut made, (kind, member), &mut dice);
        }
    }
    for number in 0..families / 4 {
        let stranger = format!("S{number:05}");
        history(&mut made, ("VOKSEN", &stranger), &mut dice);
    }
    only_in_strangers(&mut made);
    made.rows.dedup();
    made
}

fn assign(
    made: &mut Made,
    (draw, family): (i64, &str),
    members: &[(&'static str, String)],
    dice: &mut Dice,
) {
    let drawn_on = DRAWN_ON[(draw - 1) as usize];
    let arm = dice.of(&["follow-up", "ordinary"]);
    let row = |kind, unit: &str| Assigned {
        draw,
        kind,
        unit: unit.to_owned(),
        family: family.to_owned(),
        drawn_on,
        arm,
    };
    made.units.push(row("FAMILIE", family));
    made.units.extend(members.iter().map(|(kind, unit)| row(kind, unit)));
}

/// Snapshots of a unit about two years around the draws, each date with all its versions.
fn history(made: &mut Made, (kind, unit): (&'static str, &str), dice: &mut Dice) {
    let sources = [("VEILEDER", None), ("SELVRAPPORT", None), ("REGISTER", Some("AA"))];
    let mut dates: Vec<i32> = (0..dice.below(9)).map(|_| 16_600 + dice.below(700) as i32).collect();
    // Two dates at the same distance from a target: 12 months after the first draw is 17_044.
    if dice.one_in(2) {
        dates.extend([17_044 - 10, 17_044 + 10]);
    }
    dates.sort_unstable();
    dates.dedup();
    for date in dates {
        let (source, register) = dice.of(&sources);
        let first = i64::from(date) * DAY_US + dice.below(1_000_000) as i64;
        // Corrections and retractions, some of them after the cut.
        for version in 0..=dice.below(3) as i64 {
            let recorded_at = first + version * 40 * DAY_US;
            let status = status(dice, version);
            let head = Row {
                kind,
                unit: unit.to_owned(),
                date,
                source,
                register,
                occasion: if dice.one_in(5) { "EKSTRA" } else { "PLANLAGT" },
                recorded_at,
                status,
                variable: None,
                code: None,
                number: None,
                missing: None,
            };
            made.rows.extend(values(&head, dice));
        }
    }
}

fn status(dice: &mut Dice, version: i64) -> &'static str {
    if version > 0 && dice.one_in(4) {
        return "TILBAKEKALT";
    }
    match dice.below(24) {
        0 => "DOD",
        1 => "FLYTTET",
        2 => "TRAKK_SAMTYKKE",
        3 | 4 => "IKKE_NADD",
        5 => "SLUTTET_I_TILTAK",
        _ => "OBSERVERT",
    }
}

/// The rows of one version: some of the variables, or one row without any.
fn values(head: &Row, dice: &mut Dice) -> Vec<Row> {
    if head.status != "OBSERVERT" {
        return vec![head.clone()];
    }
    let mut rows = Vec::new();
    for variable in VARIABLES {
        if dice.one_in(4) {
            continue;
        }
        let mut row = Row { variable: Some(variable), ..head.clone() };
        if dice.one_in(5) {
            row.missing = Some(dice.of(&MISSING));
        } else if variable == "STILLINGSPROSENT" {
            row.number = Some(dice.below(100) as i64);
        } else {
            row.code = Some(dice.of(&CODES));
        }
        rows.push(row);
    }
    if rows.is_empty() { vec![head.clone()] } else { rows }
}

/// A variable that no unit drawn has, one that was corrected away, and one recorded after the cut:
/// of these only the first is a series.
fn only_in_strangers(made: &mut Made) {
    let head = Row {
        kind: "VOKSEN",
        unit: "S99999".to_owned(),
        date: 17_000,
        source: "REGISTER",
        register: Some("A-ORDNINGEN"),
        occasion: "PLANLAGT",
        recorded_at: 17_000 * DAY_US,
        status: "OBSERVERT",
        variable: Some("SEEN_BY_STRANGERS"),
        code: Some("J"),
        number: None,
        missing: None,
    };
    let gone = Row { date: 17_001, variable: Some("CORRECTED_AWAY"), ..head.clone() };
    let correction =
        Row { recorded_at: 17_010 * DAY_US, variable: Some("SEEN_BY_STRANGERS"), ..gone.clone() };
    let late = Row {
        date: 17_002,
        recorded_at: CUT_US + 1,
        variable: Some("AFTER_THE_CUT"),
        ..head.clone()
    };
    made.rows.extend([head, gone, correction, late]);
}
