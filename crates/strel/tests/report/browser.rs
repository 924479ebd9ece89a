//! Chromium without a window.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::picture::Picture;

/// Light or dark, as the reader's system asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scheme {
    Light,
    Dark,
}

/// Names of the program; `$STREL_CHROMIUM` goes first.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A browser, and a folder for what it writes.
pub struct Browser<'a> {
    program: String,
    folder: &'a Path,
}

impl<'a> Browser<'a> {
    /// The browser of this machine, if there is one.
    pub fn find(folder: &'a Path) -> Option<Self> {
        let asked = std::env::var("STREL_CHROMIUM").ok();
        let mut names = asked.into_iter().chain(NAMES.map(String::from));
        let found = names.find(|name| Command::new(name).arg("--version").output().is_ok());
        if found.is_none() {
            eprintln!("skipped: no chromium on the path");
        }
        found.map(|program| Browser { program, folder })
    }

    /// Opens a page in a frame of this size (windows are never as narrow as telephones); returns what the
    /// page tells, and the messages of its console.
    pub fn visit(
        &self,
        page: &str,
        (width, height): (u32, u32),
        scheme: Scheme,
    ) -> (String, String) {
        fs::write(self.folder.join("visited.html"), page).unwrap();
        let output = self.run(
            &self.frame((width, height)),
            scheme,
            &["--dump-dom", "--enable-logging=stderr"],
        );
        let dom = String::from_utf8_lossy(&output.stdout);
        let told = dom.split_once("<pre>").and_then(|(_, rest)| rest.split_once("</pre>"));
        let (told, _) = told.unwrap_or_else(|| panic!("no answer in {dom}"));
        let console = String::from_utf8_lossy(&output.stderr);
        let console = console.lines().filter(|line| line.contains("CONSOLE"));
        (told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), console.collect())
    }

    /// What a page looks like in a frame of this size.
    pub fn shoot(&self, page: &str, size: (u32, u32), scheme: Scheme) -> Picture {
        fs::write(self.folder.join("visited.html"), page).unwrap();
        let file = self.folder.join("shot.png");
        let screenshot = format!("--screenshot={}", file.display());
        self.run(&self.frame(size), scheme, &[&screenshot]);
        Picture::read(&file).cut(size.0 as usize, size.1 as usize)
    }

    /// The address of a page around the one to visit.
    fn frame(&self, (width, height): (u32, u32)) -> String {
        let frame = format!(
            "<!doctype html><style>body {{ margin: 0 }} iframe {{ border: 0; display: block }}</style>\
             <iframe src=\"visited.html\" width=\"{width}\" height=\"{height}\"></iframe><pre></pre>\
             <script>onmessage = event => document.querySelector('pre').textContent = event.data</script>"
        );
        let file = self.folder.join("frame.html");
        fs::write(&file, frame).unwrap();
        format!("file://{}", file.display())
    }

    fn run(&self, address: &str, scheme: Scheme, arguments: &[&str]) -> Output {
        let scheme = match scheme {
            Scheme::Light => "--blink-settings=preferredColorScheme=1",
            Scheme::Dark => "--blink-settings=preferredColorScheme=0",
        };
        let profile = format!("--user-data-dir={}", self.folder.join("profile").display());
        let output = Command::new(&self.program)
            // Tests of containers run as root, where Chromium has no sandbox.
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
            ])
            .args([
                "--force-device-scale-factor=1",
                "--window-size=1400,1100",
                "--virtual-time-budget=4000",
            ])
            .args([scheme, &profile])
            .args(arguments)
            .arg(address)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }
}
