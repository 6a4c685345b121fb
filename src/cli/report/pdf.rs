//! The page as PDF, printed by a browser that is installed.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::cli::Failure;
use crate::cli::interrupt::{Begun, Undo};
use crate::cli::output;
use crate::render::Clean;

/// Browsers that print from the command line, as they are called on one system or another.
const BROWSERS: [&str; 6] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
/// The variable that names another one.
const CHOSEN: &str = "CSM_BROWSER";
/// A browser that takes longer has hung: the page of 10,000 accounts takes a minute.
const PATIENCE: Duration = Duration::from_secs(600);

/// A browser that prints.
pub struct Browser(PathBuf);

impl Browser {
    /// The browser that the environment names, else the first that is on the path.
    ///
    /// # Errors
    ///
    /// A [`Failure`] that says what was looked for.
    pub fn find() -> Result<Self, Failure> {
        if let Some(chosen) = env::var_os(CHOSEN).filter(|chosen| !chosen.is_empty()) {
            let shown = Path::new(&chosen).display().to_string();
            return on_path(&chosen).map(Self).ok_or_else(|| {
                Failure::Browser(format!("{CHOSEN} names {}, which is no program that is there", Clean(&shown)))
            });
        }
        BROWSERS.iter().find_map(|name| on_path(OsStr::new(name))).map(Self).ok_or_else(|| {
            Failure::Browser(format!(
                "--pdf needs a browser, and none of {} is on the path; name one in {CHOSEN}, or write the page with \
                 `-o report.html` and print it from any browser, which gives the same",
                BROWSERS.join(", ")
            ))
        })
    }

    /// Prints a page into a file, whole or not at all.
    ///
    /// # Errors
    ///
    /// A [`Failure`] where the page cannot be written, the browser does not print it, or the file cannot be written.
    pub fn print(&self, target: &Path, page: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
        let folder = Begun::new(|| {
            let folder = tempfile::Builder::new().prefix("csm-").tempdir()?;
            let path = folder.path().to_owned();
            let undo: Undo = Box::new(move || drop(fs::remove_dir_all(&path)));
            Ok((folder, undo))
        });
        let (_begun, folder) =
            folder.map_err(|source| Failure::File { action: "write", path: env::temp_dir(), source })?;
        let (html, pdf) = (folder.path().join("page.html"), folder.path().join("page.pdf"));
        let written = File::create(&html).and_then(|file| {
            let mut out = BufWriter::with_capacity(1 << 16, file);
            page(&mut out).and_then(|()| out.flush())
        });
        written.map_err(|source| Failure::File { action: "write", path: html.clone(), source })?;
        let said = self.run(folder.path(), &html, &pdf, &[])?;
        // A browser that is run by root wants this. The page that it opens is ours, and runs no script but our own.
        let said = if !pdf.exists() && said.contains("no-sandbox") {
            self.run(folder.path(), &html, &pdf, &["--no-sandbox"])?
        } else {
            said
        };
        let bytes = fs::read(&pdf).ok().filter(|bytes| bytes.starts_with(b"%PDF"));
        let bytes = bytes.ok_or_else(|| self.failed(said.lines().rfind(|line| !line.trim().is_empty())))?;
        output::write(Some(target), |out| out.write_all(&bytes))
    }

    /// Runs the browser until it ends, and gives what it said on standard error.
    fn run(&self, folder: &Path, html: &Path, pdf: &Path, more: &[&str]) -> Result<String, Failure> {
        let joined = |option: &str, path: &Path| {
            let mut argument = OsString::from(option);
            argument.push(path);
            argument
        };
        let words = folder.join("words");
        let failed = |source| Failure::File { action: "run", path: self.0.clone(), source };
        let mut command = Command::new(&self.0);
        command
            .args(["--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(more)
            .arg(joined("--user-data-dir=", &folder.join("profile")))
            .arg(joined("--print-to-pdf=", pdf))
            .arg(joined("file://", html))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&words).map_err(failed)?);
        let begin = || {
            let child = Arc::new(Mutex::new(command.spawn()?));
            let undo: Undo = Box::new({
                let child = Arc::clone(&child);
                move || end(&child)
            });
            Ok((child, undo))
        };
        let (_begun, child) = Begun::new(begin).map_err(failed)?;
        let start = Instant::now();
        while lock(&child).try_wait().map_err(failed)?.is_none() {
            if start.elapsed() > PATIENCE {
                end(&child);
                let patience = format!("it did not finish within {} minutes", PATIENCE.as_secs() / 60);
                return Err(self.failed(Some(&patience)));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(String::from_utf8_lossy(&fs::read(&words).unwrap_or_default()).into_owned())
    }

    fn failed(&self, why: Option<&str>) -> Failure {
        let why = why.map(|why| format!(": {}", Clean(why.trim()))).unwrap_or_default();
        Failure::Browser(format!(
            "{} printed no PDF{why}; `-o report.html` writes the page, to be printed from any browser",
            Clean(&self.0.display().to_string())
        ))
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends a program.
fn end(child: &Mutex<Child>) {
    let mut child = lock(child);
    // It may have ended at last; either way there is nothing to wait for.
    let _ = child.kill();
    let _ = child.wait();
}

/// The program that a name or path stands for.
fn on_path(name: &OsStr) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| path.is_file() || path.with_extension("exe").is_file();
    let path = PathBuf::from(name);
    if path.components().count() > 1 {
        return Some(path).filter(is_program);
    }
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(is_program)
}
