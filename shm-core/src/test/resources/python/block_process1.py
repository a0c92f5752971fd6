#!/usr/bin/env python3
"""Process 1 of the two-process example in Python: creates the block and writes byte 0."""
import select
import sys
import time
from multiprocessing import shared_memory

name = sys.argv[1] if len(sys.argv) > 1 else "shmrt_example"
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60

block = shared_memory.SharedMemory(name=name, create=True, size=4)
block.buf[0] = 10
print("process 1: made", name + ", waiting for process 2 (Enter goes on without it)", flush=True)
end = time.monotonic() + seconds
while block.buf[3] == 0 and time.monotonic() < end and not select.select([sys.stdin], [], [], 0.01)[0]:
    pass
print("process 1: bytes 0-3 are", " ".join("%02x" % byte for byte in block.buf[:4]))
block.close()
block.unlink()
