#!/usr/bin/env python3
"""Reads and writes the bytes of keyword records, with only the Python standard library.

A record is: name of 16 bytes at 0, type character at 16, value at 24, comment of 80 bytes at the end.
  keyword_peer.py read PATH OFFSET STRIDE COUNT
  keyword_peer.py write PATH OFFSET STRIDE INDEX NAME TYPE VALUE COMMENT
"""
import json
import struct
import sys

COMMENT_BYTES = 80
FORMATS = {"L": ("<q", int), "D": ("<d", float)}


def text(field):
    """Return the text of a field, up to a NUL or its end."""
    return field.split(b"\0")[0].decode()


def decode(record):
    """Return a record as a dictionary, with its value as text, or None if its type is unknown."""
    kind = chr(record[16])
    value = None
    if kind in FORMATS:
        value = str(struct.unpack_from(FORMATS[kind][0], record, 24)[0])
    elif kind == "S":
        value = text(record[24:40])
    return {"name": text(record[:16]), "type": kind, "value": value, "comment": text(record[-COMMENT_BYTES:])}


def encode(stride, name, kind, value, comment):
    """Return the bytes of one record."""
    record = bytearray(stride)
    struct.pack_into("<16sc", record, 0, name.encode(), kind.encode())
    if kind in FORMATS:
        layout, number = FORMATS[kind]
        struct.pack_into(layout, record, 24, number(value))
    else:
        struct.pack_into("<16s", record, 24, value.encode())
    struct.pack_into(f"<{COMMENT_BYTES}s", record, stride - COMMENT_BYTES, comment.encode())
    return record


def main(verb, path, offset, stride, number, *fields):
    """Run one command."""
    offset, stride, number = int(offset), int(stride), int(number)
    with open(path, "rb" if verb == "read" else "r+b") as file:
        if verb == "read":
            file.seek(offset)
            print(json.dumps([decode(file.read(stride)) for _ in range(number)]))
        else:
            file.seek(offset + number * stride)
            file.write(encode(stride, *fields))


if __name__ == "__main__":
    main(*sys.argv[1:])
