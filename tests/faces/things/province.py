"""What the exchange with the province leaves: what is handed over, what came, what is doubted."""

from datetime import date

from app.domain.exchange.arrivals import Arrival
from app.domain.exchange.challenges import Challenge
from app.domain.exchange.province_codes import ProvinceCode
from app.domain.exchange.reconciliations import Reconciliation, ReconciliationDifference
from app.domain.exchange.submissions import ProvinceRecord, ProvinceSubmission
from app.domain.organisation.units import Level
from app.sql import Connection, Row
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City


async def add_things(db: Connection, world: World, city: City) -> None:
    """At the city all that it exchanges, at every place an arrival, at schools a challenge."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        unit, path = units[-1], tuple(each["id"] for each in units)
        teacher = world.teachers.get(name)
        if unit["level"] == Level.CITY:
            world.places[name] |= await _of_city(db, unit, city)
        if teacher is None and unit["level"] != Level.CITY:
            continue
        arrival_id = await add_row(
            db, Arrival, **place_of(unit if teacher is None else teacher),
            teacher_id=None if teacher is None else teacher["id"], kind="roster",
            number=f"R-{name}", name="测试教师", state="waiting", received_at=NOW,
        )  # fmt: skip
        world.places[name]["arrival"] = Thing(arrival_id, path)
        if teacher is not None:
            challenge_id = await add_row(
                db, Challenge, **place_of(teacher), teacher_id=teacher["id"], subject="teacher",
                subject_id=teacher["id"], reference=f"Z-{name}", question="学校是否有误",
                due_on=date(2098, 12, 1), state="raised", raised_at=NOW, raised_by=by,
            )  # fmt: skip
            world.places[name]["challenge"] = Thing(challenge_id, path)


async def _of_city(db: Connection, unit: Row, city: City) -> dict[str, Thing]:
    by, path, place = city.city_admin.actor.account_id, (unit["id"],), place_of(unit)
    code_id = await add_row(
        db, ProvinceCode, **place, code_set="level", ours="school", theirs="1",
        valid_from=date(2020, 1, 1), recorded_at=NOW, recorded_by=by,
    )  # fmt: skip
    submission_id = await add_row(
        db, ProvinceSubmission, **place, number=1, kind="roster", state="settled", records=1,
        digest="0" * 64, created_at=NOW, settled_at=NOW, created_by=by,
    )  # fmt: skip
    await add_row(
        db, ProvinceRecord, **place, submission_id=submission_id, ordinal=1, key="teacher:1",
        kind="teacher", attempt=1, subject_id=city.teacher["id"], teacher_id=city.teacher["id"],
        digest="0" * 64, content={}, state="accepted", receipt_at=NOW,
    )  # fmt: skip
    reconciliation_id = await add_row(
        db, Reconciliation, **place, state="done", asked_at=NOW, done_at=NOW, asked_by=by
    )
    await add_row(
        db, ReconciliationDifference, **place, reconciliation_id=reconciliation_id,
        kind="missing_here", key="credit:1",
    )  # fmt: skip
    things = {
        "province_code": code_id,
        "submission": submission_id,
        "reconciliation": reconciliation_id,
    }
    return {kind: Thing(key, path) for kind, key in things.items()}
