"""What a machine has, before and after, and what belongs to one house on it. Others may be at work
on the machine: what is theirs is told apart wherever that can be."""
import glob
import os
import pathlib
import subprocess
import time

def slots(home):
    """The users that a house which is run by root gives to its actions, as `SlotRange` has it."""
    number = 5381
    for byte in home.encode():
        number = (number * 33 ^ byte) & 0xFFFFFFFF
    first = 1_900_000_000 + number % 10_000 * 10_000
    return range(first, first + 10_000)


def processes():
    for name in os.listdir("/proc"):
        if name.isdigit():
            yield int(name)


def words(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().split(b"\0")
    except OSError:
        return []


def uid(pid):
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return -1


def peak(pid):
    """The most memory that a process has had, in bytes."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def supervisors(home):
    """The supervisors of a house."""
    found = []
    for pid in processes():
        line = words(pid)
        if line[0:1] == [b"slipway-supervisor"] and line[1].startswith(f"{home}/".encode()):
            found.append(pid)
    return found


def free(path):
    status = os.statvfs(path)
    return status.f_bavail * status.f_frsize


def memory(*names):
    """Some of the numbers of /proc/meminfo together, in bytes."""
    lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.split(":")[0] in names)


def held():
    """Memory that is no process' own and that the kernel would not give back by itself."""
    return memory("Shmem", "SUnreclaim", "KernelStack", "PageTables")


class Machine:
    """How it was."""

    def __init__(self):
        self.held = held()

    def left(self):
        """What there is now that was not there before, in words."""
        lost = held() - self.held
        return [f"{lost >> 20} MiB of memory"] if lost > 128 << 20 else []

    def settled(self, patience=20):
        """The same, when it has had time to come to rest."""
        deadline = time.monotonic() + patience
        while (found := self.left()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found


def left_of(home, user, seen):
    """What is there of a house besides its record, in words. `seen` are its supervisors. Without a
    process in it and without a mount, no namespace lives."""
    whose = {user} if user else slots(home)
    found = [f"process {pid}: {b' '.join(words(pid))[:60]}" for pid in processes()
             if uid(pid) in whose]
    found += [f"supervisor {pid}" for pid in supervisors(home)]
    groups = {path.rsplit("-", 1)[1]: path
              for path in glob.glob("/sys/fs/cgroup/**/slipway/attempt-*", recursive=True)}
    found += [f"control group {groups[str(pid)]}" for pid in seen if str(pid) in groups]
    with open("/proc/mounts") as file:
        found += [f"mount {line.split()[1]}" for line in file if f"{home}/" in line]
    for folder in ("run", "artifacts/staging", "artifacts/trash"):
        if os.path.isdir(f"{home}/{folder}"):
            # A note of a log that there was no time to compress is for the next house.
            found += [f"{folder}/{name}" for name in os.listdir(f"{home}/{folder}")
                      if not name.endswith(".log")]
    for name in ("workspace", "scratch"):
        found += glob.glob(f"{home}/executions/*/*/*/*/{name}")
    return found


def beyond_record(home):
    """The bytes of a house that are neither logs, nor artifacts, nor sources."""
    said = subprocess.run(
        ["du", "-s", "--block-size=1", "--exclude=log*", f"--exclude={home}/artifacts/trees",
         f"--exclude={home}/sources", home], capture_output=True, text=True)
    return int(said.stdout.split()[0]) if said.stdout else 0
