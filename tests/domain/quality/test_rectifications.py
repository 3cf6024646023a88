from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.organisation.reorganisations import Merger, Move, merge_school, move_school
from app.domain.paging import PageRequest
from app.domain.quality.evaluation_results import list_evaluation_results
from app.domain.quality.rectifications import (
    NewRectification,
    RectificationConclusion,
    RectificationDuePast,
    RectificationNotFound,
    RectificationProof,
    RectificationWithdrawal,
    RectificationWrongState,
    ask_rectification,
    conclude_rectification,
    get_rectification,
    list_rectifications,
    prove_rectification,
    withdraw_rectification,
)
from app.domain.quality.unit_evaluations import (
    EvaluationAnsweredElsewhere,
    EvaluationWithoutStanding,
    EvaluatorOfOwnUnit,
    UnitEvaluationWrongState,
)
from app.domain.training.files import FileNotFound
from app.sql import Connection
from tests.make import NOW, City
from tests.make_evaluations import make_handed_in, make_proved, make_published, make_rectification
from tests.make_evidence import make_file

PROOF = RectificationProof(proof="已开展两次")
DONE = RectificationConclusion(accepted=True, conclusion="同意销号")


def problem(**more: Any) -> NewRectification:
    given = {"problem": "次数较少", "measure": "每月两次", "due_on": "2026-12-31"}
    return NewRectification.model_validate(given | more)


async def test_it_is_asked_for_once_there_is_a_result(db: Connection, city: City) -> None:
    handed_in, actor = await make_handed_in(db, city), city.county_admin.actor
    with pytest.raises(UnitEvaluationWrongState):
        await ask_rectification(db, actor, evaluation_id=handed_in["id"], new=problem(), now=NOW)
    assert (await list_rectifications(db, actor, page=PageRequest())).items == []


async def test_it_is_asked_for_by_a_day_to_come(db: Connection, city: City) -> None:
    row, actor = await make_published(db, city), city.county_admin.actor
    past = problem(due_on="2026-11-19")
    with pytest.raises(RectificationDuePast):
        await ask_rectification(db, actor, evaluation_id=row["id"], new=past, now=NOW)
    with pytest.raises(NotAllowed):
        await ask_rectification(
            db, city.school_admin.actor, evaluation_id=row["id"], new=problem(), now=NOW
        )


async def test_the_unit_proves_and_the_bureau_concludes(db: Connection, city: City) -> None:
    row = await make_rectification(db, city)
    school, county = city.school_admin.actor, city.county_admin.actor
    key: Any = {"rectification_id": row["id"], "now": NOW}
    with pytest.raises(RectificationWrongState):
        await conclude_rectification(db, county, **key, conclusion=DONE)
    with pytest.raises(EvaluationAnsweredElsewhere):
        await prove_rectification(db, county, **key, said=PROOF)
    with pytest.raises(RectificationNotFound):
        await prove_rectification(db, city.sibling_admin.actor, **key, said=PROOF)
    foreign = await make_file(db, city.far_school, city.city_admin)
    shown = RectificationProof(proof="见附件", file_id=foreign["id"])
    with pytest.raises(FileNotFound):
        await prove_rectification(db, school, **key, said=shown)
    assert await get_rectification(db, school, rectification_id=row["id"]) == row
    await prove_rectification(db, school, **key, said=PROOF)
    with pytest.raises(NotAllowed):
        await conclude_rectification(db, school, **key, conclusion=DONE)
    done = await conclude_rectification(db, county, **key, conclusion=DONE)
    assert done["state"] == "closed"
    with pytest.raises(RectificationWrongState):
        await prove_rectification(db, school, **key, said=PROOF)


async def test_nobody_closes_what_their_own_school_puts_right(db: Connection, city: City) -> None:
    row = await make_proved(db, city)
    # A teacher of the school who administers the county, too.
    own = replace(city.county_admin.actor, account_id=city.teacher_account.actor.account_id)
    with pytest.raises(EvaluatorOfOwnUnit):
        await conclude_rectification(db, own, rectification_id=row["id"], conclusion=DONE, now=NOW)
    with pytest.raises(EvaluatorOfOwnUnit):
        await ask_rectification(db, own, evaluation_id=row["evaluation_id"], new=problem(), now=NOW)
    kept = await get_rectification(db, city.school_admin.actor, rectification_id=row["id"])
    assert kept == row


async def test_what_is_owed_is_listed_by_its_day(db: Connection, city: City) -> None:
    row = await make_proved(db, city)
    for filters, found in (
        ({"closed": False}, 1), ({"closed": True}, 0), ({"due_before": date(2027, 1, 1)}, 1),
        ({"due_before": date(2026, 12, 31)}, 0), ({"evaluation_id": row["evaluation_id"]}, 1),
    ):  # fmt: skip
        page = await list_rectifications(
            db,
            city.school_admin.actor,
            page=PageRequest(),
            **filters,
        )
        assert len(page.items) == found


MISTAKE = RectificationWithdrawal(reason="误提，该校已另行整改")


async def test_what_was_asked_by_mistake_is_withdrawn(db: Connection, city: City) -> None:
    row = await make_proved(db, city)
    county, key = city.county_admin.actor, {"rectification_id": row["id"]}
    own = replace(county, account_id=city.teacher_account.actor.account_id)
    for actor, refusal in (
        (city.school_admin.actor, NotAllowed),
        (city.sibling_admin.actor, RectificationNotFound),
        (own, EvaluatorOfOwnUnit),
    ):
        with pytest.raises(refusal):
            await withdraw_rectification(db, actor, **key, withdrawal=MISTAKE, now=NOW)
    assert await get_rectification(db, county, **key) == row
    done = await withdraw_rectification(db, county, **key, withdrawal=MISTAKE, now=NOW)
    assert (done["state"], done["withdrawn_because"], done["withdrawn_at"], done["proof"]) == (
        "withdrawn", MISTAKE.reason, NOW, row["proof"],
    )  # fmt: skip
    for act in (
        withdraw_rectification(db, county, **key, withdrawal=MISTAKE, now=NOW),
        conclude_rectification(db, county, **key, conclusion=DONE, now=NOW),
        prove_rectification(db, city.school_admin.actor, **key, said=PROOF, now=NOW),
    ):
        with pytest.raises(RectificationWrongState):
            await act
    # It is over, and none of what the school has to put right.
    owed = await list_rectifications(db, county, page=PageRequest(), closed=False)
    assert owed.items == []
    [result] = await list_evaluation_results(
        db, county, unit_id=city.school["id"], school_year=2026
    )
    assert (result["rectifications"], result["rectified"]) == (0, 0)


async def test_what_is_closed_is_not_withdrawn(db: Connection, city: City) -> None:
    row, county = await make_proved(db, city), city.county_admin.actor
    key: Any = {"rectification_id": row["id"], "now": NOW}
    closed = await conclude_rectification(db, county, **key, conclusion=DONE)
    with pytest.raises(RectificationWrongState):
        await withdraw_rectification(db, county, **key, withdrawal=MISTAKE)
    assert await get_rectification(db, county, rectification_id=row["id"]) == closed


async def test_that_of_a_closed_school_is_withdrawn(db: Connection, city: City) -> None:
    row = await make_rectification(db, city)
    merger = Merger(successor_id=city.sibling["id"])
    await merge_school(
        db, city.county_admin.actor, unit_id=city.school["id"], merger=merger, now=NOW
    )
    done = await withdraw_rectification(
        db, city.county_admin.actor, rectification_id=row["id"],
        withdrawal=RectificationWithdrawal(reason="学校已撤销"), now=NOW,
    )  # fmt: skip
    assert done["state"] == "withdrawn"


async def test_of_a_school_that_moved_the_bureau_that_asked_concludes(
    db: Connection, city: City
) -> None:
    row = await make_proved(db, city)
    move = Move(bureau_id=city.other_county["id"])
    await move_school(db, city.city_admin.actor, unit_id=city.school["id"], move=move, now=NOW)
    key: Any = {"rectification_id": row["id"]}
    there = city.other_county_admin.actor
    assert (await get_rectification(db, there, **key))["state"] == "proved"
    with pytest.raises(EvaluationWithoutStanding):
        await conclude_rectification(db, there, **key, conclusion=DONE, now=NOW)
    done = await conclude_rectification(
        db, city.county_admin.actor, **key, conclusion=DONE, now=NOW
    )
    assert done["state"] == "closed"
