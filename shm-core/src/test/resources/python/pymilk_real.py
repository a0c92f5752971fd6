#!/usr/bin/env python3
"""Uses a stream as a user of pyMilk does. The first argument is the path of the stream, the second the command."""
import json
import os
import sys

path, verb, words = sys.argv[1], sys.argv[2], sys.argv[3:]
os.environ["MILK_SHM_DIR"] = os.path.dirname(path)

import numpy as np
from pyMilk.interfacing.isio_shmlib import SHM

name = os.path.basename(path)[:-len(".im.shm")]


def say(*texts):
    """Print a line and flush it."""
    print(*texts, flush=True)


def counting(shape, dtype, start):
    """Return an array of start, start + 1, ..."""
    return (np.arange(np.prod(shape)) + int(start)).astype(dtype).reshape(shape)


def create(dtype, shape, start):
    """Create a stream from such an array, with keywords."""
    shm = SHM(name, counting([int(n) for n in shape.split("x")], dtype, start), nbkw=5)
    shm.set_keywords({"gain": 0.5, "loops": (7, "a comment"), "mode": "closed"})


def read(index):
    """Print the frame in numpy's order, and the state of the stream."""
    shm = SHM(name)
    data = shm.get_data()
    say(json.dumps({"shape": data.shape, "dtype": str(data.dtype), "values": data.ravel().tolist(),
                    "counter": shm.get_counter(), "keywords": shm.get_keywords(), "sem": shm.semID}))


def write(times, start):
    """Write frames, one for each line of input."""
    shm = SHM(name)
    for index in range(int(times)):
        sys.stdin.readline()
        shm.set_data(counting(shm.shape, shm.nptype, int(start) + index))


def wait(times, timeout):
    """Print frames as they arrive, and 'none' on timeout."""
    shm = SHM(name)
    say("ready", shm.semID)
    for _ in range(int(times)):
        data = shm.get_data(check=True, timeout=float(timeout), checkSemAndFlush=False, return_none_on_timeout=True)
        say("none" if data is None else str(data.ravel()[0]) + " " + str(shm.IMAGE.md.cnt0))


def relink(unused):
    """Print the first element, and print it again after a line of input."""
    shm = SHM(name)
    say("first", shm.get_data().ravel()[0])
    sys.stdin.readline()
    say("then", shm.get_data().ravel()[0])


{"create": create, "read": read, "write": write, "wait": wait, "relink": relink}[verb](*words)
