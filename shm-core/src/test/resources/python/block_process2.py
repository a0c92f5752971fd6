#!/usr/bin/env python3
"""Process 2 of the two-process example in Python: attaches the block and writes bytes 1 to 3."""
import sys
from multiprocessing import resource_tracker, shared_memory

name = sys.argv[1] if len(sys.argv) > 1 else "shmrt_example"

block = shared_memory.SharedMemory(name=name)
resource_tracker.unregister(block._name, "shared_memory")
block.buf[1] = 11
block.buf[2] = 12
block.buf[3] = 13
print("process 2: bytes 0-3 are", " ".join("%02x" % byte for byte in block.buf[:4]))
block.close()
