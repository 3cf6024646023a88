"""The second wall (第二道墙): which tables stand behind it, where their rows lie, and who sees how far.

The domain says which of the people of a place somebody sees, and what of them; the database knows the place
alone, and shows nothing that lies outside of where the one who asks has a role, but for their own records. It
stands in reads (`app.wall`); what writes, what a job does by itself and the command line know the domain alone.

A policy reads each bound once for a statement (`= (SELECT …)`). Most have a role over one unit, which is
compared by itself; the others of those who have several are an array. A bound that was never told, or was
emptied with the transaction in which it was, is nobody's. `tests/database/test_wall.py` compares this file with
the policies that there are, and with every table that names a person.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.roles import SubjectKind
from app.domain.access.walled.tables import SEALED, WALLED
from app.wall import Wall

__all__ = ["Beyond", "names_what_is_walled", "wall_of"]


class Beyond(StrEnum):
    """Why a statement looks beyond the wall; each that does names one of these."""

    COUNTED = "counted for whoever sees what it is of"
    """How many took part in something, or have a place in it, are people of every school; nobody is named."""
    MOVED = "what it is about has moved"
    """What was raised in a place is decided there, wherever the one whom it is about has gone since."""
    PUBLISHED = "published to whoever asks"
    """What is published to somebody is of people of other schools too; it is masked as the domain says."""
    WRITTEN = "written by a read"
    """A document is made when it is first asked for, and its digest is kept: a reader writes nothing."""
    SAME_PERSON = "one and the same person"
    """Whether two records are of one person is seen by what both hold, sealed or not; it is never shown."""


_UNITS = ("city_id", "county_id", "school_id")
_NAMED: Final = re.compile(
    rf"(?<![.\w])(?:{'|'.join(sorted(WALLED))})\b|\b(?:{'|'.join(sorted(SEALED))})\b"
)


@lru_cache(maxsize=8192)
def names_what_is_walled(text: str) -> bool:
    """Whether the text of a statement names a table behind the wall, or a column that no reader sees.

    A word too many costs a message; so every word counts that could be a table's name.
    """
    return _NAMED.search(text) is not None


def wall_of(actor: Actor) -> Wall:
    """The wall before this actor; made once for as long as the token that the actor is read from."""
    kept = vars(actor)
    wall: Wall | None = kept.get(_KEPT)
    if wall is None:
        wall = kept[_KEPT] = Wall(_bounds_of(actor), names_what_is_walled)
    return wall


_KEPT = "the wall"  # what an actor has been worked out to be bound by; no field is called that


def _bounds_of(actor: Actor) -> dict[str, UUID | list[UUID]]:
    bounds: dict[str, UUID | list[UUID]] = {}
    for name in _UNITS:
        values = actor.reach.values.get(name, [])
        if values:
            bounds[name] = values[0]
        if values[1:]:
            bounds[f"{name}s"] = values[1:]
    units = {
        grant.school_id or grant.county_id or grant.city_id
        for grant in actor.grants
        if grant.subject is not SubjectKind.SELF
    }
    units.update(unit for name in _UNITS for unit in actor.reach.values.get(name, []))
    if units:
        bounds["unit_ids"] = sorted(units)
    if actor.teacher_id is not None:
        bounds["teacher_id"] = actor.teacher_id
    return bounds
