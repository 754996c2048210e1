"""The rows of the table, as `rows/*.toml` tells them."""
import glob
import os
import tomllib
from dataclasses import dataclass, field

FOLDER = os.path.dirname(os.path.abspath(__file__))


@dataclass
class Row:
    id: str
    what: str
    ours: str  # the refusal that is expected
    none: str = ""
    naive: str = ""
    teeth: str = ""  # "root": only root can do it without a sandbox
    run: str = ""  # how the harness runs it, where that is not simply once; see judging.py
    network: str = ""  # "fake": in a namespace of its own with fake services
    ways: list = field(default_factory=list)  # the networks to ask ours for, one after the other
    control: bool = False  # in a control group that the agent may manage
    ended: str = ""  # what the house says when it ends the run for it
    needs: list = field(default_factory=list)
    note: str = ""  # why a column says what it says
    pipeline: str = ""
    code: int = 0
    says: str = ""
    hides: str = ""
    absent: str = ""  # why there is nothing to show of it

    @property
    def is_house(self):
        return not self.none


def read():
    rows = []
    for path in glob.glob(f"{FOLDER}/rows/*.toml"):
        with open(path, "rb") as file:
            rows += [Row(id=name, **keys) for name, keys in tomllib.load(file).items()]
    rows.sort(key=lambda row: row.id)
    expected = [f"E{number:02}" for number in range(1, 83)]
    if [row.id for row in rows] != expected:
        missing = set(expected).symmetric_difference(row.id for row in rows)
        raise SystemExit(f"escapes: rows/*.toml must tell of E01 to E82 once: {sorted(missing)}")
    return rows
