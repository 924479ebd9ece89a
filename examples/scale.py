"""Throughput of many images: one process beside several, by strel.scale.

    pip install '.[scale]'
    python examples/scale.py --images 20000
"""

import argparse
import filecmp
import pathlib
import tempfile
import time

import numpy as np

import strel
import strel.scale
from strel.scale.workers import connected


def network():
    """An opening by a disk, as a binarized network."""
    disk = strel.StructuringElement.disk(3).to_numpy().astype(float)[None, None]
    erosion = strel.FloatBisel(disk, bias=[[disk.sum() - 0.5]], scale=[[8.0]])
    dilation = strel.FloatBisel(disk, bias=[[0.5]], scale=[[8.0]])
    return strel.FloatNetwork([erosion, dilation]).binarize()


def in_one_process(network, inputs, out):
    out.mkdir()
    for path in sorted(inputs.iterdir()):
        strel.write_image(out / path.name, network.apply(strel.read_image(path)))


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=20000)
    parser.add_argument("--size", type=int, default=512, help="rows and columns of an image")
    parser.add_argument("--workers", type=int, help="processes [default: one a processor]")
    parser.add_argument("--address", help="a cluster of Ray [default: this machine]")
    parser.add_argument("--folder", help="where all machines find images")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = pathlib.Path(name)
        inputs = folder / "inputs"
        inputs.mkdir()
        random = np.random.default_rng(0)
        for number in range(arguments.images):
            image = random.random((arguments.size, arguments.size)) < 0.9
            strel.write_image(inputs / f"{number:07}.png", image)
        opening = network()
        one = timed(lambda: in_one_process(opening, inputs, folder / "one"))
        print(f"one process: {arguments.images / one:.0f} images/s")
        with connected(arguments.address):
            several = timed(
                lambda: strel.scale.apply_folder(
                    opening, inputs, folder / "several", workers=arguments.workers
                )
            )
        print(f"Ray: {arguments.images / several:.0f} images/s, with the start of its workers")
        names = [path.name for path in inputs.iterdir()]
        same, *_ = filecmp.cmpfiles(folder / "one", folder / "several", names, shallow=False)
        assert len(same) == arguments.images, "a result differs"
        print(f"{len(same)} results are the same, byte by byte")


if __name__ == "__main__":
    main()
