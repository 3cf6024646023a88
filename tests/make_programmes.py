"""Programmes with their cohorts, trainees, and records of one person, for tests."""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.credits.person_mergers import (
    MergerConsent,
    NewPersonMerger,
    PersonMerger,
    accept_person_merger,
    propose_person_merger,
)
from app.domain.people.cohort_members import (
    CohortMember,
    NewNomination,
    NominationDecision,
    decide_nomination,
    nominate_teacher,
)
from app.domain.people.cohort_trainees import CohortTrainee
from app.domain.people.cohorts import Cohort
from app.domain.people.programmes import Programme
from app.domain.people.trainees import Trainee
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person
from tests.make_people import enter_person

PLACE = ("city_id", "county_id", "school_id")
GOALS = ["上好一节公开课", "完成一项课题"]


async def make_programme(db: Connection, unit: Row, name: str = "青蓝工程", **more: Any) -> Row:
    """A programme that a unit runs since September."""
    row = {
        "id": new_id(), **{each: unit[each] for each in PLACE}, "name": name,
        "kind": "old_and_young", "level": "county", "purpose": "以老带新",
        "valid_from": date(2026, 9, 1),
    } | more  # fmt: skip
    await db.insert(Programme, row)
    return row | {"unit_id": unit["school_id"] or unit["county_id"]}


async def make_cohort(db: Connection, programme: Row, places: int = 2, **more: Any) -> Row:
    """A cohort of a programme, in the present school year."""
    row = {
        "id": new_id(), "programme_id": programme["id"], "name": "第一期", "year": 2026,
        "places": places, "goals": GOALS, "starts_on": date(2026, 9, 1),
        "ends_on": date(2027, 6, 30),
    } | more  # fmt: skip
    await db.insert(Cohort, row)
    return row


async def make_member(db: Connection, cohort: Row, teacher: Row, by: Person, **more: Any) -> Row:
    """A teacher who is nominated for a cohort, and not decided about."""
    row = {
        "id": new_id(), "cohort_id": cohort["id"], "teacher_id": teacher["id"],
        **{each: teacher[each] for each in PLACE}, "reason": "教学能力突出", "state": "nominated",
        "nominated_by": by.actor.account_id, "nominated_at": NOW,
    } | more  # fmt: skip
    await db.insert(CohortMember, row)
    return row


async def nominate(db: Connection, who: Person, cohort: Row, teacher: Row) -> Row:
    """Nominate a teacher now."""
    new = NewNomination(cohort_id=cohort["id"], reason="教学能力突出")
    return await nominate_teacher(db, who.actor, teacher_id=teacher["id"], new=new, now=NOW)


async def decide(db: Connection, who: Person, member: Row, *, admitted: bool = True) -> Row:
    """Decide about a nomination now."""
    decision = NominationDecision(admitted=admitted, opinion="经评审")
    return await decide_nomination(
        db, who.actor, member_id=member["id"], decision=decision, now=NOW
    )


async def make_trainee(
    db: Connection, unit: Row, name: str = "学员甲", category: str = "technical", **more: Any
) -> Row:
    """A trainee whom a unit keeps, without a number."""
    row = {
        "id": new_id(), **{each: unit[each] for each in PLACE}, "name": name,
        "category": category, "employer": "县职业中专", "registered_at": NOW,
    } | more  # fmt: skip
    await db.insert(Trainee, row)
    return row


async def make_part(db: Connection, cohort: Row, trainee: Row, **more: Any) -> Row:
    """That a trainee takes part in a cohort."""
    row = {"id": new_id(), "cohort_id": cohort["id"], "trainee_id": trainee["id"]}
    row |= {"entered_at": NOW} | more
    await db.insert(CohortTrainee, row)
    return row


async def make_twins(
    db: Connection, city: City, held: Resources, other_school: str = "far_school"
) -> tuple[Row, Row]:
    """One person under two records, each with a passport of its own: of a school and of another."""
    one = await enter_person(db, city, held)
    other = await enter_person(db, city, held, other_school, id_number="E87654321")
    return one, other


async def make_merger(db: Connection, survivor: Row, merged: Row, by: Person) -> Row:
    """That two records are to become one, proposed and not answered."""
    row = {
        "id": new_id(), "survivor_id": survivor["id"], "merged_id": merged["id"],
        "reason": "两条记录系同一人", "proposed_for": "both", "state": "proposed",
        "proposed_at": NOW, "proposed_by": by.actor.account_id,
    }  # fmt: skip
    await db.insert(PersonMerger, row)
    return row


def twins(survivor_id: UUID, merged_id: UUID) -> NewPersonMerger:
    """The proposal that both become the first."""
    return NewPersonMerger(
        survivor_id=survivor_id, merged_id=merged_id, reason="经核对证件系同一人", confirmed=True
    )


async def propose_twins(
    db: Connection, held: Resources, who: Person, survivor: Row, merged: Row
) -> Row:
    """Propose now that two records become the first of them."""
    new = twins(survivor["id"], merged["id"])
    return await propose_person_merger(db, who.actor, new=new, cipher=held.cipher, now=NOW)


async def agree(db: Connection, who: Person, merger: Row) -> Row:
    """Agree to a merger now."""
    consent = MergerConsent(opinion="情况属实", confirmed=True)
    return await accept_person_merger(
        db, who.actor, merger_id=merger["id"], consent=consent, now=NOW
    )


async def merge_twins(
    db: Connection, held: Resources, who: Person, survivor: Row, merged: Row
) -> Row:
    """Propose and agree, for the bureau over both."""
    return await agree(db, who, await propose_twins(db, held, who, survivor, merged))
