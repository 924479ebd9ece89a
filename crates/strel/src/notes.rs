//! Notes: what a user should know of an input, though it is no error.

use strel::train::data::Noted;

/// Prints the notes on what was found.
pub fn told<T>(noted: Noted<T>) -> T {
    noted.notes.iter().for_each(|note| note_line(note));
    noted.found
}

/// Prints a note.
pub fn note_line(note: &str) {
    eprintln!("note: {note}");
}
