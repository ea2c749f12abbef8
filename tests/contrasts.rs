//! Two stages from the outside: offices are drawn to a model, then families in each office; the plan
//! compares A to D, and plain matrices find the same numbers in the Parquet files.

use std::{fmt::Write, fs, path::Path};

use crate::{
    designs::{ARMS, Office, id, screened},
    support::{Ran, lodd_in, python, snapshot},
};

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";
const OFFICES: [&str; 8] = ["ko", "kp", "kq", "kr", "ks", "kt", "ku", "kv"];

/// Families of each office.
const FAMILIES: [usize; 8] = [8, 9, 10, 11, 8, 9, 10, 7];

/// Everything that is asked of a trial in two stages.
const PLAN: &str = r#"
version = 1
seed = "c2b1f6a3d0e94785a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3"

[[analysis]]
id = "A"
outcome = "F_ARBEID_NOEN"
estimator = "lm_robust"
horizon = 3
source = "REGISTER"
contrast = "model"

[[analysis]]
id = "A-lottery"
outcome = "F_ARBEID_NOEN"
estimator = "randomization_test"
horizon = 3
source = "REGISTER"
replay = [1]

[[analysis]]
id = "A-adults"
outcome = "A_ARBEID"
estimator = "lm_robust"
horizon = 3
source = "REGISTER"
contrast = "model"

[[analysis]]
id = "B"
outcome = "F_ARBEID_NOEN"
estimator = "lm_robust"
horizon = 3
source = "REGISTER"
contrast = "follow_up"

[[analysis]]
id = "B-like-these"
outcome = "F_ARBEID_NOEN"
estimator = "lm_robust"
se = "CR2"
horizon = 3
source = "REGISTER"
contrast = "follow_up"

[[analysis]]
id = "B-lottery"
outcome = "F_ARBEID_NOEN"
estimator = "randomization_test"
replicates = 4000
horizon = 3
source = "REGISTER"
contrast = "follow_up"

[[analysis]]
id = "C"
outcome = "F_ARBEID_NOEN"
estimator = "difference_in_means"
horizon = 3
source = "REGISTER"
contrast = "model_by_follow_up"

[[analysis]]
id = "C-lottery"
outcome = "F_ARBEID_NOEN"
estimator = "randomization_test"
horizon = 3
source = "REGISTER"
contrast = "model_by_follow_up"

[[analysis]]
id = "D"
outcome = "F_ARBEID_NOEN"
estimator = "lm_robust"
horizon = 3
source = "REGISTER"
contrast = "spill_over"

[[analysis]]
id = "D-lottery"
outcome = "F_ARBEID_NOEN"
estimator = "randomization_test"
horizon = 3
source = "REGISTER"
contrast = "spill_over"
"#;

fn draw() -> String {
    let list = OFFICES.map(|it| format!("\"{it}\"")).join(", ");
    let offices = ARMS.replace("draw.arm", "draw.offices.arm").replace("\"a\"", "\"model\"");
    let offices = offices.replace("\"b\"", "\"own\"");
    let mut text = format!("[draw]\n{ARMS}");
    for (office, families) in OFFICES.iter().zip(FAMILIES) {
        let seats = families / 2;
        write!(
            text,
            "[[draw.block]]\nlabel = \"{office}\"\noffices = [\"{office}\"]\nseats = [{seats}]\n"
        )
        .unwrap();
    }
    format!(
        "{text}[draw.offices]\n{offices}[[draw.offices.block]]\nlabel = \"all\"\noffices = [{list}]\nseats = [4]\n"
    )
}

pub(crate) fn run(dir: &Path, clock: &str, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {clock} --lang en {words}"))
}

/// A number in [0, 1) that follows from its words.
pub(crate) fn chance(words: &str) -> f64 {
    let bytes = words.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (bytes.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Drawn in two stages and followed for three months; one in ten is not reported.
fn trial() -> tempfile::TempDir {
    let children = [1_usize; 11];
    let offices: Vec<Office<'_>> =
        OFFICES.iter().zip(FAMILIES).map(|(office, n)| (*office, &children[..n])).collect();
    let pilot = screened(&offices, &draw(), |row| row);
    let dir = pilot.path();
    for day in ["01", "02"] {
        run(dir, &format!("2026-09-{day}T08:00:00Z"), "draw announce --rehearsal").ok();
        run(dir, &format!("2026-09-{day}T12:00:00Z"), &format!("draw reveal --seed {SEED}")).ok();
    }
    let mut row = 0;
    for (office, families) in OFFICES.iter().zip(FAMILIES) {
        let mut text = "voksen_id;statusdato;inntekt;arbeid;tillegg;kilde;register\n".to_owned();
        for _ in 0..families {
            let family = id(row);
            row += 1;
            if chance(&format!("missing {family}")) < 0.1 {
                continue;
            }
            let rate = 0.2 + 0.6 * chance(office);
            let works = chance(&format!("works {family}")) < rate;
            let (income, work) =
                if works { ("LONN", "HELTID") } else { ("SOSIALHJELP", "LEDIG_REG") };
            writeln!(text, "{family}-A1;2026-12-03;{income};{work};;REGISTER;AA").unwrap();
        }
        fs::write(dir.join("status.csv"), text).unwrap();
        run(dir, "2026-12-10T09:00:00Z", &format!("upload status.csv --office {office}")).ok();
    }
    pilot
}

fn planned(dir: &Path, plan: &str) {
    fs::write(dir.join("analysis.toml"), plan).unwrap();
    run(dir, "2027-02-01T09:00:00Z", "plan lock").ok();
    run(dir, "2027-02-01T09:10:00Z", "panel").ok();
}

#[test]
fn the_contrasts_of_two_stages_are_those_of_plain_matrices() {
    let pilot = trial();
    let dir = pilot.path();
    planned(dir, PLAN);
    run(dir, "2027-02-01T09:20:00Z", "estimate").ok();
    python("check_contrasts.py", &[dir]).ok();
    run(dir, "2027-02-01T09:30:00Z", "report --format html").ok();
    let extra = dir.join("extra.toml");
    let out = snapshot(&dir.join("out"));
    let refused = |from: &str, to: &str, words: &[&str]| {
        assert!(PLAN.contains(from), "{from}");
        let plan = PLAN.replacen(from, to, 1).replace("id = \"", "id = \"extra-");
        fs::write(&extra, plan).unwrap();
        let ran = run(dir, "2027-02-01T10:00:00Z", "estimate --exploratory extra.toml");
        ran.refused(words);
        assert!(snapshot(&dir.join("out")) == out, "{to}");
    };
    let b = "source = \"REGISTER\"\ncontrast = \"follow_up\"";
    refused(
        b,
        "contrast = \"follow_up\"",
        &["extra.toml:34", "not drawn", "source = \"REGISTER\""],
    );
    refused(
        b,
        "source = \"VEILEDER\"\ncontrast = \"follow_up\"",
        &["extra.toml:34", "registers only"],
    );
    refused("\"spill_over\"", "\"spillover\"", &["extra.toml:77", "did you mean `spill_over`?"]);
    refused(
        "contrast = \"model\"",
        "contrast = \"model\"\ncluster = \"family\"",
        &["extra.toml:12", "smaller than an office"],
    );
    refused(
        "contrast = \"model\"",
        "contrast = \"model\"\ndraws = [2]",
        &["analysis extra-A", "one draw of offices"],
    );
    refused(
        "replay = [1]",
        "replay = [2]",
        &["analysis extra-A-lottery", "arms of draw 1, which `replay` holds"],
    );
    refused("replay = [1]", "replay = [3]", &["extra.toml:19", "draw 3 is not in `draws`"]);
    refused(
        "contrast = \"model_by_follow_up\"",
        "contrast = \"model_by_follow_up\"\ncovariates = \"children\"",
        &["extra.toml", "`covariates` is of families"],
    );
}

/// A trial in one stage has no offices to compare.
#[test]
fn contrasts_of_two_stages_need_two_stages() {
    let pilot = crate::support::copied(&crate::support::root().join("data/kast"));
    let path = pilot.path().join("analysis.toml");
    let plan = fs::read_to_string(&path).unwrap();
    fs::write(&path, plan.replacen("draws = [1]", "draws = [1]\ncontrast = \"model\"", 1)).unwrap();
    let ran = run(pilot.path(), "2026-08-20T08:00:00Z", "plan application");
    ran.refused(&["analysis.toml", "`model` is a contrast of two stages", "initial_offer"]);
}
