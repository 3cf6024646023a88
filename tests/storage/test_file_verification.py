"""Whether what was handed in lies in the store as it was."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from app.domain.training.files import stored_name
from app.domain.training.files.verification import verify_files
from app.settings import Settings
from app.sql import Connection
from app.storage import Storage, open_storage
from tests.make import City
from tests.make_evidence import make_file

LESSON, PHOTOGRAPH, LOST = b"a lesson plan", b"a photograph", b"never written"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def make_store(folder: Path, **contents: bytes) -> Storage:
    """A store with contents under the names that other contents have."""
    store = open_storage(Settings(data_folder=folder))
    for sha256, content in contents.items():
        await store.write(stored_name(sha256), whole(content))
    return store


async def test_files_are_as_they_were(db: Connection, city: City, tmp_path: Path) -> None:
    for content in (LESSON, LESSON, PHOTOGRAPH):
        await make_file(
            db, city.school, city.school_admin, sha256=digest(content), size=len(content)
        )
    store = await make_store(tmp_path, **{digest(each): each for each in (LESSON, PHOTOGRAPH)})
    parts: list[float] = []

    found = await verify_files(db, store=store, advance=parts.append)

    assert found == (2, len(LESSON) + len(PHOTOGRAPH), [], []), "one content is read once"
    assert parts == [0.5, 1.0]


async def test_what_is_lost_or_changed_is_named(db: Connection, city: City, tmp_path: Path) -> None:
    for content in (LESSON, PHOTOGRAPH, LOST):
        await make_file(
            db, city.school, city.school_admin, sha256=digest(content), size=len(content)
        )
    store = await make_store(
        tmp_path, **{digest(LESSON): LESSON, digest(PHOTOGRAPH): b"A" + PHOTOGRAPH[1:]}
    )

    found = await verify_files(db, store=store)

    assert (found.missing, found.changed) == ([digest(LOST)], [digest(PHOTOGRAPH)])
