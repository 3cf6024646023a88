"""The keys that sign tokens and heads: where they lie, and going on with them once they were replaced."""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path

from app.request import Resources
from app.security import signing_keys
from app.security.secret_file import UnusableSecret
from app.security.tokens import LEDGER_HEAD, JoseKey
from app.settings import Settings

log = logging.getLogger("yanxun")


def keys_file(folder: Path) -> Path:
    """Where the signing keys lie in a data folder."""
    return folder / "signing_keys.json"


def ledger_keys_file(folder: Path) -> Path:
    """Where the keys lie that sign the heads of the ledger."""
    return folder / "ledger_keys.json"


def ledger_signer(settings: Settings, *, kind: str = LEDGER_HEAD) -> JoseKey:
    """The key that signs the heads of the ledger now, and what else is given out of it."""
    given = settings.ledger_keys
    path = ledger_keys_file(settings.data_folder)
    keys = signing_keys.load(path, None if given is None else given.get_secret_value())
    return JoseKey(keys[0], kind=kind)


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes whenever the file is replaced."""
    with suppress(OSError):
        found = path.stat()
        return found.st_ino, found.st_mtime_ns
    return None


async def watch_keys(held: Resources) -> None:
    """Go on with the keys of the file whenever they were rotated; a bad file changes nothing."""
    path, known = keys_file(held.settings.data_folder), None
    while True:
        stamp = _stamp(path)
        if stamp not in {known, None}:
            known = stamp
            try:
                keys = signing_keys.load(path)
            except (UnusableSecret, OSError) as problem:
                log.error("the signing keys were replaced and are not usable: %s", problem)  # noqa: TRY400  its trace could quote a key
            else:
                held.keyring.renew([JoseKey(each) for each in keys])
                held.tokens.forget_all()
        await asyncio.sleep(1)
