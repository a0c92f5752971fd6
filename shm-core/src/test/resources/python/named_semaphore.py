"""A named POSIX semaphore of the C library, with only the Python standard library."""
import ctypes
import errno
import os

from peer_common import PeerTimeout, Timespec, deadline

SEMAPHORE_CAP = 1  # as in DAO's library


def os_error(subject):
    """Return the C library's last error as an exception."""
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), subject)


class Semaphore:
    """A named semaphore of the C library."""
    LIBC = ctypes.CDLL(None, use_errno=True)
    LIBC.sem_open.restype = ctypes.c_void_p
    LIBC.sem_getvalue.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)]
    LIBC.sem_init.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint]
    LIBC.sem_timedwait.argtypes = [ctypes.c_void_p, ctypes.POINTER(Timespec)]
    LIBC.sem_wait.argtypes = LIBC.sem_post.argtypes = LIBC.sem_trywait.argtypes = [ctypes.c_void_p]

    def __init__(self, address):
        """Wrap the sem_t at this address."""
        self.address = address

    @classmethod
    def open(cls, name, create=False):
        """Open a semaphore, or create it with value 0 if requested; None if it does not exist."""
        flags = os.O_CREAT if create else 0
        address = cls.LIBC.sem_open(name.encode(), flags, ctypes.c_uint(0o644), ctypes.c_uint(0))
        if address:
            return cls(address)
        if not create and ctypes.get_errno() == errno.ENOENT:
            return None
        raise os_error("semaphore " + name)

    @classmethod
    def unlink(cls, name):
        """Remove a semaphore if it exists."""
        if cls.LIBC.sem_unlink(name.encode()) != 0 and ctypes.get_errno() != errno.ENOENT:
            raise os_error("semaphore " + name)

    def reset(self):
        """Initialise it as a process-shared semaphore of value 0."""
        self.LIBC.sem_init(self.address, 1, 0)

    def value(self):
        """Return the current value."""
        found = ctypes.c_int()
        self.LIBC.sem_getvalue(self.address, ctypes.byref(found))
        return found.value

    def post_capped(self):
        """Post it unless its value has reached the cap."""
        if self.value() < SEMAPHORE_CAP:
            self.LIBC.sem_post(self.address)

    def drain(self):
        """Take all tokens."""
        while self.LIBC.sem_trywait(self.address) == 0:
            pass

    def wait(self, timeout_s):
        """Wait up to a number of seconds; 0 means no limit, as in DAO's Python library."""
        until = deadline(timeout_s)
        while True:
            if timeout_s == 0:
                failed = self.LIBC.sem_wait(self.address)
            else:
                failed = self.LIBC.sem_timedwait(self.address, ctypes.byref(until))
            if not failed:
                return
            if ctypes.get_errno() == errno.ETIMEDOUT:
                raise PeerTimeout
            if ctypes.get_errno() != errno.EINTR:
                raise os_error("semaphore wait")
