"""Writes and reads FITS files with astropy. Images are exchanged as .npy files."""
import sys

import numpy as np
from astropy.io import fits


def load(path, hdu, npy):
    """Reads an image, saves it as little-endian .npy, and prints its header."""
    with fits.open(path, checksum=True) as hdus:
        hdus.verify("exception")
        chosen = hdus[int(hdu)]
        data = chosen.data
        np.save(npy, data.astype(data.dtype.newbyteorder("<")))
        for card in chosen.header.cards:
            print(f"{card.keyword}|{card.value!r}|{card.comment}")


def table(path):
    """Prints the table of times."""
    with fits.open(path) as hdus:
        hdus.verify("exception")
        for row in hdus["TIMES"].data:
            print(int(row["CNT0"]), int(row["ACQUIRED_NS"]))


def recording(path):
    """Prints the counters of the frames of a recording."""
    with fits.open(path) as hdus:
        hdus.verify("exception")
        for row in hdus["TIMES"].data:
            print(*[int(row[name]) for name in ("CNT0", "CNT1", "FRAME_ID", "ACQUIRED_NS")])


def counters(path):
    """Prints the counter of the image and those of the table of times."""
    with fits.open(path) as hdus:
        images = [hdu for hdu in hdus if "CNT0" in hdu.header]
        print(images[0].header["CNT0"], *[int(count) for count in hdus["TIMES"].data["CNT0"]])


def save(npy, path, *options):
    """Writes an .npy file as FITS; options are compression algorithm, tile shape and quantization."""
    data = np.load(npy)
    if not options:
        fits.PrimaryHDU(data).writeto(path)
        return
    algorithm, tile = options[0], options[1]
    more = {}
    if len(options) > 2:
        more["quantize_level"] = float(options[2])
        more["quantize_method"] = int(options[3])
        more["dither_seed"] = 17
    shape = None if tile == "-" else tuple(int(length) for length in tile.split("x"))
    hdu = fits.CompImageHDU(data, compression_type=algorithm, tile_shape=shape, **more)
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(path)


def load_quietly(path, npy):
    """Reads a compressed image and saves it as .npy."""
    with fits.open(path) as hdus:
        data = hdus[1].data
        np.save(npy, data.astype(data.dtype.newbyteorder("<")))


def time_load(path, count):
    """Prints the seconds that each load took: open, read, convert to little-endian."""
    import time
    for _ in range(int(count)):
        start = time.perf_counter()
        with fits.open(path, memmap=False) as hdus:
            data = hdus[0].data
            data = data.astype(data.dtype.newbyteorder("<"))
        print(time.perf_counter() - start)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
