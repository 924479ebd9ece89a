//! Images to learn from.
//!
//! Everything that is random in a pair comes from the seed, the split and the number of the pair
//! (a [`Draw`]). So pairs can be made in any order and again, and the splits share none:
//!
//! | source | training, validation and test pairs |
//! | --- | --- |
//! | [`Noisti`], [`Diskorect`] | streams of random numbers of their own |
//! | [`Pairs`] | rows or images of their own ([`HoldOut`]) |
//! | MNIST, Fashion-MNIST, CIFAR-10 | training images, a share of them set aside, and the test images |

mod augmentation;
mod census;
mod cifar;
mod classes;
mod crops;
mod diskorect;
mod draw;
mod fetch;
mod fingerprint;
mod folders;
mod grey_pair;
mod idx;
mod images;
mod labelled;
mod noise;
mod noisti;
mod operator;
mod pairs;
mod permutation;
mod random_patches;
mod source;
mod stored;

pub use augmentation::{Augmentation, Motion};
pub(crate) use cifar::files as cifar_files;
pub use cifar::{CifarConfig, Colour};
pub(crate) use classes::check_classes;
pub use classes::{Classes, ClassesConfig, Levels, Sample};
pub use crops::{Crops, HoldOut};
pub use diskorect::Diskorect;
pub use draw::{Draw, Shares, Split};
pub use fetch::{FetchProgress, MNIST, RemoteFile, fetch};
pub use fingerprint::Fingerprint;
pub use folders::{ImagePair, Noted, PairFiles, find_pairs, images_in, load_pairs, read_pairs};
pub use grey_pair::GreyPair;
pub use idx::Idx;
pub use images::{IdxConfig, IdxImages, Images, ImagesConfig, data_folder};
pub use labelled::{LabelledImages, Thresholding};
pub use noise::salt_and_pepper;
pub use noisti::Noisti;
pub use operator::{OperatorConfig, OperatorPairs};
pub use pairs::{Pairs, PairsConfig};
pub use permutation::Permutation;
pub use random_patches::RandomPatches;
pub use source::{Data, Source};
pub use stored::Reading;

use strel_image::BitImage;

/// What a network reads, and what it should make of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The input.
    pub input: BitImage,
    /// The wanted output, of the same size.
    pub target: BitImage,
}

impl Pair {
    /// The same part of both images.
    ///
    /// # Panics
    /// The part is not inside.
    pub fn crop(&self, corner: (usize, usize), size: (usize, usize)) -> Self {
        let cut = |image: &BitImage| {
            image.crop(corner.0, corner.1, size.0, size.1).expect("inside of the image")
        };
        Pair { input: cut(&self.input), target: cut(&self.target) }
    }
}
