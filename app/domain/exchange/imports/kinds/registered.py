"""What is registered of the people of a file, and whether anything of it has changed since."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Text, cast, func, select

from app.domain.people.facts.fact import FactName
from app.domain.people.facts.kinds import KINDS
from app.domain.people.teachers import Teacher

_teacher: Any = Teacher.__table__  # type: ignore[attr-defined]


def stamp_of_person(thing_id: Any) -> Any:
    """Whatever is compared of people is a change of theirs, and so is a merger or a transfer."""
    version = (_teacher.c.change_transaction, _teacher.c.change_sequence)
    found = select(func.concat_ws(".", *version)).where(_teacher.c.id == thing_id)
    return found.scalar_subquery()


def stamp_of_fact(names: Iterable[FactName]) -> Callable[[Any], Any]:
    """A fact that is believed is what it was; where its teacher is, whoever imports it must reach."""
    kinds = [KINDS[name].columns for name in names]

    def stamp(thing_id: Any) -> Any:
        found = (
            select(cast(_teacher.c.school_id, Text))
            .join_from(facts.id.table, _teacher, _teacher.c.id == facts.teacher_id)
            .where(facts.id == thing_id, facts.superseded_at.is_(None))
            .scalar_subquery()
            for facts in kinds
        )
        return func.coalesce(*found)

    return stamp
