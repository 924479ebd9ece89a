"""strel beside other programs, on the same images, in one run.

    python3 -m venv .venv && .venv/bin/pip install -r bench/requirements.txt
    cargo build --release
    .venv/bin/python bench/peers.py engine --markdown results/engine-zen3.md
    target/release/strel train mnist --set 'network.layers=[{sets=4096}]' --out sets
    .venv/bin/python bench/peers.py dense --run sets --markdown results/dense-zen3.md
    .venv/bin/python bench/peers.py train --markdown results/train-zen3.md

Results are compared bit for bit first; a program whose result differs ends the run. Then samples alternate: one of
strel, one of each other program, and so on, one thread each. Training steps are the exception: first losses are compared to
1e-5, and all threads are timed, too. Tables show medians. A program that is not installed is left out, and the report
says so. Leptonica is Debian's package liblept5.
"""

import argparse
import os
import sys

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[variable] = "1"

from rivals import dense, engine, train


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["engine", "dense", "train"])
    parser.add_argument("--strel", default="target/release/strel", help="the program")
    parser.add_argument("--markdown", help="the file to write; else the report is printed")
    parser.add_argument("--run", help="of dense: a run of one layer of sets and scores, to be timed, too")
    parser.add_argument("--quick", action="store_true", help="small images, few samples")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.run and args.what != "dense":
        parser.error("--run goes with dense alone")
    if args.what == "dense":
        text = dense.report(args.strel, args.seed, args.quick, args.run)
    else:
        text = {"engine": engine, "train": train}[args.what].report(args.strel, args.seed, args.quick)
    if args.markdown:
        with open(args.markdown, "w") as file:
            file.write(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
