"""Sleeps on or takes from a semaphore by the C library, as a C program would: it counts tokens and never polls."""
import ctypes
import mmap
import os
import sys

from named_semaphore import Semaphore

PATIENCE_S = 60


def mapped(path, offset):
    """The semaphore at a position of a file, which stays mapped."""
    with open(path, "r+b") as file:
        memory = mmap.mmap(file.fileno(), 0)
    return Semaphore(ctypes.addressof(ctypes.c_char.from_buffer(memory, offset)))


def sleep(semaphore):
    """Say each time that a token came, until the input ends."""
    print("asleep", flush=True)
    count = 0
    while True:
        semaphore.wait(PATIENCE_S)
        count += 1
        print("woken", count, flush=True)


def take(semaphore):
    """Count tokens until the input has a line, then take what is left and say how many there were."""
    print("taking", flush=True)
    os.set_blocking(0, False)
    count = 0
    while sys.stdin.buffer.raw.read(1) is None:
        while semaphore.LIBC.sem_trywait(semaphore.address) == 0:
            count += 1
    while semaphore.LIBC.sem_trywait(semaphore.address) == 0:
        count += 1
    print("taken", count, flush=True)


def main(what, *words):
    """The semaphore of a name, or at a position of a file."""
    semaphore = Semaphore.open(words[0], True) if len(words) == 1 else mapped(words[0], int(words[1]))
    Semaphore.LIBC.sem_trywait.argtypes = [ctypes.c_void_p]
    (sleep if what == "sleep" else take)(semaphore)


main(*sys.argv[1:])
