//! `strel show`.

use std::io::{Write, stdout};
use std::path::Path;

use console::Term;
use strel::image::Engine;
use strel::network::page::{Page, certificate_section, escaped, network_section};
use strel::network::{Network, draw};
use strel::train::run::Run;

use crate::Answer;
use crate::cli::ShowArgs;
use crate::error::CliError;
use crate::inputs::{Networks, binarized_network, network_files, networks};
use crate::outputs::{check_outputs, write_file};
use crate::paint;

/// The size of an image of which a page says how the engine runs the network on it.
const SIZE: (usize, usize) = (4096, 4096);

pub fn run(args: ShowArgs) -> Result<Answer, CliError> {
    if args.svg.is_some() || args.html.is_some() {
        let network = binarized_network(&args.network)?;
        check_outputs(&network_files(&args.network), args.html.iter().chain(&args.svg))?;
        // Both are made before one is written.
        let html = args.html.as_ref().map(|_| page(&args.network, &network)).transpose()?;
        let svg = args.svg.as_ref().map(|_| draw(&network));
        for (file, content) in [(args.html, html), (args.svg, svg)] {
            if let (Some(file), Some(content)) = (file, content) {
                write_file(&file, content.as_bytes())?;
            }
        }
        return Ok(Answer::Yes);
    }
    let mut out = stdout().lock();
    if let Some(size) = args.plan {
        let plan = binarized_network(&args.network)?.plan();
        writeln!(out, "{}", plan.describe(&Engine::default(), size))?;
        return Ok(Answer::Yes);
    }
    match networks(&args.network)? {
        Networks { binarized: Some(network), .. } => {
            writeln!(out, "{}", paint::exactness(&text(&network)))?;
        }
        Networks { float, .. } => float.map_or(Ok(()), |network| writeln!(out, "{network}"))?,
    }
    Ok(Answer::Yes)
}

/// The network as wide as the terminal.
fn text(network: &Network) -> String {
    match Term::stdout().size_checked() {
        Some((_, columns)) => format!("{network:columns$}", columns = usize::from(columns)),
        None => network.to_string(),
    }
}

/// A page on a network, and on its certificate where it is a run's.
fn page(path: &Path, network: &Network) -> Result<String, CliError> {
    let lead =
        "<p>A list of operators on binary images. It gives the same result on every machine.</p>\n";
    let page = Page::new("A binarized network", lead).section("Network", &network_section(network));
    let page = match path.is_dir() {
        true => {
            let certificate = Run::open(path)?.certificate()?;
            page.section("Certificate", &certificate_section(&certificate))
        }
        false => page,
    };
    let plan = network.plan().describe(&Engine::default(), SIZE).to_string();
    let plan = format!("<pre tabindex=\"0\">{}</pre>", escaped(&plan));
    Ok(page.section("How the engine runs it", &plan).to_html())
}
