"""One evaluation from the order to the appeal, and a city over its counties, as those concerned play it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.quality.check_orders import list_check_orders
from app.domain.quality.evaluation_results import list_evaluation_results
from app.domain.quality.rectifications import (
    NewRectification,
    RectificationConclusion,
    RectificationProof,
    ask_rectification,
    conclude_rectification,
    prove_rectification,
)
from app.domain.quality.unit_evaluations import (
    AppealDecision,
    EvaluationAppeal,
    EvaluationResult,
    EvaluationWithoutStanding,
    SelfInspection,
    acknowledge_check_order,
    appeal_unit_evaluation,
    decide_evaluation_appeal,
    hand_in_self_inspection,
    list_evaluation_values,
    list_unit_evaluations,
    list_verifications,
    publish_unit_evaluation,
    verify_unit_evaluation,
    write_self_inspection,
)
from app.sql import Connection, Row
from tests.make import NOW, City, make_account
from tests.make_evaluations import (
    INDICATORS,
    appoint,
    found,
    make_evaluator,
    make_held_activity,
    make_order,
    make_sheet,
)
from tests.make_evidence import make_file


async def order_check(db: Connection, city: City) -> Row:
    """The county orders a check of its schools: the evaluation of the one that held something."""
    await make_held_activity(db, city)
    order = await make_order(db, city.county, city.county_admin)
    school, county = city.school_admin.actor, city.county_admin.actor
    seen = (await list_check_orders(db, school, page=PageRequest())).items
    assert [row["id"] for row in seen] == [order["id"]]
    both = await list_unit_evaluations(db, county, page=PageRequest(), order_id=order["id"])
    assert {row["unit_id"] for row in both.items} == {city.school["id"], city.sibling["id"]}
    [own] = (await list_unit_evaluations(db, school, page=PageRequest())).items
    return await acknowledge_check_order(db, school, evaluation_id=own["id"], now=NOW)


async def lines_of(db: Connection, city: City, own: Row) -> dict[str, Row]:
    """The three values of each indicator, as the school sees them."""
    rows = await list_evaluation_values(db, city.school_admin.actor, evaluation_id=own["id"])
    return {row["indicator"]: row for row in rows}


async def inspect_oneself(db: Connection, city: City, own: Row) -> Row:
    """What is computed is there already; the school adds what only it knows, and hands in."""
    values = await lines_of(db, city, own)
    assert list(values) == [each["code"] for each in INDICATORS]
    assert (values["activities"]["computed"], values["activities"]["denominator"]) == (1, None)
    shown = values["attendance"]
    assert (shown["numerator"], shown["denominator"], shown["computed"]) == (1, 2, Decimal(50))
    assert str(city.school["id"]) in shown["rows"]
    file = await make_file(db, city.school, city.school_admin)
    said = SelfInspection.model_validate(
        {
            "judgement": "活动偏少。", "expected_effects": "人人上台", "achieved_effects": "半数上台",
            "claims": [
                {"indicator": "rules", "value": "1", "note": "已印发", "file_ids": [file["id"]]},
                {"indicator": "activities", "value": "2", "note": "另有一次未登记"},
            ],
        }
    )  # fmt: skip
    school = city.school_admin.actor
    await write_self_inspection(db, school, evaluation_id=own["id"], said=said)
    row = await hand_in_self_inspection(db, school, evaluation_id=own["id"], now=NOW)
    assert (row["state"], row["judgement"]) == ("handed_in", "活动偏少。")
    owed = await list_unit_evaluations(
        db, city.county_admin.actor, page=PageRequest(), order_id=own["order_id"], handed_in=False
    )
    assert [each["unit_id"] for each in owed.items] == [city.sibling["id"]]
    return file


async def evaluate(db: Connection, city: City, own: Row) -> None:
    """What the evaluators find the school does not see; then one of four activities, the rules, 8 of 10."""
    school, county, key = city.school_admin.actor, city.county_admin.actor, own["id"]
    evaluator = await make_evaluator(db, city)
    await appoint(db, city, own, evaluator)
    await verify_unit_evaluation(
        db, evaluator.actor, evaluation_id=key, found=found(rules="1", effect="8"), now=NOW
    )
    assert len(await list_verifications(db, county, evaluation_id=key)) == 2
    with pytest.raises(NotAllowed):
        await list_verifications(db, school, evaluation_id=key)
    assert {line["verified"] for line in (await lines_of(db, city, own)).values()} == {None}
    row = await publish_unit_evaluation(
        db, county, evaluation_id=key, result=EvaluationResult(opinion="活动次数不足。"), now=NOW
    )
    assert (row["state"], row["score"]) == ("published", Decimal(10 + 0 + 10 + 24))
    line = (await lines_of(db, city, own))["activities"]
    assert [line[name] for name in ("computed", "claimed", "verified", "points")] == [1, 2, 1, 10]


async def put_right(db: Connection, city: City, own: Row, file: Row) -> None:
    """A problem: asked for, proved, returned, proved again, closed."""
    school, county = city.school_admin.actor, city.county_admin.actor
    new = NewRectification.model_validate(
        {"problem": "次数较少", "measure": "每月两次", "due_on": "2026-12-31"}
    )
    asked = await ask_rectification(db, county, evaluation_id=own["id"], new=new, now=NOW)
    proof = RectificationProof(proof="十二月已开展两次", file_id=file["id"])
    for accepted, state in ((False, "returned"), (True, "closed")):
        await prove_rectification(db, school, rectification_id=asked["id"], said=proof, now=NOW)
        conclusion = RectificationConclusion(accepted=accepted, conclusion="已核")
        asked = await conclude_rectification(
            db, county, rectification_id=asked["id"], conclusion=conclusion, now=NOW
        )
        assert asked["state"] == state


async def appeal(db: Connection, city: City, own: Row) -> None:
    """Another than who published decides, and the score is counted anew."""
    said = EvaluationAppeal(appeal="十月十五日的活动漏登，已补录")
    school, key = city.school_admin.actor, own["id"]
    await appeal_unit_evaluation(db, school, evaluation_id=key, said=said, now=NOW)
    second = await make_account(db, "county.second", Role.COUNTY_ADMIN, city.county)
    decision = AppealDecision.model_validate(
        {
            "reply": "经核属实",
            "values": [{"indicator": "activities", "value": "2", "reason": "补录一次"}],
        }
    )
    row = await decide_evaluation_appeal(
        db, second.actor, evaluation_id=key, decision=decision, now=NOW + timedelta(days=3)
    )
    assert (row["state"], row["appeal_outcome"]) == ("settled", "changed")
    assert (row["score_before"], row["score"]) == (Decimal(44), Decimal(54))


async def test_an_evaluation_from_the_order_to_the_appeal(db: Connection, city: City) -> None:
    own = await order_check(db, city)
    file = await inspect_oneself(db, city, own)
    await evaluate(db, city, own)
    assert (await lines_of(db, city, own))["rules"]["file_ids"] == [file["id"]]
    await put_right(db, city, own, file)
    await appeal(db, city, own)
    # And that is what the school's annual assessment is given.
    [result] = await list_evaluation_results(
        db, city.county_admin.actor, unit_id=city.county["id"], school_year=2026
    )
    told = ("unit_id", "score", "total", "rectifications", "rectified")
    assert [result[name] for name in told] == [city.school["id"], 54, 100, 1, 1]


async def test_a_city_evaluates_its_counties_and_no_county_itself(
    db: Connection, city: City
) -> None:
    await make_held_activity(db, city)
    sheet = await make_sheet(db, city.city, city.city_admin, evaluated="county")
    order = await make_order(
        db, city.city, city.city_admin, city.county, city.other_county, sheet=sheet
    )
    county = city.county_admin.actor
    [own] = (await list_unit_evaluations(db, county, page=PageRequest())).items
    assert (own["unit_id"], own["by_unit_id"]) == (city.county["id"], city.city["id"])
    values = await list_evaluation_values(db, county, evaluation_id=own["id"])
    # What its schools did is the county's.
    assert values[0]["computed"] == 1
    said = SelfInspection.model_validate(
        {"judgement": "自查报告", "claims": [{"indicator": "rules", "value": "0"}]}
    )
    await write_self_inspection(db, county, evaluation_id=own["id"], said=said)
    await hand_in_self_inspection(db, county, evaluation_id=own["id"], now=NOW)
    for act in (
        verify_unit_evaluation(
            db, county, evaluation_id=own["id"], found=found(rules="1"), now=NOW
        ),
        publish_unit_evaluation(
            db, county, evaluation_id=own["id"], result=EvaluationResult(opinion="好"), now=NOW
        ),
        list_verifications(db, county, evaluation_id=own["id"]),
    ):
        with pytest.raises(EvaluationWithoutStanding):
            await act
    collected = await list_unit_evaluations(
        db, city.city_admin.actor, page=PageRequest(), order_id=order["id"], handed_in=True
    )
    assert [row["unit_id"] for row in collected.items] == [city.county["id"]]
