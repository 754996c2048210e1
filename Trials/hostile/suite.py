#!/usr/bin/env python3
"""Runs hostile actions, each beside a well-behaved one, and prints the table. See README.md."""
import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile
import time

import loads as table
import machine
from running import Running

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
AT_ONCE_WHEN_QUICK = 3


def arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/hostile", description="Hostile loads: each has to end as it should, and "
        "nobody beside it may feel more than that the machine is shared.")
    parser.add_argument("--quick", action="store_true", help="small sizes, and not all of them")
    parser.add_argument("--small", action="store_true", help="all of them, in small sizes")
    parser.add_argument("--user", action="store_true", help="as an ordinary user")
    parser.add_argument("--keep", action="store_true", help="leave the folders there")
    parser.add_argument("names", nargs="*", metavar="LOAD", help="only these, such as fork-bomb")
    options = parser.parse_args()
    if options.user and os.getuid() != 0:
        options.user = False  # One who is no root already is the user.
    return options


def user(options):
    """The first of the uids to become, one for each load; 0 to stay who we are. Nobody else has
    them, so that all that one of them owns afterwards belongs to its load."""
    return 61_000 + os.getpid() % 3_000 if options.user else 0


def unfit(load, base):
    """Why a load cannot be had on this machine."""
    if load.image and os.getuid() != 0:
        return "only root may mount a small disk"
    room = machine.free(base) >> 30
    if load.disk > room:
        return f"needs {load.disk} GiB of disk; {room} are free"
    return None


def one(slipway, base, load, uid, keeps):
    running = Running(slipway, base, load, uid)
    try:
        return running.run()
    finally:
        if not keeps:
            running.remove()


def shown(load, outcome):
    end = outcome.end if len(outcome.end) < 52 else f"{outcome.end[:51]}…"
    return (f"{load.what:61.61} {end:52} {outcome.milliseconds / 1000:6.1f} s  "
            f"{outcome.neighbour:8.8} {outcome.stall:>8}  {outcome.house >> 20:4} "
            f"{outcome.supervisor >> 20:4} {outcome.cleaning:6.1f} s  "
            f"{'SOMETHING' if outcome.left else 'nothing'}")


def main():
    options = arguments()
    slipway = os.environ.get("SLIPWAY", f"{ROOT}/.build/release/slipway")
    uid = user(options)
    chosen = table.read("quick" if options.quick or options.small else "full",
                        options.user or os.getuid() != 0)
    unknown = set(options.names) - {load.name for load in chosen}
    if unknown:
        sys.exit(f"hostile: there is no {', '.join(sorted(unknown))}; there are "
                 f"{', '.join(load.name for load in chosen)}")
    if options.names:
        chosen = [load for load in chosen if load.name in options.names]
    elif options.quick:
        chosen = [load for load in chosen if load.in_quick]
    base = tempfile.mkdtemp(prefix="slipway-hostile-", dir="/var/tmp")
    os.chmod(base, 0o755)
    whose = "root" if (uid or os.getuid()) == 0 else "an ordinary user"
    print(f"hostile: as {whose}, {os.cpu_count()} processors, "
          f"{machine.memory('MemAvailable') >> 30} GiB of memory and "
          f"{machine.free(base) >> 30} GiB of disk to be had")
    print(f"{'load':61} {'recorded end':52} {'after':>8}  neighbour {'stall':>7} "
          f"{'MiB: house, supervisor':}  cleaned  left over")
    before = machine.Machine()
    broken, count = [], 0
    with concurrent.futures.ThreadPoolExecutor(
            AT_ONCE_WHEN_QUICK if options.quick else 1) as pool:
        tried = []
        for index, load in enumerate(chosen):
            if why := unfit(load, base):
                print(f"{load.what:61.61} not tried: {why}")
            else:
                tried.append((load, pool.submit(
                    one, slipway, base, load, uid and uid + index, options.keep)))
        for load, future in tried:
            count += 1
            outcome = future.result()
            print(shown(load, outcome), flush=True)
            if load.note:
                print(f"    {load.note}")
            for fault in outcome.faults:
                print(f"    BROKEN: {fault}", flush=True)
                broken.append(load.name)
    if not options.keep:
        shutil.rmtree(base, ignore_errors=True)
    left = before.settled()
    print(f"left over: {', '.join(left) if left else 'nothing'}")
    broken = sorted(set(broken)) + (["the machine"] if left else [])
    if broken:
        print(f"BROKEN: {' '.join(broken)}")
    print(f"hostile: {count} loads, {len(broken)} broken")
    sys.exit(1 if broken else 0)


main()
