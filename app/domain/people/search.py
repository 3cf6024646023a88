"""Searching teachers (教师检索) by name: in characters, in pinyin or by initials, from any character on.

The terms of every name are kept with the teacher (`name_terms`) as lexemes in one index, in which a
beginning is found; so one or two characters are found as fast as more, in every collation, and no
character of what is typed means anything but itself.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Text, bindparam, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import col

from app.domain.access.actors import Actor, Shape, within
from app.domain.errors import Invalid
from app.domain.people.pinyin import plain
from app.domain.people.teachers import TEACHERS, Teacher
from app.sql import Connection, Row, Statement

MOST_FOUND = 50
"""How many teachers a search answers with at most: whoever is not among them is typed further."""


# What can be refused.


class SearchTooShort(Invalid):
    """One character of a name, or two letters of its pinyin, are the least that is searched for."""

    code = "search_too_short"
    zh = "请输入至少一个汉字，或两个拼音字母。"
    en = "Type at least one character, or two letters of pinyin."


# What may be asked.

_TERMS = col(Teacher.name_terms)
_TYPED = bindparam("typed", type_=Text)
_HEADS: Any = [_TERMS[n] for n in (1, 2, 3)]
"""The name itself, its pinyin and its initials: the first three terms."""
_NEARNESS = case(
    # Most names that are found have it further on: they are asked for their heads once.
    (
        or_(*(func.starts_with(head, _TYPED) for head in _HEADS)),
        case((or_(*(head == _TYPED for head in _HEADS)), 0), else_=1),
    ),
    else_=2,
)


@lru_cache(maxsize=64)
def _search(shape: Shape) -> Statement:
    found = func.array_to_tsvector(_TERMS).bool_op("@@")(
        cast(bindparam("beginning", type_=Text), TSQUERY)
    )
    # No more than the order needs is carried through the sort of all that are found.
    nearest = (
        select(col(Teacher.id).label("id"), _NEARNESS.label("nearness"))
        .where(found, within(shape, TEACHERS.placed()), *TEACHERS.present)
        .order_by(_NEARNESS, col(Teacher.name), col(Teacher.id))
        .limit(bindparam("limit", type_=Integer))
        .subquery("nearest")
    )
    return Statement(
        TEACHERS.select()
        .join(nearest, nearest.c.id == col(Teacher.id))
        .order_by(nearest.c.nearness, col(Teacher.name), col(Teacher.id))
    )


async def search_teachers(
    db: Connection, actor: Actor, *, q: str, limit: int = 20
) -> Sequence[Row]:
    """The teachers whom the actor may see and whose names have this in them, the nearest first.

    Whole names before beginnings, beginnings before what stands further on.
    """
    typed = plain(q)
    if not typed or (typed.isascii() and len(typed) < 2):
        raise SearchTooShort
    scope = actor.require(TEACHERS.read)
    return await db.all(
        _search(scope.shape),
        typed=typed,
        beginning=f"'{typed}':*",
        limit=min(max(limit, 1), MOST_FOUND),
        **scope.parameters(TEACHERS.placed()),
    )
