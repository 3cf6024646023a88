"""What happens to people between schools and units, for tests, made with as little as it needs."""

from datetime import date
from typing import Any

from app.domain.people.goals import Goal
from app.domain.people.pairs import PeerPair
from app.domain.people.teachers import NewTeacher, create_teacher
from app.domain.people.transfers import (
    NewTransfer,
    Transfer,
    TransferAnswer,
    TransferCompletion,
    accept_transfer,
    complete_transfer,
    propose_transfer,
)
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person

YES = TransferAnswer(opinion="同意调动")


async def enter_person(
    db: Connection, city: City, held: Resources, school: str = "school", **more: Any
) -> Row:
    """A teacher who is entered with a passport, and can be found by its number."""
    given: dict[str, Any] = {
        "name": "单晓红", "subject": "chinese", "stage": "primary",
        "school_id": getattr(city, school)["id"], "id_kind": "passport",
        "id_number": "E12345678", "birth_date": "1990-01-01", "since": date(2020, 9, 1),
    }  # fmt: skip
    return await create_teacher(
        db, city.city_admin.actor, new=NewTeacher.model_validate(given | more),
        cipher=held.cipher, now=NOW,
    )  # fmt: skip


def by_key(teacher: Row, to: Row | str, reason: str = "家庭住址变动") -> NewTransfer:
    """The transfer of a teacher to a school, or to a place outside the city."""
    where = {"destination": to} if isinstance(to, str) else {"to_school_id": to["id"]}
    return NewTransfer.model_validate({"teacher_id": teacher["id"], "reason": reason, **where})


def by_number(to: Row, number: str = "E12345678") -> NewTransfer:
    """The transfer of whoever has this number to a school."""
    given = {"id_kind": "passport", "id_number": number, "reason": "调入我校任教"}
    return NewTransfer.model_validate({**given, "to_school_id": to["id"]})


async def make_transfer(db: Connection, teacher: Row, by: Person) -> Row:
    """That a teacher is to leave the city, proposed and not answered."""
    row = {
        "id": new_id(),
        "teacher_id": teacher["id"],
        "kind": "out",
        "city_id": teacher["city_id"],
        "from_unit_id": teacher["school_id"],
        "from_county_id": teacher["county_id"],
        "to_unit_id": teacher["county_id"],
        "to_county_id": teacher["county_id"],
        "reason": "调往外市",
        "destination": "外市学校",
        "proposer": "leaving",
        "state": "proposed",
        "proposed_at": NOW,
        "proposed_by": by.actor.account_id,
    }
    await db.insert(Transfer, row)
    return row


async def make_goal(
    db: Connection, teacher: Row, title: str = "上好一节展示课", due_on: date = date(2027, 6, 30)
) -> Row:
    """A goal that a teacher has set."""
    place = {name: teacher[name] for name in ("city_id", "county_id", "school_id")}
    row = {"id": new_id(), "teacher_id": teacher["id"], **place, "title": title, "set_at": NOW}
    await db.insert(Goal, row | {"measure": "全校听评", "due_on": due_on})
    return row


async def make_pair(db: Connection, unit: Row, *teachers: Row, **more: Any) -> Row:
    """A pair of two teachers that a school or a bureau has arranged."""
    one_id, other_id = sorted(teacher["id"] for teacher in teachers)
    row = {
        "id": new_id(),
        **{name: unit[name] for name in ("city_id", "county_id", "school_id")},
        "one_id": one_id,
        "other_id": other_id,
        "kind": "friends",
        "purpose": "互听互评",
        "valid_from": date(2026, 9, 1),
        "valid_to": date(2027, 9, 1),
    } | more
    await db.insert(PeerPair, row)
    return row


async def propose(db: Connection, held: Resources, who: Person, new: NewTransfer) -> Row:
    """Propose it now."""
    return await propose_transfer(db, who.actor, new=new, cipher=held.cipher, now=NOW)


async def accept(db: Connection, who: Person, transfer: Row) -> Row:
    """Accept it now."""
    return await accept_transfer(db, who.actor, transfer_id=transfer["id"], answer=YES, now=NOW)


async def complete(
    db: Connection, who: Person, transfer: Row, on: date | None = None, **more: Any
) -> Row:
    """Complete it now, from a day on."""
    return await complete_transfer(
        db, who.actor, transfer_id=transfer["id"],
        completion=TransferCompletion(effective_on=on, **more), now=NOW,
    )  # fmt: skip
