//! PBM and PGM files, written by hand.

use super::{ink, refusal};

#[test]
fn plain_pnm_files_are_read() {
    assert_eq!(ink(b"P1\n3 2\n011 1 0 0").unwrap(), ".##\n#..");
    assert_eq!(ink(b"P1 # size\n#\n3 # width\n 2\n01#10\n1 1 0#\n 0").unwrap(), ".##\n#..");
    assert_eq!(ink(b"P2\n3 1\n7\n0 7 0").unwrap(), "#.#");
    assert_eq!(ink(b"P2#\r3\r1\r65535 0\t65535\x0b0 trailing").unwrap(), "#.#");
}

#[test]
fn raw_pnm_files_are_read() {
    assert_eq!(ink(b"P4\n3 2\n\x6f\x80").unwrap(), ".##\n#..");
    assert_eq!(ink(b"P4 3#wide\n 2#high\n\x60\x80 \n").unwrap(), ".##\n#..");
    // A blank may be a pixel.
    assert_eq!(ink(b"P4 8 1\n\n").unwrap(), "....#.#.");
    assert_eq!(ink(b"P5 3 1 255\n\x00\xff\x00").unwrap(), "#.#");
    assert_eq!(ink(b"P5 2 1 258\n\x00\x00\x01\x02").unwrap(), "#.");
}

#[test]
fn wrong_pnm_files_are_refused_with_the_place() {
    let pbm = "damaged or incomplete PBM: ";
    assert_eq!(refusal(b"P1 3 x"), format!("{pbm}expected a number at byte 5, found 'x'"));
    assert_eq!(refusal(b"P1 3"), format!("{pbm}expected a number, found the end of the file"));
    assert_eq!(refusal(b"P1 2 1 02"), format!("{pbm}expected 0 or 1 at byte 8, found '2'"));
    assert_eq!(refusal(b"P1 2 1 0 "), format!("{pbm}expected 0 or 1, found the end of the file"));
    assert_eq!(
        refusal(b"P4 9 2\n\x00\x00\x00"),
        format!(
            "{pbm}expected 2 rows of 2 bytes at least from byte 7, but the file ends after 3 bytes"
        )
    );
    assert_eq!(refusal(b"P4 1 1x\x00"), format!("{pbm}expected a blank at byte 6, found 'x'"));
    let pgm = "damaged or incomplete PGM: ";
    assert_eq!(refusal(b"P2 1 1 0 0"), format!("{pgm}the highest level is 0, expected 1 to 65535"));
    assert_eq!(refusal(b"P2 1 1 9 10"), format!("{pgm}a number before byte 11 is above 9"));
    assert_eq!(refusal(b"P5 2 1 9\n\x01\x0a"), format!("{pgm}pixel (0, 1) is above 9"));
    for file in ["P1 4294967295 4294967295 0", "P4 4294967295 4294967295 0", "P2 99999999999 1 1 0"]
    {
        assert!(refusal(file.as_bytes()).starts_with("damaged"), "{file}");
    }
}
