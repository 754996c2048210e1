"""One load beside its neighbour, in a house of its own, from start to end."""
import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass, field

import machine

HERE = os.path.dirname(os.path.abspath(__file__))
RECORD = 8 << 20  # bytes that the record of so small a pipeline may take


@dataclass
class Outcome:
    end: str = ""
    milliseconds: int = 0
    neighbour: str = ""
    stall: str = ""
    house: int = 0
    supervisor: int = 0
    cleaning: float = 0  # seconds from the last action's end to the end of the run
    left: list = field(default_factory=list)
    faults: list = field(default_factory=list)


class Running:
    def __init__(self, slipway, base, load, user):
        self.slipway, self.load, self.user = slipway, load, user
        self.folder = f"{base}/{load.name}"
        self.source, self.signal = f"{self.folder}/source", f"{self.folder}/signal"
        for folder in (self.folder, self.source, self.signal):
            os.mkdir(folder, 0o755)
        for name in ("bombs.py", "neighbour.py"):
            shutil.copy(f"{HERE}/{name}", self.source)
        self.disk, self.outsider, self.first, self.told = None, None, 0, []
        self.home = self.mounted() if load.image else f"{self.folder}/home"
        self.events, self.errors, self.house, self.supervisor = [], "", 0, 0
        self.seen = set()
        self.write()
        if user:
            subprocess.run(["chown", "-R", f"{user}:{user}", self.folder], check=True)

    def mounted(self):
        """A folder on a small file system of its own: a file that is mounted, or, where there is no
        such thing to be had, memory."""
        image, place, wish = f"{self.folder}/image", f"{self.folder}/disk", self.load.image
        self.disk = place
        os.mkdir(place)
        with open(image, "wb") as file:
            file.truncate(wish["mib"] << 20)
        words = ["mkfs.ext4", "-q", "-m", str(wish["reserved"])]
        options = f"size={wish['mib']}m"
        if "inodes" in wish:
            words += ["-N", str(wish["inodes"])]
            options += f",nr_inodes={wish['inodes']}"
        ways = [[[*words, image], ["mount", "-o", "loop", image, place]],
                [["mount", "-t", "tmpfs", "-o", options, "hostile", place]]]
        for way in ways[1:] if os.environ.get("HOSTILE_DISK") == "memory" else ways:
            if all(succeeds(words) for words in way):
                return f"{place}/home"
        raise SystemExit(f"hostile: cannot mount a small disk at '{place}'")

    def write(self):
        hostile = {"run": self.load.run}
        for key in ("limits", "outputs"):
            if getattr(self.load, key):
                hostile[key] = getattr(self.load, key)
        actions = {
            "hostile": hostile,
            "neighbour": {"run": shlex.join(
                ["python3", "neighbour.py", f"{self.signal}/over", str(self.load.talk)])}}
        definition = {"name": "hostile", "sources": {"app": {"git": "."}},
                      "stages": [{"name": "try", "actions": actions}]}
        with open(f"{self.folder}/pipeline.yml", "w") as file:
            json.dump(definition, file)  # JSON is YAML.
        os.mkdir(f"{self.folder}/runners")
        with open(f"{self.folder}/runners/process.yml", "w") as file:
            json.dump({"name": "process", "places": 2, "network": ["none"],
                       "read-only": [self.signal]}, file)

    def words(self, *more):
        drop = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"]
        return [*(drop if self.user else []), self.slipway, *more]

    def environment(self):
        return {"PATH": os.environ["PATH"], "HOME": self.folder, "LANG": "C.UTF-8"}

    def run(self):
        """Runs it to its end, and says what came of it."""
        self.once()
        if self.load.outsider and self.load.resumes:
            self.first = self.code
            self.told = [words for words in (("history", "hostile/1"), ("audit", "verify"))
                         if self.ask(*words).returncode != 0]
            self.outsider.join()
            self.once("--resume")
        return self.outcome()

    def once(self, *more):
        errors = open(f"{self.folder}/errors", "w+")
        words = self.words("run", "--json", "--home", self.home, "--source",
                           f"app={self.source}", "--runners", f"{self.folder}/runners",
                           *more, f"{self.folder}/pipeline.yml")
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL,
            env=self.environment(), cwd=self.folder, start_new_session=True)
        watch = threading.Thread(target=self.sample, daemon=True)
        watch.start()
        if self.load.reader == "late":
            self.wait_for_report()
        # What is printed passes through a program that is quicker than we are.
        sieve = subprocess.Popen(
            ["grep", "-a", "--line-buffered", "-v", '^{"event":"output"'], stdin=self.process.stdout,
            stdout=subprocess.PIPE, env={"LC_ALL": "C", "PATH": os.environ["PATH"]})
        self.process.stdout.close()
        for line in sieve.stdout:
            self.events.append((time.monotonic(), json.loads(line)))
            event = self.events[-1][1]
            if event["event"] == "action-started" and self.load.outsider and not self.outsider:
                self.outsider = threading.Thread(target=self.fill_disk)
                self.outsider.start()
            if self.is_over(event):
                open(f"{self.signal}/over", "w").close()
        sieve.wait()
        self.code = self.process.wait()
        self.ended = time.monotonic()
        watch.join()
        errors.seek(0)
        self.errors += errors.read()
        errors.close()

    def fill_disk(self):
        """Somebody else, for whom the house can do nothing, fills the disk for a while."""
        time.sleep(0.5)
        with open(f"{self.disk}/others", "wb", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                with contextlib.suppress(OSError):
                    while file.write(b"x" * size):
                        pass
            os.fsync(file.fileno())
        time.sleep(self.load.outsider)
        os.unlink(f"{self.disk}/others")

    def is_over(self, event):
        return event["event"] == "action-finished" and event["action"] == "hostile"

    def wait_for_report(self):
        deadline = time.monotonic() + 60
        report = f"{self.home}/executions/hostile/1/try.1/hostile.1/report"
        while not os.path.exists(report) and time.monotonic() < deadline:
            time.sleep(0.05)

    def sample(self):
        while self.process.poll() is None:
            pid = self.process.pid
            self.house = max(self.house, machine.peak(pid))
            for pid in machine.supervisors(self.home):
                self.seen.add(pid)
                self.supervisor = max(self.supervisor, machine.peak(pid))
            time.sleep(0.05)

    def ask(self, *words):
        return subprocess.run(self.words(*words, "--home", self.home), capture_output=True,
                              text=True, errors="replace", env=self.environment())

    def log(self, action):
        """The beginning, the end and the length of what an action printed, by `slipway logs`."""
        words = self.words("logs", "hostile/1", f"try/{action}", "--home", self.home)
        run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=self.environment())
        size, head, tail = 0, b"", b""
        while piece := run.stdout.read(1 << 20):
            size += len(piece)
            head = head if len(head) > 1 << 20 else head + piece
            tail = (tail + piece)[-65536:]
        if run.wait() != 0 or (said := run.stderr.read()):
            return size, head, tail + b"\nslipway logs: " + (said or b"failed")
        return size, head, tail

    def outcome(self):
        found = Outcome(house=self.house, supervisor=self.supervisor)
        ended = [(at, event) for at, event in self.events if event["event"] == "action-finished"]
        ends = {event["action"]: event for _, event in ended}
        found.cleaning = self.ended - ended[-1][0] if ended else 0
        told = {line["action"]: line for line in map(
            json.loads, self.ask("history", "hostile/1", "--json").stdout.splitlines())}
        found.end = told_end(ends.get("hostile"))
        found.milliseconds = ends.get("hostile", {}).get("milliseconds", 0)
        faults = found.faults
        if not any(found.end.startswith(end) for end in self.load.end.split(" | ")):
            faults.append(f"the end is '{found.end}', not '{self.load.end}'")
        for action, event in ends.items():
            line = told.get(action, {})
            same = (event.get("cause", event["status"].lower()), event.get("reason", ""))
            if (line.get("status"), line.get("reason")) != same:
                faults.append(f"by history {action} is {line}, by its event {same}")
        self.judge_neighbour(ends.get("neighbour"), found)
        self.judge_log(faults)
        verify = self.ask("audit", "verify")
        if verify.returncode != 0:
            faults.append(f"the record: {verify.stdout}{verify.stderr}")
        if self.code != (0 if found.end == "succeeded" else 1):
            faults.append(f"exit {self.code}: {self.errors[-300:]}")
        faults += [f"on the full disk, this fails: slipway {' '.join(words)}" for words in self.told]
        if self.load.resumes and self.first != 4:
            faults.append(f"exit {self.first} on the full disk, not 4")
        if self.load.house_says and self.load.house_says not in self.errors:
            faults.append(f"the house does not say '{self.load.house_says}': {self.errors[-300:]}")
        found.left = self.settled()
        faults += [f"left over: {what}" for what in found.left]
        for name, limit in (("house", self.load.house_mib), ("supervisor", self.load.supervisor_mib)):
            if getattr(found, name) > limit << 20:
                faults.append(f"{name}: {getattr(found, name) >> 20} MiB, more than {limit}")
        return found

    def settled(self):
        """What is left of it; the kernel may take a moment to take a sandbox apart."""
        deadline = time.monotonic() + 10
        while True:
            left = machine.left_of(self.home, self.user, self.seen)
            if not left or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        if (beyond := machine.beyond_record(self.home)) > RECORD:
            left.append(f"{beyond >> 20} MiB beyond what the record keeps")
        return left

    def judge_neighbour(self, event, found):
        if not event or event["status"] != "Succeeded":
            found.neighbour = told_end(event)
            return found.faults.append(f"the neighbour: {found.neighbour}")
        _, head, tail = self.log("neighbour")
        said = re.search(rb"neighbour: right after (\d+) ticks, worst stall (\d+) ms\n$", tail)
        ticks = [int(word) for word in re.findall(rb"^tick (\d+) *$", head, re.M)]
        if not said or ticks != [10 * (index + 1) for index in range(len(ticks))]:
            found.neighbour = "succeeded, but its log is not whole"
            return found.faults.append(f"the neighbour's log: {tail[-200:]}")
        found.neighbour, found.stall = "right", f"{int(said[2])} ms"

    def judge_log(self, faults):
        size, head, tail = self.log("hostile")
        if b"\nslipway logs: " in tail:
            faults.append(f"the log cannot be read: {tail[-200:]}")
        if self.load.says and self.load.says.encode() not in head + tail:
            faults.append(f"its log does not say '{self.load.says}': {tail[-200:]}")
        if self.load.marker and self.load.marker.encode() not in tail.splitlines()[-1]:
            faults.append(f"the log's last line is {tail.splitlines()[-1][:200]}")
        if self.load.log_at_most and size > self.load.log_at_most + 200:
            faults.append(f"the log has {size} bytes")
        if self.load.log_bytes >= 0 and size != self.load.log_bytes:
            faults.append(f"the log has {size} bytes, not {self.load.log_bytes}")

    def remove(self):
        if self.disk:
            subprocess.run(["umount", self.disk], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        if os.path.exists(self.folder):
            subprocess.run(["rm", "-rf", self.folder])


def succeeds(words):
    try:
        return subprocess.run(words, capture_output=True).returncode == 0
    except OSError:
        return False


def told_end(event):
    """An end as one line."""
    if not event:
        return "none"
    if event["status"] != "Failed":
        return event["status"].lower()
    return f"{event['cause']}: {event['reason']}"
