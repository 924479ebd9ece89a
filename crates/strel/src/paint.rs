//! Colours on terminals, as drawings have them; none where NO_COLOR is set or nobody watches.

use console::style;

/// Marks the words that tell how exact an operator is.
pub fn exactness(text: &str) -> String {
    let mut text = text.to_owned();
    for (word, painted) in [
        ("activated", style("activated").blue()),
        ("lossless", style("lossless").green()),
        ("approximate", style("approximate").yellow()),
    ] {
        text = text.replace(word, &painted.to_string());
    }
    text
}

/// A verdict: what was hoped for, or not.
pub fn verdict(word: &str, good: bool) -> String {
    let word = style(word).bold();
    if good { word.green() } else { word.yellow() }.to_string()
}

/// The word that begins an error, on the error output.
pub fn error() -> String {
    style("error:").for_stderr().red().bold().to_string()
}
