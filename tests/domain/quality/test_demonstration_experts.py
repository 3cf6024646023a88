from datetime import date

import pytest

from app.domain.access.delegations import Delegation
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.quality.demonstration_experts import (
    DemonstrationAppraised,
    DemonstrationExpertExists,
    DemonstrationExpertNotAppointed,
    DemonstrationPointsUnfit,
    list_demonstration_experts,
    list_own_demonstration_appraisals,
)
from app.domain.quality.demonstrations import (
    DemonstrationReviewsMissing,
    decide_demonstration,
)
from app.domain.quality.unit_evaluations import EvaluatorOfOwnUnit
from app.sql import Connection, new_id
from tests.make import NOW, City, make_account
from tests.make_demonstrations import (
    AGREED,
    appoint,
    appraise,
    make_experts,
    make_under_review,
    refused,
)


async def test_what_goes_to_the_public_was_judged_by_as_many_as_asked(
    db: Connection, city: City
) -> None:
    row = await make_under_review(db, city)
    by, key = city.city_admin.actor, {"demonstration_id": row["id"]}
    one, two = await make_experts(db, city)
    await appoint(db, row, city.city_admin, one, two)
    with pytest.raises(DemonstrationExpertExists):
        await appoint(db, row, city.city_admin, two)
    await appraise(db, row, one, "60", "40")
    act = decide_demonstration(db, by, **key, decision=AGREED, now=NOW)
    await refused(db, city, row, DemonstrationReviewsMissing, act)
    for work, effect, refusal in (("60.01", "0", DemonstrationPointsUnfit),):
        with pytest.raises(refusal):
            await appraise(db, row, two, work, effect)
    with pytest.raises(DemonstrationAppraised):
        await appraise(db, row, one, "1", "1")
    with pytest.raises(DemonstrationExpertNotAppointed):
        await appraise(db, row, city.city_admin, "1", "1")
    await appraise(db, row, two, "0", "0")
    experts = await list_demonstration_experts(db, by, **key, now=NOW)
    assert [each["score"] for each in experts] == [100, 0]
    for person in (city.school_admin, one):
        with pytest.raises(NotAllowed):
            await list_demonstration_experts(db, person.actor, **key, now=NOW)
    [mine] = await list_own_demonstration_appraisals(db, one.actor)
    assert (mine["score"], mine["demonstration_id"]) == (100, row["id"])


async def test_nobody_judges_a_school_to_which_they_belong(db: Connection, city: City) -> None:
    row = await make_under_review(db, city)
    delegate = await make_account(db, "受托", Role.EXPERT, city.city)
    delegation = {
        "id": new_id(), "granter_id": city.school_admin.actor.account_id,
        "delegate_id": delegate.actor.account_id, "subject_id": city.school["id"],
        "permissions": ["unit:read"], "reason": "代办事务", "valid_to": date(2026, 12, 1),
        "given_at": NOW,
    }  # fmt: skip
    await db.insert(Delegation, delegation)
    for person in (city.teacher_account, city.school_admin, delegate):
        act = appoint(db, row, city.city_admin, *await make_experts(db, city, 1), person)
        await refused(db, city, row, EvaluatorOfOwnUnit, act)
    by, key = city.city_admin.actor, {"demonstration_id": row["id"]}
    assert await list_demonstration_experts(db, by, **key, now=NOW) == []
    await appoint(db, row, city.city_admin, city.sibling_teacher_account)
    own = await make_account(
        db, "本校", Role.CITY_ADMIN, city.city, school_id=city.school["id"],
        county_id=city.county["id"],
    )  # fmt: skip
    deciding = decide_demonstration(db, own.actor, **key, decision=AGREED, now=NOW)
    await refused(db, city, row, EvaluatorOfOwnUnit, deciding)
    with pytest.raises(EvaluatorOfOwnUnit):
        await list_demonstration_experts(db, own.actor, **key, now=NOW)
