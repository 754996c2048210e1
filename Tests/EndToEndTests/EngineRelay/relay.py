"""Lets the tests' Docker Engine, which has a network of its own with nothing in it, reach one port of this
machine's loopback for as long as a command runs: at the port of its own loopback that RELAY tells the command.

relay.py ENGINE-ID PORT COMMAND…    ENGINE-ID is the Engine's process; only root can do this
"""
import ctypes, os, socket, subprocess, sys, threading

engine, port, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def enter(network):
    if libc.setns(network, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "cannot enter a network")


def listen():
    """A socket stays in the network in which it was made."""
    with open("/proc/self/ns/net") as ours, open(f"/proc/{engine}/ns/net") as theirs:
        enter(theirs.fileno())
        try:
            return socket.create_server(("127.0.0.1", 0))
        finally:
            enter(ours.fileno())


def pass_on(source, sink):
    while data := source.recv(1 << 16):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)


def serve(listener):
    while True:
        client, _ = listener.accept()
        server = socket.create_connection(("127.0.0.1", port))
        for pair in ((client, server), (server, client)):
            threading.Thread(target=pass_on, args=pair, daemon=True).start()


listener = listen()
threading.Thread(target=serve, args=(listener,), daemon=True).start()
more = {"RELAY": str(listener.getsockname()[1])}
sys.exit(subprocess.run(command, env=os.environ | more).returncode)
