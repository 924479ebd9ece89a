"""The table of all kinds of image files.

A line is a name, a format, a writer, how many files, and lists of options; each file has one of each list, drawn without
repetition from all combinations. `size`, `channels`, `top` or `bits`, `values` and `pages` describe its pictures, the others go to
the writer. What strel refuses is marked so: 'may' be refused, or read right; 'must' be refused.
"""

import shutil
import zlib
from dataclasses import dataclass

import numpy as np

from .picture import draw, is_grey, levels, oriented
from .tools import cjpeg, fax2tiff, jpegtran, netpbm, pamtotiff, pnmtopng, ppm2tiff, tiffcp
from .writers import codec, pillow, pnm, tiff

SIZES = [(1, 1), (1, 7), (7, 1), (3, 8), (5, 9), (8, 16), (13, 17), (20, 20), (31, 33), (33, 65), (2, 130), (70, 3)]
LARGE = [(40, 48), (64, 64), (33, 70), (50, 31)]
ORIENTATIONS = range(1, 9)
STRIPS = [None, 1, 3, 8, 1000]
TILES = [(16, 16), (16, 32), (32, 16), (64, 48)]
DEFLATE, OLD_DEFLATE = "adobe_deflate", "deflate"
LOSSLESS = [(None, None), ("packbits", None), ("lzw", None), (DEFLATE, None), (OLD_DEFLATE, None)]
PREDICTED = [*LOSSLESS, ("lzw", 2), (DEFLATE, 2)]
RARE = [("zstd", None), ("lzma", None), ("webp", None), ("zstd", 2), ("lzma", 2)]
ORDERS = ["<", ">"]


@dataclass
class Kind:
    name: str
    format: str
    writer: object
    files: int
    options: dict
    refused: str = "never"
    # The programs that the writer runs.
    tools: tuple = ()
    # Levels are only nearly kept: pictures are black and white, and compared at the threshold in the middle.
    lossy: bool = False

    def missing(self):
        return [tool for tool in self.tools if not shutil.which(tool)]

    def combinations(self):
        """So many combinations of options, drawn by the kind's name."""
        rng = np.random.default_rng(zlib.crc32(self.name.encode()))
        names = list(self.options)
        choices = [list(self.options[name]) for name in names]
        total = int(np.prod([len(choice) for choice in choices]))
        for place in rng.permutation(total)[: self.files]:
            digits = np.unravel_index(place, [len(choice) for choice in choices])
            yield {name: choice[digit] for name, choice, digit in zip(names, choices, digits)}


@dataclass
class File:
    """A file and the levels of its pages, as they are shown."""

    kind: Kind
    options: dict
    content: bytes
    levels: list
    grey: bool

    def __str__(self):
        options = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        return f"{self.kind.name}: {options}"


def kind(name, writer, files, refused="never", tools=(), lossy=False, **options):
    return Kind(name, name.split()[0].rstrip(","), writer, files, options, refused, tools, lossy)


PNM_HEADERS = [
    "{magic}\n{width} {height}\n{top}\n",
    "{magic} {width} {height} {top} ",
    "{magic}\t{width}\t{height}\t{top}\t",
    "{magic}\r\n{width} {height} {top}\n",
    "{magic}\n# made by hand\n{width} {height}\n{top}\n",
    "{magic}\n#\n#  two comments, 7 8 9\n{width}\n{height}\n\n{top}\n",
    "{magic} # after the magic number\n{width} # width\n # height next\n{height} {top}\n",
    "{magic}\n  {width}\n\t{height}\n \n{top}\n",
    "{magic}\n00{width} 0{height}\n0{top}\n",
    "{magic}\n#{width} 5\r{width} {height}\r{top}\r",
]

KINDS = [
    # PNG
    kind("PNG of 1 bit, by Pillow", pillow, 30, format=["PNG"], size=SIZES, channels=[1], bits=[1], mode=["1"], optimize=[False, True], values=["two"]),
    kind("PNG of 8 bits, by Pillow", pillow, 80, format=["PNG"], size=SIZES, channels=[1, 2, 3, 4], bits=[8], values=["two", "mask", "few", "all"], compress_level=[0, 1, 9]),
    kind("PNG of 16 bits, by Pillow", pillow, 30, format=["PNG"], size=SIZES, channels=[1], bits=[16], values=["two", "mask", "few", "all"]),
    kind("PNG with a palette, by Pillow", pillow, 80, format=["PNG"], size=SIZES, channels=[1, 2, 3, 4], bits=[8], mode=["P"], values=["two", "mask", "few"], palette_order=range(3), optimize=[False, True]),
    kind("PNG with a transparent grey, by Pillow", pillow, 20, format=["PNG"], size=SIZES, channels=[1], bits=[8], values=["two", "few"], transparent=[0, 64, 255]),
    kind("PNG with a transparent colour, by Pillow", pillow, 20, format=["PNG"], size=SIZES, channels=[3], bits=[8], values=["two", "few"], transparent=[(0, 0, 0), (255, 0, 0), (255, 255, 255)]),
    kind("PNG with an orientation, by Pillow", pillow, 50, format=["PNG"], size=SIZES, channels=[1, 3], bits=[8], values=["two", "mask", "few"], orientation=ORIENTATIONS),
    kind("PNG by libpng", codec, 60, encoder=["png"], size=SIZES, channels=[1, 2, 3, 4], bits=[8, 16], values=["two", "mask", "few", "all"], level=[1, 9], filter=[8, 16, 32, 64, 128]),
    kind("PNG of 1 to 16 bits, by pnmtopng", pnmtopng, 120, tools=("pnmtopng",), size=SIZES, channels=[1, 3], bits=[1, 2, 4, 8, 16], values=["two", "mask", "few", "all"], options=[(), ("-interlace",), ("-interlace", "-sub"), ("-up",), ("-avg",), ("-paeth",)]),
    kind("PNG with alpha, by pnmtopng", pnmtopng, 60, tools=("pnmtopng",), size=SIZES, channels=[2, 4], bits=[8, 16], values=["two", "few"], options=[(), ("-interlace",), ("-nofilter",)]),
    kind("PNG with chunks beside the image, by pnmtopng", pnmtopng, 30, tools=("pnmtopng",), size=SIZES, channels=[1, 3], bits=[8], values=["two", "few"], options=[("-size=300 300 1",), ("-gamma=0.45",), ("-background=rgb:ff/00/00",), ("-modtime=2020-01-01 00:00:00",), ("-srgbintent=perceptual",)]),
    # TIFF
    kind("TIFF of 1 bit, by tifffile", tiff, 100, size=SIZES, channels=[1], bits=[1], values=["two"], photometric=["minisblack", "miniswhite"], scheme=LOSSLESS, layout=[*STRIPS, *TILES], order=ORDERS, big=[False, True]),
    kind("TIFF of 1 bit, by Pillow", pillow, 60, format=["TIFF"], size=SIZES, channels=[1], bits=[1], mode=["1"], values=["two"], compression=["raw", "packbits", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "group3", "group4"], tags=[{}, {278: 3}, {262: 0}, {262: 1}]),
    kind("TIFF of modified Huffman codes, by Pillow", pillow, 20, refused="may", format=["TIFF"], size=SIZES, channels=[1], bits=[1], mode=["1"], values=["two"], compression=["tiff_ccitt"], tags=[{}, {278: 3}]),
    kind("TIFF of fax codes, by tiffcp", tiffcp, 120, tools=("tiffcp",), size=SIZES, channels=[1], bits=[1], values=["two"], photometric=["minisblack", "miniswhite"], scheme=["g4", "g3", "g3:1d", "g3:1d:fill"], options=[(), ("-r", 1), ("-r", 5), ("-f", "lsb2msb"), ("-f", "lsb2msb", "-r", 3), ("-B",), ("-8",)]),
    kind("TIFF of fax codes of two dimensions, by tiffcp", tiffcp, 20, refused="may", tools=("tiffcp",), size=SIZES, channels=[1], bits=[1], values=["two"], scheme=["g3:2d", "g3:2d:fill"], options=[(), ("-r", 5), ("-f", "lsb2msb")]),
    kind("TIFF of fax codes in tiles, by tiffcp", tiffcp, 20, refused="may", tools=("tiffcp",), size=SIZES, channels=[1], bits=[1], values=["two"], scheme=["g4", "g3:1d"], options=[("-t", "-w", 16, "-l", 16), ("-t", "-w", 32, "-l", 16)]),
    kind("TIFF of 1 bit, by tiffcp", tiffcp, 60, tools=("tiffcp",), size=SIZES, channels=[1], bits=[1], values=["two"], photometric=["minisblack", "miniswhite"], scheme=["none", "packbits", "lzw", "zip"], options=[(), ("-r", 3), ("-B",), ("-t", "-w", 16, "-l", 16), ("-t", "-w", 48, "-l", 32), ("-8", "-B")]),
    kind("TIFF of 1 bit in reverse, by tiffcp", tiffcp, 30, refused="may", tools=("tiffcp",), size=SIZES, channels=[1], bits=[1], values=["two"], scheme=["none", "packbits", "lzw", "zip"], options=[("-f", "lsb2msb"), ("-f", "lsb2msb", "-B", "-r", 2)]),
    kind("TIFF of fax codes, by fax2tiff", fax2tiff, 40, tools=("fax2tiff",), size=LARGE, channels=[1], bits=[1], values=["two"], options=[("-7", "-5"), ("-7", "-5", "-a"), ("-8",), ("-8", "-m"), ("-8", "-r", 7), ("-7", "-5", "-m"), ("-8", "-c"), ("-z",), ("-u", "-m")]),
    kind("TIFF by pamtotiff", pamtotiff, 60, tools=("pamtotiff",), size=SIZES, channels=[1], bits=[1], values=["two"], options=[("-none",), ("-packbits",), ("-lzw",), ("-g3",), ("-g3", "-fill"), ("-g4",), ("-flate",), ("-adobeflate",), ("-g4", "-rowsperstrip=2"), ("-lzw", "-minisblack"), ("-g4", "-miniswhite")]),
    kind("TIFF of grey levels, by tifffile", tiff, 140, size=SIZES, channels=[1], bits=[8, 16], values=["two", "mask", "few", "all"], photometric=["minisblack", "miniswhite"], scheme=PREDICTED, layout=[*STRIPS, *TILES], order=ORDERS, big=[False, True]),
    kind("TIFF of few bits, by tifffile", tiff, 60, refused="may", size=SIZES, channels=[1], bits=[2, 4], values=["two", "mask", "few", "all"], photometric=["minisblack", "miniswhite"], layout=STRIPS, order=ORDERS),
    kind("TIFF of odd numbers of bits, by tifffile", tiff, 40, refused="may", size=SIZES, channels=[1, 3], bits=[3, 5, 6, 7, 10, 12, 14], values=["two", "few", "all"], layout=STRIPS),
    kind("TIFF of few bits, by tiffcp", tiffcp, 40, refused="may", tools=("tiffcp",), size=SIZES, channels=[1], bits=[2, 4], values=["two", "few"], scheme=["none", "packbits", "lzw", "zip"], options=[(), ("-r", 3), ("-t", "-w", 16, "-l", 16)]),
    kind("TIFF of colours, by tifffile", tiff, 140, size=SIZES, channels=[3], bits=[8, 16], values=["two", "few", "all"], scheme=PREDICTED, layout=[*STRIPS, *TILES], order=ORDERS, big=[False, True]),
    kind("TIFF of colours in planes, by tifffile", tiff, 40, refused="may", size=SIZES, channels=[3, 4], bits=[8, 16], values=["two", "few", "all"], planar=["separate"], scheme=PREDICTED, layout=[*STRIPS, *TILES], order=ORDERS),
    kind("TIFF with alpha, by tifffile", tiff, 140, refused="may", size=SIZES, channels=[2, 4], bits=[8, 16], values=["two", "few"], alpha=["unassalpha", "assocalpha"], scheme=PREDICTED, layout=[*STRIPS, *TILES], order=ORDERS),
    kind("TIFF with a palette, by tifffile", tiff, 60, refused="may", size=SIZES, channels=[1, 3], bits=[8], values=["two", "mask", "few"], photometric=["palette"], scheme=PREDICTED, layout=[*STRIPS, *TILES], order=ORDERS, palette_order=range(3)),
    kind("TIFF of 8 bits, by Pillow", pillow, 80, format=["TIFF"], size=SIZES, channels=[1, 3], bits=[8], values=["two", "mask", "few", "all"], compression=["raw", "packbits", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate"], tags=[{}, {278: 3}]),
    kind("TIFF with a predictor, by Pillow", pillow, 20, format=["TIFF"], size=SIZES, channels=[1, 3], bits=[8], values=["two", "mask", "few", "all"], compression=["tiff_lzw", "tiff_adobe_deflate"], tags=[{317: 2}]),
    kind("TIFF with a predictor but no compression, by Pillow", pillow, 8, refused="may", format=["TIFF"], size=SIZES, channels=[1, 3], bits=[8], values=["two", "few"], compression=["raw", "packbits"], tags=[{317: 2}]),
    kind("TIFF with alpha, by Pillow", pillow, 20, refused="may", format=["TIFF"], size=SIZES, channels=[2, 4], bits=[8], values=["two", "few"], compression=["raw", "tiff_lzw"]),
    kind("TIFF with a palette, by Pillow", pillow, 20, refused="may", format=["TIFF"], size=SIZES, channels=[1, 3], bits=[8], mode=["P"], values=["two", "few"], compression=["raw", "tiff_lzw"], palette_order=range(2)),
    kind("TIFF of 16 bits, by Pillow", pillow, 20, format=["TIFF"], size=SIZES, channels=[1], bits=[16], values=["two", "mask", "few", "all"], compression=["raw", "tiff_lzw"]),
    kind("TIFF of 8 and 16 bits, by tiffcp", tiffcp, 100, tools=("tiffcp",), size=SIZES, channels=[1, 3], bits=[8, 16], values=["two", "mask", "few", "all"], scheme=["none", "packbits", "lzw", "lzw:2", "zip", "zip:2"], options=[(), ("-r", 3), ("-B",), ("-t", "-w", 16, "-l", 16), ("-t", "-w", 48, "-l", 32, "-B"), ("-8", "-B")]),
    kind("TIFF of colours in planes, by tiffcp", tiffcp, 20, refused="may", tools=("tiffcp",), size=SIZES, channels=[3, 4], bits=[8], values=["two", "few"], scheme=["none", "lzw:2"], options=[("-p", "separate"), ("-p", "separate", "-t", "-w", 16, "-l", 16)]),
    kind("TIFF with an orientation, by tifffile", tiff, 120, size=SIZES, channels=[1, 3], bits=[8, 16], values=["two", "few"], scheme=PREDICTED, layout=[None, 3, (16, 16)], orientation=ORIENTATIONS),
    kind("TIFF of 1 bit with an orientation, by tifffile", tiff, 60, size=SIZES, channels=[1], bits=[1], values=["two"], scheme=LOSSLESS, layout=[None, 3, (16, 16)], orientation=ORIENTATIONS),
    kind("TIFF of fax codes with an orientation, by Pillow", pillow, 40, format=["TIFF"], size=SIZES, channels=[1], bits=[1], mode=["1"], values=["two"], compression=["group3", "group4"], orientation=ORIENTATIONS),
    kind("TIFF of several pages, by tifffile", tiff, 50, size=SIZES, channels=[1, 3], bits=[8], values=["two", "few"], pages=[2, 3], scheme=PREDICTED, layout=[None, 3, (16, 16)], order=ORDERS, big=[False, True]),
    kind("TIFF of several pages, by Pillow", pillow, 30, format=["TIFF"], size=SIZES, channels=[1], bits=[1], mode=["1"], values=["two"], pages=[2, 3], compression=["group4", "tiff_lzw", "raw"]),
    kind("TIFF with a thumbnail, by tifffile", tiff, 20, size=SIZES, channels=[1], bits=[1, 8], values=["two"], pages=[2, 3], thumbnail=[0, 1]),
    kind("TIFF of rare compressions, by tifffile", tiff, 40, refused="may", size=SIZES, channels=[3], bits=[8], values=["two", "few"], scheme=RARE, layout=STRIPS),
    kind("TIFF of JPEG, by tifffile", tiff, 30, refused="may", lossy=True, size=LARGE, channels=[1, 3], bits=[8], values=["blocks"], scheme=[("jpeg", None)], layout=[None, (16, 16), (32, 64)]),
    kind("TIFF of signed samples and floats, by tifffile", tiff, 60, refused="must", size=SIZES, channels=[1, 3], bits=[8], values=["two", "few"], dtype=["int8", "int16", "int32", "float16", "float32", "float64"], scheme=LOSSLESS[:4], layout=[None, (16, 16)], order=ORDERS),
    kind("TIFF of 32 bits, by tifffile", tiff, 20, refused="may", size=SIZES, channels=[1], bits=[32], values=["two", "few"], scheme=PREDICTED, order=ORDERS),
    kind("TIFF of YCbCr, by Pillow", pillow, 20, refused="may", lossy=True, format=["TIFF"], size=LARGE, channels=[3], bits=[8], mode=["YCbCr"], values=["blocks"], compression=["raw", "tiff_lzw", "jpeg"]),
    kind("TIFF of four inks, by Pillow", pillow, 10, refused="may", lossy=True, format=["TIFF"], size=LARGE, channels=[3], bits=[8], mode=["CMYK"], values=["blocks"], compression=["raw", "tiff_lzw"]),
    # JPEG
    kind("JPEG by Pillow", pillow, 80, lossy=True, format=["JPEG"], size=LARGE, channels=[1, 3], bits=[8], values=["blocks"], quality=[95, 100], subsampling=[None, 0, 1, 2], progressive=[False, True], optimize=[False, True], restart_marker_rows=[None, 1]),
    kind("JPEG of RGB, by Pillow", pillow, 8, lossy=True, format=["JPEG"], size=LARGE, channels=[3], bits=[8], values=["blocks"], quality=[95, 100], progressive=[False, True], keep_rgb=[True]),
    kind("JPEG with an orientation, by Pillow", pillow, 40, lossy=True, format=["JPEG"], size=LARGE, channels=[1, 3], bits=[8], values=["blocks"], quality=[95], orientation=ORIENTATIONS, progressive=[False, True]),
    kind("JPEG by cjpeg", cjpeg, 120, lossy=True, tools=("cjpeg",), size=LARGE, channels=[3], bits=[8], values=["blocks"], options=[(*a, *b, *c) for a in [(), ("-progressive",), ("-optimize",)] for b in [(), ("-restart", 1), ("-restart", "2B")] for c in [("-sample", "1x1"), ("-sample", "2x1"), ("-sample", "1x2"), ("-sample", "2x2"), ("-sample", "4x1"), ("-sample", "4x2"), ("-rgb",), ("-grayscale",)]]),
    kind("JPEG of odd subsamplings, by cjpeg", cjpeg, 40, refused="may", lossy=True, tools=("cjpeg",), size=LARGE, channels=[3], bits=[8], values=["grey blocks"], options=[(*a, "-sample", b) for a in [(), ("-progressive",)] for b in ["1x1,2x2,2x2", "2x1,1x2,1x1", "2x2,2x1,1x2", "1x1,2x1,2x1", "2x2,1x1,2x2", "3x1,1x1,1x1", "1x4", "2x4"]]),
    kind("JPEG of scans by scripts, by cjpeg", cjpeg, 60, refused="may", lossy=True, tools=("cjpeg",), size=LARGE, channels=[3], bits=[8], values=["grey blocks"], scans=["0;\n1;\n2;\n", "2;\n1;\n0;\n", "0 1;\n2;\n", "1 2;\n0;\n", "0;\n1 2;\n", "0,1,2:0-0,0,0;\n0:1-63,0,0;\n2:1-63,0,0;\n1:1-63,0,0;\n"], options=[("-sample", "1x1"), ("-sample", "2x1"), ("-sample", "2x2"), ("-sample", "1x1,2x2,2x2")]),
    kind("JPEG of arithmetic codes, by cjpeg", cjpeg, 10, refused="may", lossy=True, tools=("cjpeg",), size=LARGE, channels=[1, 3], bits=[8], values=["blocks"], options=[("-arithmetic",), ("-arithmetic", "-progressive")]),
    kind("JPEG by jpegtran", jpegtran, 20, lossy=True, tools=("jpegtran",), size=LARGE, channels=[1, 3], bits=[8], values=["blocks"], options=[("-optimize",), ("-progressive",), ("-restart", 1), ("-copy", "all")]),
    kind("JPEG of four inks, by Pillow", pillow, 8, refused="may", lossy=True, format=["JPEG"], size=LARGE, channels=[3], bits=[8], mode=["CMYK"], values=["blocks"], quality=[95, 100]),
    kind("JPEG without loss, by libjpeg", codec, 8, refused="may", encoder=["jpeg8"], size=LARGE, channels=[1, 3], bits=[8], values=["few"], lossless=[True], predictor=[1, 4, 7]),
    # PNM
    kind("PNM, raw PBM by hand", pnm, 80, magic=["P4"], size=SIZES, channels=[1], bits=[1], values=["two"], header=PNM_HEADERS),
    kind("PNM, plain PBM by hand", pnm, 80, magic=["P1"], size=SIZES, channels=[1], bits=[1], values=["two"], header=PNM_HEADERS, separator=[b" ", b"", b"\n", b" \t", b" # 0 1\n"], columns=[None, 1, 20]),
    kind("PNM, raw PGM by hand", pnm, 100, magic=["P5"], size=SIZES, channels=[1], top=[1, 3, 15, 100, 200, 255, 256, 1000, 4095, 65535], values=["two", "mask", "few", "all"], header=PNM_HEADERS),
    kind("PNM, plain PGM by hand", pnm, 100, magic=["P2"], size=SIZES, channels=[1], top=[1, 3, 15, 100, 200, 255, 256, 1000, 4095, 65535], values=["two", "mask", "few", "all"], header=PNM_HEADERS, separator=[b" ", b"\n", b" \t", b"\r\n"], columns=[None, 1, 7]),
    kind("PNM of several images by hand", pnm, 40, magic=["P4", "P5"], size=SIZES, channels=[1], bits=[1], values=["two"], header=PNM_HEADERS, pages=[2, 3]),
    kind("PNM by Pillow", pillow, 40, format=["PPM"], size=SIZES, channels=[1], bits=[1, 8, 16], values=["two", "few", "all"]),
    kind("PNM, plain by pnmtoplainpnm", netpbm, 30, tools=("pnmtoplainpnm",), program=["pnmtoplainpnm"], size=SIZES, channels=[1], bits=[1, 8, 16], values=["two", "few"]),
    kind("PNM of colours by hand", pnm, 20, refused="may", magic=["P3", "P6"], size=SIZES, channels=[3], top=[1, 255, 65535], values=["two", "few"], header=PNM_HEADERS[:3]),
    # All others
    kind("other formats of 1 bit, by Pillow", pillow, 20, refused="must", format=["BMP", "DIB", "GIF", "PCX", "TGA", "PDF", "MSP", "XBM", "IM"], size=[(8, 16), (20, 20)], channels=[1], bits=[1], mode=["1"], values=["two"]),
    kind("other formats, by Pillow", pillow, 40, refused="must", format=["BMP", "GIF", "ICO", "PCX", "TGA", "SGI", "WEBP", "JPEG2000", "AVIF", "EPS"], size=[(8, 16), (20, 20)], channels=[1, 3], bits=[8], values=["few"]),
    kind("other formats, by imagecodecs", codec, 20, refused="must", encoder=["bmp", "gif", "webp", "jpeg2k", "jpegls", "jpegxl", "jpegxr", "qoi", "avif"], size=[(8, 16), (20, 20)], channels=[3], bits=[8], values=["few"]),
    kind("other formats, by netpbm", netpbm, 20, refused="must", tools=("pamtopam",), program=["pamtopam", "pamtopfm", "pamtotga", "ppmtobmp", "pamtogif", "ppmtopcx", "pnmtosgi"], size=[(8, 16), (20, 20)], channels=[3], bits=[8], values=["two"]),
]


def make(kind, options):
    """The file of a kind with these options, its pictures drawn by their names."""
    rng = np.random.default_rng(zlib.crc32(repr((kind.name, options)).encode()))
    writer_options = dict(options)
    size, channels, values = (writer_options.pop(name) for name in ("size", "channels", "values"))
    top = writer_options.pop("top", None)
    if top is None:
        bits = writer_options.pop("bits")
        top = 2**bits - 1
    pages = [draw(rng, size, channels, top, values) for _ in range(writer_options.pop("pages", 1))]
    content = kind.writer(pages, **writer_options)
    shown = [oriented(levels(page.samples, page.top), options.get("orientation", 1)) for page in pages]
    if "transparent" in options:
        hidden = np.all(pages[0].samples == options["transparent"], axis=2)
        shown[0] = np.where(hidden, 255, shown[0])
    if "thumbnail" in options:
        del shown[options["thumbnail"]]
    return File(kind, options, content, shown, all(is_grey(page) for page in pages))
