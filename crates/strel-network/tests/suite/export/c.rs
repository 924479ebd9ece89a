//! C99, compiled and run.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use strel_image::BitImage;
use strel_network::export::{WordSize, to_c};
use strel_network::{Layer, Network};

use super::cases::{Case, bisels, layers};
use super::tools::{has, run};

const FLAGS: [&str; 6] = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-O1"];

/// What is compiled beside the networks: it reads the number of a network, sizes and images until
/// there are none, and writes what comes out.
const HARNESS: &str = r#"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    uint32_t head[3];
    while (fread(head, sizeof *head, 3, stdin) == 3)
        if (!run(head[0], head[1], head[2]))
            return 1;
    return 0;
}
"#;

/// The C of one network in the harness, which reads its images and writes its results.
fn entry(network: &Network, name: &str) -> String {
    let capitals = name.to_ascii_uppercase();
    let pools =
        network.layers().iter().filter(|layer| matches!(layer, Layer::MaxPool { .. })).count();
    let call = match network.layers().last() {
        Some(Layer::Scores(_)) => format!(
            "int64_t scores[{capitals}_CLASSES];
    word *scratch = malloc({capitals}_SCRATCH_WORDS * sizeof *scratch);
    uint32_t class = {name}_classify((const word *const *)in, scores, scratch);
    if (fwrite(&class, 4, 1, stdout) != 1 || height != {capitals}_HEIGHT || width != {capitals}_WIDTH) return 0;"
        ),
        Some(Layer::Dense(_)) => format!(
            "word *scratch = malloc({capitals}_SCRATCH_WORDS * sizeof *scratch);
    word out[{capitals}_ROW_WORDS({capitals}_OUTPUTS)];
    {name}_apply((const word *const *)in, out, scratch);
    if (fwrite(out, sizeof out, 1, stdout) != 1 || height != {capitals}_HEIGHT || width != {capitals}_WIDTH) return 0;"
        ),
        _ => format!(
            "word *scratch = malloc({capitals}_SCRATCH_WORDS(width) * sizeof *scratch);
    size_t size = (height >> {pools}) * {capitals}_ROW_WORDS(width >> {pools}), k;
    word *out[{capitals}_OUTPUTS];
    for (k = 0; k < {capitals}_OUTPUTS; ++k) out[k] = malloc(size * sizeof(word) + 1);
    {name}_apply((const word *const *)in, out, height, width, scratch);
    for (k = 0; k < {capitals}_OUTPUTS; ++k) {{ fwrite(out[k], sizeof(word), size, stdout); free(out[k]); }}"
        ),
    };
    format!(
        "static int run_{name}(size_t height, size_t width)
{{
    typedef {name}_word word;
    word *in[{capitals}_INPUTS];
    const size_t words = height * {capitals}_ROW_WORDS(width);
    size_t i;
    for (i = 0; i < {capitals}_INPUTS; ++i) {{
        in[i] = malloc(words * sizeof(word) + 1);
        if (fread(in[i], sizeof(word), words, stdin) != words) return 0;
    }}
    {{
    {call}
    free(scratch);
    }}
    for (i = 0; i < {capitals}_INPUTS; ++i) free(in[i]);
    return 1;
}}
"
    )
}

/// Writes all sources into a folder, and gives their names.
fn write(cases: &[Case], words: WordSize, folder: &Path) -> Vec<String> {
    let (mut includes, mut entries, mut calls) = (String::new(), String::new(), String::new());
    let mut files = vec!["main.c".to_owned()];
    for (index, case) in cases.iter().enumerate() {
        let c = to_c(&case.network, &format!("net{index}"), words).unwrap();
        let name = &c.name;
        std::fs::write(folder.join(format!("{name}.h")), c.header).unwrap();
        std::fs::write(folder.join(format!("{name}.c")), c.source).unwrap();
        files.push(format!("{name}.c"));
        writeln!(includes, "#include \"{name}.h\"").unwrap();
        entries += &entry(&case.network, name);
        writeln!(calls, "    if (network == {index}) return run_{name}(height, width);").unwrap();
    }
    let dispatch = format!(
        "static int run(uint32_t network, size_t height, size_t width)\n{{\n{calls}    return 0;\n}}\n"
    );
    let (top, main) = HARNESS.split_once("int main").unwrap();
    let text = format!("{top}{includes}{entries}{dispatch}int main{main}");
    std::fs::write(folder.join("main.c"), text).unwrap();
    files
}

/// Bytes of an image's rows in words of some bytes.
fn bytes(image: &BitImage, size: usize) -> Vec<u8> {
    let length = image.width().div_ceil(8 * size) * size;
    let row = |words: &[u64]| -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).take(length).collect()
    };
    image.rows().flat_map(row).collect()
}

/// What the harness should print for a network and its images.
fn expected(network: &Network, images: &[BitImage], size: usize) -> Vec<u8> {
    if network.classes().is_some() {
        return (network.classify(images).unwrap() as u32).to_le_bytes().to_vec();
    }
    let outputs = network.apply(images).unwrap();
    if matches!(network.layers().last(), Some(Layer::Dense(_))) {
        let row = BitImage::from_fn(1, outputs.len(), |_, col| outputs[col].get(0, 0));
        return bytes(&row, size);
    }
    outputs.iter().flat_map(|image| bytes(image, size)).collect()
}

/// Compiles all networks at once, runs all their images, and compares.
fn check(cases: &[Case], compiler: &str, flags: &[&str], words: WordSize) {
    if !has(compiler) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let files = write(cases, words, folder.path());
    let mut command = Command::new(compiler);
    run(command.args(FLAGS).args(flags).args(files).args(["-o", "main"]).current_dir(&folder));
    let size = if words == WordSize::Bits32 { 4 } else { 8 };
    let (mut input, mut outputs) = (Vec::new(), Vec::new());
    for (index, case) in cases.iter().enumerate() {
        for images in &case.batch {
            let (height, width) = images[0].size();
            for number in [index, height, width] {
                input.extend((number as u32).to_le_bytes());
            }
            input.extend(images.iter().flat_map(|image| bytes(image, size)));
            outputs.push((index, images, expected(&case.network, images, size)));
        }
    }
    let found = pipe(&folder.path().join("main"), folder.path(), &input);
    let mut rest = &found[..];
    for (index, images, expected) in outputs {
        let (found, behind) = rest.split_at(expected.len().min(rest.len()));
        assert!(found == expected, "network {index}: {}\n{images:?}", cases[index].network);
        rest = behind;
    }
    assert!(rest.is_empty());
}

/// What a program prints for an input.
fn pipe(program: &Path, folder: &Path, input: &[u8]) -> Vec<u8> {
    let path = folder.join("input");
    std::fs::write(&path, input).unwrap();
    let input = std::fs::File::open(path).unwrap();
    let output = Command::new(program).stdin(input).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn gcc_agrees_in_words_of_32_bits_and_sanitizers_find_nothing() {
    let sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    check(&bisels(8), "gcc", &sanitizers, WordSize::Bits32);
}

#[test]
fn clang_agrees_in_words_of_64_bits() {
    check(&bisels(16), "clang", &[], WordSize::Bits64);
}

#[test]
fn gcc_agrees_on_all_layers() {
    let sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    check(&layers(10), "gcc", &sanitizers, WordSize::Bits32);
}

#[test]
fn clang_agrees_on_all_layers() {
    check(&layers(24), "clang", &[], WordSize::Bits64);
}

/// Compiled for a microcontroller, code and constants are all that there is: no variables, and no
/// functions of a library but those that compilers call by themselves.
#[test]
fn microcontrollers_need_flash_and_nothing_else() {
    if !has("arm-none-eabi-gcc") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (sticks, classifier) = (crate::show::sticks(), crate::classify::classifier().1);
    for (network, name) in [(sticks, "sticks"), (classifier, "classes")] {
        let c = to_c(&network, name, WordSize::Bits32).unwrap();
        std::fs::write(folder.path().join(format!("{name}.h")), c.header).unwrap();
        std::fs::write(folder.path().join(format!("{name}.c")), c.source).unwrap();
        let tool = |tool: &str, arguments: &[&str]| {
            let mut command = Command::new(format!("arm-none-eabi-{tool}"));
            run(command.args(arguments).current_dir(&folder))
        };
        let flags = ["-c", "-Os", "-mcpu=cortex-m0plus", "-mthumb", "-ffreestanding"];
        let source = format!("{name}.c");
        tool("gcc", &[&flags[..], &FLAGS[..5], &[&source, "-o", "net.o"]].concat());
        let sizes = tool("size", &["net.o"]);
        println!("{name}, {} bytes of constant tables\n{sizes}", c.table_bytes);
        let sizes: Vec<&str> = sizes.lines().nth(1).unwrap().split_whitespace().collect();
        assert!(sizes[0].parse::<usize>().unwrap() > c.table_bytes, "code and constants");
        assert_eq!(sizes[1..3], ["0", "0"], "variables");
        let library = tool("nm", &["-u", "net.o"]);
        let called = library.lines().filter_map(|line| line.trim().strip_prefix("U "));
        let allowed = |name: &str| name.starts_with("__aeabi_") || name.starts_with("mem");
        assert!(called.clone().all(allowed), "{library}");
    }
}
