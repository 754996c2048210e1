"""ECR as a push sees it, in the network namespace that this is started in: its API is moto's server,
behind a front that gives each login a password of its own; its registry is docker-registry, behind a
proxy with TLS that takes only the last of these passwords, and tells moto what was put there.

world.py FOLDER HOST COMMAND…    runs the command in it; FOLDER has, besides, logs and a mode, which may be

  expired   AWS says so of the credentials
  ahead     AWS's clock is an hour ahead of this machine's, and it takes no signature of another time
  lasting   passwords are taken until the end, and not only the last
"""
import base64, calendar, http.client, json, os, pathlib, re, ssl, subprocess, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import botocore.session
from botocore.exceptions import ClientError

folder, host, command = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:]
root = pathlib.Path(__file__).resolve().parents[3]
moto, _, key, secret, *_ = subprocess.run(
    [root / "scripts/services-moto", "start"], check=True, capture_output=True, text=True,
    env=os.environ | {"SLIPWAY_SERVICES": str(folder)}).stdout.split()
logins, lock = [], threading.Lock()


def mode():
    return (folder / "mode").read_text()


def note(name, text):
    with lock, open(folder / name, "a") as file:
        file.write(text + "\n")


class Passing(BaseHTTPRequestHandler):
    """Passes on what is asked, and the answer."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def ask(self, where, body, more={}):
        server = http.client.HTTPConnection(where)
        server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in (dict(self.headers.items()) | more).items():
            server.putheader(name, value)
        server.endheaders(body)
        answer = server.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        length = dict((n.lower(), v) for n, v in headers).get("content-length", "0")
        self.send_header("Content-Length", length if self.command == "HEAD" else str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status, error, headers=()):
        self.answer(status, [("Content-Type", "application/json"), *headers], json.dumps(error).encode())


def now():
    """By AWS's clock."""
    return time.time() + (3600 if "ahead" in mode() else 0)


class API(Passing):
    def date_time_string(self, timestamp=None):
        return super().date_time_string(now())

    def is_late(self):
        """moto verifies signatures and takes them at any time; AWS does not."""
        signed = calendar.timegm(time.strptime(self.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ"))
        return abs(now() - signed) > 300

    def do_POST(self):
        body = self.body()
        what = self.headers["X-Amz-Target"].split(".")[-1]
        if self.is_late():
            note("late.log", what)
            return self.refuse(400, {"__type": "InvalidSignatureException",
                                     "message": "Signature expired: it is now earlier than it may be"})
        note("aws.log", what)
        if "expired" in mode():
            return self.refuse(400, {"__type": "ExpiredTokenException", "message": "it has expired"})
        is_login = what == "GetAuthorizationToken"
        if is_login and not logins:
            logins.append(None)
            return self.refuse(400, {"__type": "ThrottlingException", "message": "Rate exceeded"})
        status, headers, answer = self.ask(moto.removeprefix("http://"), body)
        if is_login and status == 200:
            logins.append(base64.b64encode(f"AWS:password-{len(logins)}".encode()).decode())
            answer = re.sub(rb'"authorizationToken": ?"[^"]*"',
                            f'"authorizationToken": "{logins[-1]}"'.encode(), answer)
        self.answer(status, headers, answer)


class Registry(Passing):
    def do(self):
        body = self.body()
        shown = self.headers.get("Authorization")
        if shown is None:
            return self.refuse(401, {"errors": [{"code": "UNAUTHORIZED"}]}, [
                ("WWW-Authenticate", f'Basic realm="https://{host}/",service="ecr.amazonaws.com"')])
        if shown not in [f"Basic {login}" for login in (logins if "lasting" in mode() else logins[-1:])]:
            note("registry.log", f"stale {shown}")
            return self.refuse(403, {"errors": [{"code": "DENIED"}]})
        status, headers, answer = self.ask("127.0.0.1:7002", body, {"X-Forwarded-Proto": "https"})
        note("registry.log", f"{self.command} {self.path} {status} password-{len(logins) - 1}")
        manifest = re.fullmatch(r"/v2/(.+)/manifests/(.+)", self.path)
        if manifest and self.command == "PUT" and status == 201:
            self.keep(*manifest.groups(), body.decode(), dict(headers)["Docker-Content-Digest"])
        self.answer(status, headers, answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do

    def keep(self, repository, name, manifest, digest):
        tag = {} if name.startswith("sha256:") else {"imageTag": name}
        try:
            ecr.put_image(repositoryName=repository, imageManifest=manifest, imageDigest=digest, **tag)
            if not tag and '"layers"' in manifest:
                ecr.start_image_scan(repositoryName=repository, imageId={"imageDigest": digest})
        except ClientError as problem:
            note("registry.log", f"moto {problem}")


def identity():
    """An authority, and a certificate for the registry's name."""
    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 2, "-subj", "/CN=A test's authority",
            "-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={host[:60]}", "-keyout",
            folder / "server.key", "-out", folder / "server.csr")
    (folder / "names").write_text(f"subjectAltName=DNS:{host}\n")
    openssl("x509", "-req", "-in", folder / "server.csr", "-CA", folder / "ca.pem", "-CAkey",
            folder / "ca.key", "-CAcreateserial", "-days", 2, "-extfile", folder / "names", "-out",
            folder / "server.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context


def serve(port, handler, context=None):
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()


if not (folder / "mode").exists():
    (folder / "mode").write_text("")
settings = folder / "registry.yml"
settings.write_text(f"version: 0.1\nstorage:\n  filesystem: {{ rootdirectory: {folder}/blobs }}\n"
                    "http: { addr: '127.0.0.1:7002', secret: test }\n")
with open(folder / "docker-registry.log", "w") as log:
    registry = subprocess.Popen(["docker-registry", "serve", settings], stdout=log, stderr=log)
ecr = botocore.session.get_session().create_client(
    "ecr", region_name="eu-central-1", endpoint_url=moto, aws_access_key_id=key,
    aws_secret_access_key=secret)
serve(443, Registry, identity())
serve(7001, API)
while "listening on" not in (folder / "docker-registry.log").read_text():
    assert registry.poll() is None
    time.sleep(0.02)
keys = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_EC2_METADATA_DISABLED": "true"}
sys.exit(subprocess.run(command, env=os.environ | keys).returncode)
