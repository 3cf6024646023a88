"""What may be asked of forecasts: how one teacher's cycle will end."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.forecasts.ahead import read_enrolled, read_offered
from app.domain.credits.forecasts.planning import Ahead, Outlook, Plan, gap
from app.domain.credits.recognition import Share, offer_of
from app.domain.credits.rules import (
    Award,
    Entry,
    NoAward,
    Pack,
    RequirementStanding,
    Standing,
    Verdict,
    award,
    evaluate,
)
from app.domain.credits.rules.facts import ZERO
from app.domain.credits.standings.facts import Person, read_people
from app.domain.credits.standings.governing import CityPacks, read_packs
from app.domain.credits.standings.views import spread
from app.domain.people.teachers import TEACHERS
from app.sql import Connection, Row

_AFTER_ALL = 2**31
_UNDECIDED = {Verdict.UNDECIDED: None}


async def get_forecast(db: Connection, actor: Actor, *, teacher_id: UUID, now: datetime) -> Row:
    """How a teacher's present cycle will end, and what on offer would close the gap; six statements."""
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=Permission.CREDIT_READ)
    today = civil_date(now)
    packs = await read_packs(db, city_id=teacher["city_id"])
    pack = packs.governing(today, teacher["county_id"])
    cycle = pack.cycle_of(today)
    person = (await read_people(db, teacher_ids=[teacher_id]))[teacher_id]
    entries = (await read_ledgers(db, teacher_ids=[teacher_id]))[teacher_id]
    enrolled = await read_enrolled(db, teacher_id=teacher_id, until=cycle.end)
    offered, more = await read_offered(
        db, teacher_id=teacher_id, school_id=person.school_id, today=today, until=cycle.end
    )
    earning = _Earning(person, packs, now)
    course, offers = earning.ahead(enrolled), earning.ahead(offered)
    outlook = Outlook(person.facts, entries, pack, cycle)
    then = outlook.standing(course)
    plan = outlook.plan(course, offers)
    present = evaluate(person.facts, entries, pack, today)
    return {
        "teacher_id": teacher_id,
        "pack_id": pack.document.id,
        "pack_version": pack.document.version,
        "cycle_start": cycle.start,
        "cycle_end": cycle.end,
        "today": today,
        "unit": pack.document.unit,
        "requirements": _requirements(present, then, plan.standing),
        "enrolled": earning.shown(enrolled, then, pack),
        "plan": _plan(plan, earning, offered, pack),
        "offered": len(offered),
        "more_offered": more,
    }


class _Earning:
    """What activities would earn for a person."""

    def __init__(self, person: Person, packs: CityPacks, now: datetime) -> None:
        self._person, self._packs, self._now = person, packs, now
        self._awards: dict[UUID, Award | NoAward | None] = {}

    def ahead(self, activities: Iterable[Row]) -> list[Ahead]:
        """Those that would earn something, each with the entry that it would bring."""
        found = []
        for activity in activities:
            share = Share(self._person.teacher_id, activity["hours"], "participant")
            offered = offer_of(activity | {"city_id": self._person.city_id})
            source = offered.to(self._person, share)
            pack = self._packs.on(source.earned_on, self._person.county_id)
            earned = None if pack is None else award(self._person.facts, source, pack)
            self._awards[activity["id"]] = earned
            if isinstance(earned, Award):
                found.append(Ahead(activity["hours"], self._entry(activity, source, earned)))
        return found

    def _entry(self, activity: Row, source: Any, earned: Award) -> Entry:
        return Entry(
            id=activity["id"],
            sequence=_AFTER_ALL,
            kind=earned.kind,
            earned_on=source.earned_on,
            recorded_at=self._now,
            hours=earned.hours,
            credits=earned.credits,
            level=source.level,
            activity_kind=source.activity_kind,
            mode=source.mode,
            role=source.role,
            channel=source.channel,
            content=source.content,
            source_kind=source.source_kind,
            rank=source.rank,
            posts=source.posts,
            pack_id=earned.pack_id,
            pack_version=earned.pack_version,
        )

    def shown(self, activities: Iterable[Row], standing: Standing, pack: Pack) -> list[Row]:
        """Activities with what each earns and what of it counts in a standing."""
        counted = {each.entry_id: each.counted for each in standing.entries}
        return [
            {name: activity[name] for name in ("title", "starts_on", "ends_on", "hours")}
            | {"activity_id": activity["id"], "counted": counted.get(activity["id"], ZERO)}
            | _earned(self._awards[activity["id"]], pack)
            for activity in activities
        ]


def _earned(earned: Award | NoAward | None, pack: Pack) -> Row:
    if isinstance(earned, Award):
        return {"earned": earned.credits if pack.in_credits else earned.hours, "reason": None}
    return {"earned": ZERO, "reason": spread(earned.reason) if earned else None}


def _plan(plan: Plan, earning: _Earning, offered: Sequence[Row], pack: Pack) -> Row:
    chosen = {each.id for each in plan.chosen}
    activities = [activity for activity in offered if activity["id"] in chosen]
    return {
        "method": plan.method,
        "hours": sum((each.hours for each in plan.chosen), Decimal("0.00")),
        "complete": not gap(plan.standing),
        "activities": earning.shown(activities, plan.standing, pack),
    }


def _requirements(present: Standing, then: Standing, planned: Standing) -> list[Row]:
    """Those asked of the person at the cycle's end, as they are now, will be, and could be."""
    now_, with_plan = _by_id(present), _by_id(planned)
    return [
        {
            "id": each.id,
            "title_zh": each.title_zh,
            "title_en": each.title_en,
            "needed": each.needed,
            "counted_now": now_[each.id].counted,
            "counted_then": each.counted,
            "missing_then": each.missing,
            "missing_with_plan": with_plan[each.id].missing,
            "will_be_met": _UNDECIDED.get(each.verdict, not each.missing),
            "basis": spread(each.basis),
        }
        for each in then.requirements
        if each.verdict is not Verdict.WAIVED
    ]


def _by_id(standing: Standing) -> Mapping[str, RequirementStanding]:
    return {each.id: each for each in standing.requirements}
