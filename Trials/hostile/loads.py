"""The loads, as `loads/*.toml` tells them, in the size that was asked for."""
import glob
import os
import re
import tomllib
from dataclasses import dataclass, field

FOLDER = os.path.dirname(os.path.abspath(__file__))


@dataclass
class Load:
    name: str
    what: str
    run: str
    end: str  # "cause: the beginning of the reason", or "succeeded"; others after " | "
    limits: dict = field(default_factory=dict)
    outputs: dict = field(default_factory=dict)
    image: dict = field(default_factory=dict)
    says: str = ""  # what its log has to hold
    marker: str = ""  # what the last line of its log has to hold
    log_at_most: int = 0
    log_bytes: int = -1
    house_mib: int = 64
    supervisor_mib: int = 32
    talk: int = 0  # bytes of a line that the neighbour prints
    house_says: str = ""
    outsider: int = 0  # seconds for which others fill the disk
    resumes: bool = False  # the house gives up meanwhile, and is called again
    reader: str = ""  # "late": nobody reads the events until the load has ended
    kept: bool = False
    note: str = ""
    disk: int = 1  # GiB that have to be free
    in_quick: bool = False


def read(size, as_user):
    loads = []
    for path in sorted(glob.glob(f"{FOLDER}/loads/*.toml")):
        with open(path, "rb") as file:
            for name, keys in tomllib.load(file).items():
                sizes = {kind: keys.pop(kind, {}) for kind in ("quick", "full")}
                values = sizes[size]
                user = keys.pop("user", {})
                if as_user:
                    keys |= user
                keys["disk"] = values.pop("disk", 1)
                loads.append(Load(name=name, **filled(keys, values)))
    return loads


def filled(value, values):
    """The same with each @name@ replaced."""
    if isinstance(value, dict):
        return {key: filled(inner, values) for key, inner in value.items()}
    if isinstance(value, str):
        whole = re.fullmatch(r"@(\w+)@", value)
        if whole:
            return values[whole[1]]
        return re.sub(r"@(\w+)@", lambda found: str(values[found[1]]), value)
    return value
