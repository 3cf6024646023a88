"""Issuing a form: the bureau's own workbook, filled for each school from the register as of that day."""

import asyncio
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Invalid
from app.domain.organisation.units import Level, Unit, hold_unit, place_of
from app.domain.people.teachers import place_column
from app.domain.quality.collection_forms.form import COLLECTION_FORMS
from app.domain.quality.collection_forms.mapping import (
    MOST_CELLS,
    NewFormCell,
    check_mapping,
    source_of,
)
from app.domain.quality.collection_forms.table import (
    CollectionForm,
    CollectionFormFields,
    FormReturn,
    FormReturnCell,
    FormReturnState,
)
from app.domain.quality.measures import IndicatorMeasure, measure_units
from app.domain.quality.measures.periods import is_countable
from app.domain.quality.stated_figures.registered import rows_counted
from app.domain.training.files import FILES, FileStore, stored_name
from app.sql import Connection, Row, Statement, new_id
from app.tabular import Layout, UnreadableFile, read_layout

LARGEST = 5_000_000
"""Bytes of a form as a file."""


class NewCollectionForm(CollectionFormFields, Command):
    """A form to be issued to all schools below a bureau."""

    unit_id: UUID = Field(description="发表教育局 / bureau that issues it")
    file_id: UUID = Field(description="报表原件（.xlsx） / the workbook, handed in before")
    cells: list[NewFormCell] = Field(
        min_length=1, max_length=MOST_CELLS, description="单元格对应关系 / which cell holds what"
    )


# What can be refused.


class FormUnreadable(Invalid):
    """The file is no workbook that can be read as a form; `reason` is the code of why."""

    code = "form_unreadable"
    zh = "报表无法读取：{zh}"
    en = "The form cannot be read: {en}"


class FormTooLarge(Invalid):
    """A form is a page or two."""

    code = "form_too_large"
    zh = "报表文件不能超过 {largest} 字节。"
    en = "A form has at most {largest} bytes."


class FormWithoutListNumber(Invalid):
    """Whoever checks goes by an approved list (教育部减负通知, November 2025)."""

    code = "form_without_list_number"
    zh = "用于督查检查考核的报表须注明清单编号。"
    en = "A form that is part of an inspection states its number on the approved list."


class FormPeriodUnfit(Invalid):
    """What is computed is over."""

    code = "form_period_unfit"
    zh = "统计期须先开始后结束，不超过五年，且不晚于今天。"
    en = "The period begins before it ends, lasts five years at most, and is over."


class FormDuePast(Invalid):
    """Whoever is asked has time to answer."""

    code = "form_due_past"
    zh = "确认期限不能早于今天。"
    en = "The last day for confirming has passed already."


class FormWithoutSchools(Invalid):
    """A bureau asks the open schools below it; a school asks none."""

    code = "form_without_schools"
    zh = "报表由教育局向其所属的在用学校下达。"
    en = "A bureau issues a form to the open schools below it."


def _check(new: NewCollectionForm, today: date) -> None:
    if new.is_check and new.list_number is None:
        raise FormWithoutListNumber
    if not is_countable(new.since, new.until, today):
        raise FormPeriodUnfit
    if new.due_on < today:
        raise FormDuePast


# What may be asked.


def _below(column: str) -> Statement:
    """The open schools of a bureau, held, so that none is closed or moved before its return is placed."""
    return Statement(
        select(col(Unit.id), col(Unit.city_id), col(Unit.county_id), col(Unit.school_id))
        .where(
            col(getattr(Unit, column)) == bindparam("bureau_id", type_=Uuid),
            col(Unit.school_id).is_not(None),
            col(Unit.closed_on).is_(None),
        )
        .order_by(col(Unit.id))
        .with_for_update(key_share=True, read=True)
    )


_BELOW = {column: _below(column) for column in ("city_id", "county_id")}


async def _read(store: FileStore, file: Row) -> Layout:
    """The layout of the file, read by a process that may take only so much."""
    if file["size"] > LARGEST:
        raise FormTooLarge(largest=LARGEST)
    with TemporaryFile() as there:
        async for piece in store.read(stored_name(file["sha256"]), 0, file["size"]):
            there.write(piece)
        there.flush()
        try:
            return await asyncio.to_thread(read_layout, there)
        except UnreadableFile as unreadable:
            said = {"zh": unreadable.zh, "en": unreadable.en}
            raise FormUnreadable(reason=unreadable.code, **said) from None


async def _computed(
    db: Connection,
    codes: set[str],
    bureau: Row,
    schools: list[Row],
    new: NewCollectionForm,
    today: date,
) -> dict[tuple[UUID, str], Row]:
    """What the register says of each school for each code: a statement of each, however many schools."""
    keys = [school["id"] for school in schools]
    found: dict[tuple[UUID, str], Row] = {}
    for code in sorted(codes):
        source = source_of(code)
        if isinstance(source, IndicatorMeasure):
            rows = await measure_units(
                db, measures=(source,), unit_ids=keys, place="school_id",
                period=(new.since, new.until), as_of=today,
            )  # fmt: skip
            found |= {(row["unit_id"], code): row for row in rows}
        elif source is not None:
            counted = await rows_counted(
                db, count=source, unit_id=bureau["id"], place=place_column(bureau),
                period=(new.since, new.until), as_of=new.until, level=None,
            )  # fmt: skip
            by_school = {row["unit_id"]: row["counted"] for row in counted}
            for school_id in keys:
                number = by_school.get(school_id, 0)
                value = {"numerator": number, "denominator": None, "value": number}
                found[school_id, code] = value
    return found


# What may be done.


async def issue_collection_form(
    db: Connection, actor: Actor, *, new: NewCollectionForm, store: FileStore, now: datetime
) -> Row:
    """Issue a form to all schools below a bureau, each with what the register says of it as of today."""
    right, today = Permission.GUIDANCE_EVALUATE, civil_date(now)
    bureau = await hold_unit(db, actor, unit_id=new.unit_id, permission=right)
    _check(new, today)
    if bureau["level"] == Level.SCHOOL:
        raise FormWithoutSchools
    file = await FILES.get(db, actor, new.file_id, lock=True)
    layout = await _read(store, file)
    check_mapping(layout, new.cells)
    schools = await db.all(_BELOW[place_column(bureau)], bureau_id=bureau["id"])
    if not schools:
        raise FormWithoutSchools
    form_id = new_id()
    form = {
        "id": form_id,
        **new.model_dump(include=set(CollectionFormFields.model_fields)),
        **place_of(bureau),
        "file_id": new.file_id,
        "layout": layout.as_data(),
        "cells": [each.model_dump() for each in new.cells],
        "as_of": today,
        "issued_at": now,
        "issued_by": actor.account_id,
    }
    await db.insert(CollectionForm, form)
    await _fill(db, form_id, bureau, schools, new, today)
    return await COLLECTION_FORMS.get(db, actor, form_id)


async def _fill(
    db: Connection,
    form_id: UUID,
    bureau: Row,
    schools: list[Row],
    new: NewCollectionForm,
    today: date,
) -> None:
    """A return of each school, with its cells as the register has them."""
    codes = {each.measure for each in new.cells}
    computed = await _computed(db, codes, bureau, schools, new, today)
    returns = [
        {
            "id": new_id(), "form_id": form_id, "by_unit_id": bureau["id"],
            "city_id": school["city_id"], "county_id": school["county_id"],
            "school_id": school["school_id"], "state": FormReturnState.OPEN,
        }
        for school in schools
    ]  # fmt: skip
    await db.insert_all(FormReturn, returns)
    nothing: dict[str, Any] = {"numerator": None, "denominator": None, "value": None}
    cells = []
    for each in returns:
        for cell in new.cells:
            counted = computed.get((each["school_id"], cell.measure), nothing)
            cells.append(
                {
                    "return_id": each["id"], "cell": cell.cell,
                    "numerator": counted["numerator"], "denominator": counted["denominator"],
                    "computed": counted["value"],
                }
            )  # fmt: skip
    await db.insert_all(FormReturnCell, cells)
