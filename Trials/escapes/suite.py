#!/usr/bin/env python3
"""Runs the escape attempts in three columns and prints the table. See README.md beside this."""
import argparse
import hashlib
import json
import os
import re
import shutil
import sys

import columns
import house
import judging
import outside as around
import rows as table

COLUMNS = ("none", "naive", "ours")


def arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/escapes", description="Tries to escape: without a sandbox, from a naive one, "
        "from ours. OURS is a command that takes a workspace and a command.")
    parser.add_argument("--user", action="store_true",
                        help="as nobody, or as $ESCAPES_USER, instead of root")
    parser.add_argument("--column", choices=COLUMNS, action="append", help="only this one")
    parser.add_argument("--network", choices=("none", "outbound"),
                        help="which network to ask ours for, instead of what the row says")
    parser.add_argument("--details", action="store_true", help="also how each way was refused")
    parser.add_argument("--complete", action="store_true",
                        help="fail for rows that nothing shows, too")
    parser.add_argument("--json", metavar="FILE", help="write what was found there, too")
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these rows, such as E07")
    options = parser.parse_args()
    if options.user and os.getuid() != 0:
        options.user = False  # One who is no root already is the user.
    return options


def verdict(row, found):
    """What the three columns say together, and whether that fails the run."""
    none, ours = found.get("none"), found.get("ours")
    if ours and ours.result == "open":
        return "ESCAPED", True
    if ours and ours.result == "error":
        return "NOT SHOWN", True
    if not ours or ours.result == "absent":
        word = f"not there: {row.absent}" if ours and row.absent else "not there" if ours else ""
        return ("toothless here" if none and none.result != "open" else word), False
    if none and none.result != "open":
        return "toothless here", False
    return f"held{unexpected(row, ours)}{f', {ours.by}' if ours.by else ''}", False


def unexpected(row, outcome):
    """The refusals that the row does not tell of, as what is there by chance is no protection."""
    code = r"\b(E[A-Z]{3,}|SIG[A-Z]+)\b"
    told = set(re.findall(code, row.ours))
    found = set(re.findall(code + " from", outcome.detail)) if told else set()
    return f", but by {', '.join(sorted(found - told))}" if found - told else ""


def launcher():
    """What starts sandboxes must be the same file afterwards."""
    found = {}
    for path in (shutil.which("bwrap"), house.slipway()):
        if path and os.path.exists(path):
            with open(path, "rb") as file:
                found[path] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def try_row(outside, row, options):
    chosen = options.column or COLUMNS
    if row.is_house:
        return {"ours": house.run(outside, row)} if "ours" in chosen else {}
    found = {}
    for column in chosen:
        if column == "ours" and not columns.ours_command():
            found[column] = columns.Outcome("absent", "")
        else:
            found[column] = worst([judging.run(outside, row, column, network)
                                   for network in networks(outside, row, column, options)])
    return found


def networks(outside, row, column, options):
    """Which to ask for, one after the other; only ours can be asked for any."""
    if column != "ours":
        return ["none"]
    if options.network:
        return [options.network]
    return [way for way in row.ways or ["none"] if way != "outbound" or outside.has_tunnel]


def worst(outcomes):
    """Of the same attempt made again with another network."""
    for result in ("open", "error"):
        for outcome in outcomes:
            if outcome.result == result:
                return outcome
    outcomes[0].detail = " | and then: ".join(outcome.detail for outcome in outcomes)
    return outcomes[0]


def shown(found, column):
    if column not in found:
        return "-"
    absent = "not there" if column == "ours" else "not tried"
    return absent if found[column].result == "absent" else found[column].result


def print_row(row, found, word, details, as_root):
    cells = [f"{shown(found, column):9}" for column in COLUMNS]
    print(f"{row.id}  {row.what:60.60} {'  '.join(cells)}  {word}", flush=True)
    for column, outcome in found.items():
        if details or (column == "ours" and outcome.result in ("open", "error")):
            print(f"       {column}: {outcome.detail}")
    if details and row.note:
        print(f"       note: {row.note}")
    if as_root and not row.is_house:
        unlike = [c for c in ("none", "naive") if c in found
                  and found[c].result != getattr(row, c)]
        for column in unlike:
            print(f"       {column}: usually {getattr(row, column)} here: {found[column].detail}")


def main():
    options = arguments()
    rows = table.read()
    unknown = set(options.ids) - {row.id for row in rows}
    if unknown:
        sys.exit(f"escapes: there is no {', '.join(sorted(unknown))}; there are E01 to E82")
    helper = os.environ.get("ESCAPES_HELPER", f"{around.ROOT}/.build/debug/escapes")
    before, failed, record = launcher(), [], []
    counts = {}
    print(f"{'':4} {'attempt':60} {'none':9}  {'naive':9}  {'ours':9}  verdict")
    with around.standing(helper, options.user) as outside:
        for row in rows:
            if options.ids and row.id not in options.ids:
                continue
            found = try_row(outside, row, options)
            word, fails = verdict(row, found)
            kind = re.split("[,:]", word)[0]
            counts[kind] = counts.get(kind, 0) + 1
            if fails or (options.complete and kind == "not there"):
                failed.append(row.id)
            print_row(row, found, word, options.details, outside.uid == 0)
            record.append({"id": row.id, "verdict": word} | {
                column: vars(outcome) for column, outcome in found.items()})
    left = around.leftovers(outside, patience=10)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(record, file, indent=1)
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if word)
    print(f"escapes: {sum(counts.values())} rows as {'root' if outside.uid == 0 else 'a user'}"
          f"{': ' + told if told else ''}")
    if launcher() != before:
        left.append("a changed launcher")
    print(f"left over: {', '.join(left) if left else 'nothing'}")
    if failed:
        print(f"FAILED: {' '.join(failed)}")
    sys.exit(1 if failed or left else 0)


main()
