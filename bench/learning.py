"""What teachers learn from, in a city that has much of it: the catalogue, the search, the rush, the players.

python -m bench.learning [--only rush,catalogue,search,statements] [--each]

In a city of its own with 5,000 teachers, and as rows of `make bench` in its city. `--each` says what each
question of the catalogue and the search takes, so that one sees which to mend.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import cycle, islice
from typing import Any
from uuid import UUID

import asyncpg

from app.database.pool import Pool
from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.learning.courses import list_courses, list_published_courses
from app.domain.learning.resources import grams_of, search_resources
from app.domain.paging import PageRequest
from app.domain.plain_text import plain_text
from app.settings import Settings
from app.sql import Connection, Row, new_id, prepare_connection
from bench.asking import Spent
from bench.city import Chosen, teacher_actor
from bench.crowd import found_city
from bench.direct import Timed
from bench.meter import ran
from bench.rush import rush
from bench.serving import OURS, own_database, servers
from bench.statements import over_http

COURSES, RESOURCES, TEACHERS = 20_000, 200_000, 5_000
_AT_ONCE = 10_000
_ASKED = 40
"""How often each question is asked, by one after another."""

_STAGES = ("小学", "初中", "高中", "幼儿园", "九年一贯")
_SUBJECTS = ("语文", "数学", "英语", "科学", "道德与法治", "音乐", "体育", "美术", "信息科技")
_THEMES = (
    "整本书阅读", "课堂提问", "单元整体教学", "作业设计", "学习评价", "项目式学习", "跨学科主题", "班级管理",
    "家校沟通", "实验教学", "口语交际", "古诗文诵读", "数感培养", "思维导图", "分层教学", "差异化辅导",
)  # fmt: skip
_FORMS = ("课例", "教案", "微课", "专题讲座", "研讨实录", "工作坊", "案例集", "资源包")


def titles() -> Iterator[str]:
    """Titles as bureaux write them, no two the same."""
    number = 0
    while True:
        number += 1
        yield (
            f"{_STAGES[number % 5]}{_SUBJECTS[number // 5 % 9]}{_THEMES[number // 7 % 16]}"
            f"{_FORMS[number // 11 % 8]}（第{number}号）"
        )


async def stock(owner_url: str) -> None:
    """Fill catalogue and library, unless they are full: of schools, counties and the city in turn.

    As their owner, without the trail of what was added: it says nothing of what is measured.
    """
    owner = await asyncpg.connect(owner_url)
    try:
        await prepare_connection(owner)
        moment = datetime.now(UTC)
        units = [dict(row) for row in await owner.fetch(_UNITS)]
        account_id = await owner.fetchval("SELECT id FROM account ORDER BY id LIMIT 1")
        missing = COURSES - await owner.fetchval("SELECT count(*) FROM course")
        for part in _parts(missing, units):
            rows = [_course(unit, title, account_id, moment) for unit, title in part]
            meant = [
                {"course_id": row["id"], "target_id": row["school_id"] or row["county_id"]}
                for row in rows
            ]
            async with owner.transaction():
                await _enter(owner, "course", rows)
                await _enter(owner, "course_audience", meant)
        missing = RESOURCES - await owner.fetchval("SELECT count(*) FROM resource")
        await owner.execute("ALTER TABLE resource DISABLE TRIGGER USER")
        for part in _parts(missing, units):
            rows = [_resource(unit, title, account_id, moment) for unit, title in part]
            await _enter(owner, "resource", rows)
        await owner.execute("ALTER TABLE resource ENABLE TRIGGER USER")
        await owner.execute("VACUUM (ANALYZE) course, course_audience, resource")
    finally:
        await owner.close()


async def _enter(owner: asyncpg.Connection, table: str, rows: Sequence[Row]) -> None:
    names = ", ".join(rows[0])
    await owner.execute(
        f"INSERT INTO {table} ({names})"  # noqa: S608  our own names
        f" SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)",
        json.dumps(rows, default=str),
    )


_UNITS = """
SELECT id, city_id, county_id, school_id FROM unit WHERE closed_on IS NULL ORDER BY level, id LIMIT 400
"""


def _parts(count: int, units: Sequence[Row]) -> Iterator[list[tuple[Row, str]]]:
    things = islice(zip(cycle(units), titles(), strict=False), max(count, 0))
    while part := list(islice(things, _AT_ONCE)):
        yield part


def _place(unit: Row) -> Row:
    return {name: unit[name] for name in ("city_id", "county_id", "school_id")}


def _course(unit: Row, title: str, account_id: UUID, moment: datetime) -> Row:
    nth = hash(title)
    return {
        "id": new_id(), "title": title, "summary": f"{title}的目标与安排", "origin": "own",
        "source": None, "is_practical": nth % 5 == 0,
        "kind": ("workshop", "lecture", "online_course")[nth % 3], "mode": "concentrated",
        "channel": "school_based", "content": [("ethics", "instructional_design")[nth % 2]],
        "strata": [["young_teacher"], [], ["senior_rank"]][nth % 3], "hours": Decimal(4 + nth % 40),
        "responsible": "教导主任", **_place(unit), "syllabus": [{"title": "一", "hours": "4"}],
        "state": "draft" if nth % 10 == 0 else "published", "since": moment, "version": 1,
        "in_force": None if nth % 10 == 0 else 1,
        "published_at": None if nth % 10 == 0 else moment, "created_by": account_id,
    }  # fmt: skip


def _resource(unit: Row, title: str, account_id: UUID, moment: datetime) -> Row:
    nth = hash(title)
    return {
        "id": new_id(), "title": title,
        "kind": ("book", "audio_visual", "electronic")[nth % 3],
        "subject": (None, "chinese", "mathematics")[nth % 3], "stage": (None, "primary")[nth % 2],
        "licence": "teaching", **_place(unit), "plain_title": plain_text(title),
        "grams": grams_of(title),
        "sharing": "school" if unit["school_id"] and nth % 4 else "county", "version": 1,
        "added_by": account_id, "added_at": moment,
    }  # fmt: skip


Ask = Callable[[Connection, Actor], Awaitable[Any]]

_PAGE = PageRequest(limit=20)
CATALOGUE: Mapping[str, Mapping[str, Any]] = {
    "all": {}, "level": {"level": "county"}, "kind": {"kind": "workshop", "content": "ethics"},
    "stratum": {"stratum": "young_teacher", "level": "school"}, "title": {"title": "整本书"},
    "one title": {"title": "第4711号"}, "nothing": {"title": "没有这样的课程"},
    "hours": {"least_hours": 10, "most_hours": 12, "is_practical": True},
    "last": {"page": PageRequest(limit=20, sort="-created")},
}  # fmt: skip
SEARCHED: Mapping[str, Mapping[str, Any]] = {
    "one character": {"q": "书"}, "two": {"q": "阅读"}, "a theme": {"q": "整本书阅读"},
    "several": {"q": "小学语文整本书阅读"}, "one title": {"q": "第47110号"},
    "nothing": {"q": "没有这样的资源"}, "a pair apart": {"q": "学语"},
    "filtered": {"q": "课例", "kind": "electronic", "stage": "primary"},
}  # fmt: skip


def _catalogue(asked: Mapping[str, Any]) -> Ask:
    return partial(_call, list_published_courses, {"page": _PAGE, **asked})


def _register(asked: Mapping[str, Any]) -> Ask:
    kept = {name: value for name, value in asked.items() if not name.endswith("_hours")}
    return partial(_call, list_courses, {"page": _PAGE, **kept})


def _search(asked: Mapping[str, Any]) -> Ask:
    return partial(_call, search_resources, asked)


async def _call(
    ask: Callable[..., Awaitable[Any]], asked: Mapping[str, Any], db: Connection, actor: Actor
) -> Any:
    return await ask(db, actor, **asked)


async def _spend(pool: Pool, ask: Ask, actors: Sequence[Actor]) -> Spent:
    """What a question takes, put as each of these actors; it is one statement."""
    waits: list[float] = []
    async with pool.connection() as db:
        for actor in actors[:6]:
            await ask(db, actor)  # planned, and planned for all
        backend, before = db._driver.get_server_pid(), db.statements  # noqa: SLF001
        own, database = time.process_time_ns(), ran(backend)
        for actor in actors:
            began = time.perf_counter()
            await ask(db, actor)
            waits.append(1000 * (time.perf_counter() - began))
        if db.statements - before != len(actors):
            raise SystemExit("it takes more than one statement")
        count = 1e6 * len(waits)
        return Spent(
            waits, (time.process_time_ns() - own) / count, (ran(backend) - database) / count
        )


async def _whole(
    pool: Pool, name: str, promised: str, asks: Mapping[str, Ask], actors: Sequence[Actor], *,
    each: bool,
) -> Timed:  # fmt: skip
    """The p95 over all questions, and which of them takes most."""
    spent = {
        what: await _spend(pool, ask, list(islice(cycle(actors), _ASKED)))
        for what, ask in asks.items()
    }
    if each:
        for what, one in spent.items():
            print(
                f"{name}, {what}: p95 {one.percentile(0.95):.1f} ms,"
                f" {one.own:.2f} ms of our time, {one.database:.2f} of PostgreSQL's"
            )
    whole = Spent([wait for one in spent.values() for wait in one.waits], 0, 0).percentile(0.95)
    dearest = max(spent, key=lambda what: spent[what].own + spent[what].database)
    compared = (
        f"processor time of the dearest, '{dearest}': {spent[dearest].own:.2f} ms ours,"
        f" {spent[dearest].database:.2f} PostgreSQL's"
    )
    return Timed(name, whole, compared, promised)


def _over(rows: Sequence[Mapping[str, Any]], role: Role, level: str, chosen: Chosen) -> list[Actor]:
    """Those who have a role over the units of a level in which these teachers are."""
    return [
        Actor(account_id=chosen.account_id, grants=(grant,))
        for row in rows
        for grant in [
            Grant(
                role, SubjectKind.UNIT, row[level], row["city_id"], row["county_id"],
                row["school_id"] if level == "school_id" else None,
            )
        ]
    ]  # fmt: skip


async def learning(
    settings: Settings, chosen: Chosen, *, only: Sequence[str] = (), each: bool = False
) -> list[Timed]:
    """The catalogue and the search, as teachers, a school and the city ask."""
    await stock(str(settings.database_owner_url))
    pool = await Pool.open(str(settings.database_url), size=1, patience=5.0, statement_timeout=60)
    found: list[Timed] = []
    try:
        async with pool.connection() as db:
            rows = await db._driver.fetch(_PEOPLE)  # noqa: SLF001
        people = {
            "teachers": [teacher_actor(chosen.account_id, row) for row in rows],
            "schools": _over(rows, Role.SCHOOL_ADMIN, "school_id", chosen),
            "the city": _over(rows[:1], Role.CITY_ADMIN, "city_id", chosen),
        }
        for whose, actors in people.items():
            whole = partial(_whole, pool, actors=actors, each=each)
            if not only or "catalogue" in only:
                asking = _catalogue if whose == "teachers" else _register
                asks = {what: asking(asked) for what, asked in CATALOGUE.items()}
                name, promised = f"课程目录 catalogue of {COURSES}, {whose}: p95", "< 30 ms"
                found.append(await whole(name, promised, asks))
            if not only or "search" in only:
                asks = {what: _search(asked) for what, asked in SEARCHED.items()}
                name, promised = f"资源检索 search of {RESOURCES}, {whose}: p95", "< 100 ms"
                found.append(await whole(name, promised, asks))
    finally:
        await pool.close()
    return found


_PEOPLE = "SELECT id, city_id, county_id, school_id FROM teacher ORDER BY id LIMIT 40"


async def _found(settings: Settings) -> Chosen:
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        async with driver.transaction():
            return (await found_city(Connection(driver), TEACHERS))[0]
    finally:
        await driver.close()


def crowds(settings: Settings, chosen: Chosen, *, only: Sequence[str] = ()) -> Iterator[Timed]:
    """The rush for places and what players tell, over HTTP, by a server of its own."""
    asked = {"rush": rush, "statements": over_http}
    wanted = [ask for name, ask in asked.items() if not only or name in only]
    if wanted:
        with servers(settings, chosen.for_floor(), [OURS]) as served:
            for ask in wanted:
                yield ask(settings, chosen, served[OURS])


def _tell(timed: Timed) -> None:
    print(
        f"{timed.name}: {timed.milliseconds:.1f} ms ({timed.promised}); {timed.compared}",
        flush=True,
    )


def main() -> None:
    """Build the city in a folder of its own and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.learning")
    parser.add_argument("--only", default="", help="rush, catalogue, search, statements")
    parser.add_argument("--each", action="store_true", help="say what each question takes")
    asked = parser.parse_args()
    only = [word for word in asked.only.split(",") if word]
    with own_database() as settings:
        chosen = asyncio.run(_found(settings))
        for timed in crowds(settings, chosen, only=only):
            _tell(timed)
        if not only or {"catalogue", "search"} & set(only):
            for timed in asyncio.run(learning(settings, chosen, only=only, each=asked.each)):
                _tell(timed)


if __name__ == "__main__":
    main()
