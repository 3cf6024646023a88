"""Duplicates (疑似重复): other outputs of the city with the same title, DOI, ISBN or file."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Text, Uuid, bindparam, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.learning.outputs.output import (
    OUTPUTS,
    OutputState,
    ResearchOutput,
)
from app.domain.organisation.units import Unit
from app.domain.people.teachers.strata import is_among
from app.domain.training.files import File
from app.sql import Connection, Row, Statement

MOST_FOUND = 50


class DuplicateGround(StrEnum):
    """By what an output is taken for another (依据)."""

    TITLE = "title"
    """名称相同"""
    DOI = "doi"
    """DOI 相同"""
    ISBN = "isbn"
    """ISBN 相同"""
    FILE = "file"
    """文件相同"""


class OutputDuplicate(BaseModel):
    """An output that may be the same as another."""

    output_id: UUID = Field(description="另一成果 / the other output")
    unit: str = Field(description="填报单位 / name of the unit where it was stated")
    title: str = Field(description="成果名称 / its title")
    state: OutputState = Field(description="状态 / its state")
    grounds: list[DuplicateGround] = Field(description="依据 / by what it is taken for the same")


# What may be asked.

_one: Any = aliased(ResearchOutput)
_other: Any = aliased(ResearchOutput)
_file: Any = aliased(File)
_other_file: Any = aliased(File)
_STANDING = (OutputState.STATED, OutputState.CONFIRMED)


def _ground(ground: DuplicateGround, holds: ColumnElement[bool]) -> ColumnElement[Any]:
    return case((holds, literal(ground.value, Text)))


_same_title = _other.plain_title == _one.plain_title
_same_doi = _other.doi == _one.doi
_same_isbn = _other.isbn == _one.isbn
_same_file = _other.file_id.in_(
    select(_other_file.id)
    .join(_file, _file.sha256 == _other_file.sha256)
    .where(_file.id == _one.file_id)
)
_GROUNDS = func.array_remove(
    array([
        _ground(DuplicateGround.TITLE, _same_title),
        _ground(DuplicateGround.DOI, _same_doi),
        _ground(DuplicateGround.ISBN, _same_isbn),
        _ground(DuplicateGround.FILE, _same_file),
    ]),
    None,
)  # fmt: skip
_found = (
    select(_other.id.label("output_id"), _other.title, _other.state, _GROUNDS.label("grounds"))
    .add_columns(col(Unit.name).label("unit"))
    .join_from(_one, _other, (_other.city_id == _one.city_id) & (_other.id != _one.id))
    .join(Unit, col(Unit.id) == _other.unit_id)
    .where(
        _one.id == bindparam("output_id", type_=Uuid),
        is_among(_other.state, _STANDING),
        or_(_same_title, _same_doi, _same_isbn, _same_file),
    )
    .order_by(_other.id)
    .limit(MOST_FOUND)
)
_DUPLICATES = Statement(_found)


async def list_output_duplicates(db: Connection, actor: Actor, *, output_id: UUID) -> list[Row]:
    """What in the whole city may be the same as an output that the actor is to confirm; at most fifty.

    Of another school's output one learns its title and where it was stated: whom to ask.
    """
    await OUTPUTS.get(db, actor, output_id, permission=Permission.TOPIC_REVIEW)
    return await db.all(_DUPLICATES, output_id=output_id)
