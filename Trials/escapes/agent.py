"""Whose rights a run begins with, and what it would inherit if nobody took it away."""
import ctypes
import fcntl
import os
import termios

KEYCTL_JOIN_SESSION_KEYRING, KEYCTL_INVALIDATE, KEY_SPEC_SESSION_KEYRING = 1, 21, -3
SYS_add_key, SYS_keyctl = (217, 219) if os.uname().machine == "aarch64" else (248, 250)
libc = ctypes.CDLL(None, use_errno=True)


def drop(uid, gid):
    """Becomes the user, for good."""
    if os.getuid() == uid:
        return
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def hold_key(description):
    """Puts a key into a session keyring of this process' own, which those it starts inherit."""
    libc.syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, None)
    return libc.syscall(SYS_add_key, b"user", description.encode(), b"secret", 6,
                        KEY_SPEC_SESSION_KEYRING)


def forget_key(key):
    libc.syscall(SYS_keyctl, KEYCTL_INVALIDATE, key)


def take_terminal(terminal):
    """Makes the terminal that of a session of this process' own."""
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


def beginning(uid, gid, terminal, control=None):
    """What a new process does before it runs its program."""
    def begin():
        take_terminal(terminal)
        if control:
            with open(f"{control}/cgroup.procs", "w") as file:
                file.write(str(os.getpid()))
        drop(uid, gid)
    return begin
