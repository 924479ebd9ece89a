//! The pictures of the README: a run's network, and what it makes of an image that it has not seen.
//!
//! `cargo run --release --workspace --example figures -- runs/noisti docs` writes `docs/noisti.svg` and
//! `docs/noisti-sample.svg`.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use strel::image::BitImage;
use strel::image::files::write_atomically;
use strel::network::draw;
use strel::network::page::{Comparison, image};
use strel::train::data::{Noisti, Source, Split};
use strel::train::run::Run;

const STYLE: &str = "\
text { font: 13px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #57606a; text-anchor: middle }
.frame { fill: #ffffff; stroke: #d0d7de } path { shape-rendering: crispEdges }
.ink { fill: #24292f } .both { fill: #c9d1d9 } .extra { fill: #bc4c00 }
.missing { fill: none; stroke: #0969da; stroke-width: .3 }
@media (prefers-color-scheme: dark) {
text { fill: #9198a1 } .frame { fill: #0d1117; stroke: #3d444d }
.ink { fill: #f0f6fc } .both { fill: #3d444d } .extra { fill: #f0883e } .missing { stroke: #4493f8 }
}
";

/// The side of a picture, and what is between two.
const SIDE: usize = 210;
const GAP: usize = 14;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [run, folder] = &arguments[..] else { return Err("expected a run and a folder".into()) };
    let network = Run::open(Path::new(run))?.network()?;
    let write =
        |name: &str, text: &str| write_atomically(&Path::new(folder).join(name), text.as_bytes());
    write("noisti.svg", &draw(&network))?;

    // A seed of its own: neither the run's training nor its test has seen this pair.
    let pair = Source::Noisti(Noisti::default()).pairs(11, Split::Test, 0, 1)?.remove(0);
    let output = network.apply_one(&pair.input)?;
    let comparison = Comparison::new(&pair.target, &output).ok_or("images of one size")?;
    let (missing, extra) = comparison.counts();
    let pictures = [
        ("input".to_owned(), picture(&pair.input)),
        ("target".to_owned(), picture(&pair.target)),
        ("what the network makes of it".to_owned(), picture(&output)),
        (format!("{missing} pixels missing, {extra} extra"), comparison.picture()),
    ];
    write("noisti-sample.svg", &strip(&pictures))?;
    Ok(())
}

fn picture(of: &BitImage) -> String {
    image("noised sticks", of)
}

/// Pictures beside each other, with captions.
fn strip(pictures: &[(String, String)]) -> String {
    let (width, height) = (pictures.len() * (SIDE + GAP) + GAP, SIDE + 2 * GAP + 20);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"Noised sticks, cleaned\">\n<style>\n{STYLE}</style>\n"
    );
    for (index, (caption, picture)) in pictures.iter().enumerate() {
        let (left, middle) = (GAP + index * (SIDE + GAP), GAP + index * (SIDE + GAP) + SIDE / 2);
        let _ = writeln!(
            svg,
            "<rect class=\"frame\" x=\"{left}\" y=\"{GAP}\" width=\"{SIDE}\" height=\"{SIDE}\" rx=\"6\"/>\n\
             <svg x=\"{left}\" y=\"{GAP}\" width=\"{SIDE}\" height=\"{SIDE}\">{picture}</svg>\n\
             <text x=\"{middle}\" y=\"{}\">{caption}</text>",
            GAP + SIDE + 20
        );
    }
    svg + "</svg>\n"
}
