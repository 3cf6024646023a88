"""The listed accounts: those with a password, and the file in which a load leaves them.

Apart from what makes the city, so that a command which only reads the file need not load the domain.
"""

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "accounts.json"


@dataclass(frozen=True)
class Account:
    """A demo account that has a password, or a secret where it is a client's."""

    name: str
    secret: str
    kind: str
    role: str
    unit: str
    """The name of the unit that the account belongs to."""


def keep_accounts(folder: Path, accounts: Iterable[Account]) -> None:
    """Write the accounts into the data folder, in a file that only its owner can read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=f".{FILE}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(account) for account in accounts], file, ensure_ascii=False, indent=1)
    Path(name).replace(folder / FILE)


def kept_accounts(file: Path) -> list[Account]:
    """The accounts that a load has written; raises `FileNotFoundError` where there was none."""
    return [Account(**each) for each in json.loads(file.read_text("utf-8"))]
