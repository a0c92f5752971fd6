#!/usr/bin/env python3
"""Uses CPython's own shared_memory, for tests of the exchange with other programs.

Standard library only. The first argument is a command; output is in lines.
"""
import json
import os
import select
import sys
from multiprocessing import resource_tracker, shared_memory


def untrack(block):
    """Keep the resource tracker from unlinking a block that this process only uses."""
    resource_tracker.unregister(block._name, "shared_memory")
    return block


def attach(name):
    """Attach a block so that it survives this process."""
    return untrack(shared_memory.SharedMemory(name=name))


def described(value):
    """Describe an item of a list as the manifest of the golden files does."""
    if value is None:
        return {"type": "none"}
    if isinstance(value, bool):
        return {"type": "bool", "value": value}
    if isinstance(value, int):
        return {"type": "int", "value": str(value)}
    if isinstance(value, float):
        return {"type": "float", "value": repr(value)}
    if isinstance(value, str):
        return {"type": "str", "value": value}
    return {"type": "bytes", "hex": value.hex()}


def decoded(item):
    """Return the value of such a description."""
    kind = item["type"]
    if kind == "none":
        return None
    if kind == "bytes":
        return bytes.fromhex(item["hex"])
    return {"bool": bool, "int": int, "float": float, "str": str}[kind](item["value"])


def say(*words):
    """Print a line and flush it."""
    print(*words, flush=True)


def create(name, size):
    """Create a block with a pattern of bytes, and leave it."""
    block = untrack(shared_memory.SharedMemory(name=None if name == "-" else name, create=True, size=int(size)))
    for i in range(block.size):
        block.buf[i] = i * i % 251
    say(block.name, block.size, oct(os.stat("/dev/shm/" + block.name).st_mode & 0o777))
    block.close()


def increment(name):
    """Print a block's bytes and add one to each."""
    block = attach(name)
    say(block.size, bytes(block.buf).hex())
    for i in range(block.size):
        block.buf[i] = (block.buf[i] + 1) % 256
    block.close()


def tracked(name):
    """Attach a block with the resource tracker enabled, and exit."""
    block = shared_memory.SharedMemory(name=name)
    say("attached", block.buf[0])
    block.close()


def untracked(name):
    """Attach a block without the resource tracker, which needs Python 3.13."""
    block = shared_memory.SharedMemory(name=name, track=False)
    say("attached", block.buf[0])
    block.close()


def hold(name):
    """Keep a block attached and execute commands on it."""
    block = attach(name)
    say("ready")
    for line in sys.stdin:
        words = line.split()
        if words[0] == "end":
            break
        if words[0] == "poke":
            block.buf[int(words[1])] = int(words[2])
        say(block.buf[int(words[1])])
    block.close()


def list_create(name, *items):
    """Create a list of the described items, and leave it."""
    values = shared_memory.ShareableList([decoded(json.loads(item)) for item in items], name=name)
    untrack(values.shm)
    say(values.shm.name, len(values))
    values.shm.close()


def list_read(name):
    """Print the items of a list, one per line."""
    values = shared_memory.ShareableList(name=name)
    untrack(values.shm)
    for value in values:
        say(json.dumps(described(value)))
    values.shm.close()


def list_set(name, *changes):
    """Replace items: position, description, position, description ..."""
    values = shared_memory.ShareableList(name=name)
    untrack(values.shm)
    for position, item in zip(changes[::2], changes[1::2]):
        try:
            values[int(position)] = decoded(json.loads(item))
            say("done")
        except ValueError as refusal:
            say(refusal)
    values.shm.close()


def list_flip(name, position, *items):
    """Replace an item by each of the given ones in turn until the input ends."""
    values = shared_memory.ShareableList(name=name)
    untrack(values.shm)
    values_of = [decoded(json.loads(item)) for item in items]
    say("ready")
    while not select.select([sys.stdin], [], [], 0)[0]:
        for _ in range(200):
            for value in values_of:
                values[int(position)] = value
    values.shm.close()


def numpy_view(name):
    """Print and change a block of float64 through numpy."""
    import numpy
    block = attach(name)
    view = numpy.ndarray((2, 3), dtype="float64", buffer=block.buf)
    say(*view.ravel().tolist())
    view *= 2
    del view
    block.close()


if __name__ == "__main__":
    {"create": create, "increment": increment, "tracked": tracked, "untracked": untracked, "hold": hold,
     "list-create": list_create, "list-read": list_read, "list-set": list_set, "list-flip": list_flip,
     "numpy": numpy_view}[sys.argv[1]](*sys.argv[2:])
