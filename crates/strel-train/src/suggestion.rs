//! What a misspelt name may stand for.

/// A question that ends an error about an unknown name: `; did you mean ...?` with the known name that is
/// nearest by its letters, or nothing where none is near.
///
/// ```
/// use strel_train::suggestion::did_you_mean;
///
/// assert_eq!(did_you_mean("chanels", ["channels", "kernel"]), "; did you mean `channels`?");
/// assert_eq!(did_you_mean("window", ["channels", "kernel"]), "");
/// ```
pub fn did_you_mean<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let distance = |name: &&str| strsim::osa_distance(unknown, name);
    let nearest = known.into_iter().min_by_key(distance);
    // One wrong letter in three is a slip; more is another word.
    match nearest.filter(|name| 3 * distance(name) <= unknown.chars().count()) {
        Some(name) => format!("; did you mean `{name}`?"),
        None => String::new(),
    }
}

/// The same for an error of serde, which lists the names that it knows.
pub(crate) fn of_serde(message: &str) -> String {
    let unknown = ["unknown field `", "unknown variant `"]
        .iter()
        .find_map(|start| message.split_once(start)?.1.split_once("`, expected"));
    match unknown {
        // Names are what stands between backticks.
        Some((unknown, known)) => did_you_mean(unknown, known.split('`').skip(1).step_by(2)),
        None => String::new(),
    }
}

/// A message of serde, in which types of Rust are told in words.
pub(crate) fn in_words(message: &str) -> String {
    let whole =
        ["u8", "u16", "u32", "u64", "usize"].map(|kind| (kind, "a whole number, 0 or more"));
    let kinds = whole.into_iter().chain([("f32", "a number"), ("f64", "a number")]);
    kinds.fold(message.to_owned(), |message, (kind, words)| {
        message.replace(&format!("expected {kind}"), &format!("expected {words}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_in_words() {
        let message = "invalid value: integer `-1`, expected u64";
        let words = "invalid value: integer `-1`, expected a whole number, 0 or more";
        assert_eq!(in_words(message), words);
        assert_eq!(in_words("expected f64"), "expected a number");
    }

    #[test]
    fn errors_of_serde_name_what_they_know() {
        let field = "line 3\nunknown field `stepz`, expected one of `seed`, `steps`, `batch`\n";
        assert_eq!(of_serde(field), "; did you mean `steps`?");
        let variant = "unknown variant `msee`, expected `mse` or `bce`";
        assert_eq!(of_serde(variant), "; did you mean `mse`?");
        assert_eq!(of_serde("unknown field `window`, expected `mse` or `bce`"), "");
        assert_eq!(of_serde("missing field `network`"), "");
        assert_eq!(of_serde("unknown field `a`, there are no fields"), "");
    }
}
