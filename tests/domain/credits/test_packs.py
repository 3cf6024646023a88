import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.domain.credits.packs import (
    PackDocument,
    PackRefused,
    check_together,
    read_pack,
    shipped_packs,
)
from app.domain.credits.packs.document import stated_in
from app.domain.training.evidence_kinds import EvidenceKind

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def document() -> dict[str, Any]:
    written: dict[str, Any] = shipped_packs()["yueyang-demo-2026"].model_dump(
        mode="json", exclude_defaults=True
    )
    return written


def cited(value: Any) -> dict[str, Any]:
    return {"value": value, "citation": {"document": "a document", "article": "1"}}


def since(document: dict[str, Any], event: str, group: str | None = None) -> None:
    own = {"window": "event", "since": {"event": event, "months": cited(12)}, "group": group}
    document["requirements"][1].update(own)


def waiving(document: dict[str, Any], name: str) -> dict[str, Any]:
    title = {"zh": "免修", "en": "exemption"}
    document["exemptions"] = [{"id": "exemption", "title": title, "waives": cited([name])}]
    return document


def refusal(document: dict[str, Any]) -> PackRefused:
    with pytest.raises(PackRefused) as refused:
        read_pack(json.dumps(document))
    return refused.value


@pytest.mark.parametrize(
    ("path", "code", "change"),
    [
        ("caps.0.maximum", "number_uncited", lambda d: d["caps"][0]["maximum"].pop("citation")),
        (
            "caps.1.maximum",
            "assumption_unexplained",
            lambda d: d["caps"][1]["maximum"].pop("decided_by"),
        ),
        (
            "caps.0.maximum",
            "assumption_contradicted",
            lambda d: d["caps"][0]["maximum"].update(decided_by="someone"),
        ),
        ("caps.0.of", "unknown_dimension", lambda d: d["caps"][0]["of"].update(colour=["red"])),
        ("caps.0.of.level.0", "wrong_value", lambda d: d["caps"][0]["of"].update(level=["moon"])),
        (
            "caps.0.maximum.value",
            "below_zero",
            lambda d: d["caps"][0]["maximum"].update(value="-0.01"),
        ),
        (
            "caps.0.maximum.value",
            "amount_not_text",
            lambda d: d["caps"][0]["maximum"].update(value=120.1),
        ),
        (
            "caps.0.maximum.value",
            "wrong_value",
            lambda d: d["caps"][0]["maximum"].update(value="NaN"),
        ),
        ("caps.0.window", "wrong_value", lambda d: d["caps"][0].update(window="fortnight")),
        ("pack", "dates_reversed", lambda d: d["effective_to"].update(value="2025-12-31")),
        ("pack", "id_repeated", lambda d: d["caps"].append(d["caps"][0])),
        ("requirements.1", "one_of", lambda d: d["requirements"][1].pop("at_least")),
        ("earning.0", "one_of", lambda d: d["earning"][0].pop("factor")),
        ("surprise", "unknown_field", lambda d: d.update(surprise=1)),
        (
            "requirements.0",
            "unbroken_is_whole",
            lambda d: d["requirements"][0].update(
                unbroken=cited(True), at_least=None, some=cited(True)
            ),
        ),
        (
            "requirements.1",
            "unbroken_is_whole",
            lambda d: d["requirements"][1].update(unbroken=cited(True), carry_over=cited("1.00")),
        ),
        (
            "pack",
            "waives_outside_exemptions",
            lambda d: d["earning"][0].update(waives=cited([d["requirements"][0]["id"]])),
        ),
        ("pack", "requirement_unknown", lambda d: waiving(d, "moon")),
        (
            "pack",
            "waives_carried_over",
            lambda d: (
                waiving(d, d["requirements"][1]["id"]),
                d["requirements"][1].update(carry_over=cited("1.00")),
            ),
        ),
        (
            "pack",
            "rule_unknown",
            lambda d: d.update(
                procedure={"evidence": [{"rule": "moon", "kinds": cited(["certificate"])}]}
            ),
        ),
        ("calendar.cycle_start", "field_missing", lambda d: d["calendar"].pop("cycle_start")),
        (
            "calendar.cycle_start",
            "day_without_anniversary",
            lambda d: d["calendar"]["cycle_start"].update(value="2028-02-29"),
        ),
        (
            "requirements.5.who",
            "ages_reversed",
            lambda d: d["requirements"][5]["who"].update(
                age_from=d["requirements"][5]["who"]["age_to"] | {"value": 36}
            ),
        ),
        (
            "requirements.5.who",
            "one_of",
            lambda d: d["requirements"][5]["who"].update(
                age_under=d["requirements"][5]["who"]["age_to"]
            ),
        ),
        ("caps.0", "cap_since_event", lambda d: d["caps"][0].update(window="event")),
        (
            "requirements.1",
            "event_and_window",
            lambda d: d["requirements"][1].update(window="event"),
        ),
        ("requirements.1", "event_unknown", lambda d: since(d, "appointment")),
        ("requirements.1", "event_stands_alone", lambda d: since(d, "recruitment", group="total")),
        (
            "requirements.0",
            "some_is_no_amount",
            lambda d: d["requirements"][0].update(carry_over=cited("1.00")),
        ),
        (
            "requirements.1",
            "carry_over_impossible",
            lambda d: d["requirements"][1].update(
                carry_over=cited("1.00"), on_change=cited("pro_rata")
            ),
        ),
        (
            "pack",
            "group_mixed",
            lambda d: d["requirements"][1].update(on_change=cited("pro_rata")),
        ),
        ("pack", "not_refinable", lambda d: d["rounding"].update(refinable="raise")),
        (
            "leave.states",
            "wrong_value",
            lambda d: d.update(
                leave={"states": [], "effect": cited("waives"), "from_days": cited(90)}
            ),
        ),
        (
            "rounding_step.value",
            "wrong_value",
            lambda d: d.update(rounding_step=cited("0.00")),
        ),
    ],
)
def test_a_bad_pack_is_refused_by_place_and_code(
    document: dict[str, Any], path: str, code: str, change: Change
) -> None:
    change(document)
    problems = refusal(document).problems
    assert [(each.path, each.code) for each in problems] == [(path, code)]
    assert problems[0].zh != problems[0].en


def test_every_problem_is_named_at_once(document: dict[str, Any]) -> None:
    document["caps"][0]["maximum"].pop("citation")
    document["caps"][1]["of"]["colour"] = ["red"]
    refused = refusal(document)
    assert [each.code for each in refused.problems] == ["number_uncited", "unknown_dimension"]
    assert "colour" in refused.message("zh")
    assert "caps.0.maximum" in refused.message("en")


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(PackRefused) as refused:
        read_pack(b"{")
    assert [each.code for each in refused.value.problems] == ["not_json"]


def test_two_packs_of_a_unit_may_not_be_in_force_on_one_day(document: dict[str, Any]) -> None:
    one = PackDocument.model_validate(document)
    document["version"] = 2
    document["effective_to"]["value"] = "2035-12-31"
    for first_day, problems in (("2031-01-01", 0), ("2030-12-31", 1)):
        document["effective_from"]["value"] = first_day
        later = PackDocument.model_validate(document)
        if problems:
            with pytest.raises(PackRefused) as refused:
                check_together([one, later])
            assert [each.code for each in refused.value.problems] == ["dates_overlap"]
        else:
            check_together([one, later])


def test_a_pack_survives_being_written_and_read_again() -> None:
    for pack in shipped_packs().values():
        assert read_pack(pack.model_dump_json()) == pack


def test_yueyang_states_what_article_25_says_and_assumes_the_rest() -> None:
    pack = shipped_packs()["yueyang-2013"]
    cap = pack.caps[0].maximum
    assert (cap.value, cap.assumed) == (Decimal(120), False)
    assert cap.citation is not None
    assert cap.citation.quote == "校本培训学分五年不超过120分"
    stated = {path for path, each in stated_in(pack) if not each.assumed}
    assert stated == {
        "calendar.cycle_years",
        "caps.school-based-five-years.maximum",
        "requirements.school-based-every-year.some",
        "purposes.for-appraisal.ground",
        "purposes.for-appointment.ground",
        "purposes.for-title-review.ground",
        "purposes.for-backbone-selection.ground",
    }


def test_baoshan_states_the_hours_of_its_plan_and_settles_the_middle_rank() -> None:
    pack = shipped_packs()["baoshan-12-5"]
    hours = {each.id: str(each.at_least.value) for each in pack.requirements if each.at_least}
    assert hours == {
        "total-junior-middle": "360.00",
        "total-senior": "540.00",
        "senior-self-study": "180.00",
        "total-auxiliary": "60.00",
        "class-heads": "30.00",
        "school-cadres": "240.00",
        "new-middle-leaders": "300.00",
        "trainers-each-year": "72.00",
    }
    assert all(not each.ground.assumed for each in pack.requirements)
    settled = next(each for each in pack.readings if each.id == "middle-rank")
    assert settled.assumed
    bands = [each.who.ranks for each in pack.requirements if each.id.startswith("total-")]
    assert sum("first_grade" in ranks for ranks in bands) == 1


def test_the_demonstration_is_marked_synthetic_and_cites_article_25() -> None:
    pack = shipped_packs()["yueyang-demo-2026"]
    assert pack.synthetic
    cited = {path for path, each in stated_in(pack) if not each.assumed}
    assert cited == {
        "calendar.cycle_years",
        "caps.school-based-five-years.maximum",
        "requirements.school-based-every-year.some",
        "purposes.for-appraisal.ground",
        "purposes.for-appointment.ground",
        "purposes.for-title-review.ground",
        "purposes.for-backbone-selection.ground",
    }


def test_no_shipped_number_is_without_ground_and_secondary_sources_are_named() -> None:
    """Of the six that were known by their text alone none cites another's summary."""
    via = {
        pack.id
        for pack in shipped_packs().values()
        for _, each in stated_in(pack)
        if each.citation and each.citation.via
    }
    assert via == {"jiangsu-2016", "xunyang-2014", "zhejiang-local-2011"}
    assert all(pack.readings for pack in shipped_packs().values())


def test_every_kind_of_evidence_is_one_that_can_be_handed_in() -> None:
    asked = {
        kind
        for pack in shipped_packs().values()
        for rule in (*pack.earning, *pack.conversions, *pack.offsets, *pack.exemptions)
        for kind in rule.evidence
    }
    assert asked
    assert asked <= set(EvidenceKind)
