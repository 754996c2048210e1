"""How each kind of row is run and judged, where the attempt cannot know itself what it came to."""
import os
import re
import stat
import subprocess
import time

import outside as around
from columns import Outcome, Running

GRACE = float(os.environ.get("ESCAPES_GRACE", "20"))  # seconds from a stop to the end


def once(outside, row, column, network):
    running = Running(outside, row, column, network=network)
    outcome = running.start().finish()
    if outcome.result == "error" and row.ended and re.search(row.ended, outcome.detail, re.I):
        return Outcome("contained", f"ended by the house: {outcome.detail}")
    return outcome


def setuid(outside, row, column, network):
    """Looks for the file that the attempt may have left, and at whose it is."""
    running = Running(outside, row, column, network=network)
    outcome = running.start().finish()
    left = []
    for folder, _, names in os.walk(outside.base):
        for name in names:
            if name == f"setuid-{running.token}":
                status = os.lstat(f"{folder}/{name}")
                left.append((stat.filemode(status.st_mode), status.st_uid))
                if status.st_mode & stat.S_ISUID and status.st_uid in (0, outside.uid):
                    return Outcome("open", f"left {left[-1][0]} of uid {status.st_uid}")
    if outcome.result == "error":
        return outcome
    return Outcome("contained", f"left {left or 'nothing'}; {outcome.detail}")


def planted(outside, row, column, network):
    """Plants links in the workspace, has things made below them, and looks where they lead."""
    running = Running(outside, row, column, network=network)
    os.symlink(f"/oldroot{outside.planted}", f"{running.workspace}/evil")
    os.symlink(outside.planted, f"{running.workspace}/direct")
    running.extra = ["--dir", f"{running.workspace}/evil/by-bwrap"]
    running.environment["ESCAPES_BELOW"] = "evil/by-house"
    outcome = running.start().finish()
    made = os.listdir(outside.planted)
    for name in made:
        os.rmdir(f"{outside.planted}/{name}")
    if made:
        return Outcome("open", f"made outside: {', '.join(made)}")
    # That the house refuses such a layout is an answer too.
    if outcome.result == "error" and re.search(r"(?i)link|outside", outcome.detail):
        return Outcome("contained", outcome.detail)
    return outcome


def pair(outside, row, column, network):
    """Two at the same time."""
    runs = [Running(outside, row, column, mark, network=network).start() for mark in "ab"]
    outcomes = [run.finish() for run in runs]
    worst = next((o for o in outcomes if o.result == "open"), None)
    worst = worst or next((o for o in outcomes if o.result == "error"), outcomes[0])
    together = min(o.over for o in outcomes) - max(o.begun for o in outcomes)
    if worst.result == "contained" and together < 1:
        return Outcome("error", f"the two were together for {together:.1f} s only")
    return worst


def survivor(outside, row, column, network):
    running = Running(outside, row, column, network=network).start()
    text = running.read(until='"to":')
    try:
        # Not for the end of the output, which the daemon may hold as long as it lives.
        running.process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        return Outcome("open", "the run waits for the daemon")
    left = running.survivors()
    around.kill(running.token)
    outcome = running.finish(text)
    if outcome.result == "error":
        return outcome
    if left:
        return Outcome("open", f"still there after a second: {len(left)} process")
    return Outcome("contained", "nothing is left")


def holder(outside, row, column, network):
    outcome = Running(outside, row, column, network=network).start().finish()
    if outcome.result == "error":
        return outcome
    waited = outcome.ended - outcome.over
    return Outcome("open" if waited > 3 else "contained", f"closed after {waited:.2f} s")


def stubborn(outside, row, column, network):
    """Asks the run to end once its processes are there, and sees whether all of them do."""
    running = Running(outside, row, column, network=network).start()
    text = running.read(until='"ready"', patience=20)
    if '"ready"' not in text:
        around.kill(running.token)
        return running.finish(text)
    running.stop()
    begun = time.monotonic()
    left = running.survivors(GRACE if column == "ours" else 3)
    took = time.monotonic() - begun
    around.kill(running.token)
    outcome = running.finish("")
    if left:
        return Outcome("open", f"{len(left)} processes are there {took:.0f} s after the stop")
    return Outcome("contained", f"gone after {took:.1f} s, exit {outcome.code}")


def watched(outside, row, column, network):
    """Has somebody of the agent's uid look whether it can still have what it needs.

    Without our sandbox the attempt succeeds, so it is made with a uid that nobody has.
    """
    if not outside.is_root:
        return Outcome("absent", "would take from the user it runs as: only root may start it")
    uid = outside.uid if column == "ours" else around.NOBODY_ELSE
    running = Running(outside, row, column, uid=uid, network=network)
    watch = subprocess.Popen(
        [outside.helper, "watch", "--token", outside.token], stdin=subprocess.PIPE, text=True,
        stdout=subprocess.PIPE, cwd="/", user=uid, group=uid, extra_groups=[])
    watch.stdout.readline()
    outcome = running.start().finish()
    said = watch.communicate()[0].split("\n")[:-1]
    if outcome.result == "error":
        return outcome
    if said:
        return Outcome("open", f"for another of the uid: {', '.join(said)}")
    return Outcome("contained", f"nobody of the agent's uid felt it; {outcome.detail}")


KINDS = {"": once, "setuid": setuid, "planted": planted, "pair": pair, "survivor": survivor,
         "holder": holder, "stubborn": stubborn, "watched": watched}


def run(outside, row, column, network="none"):
    """Runs the row in the column, and leaves none of its processes behind."""
    outcome = KINDS[row.run](outside, row, column, network)
    token = f"{outside.token}{row.id}{column}"
    left = around.kill(token)
    if left and outcome.result == "contained" and column == "ours":
        return Outcome("open", f"{len(left)} processes were left; {outcome.detail}")
    return outcome
