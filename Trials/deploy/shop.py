"""A server, an application of four instances behind its HAProxy, and people who ask it: what benches of
deployments share. With TARGET=docker images are deployed, to the Engine of scripts/services (root only).
"""
import http.client, json, os, pathlib, shutil, signal, socket, subprocess, sys, tempfile, time
import urllib.error, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
STRATEGIES = {
    "rolling": "{ rolling: { batch: 2 } }",
    "blue-green": "{ blue-green: { bake: 500ms, keep: 1s } }",
    "canary": "{ canary: { steps: [{ percent: 25, time: 500ms }] } }",
    "linear": "{ linear: { percent: 34, every: 300ms } }",
    "all-at-once": "all-at-once",
}


def free():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def percentile(values, part):
    values = sorted(values)
    return 1e3 * values[min(len(values) - 1, int(part * len(values)))] if values else float("nan")


def resident(*processes):
    """Their memory, in MiB."""
    return sum(int(line.split()[1]) for process in processes for line in open(f"/proc/{process}/status")
               if line.startswith("VmRSS")) / 1024


def pids(program, word):
    """Of the processes of this program whose command line has that word."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                line = pathlib.Path(entry.path, "cmdline").read_bytes().decode(errors="replace")
                name = os.path.basename(os.readlink(entry.path + "/exe"))
            except OSError:
                continue
            if name == program and word in line:
                found.append(int(entry.name))
    return sorted(found)


class Shop:
    COUNT = 4
    WITHIN = "60s"

    def __init__(self, name):
        self.name = name
        self.base = pathlib.Path(tempfile.mkdtemp(prefix=f"slipway-{name}-"))
        self.home = self.base / "home"
        builds = [ROOT / f".build/{kind}" for kind in ("release", "debug")]
        if "BUILD" in os.environ:
            builds = [ROOT / ".build" / os.environ["BUILD"]]
        self.slipway = max((b / "slipway" for b in builds if (b / "slipway").exists()), key=lambda p: p.stat().st_mtime)
        self.port, self.door = free(), free()
        self.server, self.version = None, 0
        self.docker, self.images = os.environ.get("TARGET", "process") == "docker", []
        self.place = pathlib.Path(f"/tmp/slipway-services-{os.getuid()}/docker")  # of the Engine

    # the server

    def serve(self):
        self.server = subprocess.Popen(
            [self.slipway, "server", "--home", self.home, "--listen", f"127.0.0.1:{self.port}",
             "--config", self.base / "server.yml"],
            stderr=open(self.base / "journal", "a"), start_new_session=True)

    def kill(self):
        """At this moment; the next server begins at once."""
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()
        self.serve()

    def fail(self, words):
        sys.exit(f"{self.name}: {words}")

    def headers(self):
        return {"Authorization": f"Bearer {(self.home / 'admin-token').read_text().strip()}"}

    def ask(self, method, path, body=None, kind="application/json"):
        """Asked again while the server is away."""
        end = time.time() + 60
        while True:
            try:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{self.port}/api/v1/{path}", method=method,
                    data=body.encode() if isinstance(body, str) else body and json.dumps(body).encode(),
                    headers={**self.headers(), "Content-Type": kind})
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.loads(answer.read() or "null")
            except urllib.error.HTTPError as error:
                if error.code == 429 or (error.code == 409 and path.endswith("/executions")):
                    time.sleep(0.5)  # asked too often, or the source has not been looked at yet
                    continue
                self.fail(f"{method} {path}: {error.code} {error.read().decode()}")
            except (OSError, http.client.HTTPException):
                if time.time() > end:
                    self.fail((self.base / "journal").read_text())
                time.sleep(0.02)

    def events(self, after):
        """What happens from there on, until the server is away: names and data."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/events?after={after}", headers=self.headers())
        with urllib.request.urlopen(request, timeout=60) as stream:
            name = None
            for line in stream:
                word, _, rest = line.decode().rstrip("\n").partition(": ")
                if word == "event":
                    name = rest
                elif word == "data":
                    yield name, json.loads(rest)

    # what is deployed

    def git(self, *words):
        subprocess.run(["git", "-c", "user.name=b", "-c", "user.email=b@example.org", *words], check=True,
                       stdout=subprocess.DEVNULL)

    def engine(self, *words, data=None):
        """The command of docker is the bench's own; Slipway does without."""
        done = subprocess.run(
            ["docker", "-H", f"unix://{self.place}/docker.sock", *words], input=data, capture_output=True)
        if done.returncode:
            self.fail(f"docker {' '.join(words)}: {done.stderr.decode()}")
        return done.stdout.decode().strip()

    def make_image(self, fault=""):
        """Of the next version, with what is wrong with it. Its programs are the machine's, which the runner shows it."""
        self.version += 1
        tree = self.base / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        for name in ("usr", "tmp", "app"):
            (tree / name).mkdir(parents=True)
        for name in ("bin", "lib", "lib64"):
            (tree / name).symlink_to(f"usr/{name}")
        shutil.copy(ROOT / "Trials/deploy/app.py", tree / "app")
        (tree / "app/version").write_text(f"v{self.version}\n")
        (tree / "app/fault").write_text(fault + "\n")
        tar = subprocess.run(["tar", "-C", tree, "-c", "."], check=True, capture_output=True).stdout
        self.images.append(self.engine(
            "import", "-c", "WORKDIR /app", "-c", 'CMD ["/usr/bin/python3","app.py"]', "-", data=tar))
        return self.images[-1]

    def define(self, strategy, limits=""):
        """`limits` are further lines of the service."""
        service = f"""
        count: {self.COUNT}
        listen: {self.door}
        health: {{ path: /health, interval: 100ms }}
        drain: 20s
        within: {self.WITHIN}
{limits}"""
        environments = f"""
sources: {{ app: {{ git: {self.base}/shop.git }} }}
environments:
  production:
    services:
      web:{service}"""
        if self.docker:
            text = f"""
name: shop
variables: {{ image: {{ default: none }} }}
{environments}
stages:
  - name: production
    actions:
      release:
        deploy: {{ environment: production, image: "#{{variables.image}}", strategy: {strategy} }}
"""
        else:
            # A build that was begun when the server died may never have been begun.
            text = f"""
name: shop
variables: {{ version: {{ default: v0 }}, fault: {{ default: "" }} }}
{environments}        run: exec python3 app.py
stages:
  - name: build
    actions:
      compile:
        environment: {{ VERSION: "#{{variables.version}}", FAULT: "#{{variables.fault}}" }}
        run: mkdir out; cp app.py out/; echo "$VERSION" > out/version; echo "$FAULT" > out/fault
        outputs: {{ shop: out }}
        retry: 3
  - name: production
    actions:
      release: {{ deploy: {{ environment: production, artifact: shop, strategy: {strategy} }} }}
"""
        self.ask("PUT", "pipelines/shop", text, "application/yaml")

    def open(self):
        """Up to the first version, serving."""
        bare, work = self.base / "shop.git", self.base / "shop"
        self.git("init", "-q", "--bare", "-b", "main", bare)
        self.git("init", "-q", "-b", "main", work)
        shutil.copy(ROOT / "Trials/deploy/app.py", work)
        self.git("-C", work, "add", ".")
        self.git("-C", work, "commit", "-qm", "an application")
        self.git("-C", work, "push", "-q", bare, "HEAD:main")
        (self.base / "server.yml").write_text(f"folders: {self.base}\nroom: 1MiB\n{self.runners()}")
        self.serve()
        self.define("all-at-once")
        self.deploy()
        end = time.time() + 60
        while not any(e["name"] == "production" and e.get("release") for e in self.ask("GET", "environments")["items"]):
            if time.time() > end:
                self.fail("the first version does not come up: " + json.dumps(self.ask("GET", "environments")))
            time.sleep(0.1)

    def runners(self):
        if not self.docker:
            return ""
        socket = subprocess.run(
            [ROOT / "scripts/services", "start", "docker"], check=True, capture_output=True, text=True).stdout.strip()
        (self.base / "runners").mkdir()
        (self.base / "runners/process.yml").write_text("name: process\nplaces: 2\n")
        (self.base / "runners/docker.yml").write_text(
            f"name: docker\nkind: docker\nplaces: 2\nsocket: {socket}\nread-only: /usr\nnetwork: none\n")
        return f"runners: {self.base}/runners\n"

    def environment(self):
        return self.ask("GET", "environments/production")

    def newest(self):
        history = self.environment()["history"]
        return history[0]["ordered"] if history else None

    def begin(self, variables):
        self.ask("POST", "pipelines/shop/executions", {"variables": variables})

    def deploy(self, fault=""):
        """The next version, with what is wrong with it."""
        if self.docker:
            return self.begin({"image": self.make_image(fault)})
        self.version += 1
        self.begin({"version": f"v{self.version}", "fault": fault})

    def put_back(self):
        self.ask("POST", "environments/production/rollback", {})

    def settled(self, past, *wanted):
        """How the deployment that came after the one of that time has ended."""
        end = time.time() + 240
        while time.time() < end:
            now = self.environment()
            last = now["history"][0] if now["history"] else None
            if last and last["ordered"] != past and last["ended"]:
                if last["outcome"] not in wanted:
                    self.fail(json.dumps(last, indent=1))
                return last
            time.sleep(0.05)
        last = self.ask("GET", "pipelines/shop/executions?limit=2")
        self.fail(f"it does not end: {json.dumps(now, indent=1)}\n{json.dumps(last, indent=1)}")

    def close(self):
        if self.server and self.server.poll() is None:
            try:
                end = time.time() + 30
                while self.environment().get("deployment") and time.time() < end:
                    time.sleep(0.1)
                self.ask("DELETE", "environments/production")
                end = time.time() + 30
                while time.time() < end and any((self.home / "instances/production").glob("*/state")):
                    time.sleep(0.1)
            except SystemExit:
                pass
            self.server.terminate()
            self.server.wait()
        if self.images:
            self.engine("rmi", "-f", *self.images)
        shutil.rmtree(self.base, ignore_errors=True)


class Load:
    """Clients of all manners, until it is told that it is enough."""

    def __init__(self, door, clients):
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "Trials/deploy/client.py", f"127.0.0.1:{door}", "0", "--clients", str(clients)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.process.stderr.readline()

    def end(self):
        told = json.loads(self.process.communicate()[0])
        told["sum"] = sum(told["asked"].values()), sum(told["failed"].values())
        return told
