//! Learning curves.

mod axis;

use std::fmt::Write;

use strel_network::page::{escaped, table};

use super::super::Metric;
use axis::Axis;

/// Width and height of a chart, and the edges of what is drawn in it.
const SIZE: (f64, f64) = (360.0, 220.0);
const LEFT: f64 = 46.0;
const RIGHT: f64 = 342.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 188.0;

/// The most points that are dots, too.
const FEW: usize = 40;

/// The loss, the validation score and the settled neurons over the steps, and all of it as a table; `kept`
/// is the step whose network was kept, if it is not the last one.
pub fn section(metrics: &[Metric], kept: Option<u64>) -> String {
    let Some(last) = metrics.last() else {
        return "<p>No step was logged.</p>\n".into();
    };
    let score = format!("Validation {}", last.score.name());
    let over = |value: fn(&Metric) -> f64| -> Vec<(f64, f64)> {
        metrics.iter().map(|metric| (metric.step as f64, value(metric))).collect()
    };
    let mut charts = chart("Loss", &over(|metric| metric.loss), true, kept);
    charts += &chart(&score, &over(|metric| metric.score.value()), false, kept);
    if last.settled > 0 {
        let settled = over(|metric| metric.settled as f64);
        charts += &chart("Neurons that have become operators", &settled, false, kept);
    }
    format!("<div class=\"charts\">\n{charts}</div>\n{}", log(metrics, &score))
}

fn chart(name: &str, points: &[(f64, f64)], logarithmic: bool, kept: Option<u64>) -> String {
    let steps = Axis::linear(points.iter().map(|point| point.0).chain([0.0]), (LEFT, RIGHT));
    let values = points.iter().map(|point| point.1);
    let heights = match logarithmic {
        true => Axis::logarithmic(values, (BOTTOM, TOP)),
        false => Axis::linear(values, (BOTTOM, TOP)),
    };
    let mut svg = grid(&steps, &heights);
    let places: Vec<_> =
        points.iter().map(|&(step, value)| (steps.place(step), heights.place(value))).collect();
    if let Some(step) = kept {
        let x = steps.place(step as f64);
        let _ = write!(svg, "<path class=\"kept\" d=\"M{x:.1} {TOP}V{BOTTOM}\"/>");
    }
    let line: String = places.iter().map(|(x, y)| format!("{x:.1},{y:.1} ")).collect();
    let _ = write!(svg, "<polyline class=\"line\" points=\"{}\"/>", line.trim_end());
    for (x, y) in places.iter().filter(|_| places.len() <= FEW) {
        let _ = write!(svg, "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\"/>");
    }
    let (width, height) = SIZE;
    let [(_, first), .., (step, end)] = *points else { return one_point(name, points) };
    let label = format!("{name} over {step} steps, from {first:.4} to {end:.4}");
    let kept =
        kept.map_or(String::new(), |step| format!("; dashes: the network kept, of step {step}"));
    let scale = if logarithmic { ", logarithmic" } else { "" };
    format!(
        "<figure><svg class=\"chart\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">{svg}</svg>\
         <figcaption>{name}{scale}{kept}</figcaption></figure>\n",
        escaped(&label)
    )
}

fn one_point(name: &str, points: &[(f64, f64)]) -> String {
    let (step, value) = points[0];
    format!("<p>{name} at step {step}: {value:.4}</p>\n")
}

fn grid(steps: &Axis, heights: &Axis) -> String {
    let mut svg = String::new();
    for (value, label) in heights.ticks() {
        let y = heights.place(value);
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            LEFT - 6.0,
            y + 4.0
        );
    }
    for (step, label) in steps.ticks() {
        let (x, y) = (steps.place(step), BOTTOM + 16.0);
        let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{label}</text>");
    }
    let _ = write!(svg, "<path class=\"axis\" d=\"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}\"/>");
    svg
}

/// The log as a table.
fn log(metrics: &[Metric], score: &str) -> String {
    let row = |metric: &Metric| {
        let Metric { step, loss, score, settled, neurons, seconds } = metric;
        let cells = [
            format!("{loss:.5}"),
            format!("{:.4}", score.value()),
            format!("{settled} of {neurons}"),
            format!("{seconds:.1}"),
        ];
        (step.to_string(), cells.to_vec())
    };
    let rows: Vec<_> = metrics.iter().map(row).collect();
    let columns = ["step", "loss", score, "neurons settled", "seconds"];
    format!(
        "<details><summary>The log as a table</summary>\n{}</details>\n",
        table(&columns, &rows)
    )
}
