from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from app.domain.access.roles import Permission, Role
from app.domain.errors import NotAllowed
from app.domain.organisation.providers import ProviderNotFound
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.evidence import forget_unattached_files
from app.domain.training.files import FileNotFound
from app.domain.training.outside_training import (
    NewOutsideTraining,
    OutsideTrainingExists,
    OutsideTrainingNotFound,
    OutsideTrainingNotOver,
    OutsideTrainingOfOneself,
    OutsideTrainingReturn,
    OutsideTrainingSettled,
    OutsideTrainingState,
    confirm_outside_training,
    confirmed_outside_training,
    enter_outside_training,
    enter_outside_trainings,
    get_outside_training,
    list_outside_trainings,
    list_teacher_outside_trainings,
    retract_outside_trainings,
    return_outside_training,
    state_outside_training,
    withdraw_outside_training,
)
from app.domain.training.vocabulary import ActivityChannel, ActivityKind, ActivityMode
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, make_activity, make_attendance
from tests.make_evidence import make_file
from tests.make_series import make_outside_training

PAGE = PageRequest()
BACK = OutsideTrainingReturn(opinion="请补充证书")


def training(**more: object) -> NewOutsideTraining:
    given = {
        "title": "省级骨干教师培训",
        "organiser": "省教师发展中心",
        "level": "province",
        "kind": ActivityKind.LECTURE,
        "mode": ActivityMode.CONCENTRATED,
        "channel": ActivityChannel.OFF_JOB,
        "content": ["ethics"],
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2026, 7, 5),
        "hours": "40",
        "certificate_number": "SJ-2026-0001",
    }
    return NewOutsideTraining.model_validate(given | more)


async def state(db: Connection, city: City, **more: object) -> Row:
    return await state_outside_training(
        db,
        city.teacher_account.actor,
        teacher_id=city.teacher["id"],
        new=training(**more),
        now=NOW,
    )


async def test_a_teacher_states_and_the_school_confirms(db: Connection, city: City) -> None:
    file = await make_file(db, city.school, city.teacher_account, teacher_id=city.teacher["id"])
    before = db.statements
    stated = await state(db, city, file_id=file["id"])
    assert db.statements - before == 4
    assert (stated["state"], stated["overlaps"], stated["decided_at"]) == ("stated", [], None)
    admin, key = city.school_admin.actor, {"training_id": stated["id"]}
    ids = [stated["id"]]
    assert await confirmed_outside_training(db, admin, training_ids=ids) == {}
    confirmed = await confirm_outside_training(db, admin, **key, now=NOW)
    assert (confirmed["state"], confirmed["decided_at"]) == ("confirmed", NOW)
    found = await confirmed_outside_training(db, admin, training_ids=ids)
    assert found == {stated["id"]: confirmed}
    assert await confirmed_outside_training(db, city.sibling_admin.actor, training_ids=ids) == {}
    own = await list_teacher_outside_trainings(
        db, city.teacher_account.actor, teacher_id=city.teacher["id"], page=PAGE
    )
    assert own.items == [confirmed]
    with pytest.raises(OutsideTrainingSettled):
        await return_outside_training(db, admin, **key, decision=BACK, now=NOW)
    assert await forget_unattached_files(db, now=NOW + timedelta(days=400)) == 0


async def test_it_is_stated_once_and_anew_after_it_was_returned(db: Connection, city: City) -> None:
    stated = await state(db, city)
    admin = city.school_admin.actor
    again = {"teacher_id": city.teacher["id"], "new": training(hours="20"), "now": NOW}
    with pytest.raises(OutsideTrainingExists):
        async with db.transaction():
            await enter_outside_training(db, admin, **again)
    returned = await return_outside_training(
        db, admin, training_id=stated["id"], decision=BACK, now=NOW
    )
    assert (returned["state"], returned["opinion"]) == ("returned", BACK.opinion)
    entered = await enter_outside_training(db, admin, **again)
    withdrawn = await withdraw_outside_training(
        db, city.teacher_account.actor, training_id=entered["id"], now=NOW
    )
    assert withdrawn["state"] == "withdrawn"
    waiting = OutsideTrainingState.STATED
    assert (await list_outside_trainings(db, admin, page=PAGE, state=waiting)).items == []
    assert len((await list_outside_trainings(db, admin, page=PAGE)).items) == 2


async def test_overlapping_days_are_told(db: Connection, city: City) -> None:
    other = await make_outside_training(
        db, city.teacher, city.teacher_account, starts_on=date(2026, 7, 5),
        ends_on=date(2026, 7, 9),
    )  # fmt: skip
    activity = await make_activity(
        db, city.school, city.school_admin, begins=NOW.replace(month=7, day=3)
    )
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    stated = await state(db, city)
    assert stated["overlaps"] == [other["id"]]
    assert stated["attended_meanwhile"] == [activity["id"]]


async def test_nobody_confirms_their_own(db: Connection, city: City) -> None:
    teacher, admin = city.teacher_account.actor, city.school_admin.actor
    oneself = replace(teacher, grants=(*teacher.grants, *admin.grants))
    stated = await state(db, city)
    with pytest.raises(OutsideTrainingOfOneself):
        await confirm_outside_training(db, oneself, training_id=stated["id"], now=NOW)


async def test_who_reads_attendance_at_a_school_of_others_does_not_read_it(
    db: Connection, city: City
) -> None:
    await state(db, city)
    admin = city.school_admin.actor
    client = replace(
        admin, grants=tuple(replace(each, role=Role.INTEGRATION) for each in admin.grants)
    )
    assert client.scope(Permission.ATTENDANCE_READ).covers(city.teacher)
    with pytest.raises(NotAllowed):
        await list_outside_trainings(db, client, page=PAGE)


async def test_who_states_and_who_decides(db: Connection, city: City) -> None:
    stated = await state(db, city)
    key = {"training_id": stated["id"], "now": NOW}
    with pytest.raises(NotAllowed):
        await confirm_outside_training(db, city.teacher_account.actor, **key)
    with pytest.raises(OutsideTrainingNotFound):
        await confirm_outside_training(db, city.sibling_admin.actor, **key)
    with pytest.raises(OutsideTrainingNotFound):
        await get_outside_training(db, city.colleague_account.actor, training_id=stated["id"])
    given = {"teacher_id": city.colleague["id"], "new": training(), "now": NOW}
    with pytest.raises((NotAllowed, TeacherNotFound)):
        await state_outside_training(db, city.teacher_account.actor, **given)
    with pytest.raises(NotAllowed):
        await state_outside_training(db, city.school_admin.actor, **given)


async def test_what_is_stated_is_over_and_refers_to_what_one_sees(
    db: Connection, city: City
) -> None:
    with pytest.raises(OutsideTrainingNotOver):
        await state(db, city, ends_on=date(2026, 12, 1))
    for unfit in ({"starts_on": date.min}, {"hours": "120.01"}, {"hours": "NaN"}):
        with pytest.raises(ValidationError):
            training(**unfit)
    with pytest.raises(FileNotFound):
        await state(db, city, file_id=new_id())
    with pytest.raises(ProviderNotFound):
        await state(db, city, provider_id=new_id())


async def test_a_school_enters_for_many_at_once_and_takes_it_back(
    db: Connection, city: City
) -> None:
    admin, ids = city.school_admin.actor, [city.teacher["id"], city.colleague["id"]]
    costs, keys = [], list[UUID]()
    for n, entries in enumerate((ids[:1], ids)):
        before = db.statements
        new = training(title=f"培训{n}")
        keys = await enter_outside_trainings(
            db, admin, entries=[(each, new) for each in entries], now=NOW
        )
        costs.append(db.statements - before)
    assert costs[0] == costs[1]
    entered = [await get_outside_training(db, admin, training_id=key) for key in keys]
    assert [row["teacher_id"] for row in entered] == ids
    assert (entered[0]["content"], entered[0]["state"]) == (["ethics"], "stated")
    for actor in (city.sibling_admin.actor, city.teacher_account.actor):
        with pytest.raises(OutsideTrainingNotFound):
            await retract_outside_trainings(db, actor, training_ids=keys, now=NOW)
    await retract_outside_trainings(db, admin, training_ids=keys, now=NOW)
    for key in keys:
        row = await get_outside_training(db, admin, training_id=key)
        assert (row["state"], row["decided_at"]) == ("withdrawn", NOW)
    with pytest.raises(OutsideTrainingSettled):
        await retract_outside_trainings(db, admin, training_ids=keys[:1], now=NOW)


async def test_entering_for_many_is_done_for_all_or_none(db: Connection, city: City) -> None:
    admin, own, new = city.school_admin.actor, city.teacher["id"], training()
    for entries, refusal in (
        ([(own, new), (city.sibling_teacher["id"], new)], TeacherNotFound),
        ([(own, new), (own, new)], OutsideTrainingExists),
        ([(own, training(file_id=new_id()))], FileNotFound),
        ([(own, training(ends_on=date(2099, 1, 1)))], OutsideTrainingNotOver),
    ):
        with pytest.raises(refusal):
            async with db.transaction():
                await enter_outside_trainings(db, admin, entries=entries, now=NOW)
    with pytest.raises(NotAllowed):
        await enter_outside_trainings(db, city.teacher_account.actor, entries=[(own, new)], now=NOW)
    assert (await list_outside_trainings(db, admin, page=PAGE)).items == []
