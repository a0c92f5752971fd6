#!/usr/bin/env python3
"""The Python side of the cross-language torture: a writer or a reader of u16 ramp frames, with the standard library.

torture_peer.py MAKE STREAM BOARD read NUMBER sem|poll
torture_peer.py MAKE STREAM BOARD write READERS SECONDS EXACT_BURST TOKEN_BURST

MAKE is dao, dao-own-order, milk, or the path of libdao.so or libImageStreamIO.so, which then does the work. The board
is a file of 64-bit words: up to which frame nothing can be lost, up to which frame every token counts, the last frame
of all, and, 64 bytes apart, the frame that each reader has seen. Ends with a line of JSON.
"""
import ctypes
import json
import mmap
import os
import random
import sys
import threading
import time

import dao_peer
import milk_peer
import milk_real
from named_semaphore import Timespec

SLEEP_S, PATIENCE_S, SIGN_OF_LIFE_S = 10.0, 30.0, 10.0
LONG_BURST = 300
AGAIN = object()
NO_LIMIT = (1 << 63) - 1


class Dao:
    """A DAO stream in the hands of dao_peer.py."""

    def __init__(self, path, own_order, reader):
        self.stream = dao_peer.Stream(path)
        self.stream.open_semaphores()
        self.safe, self.index, self.counts_tokens = not own_order, reader, False
        self.elements = self.stream.head.nelement

    def count(self):
        """Counter of the newest frame."""
        return self.stream.newest()[1]

    def take(self, last):
        """The next frame and its count; None if there is none, AGAIN if it is being overwritten."""
        newest = self.stream.newest()[1]
        if newest <= last:
            return None
        wanted = last + 1 if newest - last <= self.stream.depth else newest
        data = dao_peer.verified_frame(self.stream, wanted)
        return AGAIN if data is None else (wanted, data)

    def wait(self, timeout_s):
        """Sleep until there is a token; false if none came."""
        try:
            self.stream.data_semaphores[self.index].wait(timeout_s)
            return True
        except dao_peer.PeerTimeout:
            return False

    def publish(self, data):
        """Write a frame."""
        self.stream.publish(data, safe=self.safe)


class Milk:
    """A milk stream in the hands of milk_peer.py or of milk's own library."""

    def __init__(self, stream, reader):
        self.stream, self.counts_tokens = stream, True
        self.index = stream.reserve(reader) if reader is not None else None
        self.elements = stream.head.nelement

    def count(self):
        """Counter of the newest frame."""
        return self.stream.head.cnt0

    def take(self, last):
        """The newest frame and its count; None if it was taken, AGAIN if it is being overwritten."""
        head = self.stream.head
        before = head.cnt0
        if before == last:
            return None
        if head.write:
            return AGAIN
        data = self.stream.frame()
        return (before, data) if not head.write and head.cnt0 == before else AGAIN

    def wait(self, timeout_s):
        """Sleep until there is a token; false if none came."""
        return self.stream.wait(self.index, timeout_s)

    def publish(self, data):
        """Write a frame in the library's order."""
        milk_peer.publish(self.stream, data, "library")


class DaoReal:
    """A DAO stream in the hands of DAO's own library."""

    def __init__(self, path, library, reader):
        self.lib, self.index, self.counts_tokens = ctypes.CDLL(library), reader, False
        self.lib.daoShmGetCounter.restype = ctypes.c_uint64
        for call in ("daoShmShm2Img", "daoShmGetNextSegment", "daoShmCheckSegmentOverwrite", "daoShmImage2Shm"):
            getattr(self.lib, call).restype = ctypes.c_int8
        self.image = ctypes.create_string_buffer(1 << 16)  # more than any build's IMAGE
        if self.lib.daoShmShm2Img(path.encode(), self.image) != 0:
            raise OSError(f"{path}: the library does not open it")
        self.elements = dao_peer.Stream(path).head.nelement

    def count(self):
        """Counter of the newest frame."""
        return self.lib.daoShmGetCounter(self.image)

    def take(self, last):
        """The next frame and its count, without data if the library finds it overwritten; None if there is none."""
        at, slot, count = ctypes.c_void_p(), ctypes.c_uint32(), ctypes.c_uint64()
        if self.lib.daoShmGetNextSegment(self.image, ctypes.byref(at), ctypes.byref(slot), ctypes.byref(count)) == -3:
            return None
        data = ctypes.string_at(at, 2 * self.elements)
        return count.value, data if self.lib.daoShmCheckSegmentOverwrite(self.image) == 0 else None

    def wait(self, timeout_s):
        """Sleep until there is a token; false if none came."""
        deadline = Timespec(*divmod(time.time_ns() + int(timeout_s * 1e9), 1_000_000_000))
        return self.lib.daoShmWaitForSemaphoreTimeout(self.image, self.index, ctypes.byref(deadline)) == 0

    def publish(self, data):
        """Write a frame."""
        self.lib.daoShmImage2Shm(data, ctypes.c_uint32(self.elements), self.image)


def side(make, path, reader):
    """The stream by the make asked for; reader is a number that chooses the semaphore, None for a writer."""
    if make.startswith("dao"):
        return Dao(path, make == "dao-own-order", reader)
    if make == "milk":
        return Milk(milk_peer.Stream(path), reader)
    if os.path.basename(make).startswith("libdao"):
        return DaoReal(path, make, reader)
    milk_real.RealStream.LIBRARY = ctypes.CDLL(make)
    milk_real.RealStream.LIBRARY.ImageStreamIO_semvalue.restype = ctypes.c_long
    return Milk(milk_real.RealStream(path), reader)


class Board:
    """The words that all share."""

    def __init__(self, path):
        with open(path, "r+b") as file:
            self.words = (ctypes.c_int64 * 512).from_buffer(mmap.mmap(file.fileno(), 4096))

    exact_up_to = property(lambda self: self.words[0])
    tokens_up_to = property(lambda self: self.words[1])
    last = property(lambda self: self.words[2])

    def seen(self, reader):
        """The frame a reader has seen."""
        return self.words[8 * (reader + 1)]

    def see(self, reader, count):
        """Tell it."""
        self.words[8 * (reader + 1)] = count


def read(stream, board, number, by_semaphore):
    """Take all frames in order, and count what came of each."""
    frame_of = dao_peer.ramp_source(stream.elements)
    start = last = stream.count()
    found = dict.fromkeys(("taken", "discarded", "lost", "torn", "exactLost", "exactDiscarded", "exactTorn",
                           "strict", "asleep"), 0)
    tokens, found["tokens"], found["problem"] = 0, -1, ""
    board.see(number, last)
    dao_peer.say("ready")
    while last != board.last and not found["problem"]:
        counting = by_semaphore and stream.counts_tokens and board.tokens_up_to == NO_LIMIT
        taken = stream.take(last)
        if taken is AGAIN:
            continue
        if taken is not None:
            count, data = taken
            exact = count <= board.exact_up_to
            if count <= last:
                found["problem"] = f"{count} came after {last}"
            lost, torn = count - last - 1, data is not None and data != frame_of(count)
            found["taken" if data is not None else "discarded"] += 1
            found["lost"] += lost
            found["torn"] += torn
            found["exactLost"] += exact * lost
            found["exactDiscarded"] += exact * (data is None)
            found["exactTorn"] += exact * torn
            last = count
            continue
        if counting and tokens == last - start:
            found["tokens"] = tokens
        if not counting or tokens == last - start:
            board.see(number, last)
        if not by_semaphore:
            time.sleep(0)
        elif stream.wait(SLEEP_S) or (stream.count() > last and stream.wait(1.0)):
            tokens += 1
        elif stream.count() > last:  # there, and no token came: not a writer that was held up
            found["asleep"] += 1
    dao_peer.say(json.dumps({"start": start, "last": last, **found}))


class Writer:
    """Bursts of frames, each with a silence after it in which every reader has to see the last one."""

    def __init__(self, stream, board, readers):
        self.stream, self.board, self.readers = stream, board, readers
        self.frame_of = dao_peer.ramp_source(stream.elements)
        self.random = random.Random(7)
        self.begun = self.said = time.monotonic()
        self.start = self.count = stream.count()
        self.silences, self.slowest, self.problem = 0, 0.0, ""

    def publish(self):
        """Write the next frame."""
        self.count += 1
        self.stream.publish(self.frame_of(self.count))

    def bursts(self, until, longest):
        """Bursts until so many seconds after the start; false if a reader was left behind."""
        while time.monotonic() - self.begun < until:
            pause = self.random.choice((0, 0, 1e-4, 1e-3))
            if pause:
                time.sleep(pause)
            for _ in range(self.random.randint(1, longest)):
                self.publish()
            if not self.await_readers():
                return False
        return True

    def await_readers(self):
        """Wait until all have seen the newest frame."""
        silent = time.monotonic()
        for reader in range(self.readers):
            while self.board.seen(reader) != self.count:
                if time.monotonic() - silent > PATIENCE_S:
                    self.problem = f"reader {reader} is left at {self.board.seen(reader)} beside frame {self.count}"
                    return False
                time.sleep(0)
        now = time.monotonic()
        self.silences += 1
        self.slowest = max(self.slowest, now - silent)
        if now - self.said > SIGN_OF_LIFE_S:
            self.said = now
            dao_peer.say("at", self.count)
        return True

    def run(self, seconds, exact_burst, token_burst):
        """A third of the time each: bursts the stream holds, bursts the semaphores count, long ones."""
        well = self.bursts(seconds / 3, exact_burst)
        exact = counted = self.count - self.start
        self.board.words[0] = self.count
        if token_burst:
            well = well and self.bursts(2 * seconds / 3, token_burst)
            counted = self.count - self.start
        self.board.words[1] = self.count
        if well:
            self.bursts(seconds, LONG_BURST)
        self.board.words[2] = self.count + 1
        self.publish()
        if self.stream.count() != self.count:
            self.problem = f"frame {self.count} is counted as {self.stream.count()}"
        dao_peer.say(json.dumps({
            "start": self.start, "last": self.count, "silences": self.silences, "exact": exact,
            "counted": counted if token_burst else 0, "slowestMs": 1e3 * self.slowest, "problem": self.problem}))


def end_with_parent():
    """End this process when the test is gone, which shows in the end of the input."""
    while os.read(0, 64):
        pass
    os._exit(1)


def main(make, path, board, verb, *words):
    """Do one or the other."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    if verb == "read":
        read(side(make, path, int(words[0])), Board(board), int(words[0]), words[1] == "sem")
    else:
        Writer(side(make, path, None), Board(board), int(words[0])).run(float(words[1]), int(words[2]), int(words[3]))


if __name__ == "__main__":
    main(*sys.argv[1:])
