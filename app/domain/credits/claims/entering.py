"""Entering what a claim earned (入账), in the transaction that approves it or ends its publication."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from app.domain.base import civil_date
from app.domain.credits.claims.awarding import earned_by, source_of_claim
from app.domain.credits.entries.chain import Head
from app.domain.credits.recognition import entry_row
from app.domain.credits.rules import Award
from app.domain.credits.school_years import closed_for
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.governing import CityPacks
from app.domain.credits.standings.writing import enter_entries
from app.domain.errors import DomainError
from app.sql import Connection, Row


class Entered(NamedTuple):
    """The entry of a claim and what it was awarded by."""

    entry_id: UUID
    earned: Award


async def enter_claims(
    db: Connection,
    *,
    claims: Sequence[Row],
    heads: dict[UUID, Head],
    packs: Mapping[UUID, CityPacks],
    recorded_by: Mapping[UUID, UUID | None],
    now: datetime,
) -> dict[UUID, Entered | DomainError]:
    """Enter these claims, whose rows and whose people's heads are held; each with its outcome.

    What the pack gives is asked again: what somebody was on the day may have been corrected since the
    claim was handed in. Nothing is entered in a closed school year. The statements do not grow with the
    claims but with the cities, of which there is one.
    """
    if not claims:
        return {}
    lines = [(claim["teacher_id"], claim["earned_on"]) for claim in claims]
    closed = await closed_for(db, lines=lines, now=now)
    people = await read_people(db, teacher_ids=list({teacher_id for teacher_id, _ in lines}))
    outcomes: dict[UUID, Entered | DomainError] = {}
    entries: list[Row] = []
    for claim, line in zip(claims, lines, strict=True):
        person = people[claim["teacher_id"]]
        source = source_of_claim(claim, person)
        earned = closed.get(line) or earned_by(person, source, packs[person.city_id])
        if isinstance(earned, Award):
            entry = entry_row(person, source, earned, source_id=claim["id"], recorded_at=now)
            entries.append(entry | {"recorded_by": recorded_by[claim["id"]]})
            outcomes[claim["id"]] = Entered(entry["id"], earned)
        else:
            outcomes[claim["id"]] = earned
    for city_id, city_packs in packs.items():
        of_city = [entry for entry in entries if entry["city_id"] == city_id]
        if of_city:
            await enter_entries(
                db,
                entries=sorted(of_city, key=itemgetter("teacher_id")),
                heads=heads,
                people=people,
                packs=city_packs,
                day=civil_date(now),
            )
    return outcomes
