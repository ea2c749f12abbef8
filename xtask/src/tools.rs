//! What the tests need beside Rust: cargo-nextest, Python with the packages that read Parquet, and for the
//! page that checks a draw Node.js, its packages and a browser; `LibreOffice` for the offices' forms; PSPP and
//! R with haven for the exports.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Outcome, cargo, root, run};

const NEXTEST: &str = "0.9.143";
const REQUIREMENTS: &str = "tests/python/requirements.txt";
/// Packages that are installed for their data, without what they depend on.
const DATASETS: &str = "tests/python/datasets.txt";
const LOCK: &str = "verifier/package-lock.json";
const NODE_MAJOR: u32 = 20;
const OFFICE: &str = "soffice";
const CHROMIUM: &str = "/usr/bin/chromium";
/// Where Debian's packages have the font.
const FONT: [&str; 2] = [
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
];

/// Checks that everything is there, and installs what is missing when asked to.
pub(crate) fn ready(install: bool) -> Outcome {
    let mut missing = Vec::new();
    if !succeeds(cargo(&["nextest", "--version"])) {
        missing.push("cargo-nextest, the test runner");
        if install {
            install_nextest()?;
        }
    }
    if !python_is_current() {
        missing.push("Python packages in .venv (tests/python/requirements.txt, datasets.txt)");
        if install {
            install_python()?;
        }
    }
    if !node_is_current() {
        missing.push("Node.js 20 or newer with npm, for the page that checks a draw");
        if install {
            return Err("can't install Node.js 20: get it from the system or nodejs.org".into());
        }
    } else if !packages_are_current() {
        missing.push("npm packages in verifier/node_modules (verifier/package-lock.json)");
        if install {
            packages()?;
        }
    }
    for (is_there, what, package) in from_apt() {
        if !is_there {
            missing.push(what);
            if install {
                install_with_apt(package)?;
            }
        }
    }
    if install || missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "can't run the tests, missing:\n  {}\n`cargo xtask test --install` gets it",
        missing.join("\n  ")
    ))
}

/// What is a package of Debian's: whether it is there, what it is for, the package.
fn from_apt() -> [(bool, &'static str, &'static str); 6] {
    let on_linux = cfg!(target_os = "linux");
    [
        (
            browser_is_there(),
            "Chromium, a browser (/usr/bin/chromium, or the one that LODD_CHROMIUM names)",
            "chromium",
        ),
        (
            !on_linux || FONT.iter().any(|it| Path::new(it).exists()),
            "Liberation Sans, as wide as the offices' Arial, for pages that must fit on a sheet",
            "fonts-liberation",
        ),
        (
            succeeds(version_of(OFFICE)),
            "LibreOffice Calc without a window (soffice)",
            "libreoffice-calc-nogui",
        ),
        (succeeds(version_of("pspp")), "PSPP, which reads the exports for SPSS (pspp)", "pspp"),
        (
            succeeds(haven()),
            "R with the package haven, which reads the exports for R (Rscript)",
            "r-cran-haven",
        ),
        (
            !on_linux || succeeds(version_of("strace")),
            "strace, which puts faults into system calls",
            "strace",
        ),
    ]
}

fn version_of(program: &str) -> Command {
    let mut command = Command::new(program);
    command.arg("--version");
    command
}

/// R's own answer to whether the package is there.
fn haven() -> Command {
    let mut command = Command::new("Rscript");
    command.args(["--vanilla", "-e", "library(haven)"]);
    command
}

fn succeeds(mut command: Command) -> bool {
    command.current_dir(root()).output().is_ok_and(|output| output.status.success())
}

/// Unoptimised: the runner does little but wait, and builds in half the time.
fn install_nextest() -> Outcome {
    run(&mut cargo(&["install", "cargo-nextest", "--locked", "--debug", "--version", NEXTEST]))
}

/// The Python that has the packages of the tests.
pub(crate) fn venv_python() -> PathBuf {
    let below = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    root().join(".venv").join(below)
}

/// The copy that says which requirements the environment was made from.
fn stamp(requirements: &str) -> PathBuf {
    let name = requirements.rsplit('/').next().unwrap_or(requirements);
    root().join(".venv").join(name)
}

fn python_is_current() -> bool {
    let read = |path: PathBuf| std::fs::read(path).ok();
    let current = |it: &str| read(stamp(it)).is_some_and(|of| Some(of) == read(root().join(it)));
    venv_python().exists() && [REQUIREMENTS, DATASETS].into_iter().all(current)
}

fn install_python() -> Outcome {
    let venv = || {
        let mut command = Command::new("python3");
        command.args(["-m", "venv", ".venv"]);
        command
    };
    if !succeeds(venv()) {
        install_with_apt("python3-venv")?;
        run(&mut venv())?;
    }
    install_packages(REQUIREMENTS, &[])?;
    install_packages(DATASETS, &["--no-deps"])
}

fn install_packages(requirements: &str, options: &[&str]) -> Outcome {
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
    run(Command::new(venv_python()).args(pip).args(options))?;
    let copied = std::fs::copy(root().join(requirements), stamp(requirements));
    copied.map(|_| ()).map_err(|error| error.to_string())
}

fn install_with_apt(package: &str) -> Outcome {
    run(Command::new("apt-get").arg("update"))?;
    run(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends", package]))
}

fn node_is_current() -> bool {
    let output = Command::new("node").arg("--version").output();
    let version = output.map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
    let major = version.ok().and_then(|it| it.strip_prefix('v')?.split('.').next()?.parse().ok());
    major.is_some_and(|it: u32| it >= NODE_MAJOR)
}

/// The file that says which lock the packages were installed from.
fn packages_stamp() -> PathBuf {
    root().join("verifier/node_modules/installed-from.json")
}

fn packages_are_current() -> bool {
    let read = |path: PathBuf| std::fs::read(path).ok();
    read(packages_stamp()).is_some_and(|it| Some(it) == read(root().join(LOCK)))
}

/// Installs the page's packages as locked, if they are not there.
pub(crate) fn packages() -> Outcome {
    if packages_are_current() {
        return Ok(());
    }
    run(Command::new(npm()).args(["ci", "--prefix", "verifier"]))?;
    std::fs::copy(root().join(LOCK), packages_stamp()).map_err(|error| error.to_string())?;
    Ok(())
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

fn browser_is_there() -> bool {
    std::env::var_os("LODD_CHROMIUM").map_or_else(|| CHROMIUM.into(), PathBuf::from).exists()
}
