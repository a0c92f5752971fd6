#!/usr/bin/env python3
"""The commands of milk_peer.py, executed by milk's own library; the first argument is the path of the library."""
import ctypes
import os
import sys

import milk_peer
from milk_peer import CUBE, DTYPES, Header, name_of
from peer_common import PeerError, deadline


class Image(ctypes.Structure):
    """The part of the library's handle that is used here, with space for the fields of other builds."""
    _fields_ = [("name", ctypes.c_char * 80), ("used", ctypes.c_uint8), ("createcnt", ctypes.c_int64),
                ("shmfd", ctypes.c_int32), ("memsize", ctypes.c_uint64), ("semlog", ctypes.c_void_p),
                ("md", ctypes.c_void_p), ("raw", ctypes.c_void_p), ("semptr", ctypes.c_void_p),
                ("kw", ctypes.c_void_p), ("semfile", ctypes.c_void_p),
                ("readers", ctypes.POINTER(ctypes.c_int32)), ("writers", ctypes.POINTER(ctypes.c_int32)),
                ("semctrl", ctypes.c_void_p), ("semstatus", ctypes.c_void_p), ("traces", ctypes.c_void_p),
                ("more", ctypes.c_uint64 * 64)]


class RealStream:
    """A stream, accessed by the library."""
    LIBRARY = None

    def __init__(self, path):
        """Open an existing stream."""
        self.image = Image()
        choose_directory(path)
        status = self.LIBRARY.ImageStreamIO_openIm(ctypes.byref(self.image), name_of(path).encode())
        if status != 0:
            raise PeerError(f"{path}: the library cannot open the stream (status {status})")
        self.head = Header.from_address(self.image.md)
        self.readers, self.writers = self.image.readers, self.image.writers
        self.frame_bytes = self.head.nelement * milk_peer.ITEM_BYTES[self.head.datatype]
        self.build = "real"

    @classmethod
    def create(cls, path, args):
        """Create a stream with the library."""
        choose_directory(path)
        sizes = [int(text) for text in args.sizes.split(",")]
        image = Image()
        status = cls.LIBRARY.ImageStreamIO_createIm_gpu(
            ctypes.byref(image), name_of(path).encode(), ctypes.c_long(len(sizes)),
            (ctypes.c_uint32 * 3)(*sizes), ctypes.c_uint8(DTYPES[args.dtype][0]), ctypes.c_int8(args.location), 1,
            args.semaphores, args.keywords, ctypes.c_uint64(CUBE if args.cube else milk_peer.MATH),
            ctypes.c_uint32(args.circular))
        if status != 0:
            raise PeerError(f"{path}: the library cannot create the stream (status {status})")

    def frame(self):
        """Return a copy of the frame."""
        return ctypes.string_at(self.image.raw, self.frame_bytes)

    def put(self, data, offset=0):
        """Copy bytes into the frame."""
        ctypes.memmove(self.image.raw + offset, data, len(data))

    def value(self, index):
        """Return the value of a data semaphore."""
        return self.LIBRARY.ImageStreamIO_semvalue(ctypes.byref(self.image), ctypes.c_long(index))

    def keywords(self):
        """Return the addresses of the keywords."""
        return [self.image.kw + milk_peer.KEYWORD_BYTES * i for i in range(self.head.nbkw)]

    def traces(self):
        """Return the addresses of the process trace records."""
        return [self.image.traces + milk_peer.TRACE_BYTES * i for i in range(self.head.traces)]

    def post_all(self):
        """Post every semaphore."""
        self.LIBRARY.ImageStreamIO_sempost(ctypes.byref(self.image), ctypes.c_long(-1))

    def update(self):
        """Publish a frame."""
        self.LIBRARY.ImageStreamIO_UpdateIm(ctypes.byref(self.image))

    def reserve(self, preferred):
        """Let the library select a semaphore."""
        return self.LIBRARY.ImageStreamIO_getsemwaitindex(ctypes.byref(self.image), preferred)

    def wait(self, index, timeout_s):
        """Wait on a semaphore; False on timeout."""
        until = deadline(timeout_s)
        return self.LIBRARY.ImageStreamIO_semtimedwait(ctypes.byref(self.image), index, ctypes.byref(until)) == 0

    def flush(self, index):
        """Take all available tokens."""
        self.LIBRARY.ImageStreamIO_semflush(ctypes.byref(self.image), ctypes.c_long(index))


def choose_directory(path):
    """Set the directory, which the library reads once from the environment."""
    os.environ["MILK_SHM_DIR"] = os.path.dirname(path)


if __name__ == "__main__":
    RealStream.LIBRARY = ctypes.CDLL(sys.argv[1])
    RealStream.LIBRARY.ImageStreamIO_semvalue.restype = ctypes.c_long
    sys.exit(milk_peer.main(sys.argv[2:], RealStream))
