//! What is known without learning.

use strel::image::{BitImage, Border, Engine, ImageError, StructuringElement, close, median, open};
use strel::train::data::Pair;
use strel::train::score::dice;

use super::report::Row;
use super::row;
use crate::error::CliError;

/// Rows and columns of what the search for an opening-closing looks at, in the middle of each page.
const SQUARE: usize = 1024;

/// The sides of its elements.
const SIDES: usize = 5;
const QUICK_SIDES: usize = 3;

/// The input, medians, and the opening and closing that suit the training pages best.
pub fn rows(train: &[Pair], test: &[Pair], quick: bool) -> Result<Vec<Row>, CliError> {
    let mut rows = vec![row("the input itself", test, BitImage::clone)];
    for side in [3, 5] {
        let square = StructuringElement::rectangle(side, side)?;
        let name = format!("median of {side}x{side}");
        rows.push(row(name, test, |input| median(input, &square, Border::Replicate)));
    }
    let (best, of) = Filter::best(train, if quick { QUICK_SIDES } else { SIDES })?;
    let name = format!("{}, the best of {of} on the training pages", best.name()?);
    rows.push(row(name, test, |input| best.apply(input)));
    Ok(rows)
}

/// An opening and a closing.
#[derive(Clone)]
struct Filter {
    opening: StructuringElement,
    closing: StructuringElement,
    closes_first: bool,
}

impl Filter {
    /// All pairs of rectangles, the pixel alone included, in both orders; the best one by DICE, the
    /// first of those as good, and how many there are.
    fn best(pages: &[Pair], sides: usize) -> Result<(Self, usize), CliError> {
        let squares: Vec<Pair> = pages.iter().map(middle).collect();
        let all = Self::all(sides)?;
        let score = |filter: &Filter| {
            let pair = |pair: &Pair| dice(&filter.apply(&pair.input), &pair.target);
            squares.iter().map(pair).sum::<f64>()
        };
        let scores = Engine::default().map(&all, score);
        let best =
            (0..all.len()).rev().max_by(|&one, &other| scores[one].total_cmp(&scores[other]));
        Ok((all[best.unwrap_or(0)].clone(), all.len()))
    }

    fn all(sides: usize) -> Result<Vec<Self>, ImageError> {
        let sizes = (1..=sides).flat_map(|height| (1..=sides).map(move |width| (height, width)));
        let elements = sizes.map(|(height, width)| StructuringElement::rectangle(height, width));
        let elements: Vec<_> = elements.collect::<Result<_, _>>()?;
        let mut all = Vec::new();
        for opening in &elements {
            for closing in &elements {
                let filter = |closes_first| Filter {
                    opening: opening.clone(),
                    closing: closing.clone(),
                    closes_first,
                };
                all.extend([filter(false), filter(true)]);
            }
        }
        Ok(all)
    }

    fn apply(&self, image: &BitImage) -> BitImage {
        let opened = |image: &BitImage| open(image, &self.opening, Border::Neutral);
        let closed = |image: &BitImage| close(image, &self.closing, Border::Neutral);
        if self.closes_first { opened(&closed(image)) } else { closed(&opened(image)) }
    }

    fn name(&self) -> Result<String, CliError> {
        let size = |element: &StructuringElement| {
            let (height, width) = (element.height(), element.width());
            format!("{height}x{width}")
        };
        let opening = format!("opening by {}", size(&self.opening));
        let closing = format!("closing by {}", size(&self.closing));
        let names = if self.closes_first { [closing, opening] } else { [opening, closing] };
        Ok(names.join(", "))
    }
}

fn middle(pair: &Pair) -> Pair {
    let (height, width) = pair.input.size();
    let (rows, cols) = (height.min(SQUARE), width.min(SQUARE));
    pair.crop(((height - rows) / 2, (width - cols) / 2), (rows, cols))
}
