"""Explanations (学分说明): why an entry counts as much as it does, in Chinese and in English."""

from datetime import date, datetime
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.base import civil_date
from app.domain.credits.entries import ENTRIES
from app.domain.credits.entries.ledger import read_ledgers
from app.domain.credits.recognition import title_of_source
from app.domain.credits.rules import explain
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.reading import choose_pack
from app.domain.credits.standings.views import ExplanationView, as_row
from app.sql import Connection, Row

__all__ = ["ExplanationView", "get_explanation"]


async def get_explanation(
    db: Connection,
    actor: Actor,
    *,
    entry_id: UUID,
    now: datetime,
    as_of: date | None = None,
    known_on: date | None = None,
    pack_key: UUID | None = None,
) -> Row:
    """The steps from an entry to what of it counts: rule and article, and what each cap cut.

    Without `as_of` it is told as it stands today, or as it stood at the end of the entry's cycle.
    The pack is the one in force when the entry was earned, or the one that is named.
    """
    entry = await ENTRIES.get(db, actor, entry_id)
    teacher_id, earned_on = entry["teacher_id"], entry["earned_on"]
    person = (await read_people(db, teacher_ids=[teacher_id], known_on=known_on))[teacher_id]
    pack = await choose_pack(
        db,
        actor,
        city_id=person.city_id,
        county_id=person.county_id,
        day=earned_on,
        counted_on=as_of or max(earned_on, civil_date(now)),
        pack_key=pack_key,
    )
    day = as_of or max(earned_on, min(civil_date(now), pack.cycle_of(earned_on).end))
    ledgers = await read_ledgers(db, teacher_ids=[teacher_id])
    told = explain(person.facts, ledgers[teacher_id], pack, entry_id, as_of=day, known_on=known_on)
    source = {name: entry[name] for name in ("source_kind", "source_id")}
    return as_row(told) | source | {"source_title": await title_of_source(db, **source)}
