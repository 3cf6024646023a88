"""What every table shares: its base, its key, text enums, and the columns of place, time and change.

Table classes describe; they do not validate (SQLModel's `table=True` skips it). Outside data is
validated by the command classes, and the database's constraints hold what must always be true.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from re import sub
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    Numeric,
    Text,
    cast,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import Uuid
from sqlmodel import Field, SQLModel, col

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

MOMENT = DateTime(timezone=True)
"""A moment in time, kept as UTC."""

AMOUNT = Numeric(8, 2)
"""Hours or credits: two decimal places, never a binary fraction."""


def as_shown(column: Any) -> Any:
    """A column of a row that is only shown: an amount as its text, which is how it is written anyway.

    To make a `Decimal` of each and a text of that again takes ten times as long as the text alone.
    """
    if not isinstance(column.type, Numeric) or not column.type.asdecimal:
        return column
    return cast(column, Text).label(column.key)


SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The civil time of the whole country; it has known no summer time since 1991."""


def civil_date(moment: datetime) -> date:
    """The civil date on which a moment falls (Asia/Shanghai)."""
    return moment.astimezone(SHANGHAI).date()


def utc_text(moment: datetime) -> str:
    """A moment as signed documents state it: in UTC, to the second (RFC 3339)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Table(SQLModel):
    """Base of every table; its name is the class's in snake case."""

    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:
        return sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Command(BaseModel):
    """Base of what both faces accept: an unknown field is refused, text is trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def text_enum(kind: type[StrEnum], *, suffix: str = "") -> Enum:
    """A column type that keeps an enum by its value, as text with a CHECK rather than a native type.

    The CHECK is called after the enum; where a table has two columns of one, `suffix` tells them apart.
    """
    return Enum(
        kind,
        native_enum=False,
        values_callable=lambda members: [member.value for member in members],
        length=32,
        create_constraint=True,
        name=sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower() + suffix,
    )


def key() -> Any:
    """The primary key of a noun: a UUID version 7 made by the application (`sql.new_id`)."""
    return Field(primary_key=True, sa_type=Uuid)


class Placed(SQLModel):
    """The place of a row in the hierarchy, filled from its owner and kept by the database.

    `county_id` is the bureau in charge: the county's, or the city's own for what belongs to the city
    itself or to a school directly under it (市直). It is therefore never null, and every scope is one
    equality. `school_id` is null above the school. The constraints are `place_constraints()`.
    """

    city_id: UUID = Field(sa_type=Uuid)
    county_id: UUID = Field(sa_type=Uuid)
    school_id: UUID | None = Field(default=None, sa_type=Uuid)


def place_constraints() -> tuple[ForeignKeyConstraint | CheckConstraint, ...]:
    """The constraints by which a placed row follows its school when that moves between counties."""
    return (
        ForeignKeyConstraint(["county_id", "city_id"], ["unit.bureau_id", "unit.city_id"]),
        ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            onupdate="CASCADE",
        ),
        CheckConstraint("school_id <> county_id", name="school_is_no_bureau"),
    )


class Dated(SQLModel):
    """A fact with its two times: when it held (valid) and when the system knew it (recorded).

    `valid_to` is the first day on which it no longer held; null means it still does. A correction
    sets `superseded_at` and adds a row, so that `known_on` can answer what was believed on a day.
    """

    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": func.now()})
    superseded_at: datetime | None = Field(default=None, sa_type=MOMENT)


def dated_constraints() -> tuple[CheckConstraint, ...]:
    """A fact ends after it begins."""
    return (CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),)


def holds_once(table: str, *slot: str) -> ExcludeConstraint:
    """Of what is believed, no two facts of one slot hold on one day.

    The slot are the columns that say what may hold once at a time; they are never null.
    """
    return ExcludeConstraint(
        *((name, "=") for name in slot), (text("daterange(valid_from, valid_to)"), "&&"),
        name=f"ex_{table}_holds_once", where=text("superseded_at IS NULL"),
    )  # fmt: skip


def civil_day(moment: Any) -> ColumnElement[date]:
    """The civil date on which a moment falls (Asia/Shanghai), as the database reckons `civil_date`."""
    return cast(func.timezone(str(SHANGHAI), moment), Date)


TODAY: ColumnElement[date] = literal_column("(SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date)")
"""Today's civil date, as the database reads its clock."""


def in_force(fact: Any, day: Any) -> ColumnElement[bool]:
    """The predicate 'this was so on that day', of whatever has a first day and an end."""
    ends = col(fact.valid_to)
    holds: ColumnElement[bool] = (col(fact.valid_from) <= day) & (ends.is_(None) | (ends > day))
    return holds


def known_on(fact: type[Dated], moment: Any) -> ColumnElement[bool]:
    """The predicate 'this is what the system believed at that moment'."""
    superseded = col(fact.superseded_at)
    known: ColumnElement[bool] = (col(fact.recorded_at) <= moment) & (
        superseded.is_(None) | (superseded > moment)
    )
    return known


def holds_on(fact: type[Dated], day: Any) -> ColumnElement[bool]:
    """The predicate 'this dated fact holds on that day, as now known'."""
    holds: ColumnElement[bool] = col(fact.superseded_at).is_(None) & in_force(fact, day)
    return holds


class Versioned(SQLModel):
    """The version at which a row last changed; the change feed reads rows in this order.

    Both numbers are set by the database: the writing transaction's id, and a sequence within it. A
    trigger raises them on every update (`versioned_tables()` lists which tables need it).
    """

    change_transaction: int = Field(
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": text("(pg_current_xact_id()::text::bigint)")},
    )
    change_sequence: int = Field(
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": text("nextval('change_sequence')")},
    )


class SecretCipher(Protocol):
    """What the domain needs in order to keep a secret that must be read again; it knows no key."""

    def seal(self, plain: str, *, context: str) -> bytes:
        """Return `plain` encrypted; `context` is the place it is kept in: table|column|row id."""

    def open(self, sealed: bytes, *, context: str) -> str:
        """Return what was sealed for this `context`; raise for anything else."""


class Finding(NamedTuple):
    """A row that a verification found not to be as it was written: its table, its key, what is wrong."""

    table: str
    key: dict[str, str]
    zh: str
    en: str


def columns_of(table: type[Table], view: type[BaseModel], **others: Any) -> list[Column[Any]]:
    """The columns that a view shows, in its order; `others` names those that are computed.

    A row selected this way needs no second validation on its way out.
    """
    description = table.__table__  # type: ignore[attr-defined]
    return [
        others[name].label(name) if name in others else description.c[name]
        for name in view.model_fields
    ]
