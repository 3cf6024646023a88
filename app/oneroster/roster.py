"""A roster, whichever way it came: organisations, people, classes and enrolments, by their `sourcedId`."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

GONE = "tobedeleted"


class Unreadable(Exception):
    """What another system sent is no roster: why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


class Org(msgspec.Struct, frozen=True):
    """An organisation; `parent` is another one's key."""

    key: str
    name: str
    type: str
    identifier: str | None = None
    parent: str | None = None


class Person(msgspec.Struct, frozen=True):
    """A user. What is said of their identity documents is used at once and not kept."""

    key: str
    name: str
    org: str | None
    documents: dict[str, str] = {}
    """Numbers by the type that the provider gives them (`userIds`)."""


class Class(msgspec.Struct, frozen=True):
    """A class: with us a group."""

    key: str
    title: str
    org: str | None
    subject: str | None = None


class Enrolment(msgspec.Struct, frozen=True):
    """That somebody belongs to a class, from a day and until the day before another."""

    key: str
    person: str
    of: str
    role: str
    primary: bool = False
    begins: str | None = None
    ends: str | None = None


@dataclass
class Roster:
    """All of it; `left` counts what was told as deleted, which no import takes for a deletion."""

    orgs: dict[str, Org] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)
    enrolments: dict[str, Enrolment] = field(default_factory=dict)
    left: int = 0

    def part(self, name: str) -> dict[str, Any]:
        """One of the four."""
        found: dict[str, Any] = getattr(self, name)
        return found

    def take(self, name: str, read: Iterable[tuple[Any, bool]], *, whole: bool) -> None:
        """Things of one part, each with whether it is gone; of a whole part what is not named goes."""
        kept = self.part(name)
        if whole:
            kept.clear()
        for thing, is_gone in read:
            if is_gone:
                self.left += 1
                kept.pop(thing.key, None)
            else:
                kept[thing.key] = thing


class _Kept(msgspec.Struct):
    orgs: list[Org] = []
    people: list[Person] = []
    classes: list[Class] = []
    enrolments: list[Enrolment] = []


_PARTS = ("orgs", "people", "classes", "enrolments")


def kept_roster(file: Path) -> Roster:
    """What an earlier reading left, for a delta to change; empty where there was none."""
    roster = Roster()
    if not file.exists():
        return roster
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Kept)
    except msgspec.MsgspecError:
        raise Unreadable(
            f"{file} 不是此前保存的名册。", f"{file} is no roster kept before."
        ) from None
    for name in _PARTS:
        roster.take(name, ((each, False) for each in getattr(kept, name)), whole=True)
    return roster


def keep_roster(roster: Roster, file: Path) -> None:
    """Leave it for the next delta, without the numbers of documents."""
    people = [Person(each.key, each.name, each.org) for each in roster.people.values()]
    others = {name: list(roster.part(name).values()) for name in _PARTS if name != "people"}
    beside = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        written.write(msgspec.json.encode(_Kept(people=people, **others)))
    beside.replace(file)


def full_name(family: str, given: str) -> str:
    """A name in one piece: as Chinese writes it, or with a blank where it is in Latin letters."""
    family, given = family.strip(), given.strip()
    if family.isascii() and given.isascii():
        return f"{given} {family}".strip()
    return family + given
