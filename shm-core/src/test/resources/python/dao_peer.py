#!/usr/bin/env python3
"""A DAO shared-memory peer that needs only the Python standard library.

It accesses the bytes of a stream and its named semaphores in the order of the DAO library, so that other
implementations can be tested against it. Run it with --help for the commands. Exit status: 0 done, 1 failed,
3 timed out.
"""
import collections
import ctypes
import json
import math
import mmap
import os
import struct
import sys
import time

from named_semaphore import Semaphore
from peer_common import FrameCounts, Parser, PeerError, ramp_source, run, say, ticks
from semaphore_claim import Claim, claimed

DTYPES = {"uint8": (1, 1), "int8": (2, 1), "uint16": (3, 2), "int16": (4, 2),
          "uint32": (5, 4), "int32": (6, 4), "uint64": (7, 8), "int64": (8, 8),
          "float32": (9, 4), "float64": (10, 8), "complex64": (11, 8), "complex128": (12, 16)}
ITEM_BYTES = dict(DTYPES.values())
KEYWORD_BYTES, KEYWORD_TYPE_OFFSET = 120, 16
PACKET_TABLE_OFFSET = 120  # from the fields after the name
MAGIC, VERSION = 0x4D485344, 2
AUTOMATIC = -1  # instead of a semaphore's number: one that nobody has claimed

# One row per generation of the format: slot size, name offset and capacity,
# offset of the fields in Slot, offset of the two FIFO words, number of semaphores at creation.
Layout = collections.namedtuple("Layout", "slot_bytes name_at name_bytes fields_at fifo_at semaphores")
LAYOUTS = {"fifo": Layout(4304, 0, 80, 80, 4296, 10), "old": Layout(4296, 0, 80, 80, None, 10),
           "wide": Layout(16448, 0, 80, 80, 16392, 10), "v2": Layout(16632, 8, 256, 264, 16576, 16)}


class Slot(ctypes.Structure):
    """The fields after the name in a metadata slot, the same in all generations."""
    _fields_ = [("naxis", ctypes.c_uint8), ("size", ctypes.c_uint32 * 3),
                ("nelement", ctypes.c_uint64), ("atype", ctypes.c_uint8),
                ("creation_time", ctypes.c_double), ("last_access", ctypes.c_double),
                ("atime_first", ctypes.c_int64), ("atime_ns", ctypes.c_int64),
                ("shared", ctypes.c_uint8), ("status", ctypes.c_uint8), ("logflag", ctypes.c_uint8),
                ("sem", ctypes.c_uint16), ("cnt0", ctypes.c_uint64), ("cnt1", ctypes.c_uint64),
                ("cnt2", ctypes.c_uint64), ("write", ctypes.c_uint8), ("nbkw", ctypes.c_uint16),
                ("last_pos", ctypes.c_uint32), ("last_nb", ctypes.c_uint32),
                ("packet_nb", ctypes.c_uint32), ("packet_total", ctypes.c_uint32)]


def local_name(path):
    """Return the prefix of all semaphore names: last path component without leading dots, up to the next dot."""
    local = path.rstrip("/").rsplit("/", 1)[-1].lstrip(".").split(".", 1)[0]
    if not local:
        raise PeerError(f"{path}: the path yields no semaphore name")
    return local


def semaphore_names(path, count):
    """Return the names of a number of data semaphores, and of the log semaphore."""
    local = local_name(path)
    return [f"{local}_sem{number:02d}" for number in range(count)], local + "_semlog"


def slot_at(memory, layout, index):
    """Return the fields of a slot, in place."""
    return Slot.from_buffer(memory, index * layout.slot_bytes + layout.fields_at)


class Stream:
    """A mapped stream: its slots, its frames and its semaphores."""

    def __init__(self, path, writable=True):
        """Map an existing stream. A writable one is marked as shared, as opening in DAO does."""
        self.path = path
        with open(path, "r+b" if writable else "rb") as file:
            self.bytes = os.fstat(file.fileno()).st_size
            if self.bytes < LAYOUTS["old"].slot_bytes:
                raise PeerError(f"{path}: too short for a DAO stream ({self.bytes} bytes)")
            access = mmap.ACCESS_WRITE if writable else mmap.ACCESS_COPY
            self.map = mmap.mmap(file.fileno(), 0, access=access)
        self.view = memoryview(self.map)
        self.layout = self._detect()
        layout = LAYOUTS[self.layout]
        self.data_offset = self.depth * layout.slot_bytes
        self.slots = [slot_at(self.map, layout, index) for index in range(self.depth)]
        self.head = self.slots[0]
        self.name = bytes(self.view[layout.name_at:layout.fields_at]).split(b"\0")[0]
        self.item_bytes = ITEM_BYTES[self.head.atype]
        self.frame_bytes = self.head.nelement * self.item_bytes
        self.data_semaphores, self.log_semaphore = [], None
        if writable:
            self.head.shared = 1

    def _detect(self):
        """Find the generation whose size equation holds, and set up depth and newest-slot word.

        FIFO words that a pre-FIFO writer has overwritten count as depth 1.
        """
        for name, layout in LAYOUTS.items():
            if self.bytes < layout.slot_bytes:
                continue
            head = slot_at(self.map, layout, 0)
            frame_bytes = head.nelement * ITEM_BYTES.get(head.atype, 0)
            size, last = ctypes.c_uint32(1), ctypes.c_uint32(0)
            if layout.fifo_at is not None:
                size = ctypes.c_uint32.from_buffer(self.map, layout.fifo_at)
                last = ctypes.c_uint32.from_buffer(self.map, layout.fifo_at + 4)
            for depth, newest in ((size.value, last), (1, ctypes.c_uint32(0))):
                expected = depth * (layout.slot_bytes + frame_bytes) + KEYWORD_BYTES * head.nbkw
                if frame_bytes and self.bytes == expected and newest.value < depth:
                    self.depth, self.last_written = depth, newest
                    return name
        raise PeerError(f"{self.path}: not a DAO stream, {self.bytes} bytes do not match its metadata")

    def open_semaphores(self):
        """Open data semaphores from 00 up to the first missing one, then the log semaphore."""
        names, log_name = semaphore_names(self.path, self.head.sem)
        for name in names:
            semaphore = Semaphore.open(name)
            if semaphore is None:
                break
            self.data_semaphores.append(semaphore)
        self.log_semaphore = Semaphore.open(log_name)

    def newest(self):
        """Return index and counter of the newest slot."""
        index = self.last_written.value
        return index, self.slots[index].cnt0

    def frame(self, index):
        """Return a copy of a slot's data."""
        start = self.data_offset + index * self.frame_bytes
        return bytes(self.view[start:start + self.frame_bytes])

    def put(self, index, data):
        """Copy bytes to the start of a slot's data."""
        start = self.data_offset + index * self.frame_bytes
        self.view[start:start + len(data)] = data

    def publish(self, data, safe=False):
        """Write one frame, in DAO's own order or in the order that readers can verify."""
        previous = self.last_written.value
        index = (previous + 1) % self.depth
        slot = self.slots[index]
        slot.write = 1
        self.put(index, data)
        if safe:
            slot.atime_ns = time.time_ns()
            slot.cnt0 = self.slots[previous].cnt0 + 1
            self.last_written.value = index
            slot.write = 0
            self.post()
        else:
            self.finish()

    def finish(self):
        """Publish the slot after the newest with its present data, in the library's order."""
        previous = self.last_written.value
        index = (previous + 1) % self.depth
        slot = self.slots[index]
        slot.write = 0
        self.last_written.value = index
        slot.atime_ns = time.time_ns()
        slot.cnt0 = self.slots[previous].cnt0 + 1
        self.post()

    def post(self):
        """Post each semaphore below the cap."""
        for semaphore in self.data_semaphores:
            semaphore.post_capped()
        if self.log_semaphore:
            self.log_semaphore.post_capped()

    def frame_data(self, text):
        """Return the bytes of a frame from hex text, after checking their number; - reads the text from stdin."""
        try:
            data = bytes.fromhex(sys.stdin.read() if text == "-" else text)
        except ValueError:
            raise PeerError("the data is not hexadecimal") from None
        if len(data) > self.frame_bytes or len(data) % self.item_bytes:
            raise PeerError(f"{len(data)} bytes given, a frame has {self.frame_bytes} in items of {self.item_bytes}")
        return data


def info(args):
    """Print the metadata and the semaphore values; changes nothing."""
    stream = Stream(args.path, writable=False)
    head, (newest, cnt0) = stream.head, stream.newest()
    slot = stream.slots[newest]
    names, _ = semaphore_names(args.path, LAYOUTS[stream.layout].semaphores)
    semaphores = [Semaphore.open(name) for name in names]
    say(json.dumps({
        "name": os.fsdecode(stream.name), "naxis": head.naxis, "size": list(head.size),
        "nelement": head.nelement, "atype": head.atype, "cnt0": cnt0, "cnt1": slot.cnt1,
        "cnt2": slot.cnt2, "write": slot.write, "nbkw": head.nbkw, "fifo_size": stream.depth,
        "fifo_last_written": newest, "atime_ns": slot.atime_ns, "sem": head.sem,
        "shared": head.shared, "sem_values": [s.value() if s else None for s in semaphores],
        "layout": stream.layout, "creation_time": head.creation_time, "bytes": stream.bytes}))


def read(args):
    """Print the newest slot's data in hex."""
    stream = Stream(args.path)
    say(stream.frame(stream.last_written.value).hex())


def write(args):
    """Publish the same bytes a number of times."""
    stream = Stream(args.path)
    data = stream.frame_data(args.hex)
    stream.open_semaphores()
    for _ in ticks(args.count, int(args.interval_ms * 1e6)):
        stream.publish(data, safe=args.command == "write-safe")


def part(args):
    """Write one packet into the slot after the newest, without publishing it."""
    stream = Stream(args.path)
    data = stream.frame_data(args.hex)
    index = (stream.last_written.value + 1) % stream.depth
    slot = stream.slots[index]
    start = stream.data_offset + index * stream.frame_bytes + args.position * stream.item_bytes
    slot.write = 1
    stream.view[start:start + len(data)] = data
    slot.last_pos, slot.last_nb = args.position, len(data) // stream.item_bytes
    slot.packet_nb, slot.packet_total = args.id, args.total
    table = LAYOUTS[stream.layout].slot_bytes * index + LAYOUTS[stream.layout].fields_at + PACKET_TABLE_OFFSET
    struct.pack_into("=Q", stream.map, table + 8 * args.id, args.frame_number)
    slot.write = 0


def finalize(args):
    """Publish the packets in the slot after the newest."""
    stream = Stream(args.path)
    stream.open_semaphores()
    stream.finish()


def packets(args):
    """Print the packet fields of the newest slot and the frame number of each packet."""
    stream = Stream(args.path, writable=False)
    newest, _ = stream.newest()
    slot = stream.slots[newest]
    table = LAYOUTS[stream.layout].slot_bytes * newest + LAYOUTS[stream.layout].fields_at + PACKET_TABLE_OFFSET
    numbers = struct.unpack_from(f"={slot.packet_total}Q", stream.map, table)
    say(slot.last_pos, slot.last_nb, slot.packet_nb, slot.packet_total, *numbers)


def claim_semaphore(stream, number):
    """Claim a semaphore as DAO's library does, and return the claim and the semaphore's number.

    An automatic one starts without tokens. A chosen one that another handle has claimed is used all the same.
    """
    claim = Claim(stream.path)
    if number == AUTOMATIC:
        number = claim.take_any(len(stream.data_semaphores))
        stream.data_semaphores[number].drain()
    elif not 0 <= number < len(stream.data_semaphores):
        raise PeerError(f"{stream.path}: semaphore {number} does not exist")
    elif not claim.take(number):
        print(f"warning: semaphore {number} is claimed by another reader", file=sys.stderr)
    return claim, number


def wait(args):
    """Wait on one semaphore, which version 2 claims first, and print the newest frame after each wake-up."""
    stream = Stream(args.path)
    stream.open_semaphores()
    number = args.sem_nb
    if stream.layout == "v2":
        _, number = claim_semaphore(stream, args.sem_nb)
    if not 0 <= number < len(stream.data_semaphores):
        raise PeerError(f"{args.path}: semaphore {args.sem_nb} does not exist")
    semaphore = stream.data_semaphores[number]
    say("ready" if args.sem_nb != AUTOMATIC else f"ready {number}")
    for _ in range(args.count):
        semaphore.wait(args.timeout_s)
        index, cnt0 = stream.newest()
        say(cnt0, stream.frame(index).hex())


def claim(args):
    """Claim a semaphore, print its number, and keep it until the input ends."""
    stream = Stream(args.path)
    stream.open_semaphores()
    held, number = claim_semaphore(stream, args.sem_nb)
    say("claimed" if held.number is not None else "shared", number)
    sys.stdin.read()
    held.release()
    say("released")


def claims(args):
    """Print the numbers of the claimed semaphores; changes nothing."""
    stream = Stream(args.path, writable=False)
    say(*claimed(args.path, stream.head.sem))


def ramp(args):
    """Write ramp frames of uint16 in the safe order."""
    stream = Stream(args.path)
    if stream.head.atype != DTYPES["uint16"][0]:
        raise PeerError(f"{args.path}: ramp frames need elements of uint16")
    stream.open_semaphores()
    frame_of = ramp_source(stream.head.nelement)
    for _ in ticks(args.count, args.interval_us * 1000):
        stream.publish(frame_of(stream.newest()[1] + 1), safe=True)


def verified_frame(stream, wanted):
    """Return a copy of the frame with this counter; None if its slot changed meanwhile or holds another frame."""
    index, newest = stream.newest()
    if newest - wanted >= stream.depth:
        return None
    slot = stream.slots[(index - (newest - wanted)) % stream.depth]
    if slot.write or slot.cnt0 != wanted:
        return None
    data = stream.frame((index - (newest - wanted)) % stream.depth)
    return data if not slot.write and slot.cnt0 == wanted else None


def follow(args):
    """Poll for a number of frames, or up to a counter, and count the frames copied, skipped and torn."""
    stream = Stream(args.path)
    frame_of = ramp_source(stream.head.nelement) if args.check_ramp else None
    counts = FrameCounts(stream.newest()[1], frame_of)
    end, quiet_since = args.count + (0 if args.up_to else counts.first), time.monotonic()
    say("ready", counts.first)
    while counts.last < end:
        newest = stream.newest()[1]
        data = verified_frame(stream, counts.last + 1) if newest > counts.last else None
        if data is not None:
            counts.copied(counts.last + 1, data)
            quiet_since = time.monotonic()
        elif newest - counts.last > stream.depth:
            counts.skip_to(min(newest - stream.depth, end))
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > args.timeout_s:
            counts.report()
            return 3
        elif newest <= counts.last:
            time.sleep(1e-5 if time.monotonic() - quiet_since < 0.1 else 1e-3)
    counts.report()


def create(args):
    """Create a stream and its semaphores; an existing file keeps its inode, existing semaphores their values."""
    sizes = [int(text) for text in args.sizes.split(",")]
    path = os.fsencode(args.path)
    if not 1 <= len(sizes) <= 3 or min(sizes) < 1 or args.depth < 1 or not 0 <= args.keywords < 65536:
        raise PeerError("one to three sizes, all sizes and the depth at least 1, keywords 0 to 65535")
    layout = LAYOUTS[args.layout]
    if len(path) >= layout.name_bytes:
        raise PeerError(f"{args.path}: longer than {layout.name_bytes - 1} bytes")
    if layout.fifo_at is None and args.depth != 1:
        raise PeerError("the old layout has no FIFO")
    atype, item_bytes = DTYPES[args.dtype]
    nelement = math.prod(sizes)
    keywords_at = args.depth * (layout.slot_bytes + nelement * item_bytes)
    names, log_name = semaphore_names(args.path, 100)
    Semaphore.open(log_name, create=True).reset()
    fd = os.open(args.path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.ftruncate(fd, keywords_at + args.keywords * KEYWORD_BYTES)
        memory = mmap.mmap(fd, 0)
    finally:
        os.close(fd)
    created = time.time()
    for index in range(args.depth):
        start = index * layout.slot_bytes
        if layout.name_at:
            struct.pack_into("=II", memory, start, MAGIC, VERSION)
        memory[start + layout.name_at:start + layout.name_at + len(path)] = path
        slot = slot_at(memory, layout, index)
        slot.shared, slot.atype, slot.naxis = 1, atype, len(sizes)
        slot.size[:len(sizes)] = sizes
        slot.nbkw, slot.nelement = args.keywords, nelement
        slot.creation_time = slot.last_access = created
    for name in names[layout.semaphores:]:
        Semaphore.unlink(name)
    slot_at(memory, layout, 0).sem = layout.semaphores
    for name in names[:layout.semaphores]:
        Semaphore.open(name, create=True)
    if layout.fifo_at is not None:
        struct.pack_into("=II", memory, layout.fifo_at, args.depth, args.depth - 1)
    for number in range(args.keywords):
        memory[keywords_at + number * KEYWORD_BYTES + KEYWORD_TYPE_OFFSET] = ord("N")
    if args.data is not None:
        stream = Stream(args.path)
        data = stream.frame_data(args.data)
        stream.open_semaphores()
        stream.publish(data)


def remove(args):
    """Remove a stream's semaphores and its file."""
    names, log_name = semaphore_names(args.path, 100)
    for name in names + [log_name]:
        Semaphore.unlink(name)
    os.unlink(args.path)


def parse(words):
    """Parse the command line; the result has the function to run as its action."""
    parser = Parser(prog="dao_peer.py", description=__doc__.split("\n")[0])
    verb = parser.commands()
    verb("info", info)
    verb("read", read)
    for name in ("write", "write-safe"):
        writer = verb(name, write, ("hex", str))
        writer.add_argument("--count", type=int, default=1)
        writer.add_argument("--interval-ms", type=float, default=0)
    verb("part", part, ("id", int), ("total", int), ("position", int), ("frame_number", int), ("hex", str))
    verb("finalize", finalize)
    verb("packets", packets)
    verb("wait", wait, ("sem_nb", int), ("timeout_s", float)).add_argument("--count", type=int, default=1)
    verb("claim", claim, ("sem_nb", int))
    verb("claims", claims)
    follower = verb("follow", follow, ("count", int), ("timeout_s", float))
    follower.add_argument("--check-ramp", action="store_true")
    follower.add_argument("--up-to", action="store_true")
    verb("ramp", ramp, ("count", int), ("interval_us", int))
    creator = verb("create", create)
    creator.add_argument("dtype", choices=DTYPES)
    creator.add_argument("sizes", metavar="SIZE0[,SIZE1[,SIZE2]]")
    creator.add_argument("--depth", type=int, default=1)
    creator.add_argument("--keywords", type=int, default=0)
    creator.add_argument("--data", metavar="HEX")
    creator.add_argument("--layout", choices=LAYOUTS, default="fifo")
    verb("rm", remove)
    return parser.parse_args(words)


def main(words):
    """Run one command."""
    args = parse(words)
    return run("dao_peer.py", lambda: args.action(args))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
