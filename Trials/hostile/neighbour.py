"""The well-behaved action: it computes, writes, checks what it has written, and says how long it was
kept waiting at most. It goes on until the hostile one beside it has ended."""
import hashlib
import os
import sys
import time

over, width = sys.argv[1], int(sys.argv[2])
written, digest, ticks, worst = hashlib.sha256(), b"", 0, 0.0
before = time.monotonic()
with open("work", "wb") as file:
    os.posix_fallocate(file.fileno(), 0, 1 << 20)  # Whoever needs room for sure takes it before.
    while True:
        for _ in range(200):
            digest = hashlib.sha256(digest).digest()
        file.write(digest)
        written.update(digest)
        ticks += 1
        if ticks % 10 == 0:
            file.flush()
            print(f"tick {ticks}".ljust(width), flush=True)
        time.sleep(0.01)
        now = time.monotonic()
        worst, before = max(worst, now - before), now
        if os.path.exists(over):
            break
again, expected = b"", hashlib.sha256()
for _ in range(ticks):
    for _ in range(200):
        again = hashlib.sha256(again).digest()
    expected.update(again)
with open("work", "rb") as file:
    read = hashlib.sha256(file.read(32 * ticks)).digest()
if not read == written.digest() == expected.digest():
    sys.exit("neighbour: what is in the file is not what was written")
print(f"neighbour: right after {ticks} ticks, worst stall {worst * 1000:.0f} ms", flush=True)
