"""`yanxun keys`: the keys that sign tokens, those that sign the ledger's heads, and their rotation."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from app.cli.output import console
from app.domain.errors import Unavailable
from app.request.upkeep import keys_file, ledger_keys_file
from app.security import signing_keys
from app.security.tokens import JoseKey
from app.settings import get_settings

_PARTS = ("签发 / current", "待用 / next", "退役中 / retiring")


class KeySet(NamedTuple):
    """Keys of one purpose: the setting that may hold them, and the file that does otherwise."""

    setting: str
    file: Callable[[Path], Path]


TOKENS = KeySet("signing_keys", keys_file)
LEDGER = KeySet("ledger_keys", ledger_keys_file)


class KeysElsewhere(Unavailable):
    """The keys come from the environment, and only whoever sets it can rotate them."""

    code = "keys_elsewhere"
    zh = "签名密钥来自环境变量 {variable}，请在那里轮换。"
    en = "The signing keys come from {variable} in the environment: rotate them there."


class NoKeys(Unavailable):
    """Nothing has been started with this data folder yet."""

    code = "no_keys"
    zh = "{folder} 中尚无签名密钥：首次启动时生成。"
    en = "There are no signing keys in {folder} yet: the first start makes them."


def list_keys(keys: KeySet = TOKENS) -> None:
    """Print the name (`kid`) of each key and what it is for."""
    settings = get_settings()
    given = getattr(settings, keys.setting)
    path = keys.file(settings.data_folder)
    if given is None and not path.exists():
        raise NoKeys(folder=settings.data_folder)
    held = signing_keys.load(path, None if given is None else given.get_secret_value())
    for part, key in zip(_PARTS, held, strict=False):
        console.print(f"{JoseKey(key).public()['kid']}  {part}", markup=False)


def rotate_keys(keys: KeySet = TOKENS) -> None:
    """Let the next key sign. What the key until now has signed stays good.

    Tokens until the next rotation; heads of the ledger for ever, for their public keys are published.
    """
    settings = get_settings()
    if getattr(settings, keys.setting) is not None:
        raise KeysElsewhere(variable=f"YANXUN_{keys.setting.upper()}")
    try:
        signing_keys.rotate(keys.file(settings.data_folder))
    except FileNotFoundError:
        raise NoKeys(folder=settings.data_folder) from None
    list_keys(keys)
