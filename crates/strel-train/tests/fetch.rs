//! Downloads, from a server on this machine.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use flate2::{Compression, write::GzEncoder};
use strel_train::data::{FetchProgress, RemoteFile, fetch};

/// A file whose content is `hello`, from a folder of its own.
const HELLO: RemoteFile = RemoteFile {
    name: "hello.gz",
    sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
};

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A server that answers one request after the other, each by its own function of the first byte
/// that is asked for; returns its address.
fn serve(answers: Vec<Box<dyn Fn(usize) -> Vec<u8> + Send>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let reply = answer(first_byte(&stream));
            stream.write_all(&reply).unwrap();
        }
    });
    address
}

/// The first byte that a request asks for.
fn first_byte(stream: &TcpStream) -> usize {
    let lines = BufReader::new(stream).lines().map(Result::unwrap);
    let headers: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    let range = headers.iter().find_map(|line| {
        line.to_lowercase().strip_prefix("range: bytes=").map(|range| range.replace('-', ""))
    });
    range.map_or(0, |from| from.parse().unwrap())
}

fn reply(status: &str, claimed: usize, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {claimed}\r\nConnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// Sends the file, from the byte that is asked for.
fn whole(file: Vec<u8>) -> Box<dyn Fn(usize) -> Vec<u8> + Send> {
    Box::new(move |from| match from {
        0 => reply("200 OK", file.len(), &file),
        from => reply("206 Partial Content", file.len() - from, &file[from..]),
    })
}

/// Claims to send the whole file, and stops before its end.
fn cut(file: Vec<u8>, after: usize) -> Box<dyn Fn(usize) -> Vec<u8> + Send> {
    Box::new(move |from| reply("200 OK", file.len() - from, &file[from..after]))
}

#[test]
fn a_file_is_fetched_once_and_shows_its_progress() {
    let (folder, file) = (tempfile::tempdir().unwrap(), gzip(b"hello"));
    // One request only: the second call finds the file.
    let address = serve(vec![whole(file.clone())]);
    let mut seen = None;
    let path = fetch(&HELLO, &address, folder.path(), |progress| seen = Some(progress)).unwrap();
    let all = file.len() as u64;
    assert_eq!(seen, Some(FetchProgress { done: all, all: Some(all) }));
    assert_eq!(fs::read(&path).unwrap(), file);
    assert_eq!(fetch(&HELLO, &address, folder.path(), |_| ()).unwrap(), path);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_cut_download_goes_on_where_it_was() {
    let (folder, file) = (tempfile::tempdir().unwrap(), gzip(b"hello"));
    let address = serve(vec![cut(file.clone(), 7), whole(file.clone())]);
    let error = fetch(&HELLO, &address, folder.path(), |_| ()).unwrap_err().to_string();
    assert!(error.contains("hello.gz: cut after 7 bytes, which are kept"), "{error}");
    let part = folder.path().join("hello.gz.part");
    assert_eq!(fs::read(&part).unwrap(), file[..7]);
    let mut first = None;
    let path = fetch(&HELLO, &address, folder.path(), |progress| {
        first.get_or_insert(progress.done);
    });
    assert!(first.unwrap() > 7);
    assert_eq!(fs::read(path.unwrap()).unwrap(), file);
    assert!(!part.exists());
}

#[test]
fn a_part_begins_anew_where_the_server_knows_no_ranges() {
    let (folder, file) = (tempfile::tempdir().unwrap(), gzip(b"hello"));
    fs::write(folder.path().join("hello.gz.part"), b"old").unwrap();
    let sent = file.clone();
    let address = serve(vec![Box::new(move |_| reply("200 OK", sent.len(), &sent))]);
    let path = fetch(&HELLO, &address, folder.path(), |_| ()).unwrap();
    assert_eq!(fs::read(path).unwrap(), file);
}

#[test]
fn a_complete_part_is_taken() {
    let (folder, file) = (tempfile::tempdir().unwrap(), gzip(b"hello"));
    fs::write(folder.path().join("hello.gz.part"), &file).unwrap();
    let address = serve(vec![Box::new(|_| reply("416 Range Not Satisfiable", 0, b""))]);
    let path = fetch(&HELLO, &address, folder.path(), |_| ()).unwrap();
    assert_eq!(fs::read(path).unwrap(), file);
}

#[test]
fn wrong_content_is_refused_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    for (content, expected) in [
        (gzip(b"jello"), "expected 2cf24dba"),
        (b"<html>".to_vec(), "the gzipped content is damaged"),
    ] {
        let address = serve(vec![whole(content)]);
        let error = fetch(&HELLO, &address, folder.path(), |_| ()).unwrap_err().to_string();
        assert!(error.starts_with(&address) && error.contains(expected), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_file_that_is_there_with_another_content_is_left_alone() {
    let (folder, file) = (tempfile::tempdir().unwrap(), gzip(b"jello"));
    let path = folder.path().join("hello.gz");
    fs::write(&path, &file).unwrap();
    let error = fetch(&HELLO, "http://127.0.0.1:1", folder.path(), |_| ()).unwrap_err().to_string();
    assert!(error.contains("remove it to fetch it"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), file);
}

#[test]
fn an_error_of_the_server_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let address = serve(vec![Box::new(|_| reply("404 Not Found", 0, b""))]);
    let error = fetch(&HELLO, &address, folder.path(), |_| ()).unwrap_err().to_string();
    assert!(error.ends_with("hello.gz: the server answers with status 404"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let error = fetch(&HELLO, "http://127.0.0.1:1", folder.path(), |_| ()).unwrap_err().to_string();
    assert!(error.starts_with("http://127.0.0.1:1/hello.gz: "), "{error}");
}
