"""`yanxun keys`: what it shows, and what it refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.keys import KeysElsewhere, NoKeys, list_keys, rotate_keys
from app.cli.serving import Server
from app.request.upkeep import keys_file
from app.security import signing_keys
from app.settings import Settings, get_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("YANXUN_DATA_FOLDER", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


def shown(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    lines = capsys.readouterr().out.splitlines()
    return [(line.split()[0], line.split()[-1]) for line in lines]


def test_a_rotation_moves_every_key_by_one_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signing_keys.load(keys_file(folder))
    list_keys()
    (current, _), (following, _) = shown(capsys)
    rotate_keys()
    first, _, last = shown(capsys)
    assert first == (following, "current")
    assert last == (current, "retiring")


def test_there_is_nothing_to_rotate_before_the_first_start() -> None:
    for act in (list_keys, rotate_keys):
        with pytest.raises(NoKeys):
            act()


def test_keys_of_the_environment_are_rotated_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing_keys.load(keys_file(folder))
    before = keys_file(folder).read_text()
    monkeypatch.setenv("YANXUN_SIGNING_KEYS", before)
    get_settings.cache_clear()
    with pytest.raises(KeysElsewhere):
        rotate_keys()
    assert keys_file(folder).read_text() == before


@pytest.mark.parametrize("trusted", [[], ["10.0.0.0/8"]])
def test_a_proxy_is_believed_only_where_the_settings_name_it(
    folder: Path, trusted: list[str]
) -> None:
    config = Server(Settings(trusted_proxies=trusted)).config
    assert config.proxy_headers is bool(trusted)
    assert config.forwarded_allow_ips == trusted
