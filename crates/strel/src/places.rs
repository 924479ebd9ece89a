//! Where images come from and where their results go: files, folders, or `-` for standard input and
//! output.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write, copy, stderr, stdin, stdout};
use std::path::{Path, PathBuf};

use strel::image::files::{FileError, Foreground, Format, PageWriter, Pages, write_pages};
use tempfile::TempDir;

use crate::cli::OutputFormat;
use crate::error::CliError;
use crate::outputs::{keep_inputs, make_folder};

/// What stands for standard input among images, and for standard output after `--out`.
const STANDARD: &str = "-";

/// How the names of folders begin that hold standard input or output.
const SPOOL: &str = "strel-standard-";

/// The files of images. Standard input is in a temporary file: it may be larger than the memory.
pub struct Images {
    /// The files to read.
    pub files: Vec<PathBuf>,
    /// The files that the user named, standard input included where it is one.
    named: Vec<PathBuf>,
    _spool: Option<TempDir>,
}

impl Images {
    /// The images of these names.
    ///
    /// # Errors
    /// Standard input is named twice, or cannot be read.
    pub fn new(names: &[PathBuf]) -> Result<Self, CliError> {
        let is_standard = |name: &&PathBuf| **name == Path::new(STANDARD);
        let spool = match names.iter().filter(is_standard).count() {
            0 => None,
            1 => Some(spool()?),
            _ => return Err(CliError::Usage("- is named twice; standard input comes once".into())),
        };
        let replaced = |with: PathBuf| -> Vec<PathBuf> {
            let replace =
                |name: &PathBuf| if is_standard(&name) { with.clone() } else { name.clone() };
            names.iter().map(replace).collect()
        };
        let mut file = PathBuf::new();
        if let Some(spool) = &spool {
            file = spool.path().join("standard input");
            let kept = File::create_new(&file).and_then(|mut kept| copy(&mut stdin(), &mut kept));
            kept.map_err(|source| CliError::Io { path: file.clone(), source })?;
        }
        Ok(Images { files: replaced(file), named: replaced("/dev/stdin".into()), _spool: spool })
    }

    /// The error of an image, with the name that the user knows.
    pub fn named(&self, index: usize, error: CliError) -> CliError {
        match error {
            CliError::File(FileError { path, problem }) => {
                CliError::File(FileError { path: shown(&path).to_owned(), problem })
            }
            error => CliError::Usage(format!("{}: {error}", shown(&self.files[index]).display())),
        }
    }
}

/// The files of results.
pub struct Results {
    /// The files to write for each image: one, or one for each of its pages.
    pub files: Vec<Vec<PathBuf>>,
    /// The stream that the only result goes to, and the folder of the file that it is kept in before.
    stream: Option<(PathBuf, TempDir)>,
}

impl Results {
    /// The places that `--out` names: a file or a stream for the result of one image, or a folder, which
    /// is made.
    ///
    /// # Errors
    /// The name ends as no format does that is written, a format is asked for that is not the name's,
    /// there are several images for one file, or a result would overwrite another or an input, which
    /// `others` are, too.
    pub fn new(
        out: &Path,
        format: Option<OutputFormat>,
        images: &Images,
        others: &[PathBuf],
    ) -> Result<Self, CliError> {
        let ending = format.unwrap_or(OutputFormat::Png).ending();
        let kind = Kind::of(out)?;
        if kind != Kind::Folder && images.files.len() > 1 {
            return Err(CliError::Usage(format!(
                "{} takes one image; expected a folder for the results of {}",
                out.display(),
                images.files.len()
            )));
        }
        if kind == Kind::File && format.is_some() {
            return Err(CliError::Usage(format!(
                "the name {} says the format; expected no --format, or a folder",
                out.display()
            )));
        }
        let inputs = [&images.named, others].concat();
        if kind == Kind::Stream {
            let out =
                if out == Path::new(STANDARD) { "/dev/stdout".into() } else { out.to_owned() };
            keep_inputs(&inputs, std::slice::from_ref(&out))?;
            let spool = spool()?;
            let file = spool.path().join("standard output").with_extension(ending);
            return Ok(Results { files: vec![vec![file]], stream: Some((out, spool)) });
        }
        let files = match kind {
            Kind::Folder => files_in(out, images, ending)?,
            _ => vec![page_files(out.to_owned(), &images.files[0])],
        };
        keep_inputs(&inputs, &files.concat())?;
        if kind == Kind::Folder {
            make_folder(out)?;
        }
        Ok(Results { files, stream: None })
    }

    /// Where to print what was done: not among the bytes of an image.
    pub fn messages(&self) -> Box<dyn Write> {
        if self.stream.is_some() { Box::new(stderr()) } else { Box::new(stdout()) }
    }

    /// The name of a result, the first of several, as the user knows it.
    pub fn name(&self, index: usize) -> &Path {
        self.stream.as_ref().map_or(&*self.files[index][0], |(stream, _)| stream)
    }

    /// Hands the result on that goes to a stream, if it was made.
    pub fn finish(self) -> Result<(), CliError> {
        let Some((stream, _spool)) = &self.stream else { return Ok(()) };
        let Ok(mut result) = File::open(&self.files[0][0]) else { return Ok(()) };
        if stream == Path::new("/dev/stdout") {
            let mut out = stdout().lock();
            copy(&mut result, &mut out)?;
            return Ok(out.flush()?);
        }
        let copied = File::options().write(true).open(stream);
        let copied = copied.and_then(|mut stream| copy(&mut result, &mut stream));
        copied.map(drop).map_err(|source| CliError::Io { path: stream.clone(), source })
    }
}

/// What `--out` names.
#[derive(PartialEq)]
enum Kind {
    File,
    /// Standard output, a device or a pipe.
    Stream,
    Folder,
}

impl Kind {
    fn of(out: &Path) -> Result<Self, CliError> {
        let there = fs::metadata(out);
        let is_folder = out.as_os_str().as_encoded_bytes().ends_with(b"/")
            || there.as_ref().is_ok_and(fs::Metadata::is_dir);
        let is_stream = out == Path::new(STANDARD)
            || out == Path::new("/dev/stdout")
            || there.is_ok_and(|there| !there.is_file());
        match Format::of_name(out) {
            _ if is_folder => Ok(Kind::Folder),
            Ok(_) => Ok(Kind::File),
            Err(_) if is_stream => Ok(Kind::Stream),
            Err(problem) if out.extension().is_some() => Err(CliError::Usage(format!(
                "{}: {problem}, or a folder: one of this name ends with /",
                out.display()
            ))),
            Err(_) => Ok(Kind::Folder),
        }
    }
}

/// Files in `folder` for each image, with its name and another ending.
fn files_in(folder: &Path, images: &Images, ending: &str) -> Result<Vec<Vec<PathBuf>>, CliError> {
    let mut taken: BTreeMap<PathBuf, &PathBuf> = BTreeMap::new();
    let mut results = Vec::new();
    for (image, named) in images.files.iter().zip(&images.named) {
        let name = Path::new(named.file_name().unwrap_or_default()).with_extension(ending);
        let files = page_files(folder.join(name), image);
        for file in &files {
            if let Some(other) = taken.insert(file.clone(), named) {
                return Err(CliError::Usage(format!(
                    "{} and {} would both be written to {}; expected images of different names",
                    other.display(),
                    named.display(),
                    file.display()
                )));
            }
        }
        results.push(files);
    }
    Ok(results)
}

/// The file for the result of an image, or files with numbers for those of its pages, where the format holds one. What
/// is wrong with the image is told when it is read.
fn page_files(file: PathBuf, image: &Path) -> Vec<PathBuf> {
    let holds_one = Format::of_name(&file).is_ok_and(|format| format.most_pages() == 1);
    let pages = if holds_one { Pages::open(image).map_or(1, |pages| pages.count()) } else { 1 };
    let numbered = |page: usize| {
        let mut name = file.file_stem().unwrap_or_default().to_owned();
        name.push(format!("-{page}."));
        name.push(file.extension().unwrap_or_default());
        file.with_file_name(name)
    };
    if pages > 1 { (1..=pages).map(numbered).collect() } else { vec![file] }
}

/// Does something with each page of an image file, by its number from 0 on, and with the file that its result goes to:
/// the one that there is, or its own.
pub fn each_page(
    image: &Path,
    files: &[PathBuf],
    foreground: Foreground,
    mut each: impl FnMut(&Pages, usize, &mut PageWriter) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let pages = Pages::open(image)?;
    let together = if files.len() == pages.count() { 1 } else { pages.count() };
    for (index, file) in files.iter().enumerate() {
        let numbers = index * together..pages.count().min((index + 1) * together);
        write_pages(file, foreground, |out| {
            numbers.into_iter().try_for_each(|page| each(&pages, page, out))
        })?;
    }
    Ok(())
}

fn spool() -> Result<TempDir, CliError> {
    let failed = |source: io::Error| CliError::Io { path: std::env::temp_dir(), source };
    tempfile::Builder::new().prefix(SPOOL).tempdir().map_err(failed)
}

/// What the user knows of a path: of a file of a spool, `standard input` or `standard output`.
fn shown(path: &Path) -> &Path {
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    match folder.as_encoded_bytes().starts_with(SPOOL.as_bytes()) {
        true => path.file_stem().map_or(path, Path::new),
        false => path,
    }
}
