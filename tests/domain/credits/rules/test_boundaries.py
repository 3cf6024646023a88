"""The edges of every shipped pack, drawn from its own numbers; what is expected is the oracle's."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.credits.packs import PackDocument, shipped_packs
from app.domain.credits.packs.clauses import Cap, EarningRule, Requirement
from app.domain.credits.packs.parts import Selection, Who
from app.domain.credits.rules import (
    Award,
    Dated,
    Entry,
    Facts,
    Period,
    Source,
    award,
    compile_pack,
    evaluate,
)
from app.domain.credits.rules.pack import selects
from app.domain.people.careers import Post, Rank
from tests.domain.credits import oracle
from tests.domain.credits.histories import NOBODY, entry, reversal
from tests.domain.credits.rules.test_properties import as_answer

PACKS = sorted(shipped_packs())
TENTH, DAY = Decimal("0.10"), timedelta(days=1)
Case = tuple[str, Facts, list[Entry], date, date | None]


def written(document: PackDocument) -> dict[str, Any]:
    content: dict[str, Any] = document.model_dump(mode="json", exclude_defaults=True)
    return content


def meant_by(selection: Selection, on: date) -> dict[str, Any]:
    """What an entry, or a source, is like that the selection means."""
    named = {name: accepted[0] for name, accepted in selection if accepted and name != "year"}
    lists = {name: (value,) for name, value in named.items() if name in oracle.LISTS}
    return {"level": None} | named | lists | {"earned_on": on}


def person_of(who: Who, day: date, *, age: int | None = None) -> Facts:
    """Somebody whom the rule is for on that day, and since long before; of `age` if that is given."""
    since = date(2000, 1, 1)
    years = age or (who.age_from.value if who.age_from else who.last_age or 30)
    return Facts(
        birth_date=day.replace(year=day.year - years),
        ranks=(Dated(who.ranks[0], since),) if who.ranks else (),
        posts=(Dated(who.posts[0], since),) if who.posts else (),
        stages=who.stages[:1],
        locations=(Dated(who.locations[0] if who.locations else "urban", date.min),),
    )


def of(number: int, amount: Decimal, selection: Selection, on: date, **more: Any) -> Entry:
    return entry(number, str(amount), **({"on": on.isoformat()} | more | meant_by(selection, on)))


def at_caps(cap: Cap, start: date) -> Iterator[Case]:
    """119.9, 120, 120.1; then a full cap whose first entry is reversed."""
    most = cap.maximum.value
    for amount in (most - TENTH, most, most + TENTH):
        entries = [of(1, amount, cap.of, start), of(2, TENTH, cap.of, start)]
        yield f"{cap.id} {amount}", NOBODY, entries, start, None
    full = [of(1, most, cap.of, start), of(2, most, cap.of, start)]
    yield f"{cap.id} full", NOBODY, full, start, None
    yield f"{cap.id} reversed", NOBODY, [*full, reversal(3, full[0])], start, None


def at_requirements(rule: Requirement, start: date, last: date) -> Iterator[Case]:
    """One tenth below, at and above what is asked, on the last day of the window and after it."""
    needed = rule.at_least.value if rule.at_least else TENTH
    begins = Period(start)
    person = person_of(rule.who, start)
    appointed = tuple(Dated(each.value, start) for each in person.posts or ())
    if rule.since:
        person = Facts(service=(begins,), posts=appointed, ranks=person.ranks)
    for amount in (needed - TENTH, needed, needed + TENTH):
        entries = [of(1, amount, rule.of, start)]
        for day in (start, last):
            yield f"{rule.id} {amount} {day}", person, entries, day, None


def at_blocks(rule: Requirement, start: date) -> Iterator[Case]:
    """Two that are each a tenth short of what is to come in one piece, and then one that is not."""
    if not (rule.unbroken and rule.at_least):
        return
    needed = rule.at_least.value
    short = [of(number, needed - TENTH, rule.of, start) for number in (1, 2)]
    person = person_of(rule.who, start)
    for entries in (short, [*short, of(3, needed, rule.of, start)]):
        yield f"{rule.id} in {len(entries)} pieces", person, entries, start, None


def at_exemptions(pack: PackDocument, start: date) -> Iterator[Case]:
    """Exempted on the first day; and exempted, but for the exemption's reversal."""
    for rule in pack.exemptions:
        if rule.waives:
            granted = of(1, TENTH, rule.when, start, kind="exempt", rule_id=rule.id)
            for entries in ([granted], [granted, reversal(2, granted)]):
                yield f"{rule.id} {len(entries)}", person_of(rule.who, start), entries, start, None


def at_ages(rule: Requirement | EarningRule, start: date) -> Iterator[Case]:
    limits = (rule.who.age_from, rule.who.age_to, rule.who.age_under)
    for limit in (each.value for each in limits if each):
        for age in (limit - 1, limit, limit + 1):
            for day in (start - DAY, start):
                person = person_of(rule.who, day, age=age)
                yield f"{rule.id} aged {age} {day}", person, [], start, None


def at_ranks(rule: Requirement, start: date) -> Iterator[Case]:
    """The rank, or the post, changes on a day of the cycle."""
    turn = start.replace(year=start.year + 1)
    for name, codes in (("ranks", rule.who.ranks), ("posts", rule.who.posts)):
        for code in codes:
            other = (Dated("unranked", date(2000, 1, 1), turn - DAY), Dated(code, turn))
            person = Facts(
                ranks=other if name == "ranks" else (), posts=other if name == "posts" else ()
            )
            for day in (turn - DAY, turn):
                yield f"{rule.id} {code} {day}", person, [], day, None


def at_new_year(pack: PackDocument, start: date) -> Iterator[Case]:
    """Earned on 31 August and on 1 September; recorded a second before and at midnight in Shanghai."""
    year = start.year + 1
    summer, autumn = date(year, 8, 31), date(year, 9, 1)
    midnight = datetime(year, 8, 31, 16, tzinfo=UTC)
    rules: list[Cap | Requirement] = [*pack.caps, *pack.requirements]
    for rule in rules:
        entries = [
            of(1, TENTH, rule.of, summer, recorded_at=midnight - timedelta(seconds=1)),
            of(2, TENTH, rule.of, autumn, recorded_at=midnight),
        ]
        for day in (summer, autumn):
            yield f"{rule.id} {day}", NOBODY, entries, autumn, day


def cases(pack: PackDocument) -> Iterator[Case]:
    cycle = compile_pack(pack).cycle_of(pack.calendar.cycle_start.value)
    for cap in pack.caps:
        yield from at_caps(cap, cycle.start)
    for rule in pack.requirements:
        yield from at_requirements(rule, cycle.start, cycle.end)
        yield from at_blocks(rule, cycle.start)
        yield from at_ages(rule, cycle.start)
        yield from at_ranks(rule, cycle.start)
    yield from at_exemptions(pack, cycle.start)
    yield from at_new_year(pack, cycle.start)


@pytest.mark.parametrize("pack_id", PACKS)
def test_at_every_edge_the_rules_say_what_the_oracle_says(pack_id: str) -> None:
    document = shipped_packs()[pack_id]
    pack, plain = compile_pack(document), written(document)
    for name, facts, entries, day, known_on in cases(document):
        expected = oracle.answer(facts, entries, plain, day, known_on)
        assert as_answer(evaluate(facts, entries, pack, day, known_on)) == expected, name


def test_the_clauses_of_no_shipped_pack_have_their_edges_too() -> None:
    """What an exemption waives, and a cap for persons of an age, beside the rules of Zhejiang."""
    content = written(shipped_packs()["zhejiang-local-2011"])
    ground = content["caps"][0]["maximum"]
    title = content["caps"][0]["title"]
    waives = ground | {"value": ["block", "every-year", "new-teachers"]}
    content["exemptions"] = [{"id": "exemption", "title": title, "waives": waives}]
    content["caps"][0]["who"] = {"age_from": ground | {"value": 45}}
    document = PackDocument.model_validate(content)
    pack, plain = compile_pack(document), written(document)
    found = list(cases(document))
    named = {name.split()[0] for name, *_ in found}
    assert {"block", "exemption"} <= named
    start = document.calendar.cycle_start.value
    full = [of(1, Decimal("130.00"), document.caps[0].of, start)]
    for age in (44, 45):
        person = person_of(Who(), start, age=age)
        found.append((f"cap aged {age}", person, full, start, None))
    for name, facts, entries, day, known_on in found:
        expected = oracle.answer(facts, entries, plain, day, known_on)
        assert as_answer(evaluate(facts, entries, pack, day, known_on)) == expected, name


@pytest.mark.parametrize("pack_id", PACKS)
def test_a_full_cap_leaves_nothing_and_its_reversal_gives_it_back(pack_id: str) -> None:
    document = shipped_packs()[pack_id]
    start = document.calendar.cycle_start.value
    for cap in document.caps:
        *_, full, reversed_ = at_caps(cap, start)
        cut, given = (
            evaluate(NOBODY, case[2], compile_pack(document), start).entries[-1].counted
            for case in (full, reversed_)
        )
        assert cut == 0, cap.id
        assert 0 < given <= cap.maximum.value, cap.id


def earning_with_ages() -> list[tuple[str, EarningRule]]:
    return [
        (pack.id, rule)
        for pack in shipped_packs().values()
        for rules in (pack.earning, pack.conversions, pack.offsets, pack.exemptions)
        for rule in rules
        if rule.who != Who()
    ]


@pytest.mark.parametrize(("pack_id", "rule"), earning_with_ages(), ids=lambda each: str(each)[:20])
def test_what_is_converted_up_to_an_age_includes_it(pack_id: str, rule: EarningRule) -> None:
    document = shipped_packs()[pack_id]
    pack, day = compile_pack(document), document.calendar.cycle_start.value
    kind = next(kind for kind, rules in pack.earning.items() if rule in rules)
    found = list(at_ages(rule, day))
    assert found
    for name, facts, *_ in found:
        source = Source(**(meant_by(rule.when, day) | {"kind": kind}))
        earned = award(facts, source, pack)
        who = rule.who.model_dump(mode="json", exclude_defaults=True)
        assert isinstance(earned, Award) == oracle.applies(who, facts, day), name


@pytest.mark.parametrize("post", Post)
def test_every_post_is_asked_for_what_its_kind_is(post: Post) -> None:
    """The auxiliary posts of S2 are asked for 60, whoever else holds one of the other posts for its own."""
    baoshan = shipped_packs()["baoshan-12-5"]
    day = date(2013, 1, 1)
    person = Facts(ranks=(Dated(Rank.FIRST_GRADE, day),), posts=(Dated(post, day),))
    standing = evaluate(person, [], compile_pack(baoshan), day)
    assert as_answer(standing) == oracle.answer(person, [], written(baoshan), day)
    asked = {each.id for each in standing.requirements if each.applies}
    own = {
        "class_head": {"class-heads"}, "school_cadre": {"school-cadres"},
        "middle_leader": {"new-middle-leaders"}, "trainer": {"trainers-each-year"},
    }  # fmt: skip
    auxiliary = {"librarian", "training_officer", "language_officer", "science_counsellor",
                 "arts_teacher", "information_officer", "other_technical"}  # fmt: skip
    more = {"total-auxiliary"} if post in auxiliary else own.get(post, set())
    assert asked == {"total-junior-middle"} | more


def test_a_selection_means_what_it_is_made_for() -> None:
    """The cases above are about the rules they are named after."""
    for pack in shipped_packs().values():
        start = pack.calendar.cycle_start.value
        rules: list[Cap | Requirement] = [*pack.caps, *pack.requirements]
        for rule in rules:
            assert selects(rule.of, of(1, TENTH, rule.of, start)), (pack.id, rule.id)
