"""What a claim earns and what stands against it: the pack in force then, and the checks before entry.

Nobody types an amount: `rules.award` says it. What is checked here is shown beforehand
(`get_claim_award`), asked at submission, and asked again in the transaction that enters the credit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel, Field
from sqlalchemy import Date, Integer, Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import civil_date
from app.domain.credits.claims.claim import CLAIMS
from app.domain.credits.claims.duplicates import ClaimDoubtView, find_duplicates
from app.domain.credits.claims.outside import find_unconfirmed
from app.domain.credits.packs.procedure import (
    Procedure,
    ReviewStage,
    days_of,
    evidence_for,
    publication_days,
    stages_of,
)
from app.domain.credits.recognition import words_of
from app.domain.credits.rules import Award, NoAward, Pack, Source, award
from app.domain.credits.rules.calendar import year_of
from app.domain.credits.school_years import closed_for, is_late_window_open
from app.domain.credits.standings.facts import Person, read_people
from app.domain.credits.standings.governing import CityPacks, NoRulePack, read_packs
from app.domain.credits.standings.views import BasisView
from app.domain.errors import Conflict, DomainError
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement


class ClaimRefusalView(BaseModel):
    """Something that stands against a claim."""

    code: str = Field(description="原因代码 / stable code")
    zh: str = Field(description="原因（中文） / in Chinese")
    en: str = Field(description="原因（英文） / in English")


class ClaimAwardView(BaseModel):
    """What a claim would earn if it were approved as it stands, by which rule, and what is in its way."""

    claim_id: UUID = Field(description="申报 / claim")
    rule_id: str | None = Field(
        description="认定规则 / rule of the pack, null where none covers it"
    )
    title_zh: str | None = Field(description="规则名称（中文） / title of the rule in Chinese")
    title_en: str | None = Field(description="规则名称（英文） / title of the rule in English")
    hours: str | None = Field(description="学时 / hours")
    credits: str | None = Field(description="学分 / credits")
    pack_id: str | None = Field(description="规则包 / pack")
    pack_version: int | None = Field(description="规则包版本 / version of the pack")
    basis: BasisView | None = Field(description="数额的依据 / ground of the amount")
    evidence_asked: list[str] = Field(
        description="须有的材料类型，空则任一材料即可 / kinds of evidence asked for; none: any will do"
    )
    stages: list[ReviewStage] = Field(
        description="审核层级，依次 / places that review it, in order"
    )
    stages_assumed: bool = Field(
        description="审核层级是否为假定 / whether the places are an assumption of ours"
    )
    publication_days: int | None = Field(
        description="入账前公示天数，无则不公示 / days of publication before entry, if any"
    )
    refusals: list[ClaimRefusalView] = Field(
        description="不能提交的原因 / why it could not be submitted now"
    )
    doubts: list[ClaimDoubtView] = Field(
        description="供审核人核对的疑点 / what reviewers should look at"
    )


# What can be refused.


class ClaimInFuture(Conflict):
    """Nothing is claimed before it was earned."""

    code = "credit_claim_in_future"
    zh = "取得日期{day}尚未到，不能申报。"
    en = "It is earned on {day}, which is still to come."


class ClaimOutsideCycle(Conflict):
    """The cycle in which it would count is over, and so are the days for late claims."""

    code = "credit_claim_outside_cycle"
    zh = "取得日期{day}所在周期已于{end}结束，申报期亦已过。"
    en = "The cycle of {day} ended on {end}, and the time for late claims is over."


class ClaimEarnsNothing(Conflict):
    """No rule of the pack gives anything for it."""

    code = "credit_claim_earns_nothing"
    zh = "按规则包不予认定：{zh_reason}"
    en = "The pack gives nothing for it: {en_reason}"


class ClaimEvidenceMissing(Conflict):
    """What shows it is missing."""

    code = "credit_claim_evidence_missing"
    zh = "缺少佐证材料：{kinds}。"
    en = "Evidence is missing: {kinds}."


# What may be asked.


@dataclass(frozen=True, slots=True)
class Assessed:
    """What was found of a claim: what it earns, if anything, what refuses it, what is doubtful."""

    person: Person
    packs: CityPacks
    source: Source
    earned: Award | None
    procedure: Procedure | None
    refusals: tuple[DomainError, ...]
    doubts: tuple[Row, ...] = ()


def source_of_claim(claim: Mapping[str, Any], person: Person) -> Source:
    """What a claim offers to the rules."""
    day = claim["earned_on"]
    names = ("hours", "level", "activity_kind", "mode", "role", "channel", "source_kind")
    return Source(
        earned_on=day,
        kind=claim["kind"],
        content=tuple(claim["content"]),
        rank=person.rank_on(day),
        posts=person.posts_on(day),
        **{name: claim[name] for name in names},
    )


def earned_by(person: Person, source: Source, packs: CityPacks) -> Award | DomainError:
    """What the pack in force on the day gives, or why it gives nothing."""
    pack = packs.on(source.earned_on, person.county_id)
    if pack is None:
        return NoRulePack(day=source.earned_on.isoformat())
    earned = award(person.facts, source, pack)
    if isinstance(earned, NoAward):
        return ClaimEarnsNothing(zh_reason=earned.reason.zh, en_reason=earned.reason.en)
    return earned


def procedure_on(packs: CityPacks, day: date) -> Procedure | None:
    """What the pack in force on a day says of the procedure."""
    pack = packs.on(day)
    return pack.document.procedure if pack else None


_IN_WINDOW = Statement(
    select(
        is_late_window_open(
            Teacher, bindparam("school_year", type_=Integer), bindparam("today", type_=Date)
        )
    ).where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
)


async def assess_claim(db: Connection, *, claim: Row, now: datetime) -> Assessed:
    """Everything that is known of a claim before it is submitted; half a dozen statements."""
    teacher_id, day = claim["teacher_id"], claim["earned_on"]
    person = (await read_people(db, teacher_ids=[teacher_id]))[teacher_id]
    packs = await read_packs(db, city_id=person.city_id)
    source = source_of_claim(claim, person)
    earned, procedure = earned_by(person, source, packs), procedure_on(packs, day)
    refusals: list[DomainError] = []
    if day > civil_date(now):
        refusals.append(ClaimInFuture(day=day.isoformat()))
    if not isinstance(earned, Award):
        refusals.append(earned)
    refusals += await _untimely(db, claim, packs.on(day), now)
    shown = [piece["kind"] for piece in claim["evidence"]]
    # What the school has confirmed shows itself.
    shown += [] if claim["outside_training_id"] is None else ["outside_training"]
    refusals += _unshown(procedure, earned, shown)
    refusals += await find_unconfirmed(db, claim=claim)
    twice, doubts = await find_duplicates(db, claim=claim, city_id=person.city_id)
    refusals += twice
    known = earned if isinstance(earned, Award) else None
    return Assessed(person, packs, source, known, procedure, tuple(refusals), tuple(doubts))


async def _untimely(
    db: Connection, claim: Row, pack: Pack | None, now: datetime
) -> Sequence[DomainError]:
    """Whether its school year is closed, or its cycle over for longer than late claims are taken."""
    teacher_id, day = claim["teacher_id"], claim["earned_on"]
    closed = await closed_for(db, lines=[(teacher_id, day)], now=now)
    if closed or pack is None:
        return list(closed.values())
    end = pack.cycle_of(day).end
    late = timedelta(days=days_of(pack.document.procedure, "late_days").value)
    today = civil_date(now)
    if today <= end + late:
        return []
    year = year_of(day, pack.school_year)
    if await db.value(_IN_WINDOW, teacher_id=teacher_id, school_year=year, today=today):
        return []
    return [ClaimOutsideCycle(day=day.isoformat(), end=end.isoformat())]


def _unshown(
    procedure: Procedure | None, earned: Award | DomainError, shown: Sequence[str]
) -> Sequence[DomainError]:
    asked = evidence_for(procedure, earned.rule_id) if isinstance(earned, Award) else None
    missing = [] if asked is None else [each for each in asked.value if each not in shown]
    if missing or not shown:
        return [ClaimEvidenceMissing(kinds=", ".join(missing or ["any"]))]
    return []


async def get_claim_award(db: Connection, actor: Actor, *, claim_id: UUID, now: datetime) -> Row:
    """What a claim would earn and what is in its way, for the claimant and for the reviewers."""
    claim = await CLAIMS.get(db, actor, claim_id)
    found = await assess_claim(db, claim=claim, now=now)
    earned, asked = found.earned, None
    if earned is not None:
        asked = evidence_for(found.procedure, earned.rule_id)
    stages = stages_of(found.procedure, claim["kind"])
    publication = publication_days(found.procedure, claim["kind"])
    names = ("rule_id", "title_zh", "title_en", "pack_id", "pack_version")
    return {
        "claim_id": claim_id,
        **{name: getattr(earned, name, None) for name in names},
        "hours": str(earned.hours) if earned else None,
        "credits": str(earned.credits) if earned else None,
        "basis": msgspec.to_builtins(earned.basis) if earned else None,
        "evidence_asked": list(asked.value) if asked else [],
        "stages": places_of(stages.value, found.person),
        "stages_assumed": stages.assumed,
        "publication_days": publication.value if publication else None,
        "refusals": [words_of(each) for each in found.refusals],
        "doubts": list(found.doubts),
    }


def places_of(stages: Sequence[ReviewStage], placed: Any) -> list[ReviewStage]:
    """The places of a chain that review somebody of this place.

    The bureau in charge of a school directly under the city is the city, which then reviews once.
    """
    county_id, city_id = placed.county_id, placed.city_id
    once = county_id == city_id and ReviewStage.CITY in stages
    return [each for each in stages if not (once and each is ReviewStage.COUNTY)]
