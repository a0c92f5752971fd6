"""Holds a lock or a lease on a file until its input ends, with nothing but Python's standard library."""
import fcntl
import os
import signal
import struct
import sys

F_OFD_SETLK = 37
TO_THE_END = 0


def lock(descriptor, kind, start, length):
    """An open-file-description lock, as DAO's library takes it."""
    fcntl.fcntl(descriptor, F_OFD_SETLK, struct.pack("hhqqi4x", kind, os.SEEK_SET, start, length, 0))


def main(what, path, *words):
    """Take what is asked for and say whether that was possible."""
    writable = what in ("write-lock", "lease")
    descriptor = os.open(path, os.O_RDWR if writable else os.O_RDONLY)
    try:
        if what == "write-lock":
            lock(descriptor, fcntl.F_WRLCK, int(words[0]), int(words[1]))
        elif what == "read-lock":
            start, length = words if words else (0, TO_THE_END)
            lock(descriptor, fcntl.F_RDLCK, int(start), int(length))
        elif what == "write-lock-read-only":
            lock(descriptor, fcntl.F_WRLCK, 0, TO_THE_END)
        elif what == "flock":
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif what == "lease":
            # The kernel's request to release it would end this process.
            signal.signal(signal.SIGIO, signal.SIG_IGN)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        else:
            raise ValueError(what)
        print("held", flush=True)
    except OSError as error:
        print("refused: " + error.strerror, flush=True)
    sys.stdin.read()


main(*sys.argv[1:])
