"""Founding (建市): the one act that nobody signed in can do, since before it there is nobody.

The operator does it once for each city, at the command line. Everything below the city is then set
up over the faces, by the city's administrator.
"""

from datetime import datetime

from pydantic import Field
from sqlalchemy import bindparam, exists, select
from sqlmodel import col

from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.organisation.names_and_codes import (
    CodeKind,
    UnitCalled,
    UnitCodeText,
    UnitName,
    name_units,
)
from app.domain.organisation.units import Level, Unit
from app.sql import Connection, Row, Statement, new_id


class NewCity(Command):
    """A city's bureau, the top of a hierarchy."""

    name: UnitName = Field(description="市教育局名称 / name of the city's bureau")
    code: UnitCodeText | None = Field(default=None, description="行政区划代码 / division code")


# What can be refused.


class CityExists(Conflict):
    """There is a city of this name already."""

    code = "city_exists"
    zh = "名为“{name}”的市已存在。"
    en = "There is a city named '{name}' already."


# What may be done.

_EXISTS = Statement(
    select(
        exists(
            select(col(Unit.id)).where(
                col(Unit.level) == Level.CITY, col(Unit.name) == bindparam("name")
            )
        )
    )
)


async def found_city(db: Connection, *, new: NewCity, now: datetime) -> Row:
    """Set up a city's bureau; its key and its place columns."""
    if await db.value(_EXISTS, name=new.name):
        raise CityExists(name=new.name)
    city_id = new_id()
    row = {
        "id": city_id,
        "level": Level.CITY,
        "name": new.name,
        "stages": [],
        "parent_id": None,
        "city_id": city_id,
        "county_id": city_id,
        "school_id": None,
    }
    await db.insert(Unit, row)
    called = UnitCalled(city_id, new.name, new.code, CodeKind.DIVISION)
    await name_units(db, called=[called], now=now)
    return row
