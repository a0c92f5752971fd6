"""What the stream peers share: failures, the command line, ramp frames and the counts of a reader. Standard library."""
import argparse
import ctypes
import json
import struct
import sys
import time


class PeerError(Exception):
    """A failure to report as one line."""


class PeerTimeout(Exception):
    """Nothing arrived in time."""


class Timespec(ctypes.Structure):
    """struct timespec of 64-bit Linux."""
    _fields_ = [("sec", ctypes.c_int64), ("nsec", ctypes.c_int64)]


def timespec(ns):
    """Convert nanoseconds to a Timespec."""
    return Timespec(*divmod(ns, 1_000_000_000))


def deadline(timeout_s):
    """Return the wall-clock time after a timeout, as the timed waits of the C libraries take it."""
    return timespec(time.time_ns() + int(timeout_s * 1e9))


def say(*words):
    """Print a line and flush it."""
    print(*words, flush=True)


def ticks(count, interval_ns):
    """Yield a number of times, at fixed intervals of the monotonic clock."""
    due_ns = time.monotonic_ns()
    for _ in range(count):
        left_ns = due_ns - time.monotonic_ns()
        if left_ns > 0:
            time.sleep(left_ns / 1e9)
        yield
        due_ns += interval_ns


def ramp_source(elements):
    """Return a function from a counter to the bytes of its ramp frame of uint16."""
    text = struct.pack("<65536H", *range(65536)) * (elements // 65536 + 2)
    return lambda cnt0: text[2 * (cnt0 & 0xffff):2 * ((cnt0 & 0xffff) + elements)]


class FrameCounts:
    """Counts the frames that a reader copied, skipped and found torn."""

    def __init__(self, first, frame_of=None):
        """Start after the frame of a count; frame_of returns the expected frame of a count, None to check none."""
        self.first = self.last = first
        self.frame_of = frame_of
        self.frames = self.skipped = self.torn = 0

    def copied(self, count, data):
        """Add a copied frame; the frames between it and the last one were skipped."""
        self.skip_to(count - 1)
        self.frames += 1
        self.torn += self.frame_of is not None and data != self.frame_of(count)
        self.last = count

    def skip_to(self, count):
        """Skip all frames up to a count."""
        self.skipped += count - self.last
        self.last = count

    def report(self, **more):
        """Print the counts as a line of JSON."""
        counts = {"frames": self.frames, "skipped": self.skipped, "torn": self.torn, "first": self.first}
        say(json.dumps({**counts, **more}))


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and exit status 1."""

    def error(self, message):
        """Report wrong usage."""
        self.exit(1, f"{self.prog}: {message}\n")

    def commands(self):
        """Return a function that adds a command: its name, its function, and its arguments after the path."""
        commands = self.add_subparsers(dest="command", required=True)

        def add(name, action, *arguments):
            command = commands.add_parser(name, help=action.__doc__ if action else None)
            command.set_defaults(action=action)
            command.add_argument("path")
            for argument, kind in arguments:
                command.add_argument(argument, type=kind)
            return command

        return add


def run(program, action):
    """Call a function; return exit status 0 or what it returns, 1 after one line about a failure, 3 for a timeout."""
    try:
        return action() or 0
    except PeerTimeout:
        say("timeout")
        return 3
    except (PeerError, OSError, ValueError, OverflowError) as failure:
        print(f"{program}:", str(failure).replace("\n", " "), file=sys.stderr)
        return 1
