"""The record of oneself (本人档案): everything that is kept about a person, as one JSON object.

「个人有权向个人信息处理者查阅、复制其个人信息」 (PIPL, article 45). What belongs to it is read from the
tables: each that refers to the teacher, and each that names the teacher's account, by whatever column,
but for what is listed with a reason. A row is not about who merely did something to it (`recorded_by`).
So nothing that is added later is forgotten. What is sealed stays masked here; the numbers themselves
are shown by revealing one's own, for a reason and recorded like any other look.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ARRAY, Column, LargeBinary, Table, Uuid, any_, bindparam, or_, select
from sqlmodel import SQLModel, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.people.optional_data import require_oneself
from app.domain.people.teachers import Teacher
from app.sql import Connection, Statement

LEFT_OUT: dict[str, str] = {
    "audit_act": "What one did, not what one is: the trail keeps it, and it grows without end.",
    "authorisation_code": "Good for a minute; nothing of the person.",
    "client": "The account of an application, which is nobody's.",
    "credit_chain": "The head of the chain of one's own entries, which are all there.",
    "device_code": "Good for minutes; nothing of the person.",
    "idempotent_answer": "Answers to one's own requests, kept for their repetition.",
    "look.account_id": "At whom one looked: they have it in their own record.",
    "provision": "Names the application to which it went; whom it concerns is listed beside the record.",
    "what_if_person": "What a draft would mean, on which nobody has decided; forgotten after days.",
}
"""Tables, or single columns, that name the teacher or the account and are no part of the record, and why."""

_TECHNICAL = frozenset(
    {"change_transaction", "change_sequence", "facts_version", "name_terms", "security_version"}
)
_encode = msgspec.json.Encoder().encode
_AT_ONCE = 200


class Section(NamedTuple):
    """One part of the record: its name, which is the table's, by which columns it names one, its rows."""

    name: str
    owners: tuple[str, ...]
    rows: Statement


@lru_cache(maxsize=1)
def sections() -> tuple[Section, ...]:
    """Every part of the record, the person first, the others in the order of their names."""
    oneself = any_(bindparam("teacher_ids", type_=ARRAY(Uuid)))
    accounts = select(col(Account.id)).where(col(Account.teacher_id) == oneself).scalar_subquery()
    found: list[Section] = []
    for table in sorted(SQLModel.metadata.tables.values(), key=_place_of):
        owners = [column for column in table.c if _names_one(column) and not _is_left_out(column)]
        if not owners:
            continue
        is_own = (
            column == oneself if _is_of_teacher(column) else column.in_(accounts)
            for column in owners
        )
        query = select(*filter(_is_shown, table.c)).where(or_(*is_own))
        names = tuple(column.name for column in owners)
        found.append(Section(str(table.name), names, Statement(query.order_by(*table.primary_key))))
    return tuple(found)


def _place_of(table: Table) -> tuple[bool, str]:
    return table.name != "teacher", table.name


def _is_of_teacher(column: Column[Any]) -> bool:
    """Whether a column is the key of a teacher, or refers to one."""
    if column.table.name == "teacher" and column.primary_key:
        return True
    return any(each.target_fullname == "teacher.id" for each in column.foreign_keys)


def _names_one(column: Column[Any]) -> bool:
    return _is_of_teacher(column) or _is_of_account(column)


def _is_of_account(column: Column[Any]) -> bool:
    """Whether a column names an account that a row is about, not one that did something to it.

    For whom a delegate did it is not whom the row is about either: it is often another's own.
    """
    refers = any(each.target_fullname == "account.id" for each in column.foreign_keys)
    return column.name == "account_id" or (refers and not column.name.endswith(("_by", "_for")))


def _is_left_out(column: Column[Any]) -> bool:
    return not LEFT_OUT.keys().isdisjoint({column.table.name, f"{column.table.name}.{column.name}"})


def _is_shown(column: Column[object]) -> bool:
    return not isinstance(column.type, LargeBinary) and column.name not in _TECHNICAL


# What may be asked.

_oneself = bindparam("teacher_id", type_=Uuid)
_RECORDS = Statement(
    # What stayed with a record of the same person that was merged into this one is one's own too.
    select(col(Teacher.id)).where(
        or_(col(Teacher.id) == _oneself, col(Teacher.merged_into_id) == _oneself)
    )
)


async def stream_record(db: Connection, actor: Actor, *, now: datetime) -> AsyncIterator[bytes]:
    """Everything that is kept about the one who asks, in pieces; within a transaction."""
    records = await db.all(_RECORDS, teacher_id=require_oneself(actor))
    teacher_ids = [row["id"] for row in records]
    yield b'{"made_at":' + _encode(now)
    for section in sections():
        pending = [b"," + _encode(section.name) + b":["]
        between = b""
        async for row in db.stream(section.rows, teacher_ids=teacher_ids):
            pending += (between, _encode(row))
            between = b","
            if len(pending) > _AT_ONCE:
                yield b"".join(pending)
                pending.clear()
        yield b"".join([*pending, b"]"])
    yield b"}"
