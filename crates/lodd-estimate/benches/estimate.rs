//! What estimates cost on one thread: time and memory of each part, in a process of its own.
//!
//! `cargo xtask bench estimate` runs this in release, and its peers in R and Python beside it.

#![expect(
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for developers, which measures the crate from outside"
)]

use std::{env, fs, hint::black_box, process::Command, time::Instant};

use lodd_estimate::{
    Column, Covariate, Options, Redraw, Replay, Role, Rows, Sample, Statistic, estimator,
    romano_wolf, westfall_young,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const PARTS: [(&str, &str); 8] = [
    ("cr2", "CR2 and df, 100,000 rows, 1,000 clusters, 7 columns      (goal <= 0.03 s)"),
    ("cr2_large", "the same, 1,000,000 rows, 20,000 clusters  (goal <= 0.2 s, <= 300 MB)"),
    ("redraw", "10,000 re-draws, 3,000 rows in strata and clusters, 20 outcomes (<= 0.2 s)"),
    ("romano_wolf", "20 outcomes x 2,000 draws, 1,530 clusters     (goal <= 0.4 s)"),
    ("wild", "wild cluster bootstrap, 99,999 draws, 34 clusters        (goal <= 0.1 s)"),
    ("exact", "all C(30,15) = 155,117,520 assignments, p and interval     (goal <= 1 s)"),
    ("one_by_one", "all C(22,11) = 705,432 assignments, studentized: gone through one by one"),
    ("plan", "20 outcomes x 8 estimators x 4 horizons, n = 3,000       (goal <= 2 s)"),
];

fn main() {
    if let Some(part) = env::args().skip(1).find(|it| !it.starts_with("--")) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let seconds = pool.install(|| run(&part));
        println!("{seconds:.4} {}", peak_megabytes());
        return;
    }
    for (part, what) in PARTS {
        let child = Command::new(env::current_exe().unwrap()).arg(part).output().unwrap();
        let text = String::from_utf8_lossy(&child.stdout);
        let mut fields = text.split_whitespace();
        let mut field = || fields.next().unwrap_or("failed");
        let (seconds, megabytes) = (field(), field());
        println!("ours {part:<12} {seconds:>8} s {megabytes:>6} MB  {what}");
    }
}

/// Highest resident memory of this process so far (Linux), in MB.
fn peak_megabytes() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|it| it.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.map_or_else(|| "?".into(), |it| format!("{:.0}", it / 1e3))
}

fn run(part: &str) -> f64 {
    match part {
        "cr2" => cr2(100_000, 1_000),
        "cr2_large" => cr2(1_000_000, 20_000),
        "redraw" => redraw(),
        "romano_wolf" => joint_bootstrap(),
        "wild" => wild(),
        "exact" => exact(30, Statistic::Difference),
        "one_by_one" => exact(22, Statistic::Studentized),
        "plan" => plan(),
        other => panic!("there is no part {other}"),
    }
}

/// Seconds of the best of three runs.
fn best<T>(mut work: impl FnMut() -> T) -> f64 {
    let timed = |_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_secs_f64()
    };
    (0..3).map(timed).fold(f64::INFINITY, f64::min)
}

struct Random(ChaCha8Rng);

impl Random {
    fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// In (-1, 1).
    fn uniform(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / f64::from(1_u32 << 31) - 1.0
    }

    /// By Lemire's (2019) multiplication, without his rejection: as lodd-draw's, but for that.
    fn below(&mut self, below: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(below)) >> 32) as u32
    }
}

fn seeded() -> Options {
    Options { seed: Some([7; 32]), ..Options::default() }
}

fn cr2(n: usize, clusters: u32) -> f64 {
    let mut random = Random::new(1);
    let cluster: Vec<u32> =
        (0..n).map(|row| (row as u64 * u64::from(clusters) / n as u64) as u32).collect();
    let treated: Vec<bool> = cluster.iter().map(|it| it % 2 == 0).collect();
    let covariate = |at: usize, random: &mut Random| Covariate {
        name: format!("x{at}"),
        values: (0..n).map(|_| random.uniform()).collect(),
    };
    let covariates: Vec<Covariate> = (0..5).map(|at| covariate(at, &mut random)).collect();
    let y: Vec<f64> = (0..n).map(|row| random.uniform() + f64::from(cluster[row] % 7)).collect();
    let sample = Sample::new(Rows {
        y: &y,
        treated: &treated,
        unit: &cluster,
        cluster: Some(&cluster),
        covariates: &covariates,
        ..Rows::default()
    })
    .unwrap();
    drop((y, treated, cluster, covariates));
    let lm = estimator("lm_robust").unwrap();
    best(|| lm.estimate(&sample, &Options::default(), None).unwrap())
}

/// 12 strata of clusters of one to three rows, half of each drawn.
struct Strata {
    stratum: Vec<u32>,
    /// Clusters of each stratum.
    members: Vec<Vec<u32>>,
}

impl Strata {
    fn new(clusters: u32) -> Self {
        let mut random = Random::new(2);
        let stratum: Vec<u32> = (0..clusters).map(|_| random.below(12)).collect();
        let mut members = vec![Vec::new(); 12];
        for (cluster, stratum) in (0..).zip(&stratum) {
            members[*stratum as usize].push(cluster);
        }
        Self { stratum, members }
    }
}

impl Replay for Strata {
    fn units(&self) -> usize {
        self.stratum.len()
    }

    fn assignments(&self) -> Option<u128> {
        None
    }

    fn replay(&self, i: u64, arms: &mut [u8]) {
        let mut random = Random::new(i);
        arms.fill(1);
        for members in &self.members {
            let mut left = members.clone();
            let n = left.len();
            for seat in 0..n / 2 {
                let other = seat + random.below((n - seat) as u32) as usize;
                left.swap(seat, other);
                arms[left[seat] as usize] = 0;
            }
        }
    }

    fn nth(&self, _: u128, arms: &mut [u8]) {
        arms.fill(1);
    }
}

fn outcomes(design: &Strata, with_strata: bool) -> Vec<Sample> {
    let mut random = Random::new(3);
    let mut arms = vec![0; design.units()];
    design.replay(0, &mut arms);
    let mut unit = Vec::new();
    for cluster in 0..design.units() as u32 {
        let size = 1 + random.below(3);
        unit.extend((0..size).map(|_| cluster));
    }
    let block: Vec<u32> = unit.iter().map(|it| design.stratum[*it as usize]).collect();
    let treated: Vec<bool> = unit.iter().map(|it| arms[*it as usize] == 0).collect();
    let dummy = |level: u32| Covariate {
        name: format!("stratum{level}"),
        values: block.iter().map(|it| f64::from(u8::from(*it == level))).collect(),
    };
    let covariates: Vec<Covariate> =
        if with_strata { (1..12).map(dummy).collect() } else { Vec::new() };
    let sample = |_| {
        let y: Vec<f64> = unit.iter().map(|_| random.uniform()).collect();
        Sample::new(Rows {
            y: &y,
            treated: &treated,
            unit: &unit,
            block: (!with_strata).then_some(&block),
            cluster: Some(&unit),
            covariates: &covariates,
            ..Rows::default()
        })
        .unwrap()
    };
    (0..20).map(sample).collect()
}

fn redraw() -> f64 {
    let design = Strata::new(1_500);
    let samples = outcomes(&design, false);
    best(|| westfall_young(&samples, &seeded(), Redraw::two_arms(&design)).unwrap())
}

fn joint_bootstrap() -> f64 {
    let samples = outcomes(&Strata::new(1_530), true);
    let options = Options { replicates: 2_000, ..seeded() };
    best(|| romano_wolf(&samples, &options).unwrap())
}

fn wild() -> f64 {
    let mut random = Random::new(4);
    let cluster: Vec<u32> = (0..1_860).map(|it| it % 34).collect();
    let treated: Vec<bool> = cluster.iter().map(|it| it % 2 == 0).collect();
    let mut column = || -> Vec<f64> { (0..1_860).map(|_| random.uniform()).collect() };
    let (y, x) = (column(), column());
    let sample = Sample::new(Rows {
        y: &y,
        treated: &treated,
        unit: &cluster,
        cluster: Some(&cluster),
        covariates: &[Covariate { name: "x".to_owned(), values: x }],
        ..Rows::default()
    })
    .unwrap();
    let options = Options { replicates: 99_999, ..seeded() };
    let wild = estimator("wild_bootstrap").unwrap();
    best(|| wild.estimate(&sample, &options, None).unwrap())
}

/// Half of so many units.
struct Half(u32);

fn choose(n: u128, k: u128) -> u128 {
    if k > n { 0 } else { (0..k).fold(1, |ways, it| ways * (n - it) / (it + 1)) }
}

impl Replay for Half {
    fn units(&self) -> usize {
        self.0 as usize
    }

    fn assignments(&self) -> Option<u128> {
        Some(choose(self.0.into(), u128::from(self.0) / 2))
    }

    fn seats(&self) -> Option<Vec<Vec<u32>>> {
        Some(vec![vec![self.0 / 2, self.0 - self.0 / 2]])
    }

    fn replay(&self, _: u64, arms: &mut [u8]) {
        self.nth(0, arms);
    }

    /// By the combinatorial number system.
    fn nth(&self, i: u128, arms: &mut [u8]) {
        arms.fill(1);
        let (mut rest, mut n) = (i, u128::from(self.0));
        for left in (1..=u128::from(self.0) / 2).rev() {
            n -= 1;
            while choose(n, left) > rest {
                n -= 1;
            }
            rest -= choose(n, left);
            arms[n as usize] = 0;
        }
    }
}

fn exact(n: u32, statistic: Statistic) -> f64 {
    let mut random = Random::new(5);
    let y: Vec<f64> = (0..n).map(|_| random.uniform()).collect();
    let treated: Vec<bool> = (0..n).map(|it| it < n / 2).collect();
    let unit: Vec<u32> = (0..n).collect();
    let sample =
        Sample::new(Rows { y: &y, treated: &treated, unit: &unit, ..Rows::default() }).unwrap();
    let test = estimator("randomization_test").unwrap();
    let (design, options) = (Half(n), Options { statistic, ..Options::default() });
    best(|| test.estimate(&sample, &options, Some(Redraw::two_arms(&design))).unwrap())
}

/// Eight estimators of each of 20 outcomes at four horizons, with a covariate where they take one:
/// half of the outcomes are 0/1. Each is checked into a sample first, as in a run of a plan.
fn plan() -> f64 {
    let n = 3_000;
    let mut random = Random::new(6);
    let design = Strata::new(n);
    let mut arms = vec![0; n as usize];
    design.replay(0, &mut arms);
    let treated: Vec<bool> = arms.iter().map(|it| *it == 0).collect();
    let unit: Vec<u32> = (0..n).collect();
    let mut column = |binary: bool| -> Vec<f64> {
        let value = |it: f64| if binary { f64::from(u8::from(it > 0.2)) } else { it };
        (0..n).map(|_| value(random.uniform())).collect()
    };
    let age = [Covariate { name: "age".to_owned(), values: column(false) }];
    let before = [Column::numbers(Role::Baseline, "before", column(false))];
    let outcomes: Vec<Vec<f64>> = (0..80).map(|it| column(it % 2 == 0)).collect();
    let options = Options { margin: Some(0.1), ..seeded() };
    let one = |name: &str, y: &Vec<f64>| {
        let adjusted = ["lm_robust", "lin", "logit", "ancova"].contains(&name);
        let sample = Sample::new(Rows {
            y,
            treated: &treated,
            unit: &unit,
            block: (!adjusted).then_some(&design.stratum),
            covariates: if adjusted { &age } else { &[] },
            columns: if name == "ancova" { &before } else { &[] },
            ..Rows::default()
        });
        let redraw = Some(Redraw::two_arms(&design));
        estimator(name).unwrap().estimate(&sample.unwrap(), &options, redraw).unwrap()
    };
    best(|| {
        for (at, y) in outcomes.iter().enumerate() {
            let own: [&str; 3] = if at % 2 == 0 {
                ["logit", "risk", "cmh"]
            } else {
                ["quantiles", "equivalence", "ancova"]
            };
            let all = ["difference_in_means", "lm_robust", "lin", "hajek", "wilcoxon"];
            for name in all.into_iter().chain(own) {
                black_box(one(name, y));
            }
        }
    })
}
