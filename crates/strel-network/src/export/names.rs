//! Names in other languages.

/// The text as an identifier of ASCII letters, digits and underscores, whose first character is a
/// letter.
pub(super) fn identifier(text: &str) -> String {
    let letter = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
    let name: String = text.chars().map(letter).collect();
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name
    } else {
        format!("n{name}")
    }
}
