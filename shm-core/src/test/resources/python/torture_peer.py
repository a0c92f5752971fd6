#!/usr/bin/env python3
"""The Python side of the cross-language torture test: a writer or reader of uint16 ramp frames, standard library only.

torture_peer.py IMPLEMENTATION STREAM PROGRESS read NUMBER sem|poll
torture_peer.py IMPLEMENTATION STREAM PROGRESS write READERS SECONDS EXACT_BURST TOKEN_BURST
torture_peer.py IMPLEMENTATION STREAM PROGRESS restart READERS SECONDS

IMPLEMENTATION is dao, dao-own-order or milk for the Python peers, or the path of libdao.so or libImageStreamIO.so for
the C libraries. PROGRESS is a file of 64-bit words: the frame up to which none can be lost, the frame up to which every
frame adds a token, the last frame of the run, and, 64 bytes apart, the last frame that each reader has seen. Ends by
printing a line of JSON.
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
from peer_common import PeerTimeout, deadline, ramp_source, say

SLEEP_S, TIMEOUT_S, HEARTBEAT_S = 10.0, 30.0, 10.0
LONG_BURST, RESTART_BURST, RESTART_STEP = 300, 50, 1500
RETRY = object()
NO_LIMIT = (1 << 63) - 1


class Dao:
    """A DAO stream, accessed by dao_peer.py."""

    def __init__(self, path, own_order, reader):
        self.stream = dao_peer.Stream(path)
        self.stream.open_semaphores()
        self.safe, self.index, self.counts_tokens = not own_order, reader, False
        self.elements = self.stream.head.nelement

    def count(self):
        """Return the count of the newest frame."""
        return self.stream.newest()[1]

    def take(self, last):
        """Return the next frame and its count; None if there is none, RETRY if it is being overwritten."""
        newest = self.stream.newest()[1]
        if newest <= last:
            return None
        wanted = last + 1 if newest - last <= self.stream.depth else newest
        data = dao_peer.verified_frame(self.stream, wanted)
        return RETRY if data is None else (wanted, data)

    def wait(self, timeout_s):
        """Sleep until there is a token; False on timeout."""
        try:
            self.stream.data_semaphores[self.index].wait(timeout_s)
            return True
        except PeerTimeout:
            return False

    def publish(self, data):
        """Write a frame."""
        self.stream.publish(data, safe=self.safe)

    def set_count(self, count):
        """Give the newest frame another count."""
        self.stream.slots[self.stream.newest()[0]].cnt0 = count


class Milk:
    """A milk stream, accessed by milk_peer.py or by milk's own library."""

    def __init__(self, stream, reader):
        self.stream, self.counts_tokens = stream, True
        self.index = stream.reserve(reader) if reader is not None else None
        self.elements = stream.head.nelement

    def count(self):
        """Return the count of the newest frame."""
        return self.stream.head.cnt0

    def take(self, last):
        """Return the newest frame and its count; None if it was read before, RETRY if it is being overwritten."""
        head = self.stream.head
        before = head.cnt0
        if before == last:
            return None
        if head.write:
            return RETRY
        data = self.stream.frame()
        return (before, data) if not head.write and head.cnt0 == before else RETRY

    def wait(self, timeout_s):
        """Sleep until there is a token; False on timeout."""
        return self.stream.wait(self.index, timeout_s)

    def publish(self, data):
        """Write a frame in the library's order."""
        milk_peer.publish(self.stream, data, "library")

    def set_count(self, count):
        """Give the newest frame another count, as imsetcnt0 does."""
        self.stream.head.cnt0 = count


class DaoReal:
    """A DAO stream, accessed by DAO's own library."""

    def __init__(self, path, library, reader):
        self.lib, self.index, self.counts_tokens = ctypes.CDLL(library), reader, False
        self.lib.daoShmGetCounter.restype = ctypes.c_uint64
        for call in ("daoShmShm2Img", "daoShmGetNextSegment", "daoShmCheckSegmentOverwrite", "daoShmImage2Shm"):
            getattr(self.lib, call).restype = ctypes.c_int8
        self.image = ctypes.create_string_buffer(1 << 16)  # more than any build's IMAGE
        if self.lib.daoShmShm2Img(path.encode(), self.image) != 0:
            raise OSError(f"{path}: the library cannot open the stream")
        self.elements = dao_peer.Stream(path).head.nelement

    def count(self):
        """Return the count of the newest frame."""
        return self.lib.daoShmGetCounter(self.image)

    def take(self, last):
        """Return the next frame and its count, without data if it was overwritten; None if there is none."""
        at, slot, count = ctypes.c_void_p(), ctypes.c_uint32(), ctypes.c_uint64()
        if self.lib.daoShmGetNextSegment(self.image, ctypes.byref(at), ctypes.byref(slot), ctypes.byref(count)) == -3:
            return None
        data = ctypes.string_at(at, 2 * self.elements)
        return count.value, data if self.lib.daoShmCheckSegmentOverwrite(self.image) == 0 else None

    def wait(self, timeout_s):
        """Sleep until there is a token; False on timeout."""
        until = deadline(timeout_s)
        return self.lib.daoShmWaitForSemaphoreTimeout(self.image, self.index, ctypes.byref(until)) == 0

    def publish(self, data):
        """Write a frame."""
        self.lib.daoShmImage2Shm(data, ctypes.c_uint32(self.elements), self.image)


def open_stream(implementation, path, reader):
    """Open the stream with an implementation; reader is a number that selects the semaphore, None for a writer."""
    if implementation.startswith("dao"):
        return Dao(path, implementation == "dao-own-order", reader)
    if implementation == "milk":
        return Milk(milk_peer.Stream(path), reader)
    if os.path.basename(implementation).startswith("libdao"):
        return DaoReal(path, implementation, reader)
    milk_real.RealStream.LIBRARY = ctypes.CDLL(implementation)
    milk_real.RealStream.LIBRARY.ImageStreamIO_semvalue.restype = ctypes.c_long
    return Milk(milk_real.RealStream(path), reader)


class SharedProgress:
    """The progress that all processes share."""

    def __init__(self, path):
        with open(path, "r+b") as file:
            self.words = (ctypes.c_int64 * 512).from_buffer(mmap.mmap(file.fileno(), 4096))

    exact_up_to = property(lambda self: self.words[0])
    tokens_up_to = property(lambda self: self.words[1])
    last = property(lambda self: self.words[2])

    def seen(self, reader):
        """Return the last frame that a reader has seen."""
        return self.words[8 * (reader + 1)]

    def set_seen(self, reader, count):
        """Store the last frame that a reader has seen."""
        self.words[8 * (reader + 1)] = count


def read(stream, progress, number, by_semaphore):
    """Read all frames in order, and count accepted, discarded, lost and torn ones."""
    frame_of = ramp_source(stream.elements)
    start = last = stream.count()
    found = dict.fromkeys(("taken", "discarded", "lost", "torn", "exactLost", "exactDiscarded", "exactTorn",
                           "strict", "asleep"), 0)
    tokens, found["tokens"], found["problem"] = 0, -1, ""
    progress.set_seen(number, last)
    say("ready")
    while last != progress.last and not found["problem"]:
        counting = by_semaphore and stream.counts_tokens and progress.tokens_up_to == NO_LIMIT
        taken = stream.take(last)
        if taken is RETRY:
            continue
        if taken is not None:
            count, data = taken
            exact = count <= progress.exact_up_to
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
            progress.set_seen(number, last)
        if not by_semaphore:
            time.sleep(0)
        elif stream.wait(SLEEP_S) or (stream.count() > last and stream.wait(SLEEP_S)):
            tokens += 1
        elif stream.count() > last:  # a new frame without a token, so the writer was not just suspended
            found["asleep"] += 1
    say(json.dumps({"start": start, "last": last, **found}))


class Writer:
    """Writes bursts of frames, and waits after each until every reader has seen its last frame."""

    def __init__(self, stream, progress, readers):
        self.stream, self.progress, self.readers = stream, progress, readers
        self.frame_of = ramp_source(stream.elements)
        self.random = random.Random(7)
        self.begun = self.said = time.monotonic()
        self.start = self.count = stream.count()
        self.silences, self.slowest, self.problem = 0, 0.0, ""

    def publish(self):
        """Write the next frame."""
        self.count += 1
        self.stream.publish(self.frame_of(self.count))

    def bursts(self, until, longest):
        """Write bursts until this many seconds after the start, at least one; False if a reader did not follow."""
        while True:
            pause = self.random.choice((0, 0, 1e-4, 1e-3))
            if pause:
                time.sleep(pause)
            for _ in range(self.random.randint(1, longest)):
                self.publish()
            if not self.await_readers():
                return False
            if time.monotonic() - self.begun >= until:
                return True

    def await_readers(self):
        """Wait until all readers have seen the newest frame."""
        pause_start = time.monotonic()
        for reader in range(self.readers):
            while self.progress.seen(reader) != self.count:
                if time.monotonic() - pause_start > TIMEOUT_S:
                    seen = self.progress.seen(reader)
                    self.problem = f"reader {reader} stopped at frame {seen}, the newest is {self.count}"
                    return False
                time.sleep(0)
        now = time.monotonic()
        self.silences += 1
        self.slowest = max(self.slowest, now - pause_start)
        if now - self.said > HEARTBEAT_S:
            self.said = now
            say("at", self.count)
        return True

    def run_restarts(self, seconds):
        """Write bursts, and set the counter back before some of them.

        Far enough that a reader can tell the new sequence from one that continues the former: see FrameCursor.
        """
        restarts, complete = 0, True
        while complete and (time.monotonic() - self.begun < seconds or not restarts):
            if self.count > 2 * RESTART_STEP and self.random.random() < 0.5:
                self.count = self.random.randint(0, self.count - RESTART_STEP)
                self.stream.set_count(self.count)
                restarts += 1
            complete = self.bursts(0, RESTART_BURST)
        self.progress.words[2] = self.count + 1
        self.publish()
        say(json.dumps({
            "start": self.start, "last": self.count, "silences": self.silences, "restarts": restarts,
            "slowestMs": 1e3 * self.slowest, "problem": self.problem}))

    def run(self, seconds, exact_burst, token_burst):
        """Write bursts that the stream holds, bursts that the semaphores count, and long ones, a third each."""
        complete = self.bursts(seconds / 3, exact_burst)
        exact = counted = self.count - self.start
        self.progress.words[0] = self.count
        if token_burst:
            complete = complete and self.bursts(2 * seconds / 3, token_burst)
            counted = self.count - self.start
        self.progress.words[1] = self.count
        if complete:
            self.bursts(seconds, LONG_BURST)
        self.progress.words[2] = self.count + 1
        self.publish()
        if self.stream.count() != self.count:
            self.problem = f"frame {self.count} got count {self.stream.count()}"
        say(json.dumps({
            "start": self.start, "last": self.count, "silences": self.silences, "exact": exact,
            "counted": counted if token_burst else 0, "slowestMs": 1e3 * self.slowest, "problem": self.problem}))


def end_with_parent():
    """End this process when the test process has ended, which closes the standard input."""
    while os.read(0, 64):
        pass
    os._exit(1)


def main(implementation, path, progress, verb, *arguments):
    """Read or write."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    if verb == "read":
        number, wait = int(arguments[0]), arguments[1]
        read(open_stream(implementation, path, number), SharedProgress(progress), number, wait == "sem")
    elif verb == "restart":
        readers, seconds = arguments
        Writer(open_stream(implementation, path, None), SharedProgress(progress), int(readers)).run_restarts(float(seconds))
    else:
        readers, seconds, exact_burst, token_burst = arguments
        writer = Writer(open_stream(implementation, path, None), SharedProgress(progress), int(readers))
        writer.run(float(seconds), int(exact_burst), int(token_burst))


if __name__ == "__main__":
    main(*sys.argv[1:])
