"""Files, and what is sealed of rows: forgotten once nothing can be done with them any more."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.exchange import imports
from app.domain.exchange.imports import ImportRow, name_of
from app.request import Resources
from app.sql import Connection, Statement, new_id
from tests.conftest import SharedPool
from tests.domain.exchange.test_imports import Case
from tests.make import NOW, City, id_number
from tests.make_imports import PEOPLE_HEAD, csv

LATER = datetime(2100, 1, 1, tzinfo=UTC)
_SEALED = Statement(
    select(col(ImportRow.given_sealed)).where(
        col(ImportRow.import_id) == bindparam("import_id", type_=Uuid)
    )
)


@pytest.fixture
def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Case:
    return Case(db, pool, resources, city)


async def test_what_nothing_can_be_done_with_is_forgotten(case: Case) -> None:
    over = await case.applied(csv(PEOPLE_HEAD, case.line("张小燕", id_number())))
    waiting = await case.applied(csv(PEOPLE_HEAD, case.line("李", "12")))
    store = case.held.archive.store
    names = [name_of(over["id"]), name_of(waiting["id"]), name_of(new_id())]

    async def forget(now: datetime) -> tuple[list[str], bool]:
        await imports.forget_import_files(case.db, store=store, names=names, now=now)
        await imports.tidy_imports(case.db, now=now)
        there = [name async for some in store.names("imports", LATER) for name in some]
        [row] = await case.db.all(_SEALED, import_id=waiting["id"])
        return [name for name in names if name in there], row["given_sealed"] is not None

    assert await forget(NOW) == ([name_of(waiting["id"])], True)
    assert await forget(NOW + timedelta(days=31)) == ([], False)
