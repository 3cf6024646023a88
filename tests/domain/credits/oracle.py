"""A second, slow reading of the rules, against which the fast one is held.

It reads the raw document, counts in whole cents, walks calendars day by day and sums everything
afresh for every entry. It shares no code with the rules, and should not be made to.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from app.domain.credits.rules import Dated, Entry, Facts

Held = dict[date, dict[str, Any] | None]
LISTS = ("content", "posts")
LOANS = ("lend", "repay")


class Judged(NamedTuple):
    applies: bool | None
    verdict: str
    needed: int
    counted: int
    missing: int


class Answer(NamedTuple):
    start: date
    end: date
    counted: dict[UUID, int]
    requirements: dict[str, Judged]
    verdict: str


class Question(NamedTuple):
    facts: Facts
    pack: dict[str, Any]
    start: date
    end: date
    as_of: date

    def before(self) -> "Question | None":
        """The same of the cycle before, when it was over."""
        if self.start.isoformat() <= self.pack["calendar"]["cycle_start"]["value"]:
            return None
        eve = self.start - timedelta(days=1)
        return Question(self.facts, self.pack, *cycle(self.pack, eve), eve)


def answer(
    facts: Facts,
    entries: Iterable[Entry],
    pack: dict[str, Any],
    as_of: date,
    known_on: date | None = None,
) -> Answer:
    question = Question(facts, pack, *cycle(pack, as_of), as_of)
    amounts = counted(question, [each for each in entries if known(each, known_on)])
    by_id = {entry.id: entry for entry in entries}
    earlier, former = dict(amounts), question.before()
    while former:
        earlier |= counted(former, [each for each in entries if known(each, known_on)])
        former = former.before()
    found = requirements(question, [(by_id[each], amount) for each, amount in earlier.items()])
    order = ["missed", "undecided", "open", "met"]
    given = [order.index(each.verdict) for each in found.values() if each.verdict != "waived"]
    return Answer(question.start, question.end, amounts, found, order[min(given, default=3)])


def cycle(pack: dict[str, Any], as_of: date) -> tuple[date, date]:
    calendar = pack["calendar"]
    start = date.fromisoformat(calendar["cycle_start"]["value"])
    last = date.fromisoformat(pack.get("effective_to", {}).get("value", "9999-12-31"))
    years = calendar["cycle_years"]["value"]
    while (after := start.replace(year=start.year + years)) <= min(as_of, last):
        start = after
    return start, min(after - timedelta(days=1), last)


def counted(question: Question, entries: list[Entry]) -> dict[UUID, int]:
    pack = question.pack
    struck = [each.reverses_id for each in entries if each.kind == "reverse"]
    kept: list[tuple[Entry, int]] = []
    for entry in sorted(entries, key=lambda each: each.sequence):
        inside = question.start <= entry.earned_on <= min(question.end, question.as_of)
        if entry.kind == "reverse" or entry.id in struck or not inside:
            continue
        amount = cents(entry.credits if pack["unit"] == "credits" else entry.hours)
        if entry.kind in LOANS:
            # A cap limits training. A loan is none: it counts whole while it lasts, and then not at all.
            kept.append((entry, amount if entry.kind == "lend" else -amount))
            continue
        for cap in pack.get("caps", ()):
            meant = applies(cap.get("who", {}), question.facts, entry.earned_on)
            if matches(cap["of"], entry) and meant:
                used = sum(
                    had
                    for other, had in kept
                    if other.kind not in LOANS
                    and matches(cap["of"], other)
                    and same_window(cap, pack, entry, other)
                )
                amount = min(amount, max(0, cents(cap["maximum"]["value"]) - used))
        kept.append((entry, amount))
    return {entry.id: amount for entry, amount in kept}


def requirements(question: Question, amounts: list[tuple[Entry, int]]) -> dict[str, Judged]:
    day = sorted((question.start, question.as_of, question.end))[1]
    rules = question.pack.get("requirements", ())
    answers = {rule["id"]: applies(rule.get("who", {}), question.facts, day) for rule in rules}
    found = {}
    for rule in rules:
        rivals = [
            other["id"]
            for other in sorted(rules, key=least, reverse=True)
            if rule.get("group") and other.get("group") == rule["group"] and answers[other["id"]]
        ]
        answer = answers[rule["id"]]
        if (held := governing_days(question, rule)) is not None:
            ids = {each["id"] for each in held.values() if each}
            answer = rule["id"] in ids
            rivals = [
                each["id"] for each in sorted(rules, key=least, reverse=True) if each["id"] in ids
            ]
        if "since" in rule and answer and event(question.facts, rule) == "unknown":
            answer = None
        judged = by_windows(question, rule, amounts, held)._replace(applies=answer)
        governed = judged.applies is True and bool(rivals) and rivals[0] != rule["id"]
        unknown = "since" in rule and event(question.facts, rule) == "unknown"
        if unknown and judged.applies is not False:
            judged = judged._replace(verdict="undecided")
        elif judged.applies is False or governed or judged.verdict == "waived":
            judged = judged._replace(verdict="waived", missing=0)
        elif judged.applies is None and judged.verdict != "met":
            judged = judged._replace(verdict="undecided")
        found[rule["id"]] = judged
    return found


def by_windows(
    question: Question, rule: dict[str, Any], shares: list[tuple[Entry, int]], held: Held | None
) -> Judged:
    needed = had = missing = 0
    states = []
    carried = carried_into(question, rule, shares)
    for first, last, whole in windows_of(question, rule):
        need = needs(question, rule, first, last, held)
        is_asked = need is not None and asked(question, rule, (first, last, whole))
        own = within(rule, shares, first, last)
        extra, carried = carried, 0
        if need is None or not is_asked or exempted(question, rule, shares, (first, last)):
            carried = 0
            continue
        if "carry_over" in rule:
            carried = min(cents(rule["carry_over"]["value"]), max(0, own - need))
        lacks = max(0, need - own - extra)
        if lacks and "unbroken" in rule:
            lacks = need
        needed, had, missing = needed + need, had + own, missing + lacks
        states.append("met" if not lacks else "open" if question.as_of <= last else "missed")
    worst = next((each for each in ("missed", "open", "met") if each in states), "waived")
    return Judged(None, worst, needed, had, missing)


def windows_of(question: Question, rule: dict[str, Any]) -> list[tuple[date, date, bool]]:
    if "since" not in rule:
        span = question.start, question.end
        return windows(*span, rule["window"], opening(question.pack))
    begun = event(question.facts, rule)
    if (
        not isinstance(begun, date)
        or begun.isoformat() < question.pack["calendar"]["cycle_start"]["value"]
    ):
        return []
    year, month = begun.year, begun.month
    for _ in range(rule["since"]["months"]["value"]):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    after = date(year, month, 1)
    while after.day < begun.day and (after + timedelta(days=1)).month == month:
        after += timedelta(days=1)
    last = after - timedelta(days=1)
    gone = question.as_of > question.end and last > question.end
    outside = begun > question.end or last < question.start
    return [] if gone or outside else [(begun, last, True)]


def event(facts: Facts, rule: dict[str, Any]) -> date | str | None:
    kind = rule["since"]["event"]
    if kind == "recruitment":
        days = None if facts.service is None else [each.valid_from for each in facts.service]
    else:
        name = "posts" if kind == "appointment" else "ranks"
        dated = facts.posts if name == "posts" else facts.ranks
        meant = rule["who"][name]
        days = None if dated is None else [each.valid_from for each in dated if each.value in meant]
    return "unknown" if days is None else min(days, default=None)


def within(rule: dict[str, Any], shares: list[tuple[Entry, int]], first: date, last: date) -> int:
    meant = [
        (entry.kind, amount)
        for entry, amount in shares
        if first <= entry.earned_on <= last and matches(rule.get("of", {}), entry)
    ]
    amounts = [amount for _, amount in meant]
    pieces = [amount for kind, amount in meant if kind not in LOANS]
    if "unbroken" not in rule:
        return sum(amounts)
    # Nothing that is lent is a piece of training, nor is taking it back.
    return max([0, *pieces])


def exempted(
    question: Question,
    rule: dict[str, Any],
    shares: list[tuple[Entry, int]],
    window: tuple[date, date],
) -> bool:
    """Whether an exemption that waives the rule was granted in the window."""
    waiving = [
        each["id"]
        for each in question.pack.get("exemptions", ())
        if rule["id"] in each.get("waives", {}).get("value", ())
    ]
    return any(
        entry.kind == "exempt"
        and entry.rule_id in waiving
        and window[0] <= entry.earned_on <= window[1]
        for entry, _ in shares
    )


def carried_into(question: Question, rule: dict[str, Any], shares: list[tuple[Entry, int]]) -> int:
    """What the cycle before left over."""
    former = question.before()
    if former is None or "carry_over" not in rule or rule["window"] != "cycle":
        return 0
    if not applies(rule.get("who", {}), question.facts, former.end):
        return 0
    need = needs(former, rule, former.start, former.end, None)
    if need is None or not asked(former, rule, (former.start, former.end, True)):
        return 0
    own = within(rule, shares, former.start, former.end)
    return min(cents(rule["carry_over"]["value"]), max(0, own - need))


def needs(
    question: Question, rule: dict[str, Any], first: date, last: date, held: Held | None
) -> int | None:
    """What one window needs, day by day; None where nothing of it is asked."""
    pack = question.pack
    leave = pack.get("leave")
    if leave is None and held is None:
        return least(rule)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    away = [
        leave is not None
        and any(
            each.value in leave["states"] and each.valid_from <= day <= (each.valid_to or date.max)
            for each in question.facts.leaves
        )
        for day in days
    ]
    excused = leave is not None and sum(away) >= leave["from_days"]["value"]
    if excused and leave and leave["effect"]["value"] == "waives":
        return None
    governed = [rule if held is None else held.get(day) for day in days]
    kept = [
        one
        for one, gone in zip(governed, away, strict=True)
        if one is not None and not (excused and gone)
    ]
    if not kept:
        return None
    if "some" in rule:
        return 1
    total, whole = sum(least(each) for each in kept), len(days)
    down = pack["rounding"]["value"] == "down"
    return total // whole if down else (2 * total + whole) // (2 * whole)


def governing_days(question: Question, rule: dict[str, Any]) -> Held | None:
    """Which requirement of a group that is shared by time governed on each day of the cycle."""
    if rule.get("on_change", {}).get("value") != "pro_rata":
        return None
    members = [
        each
        for each in question.pack["requirements"]
        if each is rule or (rule.get("group") and each.get("group") == rule["group"])
    ]
    held: Held = {}
    for n in range((question.end - question.start).days + 1):
        day = question.start + timedelta(days=n)
        answers = [applies(each.get("who", {}), question.facts, day) for each in members]
        if None in answers:
            return None
        meant = [each for each, yes in zip(members, answers, strict=True) if yes]
        held[day] = max(meant, key=least, default=None)
    return held


def asked(question: Question, rule: dict[str, Any], window: tuple[date, date, bool]) -> bool:
    (first, last, whole), service = window, question.facts.service
    partial = question.pack["calendar"]["partial_years"]["value"]
    in_part = rule["window"] in ("cycle", "event") or partial == "required"
    if service is None:
        return in_part or whole
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    served = [
        any(each.valid_from <= day <= (each.valid_to or date.max) for each in service)
        for day in days
    ]
    if in_part:
        return any(served)
    return whole and all(served)


def applies(who: dict[str, Any], facts: Facts, day: date) -> bool | None:
    answers: list[bool | None] = []
    lying = [each for each in facts.locations if lasts(each, day)]
    for name, dated in (
        ("ranks", facts.ranks), ("posts", facts.posts), ("locations", lying or None)
    ):  # fmt: skip
        if who.get(name):
            answers.append(
                None
                if dated is None
                else any(each.value in who[name] and lasts(each, day) for each in dated)
            )
    if who.get("stages"):
        answers.append(None if facts.stages is None else bool({*facts.stages} & {*who["stages"]}))
    answers += [
        None if facts.birth_date is None else old(name, who, facts, day)
        for name in ("age_from", "age_to", "age_under")
        if name in who
    ]
    return False if False in answers else None if None in answers else True


def lasts(fact: Dated, day: date) -> bool:
    return fact.valid_from <= day <= (fact.valid_to or date.max)


def old(name: str, who: dict[str, Any], facts: Facts, day: date) -> bool:
    born, limit, age = facts.birth_date, who[name]["value"], 0
    assert born is not None
    while (born.year + age + 1, born.month, born.day) <= (day.year, day.month, day.day):
        age += 1
    if name == "age_under":
        return bool(age < limit)
    return bool(age >= limit if name == "age_from" else age <= limit)


def matches(of: dict[str, Any], entry: Entry) -> bool:
    for name, accepted in of.items():
        value: Any = entry.earned_on.year if name == "year" else getattr(entry, name)
        if accepted and not (
            [each for each in value if each in accepted] if name in LISTS else value in accepted
        ):
            return False
    return True


def same_window(cap: dict[str, Any], pack: dict[str, Any], one: Entry, other: Entry) -> bool:
    return cap["window"] == "cycle" or begins(
        one.earned_on, cap["window"], opening(pack)
    ) == begins(other.earned_on, cap["window"], opening(pack))


def opening(pack: dict[str, Any]) -> str:
    return str(pack["calendar"]["school_year_start"]["value"])


@cache
def begins(day: date, window: str, opening: str) -> date:
    """The first day of the year that the day lies in, walking back a day at a time."""
    first = "01-01" if window == "calendar_year" else opening
    while day.isoformat()[5:] != first:
        day -= timedelta(days=1)
    return day


@cache
def windows(start: date, end: date, window: str, opening: str) -> list[tuple[date, date, bool]]:
    """First day, last day, and whether nothing of the window lies outside the cycle."""
    if window == "cycle":
        return [(start, end, True)]
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    found = []
    for first in sorted({begins(day, window, opening) for day in days}):
        own = [day for day in days if begins(day, window, opening) == first]
        after = own[-1] + timedelta(days=1)
        found.append((own[0], own[-1], own[0] == first and begins(after, window, opening) == after))
    return found


def least(rule: dict[str, Any]) -> int:
    return cents(rule["at_least"]["value"]) if "at_least" in rule else 1


def cents(amount: object) -> int:
    whole, _, part = str(amount).lstrip("-").partition(".")
    number = int(whole) * 100 + int(part.ljust(2, "0"))
    return -number if str(amount).startswith("-") else number


def known(entry: Entry, known_on: date | None) -> bool:
    """Recorded by the end of the day in Shanghai, which is eight hours ahead of UTC."""
    moment = entry.recorded_at
    offset = moment.utcoffset()
    assert offset is not None
    day = (moment.replace(tzinfo=None) - offset + timedelta(hours=8)).date()
    return known_on is None or day <= known_on
