"""The rows that the house shows itself: by tests named after them, and by pipelines."""
import functools
import json
import os
import re
import shutil
import subprocess

import outside as around
from columns import Outcome

HERE = os.path.dirname(os.path.abspath(__file__))


def slipway():
    return os.environ.get("SLIPWAY", f"{around.ROOT}/.build/debug/slipway")


@functools.cache
def can_run():
    """Whether the product runs pipelines."""
    try:
        return subprocess.run([slipway(), "run", "--help"], capture_output=True).returncode == 0
    except OSError:
        return False


@functools.cache
def tests():
    """The tests that have a row's number in their name: what they are called, by target."""
    listed = subprocess.run(["swift", "test", "list", "--skip-build"], cwd=around.ROOT,
                            capture_output=True, text=True)
    found = {}
    for line in listed.stdout.splitlines():
        if number := re.search(r"\bE\d\d(?=:)", line):
            found.setdefault(number[0], set()).add(line.split(".")[0])
    return found


@functools.cache
def passed():
    """How often a test with each number passed and failed; all of them are run once."""
    run = subprocess.run(["swift", "test", "--skip-build", "--filter", r"\bE[0-9][0-9]:"],
                         cwd=around.ROOT, capture_output=True, text=True)
    counts = {}
    for mark, number in re.findall(r"^(✔|✘) Test \"(E\d\d): .*(?:passed|failed) after",
                                   run.stdout + run.stderr, re.M):
        counts.setdefault(number, {"✔": 0, "✘": 0})[mark] += 1
    return counts


def by_tests(row):
    targets = tests().get(row.id)
    if not targets:
        return Outcome("absent", row.absent or f"no test has {row.id} in its name")
    counts = passed().get(row.id)
    by = f"by {' and '.join(sorted(targets))} {row.id}"
    if not counts:
        return Outcome("error", f"{by}: the test was not run")
    result = "open" if counts["✘"] else "contained"
    return Outcome(result, f"{counts['✔']} tests passed, {counts['✘']} failed", by=by)


def by_pipeline(outside, row):
    if not can_run():
        return Outcome("absent", f"there is no 'slipway run' in {slipway()}")
    folder = outside.folder(f"work/{row.id}-house")
    shutil.copy(f"{HERE}/house/{row.pipeline}", folder)
    words = [slipway(), "run", row.pipeline, "--source", f"here={folder}", "--json"]
    drops = outside.is_root and outside.uid != 0
    try:
        run = subprocess.run(
            words, cwd=folder, capture_output=True, timeout=300, stdin=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "HOME": outside.home, "LANG": "C.UTF-8"},
            user=outside.uid if drops else None, group=outside.gid if drops else None,
            extra_groups=[] if drops else None)
    except subprocess.TimeoutExpired:
        return Outcome("open", "no end after 300 s")
    text = (run.stdout + run.stderr).decode(errors="replace")
    wrong = []
    if run.returncode != row.code:
        wrong.append(f"exit {run.returncode}, not {row.code}")
    if row.says and not re.search(row.says, text):
        wrong.append(f"does not say '{row.says}'")
    if row.hides and re.search(row.hides, text):
        wrong.append(f"shows {json.dumps(row.hides)}")
    if wrong:
        return Outcome("open", f"{'; '.join(wrong)}: {' '.join(text.split())[-300:]}")
    return Outcome("contained", f"exit {run.returncode}, as it should", by=f"by {row.pipeline}")


def run(outside, row):
    """What the house shows of the row; every one of the ways that are there has to."""
    outcomes = [by_tests(row)] + ([by_pipeline(outside, row)] if row.pipeline else [])
    for result in ("open", "error"):
        for outcome in outcomes:
            if outcome.result == result:
                return outcome
    shown = [outcome for outcome in outcomes if outcome.result == "contained"]
    return shown[0] if shown else outcomes[-1]
