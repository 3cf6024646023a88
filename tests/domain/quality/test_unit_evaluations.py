import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.database.migrations import all_tables
from app.database.pool import Pool
from app.domain.access.accounts import AccountNotFound
from app.domain.access.roles import Duty, Role
from app.domain.errors import NotAllowed
from app.domain.organisation.departments import DepartmentNotFound
from app.domain.organisation.reorganisations import Move, move_school
from app.domain.paging import PageRequest
from app.domain.people.facts.engagement import ServicePlace
from app.domain.quality.unit_evaluations import (
    AppealDecidedByPublisher,
    AppealDecision,
    AppealTooLate,
    EvaluationAnsweredElsewhere,
    EvaluationAppeal,
    EvaluationResult,
    EvaluationWithoutStanding,
    EvaluatorAppointment,
    EvaluatorHasVerified,
    EvaluatorNotAppointed,
    EvaluatorNotFound,
    EvaluatorOfOwnUnit,
    IndicatorNotInSheet,
    SelfInspection,
    SelfInspectionIncomplete,
    UnitEvaluationNotFound,
    UnitEvaluationWrongState,
    VerificationsMissing,
    VerificationWithoutReason,
    VerifiedValues,
    VerifiedValueUnfit,
    acknowledge_check_order,
    appeal_unit_evaluation,
    appoint_evaluators,
    decide_evaluation_appeal,
    get_unit_evaluation,
    hand_in_self_inspection,
    list_evaluation_values,
    list_evaluators,
    list_unit_evaluations,
    list_verifications,
    publish_unit_evaluation,
    remove_evaluator,
    verify_unit_evaluation,
    write_self_inspection,
)
from app.domain.training.files import FileNotFound
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_account, make_city
from tests.make_evaluations import (
    appoint,
    found,
    make_appealed,
    make_evaluation_of_school,
    make_evaluator,
    make_handed_in,
    make_published,
)
from tests.make_evidence import make_file
from tests.make_organisation import make_department

RESULT = EvaluationResult(opinion="活动次数不足。")


def said(**more: Any) -> SelfInspection:
    return SelfInspection.model_validate({"judgement": "制度健全"} | more)


async def acts(db: Connection, person: Person, row: Row) -> AsyncIterator[Any]:
    """What a unit does with its own evaluation."""
    key = {"evaluation_id": row["id"]}
    yield acknowledge_check_order(db, person.actor, **key, now=NOW)
    yield write_self_inspection(db, person.actor, **key, said=said())
    yield hand_in_self_inspection(db, person.actor, **key, now=NOW)


async def test_the_unit_alone_speaks_for_itself(db: Connection, city: City) -> None:
    row = await make_evaluation_of_school(db, city)
    for person, refusal in (
        (city.county_admin, EvaluationAnsweredElsewhere),
        (city.auditor, NotAllowed),
        (city.sibling_admin, UnitEvaluationNotFound),
    ):
        async for act in acts(db, person, row):
            with pytest.raises(refusal):
                await act
    school, key = city.school_admin.actor, {"evaluation_id": row["id"]}
    assert await get_unit_evaluation(db, school, **key) == row
    first = await acknowledge_check_order(db, school, **key, now=NOW)
    later = NOW + timedelta(days=1)
    assert await acknowledge_check_order(db, school, **key, now=later) == first


async def test_of_two_who_publish_at_once_one_is_told(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        row = await make_handed_in(db, city)
        person = await make_evaluator(db, city)
        await appoint(db, city, row, person)
        values = found(rules="1", effect="8")
        await verify_unit_evaluation(
            db, person.actor, evaluation_id=row["id"], found=values, now=NOW
        )

    async def publish(by: Person) -> Any:
        async with real_pool.transaction() as db:
            return await publish_unit_evaluation(
                db, by.actor, evaluation_id=row["id"], result=RESULT, now=NOW
            )

    told = await asyncio.gather(
        publish(city.county_admin), publish(city.city_admin), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in told) == ["UnitEvaluationWrongState", "dict"]


async def test_what_is_said_takes_the_place_of_what_was_said(db: Connection, city: City) -> None:
    row, actor = await make_evaluation_of_school(db, city), city.school_admin.actor
    file = await make_file(db, city.school, city.school_admin)
    claim = {"indicator": "rules", "value": "1", "file_ids": [file["id"], file["id"]]}
    for claims, shown in (([claim], (1, [file["id"]])), ([], (None, []))):
        before = db.statements
        await write_self_inspection(db, actor, evaluation_id=row["id"], said=said(claims=claims))
        assert db.statements - before <= 8
        values = await list_evaluation_values(db, actor, evaluation_id=row["id"])
        [rules] = [each for each in values if each["indicator"] == "rules"]
        assert (rules["claimed"], rules["file_ids"]) == shown


async def test_what_cannot_be_said(db: Connection, city: City) -> None:
    row, actor = await make_evaluation_of_school(db, city), city.school_admin.actor
    foreign = await make_file(db, city.far_school, city.city_admin)
    for claims, refusal in (
        ([{"indicator": "other"}], IndicatorNotInSheet),
        ([{"indicator": "rules"}, {"indicator": "rules"}], IndicatorNotInSheet),
        ([{"indicator": "rules", "file_ids": [foreign["id"]]}], FileNotFound),
        ([{"indicator": "rules", "file_ids": [new_id()]}], FileNotFound),
    ):
        with pytest.raises(refusal):
            await write_self_inspection(
                db, actor, evaluation_id=row["id"], said=said(claims=claims)
            )
    for given in (None, said()):
        if given:
            await write_self_inspection(db, actor, evaluation_id=row["id"], said=given)
        with pytest.raises(SelfInspectionIncomplete) as refused:
            await hand_in_self_inspection(db, actor, evaluation_id=row["id"], now=NOW)
        assert refused.value.details == {"names": "rules"}
    assert (await get_unit_evaluation(db, actor, evaluation_id=row["id"]))["state"] == "open"


async def test_what_was_handed_in_is_not_changed(db: Connection, city: City) -> None:
    row = await make_handed_in(db, city)
    with pytest.raises(UnitEvaluationWrongState):
        await write_self_inspection(
            db, city.school_admin.actor, evaluation_id=row["id"], said=said()
        )
    again = hand_in_self_inspection(db, city.school_admin.actor, evaluation_id=row["id"], now=NOW)
    with pytest.raises(UnitEvaluationWrongState):
        await again


async def teaching_officer(
    db: Connection, city: City, teacher: Row, name: str, **served: date
) -> Person:
    """An officer of the county's evaluating department who taught at the school for a while."""
    department = await make_department(db, city.county, Duty.EVALUATE, name=name)
    place = {each: teacher[each] for each in ("city_id", "county_id", "school_id")}
    person = await make_account(
        db, name, Role.DEPARTMENT_OFFICER, department, teacher_id=teacher["id"], **place
    )
    await serve(db, city, teacher, **served)
    return person


async def serve(db: Connection, city: City, teacher: Row, **served: date) -> None:
    """Let a teacher teach at the school besides."""
    place = {"school_id": city.school["id"], "kind": "support", "recorded_at": NOW}
    row = {"id": new_id(), "teacher_id": teacher["id"], **place, **served}
    await db.insert(ServicePlace, row)


async def test_nobody_evaluates_their_own_school(db: Connection, city: City) -> None:
    row = await make_handed_in(db, city)
    first = date(2015, 9, 1)
    # One left within the period that is looked at, the other on the day on which it began.
    former, long_ago = [
        await teaching_officer(db, city, teacher, name, valid_from=first, valid_to=left)
        for teacher, name, left in (
            (city.far_teacher, "曾在该校", date(2026, 10, 1)),
            (city.direct_teacher, "早已离开", date(2026, 9, 1)),
        )
    ]
    at_city = {name: city.city[name] for name in ("county_id", "school_id")}
    runs_it = await make_account(db, "over.school", Role.CITY_ADMIN, city.school, **at_city)
    for person in (city.teacher_account, city.school_admin, runs_it, former):
        with pytest.raises(EvaluatorOfOwnUnit):
            await appoint(db, city, row, person)
    assert await list_evaluators(db, city.school_admin.actor, evaluation_id=row["id"]) == []
    await appoint(db, city, row, long_ago, city.sibling_admin)
    names = await list_evaluators(db, city.school_admin.actor, evaluation_id=row["id"])
    assert [each["name"] for each in names] == ["早已离开", "sibling.admin"]
    # Who comes to teach there afterwards is refused when it comes to it; so is who acts for them.
    await serve(db, city, city.direct_teacher, valid_from=date(2026, 11, 1))
    delegate = await make_evaluator(db, city)
    for actor in (
        long_ago.actor,
        replace(delegate.actor, on_behalf_of=long_ago.actor.account_id),
    ):
        with pytest.raises(EvaluatorOfOwnUnit):
            await verify_unit_evaluation(
                db, actor, evaluation_id=row["id"], found=found(rules="1"), now=NOW
            )


async def test_several_departments_evaluate_together(db: Connection, city: City) -> None:
    row = await make_handed_in(db, city)
    people = [await make_evaluator(db, city, name) for name in ("师训科", "教研室")]
    departments = [await make_department(db, city.county, name=name) for name in ("甲", "乙")]
    given = {
        "unit_ids": [row["unit_id"]],
        "evaluators": [
            {"account_id": person.actor.account_id, "department_id": department["id"]}
            for person, department in zip(people, departments, strict=True)
        ],
    }
    actor = city.county_admin.actor
    appointment = EvaluatorAppointment.model_validate(given)
    for _ in range(2):  # Whoever is one already stays so.
        await appoint_evaluators(
            db, actor, order_id=row["order_id"], appointment=appointment, now=NOW
        )
    shown = await list_evaluators(db, actor, evaluation_id=row["id"])
    assert [each["department_id"] for each in shown] == [each["id"] for each in departments]
    for person, indicator in zip(people, ("rules", "effect"), strict=True):
        values = found(**{indicator: "1"})
        await verify_unit_evaluation(
            db, person.actor, evaluation_id=row["id"], found=values, now=NOW
        )
    verified = await list_verifications(db, actor, evaluation_id=row["id"])
    assert [(each["verifier"], each["indicator"]) for each in verified] == [
        ("师训科", "rules"), ("教研室", "effect"),
    ]  # fmt: skip


async def test_who_cannot_be_appointed(db: Connection, city: City) -> None:
    row = await make_handed_in(db, city)
    person = await make_evaluator(db, city)
    elsewhere = await make_department(db, city.other_county)
    one = {"account_id": person.actor.account_id}
    wrong: list[tuple[dict[str, Any], list[Any], type[Exception]]] = [
        ({"account_id": new_id()}, [row["unit_id"]], AccountNotFound),
        ({"account_id": city.integration.actor.account_id}, [row["unit_id"]], AccountNotFound),
        # Of people elsewhere in the city a county learns nothing, not that there are such either.
        (
            {"account_id": city.other_county_admin.actor.account_id},
            [row["unit_id"]],
            AccountNotFound,
        ),
        ({"account_id": city.city_admin.actor.account_id}, [row["unit_id"]], AccountNotFound),
        (one | {"department_id": elsewhere["id"]}, [row["unit_id"]], DepartmentNotFound),
        (one, [city.far_school["id"]], UnitEvaluationNotFound),
    ]
    for evaluator, unit_ids, refusal in wrong:
        given = {"unit_ids": unit_ids, "evaluators": [evaluator]}
        appointment = EvaluatorAppointment.model_validate(given)
        with pytest.raises(refusal):
            await appoint_evaluators(
                db, city.county_admin.actor, order_id=row["order_id"], appointment=appointment,
                now=NOW,
            )  # fmt: skip
    with pytest.raises(EvaluatorNotAppointed):
        await verify_unit_evaluation(
            db, person.actor, evaluation_id=row["id"], found=found(rules="1"), now=NOW
        )
    assert await list_verifications(db, city.county_admin.actor, evaluation_id=row["id"]) == []


async def test_who_finds_another_value_says_why(db: Connection, city: City) -> None:
    row = await make_handed_in(db, city)
    person = await make_evaluator(db, city)
    await appoint(db, city, row, person)
    key: Any = {"evaluation_id": row["id"], "now": NOW}
    for values, refusal in (
        (found(activities="2"), VerificationWithoutReason),
        (found(rules="2"), VerifiedValueUnfit),
        (found(effect="11"), VerifiedValueUnfit),
        (found(other="1"), IndicatorNotInSheet),
    ):
        with pytest.raises(refusal):
            await verify_unit_evaluation(db, person.actor, **key, found=values)
    explained = VerifiedValues.model_validate(
        {"values": [{"indicator": "activities", "value": "2", "reason": "另有一次有记录"}]}
    )
    await verify_unit_evaluation(db, person.actor, **key, found=explained)
    # What the register says needs no reason.
    await verify_unit_evaluation(db, person.actor, **key, found=found(attendance="50"))
    with pytest.raises(VerificationsMissing) as refused:
        await publish_unit_evaluation(db, city.county_admin.actor, **key, result=RESULT)
    assert refused.value.details == {"names": "rules, effect"}


async def test_what_is_owed_is_judged_once_its_day_is_over(db: Connection, city: City) -> None:
    row = await make_evaluation_of_school(db, city)
    person = await make_evaluator(db, city)
    await appoint(db, city, row, person)
    values = found(rules="0", effect="0")
    for moment, refused in ((NOW, True), (NOW + timedelta(days=21), False)):
        key: Any = {"evaluation_id": row["id"], "now": moment}
        if refused:
            with pytest.raises(UnitEvaluationWrongState):
                await verify_unit_evaluation(db, person.actor, **key, found=values)
            with pytest.raises(UnitEvaluationWrongState):
                await publish_unit_evaluation(db, city.county_admin.actor, **key, result=RESULT)
            continue
        await verify_unit_evaluation(db, person.actor, **key, found=values)
        done = await publish_unit_evaluation(db, city.county_admin.actor, **key, result=RESULT)
        assert (done["handed_in_at"], done["score"]) == (None, Decimal(10))


async def test_an_appeal_has_its_days_and_another_decides(db: Connection, city: City) -> None:
    row = await make_published(db, city)
    appeal = EvaluationAppeal(appeal="漏登")
    with pytest.raises(AppealTooLate):
        await appeal_unit_evaluation(
            db, city.school_admin.actor, evaluation_id=row["id"], said=appeal,
            now=NOW + timedelta(days=16),
        )  # fmt: skip
    await appeal_unit_evaluation(
        db, city.school_admin.actor, evaluation_id=row["id"], said=appeal, now=NOW
    )
    stands = AppealDecision(reply="维持原结果")
    with pytest.raises(AppealDecidedByPublisher):
        await decide_evaluation_appeal(
            db, city.county_admin.actor, evaluation_id=row["id"], decision=stands, now=NOW
        )
    done = await decide_evaluation_appeal(
        db, city.city_admin.actor, evaluation_id=row["id"], decision=stands, now=NOW
    )
    assert (done["appeal_outcome"], done["score"], done["score_before"]) == ("upheld", 44, None)
    with pytest.raises(UnitEvaluationWrongState):
        await appeal_unit_evaluation(
            db, city.school_admin.actor, evaluation_id=row["id"], said=appeal, now=NOW
        )


async def test_for_whom_it_was_published_decides_no_appeal(db: Connection, city: City) -> None:
    row, person = await make_handed_in(db, city), await make_evaluator(db, city)
    await appoint(db, city, row, person)
    key: Any = {"evaluation_id": row["id"], "now": NOW}
    values = found(rules="1", effect="8")
    await verify_unit_evaluation(db, person.actor, **key, found=values)
    county = city.county_admin.actor
    deputy = replace(county, account_id=person.actor.account_id, on_behalf_of=county.account_id)
    await publish_unit_evaluation(db, deputy, **key, result=RESULT)
    said_no = EvaluationAppeal(appeal="漏登")
    await appeal_unit_evaluation(db, city.school_admin.actor, **key, said=said_no)
    for actor in (county, deputy):
        with pytest.raises(AppealDecidedByPublisher):
            await decide_evaluation_appeal(
                db, actor, **key, decision=AppealDecision(reply="维持原结果")
            )


async def test_who_belongs_to_the_unit_does_not_read_what_is_found(
    db: Connection, city: City
) -> None:
    row = await make_handed_in(db, city)
    # A teacher of the school who administers the county, too.
    own = replace(city.county_admin.actor, account_id=city.teacher_account.actor.account_id)
    with pytest.raises(EvaluatorOfOwnUnit):
        await list_verifications(db, own, evaluation_id=row["id"])


async def test_a_changed_value_of_an_appeal_is_explained_too(db: Connection, city: City) -> None:
    row = await make_appealed(db, city)
    other = await make_account(db, "county.second", Role.COUNTY_ADMIN, city.county)
    decision = AppealDecision.model_validate(
        {"reply": "属实", "values": [{"indicator": "activities", "value": "2"}]}
    )
    with pytest.raises(VerificationWithoutReason):
        await decide_evaluation_appeal(
            db, other.actor, evaluation_id=row["id"], decision=decision, now=NOW
        )
    assert (await get_unit_evaluation(db, other.actor, evaluation_id=row["id"]))["score"] == 44


async def test_what_an_evaluation_found_is_no_path_to_a_teacher() -> None:
    """The ministry's notice on burdens: traces and ledgers are no basis for evaluating teachers."""
    tables = all_tables().tables
    ours = {
        "indicator_sheet", "check_order", "unit_evaluation", "evaluation_value",
        "evaluation_evidence", "evaluator", "verification", "rectification",
    }  # fmt: skip
    for name in ours:
        targets = {key.target_fullname for column in tables[name].c for key in column.foreign_keys}
        assert "teacher.id" not in targets
        assert "teacher_id" not in tables[name].c
    referring = {
        table.name
        for table in tables.values()
        for column in table.c
        for key in column.foreign_keys
        if key.target_fullname.split(".")[0] in ours
    }
    assert not {name for name in referring if "teacher_id" in tables[name].c}


async def test_the_list_of_an_order_says_who_owes(db: Connection, city: City) -> None:
    row = await make_handed_in(db, city)
    county = city.county_admin.actor
    for handed_in, keys in ((True, [row["id"]]), (False, [])):
        page = await list_unit_evaluations(
            db, county, page=PageRequest(), order_id=row["order_id"], handed_in=handed_in
        )
        assert [each["id"] for each in page.items] == keys


async def test_an_appointment_is_taken_back_before_a_value_is_given(
    db: Connection, city: City
) -> None:
    row, county = await make_handed_in(db, city), city.county_admin.actor
    first, second = [await make_evaluator(db, city, name) for name in ("师训科", "教研室")]
    await appoint(db, city, row, first, second)
    shown = await list_evaluators(db, county, evaluation_id=row["id"])
    keys = {each["name"]: each["id"] for each in shown}
    own = replace(county, account_id=city.teacher_account.actor.account_id)
    for actor, refusal in (
        (city.school_admin.actor, NotAllowed),
        (city.other_county_admin.actor, EvaluatorNotFound),
        (own, EvaluatorOfOwnUnit),
    ):
        with pytest.raises(refusal):
            await remove_evaluator(db, actor, evaluator_id=keys["师训科"])
    assert await list_evaluators(db, county, evaluation_id=row["id"]) == shown
    # What a delegate finds is found for who appointed them.
    by = replace(
        second.actor,
        account_id=city.sibling_admin.actor.account_id,
        on_behalf_of=second.actor.account_id,
    )
    await verify_unit_evaluation(
        db, first.actor, evaluation_id=row["id"], found=found(rules="1"), now=NOW
    )
    with pytest.raises(EvaluatorHasVerified):
        await remove_evaluator(db, county, evaluator_id=keys["师训科"])
    removed = await remove_evaluator(db, county, evaluator_id=keys["教研室"])
    assert removed["name"] == "教研室"
    with pytest.raises(EvaluatorNotAppointed):
        await verify_unit_evaluation(
            db, by, evaluation_id=row["id"], found=found(effect="1"), now=NOW
        )
    left = await list_evaluators(db, county, evaluation_id=row["id"])
    assert [each["name"] for each in left] == ["师训科"]


async def test_of_a_school_that_moved_the_bureau_that_ordered_finishes(
    db: Connection, city: City
) -> None:
    row = await make_handed_in(db, city)
    person = await make_evaluator(db, city)
    await appoint(db, city, row, person)
    move = Move(bureau_id=city.other_county["id"])
    await move_school(db, city.city_admin.actor, unit_id=city.school["id"], move=move, now=NOW)
    key: Any = {"evaluation_id": row["id"]}
    await verify_unit_evaluation(
        db, person.actor, **key, found=found(rules="1", effect="8"), now=NOW
    )
    there = city.other_county_admin.actor
    assert (await get_unit_evaluation(db, there, **key))["state"] == "handed_in"
    with pytest.raises(EvaluationWithoutStanding):
        await publish_unit_evaluation(db, there, **key, result=RESULT, now=NOW)
    with pytest.raises(EvaluationWithoutStanding):
        await list_verifications(db, there, **key)
    county = city.county_admin.actor
    done = await publish_unit_evaluation(db, county, **key, result=RESULT, now=NOW)
    assert (done["state"], done["county_id"]) == ("published", city.other_county["id"])
    assert len(await list_evaluators(db, county, **key)) == 1
    listed = await list_unit_evaluations(db, county, page=PageRequest())
    assert [each["id"] for each in listed.items] == [row["id"]]
    # No other school of theirs is shown with it.
    with pytest.raises(UnitEvaluationNotFound):
        await get_unit_evaluation(db, city.sibling_admin.actor, **key)
