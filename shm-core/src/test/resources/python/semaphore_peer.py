"""Waits on a semaphore with the C library, as a C program does, and counts the tokens."""
import ctypes
import mmap
import select
import sys

from named_semaphore import Semaphore

PATIENCE_S = 60


MAPPINGS = []  # keeps the memory of the semaphores mapped


def mapped(path, offset):
    """Map a file and return the semaphore at a position of it."""
    with open(path, "r+b") as file:
        memory = mmap.mmap(file.fileno(), 0)
    first = ctypes.c_char.from_buffer(memory, offset)
    MAPPINGS.append(first)
    return Semaphore(ctypes.addressof(first))


def sleep(semaphore):
    """Print a line for each token, until this process is killed or no token comes for a long time."""
    print("asleep", flush=True)
    count = 0
    while True:
        semaphore.wait(PATIENCE_S)
        count += 1
        print("woken", count, flush=True)


def take(semaphore):
    """Take tokens until the input has a line or ends, then take the remaining ones and print their number."""
    print("taking", flush=True)
    count = 0
    ended = False
    while not ended:
        ended = bool(select.select([0], [], [], 0)[0])
        while semaphore.LIBC.sem_trywait(semaphore.address) == 0:
            count += 1
    print("taken", count, flush=True)


def hold(name, path):
    """Keep a semaphore, which is created if necessary, and a file mapped until the input ends."""
    semaphore = Semaphore.open(name, True)
    first = mapped(path, 0)
    print("holding", flush=True)
    sys.stdin.read()
    return semaphore, first


def main(what, *words):
    """Use the semaphore of a name, or at a position of a file."""
    if what == "hold":
        hold(*words)
        return
    semaphore = Semaphore.open(words[0], True) if len(words) == 1 else mapped(words[0], int(words[1]))
    Semaphore.LIBC.sem_trywait.argtypes = [ctypes.c_void_p]
    (sleep if what == "sleep" else take)(semaphore)


main(*sys.argv[1:])
