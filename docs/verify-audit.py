#!/usr/bin/env python3
"""Verifies an export of Slipway's record, with Python and openssl and nothing of Slipway.

    verify-audit.py EXPORT [--key audit.pub] [--witness FILE]

Exit code 0: clean; 1: tampered with; 2: it could not be read. It says the same as
`slipway audit verify --export`, in a hundred lines that anybody can read.
"""
import hashlib, os, subprocess, sys, tempfile

# The fixed beginning of an Ed25519 public key in DER; the key's own 32 bytes follow.
DER = bytes.fromhex("302a300506032b6570032100")
ZERO = "0" * 64


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def is_signed(key, body, signature):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("key", "body", "signature")]
        for path, data in zip(paths, (DER + key, body, signature)):
            with open(path, "wb") as file:
                file.write(data)
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", paths[0],
             "-rawin", "-in", paths[1], "-sigfile", paths[2]], capture_output=True).returncode == 0


def checkpoints(path):
    for line in open(path):
        words = line.split()
        body = "\n".join(words[:6]) + "\n"
        yield int(words[1]), words[2], words[4], body, words[6]


def fail(kind, sequence):
    print(f"tampered with: {kind} at record {sequence}")
    sys.exit(1)


def promises(folder, key, witness):
    """What was signed, by size; and where the chain of checkpoints is broken."""
    signed, previous = {}, ZERO
    for size, head, before, body, signature in checkpoints(os.path.join(folder, "checkpoints.log")):
        if not is_signed(key, body.encode(), bytes.fromhex(signature)) or before != previous:
            fail("forged", size)
        previous = sha256((body + signature).encode())
        signed[size] = head
    for size, head, _, body, signature in checkpoints(witness) if witness else ():
        if not is_signed(key, body.encode(), bytes.fromhex(signature)):
            fail("forged", size)
        if signed.setdefault(size, head) != head:
            fail("forked", size)
    return signed


def main():
    words = sys.argv[1:]
    option = lambda name: words[words.index(name) + 1] if name in words else None
    folder = words[0]
    with open(option("--key") or os.path.join(folder, "audit.pub")) as file:
        key = bytes.fromhex(file.read().strip())
    signed = promises(folder, key, option("--witness"))
    head, count = ZERO, 0
    with open(os.path.join(folder, "records.log"), "rb") as records:
        for line in records:
            number, stored, body = line.rstrip(b"\n").split(b" ", 2)
            if int(number) != count + 1:
                fail("gap", count + 1)
            head = sha256(b"slipway-record-1\n" + head.encode() + b"\n" + body)
            if head != stored.decode():
                fail("altered", count + 1)
            count += 1
            if signed.get(count, head) != head:
                fail("forked", count)
    if signed and max(signed) > count:
        fail("cut off", count + 1)
    print(f"clean: {count} records, head {head}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, IndexError) as error:
        print(f"cannot verify: {error}", file=sys.stderr)
        sys.exit(2)
