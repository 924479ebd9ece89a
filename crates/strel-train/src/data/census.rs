//! What pairs of images look like as a whole, and what of it is probably not meant.

use strel_image::BitImage;
use strel_image::files::Foreground;

use super::{GreyPair, Pair};

/// Counts over pairs of images.
#[derive(Clone, Debug, Default)]
pub(super) struct Census {
    pairs: usize,
    /// Pairs whose input is the target.
    equal: usize,
    inputs: Side,
    targets: Side,
}

/// Counts over the inputs, or over the targets.
#[derive(Clone, Debug, Default)]
struct Side {
    /// Images without foreground.
    empty: usize,
    /// Images without background.
    full: usize,
    /// Grey or coloured images of one level.
    flat: usize,
    foreground: u64,
    pixels: u64,
}

impl Census {
    /// Counts a pair. Cost: one pass over its pixels.
    pub(super) fn count(&mut self, Pair { input, target }: &Pair) {
        self.pairs += 1;
        self.equal += usize::from(input == target);
        self.inputs.count(input);
        self.targets.count(target);
    }

    /// Counts a pair of grey or coloured images, whose foreground depends on the level.
    pub(super) fn count_grey(&mut self, pair: &GreyPair) {
        self.pairs += 1;
        self.equal += usize::from(pair.input == pair.target);
        for (side, planes) in [(&mut self.inputs, &pair.input), (&mut self.targets, &pair.target)] {
            let first = planes[0].levels().first();
            let mut levels = planes.iter().flat_map(|plane| plane.levels());
            side.flat += usize::from(levels.all(|level| Some(level) == first));
        }
    }

    /// What is probably not meant; `foreground` is that of binary images.
    pub(super) fn notes(&self, foreground: Option<Foreground>) -> Vec<String> {
        if self.pairs == 0 {
            return Vec::new();
        }
        let mut notes: Vec<String> = Vec::new();
        for (name, key, side) in [
            ("input", "`threshold`", &self.inputs),
            ("target", "`target-threshold`", &self.targets),
        ] {
            if let Some(all) = side.all_of_one_kind(self.pairs) {
                notes.push(format!(
                    "each {name} is {all}: nothing can be learnt from such {name}s; expected images \
                     with foreground and background: see `foreground` and {key}"
                ));
            }
        }
        if self.equal == self.pairs {
            notes.push(
                "each input equals its target: a network that changes nothing is right; expected \
                 wanted outputs as targets"
                    .into(),
            );
        }
        let count = |of: fn(&Side) -> u64| of(&self.inputs) + of(&self.targets);
        let (ones, pixels) = (count(|side| side.foreground), count(|side| side.pixels));
        if let Some(foreground) = foreground.filter(|_| notes.is_empty() && 2 * ones > pixels) {
            let other = match foreground {
                Foreground::Black => Foreground::White,
                Foreground::White => Foreground::Black,
            };
            notes.push(format!(
                "{:.0} % of all pixels are foreground, which is {foreground}: did you mean {other} \
                 foreground?",
                100.0 * ones as f64 / pixels as f64
            ));
        }
        notes
    }
}

impl Side {
    fn count(&mut self, image: &BitImage) {
        let (ones, area) = (image.count_ones(), image.area() as u64);
        self.empty += usize::from(ones == 0);
        self.full += usize::from(ones == area);
        self.foreground += ones;
        self.pixels += area;
    }

    /// What all of so many images are, if they are alike in a way that teaches nothing.
    fn all_of_one_kind(&self, images: usize) -> Option<&'static str> {
        match (self.empty, self.full, self.flat) {
            (empty, ..) if empty == images => Some("empty, without a pixel of foreground"),
            (_, full, _) if full == images => Some("full, without a pixel of background"),
            (empty, full, _) if empty + full == images => Some("empty or full"),
            (.., flat) if flat == images => Some("of one level"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The notes on pairs of pictures, black being the foreground.
    fn notes(pairs: &[(&str, &str)]) -> String {
        let mut census = Census::default();
        for (input, target) in pairs {
            census.count(&Pair { input: input.parse().unwrap(), target: target.parse().unwrap() });
        }
        census.notes(Some(Foreground::Black)).join("\n")
    }

    #[test]
    fn good_pairs_have_no_notes() {
        assert_eq!(notes(&[("#..#", ".#.."), ("....", "...."), ("#...", "#...")]), "");
        assert_eq!(notes(&[]), "");
    }

    #[test]
    fn pairs_that_teach_nothing_are_told() {
        assert!(notes(&[("#..#", "...."), ("#...", "....")]).starts_with("each target is empty,"));
        assert!(notes(&[("....", ".#..")]).starts_with("each input is empty,"));
        assert!(notes(&[("#..#", "####")]).starts_with("each target is full,"));
        let mixed = notes(&[("#..#", "...."), ("#...", "####")]);
        assert!(mixed.starts_with("each target is empty or full:"), "{mixed}");
        assert!(notes(&[("#..#", "#..#")]).starts_with("each input equals its target"));
        let most = notes(&[("###.", ".##.")]);
        let said =
            "62 % of all pixels are foreground, which is black: did you mean white foreground?";
        assert_eq!(most, said);
        assert_eq!(notes(&[("##..", "#.#.")]), "", "half is not most");
    }

    #[test]
    fn grey_pairs_are_told_by_their_levels() {
        let plane = |levels: &[u8]| {
            vec![strel_image::GreyImage::new(1, levels.len(), levels.to_vec()).unwrap()]
        };
        let notes = |input: &[u8], target: &[u8]| {
            let mut census = Census::default();
            census.count_grey(&GreyPair { input: plane(input), target: plane(target) });
            census.notes(None).join("\n")
        };
        assert_eq!(notes(&[1, 2], &[2, 1]), "");
        assert!(notes(&[1, 2], &[7, 7]).starts_with("each target is of one level:"));
        assert!(notes(&[1, 2], &[1, 2]).starts_with("each input equals its target"));
    }
}
