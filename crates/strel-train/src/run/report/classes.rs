//! Classes: which are taken for which, and some samples.

use std::fmt::Write;

use strel_network::page::{image, table};

use super::percent;
use super::samples::figure;
use crate::data::Sample;

/// A table of the classes, and one of which are taken for which.
pub fn confusion(counts: &[Vec<usize>]) -> String {
    let rows: Vec<(String, Vec<String>)> = counts
        .iter()
        .enumerate()
        .map(|(class, told)| (class.to_string(), row(class, told)))
        .collect();
    format!(
        "<h3>Each class, by the binarized network</h3>\n{}\
         <details open><summary>Which class is taken for which</summary>\n\
         <p class=\"soft\">A row a class, a column what was told; samples of the row.</p>\n{}</details>\n",
        table(&["class", "samples", "right", "most often taken for"], &rows),
        heat(counts)
    )
}

fn row(class: usize, told: &[usize]) -> Vec<String> {
    let samples: usize = told.iter().sum();
    let share = match samples {
        0 => "none".to_owned(),
        _ => percent(told[class] as f64 / samples as f64),
    };
    let wrong = told.iter().enumerate().filter(|(other, count)| *other != class && **count > 0);
    let taken = match wrong.max_by_key(|(other, count)| (**count, usize::MAX - other)) {
        Some((other, count)) => format!("{other} ({count})"),
        None => "none".to_owned(),
    };
    vec![samples.to_string(), share, taken]
}

fn heat(counts: &[Vec<usize>]) -> String {
    let names: Vec<String> = (0..counts.len()).map(|class| class.to_string()).collect();
    let head: String = names.iter().map(|name| format!("<th scope=\"col\">{name}</th>")).collect();
    let mut rows = String::new();
    for (class, told) in counts.iter().enumerate() {
        let samples: usize = told.iter().sum();
        let _ = write!(rows, "<tr><th scope=\"row\">{class}</th>");
        for (other, count) in told.iter().enumerate() {
            let kind = if other == class { "right" } else { "wrong" };
            let share = *count as f64 / samples.max(1) as f64;
            let _ = write!(rows, "<td class=\"{kind}\" style=\"--share: {share:.3}\">{count}</td>");
        }
        rows += "</tr>\n";
    }
    format!(
        "<div class=\"table confusion\" role=\"group\" aria-label=\"classes taken for others\" \
         tabindex=\"0\"><table>\n<thead><tr><td></td>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n"
    )
}

/// Samples, and what was told of them.
pub fn samples(samples: &[Sample], told: &[usize]) -> String {
    let mut html = String::from("<div class=\"classes\">\n");
    for ((number, Sample { channels, class }), told) in (1..).zip(samples).zip(told) {
        let sign = if told == class { "✓" } else { "✗" };
        let caption = format!("{sign} class {class}, told {told}");
        let picture = |(channel, of)| image(&format!("sample {number}, level set {channel}"), of);
        figure(&mut html, &caption, &(1..).zip(channels).map(picture).collect::<String>());
    }
    html + "</div>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_say_what_they_are_taken_for() {
        assert_eq!(row(0, &[6, 2, 2]), ["10", "60.00 %", "1 (2)"]);
        assert_eq!(row(2, &[0, 0, 3]), ["3", "100.00 %", "none"]);
        assert_eq!(row(1, &[0, 0, 0]), ["0", "none", "none"]);
        assert!(
            heat(&[vec![3, 1], vec![0, 4]]).contains("class=\"wrong\" style=\"--share: 0.250\">1<")
        );
    }
}
