"""What may be asked of statements: one person's account in one cycle, as data, as a sheet or as a document."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.credits.certificates.documents import Typesetter
from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.reading import choose_pack
from app.domain.credits.standings.views import as_row
from app.domain.credits.statements.account import account_of
from app.domain.credits.statements.printed import contents_of
from app.domain.credits.statements.sheet import file_name, statement_sheet
from app.domain.organisation.units import Unit
from app.domain.people.teachers import TEACHERS
from app.sql import Connection, Row, Statement

_city: Any = aliased(Unit)
_NAMES = Statement(
    select(col(Unit.name).label("school"), _city.name.label("city"))
    .join(_city, _city.id == col(Unit.city_id))
    .where(col(Unit.id) == bindparam("school_id", type_=Uuid))
)


async def get_statement(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    now: datetime,
    as_of: date | None = None,
    known_on: date | None = None,
    pack_key: UUID | None = None,
) -> Row:
    """A teacher's account in the cycle of `as_of` (today by default), by five statements.

    The arguments mean what they mean for `get_standing`, and the sums are the same.
    """
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=Permission.CREDIT_READ)
    day = as_of or civil_date(now)
    place = {name: teacher[name] for name in ("city_id", "county_id")}
    pack = await choose_pack(db, actor, **place, day=day, counted_on=day, pack_key=pack_key)
    people = await read_people(db, teacher_ids=[teacher_id], known_on=known_on)
    ledgers = await read_ledgers(db, teacher_ids=[teacher_id])
    names = await db.one(_NAMES, school_id=teacher["school_id"]) or {}
    facts, entries = people[teacher_id].facts, ledgers[teacher_id]
    account, standing = account_of(facts, entries, pack, day, known_on)
    row = as_row(msgspec.structs.replace(standing, entries=()))
    for name in ("entries", "verdict_until"):
        del row[name]
    title = pack.document.title
    titles = {"pack_title_zh": title.zh, "pack_title_en": title.en}
    whose = {"teacher_id": teacher_id, "name": teacher["name"]} | names
    totals: Row = row.pop("totals")
    return whose | titles | account | totals | row


async def get_statement_sheet(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    now: datetime,
    as_of: date | None = None,
    known_on: date | None = None,
    pack_key: UUID | None = None,
) -> tuple[str, bytes]:
    """The same as an XLSX workbook: its file name and its content."""
    statement = await get_statement(
        db,
        actor,
        teacher_id=teacher_id,
        now=now,
        as_of=as_of,
        known_on=known_on,
        pack_key=pack_key,
    )
    return file_name(statement, "xlsx"), statement_sheet(statement, made_at=now)


async def get_statement_document(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    typesetter: Typesetter,
    now: datetime,
    as_of: date | None = None,
    known_on: date | None = None,
    pack_key: UUID | None = None,
) -> tuple[str, bytes]:
    """The same in PDF/A, to be printed: its file name and its content."""
    statement = await get_statement(
        db,
        actor,
        teacher_id=teacher_id,
        now=now,
        as_of=as_of,
        known_on=known_on,
        pack_key=pack_key,
    )
    contents = contents_of(statement, made_at=now)
    return file_name(statement, "pdf"), await typesetter.typeset("statement", contents, at=now)
