"""What the parts of the mapping share: references, constant words, and the fields that every thing has."""

from typing import Any

from sqlalchemy import ColumnElement, Text, case, literal_column

from app.domain.exchange.rostering.resource import Field, Reference

ORG = Reference("orgs", "org")
USER = Reference("users", "user")
CLASS = Reference("classes", "class")
COURSE = Reference("courses", "course")
SESSION = Reference("academicSessions", "academicSession")


def said(text: str) -> ColumnElement[str]:
    """A constant text, by which may be filtered and sorted as by any other."""
    return literal_column(f"'{text}'::text", Text)


def status(gone: ColumnElement[bool]) -> ColumnElement[str]:
    """What is no more is told as such, and not left out: consumers learn of it by asking for changes."""
    return case((gone, said("tobedeleted")), else_=said("active"))


ACTIVE = said("active")


def begin(key: Any, status: ColumnElement[str], changed: ColumnElement[Any]) -> tuple[Field, ...]:
    """The fields that every thing has."""
    return (Field("sourcedId", key), Field("status", status), Field("dateLastModified", changed))
