//! Binary images as pictures of a page.

use std::fmt::Write;

use strel_image::BitImage;

use super::html::escaped;

/// An image with a name for those who do not see it, its foreground in the colour of the text.
///
/// The text grows with the number of runs of pixels in rows.
///
/// ```
/// use strel_network::page::image;
///
/// let svg = image("a bar", &".##".parse()?);
/// assert!(svg.contains("aria-label=\"a bar\"") && svg.contains("M1 0h2v1h-2z"));
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn image(name: &str, image: &BitImage) -> String {
    picture(name, image.size(), &[("ink", image)])
}

/// A drawing that may be wider than the page, in a frame that scrolls by itself, by keys, too.
pub fn scrollable(name: &str, drawing: &str) -> String {
    let name = escaped(name);
    format!(
        "<div class=\"drawing\" role=\"group\" aria-label=\"{name}\" tabindex=\"0\">\n{drawing}</div>\n"
    )
}

/// How an image differs from the one that was wanted.
#[derive(Clone, Debug)]
pub struct Comparison {
    both: BitImage,
    missing: BitImage,
    extra: BitImage,
}

impl Comparison {
    /// Compares an image with the one wanted; `None` where they differ in size.
    pub fn new(wanted: &BitImage, image: &BitImage) -> Option<Self> {
        Some(Comparison {
            both: wanted.intersection(image).ok()?,
            missing: wanted.difference(image).ok()?,
            extra: image.difference(wanted).ok()?,
        })
    }

    /// How many pixels of the wanted image are missing, and how many are there that are not wanted.
    pub fn counts(&self) -> (u64, u64) {
        (self.missing.count_ones(), self.extra.count_ones())
    }

    /// The three kinds of pixels apart: those of both images pale, extra ones full squares, missing ones
    /// frames.
    pub fn picture(&self) -> String {
        let (missing, extra) = self.counts();
        let name = format!("difference from the target: {missing} pixels missing, {extra} extra");
        let parts = [("both", &self.both), ("extra", &self.extra), ("missing", &self.missing)];
        picture(&name, self.both.size(), &parts)
    }
}

fn picture(name: &str, (height, width): (usize, usize), parts: &[(&str, &BitImage)]) -> String {
    let mut paths = String::new();
    for (class, image) in parts {
        let path = if *class == "missing" { frames(image) } else { runs(image) };
        let _ = write!(paths, "<path class=\"{class}\" d=\"{path}\"/>");
    }
    format!(
        "<svg class=\"image\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">{paths}</svg>",
        escaped(name)
    )
}

/// A path of the runs of pixels in each row.
fn runs(image: &BitImage) -> String {
    let (mut path, mut run) = (String::new(), None);
    let mut end = |run: Option<(usize, usize, usize)>| {
        if let Some((row, start, end)) = run {
            let length = end - start;
            let _ = write!(path, "M{start} {row}h{length}v1h-{length}z");
        }
    };
    for (row, col) in image.ones() {
        run = match run {
            Some((of, start, end)) if (of, end) == (row, col) => Some((row, start, col + 1)),
            before => {
                end(before);
                Some((row, col, col + 1))
            }
        };
    }
    end(run);
    path
}

/// A path of frames, one a pixel.
fn frames(image: &BitImage) -> String {
    let frame = |(row, col)| format!("M{col}.15 {row}.15h.7v.7h-.7z");
    image.ones().map(frame).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_with_rows() {
        let image: BitImage = "##.#\n#...".parse().unwrap();
        assert_eq!(runs(&image), "M0 0h2v1h-2zM3 0h1v1h-1zM0 1h1v1h-1z");
        assert_eq!(runs(&"...".parse().unwrap()), "");
    }

    #[test]
    fn differences_are_told_apart() {
        let [wanted, image] = ["##..", ".##."].map(|text| text.parse::<BitImage>().unwrap());
        let comparison = Comparison::new(&wanted, &image).unwrap();
        assert_eq!(comparison.counts(), (1, 1));
        let svg = comparison.picture();
        for part in ["both\" d=\"M1 0h1", "extra\" d=\"M2 0h1", "missing\" d=\"M0.15 0.15h.7"] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        assert!(Comparison::new(&wanted, &".".parse().unwrap()).is_none());
    }
}
