#!/usr/bin/env python3
"""A peer of DAO's network protocol, version 1, made from its description with the standard library alone.

dao_net_peer.py own                     is a machine with one stream, cam; commands come on standard input:
    meta ROWSxCOLS KEYWORD              describes the stream: uint16, with one keyword of the value KEYWORD
    frame COUNT DROPPED                 sends a frame of ramp values that begins with COUNT
    torn COUNT                          sends a frame that its writer has overwritten
    beat, bye, drop                     sends a sign of life; the farewell; ends the connection without it
dao_net_peer.py read PORT STREAM N      gets the list, then N frames of a stream of a machine, and prints them
dao_net_peer.py write PORT STREAM [N]   subscribes, sends a frame to be written, and waits for frame N
"""
import socket
import struct
import sys
import time

MAGIC = 0x54454E44
META, FRAME, HEARTBEAT, WRITE, BYE = 1, 2, 3, 4, 5
ECHO = 1  # the flag of a frame that this subscriber wrote
HEADER = struct.Struct("<IHHIIQQqQ16x")
DESCRIPTION = struct.Struct("<256sBBH3IQQ")
KEYWORD = struct.Struct("<16sc7x16s80s")
assert (HEADER.size, DESCRIPTION.size, KEYWORD.size) == (64, 288, 120)


def say(*words):
    print(*words, flush=True)


def line(connection):
    text = b""
    while not text.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte:
            raise EOFError("the connection ended")
        text += byte
    return text[:-1].decode()


def exactly(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise EOFError("the connection ended")
        data += part
    return data


class Sender:
    """One subscription, from the side of the owner."""

    def __init__(self, connection):
        self.connection = connection
        self.sequence = 0
        self.shape = (1, 1)

    def send(self, kind, payload=b"", count=0, dropped=0, time_ns=0, trailer=b""):
        header = HEADER.pack(MAGIC, 1, kind, 0, dropped, count, self.sequence, time_ns, len(payload))
        self.sequence += 1
        self.connection.sendall(header + payload + trailer)

    def meta(self, shape, value):
        self.shape = tuple(int(length) for length in shape.split("x"))
        rows, columns = self.shape
        keyword = KEYWORD.pack(b"gain", b"L", struct.pack("<q8x", int(value)), b"set by the owner")
        unused = KEYWORD.pack(b"", b"N", b"", b"")
        self.send(META, DESCRIPTION.pack(b"cam", 2, 3, 2, rows, columns, 1, rows * columns, 2) + keyword + unused)

    def frame(self, count, dropped, trailer):
        rows, columns = self.shape
        pixels = struct.pack(f"<{rows * columns}H", *((count + i) % 65536 for i in range(rows * columns)))
        self.send(FRAME, pixels, count, dropped, 1_700_000_000_000_000_000 + count, struct.pack("<Q", trailer))


def own():
    listener = socket.create_server(("127.0.0.1", 0))
    say("port", listener.getsockname()[1])
    while True:
        connection, _ = listener.accept()
        request = line(connection)
        say(request)
        if not request.startswith("SUBSCRIBE cam "):
            connection.sendall(b"ERR no such SHM here\n")
            connection.close()
            continue
        connection.sendall(b"OK\n")
        if not serve(Sender(connection)):
            return
        connection.close()


def serve(sender):
    """Obeys commands; returns whether another subscription is expected."""
    for command in sys.stdin:
        word, *rest = command.split()
        if word == "meta":
            sender.meta(*rest)
        elif word == "frame":
            sender.frame(int(rest[0]), int(rest[1]), int(rest[0]))
        elif word == "torn":
            sender.frame(int(rest[0]), 0, int(rest[0]) + 1)
        elif word == "beat":
            sender.send(HEARTBEAT)
            kind = HEADER.unpack(exactly(sender.connection, 64))[2]
            say("heard", kind)
        elif word == "bye":
            sender.send(BYE)
            return True
        elif word == "drop":
            return True
    return False


def connect(port):
    connection = socket.create_connection(("127.0.0.1", int(port)))
    connection.settimeout(20)
    return connection


def catalog(port):
    connection = connect(port)
    connection.sendall(b"CATALOG\n")
    node = line(connection).split()
    say(node[0], node[1], len(node))
    while True:
        text = line(connection)
        say(text)
        if text == "END":
            return


def subscribe(port, name):
    connection = connect(port)
    connection.sendall(f"SUBSCRIBE {name} peer\n".encode())
    answer = line(connection)
    say(answer)
    return connection if answer == "OK" else None


def receive(connection):
    magic, version, kind, flags, dropped, count, _, time_ns, size = HEADER.unpack(exactly(connection, 64))
    assert (magic, version) == (MAGIC, 1), (magic, version)
    if flags & ECHO:
        say("echo", count)
    payload = exactly(connection, size)
    trailer = struct.unpack("<Q", exactly(connection, 8))[0] if kind == FRAME else None
    return kind, dropped, count, time_ns, payload, trailer


def show_meta(payload):
    name, naxis, atype, nbkw, s0, s1, s2, nelement, elsize = DESCRIPTION.unpack(payload[:288])
    say("meta", name.rstrip(b"\0").decode(), naxis, atype, nbkw, s0, s1, s2, nelement, elsize)
    for i in range(nbkw):
        key, kind, value, comment = KEYWORD.unpack_from(payload, 288 + 120 * i)
        if kind != b"N":
            say("keyword", key.rstrip(b"\0").decode(), kind.decode(), struct.unpack("<q8x", value)[0],
                comment.rstrip(b"\0").decode())
    assert len(payload) == 288 + 120 * nbkw


def read(port, name, frames):
    catalog(port)
    connection = subscribe(port, name)
    left = int(frames)
    while connection and left > 0:
        kind, dropped, count, time_ns, payload, trailer = receive(connection)
        if kind == META:
            show_meta(payload)
        elif kind == FRAME and trailer == count:
            pixels = struct.unpack(f"<{len(payload) // 2}H", payload)
            ramp = all(pixel == (count + i) % 65536 for i, pixel in enumerate(pixels))
            say("frame", count, dropped, "whole" if ramp else "mixed", "timed" if time_ns > 10**18 else "untimed")
            left -= 1
            connection.sendall(HEADER.pack(MAGIC, 1, HEARTBEAT, 0, 0, 0, 0, 0, 0))
        elif kind == HEARTBEAT:
            say("heartbeat")
    if connection:
        connection.sendall(HEADER.pack(MAGIC, 1, BYE, 0, 0, 0, 0, 0, 0))


def write(port, name, written="0"):
    connection = subscribe(port, name)
    kind, _, _, _, payload, _ = receive(connection)
    assert kind == META
    size = DESCRIPTION.unpack(payload[:288])[7] * DESCRIPTION.unpack(payload[:288])[8]
    connection.sendall(HEADER.pack(MAGIC, 1, WRITE, 0, 0, 1, 0, time.time_ns(), size) + b"\xff" * size)
    kind = None
    count = 0
    while kind != HEARTBEAT or count < int(written):  # the sender has received what came before
        kind, _, received, _, _, _ = receive(connection)
        count = max(count, received)
    say("sent", size)


if __name__ == "__main__":
    {"own": own, "read": read, "write": write}[sys.argv[1]](*sys.argv[2:])
