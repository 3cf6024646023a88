"""Counting what a draft pack would mean, part by part."""

from uuid import UUID

from app.domain.credits.what_ifs import count_next_people, open_question
from app.request import Resources


async def count_what_if(held: Resources, what_if_id: UUID) -> None:
    """Count all teachers of the unit, from where it was left."""
    async with held.pool.transaction() as db:
        question = await open_question(db, what_if_id=what_if_id)
    if question is None:
        return
    is_more = True
    while is_more:
        async with held.pool.transaction() as db:
            is_more = await count_next_people(db, question=question)
