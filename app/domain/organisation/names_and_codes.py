"""Names and codes of units (名称与代码): dated facts, since both change while the unit stays itself.

A code that was ever used is never given to another unit; renaming keeps it, closing makes it void.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import Index, UniqueConstraint, Uuid, text
from sqlmodel import Field

from app.domain.base import Dated, Table, dated_constraints, key, text_enum
from app.domain.errors import Conflict
from app.sql import Connection, UniqueViolationError, new_id


class CodeKind(StrEnum):
    """Which code set a unit's code belongs to."""

    DIVISION = "division"
    """Administrative division, GB/T 2260: six digits."""
    SCHOOL = "school"
    """School (institution) identification code (学校标识码): ten digits, no check digit."""


UnitName = Annotated[str, Field(min_length=2, max_length=100, description="名称 / name")]


UnitCodeText = Annotated[str, StringConstraints(pattern=r"^([0-9]{6}|[0-9]{10})$")]


class UnitCode(Dated, Table, table=True):
    """A dated code of a unit. A code that was ever used is never given to another unit."""

    __table_args__ = (
        *dated_constraints(),
        UniqueConstraint("kind", "code", "unit_id", "valid_from", "recorded_at"),
        Index(
            "uq_unit_code_live", "kind", "code", unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(None, "unit_id"),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    kind: CodeKind = Field(sa_type=text_enum(CodeKind))
    code: str = Field(max_length=10)


class UnitNamed(Dated, Table, table=True):
    """A dated name of a unit; the unit's own `name` is the one in force."""

    __table_args__ = (*dated_constraints(), Index(None, "unit_id"))

    id: UUID = key()
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    name: UnitName


# What can be refused.


class UnitCodeTaken(Conflict):
    """The code belongs, or once belonged, to a unit."""

    code = "unit_code_taken"
    zh = "该代码已被使用，作废的代码也不再分配。"
    en = "This code is taken; a void code is not given again either."


# What may be done.


async def name_unit(
    db: Connection, *, unit_id: UUID, name: str, code: str | None, kind: CodeKind, since: date
) -> None:
    """Record the name of a unit from a day on, and its code where it has one."""
    named = {"id": new_id(), "unit_id": unit_id, "name": name, "valid_from": since}
    await db.insert(UnitNamed, named)
    if code is not None:
        coded = {
            "id": new_id(),
            "unit_id": unit_id,
            "kind": kind,
            "code": code,
            "valid_from": since,
        }
        try:
            await db.insert(UnitCode, coded)
        except UniqueViolationError:
            raise UnitCodeTaken from None
