"""Claims, closed years and reviews for tests, made by the acts that make them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.access.roles import Role
from app.domain.credits.claim_publications import (
    NewClaimObjection,
    NewClaimPublication,
    object_to_claim,
    publish_claims,
)
from app.domain.credits.claims import (
    Claim,
    ClaimDecision,
    NewClaim,
    create_claim,
    decide_claim,
    submit_claim,
)
from app.domain.credits.credit_loans import CreditLoan
from app.domain.credits.human_reviews import HumanReview
from app.domain.credits.packs import PackDocument
from app.domain.credits.school_years import LateWindow, SchoolYearClosing
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import open_ended
from tests.make import NOW, City, Person, make_account

DAY = date(2026, 10, 15)
CERTIFICATE = {"kind": "certificate", "title": "结业证书", "text": "第2026-17号"}


def new_claim(**more: Any) -> NewClaim:
    """Ten hours of outside training with a certificate, unless said otherwise."""
    return NewClaim.model_validate(
        {
            "kind": "earn",
            "title": "省级骨干教师培训",
            "organiser": "湖南师范大学",
            "earned_on": DAY,
            "hours": "10.00",
            "evidence": [CERTIFICATE],
        }
        | more
    )


async def make_claim(db: Connection, by: Person, *, now: datetime = NOW, **more: Any) -> Row:
    """A draft."""
    return await create_claim(db, by.actor, new=new_claim(**more), now=now)


async def make_submitted(db: Connection, by: Person, *, now: datetime = NOW, **more: Any) -> Row:
    """A claim that waits at the school."""
    claim = await make_claim(db, by, now=now, **more)
    return await submit_claim(db, by.actor, claim_id=claim["id"], now=now)


async def decide(
    db: Connection, by: Person, claim: Row, verdict: str = "approve", now: datetime = NOW
) -> Row:
    """A decision on a claim as it was read."""
    decision = ClaimDecision.model_validate(
        {"version": claim["version"], "verdict": verdict, "opinion": "情况属实"}
    )
    return await decide_claim(db, by.actor, claim_id=claim["id"], decision=decision, now=now)


def reviewers(city: City) -> list[Person]:
    """Who approve a claim of the school, in order."""
    return [city.school_admin, city.county_admin, city.city_admin]


async def approve_all(db: Connection, city: City, claim: Row, now: datetime = NOW) -> Row:
    """Every place of the chain approves a claim of the school."""
    for person in reviewers(city):
        claim = await decide(db, person, claim, now=now)
    return claim


def with_procedure(**procedure: Any) -> PackDocument:
    """The demonstration pack with a procedure; plain values are cited."""
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    return PackDocument.model_validate(content | {"procedure": procedure})


def stated(value: Any) -> dict[str, Any]:
    """A value with a source."""
    return {"value": value, "citation": {"document": "测试市学分管理办法", "article": "第九条"}}


PUBLISHING: dict[str, Any] = {
    "publication": [{"days": stated(5)}],
    "chains": [{"stages": stated(["school", "county"])}],
}
"""Claims are reviewed by the school and its bureau, and published for five days."""


async def make_published(db: Connection, city: City, **more: Any) -> tuple[Row, Row]:
    """A claim that is published by the county, under a pack with `PUBLISHING`; and the publication."""
    claim = await make_submitted(db, city.teacher_account, **more)
    for person in (city.school_admin, city.county_admin):
        claim = await decide(db, person, claim)
    new = NewClaimPublication(unit_id=city.county["id"], claim_ids=[claim["id"]])
    publication = await publish_claims(db, city.county_admin.actor, new=new, now=NOW)
    return claim, publication


async def make_objection(db: Connection, by: Person, claim: Row, publication: Row) -> Row:
    """An objection to a published claim."""
    new = NewClaimObjection(claim_id=claim["id"], reason="该培训本人未参加")
    return await object_to_claim(db, by.actor, publication_id=publication["id"], new=new, now=NOW)


async def make_closing(
    db: Connection, unit: Row, by: Person, school_year: int = 2025, **more: Any
) -> Row:
    """A school year that a bureau closed on the day before `NOW`."""
    row = {
        "id": new_id(),
        "city_id": unit["city_id"],
        "county_id": unit["id"],
        "school_year": school_year,
        "reason": "学年结束",
        "starts_on": date(school_year, 9, 1),
        "ends_on": date(school_year + 1, 8, 31),
        "claims_lapse_on": NOW.date() + timedelta(days=29),
        "closed_at": NOW - timedelta(days=1),
        "closed_by": by.actor.account_id,
    } | more
    await db.insert(SchoolYearClosing, row)
    return row


async def make_window(db: Connection, unit: Row, by: Person, school_year: int = 2025) -> Row:
    """A late window of some days around `NOW`."""
    row = {
        "id": new_id(),
        **{name: unit[name] for name in ("city_id", "county_id", "school_id")},
        "school_year": school_year,
        "opens_on": NOW.date() - timedelta(days=1),
        "closes_on": NOW.date() + timedelta(days=5),
        "reason": "系统故障，准予补录",
        "granted_at": NOW,
        "granted_by": by.actor.account_id,
    }
    await db.insert(LateWindow, row)
    return row


async def make_human_review(db: Connection, teacher: Row, activity: Row) -> Row:
    """A review of what an activity gave a teacher, asked for at `NOW`."""
    row = {
        "id": new_id(),
        "teacher_id": teacher["id"],
        **{name: teacher[name] for name in ("city_id", "county_id", "school_id")},
        "entry_id": None,
        "activity_id": activity["id"],
        "reason": "本人全程参加",
        "state": "asked",
        "asked_at": NOW,
        "due_on": NOW.date() + timedelta(days=15),
    }
    await db.insert(HumanReview, row)
    return row


async def account_of(db: Connection, teacher: Row) -> Person:
    """The account of a teacher."""
    return await make_account(db, "of.teacher", Role.TEACHER, teacher)


async def put_claim(db: Connection, teacher: Row) -> UUID:
    """A claim that waits at the teacher's school, without a pack; its key."""
    row = {
        "id": new_id(),
        "teacher_id": teacher["id"],
        **{name: teacher[name] for name in ("city_id", "county_id", "school_id")},
        "kind": "earn",
        "title": "校外培训",
        "organiser": "师范大学",
        "earned_on": DAY,
        "hours": Decimal("10.00"),
        "content": [],
        "source_kind": "claim",
        "title_key": "校外培训",
        "state": "submitted",
        "stage": "school",
        "version": 2,
        "round": 1,
        "drafted_at": NOW,
        "since": NOW,
        "due_on": NOW.date() + timedelta(days=15),
    }
    await db.insert(Claim, row)
    claim_id: UUID = row["id"]
    return claim_id


async def make_busy_claims(db: Connection, city: City) -> None:
    """Claims of two teachers, each with two steps."""
    for person in (city.teacher_account, city.colleague_account):
        await decide(db, city.school_admin, await make_submitted(db, person))


async def put_loan(db: Connection, teacher: Row, by: Person) -> UUID:
    """A loan of credit that is owed, without its entry; its key."""
    row = {
        "id": new_id(),
        "teacher_id": teacher["id"],
        **{name: teacher[name] for name in ("city_id", "county_id", "school_id")},
        "pack_id": "a-pack",
        "pack_version": 1,
        "hours": 1,
        "credits": 1,
        "lent_on": NOW.date(),
        "due_on": NOW.date() + timedelta(days=30),
        "reason": "因公派出",
        "lent_at": NOW,
        "lent_by": by.actor.account_id,
    }
    await db.insert(CreditLoan, row)
    loan_id: UUID = row["id"]
    return loan_id
