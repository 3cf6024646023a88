"""Entries written down for an example, and packs, persons and ledgers drawn at random."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from app.domain.credits.packs import shipped_packs
from app.domain.credits.rules import Dated, Entry, Facts, Period, compile_pack

LAST_DAY = date(2018, 8, 31)  # of the five years that the pack of 2013 is read as

YUEYANG = compile_pack(shipped_packs()["yueyang-2013"])
BAOSHAN = compile_pack(shipped_packs()["baoshan-12-5"])
DEMO = compile_pack(shipped_packs()["yueyang-demo-2026"])
NOBODY = Facts()


def entry(sequence: int, amount: str = "10.00", on: str = "2014-03-01", **given: Any) -> Entry:
    fields: dict[str, Any] = {
        "id": UUID(int=sequence),
        "sequence": sequence,
        "kind": "earn",
        "earned_on": date.fromisoformat(on),
        "recorded_at": datetime(2014, 3, 2, tzinfo=UTC),
        "hours": Decimal(amount),
        "credits": Decimal(amount),
        "level": "school",
        "source_kind": "activity",
    }
    return Entry(**(fields | given))


def reversal(sequence: int, struck: Entry, **given: Any) -> Entry:
    return entry(sequence, str(struck.credits), kind="reverse", reverses_id=struck.id, **given)


LEVELS = ("school", "county", "city")
CONTENT = ("ethics", "teaching", "research")
RANKS = ("junior", "senior")
FIRST, LAST = date(2020, 6, 1), date(2026, 12, 31)

# The days around which windows turn are drawn as often as all others together.
EDGES = [
    date(year, *day)
    for year in range(2021, 2026)
    for day in ((1, 1), (12, 31), (2, 9), (2, 10), (8, 31), (9, 1), (4, 14), (4, 15))
]
DAYS = st.one_of(st.sampled_from(EDGES), st.dates(FIRST, LAST))
# Most entries lie in the first years of the cycle, and most questions are asked after them.
EARNED = st.one_of(st.sampled_from(EDGES[8:24]), st.dates(date(2021, 9, 1), date(2024, 3, 31)))
ASKED = st.one_of(DAYS, st.dates(date(2023, 9, 1), date(2026, 12, 31)))
# Round amounts meet the limits of caps exactly, and odd ones test the cents.
AMOUNTS = st.one_of(
    st.sampled_from([Decimal("10.00"), Decimal("30.00"), Decimal("0.00"), Decimal("0.01")]),
    st.decimals(0, 90, places=2),
)


def stated(value: Any) -> dict[str, Any]:
    return {"value": value, "citation": {"document": "a document", "article": "1"}}


TITLE = {"zh": "规则", "en": "rule"}
WINDOWS = st.sampled_from(["cycle", "school_year", "calendar_year"])


@st.composite
def selections(draw: st.DrawFn) -> dict[str, Any]:
    of: dict[str, Any] = {}
    for name, values in (("level", LEVELS), ("content", CONTENT), ("rank", RANKS)):
        if draw(st.booleans()):
            of[name] = draw(st.lists(st.sampled_from(values), min_size=1, unique=True))
    if draw(st.integers(0, 4)) == 0:
        of["year"] = [2022, 2023]
    return of


@st.composite
def persons_meant(draw: st.DrawFn) -> dict[str, Any]:
    who: dict[str, Any] = {}
    kind = draw(
        st.sampled_from(["all", "ranks", "young", "under", "old", "stages", "rural", "both"])
    )
    if kind in {"ranks", "both"}:
        who["ranks"] = [draw(st.sampled_from(RANKS))]
    if kind in {"young", "both"}:
        who["age_to"] = stated(35)
    if kind == "under":
        who["age_under"] = stated(35)
    if kind == "old":
        who["age_from"] = stated(35)
    if kind == "stages":
        who["stages"] = ["primary"]
    if kind == "rural":
        who["locations"] = ["rural"]
    return who


@st.composite
def caps(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "title": TITLE,
        "of": draw(selections()),
        "window": draw(WINDOWS),
        "who": draw(persons_meant()) if draw(st.integers(0, 3)) == 0 else {},
        "maximum": stated(str(draw(AMOUNTS))),
    }


ASKS: list[dict[str, Any]] = [
    {"some": stated(True)},
    {"at_least": stated("40.00")},
    {"at_least": stated("40.00"), "unbroken": stated(True)},
]


@st.composite
def requirements(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "title": TITLE,
        "of": draw(selections()),
        "window": draw(WINDOWS),
        "who": draw(persons_meant()),
        "group": draw(st.sampled_from([None, "total"])),
        **draw(st.sampled_from(ASKS)),
    }


@st.composite
def timed(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Requirements that ask by the person's time: since an event, carried over, or shared."""
    kind = draw(st.sampled_from(["none", "since", "carried", "shared"]))
    of, window = draw(selections()), draw(WINDOWS)
    asked = {"title": TITLE, "of": of, "window": window, "at_least": stated("40.00")}
    if kind == "since":
        event = draw(st.sampled_from(["recruitment", "appointment", "promotion"]))
        since = {"event": event, "months": stated(draw(st.sampled_from([1, 12, 30])))}
        who = {"appointment": {"posts": ["leader"]}, "promotion": {"ranks": ["senior"]}}
        whole = {"unbroken": stated(True)} if draw(st.booleans()) else {}
        return [asked | {"window": "event", "since": since, "who": who.get(event, {})} | whole]
    if kind == "carried":
        who = draw(persons_meant())
        return [
            asked | {"who": who, "carry_over": stated(draw(st.sampled_from(["15.00", "0.00"])))}
        ]
    if kind == "shared":
        shared = asked | {"group": "shared", "on_change": stated("pro_rata")}
        amounts = ["40.00", "70.01"] if draw(st.booleans()) else ["40.00"]
        return [shared | {"who": draw(persons_meant()), "at_least": stated(a)} for a in amounts]
    return []


def numbered(name: str, rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [rule | {"id": f"{name}-{number}"} for number, rule in enumerate(rules)]


@st.composite
def packs(draw: st.DrawFn) -> dict[str, Any]:
    """A document: up to three caps and three requirements over random selections and windows."""
    pack: dict[str, Any] = {
        "id": "drawn",
        "version": 1,
        "title": TITLE,
        "issuer": "someone",
        "jurisdiction": "somewhere",
        "effective_from": stated("2020-01-01"),
        "unit": draw(st.sampled_from(["credits", "hours"])),
        "hours_per_credit": stated("3"),
        "rounding": stated("half_up"),
        "calendar": {
            "cycle_start": stated(
                draw(st.sampled_from(["2021-01-01", "2021-09-01", "2021-04-15"]))
            ),
            "cycle_years": stated(draw(st.sampled_from([5, 5, 3, 1]))),
            "school_year_start": stated(draw(st.sampled_from(["09-01", "02-10"]))),
            "partial_years": stated(draw(st.sampled_from(["waived", "required"]))),
        },
        "earning": [],
        "caps": numbered("cap", draw(st.lists(caps(), max_size=3))),
        "requirements": numbered(
            "requirement", draw(st.lists(requirements(), max_size=3)) + draw(timed())
        ),
    }
    waivable: list[str] = [each["id"] for each in pack["requirements"] if "carry_over" not in each]
    if draw(st.booleans()) and waivable:
        waives = {"waives": stated([draw(st.sampled_from(waivable))])}
        pack["exemptions"] = [{"id": "exemption", "title": TITLE} | waives]
    if draw(st.integers(0, 2)) == 0:
        pack["leave"] = {
            "states": ["on_leave"],
            "effect": stated(draw(st.sampled_from(["waives", "shortens"]))),
            "from_days": stated(draw(st.sampled_from([1, 90]))),
        }
    if draw(st.booleans()):
        pack["effective_to"] = stated("2025-06-30")
    return pack


@st.composite
def people(draw: st.DrawFn) -> Facts:
    turn = draw(DAYS)
    ranks = (
        Dated("junior", FIRST, turn - timedelta(days=1)),
        Dated("senior", turn, draw(st.sampled_from([None, LAST]))),
    )
    hired, left, back = sorted(draw(st.lists(DAYS, min_size=3, max_size=3)))
    if draw(st.booleans()):
        back = left + timedelta(days=1)
    service = (Period(back), Period(hired, left))
    return Facts(
        birth_date=draw(st.one_of(st.none(), st.dates(date(1984, 1, 1), date(1992, 12, 31)))),
        ranks=draw(st.sampled_from([None, (), ranks])),
        stages=draw(st.sampled_from([None, (), ("primary",)])),
        service=draw(st.sampled_from([None, (), service])),
        posts=draw(st.sampled_from([None, (), (Dated("leader", back), Dated("head", hired))])),
        locations=draw(
            st.sampled_from(
                [
                    (),
                    (Dated("rural", date.min),),
                    (Dated("urban", turn),),
                    (Dated("rural", date.min, turn - timedelta(days=1)), Dated("town", turn)),
                ]
            )
        ),
        leaves=draw(
            st.sampled_from([(), (Dated("on_leave", hired, left), Dated("retired", left))])
        ),
    )


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    """Entries and reversals of some of them, each recorded after the one before."""
    entries: list[Entry] = []
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(1, draw(st.sampled_from([16, 12, 8, 3, 0])) + 1):
        moment += timedelta(hours=draw(st.integers(1, 3000)))
        taken = {each.reverses_id for each in entries}
        free = [each for each in entries if each.kind != "reverse" and each.id not in taken]
        amount = draw(AMOUNTS)
        entry = Entry(
            id=UUID(int=number),
            sequence=number * 2,
            kind=draw(
                st.sampled_from(["earn", "earn", "earn", "convert", "exempt", "lend", "repay"])
            ),
            rule_id=draw(st.sampled_from([None, "exemption"])),
            earned_on=draw(EARNED),
            recorded_at=moment,
            hours=amount,
            credits=draw(st.sampled_from([amount, Decimal("5.55")])),
            level=draw(st.sampled_from(["school", *LEVELS, None])),
            content=tuple(draw(st.sets(st.sampled_from(CONTENT)))),
            rank=draw(st.sampled_from([*RANKS, None])),
        )
        if free and draw(st.integers(0, 3)) == 0:
            struck = draw(st.sampled_from(free))
            entry = Entry(
                id=entry.id,
                sequence=entry.sequence,
                kind="reverse",
                earned_on=struck.earned_on,
                recorded_at=moment,
                hours=struck.hours,
                credits=struck.credits,
                reverses_id=struck.id,
            )
        entries.append(entry)
    return entries
