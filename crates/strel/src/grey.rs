//! A plan on a grey or coloured image file, by its level sets.

use std::path::Path;
use std::time::{Duration, Instant};

use strel::image::files::{read_grey, write_grey};
use strel::image::{Engine, ImageError, LevelSets, Plan};

use crate::batch::Work;
use crate::error::CliError;

/// Applies a plan to the level sets of each plane of an image and writes the stacked results. Says so
/// where the results of the levels are not nested.
pub fn apply(plan: &Plan, image: &Path, file: &Path, sets: LevelSets) -> Result<Work, CliError> {
    let (mut time, mut unnested, mut results) = (Duration::ZERO, 0, Vec::new());
    let planes = read_grey(image)?;
    for plane in &planes {
        let stacked = sets.apply(plane, |set| -> Result<_, ImageError> {
            let start = Instant::now();
            let result = plan.run(&Engine::default(), &[set])?.remove(0);
            time += start.elapsed();
            Ok(result)
        })?;
        unnested += stacked.unnested;
        results.push(stacked.image);
    }
    if unnested > 0 {
        eprintln!(
            "note: {}: {unnested} pixels of all levels are in the result of a level and not in that of \
             the level below: the operator is not increasing, and the levels only count",
            image.display()
        );
    }
    write_grey(file, &results)?;
    Ok(Work { size: planes[0].size(), time, strips: None })
}
