"""The store of files, in a folder and in an object store: the same promises."""

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.settings import Settings
from app.storage import Storage, open_archive, open_storage
from tests.objects import BUCKET, Objects, serve_objects

LARGE = bytes(range(256)) * 50_000  # 12.8 MB: three parts


def settings(folder: Path, **more: object) -> Settings:
    return Settings(data_folder=folder, _env_file=None, **more)  # type: ignore[arg-type,call-arg]


@pytest.fixture
def local(tmp_path: Path) -> Storage:
    return open_storage(settings(tmp_path / "a folder"))


@pytest.fixture
async def objects(tmp_path: Path) -> AsyncIterator[tuple[Storage, Objects]]:
    async with serve_objects() as (served, address):
        yield open_storage(settings(
            tmp_path, file_bucket=BUCKET, file_endpoint=address,
            file_access_key=SecretStr("key"), file_secret_key=SecretStr("secret"),
        )), served  # fmt: skip


async def pieces(data: bytes, size: int = 300_000) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


async def read(store: Storage, name: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in store.read(name, start, end)])


async def names(store: Storage, folder: str, before: datetime) -> list[str]:
    return sorted([name async for found in store.names(folder, before) for name in found])


async def keeps_its_promises(store: Storage) -> None:
    late = datetime.now(UTC) + timedelta(hours=1)
    await store.write("incoming/one", pieces(LARGE))
    await store.write("incoming/small", pieces(b"small"))
    assert await read(store, "incoming/one", 0, len(LARGE)) == LARGE
    assert await read(store, "incoming/one", 100, 105) == LARGE[100:105]
    assert await read(store, "incoming/one", 5, 5) == b""
    assert await names(store, "incoming", late) == ["incoming/one", "incoming/small"]
    assert await names(store, "incoming", late - timedelta(days=1)) == []
    await store.move("incoming/one", "kept/ab/abc")
    await store.move("incoming/small", "kept/ab/abc")
    assert await read(store, "kept/ab/abc", 0, 5) == b"small"
    for name in ("incoming/one", "nothing"):
        with pytest.raises(FileNotFoundError):
            await read(store, name, 0, 1)
    await store.remove(["nothing", "kept/ab/abc"])
    assert await names(store, "kept", late) == []


async def test_a_folder_keeps_its_promises(local: Storage) -> None:
    await keeps_its_promises(local)


async def test_an_object_store_keeps_them_too(objects: tuple[Storage, Objects]) -> None:
    store, served = objects
    await keeps_its_promises(store)
    assert served.objects == {}
    # In parts, and never the whole in one request: memory stays bounded on both sides.
    assert served.largest_body < 6_000_000


async def breaks_off(data: bytes) -> AsyncIterator[bytes]:
    async for piece in pieces(data):
        yield piece
    raise ConnectionError("the sender is gone")


@pytest.mark.parametrize("size", [10, 12_000_000])
async def test_nothing_is_left_of_what_breaks_off(
    local: Storage, objects: tuple[Storage, Objects], size: int
) -> None:
    late = datetime.now(UTC) + timedelta(hours=1)
    for store in (local, objects[0]):
        with pytest.raises(ConnectionError, match="gone"):
            await store.write("incoming/one", breaks_off(bytes(size)))
        assert await names(store, "incoming", late) == []
    assert objects[1].parts == {}


_KILLED = """
import sys, time, obstore
from obstore.store import LocalStore
writer = obstore.open_writer(LocalStore(sys.argv[1]), "incoming/one", buffer_size=1000000)
for _ in range(4):
    writer.write(bytes(1000000))
time.sleep(0.3)
print("begun", flush=True)
time.sleep(60)
"""


async def test_what_a_killed_process_had_begun_is_forgotten(local: Storage, tmp_path: Path) -> None:
    folder = tmp_path / "a folder" / "files"
    process = subprocess.Popen(  # noqa: ASYNC220  nothing else happens here
        [sys.executable, "-c", _KILLED, str(folder)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    process.kill()
    process.communicate()
    await local.write("incoming/two", pieces(b"whole"))
    assert len(list((folder / "incoming").iterdir())) == 2
    now = datetime.now(UTC)
    await local.remove_unfinished(now - timedelta(days=1))
    assert len(list((folder / "incoming").iterdir())) == 2
    await local.remove_unfinished(now + timedelta(hours=1))
    assert [path.name for path in (folder / "incoming").iterdir()] == ["two"]


def test_a_bucket_needs_its_keys(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="YANXUN_FILE_ACCESS_KEY"):
        open_storage(settings(tmp_path, file_bucket=BUCKET))


def test_the_key_of_links_is_made_once_and_kept_to_oneself(tmp_path: Path) -> None:
    one, two = (open_archive(settings(tmp_path)).links.key for _ in range(2))
    assert one == two
    assert len(one) >= 32
    assert (tmp_path / "file_link_key").stat().st_mode & 0o077 == 0
    given = open_archive(settings(tmp_path, file_link_key=SecretStr("another")))
    assert given.links.key == b"another"
