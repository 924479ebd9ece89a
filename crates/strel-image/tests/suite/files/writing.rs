//! What becomes of the place that a file is written to.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::thread;

use strel_image::files::{Foreground, check_writable, read, write, write_atomically, write_rows};
use strel_image::{BitImage, Border, Engine, PlannedRows, Sequence};
use tempfile::tempdir;

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_link_stays_and_what_it_leads_to_is_written() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("inside")).unwrap();
    fs::write(at("inside/file"), "old").unwrap();
    symlink("inside/file", at("link")).unwrap();
    symlink("link", at("link-to-link")).unwrap();
    symlink("new", at("inside/to-come")).unwrap();
    symlink("inside/to-come", at("link-to-come")).unwrap();
    for (link, file) in [("link-to-link", "inside/file"), ("link-to-come", "inside/new")] {
        check_writable(at(link)).unwrap();
        write_atomically(at(link), b"new content").unwrap();
        assert!(fs::symlink_metadata(at(link)).unwrap().is_symlink(), "{link}");
        assert_eq!(fs::read(at(file)).unwrap(), b"new content", "{link}");
    }
    assert_eq!(names(&at("inside")), ["file", "new", "to-come"]);
    symlink("circle", at("circle")).unwrap();
    assert!(write_atomically(at("circle"), b"nowhere").is_err());
}

#[test]
fn a_file_keeps_its_mode_and_a_new_one_has_that_of_any_new_file() {
    let folder = tempdir().unwrap();
    let (old, new, other) =
        (folder.path().join("old"), folder.path().join("new"), folder.path().join("other"));
    fs::write(&other, "by the system").unwrap();
    write_atomically(&new, b"1").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o7777;
    assert_eq!(mode(&new), mode(&other));
    for kept in [0o600, 0o664, 0o755, 0o200] {
        fs::write(&old, "old").unwrap();
        fs::set_permissions(&old, Permissions::from_mode(kept)).unwrap();
        write_atomically(&old, b"new").unwrap();
        assert_eq!(mode(&old), kept, "{kept:o}");
        fs::remove_file(&old).unwrap();
    }
}

/// Root included, whom the system lets write all files.
#[test]
fn a_read_only_file_is_not_replaced() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("kept.pbm");
    fs::write(&file, "kept").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
    let refused = |written: io::Result<()>| {
        assert_eq!(written.unwrap_err().kind(), ErrorKind::PermissionDenied);
    };
    refused(check_writable(&file));
    refused(write_atomically(&file, b"other"));
    let message = write(&file, &BitImage::new(1, 1), Foreground::Black).unwrap_err().to_string();
    assert!(message.ends_with("kept.pbm: the file cannot be written: the file is read-only"));
    assert_eq!(fs::read(&file).unwrap(), b"kept");
    assert_eq!(names(folder.path()), ["kept.pbm"]);
}

/// A pipe stands for all that is no regular file: a test should not risk a device.
#[test]
fn a_pipe_stays_and_takes_the_content_whole_or_by_rows() {
    let folder = tempdir().unwrap();
    let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link.tif"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    symlink("pipe", &link).unwrap();
    check_writable(&link).unwrap();
    let received = || {
        let pipe = pipe.clone();
        thread::spawn(move || {
            let mut content = Vec::new();
            fs::File::open(pipe).unwrap().read_to_end(&mut content).unwrap();
            content
        })
    };
    let reader = received();
    write_atomically(&pipe, b"content").unwrap();
    assert_eq!(reader.join().unwrap(), b"content");

    let image = BitImage::from_fn(40, 70, |row, col| (row * col) % 7 == 1);
    let whole = folder.path().join("whole.tif");
    write(&whole, &image, Foreground::Black).unwrap();
    let plan = "!".parse::<Sequence>().unwrap().plan(Border::Neutral);
    let reader = received();
    let page = strel_image::files::RowReader::open(&whole, Foreground::White).unwrap();
    let mut rows = PlannedRows::new(&plan, Engine::default(), page, 8).unwrap();
    write_rows(&link, &mut rows, Foreground::Black).unwrap();
    let streamed = folder.path().join("streamed.tif");
    fs::write(&streamed, reader.join().unwrap()).unwrap();
    assert!(read(&streamed, &Default::default()).unwrap() == image);
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(names(folder.path()), ["link.tif", "pipe", "streamed.tif", "whole.tif"]);
}

#[test]
fn names_may_be_as_long_as_the_system_allows() {
    let folder = tempdir().unwrap();
    let name = format!("{}.pbm", "n".repeat(251));
    for _ in 0..2 {
        write(folder.path().join(&name), &BitImage::new(1, 1), Foreground::Black).unwrap();
    }
    assert_eq!(names(folder.path()), [name]);
}

#[test]
fn what_cannot_be_written_leaves_nothing() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    for name in ["folder", "not-there/file", "..", "new/"] {
        assert!(write_atomically(folder.path().join(name), b"content").is_err(), "{name}");
    }
    assert_eq!(names(folder.path()), ["folder"]);
}
