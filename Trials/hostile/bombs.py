"""What the hostile actions run, where a line of shell does not do: `python3 bombs.py NAME [NUMBER]`.

Only ever run in the sandbox, with limits.
"""
import mmap
import os
import resource
import signal
import sys
import threading
import time

name, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
MIB = 1 << 20


def daemons():
    """Each child leaves its session and its parent, by fork or by vfork, and makes more."""
    own = [sys.executable, __file__, "daemons"]
    while True:
        if os.fork() == 0:
            os.setsid()
            if os.fork():
                os._exit(0)
        os.posix_spawn(sys.executable, own, os.environ)  # By vfork, as glibc does it.


def storm():
    """Goes on asking for processes that it does not get, and never gives up."""
    while True:
        try:
            if os.fork() == 0:
                time.sleep(1000)
        except OSError:
            pass


def zombies():
    """Children that have ended and that nobody takes note of."""
    while True:
        if os.fork() == 0:
            os._exit(0)


def threads():
    stop = threading.Event()
    for _ in range(number):
        threading.Thread(target=stop.wait, daemon=True).start()
    print("all threads are there")


def files():
    """As many open files as one process may have, in many processes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for _ in range(number):
        if os.fork() == 0:
            break
    held = []
    try:
        while True:
            held.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        print(f"{len(held)} files, then: {error.strerror}", flush=True)
    time.sleep(1)
    os._exit(1)


def touch():
    """Pages that are touched, so that they are there."""
    memory = mmap.mmap(-1, number * MIB)
    for place in range(0, number * MIB, 4096):
        memory[place] = 1
    print("all of it is there")


def many():
    """Many processes, each of them small."""
    for _ in range(number):
        if os.fork() == 0:
            memory = b"x" * (40 * MIB)
            signal.pause()
    while True:
        os.wait()  # One that was ended by the kernel is enough.
        sys.exit(1)


def line():
    """One line of that many million bytes."""
    piece = b"x" * MIB
    for _ in range(number):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(1, rest):]


def crowd():
    """That many files, none of which holds anything."""
    os.mkdir("crowd")
    for index in range(number):
        if index % 1000 == 0:
            os.mkdir(f"crowd/{index // 1000}")
        os.close(os.open(f"crowd/{index // 1000}/{index}", os.O_CREAT | os.O_WRONLY))


def heap():
    """That many files in one folder."""
    os.mkdir("heap")
    for index in range(number):
        os.close(os.open(f"heap/{index}", os.O_CREAT | os.O_WRONLY))


def folders():
    """That many folders in one."""
    os.mkdir("folders")
    for index in range(number):
        os.mkdir(f"folders/{index}")


def deep():
    """A folder in a folder in a folder."""
    os.mkdir("deep")
    os.chdir("deep")
    for _ in range(number):
        os.mkdir("d")
        os.chdir("d")
    with open("bottom", "w") as file:
        file.write("here\n")


def below():
    """Fills the disk where nobody looks: far down."""
    for _ in range(300):
        os.mkdir("d")
        os.chdir("d")
    for index in range(number):
        with open(f"f{index}", "wb") as file:
            file.write(b"x" * MIB)
    time.sleep(20)


def nameless():
    """Fills the disk with files that have no name any more."""
    held = []
    for _ in range(number):
        held.append(os.open("gone", os.O_CREAT | os.O_RDWR))
        os.unlink("gone")
        for _ in range(16):
            os.write(held[-1], b"x" * MIB)
    time.sleep(20)


def full():
    """Writes until the disk is full, and stays."""
    count = 0
    try:
        while True:
            with open(f"full{count}", "wb", buffering=0) as file:
                for _ in range(64):
                    file.write(b"x" * MIB)
            count += 1
    except OSError as error:
        print(f"{error.strerror}", flush=True)
    time.sleep(number)
    sys.exit(1)


def inodes():
    """Makes files until there are no more, and stays."""
    count = 0
    try:
        while True:
            os.close(os.open(f"inode{count}", os.O_CREAT | os.O_WRONLY))
            count += 1
    except OSError as error:
        print(f"{count} files, then: {error.strerror}", flush=True)
    time.sleep(number)
    sys.exit(1)


globals()[name]()
