"""What somebody gets: from what was attended to the award of a rule, and to the entry of the ledger."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from app.domain.credits.packs.parts import EntryKind, Who
from app.domain.credits.rules import Award, NoAward, Pack, Source, award
from app.domain.credits.standings.facts import Person
from app.domain.credits.standings.governing import CityPacks, NoRulePack
from app.domain.errors import DomainError
from app.sql import Row, new_id


class Hindrance(Struct, frozen=True):
    """Why somebody who took part gets nothing, whatever the rules say: a stable code, and words."""

    code: str
    zh: str
    en: str


class Share(Struct, frozen=True):
    """Somebody who took part: for how many hours, as what, and whether something stands in the way."""

    teacher_id: UUID
    hours: Decimal
    role: str | None = None
    hindrance: Hindrance | None = None


class Offered(Struct, frozen=True, kw_only=True):
    """Something that earns credit for who took part in it: which it is, on which day, what a rule may ask.

    With the person and the attempt, city, kind and key are the natural key of an entry: of one source nobody
    earns twice.
    """

    source_kind: str
    source_id: UUID
    city_id: UUID
    earned_on: date
    level: str | None = None
    activity_kind: str | None = None
    mode: str | None = None
    channel: str | None = None
    content: tuple[str, ...] = ()
    kind: EntryKind = EntryKind.EARN
    """By which rules of the pack it is covered: those of earning, or of offsetting (冲抵)."""

    def to(self, person: Person, share: Share) -> Source:
        """What it offers to the rules for one who took part, as what the person was on the day."""
        return Source(
            earned_on=self.earned_on,
            hours=share.hours,
            kind=self.kind,
            level=self.level,
            activity_kind=self.activity_kind,
            mode=self.mode,
            role=share.role,
            channel=self.channel,
            content=self.content,
            source_kind=self.source_kind,
            rank=person.rank_on(self.earned_on),
            posts=person.posts_on(self.earned_on),
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

    def __init__(self, packs: CityPacks, day: date, kind: EntryKind) -> None:
        self._packs, self._day, self._kind = packs, day, kind
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
            rules = () if pack is None else pack.earning.get(self._kind, ())
            asks = any(rule.who != Who() for rule in rules)
            self._of_county[county_id] = pack, None if asks else {}
        return self._of_county[county_id]


def words_of(refusal: DomainError) -> dict[str, str]:
    """A refusal as it is told of one among many."""
    return {"code": refusal.code, "zh": refusal.message("zh"), "en": refusal.message("en")}
