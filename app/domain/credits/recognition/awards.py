"""What somebody gets: from what was attended to the award of a rule, and to the entry of the ledger."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.credits.packs.parts import EntryKind, Who
from app.domain.credits.rules import Award, NoAward, Pack, Source, award
from app.domain.credits.standings.facts import Person
from app.domain.credits.standings.governing import CityPacks, NoRulePack
from app.domain.errors import DomainError
from app.sql import Row, new_id

ACTIVITY = "activity"
"""The source kind of what an activity earns."""


def source_of(activity: Mapping[str, Any], attended: Mapping[str, Any], person: Person) -> Source:
    """What an activity offers to the rules, for one who attended: `hours` and `role` are theirs."""
    day = activity["ends_on"]
    return Source(
        earned_on=day,
        hours=attended["hours"],
        level=activity["level"],
        activity_kind=activity["kind"],
        mode=activity["mode"],
        role=attended["role"],
        channel=activity["channel"],
        content=tuple(activity["content"]),
        source_kind=ACTIVITY,
        rank=person.rank_on(day),
        posts=person.posts_on(day),
    )


def entry_row(
    person: Person, source: Source, earned: Award, *, source_id: UUID, recorded_at: datetime
) -> Row:
    """The entry of an award, for the first attempt and without who recorded it; not yet chained."""
    return {
        "id": new_id(),
        "city_id": person.city_id,
        "teacher_id": person.teacher_id,
        "kind": earned.kind,
        "source_kind": source.source_kind,
        "source_id": source_id,
        "attempt": 1,
        "reverses_id": None,
        "earned_on": source.earned_on,
        "recorded_at": recorded_at,
        "recorded_by": None,
        "hours": earned.hours,
        "credits": earned.credits,
        "level": source.level,
        "activity_kind": source.activity_kind,
        "mode": source.mode,
        "role": source.role,
        "channel": source.channel,
        "content": list(source.content),
        "awarded_rank": source.rank,
        "awarded_posts": list(source.posts),
        "awarded_school_id": person.school_id,
        "awarded_county_id": person.county_id,
        "pack_id": earned.pack_id,
        "pack_version": earned.pack_version,
        "rule_id": earned.rule_id,
        "reason": None,
    }


class Awards:
    """What the pack in force on the day gives, or why it gives nothing.

    Where no rule of the pack asks who somebody is, all who took part in the same way get the same.
    """

    def __init__(self, packs: CityPacks, day: date) -> None:
        self._packs, self._day = packs, day
        self._of_county: dict[UUID, tuple[Pack | None, dict[Source, Award | NoAward] | None]] = {}

    def of(self, person: Person, source: Source) -> Award | dict[str, str]:
        """What one who took part gets."""
        pack, known = self._pack_of(person.county_id)
        if pack is None:
            return words_of(NoRulePack(day=self._day.isoformat()))
        earned = None if known is None else known.get(source)
        if earned is None:
            earned = award(person.facts, source, pack)
            if known is not None:
                known[source] = earned
        if isinstance(earned, NoAward):
            return {name: getattr(earned.reason, name) for name in ("code", "zh", "en")}
        return earned

    def _pack_of(self, county_id: UUID) -> tuple[Pack | None, dict[Source, Award | NoAward] | None]:
        """The pack as the county has it, and what is known of it where nobody's facts are asked."""
        if county_id not in self._of_county:
            pack = self._packs.on(self._day, county_id)
            rules = () if pack is None else pack.earning.get(EntryKind.EARN, ())
            asks = any(rule.who != Who() for rule in rules)
            self._of_county[county_id] = pack, None if asks else {}
        return self._of_county[county_id]


def words_of(refusal: DomainError) -> dict[str, str]:
    """A refusal as it is told of one among many."""
    return {"code": refusal.code, "zh": refusal.message("zh"), "en": refusal.message("en")}
