//! One pilot of three arms with everything that a plan can ask of it: estimators of time, categories and
//! repeated rows, attrition beside each effect, populations, adjustments. Python finds the same numbers
//! in the Parquet files, or makes the table that `lodd estimate --data` is run on.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use serde_json::Value;

use crate::{
    contrasts::{chance, run},
    designs::{Office, id, screened},
    support::{lodd_in, python},
};

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";
const FAMILIES: [(&str, usize); 2] = [("n", 60), ("s", 75)];

const DRAW: &str = r#"[draw]
[[draw.arm]]
label = "a"
name_nb = "A"
name_en = "A"
[[draw.arm]]
label = "b"
name_nb = "B"
name_en = "B"
[[draw.arm]]
label = "c"
name_nb = "C"
name_en = "C"
[[draw.block]]
label = "n"
offices = ["n"]
seats = [20, 20]
[[draw.block]]
label = "s"
offices = ["s"]
seats = [25, 25]
"#;

const OUTCOMES: &str = r#"
[[outcome]]
id = "F_STATUS"
unit = "FAMILIE"
label_nb = "Status"
label_en = "Status"
categories = [
    { code = "ARBEID", nb = "Arbeid", en = "Work", sql = "F_ARBEID_NOEN = 1" },
    { code = "SOSHJ", nb = "Sosialhjelp", en = "Assistance", sql = "F_SOSHJ_NOE = 1" },
    { code = "ANNET", nb = "Annet", en = "Other", sql = "F_ARBEID_NOEN = 0" },
]
[[outcome]]
id = "A_FORST"
unit = "VOKSEN"
label_nb = "Til arbeid"
label_en = "Time to work"
first_entry = "ARBEID IN ('HELTID', 'DELTID')"
"#;

/// Estimators with their options, and the outcome; their numbers are compared with Python's.
const ANALYSES: [(&str, &str, &str); 23] = [
    ("difference", "F_ARBEID_NOEN", "estimator = \"difference_in_means\"\nplausible_effect = 0.02"),
    ("office-n", "F_ARBEID_NOEN", "estimator = \"difference_in_means\"\nwhere = \"office = 'n'\""),
    (
        "consented",
        "F_ARBEID_NOEN",
        "estimator = \"difference_in_means\"\npopulation = \"consented\"",
    ),
    ("started", "F_ARBEID_NOEN", "estimator = \"difference_in_means\"\npopulation = \"started\""),
    ("offices", "F_ARBEID_NOEN", "estimator = \"lm_robust\"\nweights = \"offices\""),
    ("children", "F_ARBEID_NOEN", "estimator = \"lm_robust\"\nweights = \"children\""),
    ("logs", "F_ARBEID_NOEN", "estimator = \"lm_robust\"\ncovariates = \"log_children\""),
    ("category", "F_STATUS", "estimator = \"category\""),
    ("gee", "F_ARBEID_NOEN", "estimator = \"gee\"\nsubject = \"office\"\ncorrection = \"none\""),
    ("mixed", "F_ARBEID_NOEN", "estimator = \"mixed\"\ngroups = \"children\""),
    ("ipw", "F_ARBEID_NOEN", "estimator = \"ipw\"\nresponse_model = \"children\""),
    ("ordered", "F_ARBEID_NOEN", "estimator = \"ordered_logit\""),
    ("logit", "F_ARBEID_NOEN", "estimator = \"logit\""),
    ("curves", "A_FORST", "estimator = \"kaplan_meier\"\ntimes = [60]"),
    ("exits", "A_FORST", "estimator = \"cumulative_incidence\"\ntimes = [30, 80]"),
    ("logrank", "A_FORST", "estimator = \"logrank\""),
    ("cox", "A_FORST", "estimator = \"cox\""),
    ("rmst", "A_FORST", "estimator = \"rmst\"\ntau = 80"),
    ("turnbull", "A_FORST", "estimator = \"turnbull\"\ntimes = [60]"),
    ("hazard", "A_FORST", "estimator = \"discrete_hazard\""),
    ("quantiles", "F_ARBEID_NOEN", "estimator = \"wilcoxon\""),
    ("lee", "F_ARBEID_NOEN", "estimator = \"lee_bounds\""),
    ("risk", "F_ARBEID_NOEN", "estimator = \"risk\""),
];

fn plan() -> String {
    let mut plan = format!(
        "version = 1\nseed = \"{SEED}\"\n\
         adjust = [\"holm\", \"bonferroni\", \"romano_wolf\"]\n\n\
         [[derive]]\nname = \"log_children\"\nsql = \"CASE WHEN children > 0 THEN ln(children) END\"\n\n\
         [[outcome]]\nid = \"F_ARBEID_NOEN\"\nfamily = \"work\"\n\n\
         [[outcome]]\nid = \"F_SOSHJ_NOE\"\nfamily = \"work\"\n\n\
         [[analysis]]\nid = \"family\"\nfamily = \"work\"\nestimator = \"wild_bootstrap\"\n\
         replicates = 99\nhorizon = 3\n"
    );
    for (id, outcome, rest) in ANALYSES {
        write!(
            plan,
            "\n[[analysis]]\nid = \"{id}\"\noutcome = \"{outcome}\"\n{rest}\nhorizon = 3\n"
        )
        .unwrap();
    }
    plan
}

fn upload(dir: &Path, clock: &str, office: &str, text: &str) {
    fs::write(dir.join("file.csv"), text).unwrap();
    run(dir, clock, &format!("upload file.csv --office {office}")).ok();
}

/// The families of each office with the number of their children.
fn families() -> Vec<(&'static str, String, usize)> {
    let offices = FAMILIES.iter().flat_map(|(office, n)| (0..*n).map(move |_| *office));
    offices.enumerate().map(|(row, office)| (office, id(row), 1 + row % 4)).collect()
}

const STATUS: &str = "voksen_id;statusdato;inntekt;arbeid;tillegg\n";

/// One adult's answer: in work, on assistance, or neither.
fn status(id: &str, date: &str, works: bool, other: bool) -> String {
    let (income, work) = match (works, other) {
        (true, _) => ("LONN", "HELTID"),
        (false, true) => ("AAP", "LEDIG_REG"),
        (false, false) => ("SOSIALHJELP", "LEDIG_REG"),
    };
    format!("{id}-A1;{date};{income};{work};BARNETRYGD\n")
}

/// The month in which work begins, 0 before the draw; from 4 on not while it is seen.
fn begins(id: &str) -> usize {
    let it = chance(&format!("begins {id}")) * 12.0;
    (1..12).filter(|month| it >= f64::from(*month)).count()
}

/// Drawn into three arms; work begins in one of three months, or never; three in ten of the first
/// office's families are not seen at the end.
fn trial() -> tempfile::TempDir {
    let all = families();
    let children: BTreeMap<&str, Vec<usize>> = all.iter().fold(BTreeMap::new(), |mut by, it| {
        by.entry(it.0).or_default().push(it.2);
        by
    });
    let offices: Vec<Office<'_>> =
        FAMILIES.iter().map(|(office, _)| (*office, children[office].as_slice())).collect();
    let pilot = screened(&offices, DRAW, |row| row);
    let dir = pilot.path();
    let protocol = dir.join("pilot.toml");
    let text = fs::read_to_string(&protocol).unwrap() + OUTCOMES;
    fs::write(protocol, text).unwrap();
    for (office, _) in FAMILIES {
        let of = all.iter().filter(|it| it.0 == office);
        let rows = of.map(|(_, id, _)| status(id, "2026-08-25", begins(id) == 0, false));
        upload(
            dir,
            "2026-08-26T08:00:00Z",
            office,
            &(STATUS.to_owned() + &rows.collect::<String>()),
        );
    }
    run(dir, "2026-09-01T08:00:00Z", "draw announce --rehearsal").ok();
    run(dir, "2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}")).ok();
    follow(dir, &all);
    for (_, id, _) in all.iter().filter(|it| moves(&it.1)) {
        let clock = "2026-12-11T08:00:00Z";
        run(dir, clock, &format!("family move {id} --on {MOVED} --municipality 0301")).ok();
    }
    pilot
}

/// One in ten families moves away, after the second time it is seen.
const MOVED: &str = "2026-11-10";

fn moves(id: &str) -> bool {
    chance(&format!("moves {id}")) < 0.1
}

/// What is told of the families after the draw, and who consented and who started.
fn follow(dir: &Path, all: &[(&str, String, usize)]) {
    let (assigned, _) = lodd_store::parquet::read(&dir.join("out/assignments.parquet")).unwrap();
    let units = assigned.text("unit_id").unwrap().iter().flatten();
    let arms: BTreeMap<&String, &String> =
        units.zip(assigned.text("arm").unwrap().iter().flatten()).collect();
    let (mut consented, mut started) = (Vec::new(), Vec::new());
    for (office, _) in FAMILIES {
        let (mut rows, mut log, mut consents) = (
            STATUS.to_owned(),
            "familie_id;startet;sluttet;sluttarsak;moter;koordinator;avvik\n".to_owned(),
            "medlem_id;type;dato;svar;trukket\n".to_owned(),
        );
        for (_, id, _) in all.iter().filter(|it| it.0 == office) {
            let lost = if office == "n" { 0.3 } else { 0.08 };
            let (seen, other) =
                (chance(&format!("seen {id}")) >= lost, chance(&format!("other {id}")) < 0.3);
            // The second arm helps most of its families to work in the first month.
            let helped = arms[id] == "b" && chance(&format!("helped {id}")) < 0.7;
            let begins = if helped { begins(id).min(1) } else { begins(id) };
            for (month, date) in [(1, "2026-10-05"), (2, "2026-10-28"), (3, "2026-12-03")] {
                if month < 3 || (seen && !moves(id)) {
                    rows += &status(id, date, begins <= month, other);
                }
            }
            let (arm, word) = (arms[id].as_str(), chance(&format!("word {id}")));
            if arm != "c" && word < 0.7 {
                let coordinator = if arm == "b" && word < 0.3 { "K2" } else { "K1" };
                writeln!(log, "{id};2026-09-20;;;;{coordinator};").unwrap();
                started.push(id.clone());
            }
            let consent = chance(&format!("consent {id}"));
            if consent < 0.95 {
                let answer = if consent < 0.85 { "JA" } else { "NEI" };
                let withdrawn = if consent < 0.05 { "2026-11-01" } else { "" };
                writeln!(consents, "{id}-A1;FORSKNING;2026-09-15;{answer};{withdrawn}").unwrap();
                consented.extend((0.05..0.85).contains(&consent).then(|| id.clone()));
            }
        }
        upload(dir, "2026-12-10T08:00:00Z", office, &rows);
        upload(dir, "2026-12-10T09:00:00Z", office, &log);
        upload(dir, "2026-12-10T10:00:00Z", office, &consents);
    }
    let moved: Vec<&String> = all.iter().map(|it| &it.1).filter(|id| moves(id)).collect();
    let said = serde_json::json!({ "consented": consented, "started": started, "moved": moved });
    fs::write(dir.join("said.json"), said.to_string()).unwrap();
}

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

#[test]
fn every_estimator_of_a_plan_has_the_numbers_of_the_pilots_own_files() {
    let pilot = trial();
    let dir = pilot.path();
    fs::write(dir.join("analysis.toml"), plan()).unwrap();
    run(dir, "2027-02-01T09:00:00Z", "plan lock").ok();
    run(dir, "2027-02-01T09:10:00Z", "panel").ok();
    let said = lodd_in(dir, "--clock 2027-02-01T09:20:00Z --lang nb estimate").ok().stdout;
    assert!(said.contains("ikke en randomisert sammenligning"), "{said}");
    // Checks what it can by itself, and makes the table and the plans for the rest.
    python("check_planned.py", &[dir]).ok();
    for table in ["blocks", "dummies", "members"] {
        let words = format!("estimate --data table.csv --plan {table}.toml --json --lang en");
        fs::write(dir.join(format!("{table}.json")), lodd_in(dir, &words).ok().stdout).unwrap();
        assert!(rows(&fs::read_to_string(dir.join(format!("{table}.json"))).unwrap()).len() > 3);
    }
    python("check_planned.py", &[dir, "again".as_ref()]).ok();
    run(dir, "2027-02-01T09:30:00Z", "report --format html").ok();
    refusals(dir);
}

/// What a pilot's plan can't ask is said at its place.
fn refusals(dir: &Path) {
    let refused = |from: &str, to: &str, words: &[&str]| {
        let plan = plan();
        assert!(plan.contains(from), "{from}");
        let extra = plan.replacen(from, to, 1).replace("id = \"", "id = \"x-");
        let extra = extra.replace("id = \"x-F_", "id = \"F_");
        fs::write(dir.join("extra.toml"), extra).unwrap();
        run(dir, "2027-02-01T10:00:00Z", "estimate --exploratory extra.toml").refused(words);
    };
    refused(
        "estimator = \"wild_bootstrap\"\nreplicates = 99",
        "estimator = \"difference_in_means\"",
        &[
            "extra.toml:20",
            "no `romano_wolf` of `difference_in_means`",
            "lm_robust, wild_bootstrap",
        ],
    );
    refused(
        "estimator = \"kaplan_meier\"\ntimes = [60]",
        "estimator = \"multiple_imputation\"",
        &["extra.toml:", "`multiple_imputation` needs imputed values", "--data"],
    );
    refused(
        "estimator = \"logrank\"",
        "estimator = \"logrank\"\nevent = \"children\"",
        &["extra.toml:", "`event` follows from the outcome"],
    );
    refused(
        "plausible_effect = 0.02",
        "plausible_effect = 0",
        &["extra.toml:", "`plausible_effect` can't be 0"],
    );
}
