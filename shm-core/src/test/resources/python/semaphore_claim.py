"""Claims of a stream's semaphores by locks of its open file, as DAO's library takes them. Standard library."""
import errno
import fcntl
import os
import struct

from peer_common import PeerError

F_OFD_GETLK, F_OFD_SETLK = 36, 37
FIRST_BYTE = 1 << 62
FLOCK = "hhqqi4x"  # struct flock of 64-bit Linux


def flock(kind, number):
    """Return a struct flock for the byte of a semaphore."""
    return struct.pack(FLOCK, kind, os.SEEK_SET, FIRST_BYTE + number, 1, 0)


class Claim:
    """The semaphore that one handle of a stream has claimed, if any."""

    def __init__(self, path):
        """Open the stream's file; the claim belongs to this open file."""
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self.number = None

    def take(self, number):
        """Claim a semaphore; False if another handle has it."""
        try:
            fcntl.fcntl(self.descriptor, F_OFD_SETLK, flock(fcntl.F_WRLCK, number))
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return False
            raise
        self.number = number
        return True

    def take_any(self, count):
        """Claim the highest semaphore that is free, and return its number."""
        if self.number is None and not any(self.take(number) for number in reversed(range(count))):
            raise PeerError(f"{self.path}: all semaphores are claimed")
        return self.number

    def release(self):
        """Let another handle have the semaphore."""
        if self.number is not None:
            fcntl.fcntl(self.descriptor, F_OFD_SETLK, flock(fcntl.F_UNLCK, self.number))
            self.number = None


def claimed(path, count):
    """Return the numbers of the semaphores that a handle cannot claim; needs read permission only."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = [fcntl.fcntl(descriptor, F_OFD_GETLK, flock(fcntl.F_WRLCK, number)) for number in range(count)]
    finally:
        os.close(descriptor)
    return [number for number, lock in enumerate(found) if struct.unpack(FLOCK, lock)[0] != fcntl.F_UNLCK]
