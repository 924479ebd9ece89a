"""The table of all kinds of image files: a line for each, and a place for yours.

A line has a name that begins with the format, a writer, how many files, what pictures, and options of the writer. An
option that is a list is a choice: each file has one of each list, drawn without repetition from all combinations.
`"may"` marks what strel may refuse instead of reading it right, `"must"` what it must refuse.
"""

from .kind import kind
from .programs import cjpeg, fax2tiff, jpegtran, netpbm, pamtotiff, pnmtopng, ppm2tiff, tiffcp, tiffset
from .writers import codec, pillow, pnm, tiff

SIZES = [(1, 1), (1, 7), (7, 1), (3, 8), (5, 9), (8, 16), (13, 17), (20, 20), (31, 33), (33, 65), (2, 130), (70, 3)]
LARGE = [(40, 48), (64, 64), (33, 70), (50, 31)]

# Pictures.
BITS = dict(size=SIZES, channels=1, top=1, values="two")
GREY = dict(size=SIZES, channels=1, top=255, values=["two", "mask", "few", "all"])
DEEP_GREY = dict(size=SIZES, channels=1, top=[255, 65535], values=["two", "mask", "few", "all"])
FEW_BITS = dict(size=SIZES, channels=1, top=[3, 15], values=["two", "mask", "few", "all"])
FEW_BITS_OF_COLOURS = dict(size=SIZES, channels=3, top=[3, 15], values=["two", "few"])
ODD_BITS = dict(size=SIZES, channels=[1, 3], top=[7, 31, 63, 127], values=["two", "few", "all"])
COLOURS = dict(size=SIZES, channels=3, top=255, values=["two", "few", "all"])
DEEP_COLOURS = dict(size=SIZES, channels=3, top=[255, 65535], values=["two", "few", "all"])
GREY_OR_COLOURS = dict(size=SIZES, channels=[1, 3], top=255, values=["two", "mask", "few"])
ALPHA = dict(size=SIZES, channels=[2, 4], top=255, values=["two", "few"])
DEEP_ALPHA = dict(size=SIZES, channels=[2, 4], top=[255, 65535], values=["two", "few"])
# Pictures for what keeps levels only nearly.
BLOCKS = dict(size=LARGE, channels=3, top=255, values="blocks")
GREY_OR_COLOURED_BLOCKS = dict(size=LARGE, channels=[1, 3], top=255, values="blocks")
COLOURLESS_BLOCKS = dict(size=LARGE, channels=3, top=255, values="grey blocks")
SMALL = dict(size=[(8, 16), (20, 20)], channels=1, top=1, values="two")
SMALL_COLOURS = dict(size=[(8, 16), (20, 20)], channels=3, top=255, values="few")

# Options of tifffile.
STRIPS = [None, 1, 3, 8, 1000]
LAYOUTS = [*STRIPS, (16, 16), (16, 32), (32, 16), (64, 48)]
SCHEMES = [(None, None), ("packbits", None), ("lzw", None), ("adobe_deflate", None), ("deflate", None)]
PREDICTED = [*SCHEMES, ("lzw", 2), ("adobe_deflate", 2)]
RARE = [("zstd", None), ("lzma", None), ("webp", None), ("zstd", 2), ("lzma", 2)]
TIFFFILE = dict(layout=LAYOUTS, order=["<", ">"], big=[False, True])
# Options of tiffset: tags that a file may leave out, and strips without an end.
DEFAULTS = ["-u 254", "-u 259", "-u 277", "-u 284", "-u 339", "-u 274", "-u 278", "-s 278 4294967295"]
# Options of tiffcp.
TILES = ["-t -w 16 -l 16", "-t -w 48 -l 32", "-t -w 32 -l 16 -B"]
COPIES = ["", "-r 3", "-B", "-8 -B", *TILES]
FAX_COPIES = ["", "-r 1", "-r 5", "-f lsb2msb", "-f lsb2msb -r 3", "-B", "-8"]
# Options of Pillow, of libjpeg's programs, and of netpbm's.
PILLOW_TIFF = dict(format="TIFF", compression=["raw", "packbits", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate"])
ORIENTATIONS = range(1, 9)
RESOLUTIONS = [(72, 72), (300, 300), (204, 98)]
FILTERS = ["", "-interlace", "-interlace -sub", "-up", "-avg", "-paeth"]
CHUNKS = ["'-size=300 300 1'", "'-modtime=2020-01-01 00:00:00'", "-gamma=0.45", "-background=white"]
SAMPLINGS = ["1x1", "2x1", "1x2", "2x2", "4x1", "4x2", "1x1,1x1,1x1"]
ODD_SAMPLINGS = ["1x1,2x2,2x2", "1x1,2x1,2x1", "2x1,1x2,1x1", "2x2,2x1,1x2", "2x2,1x1,2x2", "3x1,1x1,1x1", "1x4", "2x4"]
CODINGS = ["", "-progressive", "-optimize", "-restart 1", "-restart 2B", "-progressive -restart 1"]
SPECTRAL = "0,1,2:0-0,0,0;\n0:1-63,0,0;\n2:1-63,0,0;\n1:1-63,0,0;\n"
SCANS = ["0;\n1;\n2;\n", "2;\n1;\n0;\n", "0 1;\n2;\n", "1 2;\n0;\n", "0;\n1 2;\n", SPECTRAL]
# PNM.
MAXIMA = [1, 3, 15, 100, 200, 255, 256, 1000, 4095, 65535]
HEADERS = [
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
FOREIGN = ["BMP", "GIF", "ICO", "PCX", "TGA", "SGI", "WEBP", "JPEG2000", "EPS"]
FOREIGN_BITS = ["BMP", "DIB", "GIF", "PCX", "TGA", "PDF", "MSP", "XBM"]
FOREIGN_CODECS = ["bmp", "gif", "webp", "jpeg2k", "jpegls", "jpegxl", "jpegxr", "qoi", "avif"]
FOREIGN_NETPBM = ["pamtopam", "pamtopfm", "pamtotga", "ppmtobmp", "pamtogif", "ppmtopcx", "pnmtosgi"]

KINDS = [
    kind("PNG of 1 bit, by Pillow", pillow, 40, BITS,
         format="PNG", mode="1", optimize=[False, True], transparent=[None, 0]),
    kind("PNG of grey levels, by Pillow", pillow, 60, GREY, format="PNG", compress_level=[0, 1, 9]),
    kind("PNG of 16 bits, by Pillow", pillow, 30, {**GREY, "top": 65535}, format="PNG"),
    kind("PNG of colours, by Pillow", pillow, 30, COLOURS, format="PNG", compress_level=[0, 1, 9]),
    kind("PNG with alpha, by Pillow", pillow, 40, ALPHA, format="PNG", compress_level=[0, 1, 9]),
    kind("PNG with a palette, by Pillow", pillow, 60, GREY_OR_COLOURS,
         format="PNG", mode="P", palette_order=range(3), optimize=[False, True]),
    kind("PNG with a palette with alpha, by Pillow", pillow, 40, {**ALPHA, "values": "two"},
         format="PNG", mode="P", palette_order=range(3), optimize=[False, True]),
    kind("PNG with a transparent grey, by Pillow", pillow, 20, GREY, format="PNG", transparent=[0, 64, 255]),
    kind("PNG with a transparent colour, by Pillow", pillow, 20, COLOURS,
         format="PNG", transparent=[(0, 0, 0), (255, 0, 0), (255, 255, 255)]),
    kind("PNG with an orientation, by Pillow", pillow, 80, GREY_OR_COLOURS,
         format="PNG", orientation=ORIENTATIONS, exif_order=["<", ">"], exif_last=[False, True]),
    kind("PNG of 1 bit with an orientation, by Pillow", pillow, 30, BITS,
         format="PNG", mode="1", orientation=ORIENTATIONS, exif_last=[False, True]),
    kind("PNG with a resolution, by Pillow", pillow, 12, GREY_OR_COLOURS, format="PNG", dpi=RESOLUTIONS),
    kind("PNG of several frames, by Pillow", pillow, 10, GREY_OR_COLOURS, "must", format="PNG", pages=[2, 3]),
    kind("PNG of grey levels, by libpng", codec, 40, DEEP_GREY,
         encoder="png", level=[1, 9], filter=[8, 16, 32, 64, 128]),
    kind("PNG of colours, by libpng", codec, 40, DEEP_COLOURS,
         encoder="png", level=[1, 9], filter=[8, 16, 32, 64, 128]),
    kind("PNG with alpha, by libpng", codec, 40, DEEP_ALPHA, encoder="png", level=[1, 9], filter=[8, 16, 32, 64, 128]),
    kind("PNG of 1 bit, by pnmtopng", pnmtopng, 30, BITS, options=FILTERS, transparent=[None, 0]),
    kind("PNG of 2 and 4 bits, by pnmtopng", pnmtopng, 40, FEW_BITS, options=FILTERS, transparent=[None, 0]),
    kind("PNG of grey levels, by pnmtopng", pnmtopng, 60, DEEP_GREY, options=FILTERS, transparent=[None, 0]),
    kind("PNG of colours, by pnmtopng", pnmtopng, 60, DEEP_COLOURS, options=FILTERS, transparent=[None, 0]),
    kind("PNG of other maxima, by pnmtopng", pnmtopng, 30, {**GREY, "top": [31, 100, 1000], "values": ["two", "few"]},
         options=FILTERS),
    kind("PNG with alpha, by pnmtopng", pnmtopng, 60, DEEP_ALPHA, options=FILTERS),
    kind("PNG with chunks beside the image, by pnmtopng", pnmtopng, 30, GREY_OR_COLOURS, options=CHUNKS),

    kind("TIFF of 1 bit, by tifffile", tiff, 100, BITS,
         photometric=["minisblack", "miniswhite"], scheme=SCHEMES, **TIFFFILE),
    kind("TIFF of 1 bit, by Pillow", pillow, 50, BITS,
         mode="1", tags=[{}, {278: 3}, {262: 0}, {262: 1}], **PILLOW_TIFF),
    kind("TIFF of 1 bit, by tiffcp", tiffcp, 60, BITS,
         photometric=["minisblack", "miniswhite"], scheme=["none", "packbits", "lzw", "zip"], options=COPIES),
    kind("TIFF of 1 bit, by ppm2tiff", ppm2tiff, 20, BITS,
         scheme=["none", "packbits", "lzw", "zip", "g3", "g4"], rows=[None, 1, 5]),
    kind("TIFF of 1 bit, by pamtotiff", pamtotiff, 40, BITS,
         options=["-none", "-packbits", "-lzw", "-flate -minisblack", "-adobeflate -rowsperstrip=2"]),
    kind("TIFF of 1 bit without some tags, by tiffset", tiffset, 40, BITS,
         change=[*DEFAULTS, "-u 258"], photometric=["minisblack", "miniswhite"], layout=[None, (16, 16)]),
    kind("TIFF of 1 bit without a photometric, by tiffset", tiffset, 10, BITS, "may",
         change="-u 262", photometric="miniswhite", scheme=SCHEMES),
    kind("TIFF of bits in reverse order, by tiffcp", tiffcp, 30, BITS,
         scheme=["none", "packbits", "lzw", "zip"], options=["-f lsb2msb", "-f lsb2msb -B -r 2"]),
    kind("TIFF of fax codes, by Pillow", pillow, 40, BITS,
         format="TIFF", mode="1", compression=["group3", "group4"], tags=[{}, {278: 3}, {262: 0}, {262: 1}]),
    kind("TIFF of fax codes, by tiffcp", tiffcp, 120, BITS,
         photometric=["minisblack", "miniswhite"], scheme=["g4", "g3", "g3:1d", "g3:1d:fill"], options=FAX_COPIES),
    kind("TIFF of fax codes, by fax2tiff", fax2tiff, 40, {**BITS, "size": LARGE},
         options=["-7 -5", "-7 -5 -a", "-7 -5 -m", "-8", "-8 -m", "-8 -r 7", "-8 -c", "-z -m"]),
    kind("TIFF of fax codes, by pamtotiff", pamtotiff, 30, BITS,
         options=["-g3", "-g3 -fill", "-g4", "-g4 -rowsperstrip=2", "-g4 -minisblack", "-g4 -miniswhite"]),
    kind("TIFF of fax codes of two dimensions, by tiffcp", tiffcp, 20, BITS, "may",
         scheme=["g3:2d", "g3:2d:fill"], options=FAX_COPIES),
    kind("TIFF of fax codes in tiles, by tiffcp", tiffcp, 20, BITS, "may", scheme=["g4", "g3:1d"], options=TILES),
    kind("TIFF of modified Huffman codes, by Pillow", pillow, 20, BITS, "may",
         format="TIFF", mode="1", compression="tiff_ccitt", tags=[{}, {278: 3}]),
    kind("TIFF of grey levels, by tifffile", tiff, 140, DEEP_GREY,
         photometric=["minisblack", "miniswhite"], scheme=PREDICTED, **TIFFFILE),
    kind("TIFF of grey levels, by tiffcp", tiffcp, 60, DEEP_GREY,
         scheme=["none", "packbits", "lzw", "lzw:2", "zip", "zip:2"], options=COPIES),
    kind("TIFF of grey levels, by Pillow", pillow, 40, GREY, tags=[{}, {278: 3}], **PILLOW_TIFF),
    kind("TIFF of 16 bits, by Pillow", pillow, 20, {**GREY, "top": 65535},
         format="TIFF", compression=["raw", "tiff_lzw"]),
    kind("TIFF of grey levels without some tags, by tiffset", tiffset, 40, DEEP_GREY,
         change=DEFAULTS, photometric=["minisblack", "miniswhite"], layout=[None, (16, 16)]),
    kind("TIFF of grey levels without sizes of strips, by tiffset", tiffset, 10, DEEP_GREY, "may", change="-u 279"),
    kind("TIFF of grey levels, by pamtotiff", pamtotiff, 30, DEEP_GREY,
         options=["-none", "-lzw", "-lzw -predictor=2", "-adobeflate", "-none -miniswhite"]),
    kind("TIFF of 2 and 4 bits, by tifffile", tiff, 60, FEW_BITS,
         photometric=["minisblack", "miniswhite"], layout=STRIPS, order=["<", ">"]),
    kind("TIFF of 2 and 4 bits, by tiffcp", tiffcp, 40, FEW_BITS,
         scheme=["none", "packbits", "lzw", "zip"], options=COPIES),
    kind("TIFF of colours of 2 and 4 bits, by tifffile", tiff, 30, FEW_BITS_OF_COLOURS, layout=STRIPS, order=["<", ">"]),
    kind("TIFF of colours of 2 and 4 bits, by tiffcp", tiffcp, 30, FEW_BITS_OF_COLOURS,
         scheme=["none", "packbits", "lzw", "zip"], options=COPIES),
    kind("TIFF of odd numbers of bits, by tifffile", tiff, 40, ODD_BITS, layout=STRIPS),
    kind("TIFF of 10 to 14 bits, by tifffile", tiff, 30, {**ODD_BITS, "top": [1023, 4095, 16383]}, "may", layout=STRIPS),
    kind("TIFF of 32 bits, by tifffile", tiff, 20, {**GREY, "top": 2**32 - 1, "values": ["two", "few"]}, "may",
         scheme=PREDICTED, order=["<", ">"]),
    kind("TIFF of signed samples and floats, by tifffile", tiff, 60, GREY_OR_COLOURS, "must",
         dtype=["int8", "int16", "int32", "float16", "float32", "float64"], scheme=SCHEMES, layout=[None, (16, 16)],
         order=["<", ">"]),
    kind("TIFF of colours, by tifffile", tiff, 140, DEEP_COLOURS, scheme=PREDICTED, **TIFFFILE),
    kind("TIFF of colours, by tiffcp", tiffcp, 60, DEEP_COLOURS,
         scheme=["none", "packbits", "lzw", "lzw:2", "zip", "zip:2"], options=COPIES),
    kind("TIFF of colours, by Pillow", pillow, 40, COLOURS, tags=[{}, {278: 3}], **PILLOW_TIFF),
    kind("TIFF of colours, by pamtotiff", pamtotiff, 20, COLOURS,
         options=["-truecolor -none", "-truecolor -lzw", "-truecolor -lzw -predictor=2"]),
    kind("TIFF with a predictor, by Pillow", pillow, 20, GREY_OR_COLOURS,
         format="TIFF", compression=["tiff_lzw", "tiff_adobe_deflate"], tags={317: 2}),
    kind("TIFF with a predictor but no compression, by Pillow", pillow, 10, GREY_OR_COLOURS, "may",
         format="TIFF", compression=["raw", "packbits"], tags={317: 2}),
    kind("TIFF of colours in planes, by tifffile", tiff, 60, {**DEEP_COLOURS, "channels": [3, 4]},
         planar="separate", scheme=PREDICTED, **TIFFFILE),
    kind("TIFF of colours in planes, by tiffcp", tiffcp, 20, {**COLOURS, "channels": [3, 4]},
         scheme=["none", "lzw:2"], options=["-p separate", "-p separate -t -w 16 -l 16"]),
    kind("TIFF with alpha, by tifffile", tiff, 140, DEEP_ALPHA,
         alpha=["unassalpha", "assocalpha"], scheme=PREDICTED, **TIFFFILE),
    kind("TIFF with alpha where white is 0, by tifffile", tiff, 30, {**DEEP_ALPHA, "channels": 2},
         photometric="miniswhite", scheme=PREDICTED, **TIFFFILE),
    kind("TIFF with an unspecified sample, by tifffile", tiff, 60, DEEP_ALPHA,
         alpha="unspecified", scheme=PREDICTED, **TIFFFILE),
    kind("TIFF with alpha behind another sample, by tifffile", tiff, 30, DEEP_ALPHA,
         alpha=("unspecified", "unassalpha"), scheme=PREDICTED, **TIFFFILE),
    kind("TIFF with alpha, by Pillow", pillow, 20, ALPHA, format="TIFF", compression=["raw", "tiff_lzw"]),
    kind("TIFF with a palette, by tifffile", tiff, 60, GREY_OR_COLOURS,
         photometric="palette", palette_order=range(3), scheme=PREDICTED, **TIFFFILE),
    kind("TIFF with a palette, by Pillow", pillow, 20, GREY_OR_COLOURS,
         format="TIFF", mode="P", compression=["raw", "tiff_lzw"], palette_order=range(2)),
    kind("TIFF with a palette of few bits, by pamtotiff", pamtotiff, 20, {**COLOURS, "values": "two"},
         options=["-indexbits=4", "-indexbits=8", "-indexbits=1,2,4,8 -lzw"]),
    kind("TIFF of rare compressions, by tifffile", tiff, 40, COLOURS, "may", scheme=RARE, layout=STRIPS),
    kind("TIFF of JPEG, by tifffile", tiff, 30, GREY_OR_COLOURED_BLOCKS, "may",
         scheme=("jpeg", None), layout=[None, (16, 16), (32, 64)]),
    kind("TIFF of YCbCr, by Pillow", pillow, 20, BLOCKS, "may",
         format="TIFF", mode="YCbCr", compression=["tiff_lzw", "jpeg"]),
    kind("TIFF of four inks, by Pillow", pillow, 10, BLOCKS, "may",
         format="TIFF", mode="CMYK", compression=["raw", "tiff_lzw"]),
    kind("TIFF with an orientation, by tifffile", tiff, 120, {**GREY_OR_COLOURS, "top": [255, 65535]},
         scheme=PREDICTED, layout=[None, 3, (16, 16)], orientation=ORIENTATIONS),
    kind("TIFF of 1 bit with an orientation, by tifffile", tiff, 60, BITS,
         scheme=SCHEMES, layout=[None, 3, (16, 16)], orientation=ORIENTATIONS),
    kind("TIFF with an orientation, by tiffset", tiffset, 20, GREY_OR_COLOURS, change="-s 274 6", orientation=6),
    kind("TIFF of fax codes with an orientation, by Pillow", pillow, 40, BITS,
         format="TIFF", mode="1", compression=["group3", "group4"], orientation=ORIENTATIONS),
    kind("TIFF with a resolution, by tifffile", tiff, 20, GREY_OR_COLOURS,
         resolution=RESOLUTIONS, unit=["INCH", "CENTIMETER", "NONE"], order=["<", ">"], big=[False, True]),
    kind("TIFF of several pages, by tifffile", tiff, 50, GREY_OR_COLOURS, pages=[2, 3], scheme=PREDICTED, **TIFFFILE),
    kind("TIFF of several pages of 1 bit, by tifffile", tiff, 30, BITS, pages=[2, 3], scheme=SCHEMES, **TIFFFILE),
    kind("TIFF of several pages, by Pillow", pillow, 30, BITS,
         format="TIFF", mode="1", pages=[2, 3], compression=["group4", "tiff_lzw", "raw"]),
    kind("TIFF of several pages, by tiffcp", tiffcp, 30, BITS,
         pages=[2, 3], scheme=["g4", "g3:1d", "lzw", "none"], options=FAX_COPIES[:4]),
    kind("TIFF with a thumbnail, by tifffile", tiff, 30, {**BITS, "top": [1, 255]}, pages=[2, 3], thumbnail=[0, 1]),
    kind("TIFF with a copy in a SubIFD, by tifffile", tiff, 20, {**BITS, "top": [1, 255]},
         pages=2, thumbnail=1, subifds=1),

    kind("JPEG by Pillow", pillow, 80, GREY_OR_COLOURED_BLOCKS,
         format="JPEG", quality=[95, 100], subsampling=[None, 0, 1, 2], progressive=[False, True],
         optimize=[False, True], restart_marker_rows=[None, 1]),
    kind("JPEG of RGB, by Pillow", pillow, 10, BLOCKS,
         format="JPEG", quality=[95, 100], progressive=[False, True], keep_rgb=True),
    kind("JPEG of four inks, by Pillow", pillow, 10, BLOCKS, "may", format="JPEG", mode="CMYK", quality=[95, 100]),
    kind("JPEG with an orientation, by Pillow", pillow, 60, GREY_OR_COLOURED_BLOCKS,
         format="JPEG", quality=95, orientation=ORIENTATIONS, exif_order=["<", ">"], progressive=[False, True]),
    kind("JPEG with a resolution, by Pillow", pillow, 12, GREY_OR_COLOURED_BLOCKS,
         format="JPEG", quality=95, dpi=RESOLUTIONS),
    kind("JPEG by cjpeg", cjpeg, 100, BLOCKS, coding=CODINGS, sampling=SAMPLINGS),
    kind("JPEG of RGB or grey levels, by cjpeg", cjpeg, 20, BLOCKS, coding=CODINGS, options=["-rgb", "-grayscale"]),
    kind("JPEG of grey levels, by cjpeg", cjpeg, 40, {**BLOCKS, "channels": 1},
         coding=CODINGS, sampling=["1x1", "2x1", "1x2", "2x2", "4x2"]),
    kind("JPEG of odd samplings, by cjpeg", cjpeg, 60, COLOURLESS_BLOCKS,
         coding=CODINGS, sampling=ODD_SAMPLINGS),
    kind("JPEG of scans by scripts, by cjpeg", cjpeg, 80, COLOURLESS_BLOCKS,
         scans=SCANS, coding=["", "-restart 1"], sampling=["1x1", "2x1", "1x2", "2x2", "1x1,2x2,2x2"]),
    kind("JPEG of arithmetic codes, by cjpeg", cjpeg, 10, GREY_OR_COLOURED_BLOCKS, "may",
         options=["-arithmetic", "-arithmetic -progressive"]),
    kind("JPEG by jpegtran", jpegtran, 20, GREY_OR_COLOURED_BLOCKS,
         options=["-optimize", "-progressive", "-restart 1", "-copy all"]),
    kind("JPEG without loss, by libjpeg", codec, 8, {**GREY_OR_COLOURS, "size": LARGE}, "may",
         encoder="jpeg8", lossless=True, predictor=[1, 4, 7]),

    kind("PNM, raw PBM by hand", pnm, 80, BITS, magic="P4", header=HEADERS, end=[b"", b"\n"]),
    kind("PNM, plain PBM by hand", pnm, 80, BITS,
         magic="P1", header=HEADERS, separator=[b" ", b"", b"\n", b" \t", b" # 0 1\n"], columns=[None, 1, 20]),
    kind("PNM, raw PGM by hand", pnm, 100, {**GREY, "top": MAXIMA}, magic="P5", header=HEADERS, end=[b"", b"\n"]),
    kind("PNM, plain PGM by hand", pnm, 100, {**GREY, "top": MAXIMA},
         magic="P2", header=HEADERS, separator=[b" ", b"\n", b" \t", b"\r\n"], columns=[None, 1, 7]),
    kind("PNM of several raw images by hand", pnm, 60, {**BITS, "top": [1, 255, 65535]},
         magic="P5", header=HEADERS, pages=[2, 3]),
    kind("PNM of several raw images of bits by hand", pnm, 40, BITS, magic="P4", header=HEADERS, pages=[2, 3]),
    kind("PNM of several plain images by hand", pnm, 40, BITS, magic=["P1", "P2"], header=HEADERS, pages=[2, 3]),
    kind("PNM by Pillow", pillow, 40, {**GREY, "top": [1, 255, 65535]}, format="PPM"),
    kind("PNM, plain by pnmtoplainpnm", netpbm, 30, {**GREY, "top": [1, 255, 65535]}, program="pnmtoplainpnm"),
    kind("PNM of colours by hand", pnm, 20, {**COLOURS, "top": [1, 255, 65535]}, "may",
         magic=["P3", "P6"], header=HEADERS),

    kind("other formats of 1 bit, by Pillow", pillow, 20, SMALL, "must", format=FOREIGN_BITS, mode="1"),
    kind("other formats, by Pillow", pillow, 20, SMALL_COLOURS, "must", format=FOREIGN),
    kind("other formats, by imagecodecs", codec, 20, SMALL_COLOURS, "must", encoder=FOREIGN_CODECS),
    kind("other formats, by netpbm", netpbm, 20, SMALL_COLOURS, "must", program=FOREIGN_NETPBM),
]
