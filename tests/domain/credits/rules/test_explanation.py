from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from app.domain.credits.packs import PackDocument
from app.domain.credits.rules import (
    Award,
    Entry,
    NoAward,
    Source,
    award,
    compile_pack,
    evaluate,
    explain,
)
from tests.domain.credits.histories import DEMO, LAST_DAY, NOBODY, YUEYANG, entry, reversal


def test_an_activity_earns_by_hours_ratio_and_role() -> None:
    attended = Source(earned_on=date(2026, 10, 1), hours=Decimal("2.50"), role="participant")
    spoken = msgspec.structs.replace(attended, role="speaker")
    earned = [award(NOBODY, source, DEMO) for source in (attended, spoken)]
    assert [
        (each.rule_id, str(each.hours), str(each.credits))
        for each in earned
        if isinstance(each, Award)
    ] == [("attendance", "2.50", "2.50"), ("speaking", "5.00", "5.00")]


@pytest.mark.parametrize(
    ("unit", "kind", "earned"),
    [
        # A lesson of 2.50 hours, three hours to a credit; then a prize of 10 in the pack's unit.
        ("credits", "earn", ("2.50", "0.83")),
        ("hours", "earn", ("2.50", "0.83")),
        ("credits", "offset", ("30.00", "10.00")),
        ("hours", "offset", ("10.00", "3.33")),
    ],
)
def test_the_ratio_of_the_pack_makes_credits_of_hours(
    unit: str, kind: str, earned: tuple[str, str]
) -> None:
    written = DEMO.document.model_dump(mode="json", exclude_defaults=True) | {"unit": unit}
    written["hours_per_credit"]["value"] = "3"
    pack = compile_pack(PackDocument.model_validate(written))
    day, level = date(2026, 10, 1), "city"
    source = Source(
        earned_on=day, kind=kind, hours=Decimal("2.50"), source_kind="prize", level=level
    )
    given = award(NOBODY, source, pack)
    assert isinstance(given, Award)
    assert (str(given.hours), str(given.credits)) == earned
    made = entry(
        1,
        on="2026-10-01",
        kind=kind,
        level=level,
        source_kind="prize",
        hours=given.hours,
        credits=given.credits,
    )
    step = explain(NOBODY, [made], pack, made.id, as_of=day).steps[1]
    assert step.code == ("earned_by_factor" if kind == "earn" else "earned_fixed")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (Source(earned_on=date(2026, 10, 1), kind="exempt"), "no_rule"),
        (Source(earned_on=date(2025, 12, 31)), "outside_effective_dates"),
        (Source(earned_on=date(2031, 1, 1)), "outside_effective_dates"),
    ],
)
def test_what_no_rule_covers_earns_nothing_and_says_why(source: Source, code: str) -> None:
    refused = award(NOBODY, source, DEMO)
    assert isinstance(refused, NoAward)
    assert refused.reason.code == code
    assert refused.reason.zh != refused.reason.en


def test_an_explanation_names_the_article_the_cut_and_what_is_assumed() -> None:
    entries = [entry(1, "100.00"), entry(2, "30.00")]
    found = explain(NOBODY, entries, YUEYANG, UUID(int=2), as_of=LAST_DAY)
    codes = [step.code for step in found.steps]
    assert codes == ["entered", "earned_by_factor", "cut_by_cap", "serves", "counted"]
    cut = found.steps[2]
    assert (cut.values["used"], cut.values["cut"], cut.values["amount"]) == (
        "100.00",
        "10.00",
        "20.00",
    )
    assert cut.basis is not None
    assert (cut.basis.article, cut.basis.quote) == ("第25条", "校本培训学分五年不超过120分")
    assert cut.zh == (
        "“校本培训学分五年上限”：每周期至多120.00，此前已计100.00，核减10.00，计20.00。"
    )
    assert cut.en == (
        "“School-based credits in five years”: at most 120.00 in the cycle, 100.00 used; "
        "10.00 is cut, 20.00 counts."
    )
    assert {"hours_per_credit", "calendar.cycle_start"} <= {each.path for each in found.assumptions}
    assert (str(found.earned), str(found.counted)) == ("30.00", "20.00")


@pytest.mark.parametrize(
    ("change", "as_of", "code"),
    [
        (lambda one: [one, reversal(2, one)], LAST_DAY, "struck"),
        (lambda one: [one], date(2014, 2, 28), "outside"),
    ],
)
def test_an_explanation_says_why_an_entry_does_not_count(
    change: Callable[[Entry], list[Entry]], as_of: date, code: str
) -> None:
    entries = change(entry(1))
    found = explain(NOBODY, entries, YUEYANG, UUID(int=1), as_of=as_of)
    assert code in [step.code for step in found.steps]
    assert found.counted == 0


def test_an_amount_that_no_rule_gives_stands_as_entered() -> None:
    odd = entry(1, "3.00", hours=Decimal("8.00"))
    other = entry(2, pack_id="another", pack_version=3)
    for each, code in ((odd, "earned_as_entered"), (other, "recognised_elsewhere")):
        found = explain(NOBODY, [odd, other], YUEYANG, each.id, as_of=LAST_DAY)
        assert found.steps[1].code == code


def test_the_worked_example_of_the_documentation() -> None:
    entries = [
        entry(1, "100.00"),
        entry(2, "30.00"),
        entry(3, "50.00", on="2014-10-05", level="county"),
    ]
    day = date(2014, 12, 1)
    standing = evaluate(NOBODY, entries, YUEYANG, day)
    assert str(standing.totals.counted_credits) == "170.00"
    assert (standing.verdict, standing.verdict_until) == ("open", date(2015, 9, 1))
    assert evaluate(NOBODY, entries, YUEYANG, date(2015, 9, 1)).verdict == "missed"
    written = (Path(__file__).parents[4] / "docs/rules.md").read_text(encoding="utf-8")
    for step in explain(NOBODY, entries, YUEYANG, UUID(int=2), as_of=day).steps:
        assert step.zh in written
    entries.append(reversal(4, entries[0]))
    assert str(evaluate(NOBODY, entries, YUEYANG, day).totals.counted_credits) == "80.00"
