"""Whom a requirement is for, on a given day: yes, no, or not to be told, with the reasons."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from app.domain.credits.packs.parts import Stated, Who
from app.domain.credits.rules.calendar import DAY, age_on, birthday
from app.domain.credits.rules.facts import Dated, Facts


class Reason(Struct, frozen=True):
    """A reason before it is put into words, which only those who read it need."""

    code: str
    values: dict[str, object] = {}
    stated: Stated[Any] | None = None


class Applies(Struct, frozen=True):
    """`yes` is None where a fact that decides is not known."""

    yes: bool | None
    reasons: tuple[Reason, ...]


FOR_EVERYONE = Applies(yes=True, reasons=(Reason("for_everyone"),))
MATCHES = Applies(yes=True, reasons=(Reason("matches"),))


def applies(who: Who, facts: Facts, day: date) -> Applies:
    """Whether the person is one of `who` on `day`. One clear no outweighs what is not known."""
    against = tuple(_against(who, facts, day))
    if not against:
        return MATCHES
    clear = tuple(reason for reason in against if reason.code != "fact_unknown")
    return Applies(yes=False if clear else None, reasons=clear or against)


class Asks(Struct, frozen=True):
    """Which facts some rules ask for; `ages` are those, in completed years, at which an answer turns."""

    ranks: bool = False
    posts: bool = False
    stages: bool = False
    locations: bool = False
    ages: frozenset[int] = frozenset()


def asks_of(whos: Iterable[Who]) -> Asks:
    """The facts that these ask for together."""
    whos = tuple(whos)
    first = {each.age_from.value for each in whos if each.age_from}
    after = {each.last_age + 1 for each in whos if each.last_age is not None}
    return Asks(
        ranks=any(each.ranks for each in whos),
        posts=any(each.posts for each in whos),
        stages=any(each.stages for each in whos),
        locations=any(each.locations for each in whos),
        ages=frozenset(first | after),
    )


def likeness(asks: Asks, facts: Facts, day: date) -> Hashable:
    """What `applies` sees of a person on `day`: all who are alike get the same answers and reasons."""
    return (
        _known(facts.ranks, day) if asks.ranks else None,
        _known(facts.posts, day) if asks.posts else None,
        facts.stages if asks.stages else None,
        location_on(facts, day) if asks.locations else None,
        age_on(facts.birth_date, day) if asks.ages and facts.birth_date else None,
    )


def changes_of(asks: Asks, facts: Facts) -> Iterator[date]:
    """The days on which an answer of `applies` may turn, whether past or to come."""
    if facts.birth_date:
        for age in asks.ages:
            yield birthday(facts.birth_date, age)
    known = (asks.ranks, facts.ranks), (asks.posts, facts.posts), (asks.locations, facts.locations)
    for asked, dated in known:
        for each in dated or () if asked else ():
            yield each.valid_from
            if each.valid_to and each.valid_to < date.max:
                yield each.valid_to + DAY


def held_on(dated: Iterable[Dated], day: date) -> tuple[str, ...]:
    """The values that hold on `day`."""
    return tuple(
        [
            each.value
            for each in dated
            if each.valid_from <= day and (each.valid_to is None or day <= each.valid_to)
        ]
    )


def location_on(facts: Facts, day: date) -> tuple[str, ...] | None:
    """Where the person's school lay on `day`, if that is known."""
    return held_on(facts.locations, day) or None


def _against(who: Who, facts: Facts, day: date) -> Iterator[Reason]:
    if who.ranks:
        yield from _outside("rank", who.ranks, _known(facts.ranks, day), "rank_differs")
    if who.posts:
        yield from _outside("posts", who.posts, _known(facts.posts, day), "posts_differ")
    if who.stages:
        yield from _outside("stages", who.stages, facts.stages, "stages_differ")
    if who.locations:
        yield from _outside("location", who.locations, location_on(facts, day), "location_differs")
    yield from _against_age(who, facts, day)


def _known(dated: Iterable[Dated] | None, day: date) -> tuple[str, ...] | None:
    return None if dated is None else held_on(dated, day)


def _outside(
    fact: str, accepted: Sequence[str], own: Sequence[str] | None, differs: str
) -> Iterator[Reason]:
    if own is None:
        yield Reason("fact_unknown", {"fact": fact})
    elif not any(value in accepted for value in own):
        yield Reason(differs, {"accepted": accepted})


def _against_age(who: Who, facts: Facts, day: date) -> Iterator[Reason]:
    if who.age_from is None and who.age_to is None and who.age_under is None:
        return
    if facts.birth_date is None:
        yield Reason("fact_unknown", {"fact": "birth_date"})
        return
    age = age_on(facts.birth_date, day)
    if who.age_from and age < who.age_from.value:
        yield Reason("too_young", {"age": age, "limit": who.age_from.value}, who.age_from)
    if who.age_to and age > who.age_to.value:
        yield Reason("too_old", {"age": age, "limit": who.age_to.value}, who.age_to)
    if who.age_under and age >= who.age_under.value:
        yield Reason("not_under", {"age": age, "limit": who.age_under.value}, who.age_under)
