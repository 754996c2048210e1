#!/usr/bin/env python3
"""Runs a command in this network namespace, which has to be a fresh one, beside fakes of the
cloud's metadata service and of a name server. Refuses to run where there is any other network.

    unshare --net network.py drop|nest UID GID COMMAND…
"""
import os
import select
import signal
import socket
import subprocess
import sys

import agent

METADATA = [(socket.AF_INET, "169.254.169.254"), (socket.AF_INET6, "fd00:ec2::254")]
NAMES = "192.0.2.53"


def is_fresh():
    """A namespace that somebody uses has a way out, or a loopback that is up."""
    with open("/proc/self/net/route") as routes, open("/proc/self/net/if_inet6") as addresses:
        return len(routes.readlines()) <= 1 and not addresses.read()


def listening():
    """A socket for each fake service."""
    sockets = []
    for family, address in METADATA:
        line = socket.socket(family, socket.SOCK_STREAM)
        line.bind((address, 80))
        sockets.append(line)
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        line = socket.socket(socket.AF_INET, kind)
        line.bind((NAMES, 53))
        sockets.append(line)
    for line in sockets[:-1]:
        line.listen(16)
    return sockets


def answer(sockets):
    while True:
        for line in select.select(sockets, [], [])[0]:
            if line.type == socket.SOCK_DGRAM:
                question, sender = line.recvfrom(512)
                line.sendto(question, sender)
                continue
            caller = line.accept()[0]
            caller.sendall(b"HTTP/1.0 200 OK\r\n\r\nfake-credentials\n")
            caller.close()


def main():
    how, uid, gid, *command = sys.argv[1:]
    uid, gid = int(uid), int(gid)
    if not is_fresh():
        sys.exit("network.py: this is not a fresh network namespace; run it under 'unshare --net'")
    for words in (["link", "set", "lo", "up"],
                  ["address", "add", "169.254.169.254/32", "dev", "lo"],
                  ["address", "add", f"{NAMES}/32", "dev", "lo"],
                  ["-6", "address", "add", "fd00:ec2::254/128", "dev", "lo", "nodad"]):
        subprocess.run(["ip", *words], check=True)
    sockets = listening()
    server = os.fork()
    if server == 0:
        # Not one of its descriptors but those: who waits for the end of the output must not wait
        # for this.
        null = os.open("/dev/null", os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        answer(sockets)
    for line in sockets:
        line.close()

    if how == "nest":
        # Root only in a user namespace of its own: the command gets its user back in another.
        command = ["unshare", "--user", f"--map-user={uid}", f"--map-group={gid}", *command]

    def begin():
        if how == "drop":
            agent.drop(uid, gid)

    try:
        code = subprocess.run(command, preexec_fn=begin).returncode
    finally:
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)
    sys.exit(code if code >= 0 else 128 - code)


main()
