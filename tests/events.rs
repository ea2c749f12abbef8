//! What happens to families after the draw, from the command line and by form sheets: told, corrected
//! and taken back, while the draw and every earlier cut stay what they were.

use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
};

use lodd_store::Pilot;
use serde_json::Value;

use crate::support::{Ran, copied, lodd, lodd_in, python, root, snapshot};

/// The demo's pilot, its clock going on by ten minutes a command.
pub(crate) struct Ringerike {
    dir: tempfile::TempDir,
    minutes: Cell<u32>,
}

impl Ringerike {
    /// Everything up to the locked plan.
    pub(crate) fn drawn() -> Self {
        let dir = copied(&root().join("data/ringerike"));
        let commands = fs::read_to_string(dir.path().join("demo.txt")).unwrap();
        for line in commands.lines().filter(|line| !line.starts_with('#')) {
            let (clock, command) = line.split_once(" lodd ").unwrap();
            lodd_in(dir.path(), &format!("{command} --clock {clock}")).ok();
            if command == "plan lock" {
                break;
            }
        }
        Self { dir, minutes: Cell::new(0) }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    fn clock(&self) -> String {
        let minutes = self.minutes.get() + 10;
        self.minutes.set(minutes);
        format!("2017-03-2{}T{:02}:{:02}:00Z", 2 + minutes / 1440, minutes / 60 % 24, minutes % 60)
    }

    pub(crate) fn run(&self, words: &str) -> Ran {
        lodd_in(self.path(), &format!("{words} --clock {}", self.clock()))
    }

    /// Delivers a csv file.
    fn deliver(&self, name: &str, text: &str) -> Ran {
        fs::write(self.path().join(name), text).unwrap();
        let words = ["upload", name, "--office", "ringerike", "--json", "--clock"];
        lodd(self.path(), &[&words[..], &[&self.clock()]].concat())
    }

    /// The bytes of the panel's files at a cut, or at the last entry.
    fn panel(&self, cut: Option<&str>) -> Vec<Vec<u8>> {
        let cut = cut.map_or_else(String::new, |cut| format!(" --cut {cut}"));
        self.run(&format!("panel{cut}")).ok();
        ["panel", "outcomes", "flow"]
            .iter()
            .map(|name| fs::read(self.path().join(format!("out/{name}.parquet"))).unwrap())
            .collect()
    }

    /// The bytes of the draw's public files and of the assignments.
    fn draw(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut all = snapshot(&self.path().join("draws"));
        let assignments = self.path().join("out/assignments.parquet");
        all.push((assignments.clone(), fs::read(assignments).unwrap()));
        all
    }

    fn show(&self, family: &str) -> Value {
        lodd_in(self.path(), &format!("family show {family} --json")).ok().json()
    }

    /// The families, and each one's adults and children.
    pub(crate) fn families(&self) -> Vec<(String, Vec<String>)> {
        let pilot = Pilot::open(self.path()).unwrap();
        let roster = pilot.roster().unwrap();
        let drawn = roster.families.iter().filter(|it| roster.locked.contains(&it.family_id));
        drawn
            .map(|it| {
                let own = roster.members.iter().filter(|member| member.family_id == it.family_id);
                (it.family_id.clone(), own.map(|member| member.member_id.clone()).collect())
            })
            .collect()
    }
}

/// Numbers that are the same on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(n).unwrap()).unwrap()
    }

    fn day(&mut self) -> String {
        let month = self.below(18);
        format!("{}-{:02}-{:02}", 2015 + (month + 8) / 12, (month + 8) % 12 + 1, 1 + self.below(28))
    }
}

/// One later event or correction, at random; `kind` says which.
fn later(pilot: &Ringerike, kind: usize, chance: &mut Chance, number: usize) -> Ran {
    let families = pilot.families();
    // What is corrected and what is retracted must meet: of few families.
    let among = if kind >= 12 { 3 } else { families.len() };
    let (family, members) = &families[chance.below(among)];
    let member = &members[chance.below(members.len())];
    let on = chance.day();
    let place = ["0301", "0605", "1103"][chance.below(3)];
    let command = match kind {
        0 => format!("family withdraw {member} --on {on}"),
        1 => format!("family consent {member} --kind TILTAK --answer JA --on {on}"),
        2 => format!("family move {family} --on {on} --municipality {place}"),
        3 => format!("family died {member} --on {on}"),
        4 => format!(
            "family member add {family} --role BARN --birth-year {} --why FODT --on {on}",
            &on[..4]
        ),
        5 => format!("family member leave {member} --why FLYTTET_UT --on {on}"),
        6 => format!("family member back {member} --on {on}"),
        7 => format!("family split {family} --leaves {member} --on {on}"),
        8 => format!(
            "family participation {family} --on {on} --meetings {} --coordinator K1",
            chance.below(20)
        ),
        9 => format!("family deviation {family} --kind ANNET --on {on}"),
        10 => format!("family withdraw {family} --on {on}"),
        11 => {
            let text = format!("familie_id;dato;til_kommune;til_kontor\n{family};{on};{place};\n");
            return pilot.deliver(&format!("flytting-{number}.csv"), &text);
        }
        12 => {
            let home = ["EID", "LEID_PRIVAT", "UTEN"][chance.below(3)];
            let text = format!(
                "familie_id;statusdato;BOLIG;arsak_til_retting\n{family};{};{home};NY_INFO\n",
                "2016-08-31"
            );
            return pilot.deliver(&format!("retting-{number}.csv"), &text);
        }
        _ => format!("family retract {family} --on 2016-08-31 --reason FEIL_PERSON"),
    };
    pilot.run(&command)
}

/// The promise, with fifty corrections and events of every kind.
#[test]
fn as_known_at_a_cut_after_fifty_later_corrections() {
    let seed = 20_170_321;
    let pilot = Ringerike::drawn();
    let before = pilot.panel(None);
    let cut = "2017-03-21T09:00:00Z";
    assert_eq!(pilot.panel(Some(cut)), before);
    let draw = pilot.draw();
    let mut chance = Chance(seed);
    let mut told = [0_usize; 14];
    let (mut done, mut tries) = (0, 0);
    while done < 50 || told.contains(&0) {
        tries += 1;
        assert!(tries < 400, "seed {seed}: only {done} could be told: {told:?}");
        let kind = tries % told.len();
        let ran = later(&pilot, kind, &mut chance, tries);
        assert!(ran.code <= 1, "{}", ran.stderr);
        if ran.code == 0 {
            (told[kind], done) = (told[kind] + 1, done + 1);
        }
    }
    assert_eq!(pilot.draw(), draw, "the draw");
    assert_eq!(pilot.panel(Some(cut)), before, "the panel as known at the earlier cut");
    assert_ne!(pilot.panel(None), before);
    pilot.run("ledger verify").ok();

    let shown: Vec<Value> =
        pilot.families().iter().take(20).map(|(family, _)| pilot.show(family)).collect();
    assert!(shown.iter().any(|it| !it["events"].as_array().unwrap().is_empty()));
    let file = pilot.path().join("shown.json");
    fs::write(&file, serde_json::to_string(&shown).unwrap()).unwrap();
    python("check_events.py", &[pilot.path(), &file]).ok();
}

/// What stands of a family's events, `table: column=value …`, without the time of recording.
fn standing(shown: &Value) -> Vec<String> {
    let rows = shown["events"].as_array().unwrap();
    rows.iter()
        .filter(|it| it["stands"] == true)
        .map(|it| {
            let skip = ["table", "recorded_at", "stands", "family_id"];
            let values = it.as_object().unwrap().iter().filter(|it| !skip.contains(&it.0.as_str()));
            let mut values: Vec<String> =
                values.map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
            values.sort();
            format!("{}: {}", it["table"].as_str().unwrap(), values.join(" "))
        })
        .collect()
}

#[test]
fn each_command_is_one_entry_and_the_same_again_is_none() {
    let pilot = Ringerike::drawn();
    let draw = pilot.draw();
    let (family, members) = pilot.families().remove(0);
    let (adult, child) = (members[0].clone(), members.last().unwrap().clone());
    let on = "--on 2016-05-01";
    let commands = [
        format!("family consent {adult} --kind FORSKNING --answer JA {on}"),
        format!("family withdraw {adult} {on} --consent TILTAK"),
        format!("family move {family} {on} --municipality 0301"),
        format!("family member leave {child} {on} --why FLYTTET_UT"),
        format!("family deviation {family} {on} --kind SEN_BASELINE"),
        format!("family participation {family} {on} --meetings 3 --coordinator K1"),
    ];
    for command in &commands {
        let first = pilot.run(&format!("{command} --json")).ok().json();
        assert!(first["entry"].is_i64() && first["new"] == 1, "{command}: {first}");
        let again = pilot.run(&format!("{command} --json")).ok().json();
        assert!(again["entry"].is_null() && again["unchanged"] == 1, "{command}: {again}");
    }
    let shown = pilot.show(&family);
    assert_eq!(
        standing(&shown)[1..],
        [
            "family_moves: moved_on=2016-05-01 municipality=0301".to_owned(),
            format!("consents: answer=JA at=2016-05-01 kind=FORSKNING member_id={adult}"),
            format!(
                "consents: answer=NEI at=2016-05-01 kind=TILTAK member_id={adult} withdrawn_at=2016-05-01"
            ),
            "participation: coordinator=K1 meetings=3 started_on=2016-05-01".to_owned(),
            "deviations: at=2016-05-01 kind=SEN_BASELINE".to_owned(),
        ]
    );
    let added = pilot
        .run(&format!(
            "family member add {family} --role BARN --birth-year 2016 --why FODT {on} --json"
        ))
        .ok()
        .json();
    let newcomer = added["member"].as_str().unwrap();
    let spells = pilot.show(&family)["spells"].as_array().unwrap().clone();
    let of = |id: &str| spells.iter().find(|it| it["member_id"] == id).unwrap().clone();
    assert_eq!(
        (of(newcomer)["in_itt"].clone(), of(&child)["in_itt"].clone()),
        (false.into(), true.into())
    );
    // Taken back, the move and the leaving are gone, but were known until then.
    for what in ["move", "member"] {
        let unit = if what == "move" { &family } else { &child };
        pilot.run(&format!("family retract {unit} --what {what} {on} --reason TASTEFEIL")).ok();
    }
    let shown = pilot.show(&family);
    assert!(standing(&shown).iter().all(|it| !it.starts_with("family_moves")));
    assert!(shown["events"].as_array().unwrap().iter().any(|it| it["municipality"] == "0301"));
    assert_eq!(pilot.draw(), draw);
    let ledger = Pilot::open(pilot.path()).unwrap().ledger().unwrap();
    let entry = ledger.into_iter().find(|it| it.event == "withdrawal").unwrap();
    let payload = entry.payload.unwrap();
    assert!(payload.contains("\"ground\":\"GDPR_7_3\""), "{payload}");
}

#[test]
fn what_can_not_be_is_refused_and_nothing_is_written() {
    let pilot = Ringerike::drawn();
    let (family, members) = pilot.families().remove(0);
    let adult = &members[0];
    let before = Pilot::open(pilot.path()).unwrap().head().unwrap();
    for (command, words) in [
        (
            format!("family move {family} --on 2016-05-01 --municipality Oslo"),
            "four digits like 0301",
        ),
        (
            format!("family move {family} --on i-morgen --municipality 0301"),
            "a date like 2026-10-31",
        ),
        (format!("family move {family} --on 2030-01-01 --municipality 0301"), "after today"),
        (
            format!("family move {family} --on 2016-05-01 --municipality 0301 --office oslo"),
            "not in this pilot",
        ),
        (
            "family move RIN-7KQ4-R --on 2016-05-01 --municipality 0301".to_owned(),
            "not on the roster",
        ),
        (
            format!("family withdraw {adult} --on 2016-05-01 --consent ALT"),
            "one of FORSKNING, TILTAK",
        ),
        (
            format!("family member leave {adult} --on 2016-05-01 --why FODT"),
            "one of FLYTTET_UT, DOD",
        ),
        (
            format!(
                "family member add {family} --role BARN --birth-year 2010 --why FODT --on 2016-05-01"
            ),
            "does not go with",
        ),
        (
            format!(
                "family member add {family} --role BARN --birth-year 2016 --on 2016-05-01 --id {family}-A9"
            ),
            "-B1, -B2",
        ),
        (
            format!("family participation {family} --on 2016-05-01 --coordinator Kari"),
            "a code like K1",
        ),
        (
            format!("family retract {family} --what move --on 2016-05-01 --reason TASTEFEIL"),
            "nothing of",
        ),
        (
            format!("family retract {family} --what alt --on 2016-05-01 --reason TASTEFEIL"),
            "--what must be status, member",
        ),
    ] {
        pilot.run(&command).refused(&[words]);
    }
    assert_eq!(Pilot::open(pilot.path()).unwrap().head().unwrap(), before);
}

/// The form's sheets: stored as told, a mended one corrects, and K06 is held or a deviation.
#[test]
fn form_sheets_are_stored_as_told() {
    let pilot = Ringerike::drawn();
    let (family, members) = pilot.families().remove(0);
    let adult = &members[0];
    let upload = |name: &str, text: String| pilot.deliver(name, &text).ok().json();
    let members_sheet = "medlem_id;familie_id;rolle;fodselsar;fra_dato;til_dato;arsak\n";
    let told = upload(
        "m.csv",
        format!("{members_sheet}{family}-B9;{family};BARN;2016;01.05.2016;;FODT\n"),
    );
    assert_eq!((told["new"].clone(), told["held"].clone()), (1.into(), 0.into()));
    let consents = "medlem_id;type;dato;svar;trukket\n";
    upload("s.csv", format!("{consents}{adult};FORSKNING;2015-08-20;JA;\n"));
    let mended =
        upload("s2.csv", format!("{consents}{adult};FORSKNING;2015-08-20;JA;2016-05-01\n"));
    assert_eq!(mended["corrected"], 1);
    assert_eq!(
        standing(&pilot.show(&family)),
        [
            format!("household_spells: member_id={family}-B9 reason_in=FODT valid_from=2016-05-01"),
            format!(
                "consents: answer=JA at=2015-08-20 kind=FORSKNING member_id={adult} withdrawn_at=2016-05-01"
            ),
        ]
    );
    let assigned = Pilot::open(pilot.path()).unwrap().assignments(1).unwrap();
    let control = &assigned.iter().find(|it| it.arm == "ordinary").unwrap().unit_id;
    let treated = &assigned.iter().find(|it| it.arm != "ordinary").unwrap().unit_id;
    let log = "familie_id;startet;sluttet;sluttarsak;moter;koordinator;avvik\n";
    let rows: String = assigned
        .iter()
        .filter(|it| it.arm != "ordinary")
        .take(8)
        .map(|it| format!("{};2015-09-15;;;4;K2;\n", it.unit_id))
        .collect();
    let held = upload("d.csv", format!("{log}{rows}{control};2015-09-15;;;4;K2;\n"));
    assert_eq!((held["new"].clone(), held["held"].clone()), (8.into(), 1.into()));
    assert_eq!(held["findings"][0]["code"], "K06");
    let told = upload("d2.csv", format!("{log}{control};2015-09-15;;;4;K2;KONTROLL_FULGT_OPP\n"));
    assert_eq!(
        (told["new"].clone(), told["findings"][0]["severity"].clone()),
        (1.into(), "warning".into())
    );
    assert_eq!(
        standing(&pilot.show(control)),
        [
            "participation: coordinator=K2 meetings=4 started_on=2015-09-15",
            "deviations: at=2015-09-15 kind=KONTROLL_FULGT_OPP",
        ]
    );
    assert_eq!(standing(&pilot.show(treated)).len(), 1);
}
