//! Arguments and files, changed at random.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Words that may be where others are expected. None is a path out of the folder's parent.
const WORDS: [&str; 34] = [
    "",
    "-",
    "--",
    "-1",
    "0",
    "1",
    "7",
    "255",
    "256",
    "65536",
    "4294967296",
    "18446744073709551616",
    "-9223372036854775809",
    "nan",
    "inf",
    "1e308",
    "0x10",
    "..",
    ".",
    "../x",
    "a",
    "a/x.pbm",
    "run",
    "run/float.safetensors",
    "text.png",
    "☃",
    "\u{0}x",
    "--out",
    "--json",
    "--help",
    "o5.5",
    "1x1",
    "99999999x99999999",
    "training.batch=0",
];

/// The words of a command, some of them changed.
pub fn arguments(rng: &mut ChaCha8Rng, command: &str) -> Vec<String> {
    let mut words: Vec<String> = command.split(' ').map(String::from).collect();
    for _ in 0..rng.random_range(1..4) {
        let place = rng.random_range(0..words.len().max(1));
        let hostile = word(rng);
        match rng.random_range(0..6) {
            _ if words.is_empty() => words.push(hostile),
            0 => drop(words.remove(place)),
            1 => words.insert(place, hostile),
            2 => words.swap(place, 0),
            3 => words[place] += &hostile,
            _ => words[place] = hostile,
        }
    }
    words.retain(|word| !word.contains('\u{0}'));
    words
}

fn word(rng: &mut ChaCha8Rng) -> String {
    match rng.random_range(0..20) {
        0 => "9".repeat(5000),
        1 => {
            (0..8).map(|_| char::from(rng.random_range(33..127u8))).filter(|c| *c != '/').collect()
        }
        _ => WORDS[rng.random_range(0..WORDS.len())].to_owned(),
    }
}

/// Numbers that may be where others are expected.
const NUMBERS: [&str; 9] =
    ["0", "-1", "1e999", "4294967296", "99999999999999999999", "nan", "0.5", "[1, 1]", "\"1\""];

/// A file, changed in one way or another.
pub fn file(rng: &mut ChaCha8Rng, whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let place = rng.random_range(0..bytes.len());
    match rng.random_range(0..7) {
        0 => bytes.truncate(place),
        1 => flip(rng, &mut bytes, 1),
        2 => flip(rng, &mut bytes, 16),
        3 => bytes[place] = [0, 255, b'"', b'9'][rng.random_range(0..4)],
        4 => {
            let noise: Vec<u8> =
                (0..rng.random_range(1..64)).map(|_| rng.random_range(0..=255)).collect();
            bytes.splice(place..place, noise);
        }
        5 => {
            let end = (place + rng.random_range(1..200)).min(bytes.len());
            bytes.drain(place..end);
        }
        _ => replace_number(rng, &mut bytes),
    }
    bytes
}

fn flip(rng: &mut ChaCha8Rng, bytes: &mut [u8], bits: usize) {
    for _ in 0..bits {
        let place = rng.random_range(0..bytes.len());
        bytes[place] ^= 1 << rng.random_range(0..8);
    }
}

/// Puts another number in the place of one; of a file without numbers, flips a bit.
fn replace_number(rng: &mut ChaCha8Rng, bytes: &mut Vec<u8>) {
    let digit = |index: &usize| bytes[*index].is_ascii_digit();
    let digits: Vec<usize> = (0..bytes.len()).filter(digit).collect();
    if digits.is_empty() {
        return flip(rng, bytes, 1);
    }
    let start = digits[rng.random_range(0..digits.len())];
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = NUMBERS[rng.random_range(0..NUMBERS.len())];
    bytes.splice(start..start + length, number.bytes());
}
