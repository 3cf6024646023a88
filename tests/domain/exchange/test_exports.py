import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import pytest
from fastapi.routing import APIRoute

from app.api.routers import API
from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.access.consents import give_consent
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import DomainError, Invalid, NotAllowed, NotFound
from app.domain.exchange.exports import (
    JOB,
    KEPT,
    LISTS,
    Export,
    ExportByDelegate,
    ExportColumnUnknown,
    ExportNotFound,
    ExportNotReady,
    ExportParameterWrong,
    ExportRightsTaken,
    ExportsTooLarge,
    ListNotExportable,
    NewExport,
    TooManyExports,
    Wanted,
    cancel_export,
    create_export,
    create_export_link,
    get_export,
    list_exports,
    read_asked,
    read_fetched,
    stored_export,
    tidy_exports,
)
from app.domain.exchange.exports.export import MOST_BYTES, MOST_OPEN
from app.domain.exchange.exports.reading import ROWS_AT_ONCE
from app.domain.organisation.units import Level
from app.domain.paging import PageRequest, UnknownSort
from app.domain.people.teachers import list_teachers
from app.domain.progress import WorkOver, begin_work, finish_work
from app.jobs import JOBS
from app.jobs.acting import under_ceiling
from app.jobs.exporting import make_export
from app.request import Resources, now
from app.sql import Connection
from app.tabular import TabularFormat, read_rows
from tests.domain.exchange.entered import enter, entry, reversal
from tests.make import NOW, City, make_teacher, make_unit
from tests.oauth import make_client

CSV = TabularFormat.CSV


def wanted(
    list_name: str, /, *, format: TabularFormat = CSV, sort: str | None = None, **given: Any
) -> Wanted:
    columns = given.pop("columns", None)
    parameters = [(key, str(value)) for key, value in given.items()]
    return Wanted.of(list_name, parameters, columns=columns, sort=sort, format=format)


async def file_of(db: Connection, actor: Actor, wanted: Wanted) -> str:
    pieces = [piece async for piece, _ in wanted.pieces(db, actor, now=NOW)]
    return b"".join(pieces).decode("utf-8-sig")


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# What there is.


def test_whatever_rest_lists_can_be_exported_with_the_same_columns() -> None:

    routes = [each for router in API for each in router.routes if isinstance(each, APIRoute)]
    paged, listed = {}, {}
    for route in routes:
        model: Any = route.response_model
        of = getattr(model, "__pydantic_generic_metadata__", {"origin": None})
        if of["origin"] is not None and of["origin"].__name__ == "PageOf":
            paged[route.operation_id] = of["args"][0]
        elif getattr(model, "__origin__", None) is list:
            listed[route.operation_id] = get_args(model)[0]
    assert len(paged) > 100
    assert paged.keys() - LISTS.keys() == set()
    assert {name: each.view for name, each in LISTS.items()}.items() <= (paged | listed).items()


def test_what_is_asked_of_a_list_is_what_rest_takes() -> None:

    routes = [each for router in API for each in router.routes if isinstance(each, APIRoute)]
    taken = {
        route.operation_id: {
            each.name for each in (*route.dependant.path_params, *route.dependant.query_params)
        }
        for route in routes
    }
    assert {n: set(each.parameters) for n, each in LISTS.items()} == {n: taken[n] for n in LISTS}


async def test_every_list_can_be_read_to_its_end(db: Connection, city: City) -> None:
    """Whoever asks, in a transaction that writes nothing: what is refused is refused as the list is."""
    known = {
        "unit_id": city.school["id"], "school_id": city.school["id"], "teacher_id": city.teacher["id"],
        "account_id": city.teacher_account.actor.account_id, "duty": "teaching_research",
    }  # fmt: skip
    written = 0
    for name, listed in LISTS.items():
        given = {each: known.get(each, city.school["id"]) for each in listed.required}
        if not given.keys() <= {*known, "purpose"} and not all(
            key.endswith("_id") for key in given
        ):
            continue
        with suppress(NotFound, NotAllowed, ExportParameterWrong):
            for person in (city.city_admin, city.teacher_account):
                for kind in TabularFormat:
                    asked = wanted(name, format=kind, **given)
                    async for piece, _ in asked.pieces(db, person.actor, now=NOW):
                        written += len(piece) > 0
    assert written > 3 * 100


# What a file holds.


async def test_a_file_holds_just_what_the_list_gives_to_who_asks(
    db: Connection, city: City
) -> None:
    for person in (city.city_admin, city.county_admin, city.school_admin, city.teacher_account):
        page = await list_teachers(db, person.actor, page=PageRequest(limit=100))
        rows = read(await file_of(db, person.actor, wanted("list_teachers")))
        assert [row["标识 id"] for row in rows] == [str(each["id"]) for each in page.items]
    filtered = wanted("list_teachers", school_id=city.school["id"], columns=["name", "id"])
    text = await file_of(db, city.city_admin.actor, filtered)
    assert text.splitlines()[0] == "姓名 name,标识 id"
    page = await list_teachers(
        db, city.city_admin.actor, page=PageRequest(limit=100), school_id=city.school["id"]
    )
    assert [row["姓名 name"] for row in read(text)] == [each["name"] for each in page.items]


@pytest.mark.parametrize(("kind", "statements"), [(TabularFormat.CSV, 2), (TabularFormat.XLSX, 6)])
async def test_lists_longer_than_a_page_are_whole_in_two_statements_or_one_a_page(
    db: Connection, city: City, resources: Resources, monkeypatch: pytest.MonkeyPatch,
    kind: TabularFormat, statements: int,
) -> None:  # fmt: skip
    """What the database can write costs a look at the columns, and one statement however long it is."""
    monkeypatch.setattr("app.domain.exchange.exports.reading.ROWS_AT_ONCE", 2)
    assert ROWS_AT_ONCE == 2000
    actor, asked = city.city_admin.actor, wanted("list_teachers", sort="-name", format=kind)
    for number in range(6):
        await make_teacher(db, resources.cipher, city.school, f"教师{number}")
    before, content, rows = db.statements, b"", 0
    async for piece, ended in asked.pieces(db, actor, now=NOW):
        content, rows = content + piece, rows + ended
    assert db.statements - before == statements
    read = [row.cells["标识 id"] for row in read_rows(io.BytesIO(content), format=kind)]
    page = await list_teachers(db, actor, page=PageRequest(limit=100, sort="-name"))
    assert read == [str(each["id"]) for each in page.items]
    assert len(read) == rows == 11


async def test_what_is_done_with_rows_is_done_for_a_file_too(db: Connection, city: City) -> None:
    """Of a ledger as it was known on a day later reversals are forgotten, by code that wants the rows."""
    [earned] = await enter(db, entry(city.teacher))
    await enter(db, reversal(earned) | {"recorded_at": NOW + timedelta(days=9)})
    day, actor = str(civil_date(NOW)), city.city_admin.actor
    cuts: list[tuple[dict[str, Any], bool]] = [({}, True), ({"known_on": day}, False)]
    for more, reversed_by in cuts:
        asked = wanted("list_entries", teacher_id=city.teacher["id"], **more)
        rows = read(await file_of(db, actor, asked))
        first = next(row for row in rows if row["标识 id"] == str(earned["id"]))
        assert bool(first["冲销本记录的记录 reversed_by_id"]) is reversed_by


ABSURD = (
    "", " ", "0", "-1", "99999999999999999999", "1e400", "NaN", "１２", "null", "true", "=1+1", "%", "\\",
    "'; DROP TABLE unit; --", "0001-01-01", "9999-12-31", "2026-02-30", "2999-12-31T23:59:59+23:59",
    "1900-01-01T00:00:00-23:59", "{}", "[]", "00000000-0000-0000-0000-000000000000", "\u202e研训", "𠮷" * 200,
)  # fmt: skip


async def test_whatever_is_given_as_a_filter_it_is_understood_or_refused(
    db: Connection, city: City
) -> None:
    read_, refused = 0, 0
    for name, listed in LISTS.items():
        needed: dict[str, Any] = dict.fromkeys(listed.required, city.school["id"])
        for parameter in listed.parameters:
            for value in ABSURD:
                try:
                    asked = wanted(name, **(needed | {parameter: value}))
                    async with db.transaction():
                        await asked.read(db, city.city_admin.actor, now=NOW, limit=1)
                    read_ += 1
                except (Invalid, NotFound, NotAllowed):
                    refused += 1
    assert read_ > 200
    assert refused > 2000


async def test_nothing_runs_and_json_lines_are_as_the_faces_say(
    db: Connection, city: City, resources: Resources
) -> None:
    school = await make_unit(db, "公式学校", Level.SCHOOL, city.county)
    await make_teacher(db, resources.cipher, school, "=1+1")
    actor = city.city_admin.actor
    asked = wanted("list_teachers", school_id=school["id"], columns=["name"])
    assert read(await file_of(db, actor, asked)) == [{"姓名 name": "'=1+1"}]
    asked = wanted(
        "list_teachers", school_id=school["id"], columns=["name"], format=TabularFormat.JSONL
    )
    assert json.loads(await file_of(db, actor, asked)) == {"name": "=1+1"}


# What is refused.


@pytest.mark.parametrize(
    ("name", "given", "refused"),
    [
        ("list_everything", {}, ListNotExportable),
        ("get_teacher", {}, ListNotExportable),
        ("list_entries", {}, ExportParameterWrong),
        ("list_entries", {"teacher_id": "1"}, ExportParameterWrong),
        ("list_teachers", {"school": "1"}, ExportParameterWrong),
        ("list_teachers", {"name": "x" * 201}, ExportParameterWrong),
        ("list_teachers", {"name": "\0"}, ExportParameterWrong),
        ("list_teachers", {"subject": "alchemy"}, ExportParameterWrong),
        ("list_teachers", {"columns": ["password"]}, ExportColumnUnknown),
        ("list_teachers", {"columns": []}, ExportColumnUnknown),
        ("list_statistics", {"school_year": 10**12}, ExportParameterWrong),
        ("list_terms", {"school_year": "x"}, ExportParameterWrong),
        ("list_calendar_days", {"since": "0001-01-01"}, ExportParameterWrong),
        ("list_acts", {"since": "2026-01-01T00:00:00"}, ExportParameterWrong),
        ("list_sign_ins", {"sort": "created"}, UnknownSort),
    ],
)
def test_what_cannot_be_meant_is_refused(
    name: str, given: dict[str, Any], refused: type[DomainError]
) -> None:
    with pytest.raises(refused) as problem:
        wanted(name, **given)
    assert problem.value.message("zh")
    assert problem.value.message("en")


def test_a_parameter_that_comes_twice_is_refused() -> None:
    given = [("name", "a"), ("name", "b")]
    with pytest.raises(ExportParameterWrong):
        Wanted.of("list_teachers", given, columns=None, sort=None, format=CSV)


async def test_what_the_list_refuses_the_export_refuses_at_once(db: Connection, city: City) -> None:
    for new, code in (
        (NewExport(list="list_accounts"), "not_allowed"),
        (NewExport(list="list_teachers", sort="salary"), "unknown_sort"),
    ):
        with pytest.raises(DomainError) as refused:
            await create_export(db, city.teacher_account.actor, new=new, now=NOW)
        assert refused.value.code == code
    assert await list_exports(db, city.teacher_account.actor) == []


async def test_a_delegate_leaves_no_work_behind(db: Connection, city: City) -> None:
    delegate = replace(city.city_admin.actor, on_behalf_of=city.teacher_account.actor.account_id)
    with pytest.raises(ExportByDelegate):
        await create_export(db, delegate, new=NewExport(list="list_teachers"), now=NOW)


async def test_an_account_has_so_many_made_at_a_time(db: Connection, city: City) -> None:
    actor = city.city_admin.actor
    new = NewExport(list="list_teachers")
    [row, *_] = [await create_export(db, actor, new=new, now=NOW) for _ in range(MOST_OPEN)]
    with pytest.raises(TooManyExports):
        await create_export(db, actor, new=NewExport(list="list_teachers"), now=NOW)
    assert len(await list_exports(db, actor)) == MOST_OPEN
    cancelled = await cancel_export(db, actor, export_id=row["id"], now=NOW)
    assert cancelled["state"] == "cancelled"
    with pytest.raises(WorkOver):
        await cancel_export(db, actor, export_id=row["id"], now=NOW)
    await create_export(db, actor, new=NewExport(list="list_teachers"), now=NOW)


async def test_the_files_kept_for_an_account_have_so_many_bytes_together(
    db: Connection, city: City
) -> None:
    actor, new = city.city_admin.actor, NewExport(list="list_teachers")
    row = await create_export(db, actor, new=new, now=NOW)
    done = {"state": "done", "finished_at": NOW, "sha256": "0" * 64, "size": MOST_BYTES + 1}
    await db.change(Export, row["id"], done | {"expires_at": NOW + KEPT})
    with pytest.raises(ExportsTooLarge):
        await create_export(db, actor, new=new, now=NOW)
    await create_export(db, actor, new=new, now=NOW + KEPT)


# How it is made.


@pytest.fixture
async def held(real_pool: Pool, resources: Resources) -> Resources:
    return replace(resources, pool=real_pool)


async def asked_for(held: Resources, actor: Actor, new: NewExport) -> UUID:
    async with held.pool.transaction() as db:
        row = await create_export(db, actor, new=new, now=now())
    export_id: UUID = row["id"]
    return export_id


async def worked(held: Resources, export_id: UUID) -> None:
    """What the worker does with the job."""
    async with held.pool.transaction() as db:
        await begin_work(db, Export, row_id=export_id, now=now())
    await make_export(held, export_id)
    async with held.pool.transaction() as db:
        await finish_work(db, Export, row_id=export_id, now=now())


async def content_of(held: Resources, export_id: UUID, size: int) -> bytes:
    store = held.archive.store
    return b"".join([each async for each in store.read(stored_export(export_id), 0, size)])


async def test_a_file_is_made_kept_for_days_and_fetched_by_a_link(
    held: Resources, made: City
) -> None:
    actor = made.county_admin.actor
    assert JOBS[JOB].do is make_export
    export_id = await asked_for(held, actor, NewExport(list="list_teachers", columns=["id"]))
    async with held.pool.transaction() as db:
        with pytest.raises(ExportNotReady):
            await create_export_link(
                db, actor, export_id=export_id, links=held.archive.links, now=now()
            )
        page = await list_teachers(db, actor, page=PageRequest(limit=100))
    await worked(held, export_id)
    await worked_again(held, export_id)
    async with held.pool.transaction() as db:
        row = await get_export(db, actor, export_id=export_id)
        link = await create_export_link(
            db, actor, export_id=export_id, links=held.archive.links, now=now()
        )
        with pytest.raises(ExportNotFound):
            await get_export(db, made.city_admin.actor, export_id=export_id)
        with pytest.raises(ExportNotFound):
            await read_fetched(db, export_id=export_id, now=now() + KEPT)
    assert (row["state"], row["done"]) == ("done", len(page.items))
    assert str(export_id) in link["url"]
    text = (await content_of(held, export_id, row["size"])).decode("utf-8-sig")
    assert [each["标识 id"] for each in read(text)] == [str(each["id"]) for each in page.items]


async def worked_again(held: Resources, export_id: UUID) -> None:
    """A job that is done once more does no harm: it is over."""
    with pytest.raises(WorkOver):
        await make_export(held, export_id)


async def test_an_application_gets_no_more_than_it_may_ask_for(held: Resources, made: City) -> None:
    """Made later, an export has the ceiling under which it was asked for, and the rights of then."""
    whole, scopes = made.city_admin.actor, [Permission.TEACHER_READ]
    async with held.pool.transaction() as db:
        client_id = (await make_client(db, made.city))["id"]
        await give_consent(
            db, account_id=whole.account_id, client_id=client_id, scopes=scopes, now=now()
        )
    ceiling = replace(whole, client_id=client_id, scopes=frozenset(scopes))
    export_id = await asked_for(held, ceiling, NewExport(list="list_teachers"))
    async with held.pool.connection() as db:
        asked = await read_asked(db, export_id=export_id)
    narrowed = under_ceiling(whole, asked)
    assert (narrowed.client_id, narrowed.scopes) == (ceiling.client_id, ceiling.scopes)
    await worked(held, export_id)
    async with held.pool.connection() as db:
        assert (await get_export(db, whole, export_id=export_id))["done"] > 0
    async with held.pool.transaction() as db:
        with pytest.raises(NotAllowed):
            await create_export(db, ceiling, new=NewExport(list="list_accounts"), now=now())
    export_id = await asked_for(held, whole, NewExport(list="list_accounts"))
    async with held.pool.connection() as db:
        assert under_ceiling(whole, await read_asked(db, export_id=export_id)) == whole


async def test_a_cancelled_export_keeps_no_file(held: Resources, made: City) -> None:
    actor = made.city_admin.actor
    export_id = await asked_for(held, actor, NewExport(list="list_teachers"))
    async with held.pool.transaction() as db:
        await cancel_export(db, actor, export_id=export_id, now=now())
    with pytest.raises(WorkOver):
        await make_export(held, export_id)
    with pytest.raises(FileNotFoundError):
        await content_of(held, export_id, 1)


async def test_who_asked_for_what_is_forgotten_after_half_a_year(
    db: Connection, city: City
) -> None:
    actor = city.city_admin.actor
    row = await create_export(db, actor, new=NewExport(list="list_teachers"), now=NOW)
    await tidy_exports(db, now=NOW + timedelta(days=180))
    assert await get_export(db, actor, export_id=row["id"])
    await tidy_exports(db, now=NOW + timedelta(days=181))
    with pytest.raises(ExportNotFound):
        await get_export(db, actor, export_id=row["id"])


async def test_an_application_does_not_come_by_what_was_read_above_its_ceiling(
    db: Connection, city: City
) -> None:
    person = city.city_admin.actor
    scopes = frozenset({Permission.TEACHER_READ})
    low, high = (replace(person, scopes=each) for each in (scopes, scopes | {Permission.UNIT_READ}))
    made = {}
    for name, actor in (("person", person), ("low", low), ("high", high)):
        row = await create_export(db, actor, new=NewExport(list="list_teachers"), now=NOW)
        made[name] = row["id"]
    assert {row["id"] for row in await list_exports(db, person)} == set(made.values())
    assert [row["id"] for row in await list_exports(db, low)] == [made["low"]]
    assert {row["id"] for row in await list_exports(db, high)} == {made["low"], made["high"]}
    for name in ("person", "high"):
        with pytest.raises(ExportNotFound):
            await get_export(db, low, export_id=made[name])


async def test_rights_that_are_taken_away_end_an_export_that_is_being_made(
    held: Resources, made: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read is of its beginning: with fewer rights at its end there must be no file of it."""
    person = made.county_admin
    export_id = await asked_for(held, person.actor, NewExport(list="list_teachers"))
    parts = Wanted.pieces

    async def interrupted(
        self: Wanted, db: Connection, actor: Actor, *, now: datetime
    ) -> AsyncIterator[tuple[bytes, int]]:
        async for number, piece in aenumerate(parts(self, db, actor, now=now)):
            if number == 1:
                async with held.pool.transaction() as other:
                    await other._driver.execute(
                        "UPDATE role_grant SET superseded_at = now() WHERE account_id = $1",
                        actor.account_id,
                    )
            yield piece

    monkeypatch.setattr(Wanted, "pieces", interrupted)
    with pytest.raises(ExportRightsTaken):
        await worked(held, export_id)
    with pytest.raises(FileNotFoundError):
        await content_of(held, export_id, 1)


async def aenumerate(
    items: AsyncIterator[tuple[bytes, int]],
) -> AsyncIterator[tuple[int, tuple[bytes, int]]]:
    number = 0
    async for item in items:
        yield number, item
        number += 1
