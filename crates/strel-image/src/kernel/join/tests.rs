use super::*;
use crate::kernel::{Kernel, MAX_ROWS, MAX_RUN_ROWS, Read};

/// Bit `at` of some words.
fn bit(words: &[u64], at: usize) -> bool {
    words[at / 64] >> (at % 64) & 1 == 1
}

/// Bit `at` of a row of a source by definition.
fn read(source: &Source, at: usize) -> Vec<bool> {
    let bit = |at: usize| bit(source.words, at);
    match source.read {
        Read::Words => vec![bit(at)],
        Read::From(shift) => vec![bit(at + shift as usize)],
        Read::ComplementFrom(shift) => vec![!bit(at + shift as usize)],
        Read::Around(shift) => {
            vec![bit(at + 64 - shift as usize), bit(at + 64 + shift as usize)]
        }
        Read::Run(shift) => {
            let shift = shift as usize;
            vec![bit(at + 64 - shift), bit(at + 64), bit(at + 64 + shift)]
        }
    }
}

fn joined(rule: Rule, sources: &[Source], stride: usize, at: usize) -> bool {
    let mut bits = sources.iter().flat_map(|source| {
        (0..source.rows).flat_map(move |row| read(source, at + row * stride * 64))
    });
    match rule {
        Rule::Union => bits.any(|bit| bit),
        Rule::Intersection => bits.all(|bit| bit),
    }
}

fn random_words(count: usize) -> Vec<u64> {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        state ^ state >> 29
    };
    (0..count).map(|_| next() & next()).collect()
}

/// Ways to read that make up a join, each with its number of rows.
fn joins() -> Vec<Vec<(Read, usize)>> {
    let singles = [Read::Words, Read::From(0), Read::From(63), Read::From(5)];
    let others = [Read::ComplementFrom(0), Read::ComplementFrom(9), Read::Around(63)];
    let mut reads: Vec<(Read, usize)> =
        singles.into_iter().chain(others).map(|read| (read, 1)).collect();
    reads.extend([3, 5, MAX_ROWS].map(|rows| (Read::Words, rows)));
    reads.extend([1, MAX_RUN_ROWS].map(|rows| (Read::Run(1), rows)));
    let mut joins: Vec<_> = reads.iter().map(|&read| vec![read]).collect();
    joins.extend((1..=9).map(|count| vec![(Read::Words, 1); count]));
    joins.push([vec![(Read::Words, 1); 6], reads].concat());
    joins.push(Vec::new());
    joins
}

/// Every kernel, for rows with and without gaps, against the definition.
#[test]
fn kernels_join_what_they_say() {
    let words = random_words(3000);
    for (rows, width, stride) in [
        (1, 1, 1),
        (3, 3, 4),
        (9, 4, 5),
        (17, 7, 9),
        (2, 33, 36),
        (8, 41, 41),
        (10, 2, 2),
        (36, 30, 33),
    ] {
        let length = (rows - 1) * stride + width;
        for reads in joins() {
            let sources: Vec<Source> = reads
                .iter()
                .enumerate()
                .map(|(n, &(read, rows))| Source { words: &words[31 * n..], read, rows })
                .collect();
            for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.is_available()) {
                for rule in [Rule::Union, Rule::Intersection] {
                    let mut target = vec![0xabcd; length];
                    kernel.join(rule, Target { words: &mut target, width, stride }, &sources);
                    for (place, &word) in target.iter().enumerate() {
                        let expected = if place % stride < width {
                            let bits = (0..64).map(|bit| {
                                u64::from(joined(rule, &sources, stride, 64 * place + bit)) << bit
                            });
                            bits.sum()
                        } else {
                            0xabcd
                        };
                        assert_eq!(word, expected, "{kernel}, {rule:?}, {reads:?}, {stride}");
                    }
                }
            }
        }
    }
}
