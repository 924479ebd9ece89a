//! How a run was made, and how to make it again.

use strel_network::page::{escaped, table};

use crate::Config;
use crate::run::{NeuronCounts, Summary};

pub fn section(config: &Config, summary: &Summary) -> String {
    let s = summary;
    let NeuronCounts { activated, lossless, neurons, .. } = s.counts;
    let rows = [
        ("Seed", s.seed.to_string()),
        ("Steps", s.steps.to_string()),
        ("Step whose network was kept", s.kept_step.unwrap_or(s.steps).to_string()),
        ("Seconds of training", format!("{:.1}", s.seconds)),
        (
            "Seconds of polishing",
            s.polishing.as_ref().map_or("none".into(), |p| format!("{:.1}", p.seconds)),
        ),
        ("Neurons", format!("{activated} activated, {lossless} lossless, of {neurons}")),
        ("Threads", s.threads.to_string()),
        ("Instruction set", escaped(&s.instruction_set)),
        ("Version of strel", s.version.to_string()),
    ];
    format!(
        "<p>The run's folder holds this configuration as <code>config.toml</code>. The same configuration gives \
         the same bits, whatever the number of threads, on processors of the same instruction set:</p>\n\
         <pre tabindex=\"0\"><code>strel train config.toml --out again</code></pre>\n\
         {}<details><summary>The whole configuration</summary>\n<pre tabindex=\"0\">{}</pre></details>\n",
        table(&[], &rows.map(|(name, value)| (name, vec![value]))),
        escaped(&config.to_toml()),
    )
}
