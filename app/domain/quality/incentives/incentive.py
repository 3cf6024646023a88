"""An incentive as those see it who may: the person, those in charge; and what everybody sees of a reward."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Date, and_, any_, bindparam, or_
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.base import TODAY, civil_date
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.personal_data import LookKind, record_looks
from app.domain.people.teachers import MASKED_NAME, PersonName, Teacher
from app.domain.quality.incentive_rules import IncentiveForm, IncentiveKind, IncentiveRule
from app.domain.quality.incentives.table import Incentive, IncentiveFields, IncentiveState
from app.sql import Connection, Row


class IncentiveView(IncentiveFields):
    """A reward or a penalty with all its steps."""

    id: UUID = Field(description="标识 / key")
    rule_id: UUID = Field(description="奖惩规则（版本） / version of the rule")
    unit_id: UUID = Field(description="决定单位 / unit whose rule it is, and that decides")
    kind: IncentiveKind = Field(description="奖励或惩处 / reward or penalty")
    form: IncentiveForm = Field(description="形式 / form")
    title: str = Field(description="名称 / what it is called, as on a certificate")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school of the teacher")
    measured_from: date | None = Field(description="指标统计起始日 / first day that was counted")
    measured_to: date | None = Field(description="指标统计终止日（含） / last day that was counted")
    reached: Decimal | None = Field(
        description="指标实际数量 / what the register said when proposed"
    )
    state: IncentiveState = Field(description="状态 / state")
    in_force: bool = Field(description="今日是否有效 / whether it holds today: given, not over")
    proposed_at: datetime = Field(description="提出时间 / when it was proposed")
    statement_due_on: date | None = Field(description="陈述申辩期限 / last day to be heard")
    statement: str | None = Field(description="陈述申辩 / what the person said")
    stated_at: datetime | None = Field(description="陈述时间 / when")
    opinion: str | None = Field(description="决定意见 / why it was decided so")
    decided_at: datetime | None = Field(description="决定时间 / when it was decided")
    published_on: date | None = Field(description="公示首日 / first day on which it is shown")
    closes_on: date | None = Field(description="公示末日（含） / last day on which it is shown")
    given_on: date | None = Field(description="生效日期 / day on which it took effect")
    expires_on: date | None = Field(
        description="影响期届满日 / first day on which a penalty is over"
    )
    honour_id: UUID | None = Field(description="荣誉记录 / fact of the career that came of it")
    appeal_due_on: date | None = Field(description="申诉期限 / last day to appeal")
    appeal: str | None = Field(description="申诉理由 / why the person appealed")
    appealed_at: datetime | None = Field(description="申诉时间 / when")
    appeal_unit_id: UUID | None = Field(description="申诉受理单位 / unit that decides on it")
    appeal_upheld: bool | None = Field(description="申诉是否成立 / whether the appeal was upheld")
    appeal_answer: str | None = Field(description="申诉答复 / what was answered")
    appeal_decided_at: datetime | None = Field(description="申诉处理时间 / when")
    revoked_because: str | None = Field(description="撤销理由 / why it was revoked")
    revoked_at: datetime | None = Field(description="撤销时间 / when it was revoked")


class PublishedIncentiveView(BaseModel):
    """What everybody sees of a reward while it is shown: as little as an objection needs."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="公示单位 / unit that shows it")
    name: str = Field(description="姓名（脱敏） / name, masked")
    school: str = Field(description="学校 / name of the school")
    title: str = Field(description="奖励名称 / what it is called")
    condition: str = Field(description="适用情形 / what the rule gives it for")
    published_on: date = Field(description="公示首日 / first day")
    closes_on: date = Field(description="公示末日（含） / last day")


# What can be refused.


class IncentiveNotFound(NotFound):
    """There is no such incentive for the one who asks, or it is not shown any more."""

    code = "incentive_not_found"
    zh = "未找到该奖惩事项，或公示期已过。"
    en = "There is no such incentive, or it is not shown any more."


class IncentiveWrongState(Conflict):
    """What is to be done belongs to another moment of the incentive."""

    code = "incentive_wrong_state"
    zh = "奖惩事项当前状态为“{state}”，不能执行此操作。"
    en = "The incentive is '{state}': this cannot be done with it now."


class IncentiveOfOneself(Conflict):
    """Nobody proposes, decides or revokes what is their own."""

    code = "incentive_of_oneself"
    zh = "不能提出、决定或撤销本人的奖惩事项。"
    en = "Nobody proposes, decides on or revokes a reward or a penalty of their own."


class PenaltiesNotExported(Invalid):
    """Whoever reads a penalty leaves a look, which a file that goes from hand to hand does not."""

    code = "penalties_not_exported"
    zh = "惩处事项不能导出，请逐项或分页查阅。"
    en = "Penalties are not exported: read them one by one or page by page."


# What may be asked.


def holds_on(day: Any) -> ColumnElement[bool]:
    """The predicate 'this was given by that day, and was not over, overturned or revoked'."""
    expires = col(Incentive.expires_on)
    return and_(
        col(Incentive.state) == IncentiveState.GIVEN,
        col(Incentive.given_on) <= day,
        or_(expires.is_(None), expires > day),
    )


_I, _T, _R, _U = (each.__table__ for each in (Incentive, Teacher, IncentiveRule, Unit))  # type: ignore[union-attr]


def _with_rule(*which: ColumnElement[bool]) -> Any:
    """Incentives with the person and the rule: all, or those alone of which this holds."""
    person = and_(_I.c.teacher_id == _T.c.id, *which)
    return _I.join(_T, person).join(_R, _I.c.rule_id == _R.c.id)


INCENTIVES = Door(
    table=Incentive,
    view=IncentiveView,
    read=Permission.INCENTIVE_READ,
    missing=IncentiveNotFound,
    # Whoever decides finishes with somebody who has gone elsewhere meanwhile.
    places={
        "teacher_id": _I.c.teacher_id,
        "school_id": lambda ids: or_(_I.c.school_id == any_(ids), _I.c.unit_id == any_(ids)),
        "county_id": lambda ids: or_(
            _I.c.county_id == any_(ids), _I.c.unit_id == any_(ids), _I.c.appeal_unit_id == any_(ids)
        ),
    },
    computed={"name": _T.c.name, "form": _R.c.form, "in_force": holds_on(TODAY)},
    joined=_with_rule(),
    filters={
        "teacher_id": _I.c.teacher_id,
        "school_id": _I.c.school_id,
        "rule_id": _I.c.rule_id,
        "kind": _I.c.kind,
        "state": _I.c.state,
        "in_force": lambda wanted: holds_on(TODAY) == wanted,
        # What held on any of the days from the one to the other.
        "held_from": lambda day: and_(
            _I.c.state == IncentiveState.GIVEN,
            or_(_I.c.expires_on.is_(None), _I.c.expires_on > bindparam(day.key, type_=Date)),
        ),
        "held_until": lambda day: _I.c.given_on <= bindparam(day.key, type_=Date),
        "given_from": lambda day: _I.c.given_on >= bindparam(day.key, type_=Date),
    },
    sorts={"happened_on": (_I.c.happened_on,), "created": ()},
)
"""A reward or a penalty is seen by the person, by those in charge at the school and above, and by the unit that
decides on it, or on an appeal; by no auditor, no leader of a group, no application of the integration."""

PUBLISHED_INCENTIVES = Door(
    table=Incentive,
    view=PublishedIncentiveView,
    read=Permission.NOTICE_READ,
    missing=IncentiveNotFound,
    audience=lambda audience: _I.c.unit_id == any_(audience),
    beyond=Beyond.PUBLISHED,
    computed={"name": MASKED_NAME, "school": _U.c.name, "condition": _R.c.condition},
    # What is not shown does not exist here, whoever asks.
    joined=_with_rule(_I.c.state == IncentiveState.PUBLISHED).join(_U, _I.c.school_id == _U.c.id),
    filters={"open_on": lambda day: _I.c.closes_on >= bindparam(day.key, type_=Date)},
    sorts={"created": ()},
)


REWARDS = replace(INCENTIVES, joined=_with_rule(_I.c.kind == IncentiveKind.REWARD))
"""Rewards alone, for where something is found by its key and no look is left: there no penalty is found."""


async def _leave_looks(db: Connection, actor: Actor, rows: Sequence[Row], *, now: datetime) -> None:
    """Let each person know who read a penalty of theirs; without that there is no answer."""
    people = {
        row["teacher_id"]
        for row in rows
        if row["kind"] == IncentiveKind.PENALTY and row["teacher_id"] != actor.teacher_id
    }
    await record_looks(
        db, actor, teacher_ids=sorted(people), kind=LookKind.PENALTY, data=[],
        reason="查阅惩处事项", now=now,
    )  # fmt: skip


async def get_incentive(db: Connection, actor: Actor, *, incentive_id: UUID, now: datetime) -> Row:
    """One reward or penalty, for the person and for those in charge; a penalty of another leaves a look."""
    row = await INCENTIVES.get(db, actor, incentive_id)
    await _leave_looks(db, actor, [row], now=now)
    return row


async def list_incentives(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    now: datetime,
    teacher_id: UUID | None = None,
    school_id: UUID | None = None,
    rule_id: UUID | None = None,
    kind: IncentiveKind | None = None,
    state: IncentiveState | None = None,
    in_force: bool | None = None,
) -> Page:
    """The rewards and penalties in the actor's place, and one's own; a look is left of each penalty of others.

    What is to be read elsewhere, as a file that is made for somebody, holds rewards alone.
    """
    if page.for_file:
        if kind is IncentiveKind.PENALTY:
            raise PenaltiesNotExported
        kind = IncentiveKind.REWARD
    filters = {
        "teacher_id": teacher_id, "school_id": school_id, "rule_id": rule_id, "kind": kind,
        "state": state, "in_force": in_force,
    }  # fmt: skip
    found = await INCENTIVES.page(db, actor, page, filters=filters)
    if not page.for_file:
        await _leave_looks(db, actor, found.items, now=now)
    return found


async def incentives_by_id(
    db: Connection, actor: Actor, *, incentive_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many rewards by their keys; None where the actor may not see one, and for every penalty."""
    return await REWARDS.by_id(db, actor, incentive_ids, columns=columns)


async def incentives_of(
    db: Connection,
    actor: Actor,
    *,
    teacher_ids: Sequence[UUID],
    since: date,
    until: date,
    now: datetime,
    for_file: bool = False,
) -> dict[UUID, list[Row]]:
    """Of each teacher the rewards given within these days, and the penalties in force on any of them.

    Of each penalty of somebody else a look is left; what is read for a file (`for_file`) holds none.
    """
    owner = col(Incentive.teacher_id)
    days = {"held_until": until}
    rewards = await INCENTIVES.rows_of(
        db, actor, owner, teacher_ids,
        filters=days | {"given_from": since, "held_from": since, "kind": IncentiveKind.REWARD},
    )  # fmt: skip
    if for_file:
        return rewards
    penalties = await INCENTIVES.rows_of(
        db, actor, owner, teacher_ids,
        filters=days | {"held_from": since, "kind": IncentiveKind.PENALTY},
    )  # fmt: skip
    await _leave_looks(db, actor, [row for each in penalties.values() for row in each], now=now)
    return {each: rewards[each] + penalties[each] for each in rewards}


async def list_published_incentives(
    db: Connection, actor: Actor, *, page: PageRequest, now: datetime
) -> Page:
    """The rewards that are shown to the actor today: of the own units and those above; masked."""
    return await PUBLISHED_INCENTIVES.page(
        db, actor, page, filters={"open_on": civil_date(now)}, published=True
    )
