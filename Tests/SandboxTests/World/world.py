#!/usr/bin/env python3
"""Runs a command on a host of its own beside a world of its own, both of them network namespaces.

    unshare --mount --net world.py UID COMMAND…

The host has the addresses in HOST, the world those in WORLD, and on each of them somebody answers
at PORT; the world's name server knows one name. Before the command is run, the host has to reach
all of them, so that what the command does not reach is kept from it. Refuses to run where there is
any other network.
"""
import ctypes
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile

CLONE_NEWNET = 0x40000000
PORT = 7777
HOST = ["198.51.100.1", "203.0.113.5", "127.0.0.1", "127.8.8.8"]
NAMES = "198.51.100.53"
WORLD = ["198.51.100.2", NAMES, "10.7.7.7", "192.168.7.7", "169.254.169.254", "169.254.170.2",
         "168.63.129.16", "100.100.100.200"]
ANSWER = "198.51.100.2"  # to the question for any name


def is_fresh():
    """A namespace that somebody uses has a way out, or a loopback that is up."""
    with open("/proc/self/net/route") as routes, open("/proc/self/net/if_inet6") as addresses:
        return len(routes.readlines()) <= 1 and not addresses.read()


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def answer(line, question, sender):
    """One address for whatever name is asked for."""
    end = question.index(b"\0", 12) + 5
    kind = struct.unpack("!H", question[end - 4:end - 2])[0]
    count = 1 if kind == 1 else 0
    head = question[:2] + struct.pack("!HHHHH", 0x8180, 1, count, 0, 0)
    record = struct.pack("!HHHIH", 0xC00C, 1, 1, 60, 4) + socket.inet_aton(ANSWER)
    line.sendto(head + question[12:end] + record * count, sender)


def serve(names):
    """Answers at every address of this namespace, for ever."""
    line = socket.socket()
    line.bind(("0.0.0.0", PORT))
    line.listen(64)
    lines = [line]
    if names:
        lines.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        lines[1].bind((names, 53))
    yield
    while True:
        for ready in select.select(lines, [], [])[0]:
            if ready is line:
                caller = line.accept()[0]
                caller.sendall(b"here\n")
                caller.close()
            else:
                answer(ready, *ready.recvfrom(512))


def start(prepare, names=None):
    """A process that prepares a place and serves it; given back when it does."""
    read, write = os.pipe()
    go_read, go_write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go_write)
        # Not one descriptor but its own: who waits for an end of output must not wait for this.
        null = os.open("/dev/null", os.O_RDWR)
        for number in (0, 1):
            os.dup2(null, number)
        prepare(write, go_read)
        service = serve(names)
        next(service)
        os.write(write, b"serving\n")
        os.close(write)
        next(service)
    os.close(write)
    os.close(go_read)
    return child, read, go_write


def world(write, go):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        os._exit(1)
    os.write(write, b"apart\n")
    os.read(go, 1)
    ip("link", "set", "lo", "up")
    ip("link", "set", "world", "up")
    ip("address", "add", f"{WORLD[0]}/24", "dev", "world")
    for address in WORLD[1:]:
        ip("address", "add", f"{address}/32", "dev", "world")


def reach(address):
    line = socket.create_connection((address, PORT), timeout=10)
    assert line.recv(5) == b"here\n", address
    line.close()


def main():
    uid, *command = sys.argv[1:]
    if not is_fresh():
        sys.exit("world.py: this is no fresh network namespace; run it under 'unshare --net'")
    ip("link", "set", "lo", "up")
    servers = [start(world, NAMES)]
    child, told, go = servers[0]
    try:
        assert os.read(told, 6) == b"apart\n"
        ip("link", "add", "host", "type", "veth", "peer", "name", "world", "netns", str(child))
        ip("link", "set", "host", "up")
        ip("address", "add", f"{HOST[0]}/24", "dev", "host")
        ip("address", "add", f"{HOST[1]}/32", "dev", "lo")
        ip("route", "add", "default", "via", WORLD[0])
        os.write(go, b"1")
        assert os.read(told, 8) == b"serving\n"
        servers.append(start(lambda *_: None))
        assert os.read(servers[1][1], 8) == b"serving\n"
        for address in HOST + WORLD:
            reach(address)
        print("the host reaches all of them", flush=True)
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as resolver:
            resolver.write(f"nameserver {NAMES}\n")
            resolver.flush()
            os.chmod(resolver.name, 0o644)
            subprocess.run(["mount", "--bind", resolver.name, "/etc/resolv.conf"], check=True)
            if uid != "0":
                # Root only in a user namespace of its own: the command gets its user back.
                command = ["unshare", "--user", f"--map-user={uid}", f"--map-group={uid}",
                           *command]
            code = subprocess.run(command).returncode
            subprocess.run(["umount", "/etc/resolv.conf"], check=True)
    finally:
        for server, _, _ in servers:
            os.kill(server, signal.SIGKILL)
            os.waitpid(server, 0)
    sys.exit(code)


main()
