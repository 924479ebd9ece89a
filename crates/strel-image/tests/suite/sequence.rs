//! Sequences: their text, and what they compute.

use crate::random::{borders, elements, images};
use proptest::prelude::*;
use strel_image::{
    BitImage, Border, Sequence, StructuringElement, black_top_hat, close, dilate, erode, gradient,
    median, open, white_top_hat,
};

/// An element as a sequence writes it, and as the library makes it.
fn written_elements() -> impl Strategy<Value = (String, StructuringElement)> {
    prop_oneof![
        (1..9usize, 1..9usize)
            .prop_map(|(w, h)| (format!("{w}.{h}"), StructuringElement::rectangle(h, w).unwrap())),
        (0..5usize).prop_map(|r| (format!("D{r}"), StructuringElement::disk(r).unwrap())),
        (0..5usize).prop_map(|r| (format!("X{r}"), StructuringElement::cross(r).unwrap())),
        (1..9usize).prop_map(|n| (format!("/{n}"), StructuringElement::line(n, 45).unwrap())),
        (1..9usize).prop_map(|n| (format!("\\{n}"), StructuringElement::line(n, 135).unwrap())),
        elements().prop_map(|b| (format!("[{}]", b.to_string().replace('\n', "/")), b)),
    ]
}

/// An operator's letters, and the function of an image and an element.
type Operator = (&'static str, fn(&BitImage, &StructuringElement, Border) -> BitImage);

const OPERATORS: [Operator; 9] = [
    ("d", dilate),
    ("e", erode),
    ("o", open),
    ("c", close),
    ("tw", white_top_hat),
    ("tb", black_top_hat),
    ("g", gradient),
    ("m", median),
    ("!", |image, _, _| image.complement()),
];

proptest! {
    #[test]
    fn a_sequence_is_its_operators_one_after_the_other(
        image in images(),
        steps in prop::collection::vec(
            (prop::sample::select(OPERATORS.to_vec()), written_elements()),
            1..5,
        ),
        border in borders(),
    ) {
        let step = |(operator, (element, _)): &(Operator, (String, _))| match operator.0 {
            "!" => "!".to_owned(),
            letters => format!("{letters}{element}"),
        };
        let text = steps.iter().map(step).collect::<Vec<_>>().join(" + ");
        let sequence: Sequence = text.parse().unwrap();
        prop_assert_eq!(sequence.to_string(), text);
        let expected = steps.iter().fold(image.clone(), |image, (operator, (_, element))| {
            operator.1(&image, element, border)
        });
        prop_assert_eq!(sequence.plan(border).apply(&image), expected, "{} {}", sequence, border);
    }
}

#[test]
fn blanks_and_capitals_do_not_count() {
    let same = [
        (" O5 . 3+\tC 3.1\n", "o5.3 + c3.1"),
        ("TWd2+TB x1+G/4+M\\ 4", "twD2 + tbX1 + g/4 + m\\4"),
        ("dd2", "dD2"),
        ("!+!", "! + !"),
        ("e[ .#\n   ##\n ]", "e[.#/#O]"),
        ("e[/.#/o#/]", "e[.#/o#]"),
    ];
    for (text, written) in same {
        let sequence: Sequence = text.parse().unwrap();
        assert_eq!(sequence.to_string(), written);
        assert_eq!(written.parse(), Ok(sequence));
    }
}

#[test]
fn wrong_sequences_are_refused_with_the_place() {
    let refusal = |text: &str| text.parse::<Sequence>().unwrap_err().to_string();
    let expected = |place: usize, what: &str| format!("character {place} of the sequence: {what}");
    let operator = "expected an operator (d, e, o, c, tw, tb, g, m or !), found ";
    assert_eq!(refusal(""), expected(1, &format!("{operator}the end")));
    assert_eq!(refusal("o5.5 + r23"), expected(8, &format!("{operator}'r'")));
    assert_eq!(refusal("o5.5 +"), expected(7, &format!("{operator}the end")));
    assert_eq!(refusal("é"), expected(1, &format!("{operator}'é'")));
    assert_eq!(refusal("o5.5 c3.3"), expected(6, "expected '+' or the end, found 'c'"));
    let element = r"expected an element (like 5.3, D3, X3, /5, \5 or [.#/##]), found ";
    assert_eq!(refusal("o-5.5"), expected(2, &format!("{element}'-'")));
    assert_eq!(refusal("o5x5"), expected(3, "expected '.' and the height, found 'x'"));
    assert_eq!(refusal("o5.é"), expected(4, "expected a height, found 'é'"));
    assert_eq!(refusal("oD"), expected(3, "expected a radius, found the end"));
    assert_eq!(refusal("e[.x]"), expected(4, "expected '.', '#', 'O', 'o', '/' or ']', found 'x'"));
    assert!(refusal("d1.1 + e [#/##]").starts_with("character 11 of the sequence: line 2"));
    assert!(refusal("e[]").starts_with("character 3 of the sequence: the structuring element is "));
    assert!(refusal("e0.4").starts_with("character 2 of the sequence: the origin (2, 0)"));
    let large = "the structuring element's window has more than 1048576 pixels";
    for text in ["d1025.1024", "dD99999999999999999999999", "d/1025"] {
        assert_eq!(refusal(text), expected(2, large));
    }
}

#[test]
fn the_largest_elements_are_compiled() {
    let image = BitImage::from_fn(3, 3000, |_, col| col == 1500);
    let dilated = "d1024.1024".parse::<Sequence>().unwrap().plan(Border::Neutral).apply(&image);
    assert_eq!(dilated, BitImage::from_fn(3, 3000, |_, col| (988..2012).contains(&col)));
}
