"""Drawing a model case from a unit's work: writing it, submitting it, and writing its next version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid
from app.domain.learning.resources import Resource
from app.domain.organisation.units import UNITS, Level, hold_unit, place_of
from app.domain.people.teachers import place_column
from app.domain.quality.model_cases.case import MODEL_CASE_VERSIONS, MODEL_CASES
from app.domain.quality.model_cases.table import (
    SOURCES,
    ModelCase,
    ModelCaseSource,
    ModelCaseState,
    ModelCaseText,
    ModelCaseVersion,
)
from app.domain.quality.regulations import Regulation
from app.domain.training.activities import Activity
from app.domain.training.plans import Plan
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

_MOST = 50
_TABLES: Mapping[str, Any] = {
    "activity_id": Activity, "plan_id": Plan, "resource_id": Resource, "regulation_id": Regulation,
}  # fmt: skip


class NewModelCaseVersion(ModelCaseText, Command):
    """What a version of a case is to say, and on which of the unit's work it rests."""

    activity_ids: list[UUID] = Field(
        default_factory=list, max_length=_MOST, description="所依活动 / activities"
    )
    plan_ids: list[UUID] = Field(
        default_factory=list, max_length=_MOST, description="所依计划 / plans"
    )
    resource_ids: list[UUID] = Field(
        default_factory=list, max_length=_MOST, description="所依资源 / resources"
    )
    regulation_ids: list[UUID] = Field(
        default_factory=list, max_length=_MOST, description="所依制度 / regulations"
    )


class NewModelCase(NewModelCaseVersion):
    """A case to be drawn from the work of a unit, with its first version."""

    unit_id: UUID = Field(description="案例单位：学校或县级教育局 / school, or county bureau")
    title: str = Field(min_length=2, max_length=200, description="案例名称 / title")


# What can be refused.


class ModelCaseOfCity(Invalid):
    """Whose work is a model somebody above has agreed to: of the city's bureau there is nobody above."""

    code = "model_case_of_city"
    zh = "典型案例从学校或县级教育局的工作中提炼。"
    en = "A model case is drawn from the work of a school or of a county's bureau."


class ModelCaseTitleTaken(Conflict):
    """The unit has a case of this title: what is new is a version of it."""

    code = "model_case_title_taken"
    zh = "本单位已有同名案例，请新增版本。"
    en = "The unit has a case of this title: add a version to it."


class ModelCaseWithoutSource(Invalid):
    """A case is drawn from work that the register knows."""

    code = "model_case_without_source"
    zh = "案例须至少依据一项登记的活动、计划、资源或制度。"
    en = "A case rests on at least one activity, plan, resource or regulation of the register."


class ModelCaseSourceElsewhere(Invalid):
    """What a case rests on is the work of its unit."""

    code = "model_case_source_elsewhere"
    zh = "所依事项不存在，或不属于案例单位：{names}。"
    en = "These are not there, or not of the unit whose case it is: {names}."


class ModelCaseWrongState(Conflict):
    """What is to be done belongs to another moment of the version."""

    code = "model_case_wrong_state"
    zh = "案例最新版本的状态为“{state}”，不能执行此操作。"
    en = "The latest version is '{state}': this cannot be done with it now."


class ModelCaseWithdrawn(Conflict):
    """A case that was withdrawn stays so."""

    code = "model_case_withdrawn"
    zh = "该案例已撤回。"
    en = "This case was withdrawn."


# What may be done.

_WRITE = Permission.RESOURCE_WRITE


def _of_unit(table: Any, place: str) -> Statement:
    """Which of these things belong to a unit, or to something below it."""
    columns = table.__table__.c
    return Statement(
        select(func.count())
        .select_from(table.__table__)
        .where(
            columns.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
            columns[place] == bindparam("unit_id", type_=Uuid),
        )
    )


_OF_UNIT = {
    (name, place): _of_unit(table, place)
    for name, table in _TABLES.items()
    for place in ("school_id", "county_id")
}
_LATEST = Statement(
    MODEL_CASE_VERSIONS.select().where(
        col(ModelCaseVersion.case_id) == bindparam("case_id", type_=Uuid),
        col(ModelCaseVersion.number) == bindparam("number"),
    )
)
_NO_SOURCES = Statement(
    delete(ModelCaseSource).where(
        col(ModelCaseSource.case_id) == bindparam("case_id", type_=Uuid),
        col(ModelCaseSource.number) == bindparam("number"),
    )
)


async def hold_case(
    db: Connection, actor: Actor, *, case_id: UUID, permission: Permission
) -> tuple[Row, Row]:
    """A case that was not withdrawn, held, with its latest version."""
    case = await MODEL_CASES.get(db, actor, case_id, permission=permission, lock=True)
    if case["withdrawn_at"] is not None:
        raise ModelCaseWithdrawn
    latest = await db.one(_LATEST, case_id=case_id, number=case["version"])
    return case, latest or {}


def check_state(latest: Row, *states: ModelCaseState) -> None:
    """Refuse what belongs to another moment of the latest version."""
    if latest["state"] not in states:
        raise ModelCaseWrongState(state=latest["state"])


async def _check_sources(db: Connection, unit: Row, new: NewModelCaseVersion) -> None:
    named = {name: set(getattr(new, f"{name}s")) for name in SOURCES}
    if not any(named.values()):
        raise ModelCaseWithoutSource
    elsewhere = [
        name
        for name, ids in named.items()
        if ids
        and await db.value(_OF_UNIT[name, place_column(unit)], ids=list(ids), unit_id=unit["id"])
        < len(ids)
    ]
    if elsewhere:
        raise ModelCaseSourceElsewhere(names=", ".join(f"{name}s" for name in elsewhere))


async def _write_sources(
    db: Connection, case_id: UUID, number: int, new: NewModelCaseVersion
) -> None:
    rows = [
        {"id": new_id(), "case_id": case_id, "number": number, **dict.fromkeys(SOURCES), name: key}
        for name in SOURCES
        for key in dict.fromkeys(getattr(new, f"{name}s"))
    ]
    await db.insert_all(ModelCaseSource, rows)


def _text(new: NewModelCaseVersion) -> dict[str, Any]:
    return new.model_dump(include=set(ModelCaseText.model_fields))


async def create_model_case(
    db: Connection, actor: Actor, *, new: NewModelCase, now: datetime
) -> Row:
    """Draw a case from the work of a unit; the unit does, or a bureau above it."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=_WRITE)
    if unit["level"] == Level.CITY:
        raise ModelCaseOfCity
    await _check_sources(db, unit, new)
    case_id = new_id()
    row = {
        "id": case_id, "title": new.title, **place_of(unit), "version": 1, "created_at": now,
        "created_by": actor.account_id,
    }  # fmt: skip
    try:
        async with db.transaction():
            await db.insert(ModelCase, row)
    except UniqueViolationError:
        raise ModelCaseTitleTaken from None
    await _add(db, case_id, 1, new)
    return await MODEL_CASES.get(db, actor, case_id)


async def _add(db: Connection, case_id: UUID, number: int, new: NewModelCaseVersion) -> None:
    version = {
        "id": new_id(), "case_id": case_id, "number": number, "state": ModelCaseState.DRAFT,
        **_text(new),
    }  # fmt: skip
    await db.insert(ModelCaseVersion, version)
    await _write_sources(db, case_id, number, new)


async def write_model_case(
    db: Connection, actor: Actor, *, case_id: UUID, new: NewModelCaseVersion
) -> Row:
    """Write the latest version anew while it is a draft or was returned, or begin the next one.

    What is published stays published until its next version is.
    """
    case, latest = await hold_case(db, actor, case_id=case_id, permission=_WRITE)
    check_state(latest, *set(ModelCaseState) - {ModelCaseState.SUBMITTED})
    await _check_sources(db, await UNITS.get(db, actor, case["unit_id"]), new)
    if latest["state"] == ModelCaseState.PUBLISHED:
        await db.change(ModelCase, case_id, {"version": case["version"] + 1})
        await _add(db, case_id, case["version"] + 1, new)
    else:
        await db.change(ModelCaseVersion, latest["id"], _text(new))
        await db.run(_NO_SOURCES, case_id=case_id, number=latest["number"])
        await _write_sources(db, case_id, latest["number"], new)
    return await MODEL_CASES.get(db, actor, case_id)


async def submit_model_case(db: Connection, actor: Actor, *, case_id: UUID, now: datetime) -> Row:
    """Submit the latest version to the bureau above."""
    _, latest = await hold_case(db, actor, case_id=case_id, permission=_WRITE)
    check_state(latest, ModelCaseState.DRAFT, ModelCaseState.RETURNED)
    submitted: dict[str, Any] = {
        "state": ModelCaseState.SUBMITTED, "submitted_at": now, "submitted_by": actor.account_id,
        "submitted_for": actor.on_behalf_of,
        "decided_at": None, "decided_by": None, "opinion": None,
    }  # fmt: skip
    await db.change(ModelCaseVersion, latest["id"], submitted)
    return await MODEL_CASES.get(db, actor, case_id)
