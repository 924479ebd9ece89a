#!/usr/bin/env bash
# What exported networks take, in Markdown: flash of microcontrollers and cells of FPGAs.
#   cargo run --release -p strel -- train noisti
#   bash bench/exports.sh runs/noisti [RUN|NETWORK...] > results/exports.md
# Takes arm-none-eabi-gcc and yosys (Debian: gcc-arm-none-eabi, yosys); what is missing is left out.
# $STREL names the program, else cargo builds it.
set -euo pipefail
networks=("$@")
[ $# -gt 0 ] || { sed -n '2,6s/^# \{0,3\}//p' "$0" >&2; exit 2; }
strel=${STREL:-cargo run --quiet --release --manifest-path $(dirname "$0")/../Cargo.toml -p strel --}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

has() {
    command -v "$1" > /dev/null || { echo "$1 is not on the path: no figures of it"; return 1; }
}

# Bytes of code with constants, of constant tables among them, and of variables.
flash() {
    local network=$1 cpu told sizes
    told=$($strel export "$network" --to c --words 32 --out "$folder/net.c")
    told=${told##*: }
    for cpu in cortex-m0plus cortex-m4; do
        arm-none-eabi-gcc -std=c99 -Os -mcpu=$cpu -mthumb -ffreestanding -c "$folder/net.c" -o "$folder/net.o"
        sizes=($(arm-none-eabi-size "$folder/net.o" | tail -n 1))
        echo "| \`$network\` | $cpu | ${sizes[0]} | ${told%% bytes*} | ${sizes[1]} | ${sizes[2]} |"
    done
}

# How many cells of the kinds that match a pattern a report of yosys counts.
cells() {
    awk -v kind="$2" '$1 ~ kind { sum += $2 } END { print sum + 0 }' "$1"
}

fpga() {
    local network=$1 size=$2 report="$folder/report"
    if ! $strel export "$network" --to verilog --out "$folder/net.v" 2> "$folder/why"; then
        echo "| \`$network\` | $(sed 's/^error: //' "$folder/why") |"
        return
    fi
    yosys -p "read_verilog $folder/net.v; chparam -set WIDTH ${size%x*} -set HEIGHT ${size#*x} net_network;
        synth_ice40 -top net_network; tee -q -o $report stat" > "$folder/log"
    echo "| \`$network\` | $size | $(cells "$report" '^SB_LUT4$') | $(cells "$report" '^SB_DFF') |" \
        "$(cells "$report" '^SB_RAM40_4K$') |"
}

echo "# What exported networks take"
echo
echo "Written by \`bench/exports.sh\` on $(date -I), commit $(git -C "$(dirname "$0")" rev-parse --short=10 HEAD)."
echo
echo "## Microcontrollers: \`--to c --words 32\`"
echo
if has arm-none-eabi-gcc; then
    echo "$(arm-none-eabi-gcc --version | head -n 1), \`-Os\`. Bytes of the object file: \`text\` is code and"
    echo "constants, in flash. There are no variables; scratch memory is the caller's, the header says how much."
    echo
    echo "| network | processor | text | constant tables in it | data | bss |"
    echo "| --- | --- | --- | --- | --- | --- |"
    for network in "${networks[@]}"; do flash "$network"; done
fi
echo
echo "## FPGAs: \`--to verilog\`"
echo
if has yosys; then
    echo "$(yosys -V | cut -d ' ' -f 1,2), \`synth_ice40\`: 4-input tables, flip-flops and block RAMs of 4 Kibit for images"
    echo "of width x height pixels. One pixel goes in and one comes out a clock, whatever the network."
    echo
    echo "| network | image | LUT4 | flip-flops | block RAM |"
    echo "| --- | --- | --- | --- | --- |"
    for network in "${networks[@]}"; do for size in 640x480 2480x3508; do fpga "$network" $size; done; done
fi
