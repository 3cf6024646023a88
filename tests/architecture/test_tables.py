"""What every table keeps to, read from the tables themselves."""

import pkgutil
import re
from collections.abc import Callable
from importlib import import_module
from itertools import chain

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    Constraint,
    DateTime,
    Enum,
    Float,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import SQLModel

import app.domain
from app.domain.base import place_constraints
from app.domain.people.teachers import follows_teacher

SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 63  # PostgreSQL cuts longer names, silently.
PLACE = {"city_id", "county_id", "school_id"}
PREFIXES: dict[type[Constraint], tuple[str, ...]] = {
    CheckConstraint: ("ck",),
    ExcludeConstraint: ("ex",),
    ForeignKeyConstraint: ("fk",),
    PrimaryKeyConstraint: ("pk",),
    UniqueConstraint: ("uq",),
}

PLACED_OTHERWISE = {
    "unit": "It is the place.",
    "audit_act": "It stays where it was done, whatever moves later.",
    "audit_change": "It stays where it was done, whatever moves later.",
}

Rule = Callable[[Table], list[str]]


def naive_moments(table: Table) -> list[str]:
    return [
        f"{table.name}.{column.name}"
        for column in table.columns
        if isinstance(column.type, DateTime) and not column.type.timezone
    ]


def native_enums(table: Table) -> list[str]:
    """Enums that would become a PostgreSQL type, or would be kept by name rather than by value."""
    return [
        f"{table.name}.{column.name}"
        for column in table.columns
        if isinstance(column.type, Enum)
        and (
            column.type.native_enum
            or column.type.enum_class is None
            or column.type.enums != [member.value for member in column.type.enum_class]
        )
    ]


def binary_fractions(table: Table) -> list[str]:
    return [f"{table.name}.{c.name}" for c in table.columns if isinstance(c.type, Float)]


def wrong_names(table: Table) -> list[str]:
    """Names outside the convention: snake case, prefix by kind, no longer than PostgreSQL keeps."""
    names: list[tuple[str, tuple[str, ...]]] = [(table.name, ("",))]
    names += [(column.name, ("",)) for column in table.columns]
    names += [(str(part.name), PREFIXES[type(part)]) for part in table.constraints]
    names += [
        (str(index.name), ("uq", "ix") if index.unique else ("ix",)) for index in table.indexes
    ]
    return [
        f"{table.name}: {name}"
        for name, prefixes in names
        if not (
            SNAKE.fullmatch(name)
            and name.startswith(tuple(prefix and f"{prefix}_{table.name}" for prefix in prefixes))
            and len(name) <= LONGEST_NAME
        )
    ]


def unkept_places(table: Table) -> list[str]:
    """Constraints of place that a placed table lacks.

    The unit itself keeps them by checks; what is about a teacher has the teacher's place.
    """
    if not set(table.columns.keys()) >= PLACE or table.name in PLACED_OTHERWISE:
        return []
    held = {
        (tuple(c.column_keys), tuple(element.target_fullname for element in c.elements), c.onupdate)
        for c in table.constraints
        if isinstance(c, ForeignKeyConstraint)
    }
    follows = follows_teacher()
    teacher = tuple(element.target_fullname for element in follows.elements)
    if (tuple(follows.column_keys), teacher, follows.onupdate) in held:
        return []
    checks = {str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)}
    missing = []
    for wanted in place_constraints():
        if isinstance(wanted, CheckConstraint):
            if str(wanted.sqltext) not in checks:
                missing.append(f"{table.name}: {wanted.sqltext}")
            continue
        targets = tuple(element.target_fullname for element in wanted.elements)
        if (tuple(wanted.column_keys), targets, wanted.onupdate) not in held:
            missing.append(f"{table.name}: {wanted.column_keys} -> {targets}")
    return missing


RULES: list[Rule] = [naive_moments, native_enums, binary_fractions, wrong_names, unkept_places]


@pytest.fixture(scope="module")
def tables() -> list[Table]:
    for module in pkgutil.walk_packages(app.domain.__path__, "app.domain."):
        import_module(module.name)
    return list(SQLModel.metadata.tables.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_table_keeps_to_the_rule(rule: Rule, tables: list[Table]) -> None:
    assert list(chain.from_iterable(rule(table) for table in tables)) == []


def test_each_rule_finds_its_offence() -> None:
    table = Table(
        "Wrong",
        MetaData(),
        Column("at", DateTime),
        Column("kind", Enum("a", "b")),
        Column("amount", Float),
        *(Column(name, Uuid) for name in PLACE),
    )
    assert naive_moments(table) == ["Wrong.at"]
    assert native_enums(table) == ["Wrong.kind"]
    assert binary_fractions(table) == ["Wrong.amount"]
    assert "Wrong: Wrong" in wrong_names(table)
    assert len(unkept_places(table)) == len(place_constraints())


def test_a_placed_table_with_its_constraints_passes() -> None:
    table = Table(
        "right",
        MetaData(naming_convention=SQLModel.metadata.naming_convention),
        *(Column(name, Uuid) for name in PLACE),
        *place_constraints(),
    )
    assert unkept_places(table) == []
    assert wrong_names(table) == []


def test_a_table_about_a_teacher_follows_the_teacher() -> None:
    columns = [Column(name, Uuid) for name in sorted(PLACE)]
    loose = Table("loose", MetaData(), Column("teacher_id", Uuid), *columns)
    assert len(unkept_places(loose)) == len(place_constraints())
    columns = [Column(name, Uuid) for name in sorted(PLACE)]
    bound = Table("bound", MetaData(), Column("teacher_id", Uuid), *columns, follows_teacher())
    assert unkept_places(bound) == []
