//! Operators that several outputs of a layer share.

use super::layout::{Card, Point};
use super::svg::Svg;
use crate::{Bisel, Operator};

/// For each card the name of its operator, where other outputs use the same operator on the same input: the
/// engine computes it once.
pub(super) fn names(bisel: &Bisel, cards: &[Card]) -> Vec<Option<String>> {
    let operator = |card: &Card| &bisel.outputs[card.output].neurons[card.input].operator;
    let mut groups: Vec<(usize, &Operator, Vec<usize>)> = Vec::new();
    for (index, card) in cards.iter().enumerate() {
        let operator = operator(card);
        let same = |(input, other, _): &&mut (usize, &Operator, _)| {
            (*input, *other) == (card.input, operator)
        };
        match (operator, groups.iter_mut().find(same)) {
            (Operator::Constant(_), _) => {}
            (_, Some((_, _, members))) => members.push(index),
            (_, None) => groups.push((card.input, operator, vec![index])),
        }
    }
    let mut names = vec![None; cards.len()];
    let shared = groups.iter().filter(|(_, _, members)| members.len() > 1);
    for (number, (_, _, members)) in shared.enumerate() {
        members.iter().for_each(|&member| names[member] = Some(name(number)));
    }
    names
}

/// a to z, then a1 to z1, and so on.
fn name(number: usize) -> String {
    let letter = char::from(b'a' + (number % 26) as u8);
    match number / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

/// The name on a round badge.
pub(super) fn badge(svg: &mut Svg, center: Point, name: &str) {
    svg.circle("badge", center, 8.5);
    svg.text("letter", center.below(3.5), name);
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn names_differ() {
        assert_eq!([0, 25, 26, 53].map(name), ["a", "z", "a1", "b2"]);
    }
}
