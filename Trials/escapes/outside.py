"""What stands around the sandboxes: a host with secrets, services and processes, all of them fakes
that belong to this run and go with it."""
import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

import agent

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# A uid that nobody has, for what would take something from the user whose agent this is.
NOBODY_ELSE = 64053


@dataclass
class Outside:
    base: str
    token: str
    uid: int
    gid: int
    port: int = 0
    host_pid: int = 0
    address: str = "0"
    apart_pid: int = 0
    control: str = None
    setuid: str = None
    helper: str = ""
    sockets: list = field(default_factory=list)

    @property
    def is_root(self):
        return os.getuid() == 0

    @property
    def has_tunnel(self):
        """Whether the user can have a network `outbound`; root makes itself the device."""
        return self.uid == 0 or bool(
            os.path.exists("/dev/net/tun") and os.stat("/dev/net/tun").st_mode & 0o006 == 0o006)

    @property
    def home(self):
        return f"{self.base}/home"

    @property
    def planted(self):
        """Where the planted links lead: it has to stay empty."""
        return f"{self.base}/planted"

    def folder(self, name, mode=0o755):
        path = f"{self.base}/{name}"
        os.makedirs(path, mode)
        os.chown(path, self.uid, self.gid)
        return path

    def file(self, name, text, mode=0o600):
        path = f"{self.base}/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        os.chown(path, self.uid, self.gid)
        return path


def processes(token):
    """The processes whose command line has the word."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            with contextlib.suppress(OSError), open(f"/proc/{name}/cmdline", "rb") as file:
                if token.encode() in file.read():
                    found.append(int(name))
    return found


def kill(token):
    """Ends what this run has started and is still there, by its id. Says whether there was any."""
    left = processes(token)
    for pid in left:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while processes(token) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def start_host(outside, mode):
    """A process of the agent's uid. It ends when its standard input does."""
    host = subprocess.Popen(
        [outside.helper, mode, "--token", outside.token], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd="/",
        env={"SECRET": outside.token}, user=outside.uid if outside.is_root else None,
        group=outside.gid if outside.is_root else None,
        extra_groups=[] if outside.is_root else None)
    return host, host.stdout.readline().split()


def prepare_control(outside):
    """A control group that the agent may manage, and one in it for the runs."""
    for tree in ("/sys/fs/cgroup/pids", "/sys/fs/cgroup"):
        if os.path.exists(f"{tree}/cgroup.procs"):
            break
    else:
        return None
    outer = f"{tree}/{outside.token}"
    try:
        os.makedirs(f"{outer}/inner")
        for folder in (outer, f"{outer}/inner"):
            os.chown(folder, outside.uid, outside.gid)
            for name in os.listdir(folder):
                if name in ("cgroup.procs", "tasks", "pids.max"):
                    os.chown(f"{folder}/{name}", outside.uid, outside.gid)
        if not os.path.exists(f"{outer}/inner/pids.max"):
            raise OSError("no limit of processes there")
    except OSError:
        remove_control(outer)
        return None
    return f"{outer}/inner"


def remove_control(outer):
    for folder in (f"{outer}/inner", outer):
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def listen(outside):
    """Services that only have to be there: the kernel takes the connection."""
    line = socket.create_server(("127.0.0.1", 0))
    outside.port = line.getsockname()[1]
    outside.sockets.append(line)
    for place in (f"\0{outside.token}", f"{outside.home}/docker.sock",
                  f"{outside.home}/agent.sock"):
        line = socket.socket(socket.AF_UNIX)
        line.bind(place)
        line.listen(64)
        if place[0] != "\0":
            os.chown(place, outside.uid, outside.gid)
        outside.sockets.append(line)


def whose(drops):
    """The uid and gid that runs begin with."""
    if not drops:
        return os.getuid(), os.getgid()
    entry = pwd.getpwnam(os.environ.get("ESCAPES_USER", "nobody"))
    if entry.pw_uid == 0:
        raise SystemExit("escapes: ESCAPES_USER must not be root")
    return entry.pw_uid, entry.pw_gid


@contextlib.contextmanager
def standing(helper, drops):
    """The outside, as long as the block runs; afterwards nothing of it is left."""
    uid, gid = whose(drops)
    base = tempfile.mkdtemp(prefix="slipway-escapes-")
    os.chmod(base, 0o755)
    outside = Outside(base, f"escapes{secrets.token_hex(5)}", uid, gid)
    hosts, key = [], -1
    try:
        outside.helper = f"{base}/escapes"
        shutil.copy(helper, outside.helper)
        os.chmod(outside.helper, 0o755)
        os.chown(outside.helper, uid, gid)
        for name in ("home", "planted", "work", "state"):
            outside.folder(name)
        outside.file("outside/secret", "the host's secret")
        os.chown(f"{base}/outside", uid, gid)
        for name in (".ssh/id_ed25519", ".aws/credentials", ".config/slipway/token"):
            outside.file(f"home/{name}", "the agent's credential")
        listen(outside)
        key = agent.hold_key(outside.token)
        if os.getuid() == 0:
            outside.control = prepare_control(outside)
            outside.setuid = f"{base}/setuid"
            shutil.copy(helper, outside.setuid)
            os.chmod(outside.setuid, 0o4755)
        host, words = start_host(outside, "host")
        hosts.append(host)
        outside.host_pid, outside.address = int(words[0]), words[1]
        own, words = start_host(outside, "apart")
        hosts.append(own)
        outside.apart_pid = int(words[0]) if words else 0
        yield outside
    finally:
        for host in hosts:
            host.stdin.close()
            host.wait()
        for line in outside.sockets:
            line.close()
        kill(outside.token)
        agent.forget_key(key)
        if outside.control:
            remove_control(os.path.dirname(outside.control))
        shutil.rmtree(base, ignore_errors=True)


def leftovers(outside, patience):
    """What of this run is still on the machine, in words. The kernel takes its time with keys."""
    deadline = time.monotonic() + patience
    while (found := still_there(outside)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def still_there(outside):
    found = [f"process {pid}" for pid in processes(outside.token)]
    with open("/proc/self/mountinfo") as file:
        found += [f"mount {line.split()[4]}" for line in file
                  if outside.base in line or outside.token in line]
    with contextlib.suppress(OSError), open("/proc/keys") as file:
        found += [f"key {line.split()[0]}" for line in file if outside.token in line]
    for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/dev/mqueue"):
        with contextlib.suppress(OSError):
            found += [f"{folder}/{name}" for name in os.listdir(folder) if outside.token in name]
    with open("/proc/net/unix") as file:
        found += [f"socket {line.split()[-1]}" for line in file if outside.token in line]
    if os.path.exists(outside.base):
        found.append(outside.base)
    return found
