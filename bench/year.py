"""The bureau's own year: indicators of all schools, reports of a county and of the city, a school's archive.

In a transaction that is undone, with what the demo city has none of: evaluations that were answered, and a
school with as many documents as its volume of a year may have. Beside the time that passes stands what our
process and PostgreSQL's took of the processors, for others use the machine too.
"""

import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import asyncpg
from obstore.store import LocalStore

from app.charts import Plotter
from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.credits.certificates import Press
from app.domain.quality.archive_retrievals import (
    NewArchiveRetrieval,
    create_archive_retrieval,
    stream_archive_bundle,
)
from app.domain.quality.archive_volumes import (
    NewArchiveVolume,
    assemble_archive_volume,
    open_school_volume,
)
from app.domain.quality.measures import IndicatorMeasure, measure_units
from app.domain.quality.reports import NewReport, draft_report, get_report_pdf
from app.domain.training.files import stored_name
from app.sql import Connection, prepare_connection
from app.storage import Storage
from app.typesetting import Typesetter
from bench.city import Chosen, city_actor
from bench.direct import Timed
from bench.meter import Meter, memory

DOCUMENTS = 500
DOCUMENT = os.urandom(200_000)
YEAR = 2025
SINCE, UNTIL = date(YEAR, 9, 1), date(YEAR + 1, 8, 31)

_EVALUATED = """
WITH evaluated AS (
    SELECT a.*, gen_random_uuid() AS survey_id,
           a.starts_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS began
    FROM activity a WHERE a.state = 'closed' AND a.starts_on BETWEEN $1 AND $2 AND a.requires_note
), asked AS (
    INSERT INTO survey (id, city_id, county_id, school_id, purpose, title, anonymous, breakdowns, opens_at,
        closes_at, is_template, activity_id, questions, state, created_by)
    SELECT survey_id, city_id, county_id, school_id, 'activity_evaluation', title, true, '{}', began,
        began + interval '9 days', false, id, '[]', 'open', created_by
    FROM evaluated RETURNING id
), kept AS (
    INSERT INTO activity_evaluation (id, activity_id, survey_id, window_days, summary_days)
    SELECT gen_random_uuid(), id, survey_id, 7, 14 FROM evaluated RETURNING id
)
SELECT survey_id, id FROM evaluated
"""
_ANSWERED = """
INSERT INTO survey_receipt (survey_id, teacher_id, answered_on)
SELECT DISTINCT e.survey_id, t.teacher_id, $1::date
FROM activity_evaluation e JOIN attendance t USING (activity_id)
WHERE t.status = 'present' AND get_byte(uuid_send(t.teacher_id), 15) % 4 > 0
"""
_DOCUMENTED = """
WITH of_school AS (
    SELECT id, city_id, county_id, school_id, created_by FROM activity
    WHERE organiser_unit_id = $1 AND state = 'closed' AND starts_on BETWEEN $2 AND $3 LIMIT 1
), files AS (
    INSERT INTO file (id, city_id, county_id, school_id, name, shows_pupils, sharing, sha256, size,
        media_type, kind, uploaded_by, uploaded_at)
    SELECT gen_random_uuid(), city_id, county_id, school_id, n || '.pdf', false, 'unit', $4, $5,
        'application/pdf', 'document', created_by, now()
    FROM of_school, generate_series(1, $6::int) n RETURNING id
)
INSERT INTO evidence (id, kind, title, text, file_id, activity_id, added_by, added_at)
SELECT gen_random_uuid(), 'lesson_plan', '教学设计', repeat('备课、说课、上课、评课。', 40), f.id, a.id,
    a.created_by, now()
FROM files f, of_school a
"""


async def year(owner_url: str, data: Path, chosen: Chosen) -> list[Timed]:
    """The figures that the bureau's own year is promised to meet."""
    async with _undone(owner_url) as db:
        await _fill(db, chosen.school_ids[0])
        clocks = _Clocks(data)
        return [
            await _indicators(db, clocks),
            await _report(db, clocks, chosen, chosen.county_ids[0], "县工作报告 county report", 3),
            await _report(db, clocks, chosen, chosen.city_id, "市年度报告 city report", 15),
            await _archive(db, clocks, chosen),
        ]


@asynccontextmanager
async def _undone(owner_url: str) -> AsyncIterator[Connection]:
    """A transaction of the owner, who may tell the planner of what was put in; it is rolled back."""
    driver = await asyncpg.connect(owner_url)
    try:
        await prepare_connection(driver)
        transaction = driver.transaction()
        await transaction.start()
        try:
            yield Connection(driver)
        finally:
            await transaction.rollback()
    finally:
        await driver.close()


async def _fill(db: Connection, school_id: UUID) -> None:
    driver = db._driver  # noqa: SLF001  rows by the hundred thousand, as SQL makes them
    await driver.fetch(_EVALUATED, SINCE, UNTIL)
    await driver.execute(_ANSWERED, UNTIL)
    digest = sha256(DOCUMENT).hexdigest()
    await driver.execute(_DOCUMENTED, school_id, SINCE, UNTIL, digest, len(DOCUMENT), DOCUMENTS)
    await driver.execute("ANALYZE survey, activity_evaluation, survey_receipt, file, evidence")


class _Clocks:
    """What a piece of work takes: on the wall, of our process, of PostgreSQL's with those that it begot."""

    def __init__(self, data: Path) -> None:
        self._meter = Meter(data)
        self.spent = self._meter.read()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Read them before and after."""
        before = self._meter.read()
        yield
        self.spent = self._meter.read().since(before)

    @property
    def wall(self) -> float:
        """Milliseconds."""
        return 1000 * self.spent.passed

    def __str__(self) -> str:
        ours, database = 1000 * self.spent.python, 1000 * self.spent.postgres
        return f"of the processors: ours {ours:.0f} ms, PostgreSQL's {database:.0f} ms"


async def _indicators(db: Connection, clocks: _Clocks) -> Timed:
    """Every measure of every school, as an order of the city to check them all computes it."""
    rows = await db._driver.fetch("SELECT id FROM unit WHERE level = 'school' ORDER BY id")  # noqa: SLF001
    schools = [row["id"] for row in rows]
    with clocks.running():
        found = await measure_units(
            db, measures=IndicatorMeasure, unit_ids=schools, place="school_id",
            period=(SINCE, UNTIL), as_of=UNTIL,
        )  # fmt: skip
    assert any(row["numerator"] for row in found)  # noqa: S101  or nothing was measured
    compared = f"{len(found)} values of {len(schools)} schools; {clocks}"
    return Timed("指标计算 computed indicators", clocks.wall, compared, "< 5 s")


async def _report(
    db: Connection, clocks: _Clocks, chosen: Chosen, unit_id: UUID, name: str, promised: int
) -> Timed:
    """A report drafted, and set in PDF with its charts."""
    actor, now = city_actor(chosen), datetime.now(UTC)
    new = NewReport(unit_id=unit_id, since=SINCE, until=UNTIL)
    typesetter, plotter = Typesetter(), Plotter()
    with clocks.running():
        report = await draft_report(db, actor, new=new, now=now)
        _, made = await get_report_pdf(
            db, actor, report_id=report["id"], typesetter=typesetter, plotter=plotter
        )
    compared = f"PDF with charts, {len(made) / 1e3:.0f} kB; {clocks}"
    return Timed(name, clocks.wall, compared, f"< {promised} s")


async def _archive(db: Connection, clocks: _Clocks, chosen: Chosen) -> Timed:
    """The bundle of a school's volume, taken by nobody: by how much the process grew meanwhile."""
    actor, now = _school_admin(chosen), datetime.now(UTC)
    new = NewArchiveVolume(school_year=YEAR)
    volume = await open_school_volume(db, actor, unit_id=chosen.school_ids[0], new=new, now=now)
    volume = await assemble_archive_volume(db, actor, volume_id=volume["id"], now=now)
    reason = NewArchiveRetrieval(reason="测量")
    retrieval = await create_archive_retrieval(
        db, actor, volume_id=volume["id"], new=reason, now=now
    )
    with TemporaryDirectory() as folder:
        store = Storage(LocalStore(folder), Path(folder))
        await store.write(stored_name(sha256(DOCUMENT).hexdigest()), _pieces())
        press = Press(Typesetter(), store, "https://yanxun.example")
        sent, held, first = 0, memory(os.getpid()), 0.0
        most, began = held, time.perf_counter()
        with clocks.running():
            bundle = stream_archive_bundle(
                db, actor, retrieval_id=retrieval["id"], press=press, now=now
            )
            async for piece in bundle:
                first = first or 1000 * (time.perf_counter() - began)
                sent += len(piece)
                most = max(most, memory(os.getpid()))
    compared = (
        f"{volume['pieces']} pieces, {sent / 1e6:.0f} MB, the first after {first:.0f} ms,"
        f" {most - held:.0f} MB of memory more; {clocks}"
    )
    return Timed("学校档案 a school's archive", clocks.wall, compared, "streamed, < 100 MB more")


async def _pieces() -> AsyncIterator[bytes]:
    yield DOCUMENT


def _school_admin(chosen: Chosen) -> Actor:
    address: Any = next(each for each in chosen.addresses if each[2] == chosen.school_ids[0])
    city_id, county_id, school_id, _ = address
    grant = Grant(
        role=Role.SCHOOL_ADMIN, subject=SubjectKind.UNIT, subject_id=school_id, city_id=city_id,
        county_id=county_id, school_id=school_id,
    )  # fmt: skip
    return Actor(account_id=chosen.account_id, grants=(grant,))
