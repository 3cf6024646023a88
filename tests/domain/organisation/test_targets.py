from datetime import date
from typing import Any

import pytest

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.organisation.assignments import AssignmentEnded, AssignmentNotFound, end_assignment
from app.domain.organisation.targets import (
    NewTarget,
    TargetNotFound,
    TargetOutcome,
    TargetOutsideTerm,
    TargetReview,
    agree_target,
    get_target,
    list_targets,
    review_target,
    targets_of,
)
from app.sql import Connection
from tests.make import NOW, City, make_account
from tests.make_organisation import make_assignment, make_target


def new_target(**changed: Any) -> NewTarget:
    given = {"aim": "全员完成年度学时", "measure": "完成率 100%", "due_on": "2026-12-31"}
    return NewTarget.model_validate(given | changed)


async def test_a_target_is_agreed_and_reviewed(db: Connection, city: City) -> None:
    assignment = await make_assignment(db, city.county, city.auditor, city.school)
    adviser = await make_account(db, "adviser", Role.SCHOOL_ADVISER, assignment)
    actor, key = city.county_admin.actor, assignment["id"]
    agreed = await agree_target(db, actor, assignment_id=key, new=new_target(), now=NOW)
    assert agreed == {
        "id": agreed["id"],
        "assignment_id": key,
        **new_target().model_dump(),
        "outcome": None,
        "result": None,
        "reviewed_at": None,
    }
    earlier = await make_target(db, assignment, due_on=date(2026, 6, 30))
    for person in (adviser, city.school_admin, city.county_admin):
        listed = await list_targets(db, person.actor, assignment_id=key)
        assert [row["id"] for row in listed] == [earlier["id"], agreed["id"]]
    seen = agreed
    for outcome, person in (
        (TargetOutcome.PARTLY_MET, adviser),
        (TargetOutcome.MET, city.county_admin),
    ):
        review = TargetReview(outcome=outcome, result="逐校查看台账")
        seen = await review_target(db, person.actor, target_id=agreed["id"], review=review, now=NOW)
        assert seen == agreed | {"outcome": outcome, "result": "逐校查看台账", "reviewed_at": NOW}
    assert await get_target(db, adviser.actor, target_id=agreed["id"]) == seen


async def test_who_is_assigned_reviews_the_own_targets_alone(db: Connection, city: City) -> None:
    assignment = await make_assignment(db, city.county, city.auditor, city.school)
    other = await make_assignment(db, city.county, city.auditor, city.school)
    far = await make_assignment(db, city.other_county, city.auditor, city.far_school)
    adviser = await make_account(db, "adviser", Role.SCHOOL_ADVISER, assignment)
    review = TargetReview(outcome=TargetOutcome.MET, result="好")
    for row, person, refusal in (
        (other, adviser, NotAllowed),
        (assignment, city.school_admin, NotAllowed),
        (far, adviser, TargetNotFound),
        (assignment, city.sibling_admin, TargetNotFound),
    ):
        target = await make_target(db, row)
        with pytest.raises(refusal):
            await review_target(db, person.actor, target_id=target["id"], review=review, now=NOW)
        seen = await get_target(db, city.city_admin.actor, target_id=target["id"])
        assert seen["outcome"] is None
    with pytest.raises(NotAllowed):
        await agree_target(
            db, adviser.actor, assignment_id=assignment["id"], new=new_target(), now=NOW
        )
    with pytest.raises(AssignmentNotFound):
        await list_targets(db, adviser.actor, assignment_id=far["id"])
    found = await targets_of(db, adviser.actor, assignment_ids=[far["id"]])
    assert found == {far["id"]: []}


async def test_a_target_falls_due_within_the_term(db: Connection, city: City) -> None:
    assignment = await make_assignment(
        db, city.county, city.auditor, valid_from=date(2026, 9, 1), valid_to=date(2027, 9, 1)
    )
    actor, key = city.county_admin.actor, assignment["id"]
    for due_on in (date(2026, 8, 31), date(2027, 9, 1)):
        with pytest.raises(TargetOutsideTerm) as refused:
            await agree_target(db, actor, assignment_id=key, new=new_target(due_on=due_on), now=NOW)
        assert refused.value.details == {"valid_from": "2026-09-01", "valid_to": "2027-09-01"}
    await agree_target(
        db, actor, assignment_id=key, new=new_target(due_on=date(2027, 8, 31)), now=NOW
    )
    await end_assignment(db, actor, assignment_id=key, now=NOW)
    with pytest.raises(AssignmentEnded):
        await agree_target(db, actor, assignment_id=key, new=new_target(), now=NOW)
    assert len(await list_targets(db, actor, assignment_id=key)) == 1
