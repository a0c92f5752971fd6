#!/usr/bin/env python3
"""A milk stream peer that needs only the Python standard library.

It accesses the bytes of a stream and the semaphores in it in the order of ImageStreamIO or of pyMilk, so that other
implementations can be tested against it. Run it with --help for the commands. Exit status: 0 done, 1 failed,
3 timed out.
"""
import collections
import ctypes
import errno
import json
import math
import mmap
import os
import struct
import sys
import time

from peer_common import (FrameCounts, Parser, PeerError, PeerTimeout, Timespec, deadline, ramp_source, run, say, ticks,
                         timespec)

DTYPES = {"uint8": (1, 1), "int8": (2, 1), "uint16": (3, 2), "int16": (4, 2), "uint32": (5, 4), "int32": (6, 4),
          "uint64": (7, 8), "int64": (8, 8), "float32": (9, 4), "float64": (10, 8), "complex64": (11, 8),
          "complex128": (12, 16), "float16": (13, 2)}
ITEM_BYTES = dict(DTYPES.values())
SEMAPHORES, SEMAPHORE_BYTES, SEMAPHORE_CAP, TRACES, TRACE_BYTES = 10, 32, 10, 10, 64
KEYWORD_BYTES, RECORD_BYTES, HISTORY_BYTES = 128, 48, 3200
MATH, CUBE, CUBE_MASK = 0x2, 0x20001, 0xF000F
CLOCK_TAI = 11
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.sem_post.argtypes = LIBC.sem_trywait.argtypes = [ctypes.c_void_p]
LIBC.sem_init.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint]
LIBC.sem_timedwait.argtypes = [ctypes.c_void_p, ctypes.c_void_p]


class Header(ctypes.Structure):
    """The part of the header that all builds have in common."""
    _fields_ = [("version", ctypes.c_char * 32), ("name", ctypes.c_char * 80), ("naxis", ctypes.c_uint8),
                ("size", ctypes.c_uint32 * 3), ("nelement", ctypes.c_uint64), ("datatype", ctypes.c_uint8),
                ("imagetype", ctypes.c_uint64), ("creationtime", Timespec), ("lastaccesstime", Timespec),
                ("atime", Timespec), ("writetime", Timespec), ("creator_pid", ctypes.c_int32),
                ("owner_pid", ctypes.c_int32), ("shared", ctypes.c_uint8), ("inode", ctypes.c_uint64),
                ("location", ctypes.c_int8), ("status", ctypes.c_uint8), ("flag", ctypes.c_uint64),
                ("logflag", ctypes.c_uint8), ("sem", ctypes.c_uint16), ("traces", ctypes.c_uint16),
                ("cnt0", ctypes.c_uint64), ("cnt1", ctypes.c_uint64), ("cnt2", ctypes.c_uint64),
                ("write", ctypes.c_uint8), ("nbkw", ctypes.c_uint16), ("cbsize", ctypes.c_uint32),
                ("cbindex", ctypes.c_uint32), ("cbcycle", ctypes.c_uint64)]


class Keyword(ctypes.Structure):
    """One keyword."""
    _fields_ = [("name", ctypes.c_char * 16), ("type", ctypes.c_char), ("value", ctypes.c_int64 * 2),
                ("cnt", ctypes.c_uint64), ("comment", ctypes.c_char * 80)]


class Trace(ctypes.Structure):
    """One record of the process trace."""
    _fields_ = [("mode", ctypes.c_int32), ("pid", ctypes.c_int32), ("inode", ctypes.c_uint64), ("start", Timespec),
                ("update", Timespec), ("semaphore", ctypes.c_int32), ("status", ctypes.c_int32),
                ("cnt0", ctypes.c_uint64)]


Build = collections.namedtuple("Build", "header_bytes data_bytes_at history_bytes")
BUILDS = {"2.00": Build(384, 312, 0), "2.00-dao-compat": Build(4496, 312, 0),
          "2.00-writehistory": Build(400, 328, HISTORY_BYTES)}


def round_up(count):
    """Round up to a multiple of 8."""
    return (count + 7) & ~7


def regions(build, frame_bytes, head):
    """Return the offset of each region, and the size of the file."""
    slices = head.size[2] if head.imagetype & CUBE_MASK == CUBE else 0
    sizes = [("header", build.header_bytes), ("data", round_up(frame_bytes) if head.location == -1 else 0),
             ("keywords", KEYWORD_BYTES * head.nbkw), ("semaphores", SEMAPHORE_BYTES * head.sem),
             ("log", SEMAPHORE_BYTES), ("readers", round_up(4 * head.sem)), ("writers", round_up(4 * head.sem)),
             ("control", 2 * round_up(4 * head.sem)), ("traces", TRACE_BYTES * head.traces), ("lists", 40 * slices),
             ("records", RECORD_BYTES * head.cbsize), ("buffer", round_up(frame_bytes * head.cbsize)),
             ("history", build.history_bytes)]
    found, at = {}, 0
    for name, size in sizes:
        found[name] = at
        at += size
    return found, at


class Stream:
    """A mapped stream, accessed as ImageStreamIO does."""

    def __init__(self, path):
        """Map an existing stream and detect the build that created it."""
        with open(path, "r+b") as file:
            self.bytes = os.fstat(file.fileno()).st_size
            if self.bytes < 400:
                raise PeerError(f"{path}: too short for a milk stream ({self.bytes} bytes)")
            self.map = mmap.mmap(file.fileno(), 0)
        self.head = Header.from_buffer(self.map)
        self.base = ctypes.addressof(self.head)
        self.build = self._detect(path)
        if self.head.version not in (b"2.00", b"2.01"):
            raise PeerError(f"{path}: version is {self.head.version!r}")
        self.data = ctypes.addressof(self.head) + self.at["data"]
        self.readers = (ctypes.c_int32 * self.head.sem).from_buffer(self.map, self.at["readers"])
        self.writers = (ctypes.c_int32 * self.head.sem).from_buffer(self.map, self.at["writers"])

    def _detect(self, path):
        """Return the build whose size equation holds."""
        for name, build in BUILDS.items():
            self.frame_bytes = struct.unpack_from("<Q", self.map, build.data_bytes_at)[0]
            self.at, size = regions(build, self.frame_bytes, self.head)
            if size == self.bytes:
                return name
        raise PeerError(f"{path}: not a milk stream, {self.bytes} bytes do not match its header")

    @staticmethod
    def create(path, args):
        """Create a stream as the library does: an existing file is removed first, the version is written last."""
        build = BUILDS[args.build]
        head = fill_header(Header(), path, args)
        frame_bytes = head.nelement * ITEM_BYTES[head.datatype]
        at, size = regions(build, frame_bytes, head)
        if os.path.exists(path):
            os.unlink(path)
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            os.fchmod(fd, 0o666)
            os.ftruncate(fd, size)
            memory = mmap.mmap(fd, 0)
            head.inode = os.fstat(fd).st_ino
        finally:
            os.close(fd)
        memory[0:ctypes.sizeof(head)] = bytes(head)
        struct.pack_into("<Q", memory, build.data_bytes_at, frame_bytes)
        for number in range(head.nbkw):
            memory[at["keywords"] + number * KEYWORD_BYTES + 16] = ord("N")
        for number in range(head.sem):
            LIBC.sem_init(ctypes.byref(ctypes.c_char.from_buffer(memory, at["semaphores"] + 32 * number)), 1, 0)
            struct.pack_into("<i", memory, at["readers"] + 4 * number, -1)
            struct.pack_into("<i", memory, at["writers"] + 4 * number, -1)
        for number in range(head.traces):
            struct.pack_into("<i", memory, at["traces"] + TRACE_BYTES * number + 48, -1)
        memory[0:4] = b"2.00"

    def frame(self):
        """Return a copy of the frame."""
        return ctypes.string_at(self.data, self.frame_bytes)

    def put(self, data, offset=0):
        """Copy bytes into the frame."""
        ctypes.memmove(self.data + offset, data, len(data))

    def semaphore(self, index):
        """Return the address of a data semaphore."""
        return ctypes.c_void_p(self.base + self.at["semaphores"] + SEMAPHORE_BYTES * index)

    def value(self, index):
        """Return the value of a data semaphore."""
        return struct.unpack_from("<I", self.map, self.at["semaphores"] + SEMAPHORE_BYTES * index)[0]

    def keywords(self):
        """Return the addresses of the keywords."""
        return [self.base + self.at["keywords"] + KEYWORD_BYTES * i for i in range(self.head.nbkw)]

    def traces(self):
        """Return the addresses of the process trace records."""
        return [self.base + self.at["traces"] + TRACE_BYTES * i for i in range(self.head.traces)]

    def post_all(self):
        """Post every semaphore below the cap, then the log semaphore."""
        for index in range(self.head.sem):
            if self.value(index) < SEMAPHORE_CAP:
                LIBC.sem_post(self.semaphore(index))
                self.writers[index] = os.getpid()
        if struct.unpack_from("<I", self.map, self.at["log"])[0] < SEMAPHORE_CAP:
            LIBC.sem_post(ctypes.c_void_p(self.base + self.at["log"]))

    def update(self):
        """Publish a frame in the library's order."""
        head = self.head
        if head.cbsize:
            slot = head.cbindex + 1
            cycle = slot >= head.cbsize
            slot = 0 if cycle else slot
            ctypes.memmove(self.base + self.at["buffer"] + slot * self.frame_bytes, self.data, self.frame_bytes)
            head.cbcycle += cycle
            head.cbindex = slot
        head.writetime = head.atime = now()
        head.cnt0 += 1
        head.write = 0
        self.post_all()

    def reserve(self, preferred):
        """Select a semaphore as the library does, and store this process as its reader."""
        readers = self.readers
        for index in range(self.head.sem):
            if readers[index] == os.getpid():
                return index
        for index in [preferred] * (0 <= preferred < self.head.sem) + list(range(self.head.sem)):
            if readers[index] == 0 or is_dead(readers[index]):
                readers[index] = os.getpid()
                return index
        return -1

    def wait(self, index, timeout_s):
        """Wait on a semaphore; False on timeout."""
        until = deadline(timeout_s)
        while LIBC.sem_timedwait(self.semaphore(index), ctypes.byref(until)) != 0:
            if ctypes.get_errno() == errno.ETIMEDOUT:
                return False
            if ctypes.get_errno() != errno.EINTR:
                raise OSError(ctypes.get_errno(), "sem_timedwait")
        return True

    def flush(self, index):
        """Take all available tokens."""
        for _ in range(self.value(index)):
            LIBC.sem_trywait(self.semaphore(index))


def is_dead(pid):
    """Whether the library ignores a reservation of this pid."""
    try:
        return os.getpgid(pid) < 0
    except OSError:
        return True


def now():
    """Return the time of milk's clock."""
    return timespec(time.clock_gettime_ns(CLOCK_TAI))


def name_of(path):
    """Return the name of the stream."""
    return os.path.basename(path)[:-len(".im.shm")]


def fill_header(head, path, args):
    """Fill the header of a new stream, except version and inode."""
    sizes = [int(text) for text in args.sizes.split(",")]
    head.name = os.fsencode(name_of(path))[:79]
    head.naxis, head.datatype = len(sizes), DTYPES[args.dtype][0]
    head.size[:len(sizes)] = sizes
    head.nelement = math.prod(sizes)
    head.imagetype = CUBE if args.cube else MATH
    head.creationtime = head.lastaccesstime = now()
    head.creator_pid, head.shared, head.location = os.getpid(), 1, args.location
    head.sem, head.traces, head.nbkw, head.cbsize = args.semaphores, TRACES, args.keywords, args.circular
    return head


def publish(stream, data, order, gap_s=0.0, offset=0):
    """Write one frame in the library's order or in pyMilk's, which posts before the frame is complete."""
    head = stream.head
    head.write = 1
    stream.put(data, offset)
    if order == "library":
        stream.update()
        return
    stream.post_all()
    time.sleep(gap_s)
    head.lastaccesstime = now()
    head.write = 0
    head.cnt0 += 1
    head.cnt1 += 1


def keyword_value(keyword):
    """Return a keyword's value."""
    raw = bytes(keyword.value)
    return {b"L": lambda: struct.unpack("<q", raw[:8])[0], b"D": lambda: struct.unpack("<d", raw[:8])[0],
            b"S": lambda: raw.split(b"\0")[0].decode()}.get(keyword.type, lambda: None)()


def info(stream, args):
    """Print the header and the tables as JSON."""
    head = stream.head
    keywords = [Keyword.from_address(address) for address in stream.keywords()]
    traces = [Trace.from_address(address) for address in stream.traces()]
    say(json.dumps({
        "build": stream.build, "name": head.name.decode(), "size": list(head.size)[:head.naxis],
        "datatype": head.datatype, "nelement": head.nelement, "imagetype": head.imagetype, "cnt0": head.cnt0,
        "cnt1": head.cnt1, "cnt2": head.cnt2, "write": head.write, "sem": head.sem, "cbsize": head.cbsize,
        "cbindex": head.cbindex, "cbcycle": head.cbcycle, "inode": head.inode, "location": head.location,
        "creator_pid": head.creator_pid, "writetime": head.writetime.sec, "atime": head.atime.sec,
        "sem_values": [stream.value(i) for i in range(head.sem)], "readers": list(stream.readers[:head.sem]),
        "writers": list(stream.writers[:head.sem]),
        "keywords": {k.name.decode(): keyword_value(k) for k in keywords if k.name},
        "traces": [[t.pid, t.inode, t.semaphore, t.cnt0] for t in traces if t.pid]}))


def read(stream, args):
    """Print the frame in hex."""
    say(stream.frame().hex())


def write(stream, args):
    """Publish the same bytes a number of times, optionally once for each line of input."""
    data = bytes.fromhex(args.hex)
    if len(data) != stream.frame_bytes:
        raise PeerError(f"{len(data)} bytes given, a frame has {stream.frame_bytes}")
    for _ in ticks(args.count, int(args.interval_ms * 1e6)):
        if args.on_input:
            sys.stdin.readline()
        publish(stream, data, args.order, args.gap_ms / 1e3)


def write_slice(stream, args):
    """Write the next slice of a rolling cube, as milk's programs do."""
    data, head = bytes.fromhex(args.hex), stream.head
    number = (head.cnt1 + 1) % head.size[2]
    head.write = 1
    stream.put(data, number * len(data))
    head.cnt1 = number
    stream.update()


def set_keyword(stream, args):
    """Set the first free keyword to a text, an integer or a float."""
    for address in stream.keywords():
        keyword = Keyword.from_address(address)
        if not keyword.name:
            keyword.name, keyword.type, keyword.comment = args.name.encode(), args.type.encode(), b"set by a peer"
            packed = {"L": lambda: struct.pack("<q", int(args.value)),
                      "D": lambda: struct.pack("<d", float(args.value)),
                      "S": lambda: args.value.encode()}[args.type]()
            ctypes.memmove(address + 24, packed.ljust(16, b"\0"), 16)
            return
    raise PeerError("no keyword is free")


def wait(stream, args):
    """Reserve or use a semaphore, and print the frame after each wake-up."""
    index = stream.reserve(0) if args.sem_nb < 0 else args.sem_nb
    if index < 0:
        raise PeerError("no semaphore is free")
    stream.flush(index)
    say("ready", index)
    for _ in range(args.count):
        if not stream.wait(index, args.timeout_s):
            raise PeerTimeout
        say(stream.head.cnt0, stream.frame().hex())


def hold(stream, args):
    """Reserve a semaphore and hold it until the input ends."""
    say(stream.reserve(args.preferred))
    sys.stdin.read()


def ramp(stream, args):
    """Write ramp frames of uint16."""
    frame_of = ramp_source(stream.head.nelement)
    for _ in ticks(args.count, args.interval_us * 1000):
        publish(stream, frame_of(stream.head.cnt0 + 1), args.order)


def follow(stream, args):
    """Read frames by semaphore up to a counter, and count the frames copied, skipped and torn."""
    head, index = stream.head, stream.reserve(0)
    counts = FrameCounts(head.cnt0, ramp_source(head.nelement))
    say("ready", index)
    while counts.last < args.count:
        if not stream.wait(index, args.timeout_s):
            raise PeerTimeout
        before = head.cnt0
        if head.write or before == counts.last:
            continue
        data = stream.frame()
        if not head.write and head.cnt0 == before:
            counts.copied(before, data)
    counts.report(semaphore=index)


def parse(words):
    """Parse the command line; the result has the function to run as its action."""
    parser = Parser(prog="milk_peer.py", description=__doc__.split("\n")[0])
    verb = parser.commands()
    verb("info", info)
    verb("read", read)
    writer = verb("write", write, ("hex", str))
    writer.add_argument("--interval-ms", type=float, default=0)
    writer.add_argument("--gap-ms", type=float, default=0)
    writer.add_argument("--count", type=int, default=1)
    writer.add_argument("--on-input", action="store_true")
    ramper = verb("ramp", ramp, ("count", int), ("interval_us", int))
    for added in (writer, ramper):
        added.add_argument("--order", choices=("library", "pymilk"), default="library")
    verb("slice", write_slice, ("hex", str))
    verb("wait", wait, ("sem_nb", int), ("timeout_s", float)).add_argument("--count", type=int, default=1)
    verb("keyword", set_keyword, ("name", str), ("type", str), ("value", str))
    verb("hold", hold, ("preferred", int))
    follower = verb("follow", follow, ("count", int), ("timeout_s", float))
    for name in ("--check-ramp", "--up-to"):
        follower.add_argument(name, action="store_true", help="accepted and always on")
    creator = verb("create", None, ("dtype", str), ("sizes", str))
    creator.add_argument("--build", choices=BUILDS, default="2.00")
    creator.add_argument("--cube", action="store_true")
    for name, default in (("keywords", 0), ("circular", 0), ("semaphores", SEMAPHORES), ("location", -1)):
        creator.add_argument("--" + name, type=int, default=default)
    return parser.parse_args(words)


def main(words, kind):
    """Run one command on a stream of one class, Stream or RealStream."""
    args = parse(words)

    def action():
        if args.action is None:
            kind.create(args.path, args)
        else:
            args.action(kind(args.path), args)

    return run("milk_peer.py", action)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Stream))
