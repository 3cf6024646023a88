"""`yanxun keys`: the keys that sign tokens, and their rotation."""

from app.cli.output import console
from app.domain.errors import Unavailable
from app.request.upkeep import keys_file
from app.security import signing_keys
from app.security.tokens import JoseKey
from app.settings import get_settings

_PARTS = ("签发 / current", "待用 / next", "退役中 / retiring")


class KeysElsewhere(Unavailable):
    """The keys come from the environment, and only whoever sets it can rotate them."""

    code = "keys_elsewhere"
    zh = "签名密钥来自环境变量 YANXUN_SIGNING_KEYS，请在那里轮换。"
    en = "The signing keys come from YANXUN_SIGNING_KEYS in the environment: rotate them there."


class NoKeys(Unavailable):
    """Nothing has been started with this data folder yet."""

    code = "no_keys"
    zh = "{folder} 中尚无签名密钥：首次启动时生成。"
    en = "There are no signing keys in {folder} yet: the first start makes them."


def list_keys() -> None:
    """Print the name (`kid`) of each key and what it is for."""
    settings = get_settings()
    given = settings.signing_keys
    path = keys_file(settings.data_folder)
    if given is None and not path.exists():
        raise NoKeys(folder=settings.data_folder)
    keys = signing_keys.load(path, None if given is None else given.get_secret_value())
    for part, key in zip(_PARTS, keys, strict=False):
        console.print(f"{JoseKey(key).public()['kid']}  {part}", markup=False)


def rotate_keys() -> None:
    """Let the next key sign; tokens of the key until now are accepted until the next rotation."""
    settings = get_settings()
    if settings.signing_keys is not None:
        raise KeysElsewhere
    try:
        signing_keys.rotate(keys_file(settings.data_folder))
    except FileNotFoundError:
        raise NoKeys(folder=settings.data_folder) from None
    list_keys()
