"""Searching resources (资源检索): by any part of a title, among what one keeps and what is shared with one."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Integer, Text, Uuid, bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.roles import Permission
from app.domain.learning.resources.grams import grams_typed
from app.domain.learning.resources.resource import RESOURCES, is_offered
from app.domain.learning.resources.table import Resource
from app.domain.learning.resources.vocabulary import ResourceKind
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.domain.plain_text import plain_text
from app.sql import Connection, Row, Statement

MOST_FOUND = 50
"""How many resources a search answers with at most: for more, more is typed."""
MOST_COMPARED = 5000
"""Of what a single character finds, so many are put in order: nobody reads on."""

_TYPED = bindparam("typed", type_=Text)
_plain = col(Resource.plain_title)


@lru_cache(maxsize=256)
def _search(shape: Shape, filters: tuple[str, ...]) -> Statement:
    has_all = col(Resource.grams).bool_op("@>")(bindparam("pairs", type_=ARRAY(Text)))
    audience = bindparam("audience", type_=ARRAY(Uuid))
    seen = or_(within(shape, RESOURCES.placed()), is_offered(audience))
    found = (
        select(col(Resource.id).label("id"), _plain.label("plain"))
        .where(
            has_all,
            func.strpos(_plain, _TYPED) > 0,
            col(Resource.retired_on).is_(None),
            seen,
            *(RESOURCES.condition(name) for name in filters),
        )
        .limit(MOST_COMPARED)
        .subquery("found")
    )
    nearness = case(
        (found.c.plain == _TYPED, 0), (func.starts_with(found.c.plain, _TYPED), 1), else_=2
    )
    nearest = (
        select(found.c.id, nearness.label("nearness"), found.c.plain)
        .order_by(nearness, found.c.plain, found.c.id)
        .limit(bindparam("limit", type_=Integer))
        .subquery("nearest")
    )
    return Statement(
        RESOURCES.select(within=within(shape, RESOURCES.placed()))
        .join(nearest, nearest.c.id == col(Resource.id))
        .order_by(nearest.c.nearness, nearest.c.plain, nearest.c.id)
    )


async def search_resources(
    db: Connection,
    actor: Actor,
    *,
    q: str,
    kind: ResourceKind | None = None,
    subject: Subject | None = None,
    stage: Stage | None = None,
    limit: int = 20,
) -> Sequence[Row]:
    """The resources with this anywhere in their titles, the nearest first: whole titles, beginnings, parts.

    Those that the actor's place keeps and those that are shared with the actor, none that was retired.
    """
    pairs = grams_typed(q)
    scope = actor.require(Permission.RESOURCE_READ)
    asked = {"kind": kind, "subject": subject, "stage": stage}
    given = {name: value for name, value in asked.items() if value is not None}
    return await db.all(
        _search(scope.shape, tuple(given)),
        typed=plain_text(q),
        pairs=pairs,
        audience=actor.audience,
        limit=min(max(limit, 1), MOST_FOUND),
        **scope.parameters(RESOURCES.placed()),
        **{f"filter_{name}": value for name, value in given.items()},
    )
