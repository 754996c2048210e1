"""The three ways in which a row is run: without a sandbox, in a naive one, in ours."""
import json
import os
import pty
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import agent
import outside as around

HERE = os.path.dirname(os.path.abspath(__file__))
LIMITS = {"ESCAPES_PROCESSES": "100", "ESCAPES_MEMORY": "256MiB", "ESCAPES_DISK": "32MiB"}
PATIENCE = 60  # seconds for a run


@dataclass
class Outcome:
    """What a run came to, with what the judges need to know of it."""
    result: str
    detail: str
    begun: float = 0
    over: float = 0  # what the attempt itself says of its time
    ended: float = 0  # when the output was closed
    code: int = None
    by: str = ""  # what has shown it, where that was no attempt in the column


def ours_command():
    """The words before a workspace and a command that make the sandbox of the product."""
    words = shlex.split(os.environ.get("OURS", f"{HERE}/ours"))
    return words if words and os.access(words[0], os.X_OK) else None


class Running:
    """One run of the helper in one of the columns."""

    def __init__(self, outside, row, column, mark="", uid=None, network="none"):
        self.outside, self.row, self.column = outside, row, column
        self.uid = outside.uid if uid is None else uid
        self.gid = outside.gid if uid is None else uid
        self.token = f"{outside.token}{row.id}{column}"
        mark += "" if network == "none" else f"-{network}"
        name = f"work/{row.id}-{column}{mark}"
        self.workspace = outside.folder(name)
        self.state = outside.folder(f"state/{row.id}-{column}{mark}")
        shutil.copy(outside.helper, f"{self.workspace}/escapes")
        for path in (self.workspace, self.state, f"{self.workspace}/escapes"):
            os.chown(path, self.uid, self.gid)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": outside.home, "TERM": "dumb", "LANG": "C.UTF-8",
            "SSH_AUTH_SOCK": f"{outside.home}/agent.sock",
            "DOCKER_HOST": f"unix://{outside.home}/docker.sock",
            "ESCAPES_ID": row.id, "ESCAPES_HOME": self.state, "ESCAPES_NETWORK": network, **LIMITS}
        self.extra = []  # words for bwrap in the naive column

    def attempt(self):
        """The command that makes the attempt, as it is run in the workspace."""
        outside = self.outside
        words = [
            "./escapes", "try", self.row.id, "--token", self.token,
            "--host-pid", str(outside.host_pid), "--address", outside.address,
            "--apart-pid", str(outside.apart_pid), "--marker", f"{outside.base}/outside/secret",
            "--home", outside.home, "--abstract", outside.token, "--key", outside.token,
            "--port", str(outside.port)]
        if self.column == "none":  # Process 1 of the machine is not ours to touch.
            words += ["--init-pid", str(outside.host_pid)]
        if self.row.control and outside.control:
            words += ["--control", outside.control]
        if outside.setuid:
            words += ["--setuid", outside.setuid]
        return words + (["--metadata"] if self.row.network else [])

    def command(self):
        words = self.attempt()
        if self.column == "naive":
            words = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
                     "--unshare-pid", "--bind", self.workspace, self.workspace, *self.extra,
                     "--chdir", self.workspace, *words]
        elif self.column == "ours":
            words = [*ours_command(), self.workspace, *words]
        if not self.row.network:
            return words
        shared = ["unshare", "--net"] if self.outside.is_root else [
            "unshare", "--user", "--map-root-user", "--net"]
        how = "drop" if self.outside.is_root else "nest"
        return [*shared, sys.executable, f"{HERE}/network.py", how, str(self.uid), str(self.gid),
                *words]

    def start(self):
        self.master, terminal = pty.openpty()
        inherited = os.open(f"{self.outside.base}/outside", os.O_RDONLY)
        control = self.outside.control if self.row.control else None
        begin = agent.beginning(self.uid, self.gid, terminal, control)
        if self.row.network:
            # Whoever makes the namespace has to keep its rights until then.
            def begin(): agent.take_terminal(terminal)
        self.errors = open(f"{self.outside.base}/state/errors-{self.token}", "w+")
        self.process = subprocess.Popen(
            self.command(), cwd=self.workspace, env=self.environment, stdin=terminal,
            stdout=subprocess.PIPE, stderr=self.errors, pass_fds=[inherited], preexec_fn=begin)
        os.close(terminal)
        os.close(inherited)
        return self

    def read(self, until=None, patience=PATIENCE):
        """The output, up to its end or to a line with the word."""
        text, stream = b"", self.process.stdout.fileno()
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not select.select([stream], [], [], 0.1)[0]:
                continue
            part = os.read(stream, 65536)
            text += part
            if not part or (until and until.encode() in text):
                break
        return text.decode(errors="replace")

    def finish(self, text=None):
        """Waits for the end, and says what the run came to."""
        text = self.read() if text is None else text
        ended = time.time()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        os.close(self.master)
        self.errors.seek(0)
        errors = self.errors.read()
        self.errors.close()
        outcome = self.outcome(text, errors)
        outcome.ended, outcome.code = ended, self.process.returncode
        return outcome

    def outcome(self, text, errors):
        for line in text.splitlines():
            start = line.find('{"id":"')
            try:
                said = json.loads(line[start:]) if start >= 0 else {}
            except ValueError:
                continue
            known = said.get("result") in ("open", "contained", "error")
            if said.get("id") == self.row.id and known:
                return Outcome(said["result"], said["detail"], said["from"], said["to"])
        last = " ".join((text + " " + errors).split())[-300:]
        return Outcome("error", f"no answer (exit {self.process.returncode}): {last}")

    def survivors(self, patience=1.0):
        """The processes of the run that are still there after that many seconds."""
        deadline = time.monotonic() + patience
        while (left := around.processes(self.token)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left

    def stop(self):
        os.kill(self.process.pid, signal.SIGTERM)
