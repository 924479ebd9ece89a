#!/usr/bin/env bash
# Learn to clean scanned pages: train on noisy and clean crops of three pages, and run the binarized
# network on a fourth. Needs scanned pages of 1 bit a pixel (four of Leptonica's test images) in
# $STREL_DATA_DIR/pages, or in ../shared/data/pages.
#
# Usage: examples/pages.sh [OUT]     (default: runs/pages-example)
set -euo pipefail
cd "$(dirname "$0")/.."
pages=${STREL_DATA_DIR:-../shared/data}/pages
out=${1:-runs/pages-example}
[ -d "$pages" ] || { echo "no folder $pages: skipped"; exit 0; }

cargo build --release --quiet --package strel
strel=${CARGO_TARGET_DIR:-target}/release/strel
mkdir -p "$out/clean" "$out/test-clean"
cp "$pages"/{feyn.tif,patent.png,rabi.png} "$out/clean"
cp "$pages"/pageseg2.tif "$out/test-clean"

"$strel" data noise "$out"/clean/* --probability 0.02 --seed 1 --out "$out/noisy"
"$strel" data noise "$out"/test-clean/* --probability 0.02 --seed 2 --out "$out/test-noisy"
"$strel" train pairs --inputs "$out/noisy" --targets "$out/clean" --out "$out/run"
"$strel" show "$out/run"
"$strel" eval "$out/run" --inputs "$out/test-noisy" --targets "$out/test-clean"
"$strel" apply "$out/run" "$out"/test-noisy/* --out "$out/cleaned"
