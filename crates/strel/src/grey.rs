//! A plan on a grey or coloured image file, by its level sets.

use std::path::Path;
use std::time::Instant;

use strel::image::files::{Page, PageWriter};
use strel::image::{Engine, GreyImage, ImageError, LevelSets, Plan};

use crate::batch::Work;
use crate::error::CliError;
use crate::notes::note_line;

/// Applies a plan to the level sets of each plane of a page and writes the stacked results. Says so
/// where the results of the levels are not nested.
pub fn apply(
    plan: &Plan,
    page: Page<Vec<GreyImage>>,
    image: &Path,
    out: &mut PageWriter,
    sets: LevelSets,
    work: &mut Work,
) -> Result<(), CliError> {
    let (mut unnested, mut results) = (0, Vec::new());
    for plane in &page.image {
        let stacked = sets.apply(plane, |set| -> Result<_, ImageError> {
            let start = Instant::now();
            let result = plan.run(&Engine::default(), &[set])?.remove(0);
            work.time += start.elapsed();
            Ok(result)
        })?;
        unnested += stacked.unnested;
        results.push(stacked.image);
    }
    if unnested > 0 {
        note_line(&format!(
            "{}: {unnested} pixels of all levels are in the result of a level and not in that of \
             the level below: the operator is not increasing, and the levels only count",
            image.display()
        ));
    }
    work.sizes.push(page.image[0].size());
    Ok(out.write_grey(&results, page.resolution)?)
}
