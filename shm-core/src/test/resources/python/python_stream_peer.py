"""Writes frames as pyshmem and pyRTC do: python_stream_peer.py pyshmem2|pyshmem3|pyrtc NAME

All bytes of frame n are n modulo 256. Ends, and removes its objects, at the end of standard input.
"""
import select
import struct
import sys
import time
from multiprocessing import resource_tracker, shared_memory

ROWS, COLUMNS = 64, 128
SIZE = ROWS * COLUMNS


def create(name, size):
    shm = shared_memory.SharedMemory(name=name, create=True, size=size)
    # Both packages do the same, so that the objects outlive their creator.
    resource_tracker.unregister(shm._name, "shared_memory")
    return shm


def remove(shm):
    shm.close()
    resource_tracker.register(shm._name, "shared_memory")
    shm.unlink()


class Pyshmem2:
    meta_bytes = 256

    def describe(self, meta):
        # version, count, dtype uint8, axes, bytes, gpu, device, pid, time, sequence, owner, depth, mirror, axes ...
        struct.pack_into("<15d", meta, 0, 2, 0, 4, 2, SIZE, 0, -1, 1, 0, 0, 0, 0, 1, ROWS, COLUMNS)

    def write(self, meta, data, n):
        sequence = struct.unpack_from("<d", meta, 72)[0]
        struct.pack_into("<d", meta, 72, sequence + 1)
        data[:SIZE] = bytes([n % 256]) * SIZE
        struct.pack_into("<d", meta, 8, n)
        struct.pack_into("<d", meta, 64, time.time())
        struct.pack_into("<d", meta, 72, sequence + 2)


class Pyshmem3:
    meta_bytes = 512

    def describe(self, meta):
        struct.pack_into("<8sHHIHHiqQQqd", meta, 0, b"PYSHMEM", 3, 256, 0, 4, 2, -1, 1, SIZE, 0, 0, 0.0)
        struct.pack_into("<2Q", meta, 104, ROWS, COLUMNS)

    def write(self, meta, data, n):
        sequence = struct.unpack_from("<q", meta, 48)[0]
        struct.pack_into("<q", meta, 48, sequence + 1)
        data[:SIZE] = bytes([n % 256]) * SIZE
        struct.pack_into("<Q", meta, 40, n)
        struct.pack_into("<d", meta, 56, time.time())
        struct.pack_into("<q", meta, 48, sequence + 2)


class Pyrtc:
    meta_bytes = 80

    def describe(self, meta):
        struct.pack_into("<10d", meta, 0, 0, 0, SIZE, 4, ROWS, COLUMNS, 0, 0, 0, 0)

    def write(self, meta, data, n):
        data[:SIZE] = bytes([n % 256]) * SIZE
        struct.pack_into("<d", meta, 0, n)
        struct.pack_into("<d", meta, 8, time.time())


def main():
    kind, name = sys.argv[1:]
    package = {"pyshmem2": Pyshmem2, "pyshmem3": Pyshmem3, "pyrtc": Pyrtc}[kind]()
    data = create(name, SIZE)
    meta = create(name + "_meta", package.meta_bytes)
    try:
        package.describe(meta.buf)
        print("ready", flush=True)
        n = 0
        while not select.select([sys.stdin], [], [], 0.001)[0]:
            n += 1
            package.write(meta.buf, data.buf, n)
    finally:
        remove(data)
        remove(meta)


main()
