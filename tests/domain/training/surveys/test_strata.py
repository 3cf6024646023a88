"""Strata of notices and surveys: of those addressed, only who counts in one on the day."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.exchange.deliveries import send_due_delivery
from app.domain.exchange.deliveries.sending import queue_notices
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.people.careers import Post, TeacherPost
from app.domain.people.teachers.strata import Stratum
from app.domain.training.notices import (
    NoticeState,
    Receipt,
    confirm_notice,
    get_notice,
    list_notice_receipts,
    list_own_notices,
    publish_notice,
)
from app.domain.training.notices.receipts import NoticeConfirmedElsewhere
from app.domain.training.surveys import (
    SurveyNotFound,
    SurveyRepetition,
    SurveyState,
    copy_survey,
    list_offered_surveys,
    open_survey,
)
from app.sql import Connection, Row, new_id
from tests.domain.exchange.test_deliveries import send_all
from tests.domain.training.surveys.asking import PAGE, answer, refused
from tests.make import NOW, City, Person, make_activity, make_attendance
from tests.make_deliveries import Kept
from tests.make_needs import make_survey
from tests.make_notices import make_notice

HEADS = [Stratum.CLASS_HEAD]


async def make_head(db: Connection, teacher: Row, since: date = date(2026, 9, 1)) -> None:
    """A class head of a school."""
    place = {"teacher_id": teacher["id"], "school_id": teacher["school_id"]}
    await db.insert(
        TeacherPost, {"id": new_id(), **place, "post": Post.CLASS_HEAD, "valid_from": since}
    )


async def told(db: Connection, who: Person) -> list[Any]:
    return [row["id"] for row in (await list_own_notices(db, who.actor, page=PAGE)).items]


async def asked(db: Connection, who: Person) -> list[Any]:
    return [row["id"] for row in (await list_offered_surveys(db, who.actor, page=PAGE)).items]


async def waiting(db: Connection, who: Person, kind: TaskKind) -> list[Any]:
    found = await list_tasks(db, who.actor, page=PAGE, now=NOW, kind=kind)
    return [row["subject_id"] for row in found.items]


async def publish_to_heads(db: Connection, city: City, **more: Any) -> Row:
    draft = await make_notice(
        db, city.county, city.county_admin, state=NoticeState.DRAFT, strata=HEADS, **more
    )
    before = db.statements
    await publish_notice(db, city.county_admin.actor, notice_id=draft["id"], now=NOW)
    assert db.statements - before == 5, "one more than to all"
    return draft


async def test_a_notice_is_told_to_who_counts_and_to_nobody_else(
    db: Connection, city: City
) -> None:
    await make_head(db, city.teacher)
    await make_head(db, city.sibling_teacher, since=NOW.date() + timedelta(days=1))
    notice = await publish_to_heads(db, city, receipt=Receipt.PEOPLE)
    key, kind = {"notice_id": notice["id"]}, TaskKind.NOTICE_TO_CONFIRM
    others = (city.colleague_account, city.sibling_teacher_account)
    assert await told(db, city.teacher_account) == [notice["id"]]
    assert await waiting(db, city.teacher_account, kind) == [notice["id"]]
    for person in others:
        assert await told(db, person) == []
        assert await waiting(db, person, kind) == []
    # It is no secret: whoever belongs to the school sees it by its key, and has nothing to confirm.
    assert (await get_notice(db, city.colleague_account.actor, **key))["strata"] == ["class_head"]
    with pytest.raises(NoticeConfirmedElsewhere):
        await confirm_notice(db, city.colleague_account.actor, **key, now=NOW)
    assert await told(db, city.school_admin) == [notice["id"]], "who answers for its school knows"
    admin = city.county_admin.actor
    asked = await list_notice_receipts(db, admin, **key, missing=True)
    assert [(each["unit_id"], each["readers"]) for each in asked] == [(city.school["id"], 0)]
    assert await confirm_notice(db, city.teacher_account.actor, **key, now=NOW)
    [school] = await list_notice_receipts(db, admin, **key)
    assert (school["unit_id"], school["confirmations"]) == (city.school["id"], 1)


async def test_units_confirm_whoever_it_is_for(db: Connection, city: City) -> None:
    await make_head(db, city.teacher)
    notice = await publish_to_heads(db, city)
    for admin in (city.school_admin, city.sibling_admin):
        assert await waiting(db, admin, TaskKind.NOTICE_TO_CONFIRM) == [notice["id"]]
    key = {"notice_id": notice["id"]}
    assert len(await list_notice_receipts(db, city.county_admin.actor, **key)) == 2


async def test_messages_go_to_who_counts(db: Connection, city: City) -> None:
    await make_head(db, city.teacher)
    await publish_to_heads(db, city)
    await queue_notices(db, now=NOW)
    channel = Kept()
    await send_all(db, channel)
    assert not await send_due_delivery(db, channel=channel, now=NOW)
    accounts = {each.account_id for each in channel.messages}
    assert city.teacher_account.actor.account_id in accounts
    assert city.school_admin.actor.account_id in accounts
    for person in (city.colleague_account, city.sibling_teacher_account):
        assert person.actor.account_id not in accounts


async def test_a_survey_is_answered_by_who_counts(db: Connection, city: City) -> None:
    await make_head(db, city.teacher)
    draft = await make_survey(
        db, city.county, city.county_admin, state=SurveyState.DRAFT, strata=HEADS
    )
    await open_survey(db, city.county_admin.actor, survey_id=draft["id"], now=NOW)
    # Who comes to count later was not asked.
    await make_head(db, city.sibling_teacher)
    kind = TaskKind.SURVEY_TO_ANSWER
    for person in (city.colleague_account, city.sibling_teacher_account):
        assert await asked(db, person) == []
        assert await waiting(db, person, kind) == []
        await refused(db, SurveyNotFound, answer(db, person, draft))
    assert await asked(db, city.teacher_account) == [draft["id"]]
    assert await waiting(db, city.teacher_account, kind) == [draft["id"]]
    assert (await answer(db, city.teacher_account, draft))["survey_id"] == draft["id"]
    again = SurveyRepetition(title="下一期", opens_at=NOW, closes_at=NOW + timedelta(days=1))
    copied = await copy_survey(db, city.county_admin.actor, survey_id=draft["id"], new=again)
    assert copied["strata"] == ["class_head"]


async def test_who_took_part_says_what_they_thought_whatever_they_are(
    db: Connection, city: City
) -> None:
    await make_head(db, city.teacher)
    activity = await make_activity(db, city.school, city.school_admin)
    [session] = activity["sessions"]
    await make_attendance(db, session, city.school_admin, city.colleague)
    survey = await make_survey(
        db, city.school, city.school_admin, city.school, strata=HEADS, activity_id=activity["id"]
    )
    assert await asked(db, city.colleague_account) == [survey["id"]]
    assert await answer(db, city.colleague_account, survey)
