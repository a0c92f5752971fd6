"""Uses the Python package SharedArray: one command per line on standard input, one answer per line.

    create NAME DTYPE D0,D1    creates an array and fills it with 1, 2, 3, ...
    attach NAME                DTYPE D0,D1 HEX; the array stays attached
    set NAME FLAT VALUE        an element of an attached array
    get NAME FLAT
    list                       names with type and shape
    delete NAME
"""
import sys

import numpy
import SharedArray

arrays = {}


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def answer(words):
    name = words[1] if len(words) > 1 else None
    if words[0] == "create":
        shape = [int(n) for n in words[3].split(",")]
        a = arrays[name] = SharedArray.create(name, shape, dtype=words[2])
        a.flat[:] = numpy.arange(1, a.size + 1).astype(a.dtype)
        return "ok"
    if words[0] == "attach":
        a = arrays[name] = SharedArray.attach(name)
        return "%s %s %s" % (a.dtype, ",".join(map(str, a.shape)), a.tobytes().hex() or "-")
    if words[0] == "set":
        arrays[name].flat[int(words[2])] = arrays[name].dtype.type(words[3])
        return "ok"
    if words[0] == "get":
        return str(arrays[name].flat[int(words[2])])
    if words[0] == "list":
        return " ".join("%s:%s:%s" % (text(d.name), numpy.dtype(d.dtype), ",".join(map(str, d.dims)))
                        for d in SharedArray.list()) or "-"
    if words[0] == "delete":
        SharedArray.delete(name)
        return "ok"
    raise ValueError(words[0])


for line in sys.stdin:
    try:
        print(answer(line.split()), flush=True)
    except OSError as e:
        print("OSError: %s" % e, flush=True)
