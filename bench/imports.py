"""What it costs to take a city over from files: from the bytes handed in until every row is entered.

python -m bench.imports [--people 50000] [--careers 1000000]

In a database of its own, set up by files as well: 12 counties, 1,500 schools. Beside the time that passes
stands the CPU time of this process with the one that reads workbooks, and of PostgreSQL: on a machine
with other work the last two are what can be compared.
"""

import argparse
import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from app.database.embedded import EmbeddedServer
from app.database.migrations import migrate
from app.database.pool import Pool
from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.audit import seal_trail
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import Role, SubjectKind
from app.domain.access.sign_in import actor_of_account, read_credentials
from app.domain.exchange import imports
from app.domain.exchange.imports import Import, ImportSubject, NewImport, SealedFile, name_of
from app.domain.exchange.imports.staging import hold_import
from app.domain.organisation.units import Level, Unit
from app.domain.progress import begin_work, finish_work
from app.jobs.importing import do_import
from app.main import open_resources, tidy_memory
from app.request import Resources, now
from app.settings import get_settings
from app.sql import Connection, Row, new_id
from app.tabular import TabularFormat, read_rows
from bench.files import People, write_file
from bench.meter import Meter

COUNTIES, SCHOOLS = 12, 1_500


async def set_up(db: Connection) -> tuple[Row, Actor]:
    """A city and its administrator."""
    city_id, account_id = new_id(), new_id()
    place: Row = {"city_id": city_id, "county_id": city_id, "school_id": None}
    city = {"id": city_id, "name": "测量市", "level": Level.CITY, "parent_id": None, "stages": []}
    await db.insert(Unit, city | place)
    account = {"id": account_id, "name": "city.admin", "display_name": "市管理员", "kind": "person"}
    await db.insert(Account, account | place)
    granted = {"role": Role.CITY_ADMIN, "subject": SubjectKind.UNIT, "subject_id": city_id}
    grant = {"id": new_id(), "account_id": account_id, "valid_from": date(2020, 1, 1)}
    await db.insert(RoleGrant, grant | granted)
    found = await read_credentials(db, account_id=account_id)
    if found is None:
        raise RuntimeError
    return city | place, await actor_of_account(db, account=found, now=now())


@dataclass(frozen=True)
class House:
    """What takes files over here, for whom and where."""

    held: Resources
    meter: Meter
    city: Row
    actor: Actor

    @property
    def pool(self) -> Pool:
        """The connections."""
        return self.held.pool

    async def take_over(self, name: str, path: Path, subject: ImportSubject) -> Row:
        """Hand a file in, have it checked and entered, and say what that cost."""
        size = path.stat().st_size / 1e6  # noqa: ASYNC240  nobody waits for it
        with self.meter.measured(f"{name}: handed in ({size:.0f} MB)"):
            import_id = await self._hand_in(path, subject)
        async with self.pool.transaction() as db:
            if (await hold_import(db, import_id=import_id))["stage"] == "applied":
                return {}
        with self.meter.measured(f"{name}: checked"):
            await self.work_on(import_id)
        async with self.pool.transaction() as db:
            await imports.apply_import(db, self.actor, import_id=import_id)
        with self.meter.measured(f"{name}: entered"):
            run = await self.work_on(import_id)
        names = ("stage", "creates", "changes", "unchanged", "rejects", "applied")
        print("   ", {each: run[each] for each in names})
        await self.seal()
        return run

    async def seal(self) -> None:
        """Let the audit trail be sealed, which follows every few seconds, so that it is told apart."""
        with self.meter.measured("    and the audit trail sealed"):
            idle = 0
            while idle < 3:
                async with self.pool.transaction() as db:
                    sealed = await seal_trail(db, at_most=2_000)
                idle = 0 if sealed else idle + 1
                await asyncio.sleep(0 if sealed else 0.2)

    async def _hand_in(self, path: Path, subject: ImportSubject) -> UUID:
        async def pieces() -> AsyncIterator[bytes]:
            with path.open("rb") as file:
                while piece := file.read(1_000_000):
                    yield piece

        new = NewImport(subject=subject, file_name=path.name, unit_id=self.city["id"])
        file = SealedFile(new_id(), self.held.cipher)
        await self.held.archive.store.write(name_of(file.import_id), file.sealed(pieces()))
        async with self.pool.transaction() as db:
            row = await imports.create_import(db, self.actor, new=new, file=file, now=now())
        import_id: UUID = row["id"]
        return import_id

    async def work_on(self, import_id: UUID) -> Row:
        """What the worker does, without a worker."""
        async with self.pool.transaction() as db:
            await begin_work(db, Import, row_id=import_id, now=now())
        await do_import(self.held, import_id)
        async with self.pool.transaction() as db:
            await finish_work(db, Import, row_id=import_id, now=now())
            return await hold_import(db, import_id=import_id)


async def measure(held: Resources, meter: Meter, folder: Path, asked: argparse.Namespace) -> None:
    """All of it, in the order in which a city is taken over."""
    async with held.pool.transaction() as db:
        city, actor = await set_up(db)
    tidy_memory()
    house = House(held, meter, city, actor)
    counties = [f"测量县{number:02d}" for number in range(COUNTIES)]
    schools = [f"测量县{number % COUNTIES:02d}第{number:04d}小学" for number in range(SCHOOLS)]
    units = [{"单位名称": name, "上级单位": city["name"], "层级": "县级"} for name in counties]
    units += [
        {"单位名称": name, "上级单位": name[:5], "层级": "学校", "学段": "小学"} for name in schools
    ]
    heads = ["单位名称", "上级单位", "层级", "学段"]
    write_file(folder / "units.csv", TabularFormat.CSV, iter(units), heads)
    await house.take_over(f"{len(units):,} units", folder / "units.csv", ImportSubject.UNITS)

    people = People(asked.people, schools)
    heads = list(people.lines[0])
    path = folder / "people.xlsx"
    write_file(path, TabularFormat.XLSX, iter(people.lines), heads)
    read(meter, path)
    name = f"{asked.people:,} people"
    await house.take_over(f"{name} (XLSX)", path, ImportSubject.PEOPLE)
    # The same people in another file: nothing is to be done, which has to be found out.
    path = folder / "people.csv"
    write_file(path, TabularFormat.CSV, iter(people.lines), heads)
    read(meter, path)
    await house.take_over(f"{name} again (CSV)", path, ImportSubject.PEOPLE)

    if asked.careers:
        heads = list(next(people.courses(1)))
        path = folder / "careers.csv"
        write_file(path, TabularFormat.CSV, people.courses(asked.careers), heads)
        read(meter, path)
        await floor(house, people, asked.careers)
        name = f"{asked.careers:,} courses of study"
        await house.take_over(f"{name} (CSV)", path, ImportSubject.CAREERS)
        path = folder / "careers.jsonl"
        write_file(path, TabularFormat.JSONL, people.courses(asked.careers), heads)
        read(meter, path)
        await house.take_over(f"{name} again (JSONL)", path, ImportSubject.CAREERS)


class Undone(Exception):
    """Ends a transaction that was only measured."""


_STAGING = (
    "CREATE TEMP TABLE staging (teacher_id uuid, institution text, valid_from date, valid_to date)"
    " ON COMMIT DROP"
)
_FROM_STAGING = (
    "INSERT INTO teacher_education (id, teacher_id, level, study, institution, major, valid_from,"
    " valid_to, recorded_at) SELECT gen_random_uuid(), teacher_id, 'bachelor', 'completed',"
    " institution, '汉语言文学', valid_from, valid_to, now() FROM staging"
)


async def floor(house: House, people: People, number: int) -> None:
    """The same courses of study by COPY and one INSERT … SELECT, nothing read, checked or remembered."""
    driver = await asyncpg.connect(house.held.settings.database_url)
    try:
        found = await driver.fetch("SELECT id, id_number_index FROM teacher")
        teachers = {row["id_number_index"]: row["id"] for row in found}
        index = house.held.cipher.of_now().blind_index
        rows = (
            (
                teachers[index(line["身份证号"])], line["院校"],
                date.fromisoformat(line["起始日期"]), date.fromisoformat(line["终止日期"]),
            )
            for line in people.courses(number)
        )  # fmt: skip
        with suppress(Undone):
            async with driver.transaction():
                await driver.execute(_STAGING)
                with house.meter.measured("floor: COPY"):
                    await driver.copy_records_to_table("staging", records=rows)
                with house.meter.measured("floor: INSERT … SELECT"):
                    await driver.execute(_FROM_STAGING)
                raise Undone
    finally:
        await driver.close()


def read(meter: Meter, path: Path) -> None:
    """What reading the file alone costs."""
    with meter.measured(f"{path.name}: read alone"):
        for _ in read_rows(path):
            pass


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.imports")
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--careers", type=int, default=1_000_000)
    asked = parser.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = EmbeddedServer(folder / "database", binaries=get_settings().postgres_binaries)
        try:
            urls = server.start()
            migrate(urls.owner, urls.application)
            [data] = (folder / "database" / "cluster").resolve().glob("data")
            settings = get_settings().model_copy(
                update={"data_folder": folder, "database_url": urls.application}
            )
            asyncio.run(_measure(settings, Meter(data), folder, asked))
        finally:
            server.erase()


async def _measure(settings: Any, meter: Meter, folder: Path, asked: argparse.Namespace) -> None:
    async with open_resources(settings) as held:
        await measure(held, meter, folder, asked)


if __name__ == "__main__":
    main()
