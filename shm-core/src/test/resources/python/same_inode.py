"""Leaves the semaphores of a DAO stream that does not exist, and runs a command while a process with a shared memory of
its own, like that of another container, has mapped a file with the inode number of one of them.

usage: same_inode.py NAME COMMAND...
"""
import os
import subprocess
import sys
import time

DOUBLE = """
import mmap, os, sys
wanted = int(sys.argv[1])
while True:
    file = os.open("/dev/shm/double", os.O_RDWR | os.O_CREAT)
    if os.fstat(file).st_ino == wanted:
        break
    os.close(file)
    os.unlink("/dev/shm/double")
os.ftruncate(file, 32)
memory = mmap.mmap(file, 32)
print("mapped", flush=True)
sys.stdin.read()
"""

name, command = sys.argv[1], sys.argv[2:]
hour_ago = time.time() - 3600
for index in range(11):
    path = f"/dev/shm/sem.{name}_sem{index:02}"
    with open(path, "wb") as semaphore:
        semaphore.write(bytes(32))
    os.utime(path, (hour_ago, hour_ago))
inode = os.stat(path).st_ino

shell = 'mount -t tmpfs tmpfs /dev/shm && exec "$@"'
other = ["unshare", "--mount", "sh", "-c", shell, "sh", sys.executable, "-c", DOUBLE, str(inode)]
with subprocess.Popen(other, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as double:
    print(double.stdout.readline().strip(), flush=True)
    subprocess.run(command, stdin=subprocess.DEVNULL)
