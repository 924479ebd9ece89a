//! The published scores.

use super::cell::{Cell, Element, Images, Operator};

/// DICE scores of a float network and of the binarized one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Published {
    pub float: f64,
    pub binarized: f64,
}

/// An operator's scores: a row a data set (diskorect, MNIST, inverted MNIST), in it disk, stick and
/// cross, float and binarized.
type Scores = [[(f64, f64); 3]; 3];

const ONE: (f64, f64) = (1.0, 1.0);

/// The tables of Aouad & Talbot, "Binary Morphological Neural Network" (2022) and "Binary Multi
/// Channel Morphological Neural Network" (2022).
fn scores(operator: Operator) -> Scores {
    match operator {
        Operator::Dilation => [[ONE; 3]; 3],
        Operator::Erosion => {
            [[ONE; 3], [(0.999, 1.0), ONE, ONE], [(1.0, 0.996), (0.999, 0.999), ONE]]
        }
        Operator::Opening => [
            [ONE; 3],
            [ONE, (1.0, 0.993), (1.0, 0.988)],
            [(0.994, 0.934), (0.999, 0.982), (0.986, 0.904)],
        ],
        Operator::Closing => [
            [ONE, (0.923, 0.872), ONE],
            [ONE, (1.0, 0.664), ONE],
            [ONE, (1.0, 0.908), (1.0, 0.999)],
        ],
        Operator::WhiteTopHat => [
            [(0.822, 0.285), (0.969, 0.333), (0.812, 0.800)],
            [(0.0, 0.404), (0.063, 0.320), (0.780, 0.646)],
            [(0.0, 0.116), (0.125, 0.141), (0.220, 0.214)],
        ],
        Operator::BlackTopHat => [
            [(1.0, 0.313), (1.0, 0.821), ONE],
            [(0.0, 0.0), (0.375, 0.0), (0.0, 0.0)],
            [(0.985, 0.762), (0.999, 0.290), (1.0, 0.260)],
        ],
    }
}

/// The scores of a cell; none of the asymmetric element.
pub fn published(cell: &Cell) -> Option<Published> {
    let column = Element::PUBLISHED.iter().position(|element| *element == cell.element)?;
    let row = Images::ALL.iter().position(|images| *images == cell.images)?;
    let (float, binarized) = scores(cell.operator)[row][column];
    Some(Published { float, binarized })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_networks_were_perfect_as_was_counted() {
        let cells = Cell::all();
        let scores: Vec<Published> = cells.iter().filter_map(published).collect();
        assert_eq!((cells.len(), scores.len()), (60, 54));
        assert_eq!(scores.iter().filter(|scores| scores.binarized == 1.0).count(), 26);
    }
}
