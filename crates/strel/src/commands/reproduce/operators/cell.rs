//! What is to be learnt, and from what.

use std::fmt;
use std::path::{Path, PathBuf};

use strel::image::{Border, Sequence};
use strel::train::Config;
use strel::train::config::DataConfig;
use strel::train::data::{Diskorect, IdxConfig, ImagesConfig, OperatorConfig, RandomPatches};

/// A cell of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub operator: Operator,
    pub element: Element,
    pub images: Images,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Dilation,
    Erosion,
    Opening,
    Closing,
    WhiteTopHat,
    BlackTopHat,
}

/// A structuring element of 7x7 pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    Disk,
    Stick,
    Cross,
    L,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Images {
    Diskorect,
    Mnist,
    InvertedMnist,
}

impl Operator {
    pub const ALL: [Self; 6] = [
        Self::Dilation,
        Self::Erosion,
        Self::Opening,
        Self::Closing,
        Self::WhiteTopHat,
        Self::BlackTopHat,
    ];

    fn letters(self) -> &'static str {
        match self {
            Self::Dilation => "d",
            Self::Erosion => "e",
            Self::Opening => "o",
            Self::Closing => "c",
            Self::WhiteTopHat => "tw",
            Self::BlackTopHat => "tb",
        }
    }

    /// The architecture: that of the operator, as published.
    fn channels(self) -> Vec<usize> {
        match self {
            Self::Dilation | Self::Erosion => vec![1, 1],
            Self::Opening | Self::Closing => vec![1, 1, 1],
            Self::WhiteTopHat | Self::BlackTopHat => vec![1, 2, 1],
        }
    }

    /// Whether a second path carries the input.
    fn carries(self) -> bool {
        matches!(self, Self::WhiteTopHat | Self::BlackTopHat)
    }
}

impl Element {
    pub const PUBLISHED: [Self; 3] = [Self::Disk, Self::Stick, Self::Cross];

    fn text(self) -> &'static str {
        match self {
            Self::Disk => "D3",
            Self::Stick => "7.1",
            Self::Cross => "[#.....#/.#...#./..#.#../...O.../..#.#../.#...#./#.....#]",
            Self::L => "[#....../#....../#....../#..o.../#....../#....../#######]",
        }
    }
}

impl Images {
    pub const ALL: [Self; 3] = [Self::Diskorect, Self::Mnist, Self::InvertedMnist];

    fn config(self, mnist: Option<&Path>) -> ImagesConfig {
        let inverted = self == Self::InvertedMnist;
        match self {
            Self::Diskorect => ImagesConfig::Diskorect(Diskorect::default()),
            Self::Mnist | Self::InvertedMnist => ImagesConfig::Mnist(IdxConfig {
                folder: mnist.map(PathBuf::from),
                inverted,
                ..IdxConfig::default()
            }),
        }
    }
}

/// What all cells have in common.
const RECIPE: &str = include_str!("../../../../../../experiments/operators.toml");

impl Cell {
    /// The published cells, and those of the asymmetric element.
    pub fn all() -> Vec<Self> {
        let mut cells = Vec::new();
        for operator in Operator::ALL {
            for images in Images::ALL {
                let of = |element| Cell { operator, element, images };
                cells.extend(Element::PUBLISHED.map(of));
            }
            cells.push(Cell { operator, element: Element::L, images: Images::Diskorect });
        }
        cells
    }

    /// Some of all kinds.
    pub fn quick() -> Vec<Self> {
        use {Element::*, Images::*, Operator::*};
        [
            (Dilation, Disk, Mnist),
            (Erosion, Cross, InvertedMnist),
            (Opening, Disk, Diskorect),
            (Opening, Cross, InvertedMnist),
            (Closing, Stick, Mnist),
            (Closing, L, Diskorect),
            (WhiteTopHat, Disk, Diskorect),
            (WhiteTopHat, Stick, Mnist),
            (BlackTopHat, Disk, Mnist),
        ]
        .map(|(operator, element, images)| Cell { operator, element, images })
        .to_vec()
    }

    /// The operator to find.
    pub fn target(&self) -> Sequence {
        let text = format!("{}{}", self.operator.letters(), self.element.text());
        text.parse().expect("sequences that are built in")
    }

    /// How it is learnt.
    pub fn config(&self, seed: u64, mnist: Option<&Path>) -> Config {
        let mut config =
            Config::from_toml(RECIPE, "embedded recipe").expect("the embedded recipe is valid");
        config.seed = seed;
        config.network.channels = self.operator.channels();
        config.network.carry = self.operator.carries();
        let DataConfig::Operator(OperatorConfig { random_patches, .. }) = config.data else {
            unreachable!("the recipe is one for operators")
        };
        config.data = self.data(random_patches, mnist);
        config
    }

    fn data(&self, random_patches: RandomPatches, mnist: Option<&Path>) -> DataConfig {
        DataConfig::Operator(OperatorConfig {
            target: self.target(),
            border: Border::Replicate,
            images: self.images.config(mnist),
            random_patches,
        })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cell { operator, element, images } = self;
        write!(f, "{operator} {element} {images}")
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dilation => "dilation",
            Self::Erosion => "erosion",
            Self::Opening => "opening",
            Self::Closing => "closing",
            Self::WhiteTopHat => "white top-hat",
            Self::BlackTopHat => "black top-hat",
        })
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disk => "disk",
            Self::Stick => "stick",
            Self::Cross => "cross",
            Self::L => "L",
        })
    }
}

impl fmt::Display for Images {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Diskorect => "diskorect",
            Self::Mnist => "mnist",
            Self::InvertedMnist => "inverted mnist",
        })
    }
}
