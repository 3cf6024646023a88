"""Lending credit, repaying it, and taking back what falls due."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, any_, bindparam, func, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.aside import SetAside, not_among
from app.domain.base import MOMENT, civil_date
from app.domain.credits.certificates import Struck, doubt_certificates
from app.domain.credits.credit_loans.loan import CREDIT_LOANS, CreditLoan, NewCreditLoan
from app.domain.credits.entries.chain import Head
from app.domain.credits.entries.ledger import lock_heads
from app.domain.credits.packs.parts import EntryKind, Lending
from app.domain.credits.reversals import CreditOfOneself
from app.domain.credits.rules import Pack
from app.domain.credits.rules.award import both_units
from app.domain.credits.rules.calendar import months_after
from app.domain.credits.standings.facts import Person, read_people
from app.domain.credits.standings.governing import CityPacks, read_packs
from app.domain.credits.standings.writing import enter_entries
from app.domain.errors import Conflict, Invalid
from app.domain.people.teachers import TEACHERS
from app.sql import Connection, Row, Statement, new_id

LENT, REPAID = "loan", "loan_repaid"
"""The source kinds of the two entries of a loan; its key is the source of both."""
_AT_ONCE = 100

# What can be refused.


class NothingLent(Conflict):
    """The pack in force lends nothing."""

    code = "credit_not_lent"
    zh = "现行规则包“{pack}”不允许预借学分。"
    en = "The rules in force, {pack}, lend no credit."


class LendingTooMuch(Conflict):
    """More would be owed than the pack lends to one person at a time."""

    code = "credit_loan_too_much"
    zh = "至多可预借{most}，尚未归还{owed}。"
    en = "At most {most} is lent, and {owed} is owed already."


class LendingTooShort(Invalid):
    """A loan is due after today, and by the end of the months that the pack gives."""

    code = "credit_loan_due_outside"
    zh = "到期日须晚于今天，且不晚于{last}。"
    en = "It is due after today and by {last}."


class LoanRepaid(Conflict):
    """A loan is repaid once."""

    code = "credit_loan_repaid"
    zh = "该预借已归还。"
    en = "This loan is repaid already."


# What may be done.

_OWED = Statement(
    select(
        func.coalesce(func.sum(col(CreditLoan.hours)), 0).label("hours"),
        func.coalesce(func.sum(col(CreditLoan.credits)), 0).label("credits"),
    ).where(
        col(CreditLoan.teacher_id) == bindparam("teacher_id", type_=Uuid),
        col(CreditLoan.repaid_on).is_(None),
    )
)


async def lend_credit(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewCreditLoan, now: datetime
) -> Row:
    """Lend credit to a teacher from today on, as far as the pack in force today lends any."""
    permission = Permission.CREDIT_RECOGNISE
    await TEACHERS.get(db, actor, teacher_id, permission=permission)
    if await is_oneself(db, actor, teacher_ids=[teacher_id]):
        raise CreditOfOneself
    heads = await lock_heads(db, teacher_ids=[teacher_id])
    # Again, now that the head is held: meanwhile the record may have become another's.
    await TEACHERS.get(db, actor, teacher_id, permission=permission)
    person = (await read_people(db, teacher_ids=[teacher_id]))[teacher_id]
    packs, today = await read_packs(db, city_id=person.city_id), civil_date(now)
    pack = packs.governing(today, person.county_id)
    lending = pack.document.lending
    if lending is None:
        raise NothingLent(pack=pack.document.title.zh)
    hours, credited = both_units(new.amount, pack)
    owed = await db.one(_OWED, teacher_id=teacher_id) or {}
    _check_amount(new.amount, owed["credits" if pack.in_credits else "hours"], lending)
    loan: Row = {
        "id": new_id(),
        "teacher_id": teacher_id,
        "city_id": person.city_id,
        "county_id": person.county_id,
        "school_id": person.school_id,
        "pack_id": pack.document.id,
        "pack_version": pack.document.version,
        "hours": hours,
        "credits": credited,
        "lent_on": today,
        "due_on": _due(new.due_on, today, lending),
        "reason": new.reason,
        "lent_at": now,
        "lent_by": actor.account_id,
    }
    await db.insert(CreditLoan, loan)
    said = f"预借，{loan['due_on']} 到期 / lent, due on {loan['due_on']}"
    entry = _entry(loan, person, EntryKind.LEND, today, pack) | {"reason": said}
    await _enter(db, [entry], {teacher_id: person}, packs, heads, actor.account_id, now)
    return await CREDIT_LOANS.get(db, actor, loan["id"])


def _check_amount(amount: Decimal, owed: Decimal, lending: Lending) -> None:
    if owed + amount > lending.most.value:
        raise LendingTooMuch(most=f"{lending.most.value:f}", owed=f"{owed:f}")


def _due(asked: date | None, today: date, lending: Lending) -> date:
    last = months_after(today, lending.months.value)
    if asked is not None and not today < asked <= last:
        raise LendingTooShort(last=last.isoformat())
    return asked or last


_REPAY = Statement(
    update(CreditLoan)
    .where(
        col(CreditLoan.id) == any_(bindparam("loan_ids", type_=ARRAY(Uuid))),
        # A loan goes along with a record that is merged: only of whose chains the heads are held.
        col(CreditLoan.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        col(CreditLoan.repaid_on).is_(None),
    )
    .values(
        repaid_on=func.coalesce(bindparam("day", type_=Date), col(CreditLoan.due_on)),
        repaid_at=bindparam("now", type_=MOMENT),
        repaid_by=bindparam("by", type_=Uuid),
    )
    .returning(
        *(
            col(getattr(CreditLoan, name))
            for name in ("id", "teacher_id", "hours", "credits", "repaid_on", "lent_at")
        )
    )
)


async def repay_credit_loan(
    db: Connection, actor: Actor, *, credit_loan_id: UUID, now: datetime
) -> Row:
    """Take a loan back from today on, before it falls due; of two the second is told."""
    permission = Permission.CREDIT_RECOGNISE
    loan = await CREDIT_LOANS.get(db, actor, credit_loan_id, permission=permission)
    while loan["repaid_on"] is None:
        if await is_oneself(db, actor, teacher_ids=[loan["teacher_id"]]):
            raise CreditOfOneself
        with suppress(_NothingOwed):
            # What goes along with a merged record is owed by another, whose head may come first in the
            # order of the keys: the one that is held in vain is let go before, with the savepoint.
            async with db.transaction():
                if not await _repay(db, [loan], actor.account_id, now, day=civil_date(now)):
                    raise _NothingOwed
            return await CREDIT_LOANS.get(db, actor, credit_loan_id, permission=permission)
        loan = await CREDIT_LOANS.get(db, actor, credit_loan_id, permission=permission)
    raise LoanRepaid


class _NothingOwed(Exception):
    """That record owes nothing any more: the loan is repaid, or went along with the record."""


_DUE = Statement(
    select(col(CreditLoan.id), col(CreditLoan.teacher_id))
    .where(
        col(CreditLoan.repaid_on).is_(None),
        col(CreditLoan.due_on) <= bindparam("today", type_=Date),
        not_among(col(CreditLoan.id)),
    )
    .order_by(col(CreditLoan.due_on), col(CreditLoan.id))
    .limit(bindparam("at_most"))
)


async def collect_due_loans(db: Connection, *, now: datetime, aside: SetAside | None = None) -> int:
    """Take back what has fallen due, each on its own day; so many at a time, and how many it were."""
    aside = aside or SetAside("loan")
    due = await db.all(_DUE, today=civil_date(now), at_most=_AT_ONCE, aside=aside.keys(now))

    async def repay(some: Sequence[Row]) -> int:
        return await _repay(db, some, None, now)

    return await aside.work(db, due, repay, now=now) if due else 0


async def _repay(
    db: Connection, loans: Sequence[Row], by: UUID | None, now: datetime, day: date | None = None
) -> int:
    """Enter that these loans were repaid, on `day` or when each is due; how many were still owed."""
    teacher_ids = list({loan["teacher_id"] for loan in loans})
    heads = await lock_heads(db, teacher_ids=teacher_ids)
    loan_ids = [loan["id"] for loan in loans]
    repaid = await db.all(
        _REPAY, loan_ids=loan_ids, teacher_ids=teacher_ids, day=day, now=now, by=by
    )
    people = await read_people(db, teacher_ids=teacher_ids)
    entries: dict[UUID, list[Row]] = {}
    for loan in repaid:
        entries.setdefault(people[loan["teacher_id"]].city_id, []).append(loan)
    for city_id, owed in entries.items():
        packs = await read_packs(db, city_id=city_id)
        made = []
        for loan in owed:
            person, on = people[loan["teacher_id"]], loan["repaid_on"]
            pack = packs.on(on, person.county_id)
            entry = _entry(loan, person, EntryKind.REPAY, on, pack)
            made.append(entry | {"reason": "归还预借 / a loan repaid"})
        await _enter(db, made, people, packs, heads, by, now)
        owed_for = zip(made, owed, strict=True)
        await doubt_certificates(db, struck=[_taken_back(*each) for each in owed_for], now=now)
    return len(repaid)


def _taken_back(entry: Row, loan: Row) -> Struck:
    """What was issued while credit was lent, in the cycle in which it is taken back, may rest on it."""
    return Struck(
        entry["teacher_id"], entry["earned_on"], entry["source_id"], entry["id"], loan["lent_at"]
    )


async def _enter(
    db: Connection,
    entries: list[Row],
    people: dict[UUID, Person],
    packs: CityPacks,
    heads: dict[UUID, Head],
    by: UUID | None,
    now: datetime,
) -> None:
    stamped = [entry | {"recorded_at": now, "recorded_by": by} for entry in entries]
    stamped.sort(key=itemgetter("teacher_id"))
    day = civil_date(now)
    await enter_entries(db, entries=stamped, heads=heads, people=people, packs=packs, day=day)


def _entry(loan: Row, person: Person, kind: EntryKind, day: date, pack: Pack | None) -> Row:
    """One of a loan's two entries: it is of no level, kind of activity or content."""
    nothing: Row = dict.fromkeys(
        ("reverses_id", "level", "activity_kind", "mode", "role", "channel", "rule_id")
    )
    return nothing | {
        "id": new_id(),
        "city_id": person.city_id,
        "teacher_id": person.teacher_id,
        "kind": kind,
        "source_kind": LENT if kind is EntryKind.LEND else REPAID,
        "source_id": loan["id"],
        "attempt": 1,
        "earned_on": day,
        "hours": loan["hours"],
        "credits": loan["credits"],
        "content": [],
        "awarded_rank": person.rank_on(day),
        "awarded_posts": list(person.posts_on(day)),
        "awarded_school_id": person.school_id,
        "awarded_county_id": person.county_id,
        "pack_id": pack.document.id if pack else None,
        "pack_version": pack.document.version if pack else None,
    }
