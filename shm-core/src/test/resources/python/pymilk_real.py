#!/usr/bin/env python3
"""What a user of pyMilk does with a stream: the first word is the stream's path, the second what to do."""
import json
import os
import sys

path, verb, words = sys.argv[1], sys.argv[2], sys.argv[3:]
os.environ["MILK_SHM_DIR"] = os.path.dirname(path)

import numpy as np
from pyMilk.interfacing.isio_shmlib import SHM

name = os.path.basename(path)[:-len(".im.shm")]


def say(*texts):
    """Print a line at once."""
    print(*texts, flush=True)


def counting(shape, dtype, start):
    """An array of start, start + 1, ..."""
    return (np.arange(np.prod(shape)) + int(start)).astype(dtype).reshape(shape)


def create(dtype, shape, start):
    """Make a stream of such an array, with keywords."""
    shm = SHM(name, counting([int(n) for n in shape.split("x")], dtype, start), nbkw=5)
    shm.set_keywords({"gain": 0.5, "loops": (7, "a comment"), "mode": "closed"})


def read(index):
    """The frame in the order of numpy, and what else there is to know."""
    shm = SHM(name)
    data = shm.get_data()
    say(json.dumps({"shape": data.shape, "dtype": str(data.dtype), "values": data.ravel().tolist(),
                    "counter": shm.get_counter(), "keywords": shm.get_keywords(), "sem": shm.semID}))


def write(times, start):
    """Frames, each when a line comes in."""
    shm = SHM(name)
    for turn in range(int(times)):
        sys.stdin.readline()
        shm.set_data(counting(shm.shape, shm.nptype, int(start) + turn))


def wait(times, timeout):
    """Frames as they come; 'none' when the time is over."""
    shm = SHM(name)
    say("ready", shm.semID)
    for _ in range(int(times)):
        data = shm.get_data(check=True, timeout=float(timeout), checkSemAndFlush=False, return_none_on_timeout=True)
        say("none" if data is None else str(data.ravel()[0]) + " " + str(shm.IMAGE.md.cnt0))


def relink(unused):
    """The first element, again after each line that comes in."""
    shm = SHM(name)
    say("first", shm.get_data().ravel()[0])
    sys.stdin.readline()
    say("then", shm.get_data().ravel()[0])


{"create": create, "read": read, "write": write, "wait": wait, "relink": relink}[verb](*words)
