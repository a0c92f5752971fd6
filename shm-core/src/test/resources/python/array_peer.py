"""An independent implementation of SharedArray: creates and reads arrays with mmap and struct, in all layouts.

Written from the description of the files, with only the Python standard library. One command per line on standard
input, one answer per line:

    create PATH FORM TYPENUM ITEMSIZE D0,D1 HEX     creates an array with these bytes
    read PATH FORM                                  TYPENUM ITEMSIZE D0,D1 HEX
    write PATH OFFSET HEX                           stores bytes at an offset, through a mapping that is kept
    peek PATH OFFSET COUNT                          bytes in HEX, through the same mapping
    delete PATH
"""
import mmap
import os
import struct
import sys

MAGIC = b"[SharedArray]".ljust(16, b"\0")
# name: block size, axes, item size stored, block first
FORMS = {"header-160": (160, 16, False, True), "trailer-160": (160, 16, False, False),
         "trailer-288": (288, 32, False, False), "trailer-292": (292, 32, True, False),
         "trailer-548": (548, 64, True, False)}
mapped = {}


def layout(form):
    size, axes, stored, first = FORMS[form]
    text = "<16sQi%si%dq" % ("i" if stored else "", axes)
    assert struct.calcsize(text) == size
    return text, size, axes, stored, first


def create(path, form, typenum, itemsize, shape, data):
    text, size, axes, stored, first = layout(form)
    dims = [int(n) for n in shape.split(",")] if shape != "-" else []
    fields = [MAGIC, len(data), int(typenum)] + ([int(itemsize)] if stored else []) + [len(dims)]
    block = struct.pack(text, *fields, *dims, *[0] * (axes - len(dims)))
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
    os.ftruncate(file, len(data) + size)
    memory = mmap.mmap(file, len(data) + size)
    os.close(file)
    at = size if first else 0
    memory[at:at + len(data)] = data
    at = 0 if first else len(data)
    memory[at:at + size] = block
    memory.close()
    return "ok"


def read(path, form):
    text, size, axes, stored, first = layout(form)
    with open(path, "rb") as file:
        content = file.read()
    block = content[:size] if first else content[len(content) - size:]
    fields = struct.unpack(text, block)
    assert fields[0] == MAGIC, fields[0]
    ndims = fields[4 if stored else 3]
    dims = fields[5 if stored else 4:]
    assert not any(dims[ndims:])
    data = content[size:] if first else content[:len(content) - size]
    assert len(data) == fields[1], (len(data), fields[1])
    return "%d %d %s %s" % (fields[2], fields[3] if stored else -1, ",".join(map(str, dims[:ndims])) or "-",
                            data.hex() or "-")


def memory(path):
    if path not in mapped:
        with open(path, "r+b") as file:
            mapped[path] = mmap.mmap(file.fileno(), 0)
    return mapped[path]


def answer(words):
    if words[0] == "create":
        return create(*words[1:6], bytes.fromhex(words[6]) if words[6] != "-" else b"")
    if words[0] == "read":
        return read(*words[1:])
    if words[0] == "write":
        data = bytes.fromhex(words[3])
        memory(words[1])[int(words[2]):int(words[2]) + len(data)] = data
        return "ok"
    if words[0] == "peek":
        return memory(words[1])[int(words[2]):int(words[2]) + int(words[3])].hex()
    if words[0] == "delete":
        os.unlink(words[1])
        return "ok"
    raise ValueError(words[0])


for line in sys.stdin:
    print(answer(line.split()), flush=True)
