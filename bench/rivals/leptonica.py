"""Leptonica through its C interface, 1 bit a pixel."""

import ctypes

import numpy

SYMMETRIC_BORDER = 0


class Leptonica:
    def __init__(self):
        # Older Debian packages call the library liblept, newer ones libleptonica.
        for name in ("liblept.so.5", "libleptonica.so.6"):
            try:
                self.library = ctypes.CDLL(name)
                break
            except OSError:
                continue
        else:
            raise ImportError("Leptonica is not installed")
        self._declare()
        # Outside the image, an erosion reads ones.
        self.library.resetMorphBoundaryCondition(SYMMETRIC_BORDER)

    def _declare(self):
        pointer, integer = ctypes.c_void_p, ctypes.c_int32
        functions = {
            "pixCreate": (pointer, [integer, integer, integer]),
            "pixGetData": (pointer, [pointer]),
            "pixGetWpl": (integer, [pointer]),
            "selCreateFromString": (pointer, [ctypes.c_char_p, integer, integer, ctypes.c_char_p]),
            "pixDilate": (pointer, [pointer, pointer, pointer]),
            "pixOpen": (pointer, [pointer, pointer, pointer]),
            "pixDilateBrick": (pointer, [pointer, pointer, integer, integer]),
            "pixDilateBrickDwa": (pointer, [pointer, pointer, integer, integer]),
            "resetMorphBoundaryCondition": (None, [integer]),
            "getLeptonicaVersion": (ctypes.c_char_p, []),
        }
        for name, (result, arguments) in functions.items():
            function = getattr(self.library, name)
            function.restype, function.argtypes = result, arguments

    def version(self):
        return self.library.getLeptonicaVersion().decode().removeprefix("leptonica-")

    def image(self, pixels):
        """A copy of a boolean array."""
        height, width = pixels.shape
        pix = self.library.pixCreate(width, height, 1)
        self._words(pix, height)[:] = self._packed(pixels, self.library.pixGetWpl(pix))
        return pix

    def blank(self, pixels):
        height, width = pixels.shape
        return self.library.pixCreate(width, height, 1)

    def pixels(self, pix, shape):
        """The boolean array of an image."""
        words = self._words(pix, shape[0])
        packed = words.astype(">u4").view(numpy.uint8)
        return numpy.unpackbits(packed, axis=1)[:, : shape[1]].astype(bool)

    def element(self, pixels):
        """A structuring element with its origin in the middle."""
        height, width = pixels.shape
        text = bytearray()
        for index, hit in enumerate(pixels.flatten()):
            centre = index == (height // 2) * width + width // 2
            text += {(True, True): b"X", (True, False): b"x", (False, True): b"C", (False, False): b" "}[bool(hit), centre]
        return self.library.selCreateFromString(bytes(text), height, width, b"element")

    def _words(self, pix, height):
        words = ctypes.cast(self.library.pixGetData(pix), ctypes.POINTER(ctypes.c_uint32))
        return numpy.ctypeslib.as_array(words, (height, self.library.pixGetWpl(pix)))

    @staticmethod
    def _packed(pixels, words_a_row):
        packed = numpy.packbits(pixels, axis=1)
        padded = numpy.zeros((pixels.shape[0], 4 * words_a_row), numpy.uint8)
        padded[:, : packed.shape[1]] = packed
        # The leftmost pixel is the highest bit of a word.
        return padded.view(">u4").astype(numpy.uint32)
