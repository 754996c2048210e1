"""Blue/green of four containers until all requests are answered by the new ones: by Slipway, and by docker's
command and HAProxy's socket, with the same images and the same application.
"""
import os, subprocess, time, urllib.request
import shop as bench

SCRIPT = """
set -e
now=$1 first=$2 old=$3 image=$4 cfg=$5
for n in 0 1 2 3; do
  docker -H "unix://$6" run -d --init --name "hand-$now$n" --network host -e PORT=$((first + n)) \
    -v /usr:/usr:ro "$image" >/dev/null &
done
wait
for n in 0 1 2 3; do
  until $7 curl -sf -o /dev/null "http://127.0.0.1:$((first + n))/health"; do sleep 0.02; done
done
for n in 0 1 2 3; do echo "set server b/$now$n weight 100"; done | tr '\n' ';' | socat - "unix:$cfg" >/dev/null
for n in 0 1 2 3; do echo "set server b/$old$n weight 0"; done | tr '\n' ';' | socat - "unix:$cfg" >/dev/null
"""


def moved(shop, ask_door):
    """When many answers in a row are the newest version's."""
    row, end = 0, time.time() + 60
    while row < 12:
        if time.time() > end:
            shop.fail(f"not all requests come to v{shop.version}")
        row = row + 1 if ask_door().split(" ")[0] == f"v{shop.version}" else 0


def by_slipway(shop, count):
    shop.define("{ blue-green: { bake: 0s } }")
    told = lambda: urllib.request.urlopen(f"http://127.0.0.1:{shop.door}/", timeout=10).read().decode()
    took = []
    for _ in range(count):
        image, past = shop.make_image(), shop.newest()
        start = time.time()
        shop.begin({"image": image})
        moved(shop, told)
        took.append(time.time() - start)
        shop.settled(past, "succeeded")
    return sorted(took)


def by_hand(shop, count):
    """In the Engine's own network."""
    inside = ["nsenter", f"--net=/proc/{(shop.place / 'pid').read_text().strip()}/ns/net"]
    lines = ""
    for color, first in (("blue", 18100), ("green", 18200)):
        for number in range(4):
            lines += f"  server {color}{number} 127.0.0.1:{first + number} weight {100 if color == 'blue' else 0}\n"
    (shop.base / "hand.cfg").write_text(
        f"global\n  stats socket {shop.base}/hand.sock level admin\ndefaults\n  mode http\n  timeout connect 5s\n"
        "  timeout client 60s\n  timeout server 60s\nfrontend f\n  bind 127.0.0.1:18000\n  default_backend b\n"
        f"backend b\n{lines}")
    haproxy = subprocess.Popen([*inside, "haproxy", "-f", shop.base / "hand.cfg"], stderr=subprocess.DEVNULL)
    told = lambda: subprocess.run(
        [*inside, "curl", "-s", "http://127.0.0.1:18000/"], capture_output=True, text=True).stdout
    took = []
    try:
        for turn in range(count + 1):
            image, (now, old) = shop.make_image(), ("blue", "green") if turn % 2 == 0 else ("green", "blue")
            start = time.time()
            subprocess.run(
                ["sh", "-c", SCRIPT, "hand", now, "18100" if now == "blue" else "18200", old, image,
                 f"{shop.base}/hand.sock", f"{shop.place}/docker.sock", " ".join(inside)], check=True)
            moved(shop, told)
            if turn:  # the first has nobody to take over from
                took.append(time.time() - start)
                shop.engine("rm", "-f", *(f"hand-{old}{n}" for n in range(4)))
    finally:
        haproxy.terminate()
        haproxy.wait()
        for name in shop.engine("ps", "-aq", "--filter", "name=hand-").split():
            shop.engine("rm", "-f", name)
    return sorted(took)


def compare(shop, count):
    ours = by_slipway(shop, count)
    keepers = [int(lock.read_text().split()[0]) for lock in (shop.home / "instances/production").glob("*/lock")
               if (lock.parent / "state").exists()]
    house, each = bench.resident(shop.server.pid), bench.resident(*keepers) / max(1, len(keepers))
    theirs = by_hand(shop, count)
    ratio = ours[len(ours) // 2] / theirs[len(theirs) // 2]
    print("\n### Blue/green of four containers, until all requests are the new version's\n")
    print("| | deployments | median | worst |\n|---|---:|---:|---:|")
    for name, took in (("Slipway", ours), ("docker's command, curl and socat", theirs)):
        print(f"| {name} | {count} | {took[len(took) // 2]:.2f} s | {took[-1]:.2f} s |")
    print(f"\nRatio {ratio:.2f}; memory of the server {house:.0f} MiB, of who looks after an instance {each:.0f} MiB "
          f"each; load {os.getloadavg()[0]:.1f}")
