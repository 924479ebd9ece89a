//! Verilog, linted, simulated and synthesised.

use std::path::Path;
use std::process::Command;

use proptest::collection::vec;
use proptest::prelude::*;
use strel_image::{BitImage, Border};
use strel_network::Network;
use strel_network::export::to_verilog;

use super::cases::{bisels, samples};
use super::tools::{has, run};
use crate::classify;

/// Feeds the pixels of `images` to the network, one after the other, and prints what comes out. Every
/// third clock does not enable.
const BENCH: &str = "
module bench;
    reg clock = 0, reset = 1;
    reg [INPUTS - 1:0] pixels [0:COUNT - 1];
    wire [OUTPUTS - 1:0] results;
    wire valid;
    integer clocks = 0, given = 0, taken = 0;
    wire enable = clocks % 3 != 2;
    net_network #(WIDTH, HEIGHT) network (
        clock, reset, enable, given < COUNT ? pixels[given] : pixels[0], valid, results
    );
    always #1 clock = ~clock;
    initial begin
        $readmemb(\"pixels\", pixels);
        #4 reset = 0;
    end
    always @(negedge clock) if (!reset) begin
        #0.5;
        if (valid && taken < COUNT) begin
            $display(\"%b\", results);
            taken = taken + 1;
        end
        if (taken == COUNT) $finish;
    end
    always @(posedge clock) if (!reset) begin
        if (enable) given <= given + 1;
        clocks <= clocks + 1;
    end
endmodule
";

/// The pixels of images of one size, a line a pixel, the first channel last.
fn lines(batch: &[Vec<BitImage>]) -> String {
    let mut text = String::new();
    for images in batch {
        for place in 0..images[0].area() {
            let (row, col) = (place / images[0].width(), place % images[0].width());
            text.extend(
                images.iter().rev().map(|image| if image.get(row, col) { '1' } else { '0' }),
            );
            text.push('\n');
        }
    }
    text
}

fn simulate(network: &Network, batch: &[Vec<BitImage>], folder: &Path) -> String {
    let (height, width) = batch[0][0].size();
    let text = BENCH
        .replace("INPUTS", &network.inputs().to_string())
        .replace("OUTPUTS", &network.outputs().to_string())
        .replace("COUNT", &(batch.len() * height * width).to_string())
        .replace("WIDTH", &width.to_string())
        .replace("HEIGHT", &height.to_string());
    std::fs::write(folder.join("bench.v"), text).unwrap();
    std::fs::write(folder.join("pixels"), lines(batch)).unwrap();
    let arguments = ["-g2005", "-Wall", "-Wno-timescale", "-o", "bench", "net.v", "bench.v"];
    run(Command::new("iverilog").args(arguments).current_dir(folder));
    run(Command::new("vvp").arg("bench").current_dir(folder))
}

/// Three images of this size for a network.
fn images(network: &Network, (height, width): (usize, usize)) -> Vec<Vec<BitImage>> {
    let image = vec(any::<bool>(), height * width).prop_map(move |pixels| {
        BitImage::from_fn(height, width, |row, col| pixels[row * width + col])
    });
    samples(vec(image, network.inputs()), 3)
}

#[test]
fn iverilog_agrees() {
    if !has("iverilog") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for case in bisels(24) {
        // Elements of random networks reach 5 pixels, those that reach far 131.
        let far = case.network.to_string().lines().any(|line| line.len() > 100);
        let sizes = match (far, case.network.border()) {
            (true, _) => &[(12, 140)][..],
            (false, Border::Reflect) => &[(5, 9), (8, 5), (6, 66)],
            (false, _) => &[(5, 9), (6, 66), (7, 1), (8, 2), (1, 3)],
        };
        let verilog = to_verilog(&case.network, "net").unwrap();
        std::fs::write(folder.path().join("net.v"), verilog).unwrap();
        for &size in sizes {
            let batch = images(&case.network, size);
            let found = simulate(&case.network, &batch, folder.path());
            let expected: Vec<Vec<BitImage>> =
                batch.iter().map(|images| case.network.apply(images).unwrap()).collect();
            assert_eq!(found, lines(&expected), "{size:?}, {}", case.network);
        }
    }
}

#[test]
fn verilator_finds_nothing() {
    if !has("verilator") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for case in bisels(24) {
        let verilog = to_verilog(&case.network, "net").unwrap();
        std::fs::write(folder.path().join("net.v"), verilog).unwrap();
        let arguments = ["--lint-only", "-Wall", "-Wno-UNUSED", "-Wno-DECLFILENAME"];
        let top = ["--top-module", "net_network", "net.v"];
        run(Command::new("verilator").args(arguments).args(top).current_dir(&folder));
    }
}

/// What a synthesis of the sticks' network, for images of 640x480 pixels, counts.
fn synthesised(synthesis: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let verilog = to_verilog(&crate::show::sticks(), "net").unwrap();
    std::fs::write(folder.path().join("net.v"), verilog).unwrap();
    let script = format!(
        "read_verilog net.v; chparam -set WIDTH 640 -set HEIGHT 480 net_network; {synthesis} -top \
         net_network; stat"
    );
    let report = run(Command::new("yosys").args(["-p", &script]).current_dir(&folder));
    let (_, statistics) = report.rsplit_once("Number of cells:").unwrap();
    println!("{synthesis}, cells for images of 640x480: {statistics}");
    statistics.to_owned()
}

/// How many cells of a kind there are.
fn cells(statistics: &str, kind: &str) -> usize {
    let mut lines = statistics.lines().map(str::split_whitespace);
    let line = lines.find_map(|mut words| (words.next()? == kind).then(|| words.next())).flatten();
    line.map_or(0, |count| count.parse().unwrap())
}

#[test]
fn yosys_makes_no_latches() {
    if !has("yosys") {
        return;
    }
    let statistics = synthesised("synth -flatten -run begin:fine");
    assert!(statistics.contains("$mem_v2") && !statistics.contains("$dlatch"), "{statistics}");
}

#[test]
fn yosys_puts_rows_into_block_ram() {
    if !has("yosys") {
        return;
    }
    let statistics = synthesised("synth_ice40");
    assert!(cells(&statistics, "SB_RAM40_4K") > 0, "{statistics}");
    let flip_flops = statistics.lines().filter(|line| line.contains("SB_DFF"));
    let flip_flops: usize =
        flip_flops.map(|line| cells(line, line.split_whitespace().next().unwrap())).sum();
    assert!(flip_flops < 640, "not even one row is in flip-flops: {statistics}");
}

#[test]
fn other_layers_are_refused() {
    let error = to_verilog(&classify::classifier().1, "net").unwrap_err();
    let expected = "layer 2 is a dense layer on 1x2x3, expected layers of images only";
    assert_eq!(error.to_string(), expected);
}
