"""A disk that is full under PostgreSQL: whoever writes is refused, nothing is lost, and room makes it go on."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from app.database.embedded import EmbeddedServer
from app.database.embedded.copies import copy_database, restore_database
from prove.ground import Found, Ground
from prove.town import Town
from prove.writers import Writers, check_ledger
from tests.ports import free_port

MEGABYTES = 700
NAME = "application-on-full-disk"


def prove_disk(ground: Ground) -> Found:
    """The database is copied onto a small disk, which is filled while it is written to."""
    times = ground.times(1, 10)
    found = Found(repetitions=times)
    if os.geteuid() != 0:
        found.not_possible = "only root can mount a small disk"
        return found
    with _small_disk(found) as folder:
        if found.not_possible:
            return found
        _prove_on(ground, found, folder, times)
    return found


@contextmanager
def _small_disk(found: Found) -> Iterator[Path]:
    """A folder of an embedded server whose database lies on a disk of its own."""
    with TemporaryDirectory() as name, TemporaryDirectory(dir="/var/lib/yanxun") as place:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", place],  # noqa: S607
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if mounted.returncode != 0:
            found.not_possible = f"no small disk can be mounted: {mounted.stderr.strip()}"
            yield Path(name)
            return
        try:
            Path(place).chmod(0o711)
            (Path(name) / "cluster").symlink_to(place)
            yield Path(name)
        finally:
            subprocess.run(["umount", "--lazy", place], check=False)  # noqa: S607


def _prove_on(ground: Ground, found: Found, folder: Path, times: int) -> None:
    house = ground.house
    for secret in house.folder.glob("*.json"):
        if secret.name != "database.json":
            shutil.copy(secret, folder)
    binaries = house.settings.postgres_binaries
    with TemporaryDirectory() as copy:
        copy_database(house.folder, Path(copy) / "database", binaries=binaries)
        restore_database(folder, Path(copy) / "database", binaries=binaries)
    server = EmbeddedServer(folder, binaries=binaries)
    try:
        server.start()
        settings = house.settings.model_copy(
            update={
                "data_folder": folder,
                "database_url": server.urls.application,
                "database_owner_url": server.urls.owner,
            }
        )
        town = Town(settings, ground.town.city, ground.town.crowd, ground.town.sign)
        there = Ground(house, town, ground.draw, ground.seed, ground.by_hand)
        _fill(there, found, server, folder, times)
    finally:
        server.stop()


def _fill(ground: Ground, found: Found, server: EmbeddedServer, folder: Path, times: int) -> None:
    writers = Writers(ground, "full", free_port(), patience=900)
    variables = {
        "DATABASE_URL": server.urls.application, "DATABASE_OWNER_URL": server.urls.owner,
        "YANXUN_DATA_FOLDER": str(folder),
    }  # fmt: skip
    with ground.house.serving(NAME, writers.port, **variables):
        restarts = asyncio.run(_fill_and_free(writers, server, folder, times))
    check_ledger(ground, found, writers)
    statuses = {answer.status for answer in writers.put_off}
    found.expect(statuses <= {409, 503}, f"put off with {statuses}")
    found.expect(503 in statuses, "nobody was refused: the disk was not full")
    status, said = ground.house.yanxun("verify", "ledger", **variables)
    found.expect(status == 0, f"yanxun verify: {said[-500:]}")
    found.figures = writers.figures() | {"PostgreSQL had to be started again": restarts}


async def _fill_and_free(writers: Writers, server: EmbeddedServer, folder: Path, times: int) -> int:
    """Fill the disk until somebody is refused, make room again, and go on; how often it had ended."""
    restarts, ballast = 0, (folder / "cluster").resolve() / "ballast"
    async with writers.writing():
        for _ in range(times):
            await writers.write_on(20)
            await asyncio.to_thread(_occupy, ballast)
            # What PostgreSQL holds ready of its log is used up first: its next piece finds no room.
            await asyncio.wait_for(_until_full(server), 120)
            await asyncio.sleep(2)
            await asyncio.to_thread(ballast.unlink)
            if not server.alive:
                restarts += 1
                await asyncio.to_thread(server.start)
            await writers.write_on(20)
    return restarts


def _occupy(ballast: Path) -> None:
    """Fill what is left of the disk."""
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))


async def _until_full(server: EmbeddedServer) -> None:
    """Write until the database says that there is no room, or has ended for want of it."""
    while server.alive:
        try:
            driver = await asyncpg.connect(server.urls.owner)
        except (OSError, asyncpg.PostgresError):
            return
        try:
            await driver.execute("CREATE TABLE IF NOT EXISTS ballast (filling text)")
            await driver.execute(
                "INSERT INTO ballast SELECT repeat(md5(n::text), 50) FROM generate_series(1, 20000) n"
            )
        except (asyncpg.DiskFullError, asyncpg.PostgresConnectionError, OSError):
            return
        finally:
            driver.terminate()
