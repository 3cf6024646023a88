"""Issuing a document, and repealing it.

draft ──issue──▶ issued; whether what was issued is in force, expired or repealed its days say.
"""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.access.subjects import schools_of_subject
from app.domain.base import Command, civil_date, in_force
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import UNITS, Level, Unit, UnitClosed, lock_city
from app.domain.quality.official_documents.bases import check_bases
from app.domain.quality.official_documents.days import check_years
from app.domain.quality.official_documents.document import DOCUMENTS, status_on
from app.domain.quality.official_documents.drafting import check_issuer, open_document
from app.domain.quality.official_documents.table import DocumentAddressee, OfficialDocument
from app.domain.quality.official_documents.vocabulary import (
    AddresseeSet,
    DocumentState,
    DocumentStatus,
)
from app.sql import Connection, Row, Statement, UniqueViolationError

_ISSUE = Permission.DOCUMENT_ISSUE


class DocumentRepeal(Command):
    """From when a document no longer holds, why, and what takes its place."""

    on: date | None = Field(
        default=None, description="废止日期，默认今天 / first day without it; today by default"
    )
    reason: str = Field(min_length=2, max_length=500, description="废止说明 / why")
    successor_id: UUID | None = Field(
        default=None, description="代替它的文件 / document that takes its place"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_years(self.on)
        return self


# What can be refused.


class DocumentNumberTaken(Conflict):
    """The unit has issued or registered a document of this number, however it is printed."""

    code = "document_number_taken"
    zh = "本单位已有文号为“{number}”的文件（不计括号等印刷差异）。"
    en = "The unit has a document numbered '{number}', however its brackets are printed."


class DocumentWithoutDate(Invalid):
    """Of a document that others issued it is said when."""

    code = "document_without_date"
    zh = "登记外单位文件须填写成文日期。"
    en = "Of a document that others issued the date is needed."


class DocumentIssuedAhead(Invalid):
    """A document bears no date that is yet to come."""

    code = "document_issued_ahead"
    zh = "成文日期不能晚于今天（{today}）。"
    en = "The date of issue is not later than today ({today})."


class DocumentDaysDisagree(Invalid):
    """The days of the document cannot all hold."""

    code = "document_days_disagree"
    zh = "成文、公布、施行与届满日期先后不符。"
    en = "The days of issue, publication, coming into force and expiry are not in that order."


class DocumentReceiptUnfit(Invalid):
    """Receipt is confirmed by addressees, and not before today."""

    code = "document_receipt_unfit"
    zh = "签收期限须有主送单位，且不早于今天（{today}）。"
    en = "Receipt is asked of addressees, and not before today ({today})."


class DocumentNotInForce(Conflict):
    """It is not in force on that day, so it cannot be repealed from then on."""

    code = "document_not_in_force"
    zh = "该文件在 {day} 的效力为“{status}”，不能自该日废止。"
    en = "The document is '{status}' on {day}, so it is not repealed from that day."


class DocumentSupersedesItself(Invalid):
    """A document does not take its own place."""

    code = "document_supersedes_itself"
    zh = "文件不能代替自身。"
    en = "A document does not supersede itself."


class DocumentSuccessorUnfit(Conflict):
    """What takes its place is in force on that day."""

    code = "document_successor_unfit"
    zh = "代替文件在 {day} 的效力为“{status}”，须为现行有效。"
    en = "What takes its place is '{status}' on {day}; it must be in force."


class DocumentSupersessionCircle(Conflict):
    """What would take its place is itself superseded by it in the end."""

    code = "document_supersession_circle"
    zh = "代替文件最终又由该文件代替，形成循环。"
    en = "What would take its place is in the end superseded by this very document."


# What may be done.

_U = Unit.__table__  # type: ignore[attr-defined]
_UNIT_ID, _DAY = bindparam("unit_id", type_=Uuid), bindparam("day", type_=Date)
_NAMED = bindparam("named", type_=ARRAY(Uuid))


def _asked(name: AddresseeSet) -> ColumnElement[bool]:
    return bindparam(name.value, type_=Boolean)


def _address() -> Statement:
    """A row for each unit to which a document goes, as units and networks are today."""
    given = func.unnest(_NAMED).table_valued("id", name="given").render_derived()
    meant = schools_of_subject(given.c.id, lambda each: in_force(each, _DAY)).lateral("meant")
    in_networks = select(meant.c.school_id).select_from(given.join(meant, true()))
    is_school = _U.c.level == Level.SCHOOL
    under = _U.c.county_id == _UNIT_ID
    chosen = or_(
        # One that has moved elsewhere since it was named is not below the issuer any more.
        and_(_U.c.id == any_(_NAMED), or_(under, _U.c.city_id == _UNIT_ID)),
        _U.c.id.in_(in_networks),
        and_(_asked(AddresseeSet.COUNTIES), _U.c.level == Level.COUNTY, _U.c.parent_id == _UNIT_ID),
        and_(_asked(AddresseeSet.DIRECT_SCHOOLS), is_school, under),
        and_(_asked(AddresseeSet.SCHOOLS), is_school, or_(under, _U.c.city_id == _UNIT_ID)),
    )
    rows = select(bindparam("document_id", type_=Uuid), _U.c.id).where(
        chosen, _U.c.id != _UNIT_ID, _U.c.closed_on.is_(None)
    )
    return Statement(
        insert(DocumentAddressee).from_select(
            ["document_id", "unit_id"], rows, include_defaults=False
        )
    )


_ADDRESS = _address()


def _days_of(document: Row, today: date) -> dict[str, date]:
    """The day of issue and the first day in force; refused where the days cannot all hold."""
    if document["issuer"] is not None and document["issued_on"] is None:
        raise DocumentWithoutDate
    issued_on = document["issued_on"] or today
    if issued_on > today:
        raise DocumentIssuedAhead(today=today.isoformat())
    valid_from = document["valid_from"] or issued_on
    published = document["published_on"] or issued_on
    ends = document["valid_to"]
    if published < issued_on or (ends is not None and ends <= valid_from):
        raise DocumentDaysDisagree
    return {"issued_on": issued_on, "valid_from": valid_from}


async def issue_official_document(
    db: Connection, actor: Actor, *, document_id: UUID, now: datetime
) -> Row:
    """Issue a document to its addressees, or enter one that others issued; from then on it stands.

    Sets and networks are taken as they are today. Each of its bases holds on its day of issue.
    """
    today = civil_date(now)
    document = await open_document(db, actor, document_id=document_id, permission=_ISSUE)
    unit = await UNITS.get(db, actor, document["unit_id"])
    if unit["closed_on"] is not None:
        raise UnitClosed(day=unit["closed_on"].isoformat())
    check_issuer(unit["level"], document["kind"], document["issuer"])
    days = _days_of(document, today)
    await check_bases(
        db, actor, document_id=document_id, basis_ids=document["basis_ids"], day=days["issued_on"]
    )
    entered = {
        "state": DocumentState.ISSUED, **days, "issued_at": now, "issued_by": actor.account_id,
    }  # fmt: skip
    try:
        await db.change(OfficialDocument, document_id, entered)
    except UniqueViolationError:
        raise DocumentNumberTaken(number=document["number"]) from None
    addressed = await db.run(
        _ADDRESS, document_id=document_id, unit_id=document["unit_id"], day=today,
        named=document["addressee_ids"],
        **{each.value: each in document["addressee_sets"] for each in AddresseeSet},
    )  # fmt: skip
    receive_by = document["receive_by"]
    if receive_by is not None and (receive_by < today or not addressed):
        raise DocumentReceiptUnfit(today=today.isoformat())
    return await DOCUMENTS.get(db, actor, document_id)


_D = OfficialDocument.__table__  # type: ignore[attr-defined]
_STATUS = Statement(select(status_on(_DAY)).where(_D.c.id == bindparam("document_id", type_=Uuid)))


def _reached() -> Statement:
    """Whether a document is among those that take the place of another, one after the other."""
    first = select(_D.c.id, _D.c.successor_id).where(_D.c.id == bindparam("start", type_=Uuid))
    chain = first.cte("chain", recursive=True)
    chain = chain.union(
        select(_D.c.id, _D.c.successor_id).join(chain, _D.c.id == chain.c.successor_id)
    )
    return Statement(
        select(func.count())
        .select_from(chain)
        .where(chain.c.successor_id == bindparam("document_id", type_=Uuid))
    )


_REACHED = _reached()


async def _check_successor(
    db: Connection, actor: Actor, document_id: UUID, successor_id: UUID, day: date
) -> None:
    if successor_id == document_id:
        raise DocumentSupersedesItself
    await DOCUMENTS.get(db, actor, successor_id)
    if await db.value(_REACHED, start=successor_id, document_id=document_id):
        raise DocumentSupersessionCircle
    status = await db.value(_STATUS, document_id=successor_id, day=day)
    if status != DocumentStatus.IN_FORCE:
        raise DocumentSuccessorUnfit(day=day.isoformat(), status=status)


_CITY = Statement(select(_D.c.city_id).where(_D.c.id == bindparam("document_id", type_=Uuid)))


async def repeal_official_document(
    db: Connection, actor: Actor, *, document_id: UUID, repeal: DocumentRepeal, now: datetime
) -> Row:
    """Let a document end before its time, or take its place by another; it is done once.

    Repeals of a city happen one after the other, so that no two of them close a circle.
    """
    await DOCUMENTS.get(db, actor, document_id, permission=_ISSUE)
    await lock_city(db, city_id=await db.value(_CITY, document_id=document_id))
    document = await open_document(
        db, actor, document_id=document_id, state=DocumentState.ISSUED, permission=_ISSUE
    )
    day = repeal.on or civil_date(now)
    status = await db.value(_STATUS, document_id=document_id, day=day)
    if document["repealed_on"] is not None or status != DocumentStatus.IN_FORCE:
        known = DocumentStatus.REPEALED if document["repealed_on"] is not None else status
        raise DocumentNotInForce(day=day.isoformat(), status=known)
    if repeal.successor_id is not None:
        await _check_successor(db, actor, document_id, repeal.successor_id, day)
    ended = {
        "repealed_on": day, "repeal_reason": repeal.reason, "repealed_by": actor.account_id,
        "successor_id": repeal.successor_id,
    }  # fmt: skip
    await db.change(OfficialDocument, document_id, ended)
    return await DOCUMENTS.get(db, actor, document_id)
