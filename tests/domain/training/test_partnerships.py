from datetime import date, timedelta

import pytest

from app.domain.access.roles import Duty, Role
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    ActivityNotFound,
    ActivityState,
    AudienceOutsideOrganiser,
    WrongState,
    get_activity,
    list_activities,
    list_sessions,
)
from app.domain.training.activities.joint import Acceptance, Invitation, Refusal
from app.domain.training.attendance import (
    AttendanceStatus,
    NewAttendance,
    list_attendance,
    record_attendance,
)
from app.domain.training.closing import close_activity
from app.domain.training.enrolments import enrol_oneself, list_enrolments
from app.domain.training.evaluations import (
    NewSummary,
    get_evaluation,
    list_evaluations,
    summarise_activity,
)
from app.domain.training.partnerships import (
    PartnersFull,
    PartnershipAnswered,
    PartnershipNotFound,
    PartnerUnfit,
    accept_partnership,
    decline_partnership,
    end_partnership,
    invite_partner,
    inviting,
    list_partners,
    list_partnerships,
)
from app.domain.training.qualification import qualified_attendees
from app.domain.training.surveys import SurveyNotFound, SurveyState, get_survey_results
from app.sql import Connection, Row
from tests.make import NOW, City, make_account, make_activity
from tests.make_needs import make_evaluation, make_survey
from tests.make_organisation import make_department

PAGE = PageRequest()
BUSY = Refusal(opinion="人手不足")


async def invite(db: Connection, city: City, activity: Row, unit: Row) -> Row:
    return await invite_partner(
        db,
        city.school_admin.actor,
        activity_id=activity["id"],
        invitation=Invitation(unit_id=unit["id"]),
        now=NOW,
    )


async def accept(db: Connection, city: City, invited: Row, *audience: Row) -> Row:
    given = Acceptance(audience=[each["id"] for each in audience])
    return await accept_partnership(
        db, city.sibling_admin.actor, partnership_id=invited["id"], acceptance=given, now=NOW
    )


async def test_a_partner_that_accepts_takes_attendance_as_the_organiser_does(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    key, theirs = {"activity_id": activity["id"]}, city.sibling_admin.actor
    invited = await invite(db, city, activity, city.sibling)
    assert (invited["state"], invited["unit_id"]) == ("invited", city.sibling["id"])
    listed = await list_partnerships(db, theirs, page=PAGE)
    assert listed.items == [invited]
    with pytest.raises(ActivityNotFound):
        await get_activity(db, theirs, **key)
    before = db.statements
    accepted = await accept(db, city, invited, city.sibling)
    assert db.statements - before == 7
    assert (accepted["state"], accepted["answered_at"]) == ("accepted", NOW)
    assert (await get_activity(db, theirs, **key))["title"] == activity["title"]
    assert len(await list_sessions(db, theirs, **key)) == 1
    await enrol_oneself(db, city.sibling_teacher_account.actor, **key, now=NOW)
    await enrol_oneself(db, city.teacher_account.actor, **key, now=NOW)
    placed = await list_enrolments(db, theirs, **key, page=PAGE)
    assert {row["name"] for row in placed.items} == {"测试甲", "测试丙"}
    new = NewAttendance(
        teacher_ids=[city.teacher["id"], city.sibling_teacher["id"]],
        status=AttendanceStatus.PRESENT,
    )
    await record_attendance(db, theirs, session_id=activity["sessions"][0]["id"], new=new, now=NOW)
    for actor in (theirs, city.school_admin.actor):
        assert len((await list_attendance(db, actor, **key, page=PAGE)).items) == 2
    listed = await list_activities(db, theirs, page=PAGE)
    assert listed.items == []


async def test_a_partner_does_not_decide_what_the_activity_is(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    invited = await invite(db, city, activity, city.sibling)
    await accept(db, city, invited)
    key = {"activity_id": activity["id"]}
    with pytest.raises(NotAllowed):
        await close_activity(db, city.sibling_admin.actor, **key, now=NOW)
    with pytest.raises(ActivityNotFound):
        await get_activity(db, city.sibling_teacher_account.actor, **key)
    ended = await end_partnership(db, city.school_admin.actor, **key, unit_id=city.sibling["id"])
    assert ended["state"] == "ended"
    with pytest.raises(ActivityNotFound):
        await get_activity(db, city.sibling_admin.actor, **key)
    with pytest.raises(PartnershipNotFound):
        await end_partnership(db, city.school_admin.actor, **key, unit_id=city.sibling["id"])
    again = await invite(db, city, activity, city.sibling)
    assert (again["id"], again["state"], again["answered_at"]) == (invited["id"], "invited", None)


async def test_everybody_qualifies_once_however_many_organisers_address_them(
    db: Connection, city: City
) -> None:
    activity = await make_activity(
        db, city.county, city.county_admin, city.county, city.school, state=ActivityState.PUBLISHED
    )
    key = {"activity_id": activity["id"]}
    for unit in (city.school, city.sibling):
        await invite_partner(
            db, city.county_admin.actor, **key, invitation=Invitation(unit_id=unit["id"]), now=NOW
        )
    found = await list_partners(db, city.county_admin.actor, **key)
    assert [row["unit_id"] for row in found] == [city.school["id"], city.sibling["id"]]
    for row, admin, unit in zip(
        found, (city.school_admin, city.sibling_admin), (city.school, city.sibling), strict=True
    ):
        await accept_partnership(
            db,
            admin.actor,
            partnership_id=row["id"],
            acceptance=Acceptance(audience=[unit["id"]]),
            now=NOW,
        )
    new = NewAttendance(teacher_ids=[city.teacher["id"]], status=AttendanceStatus.PRESENT)
    for admin in (city.county_admin, city.school_admin, city.sibling_admin):
        later = NOW + timedelta(minutes=1)
        session_id = activity["sessions"][0]["id"]
        await record_attendance(db, admin.actor, session_id=session_id, new=new, now=later)
    (qualified,) = await qualified_attendees(db, city.county_admin.actor, **key)
    assert (qualified["teacher_id"], qualified["hours"]) == (city.teacher["id"], 2)


async def test_a_unit_answers_once_and_for_its_own(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    invited = await invite(db, city, activity, city.sibling)
    key = {"partnership_id": invited["id"], "now": NOW}
    with pytest.raises(PartnershipNotFound):
        await decline_partnership(db, city.school_admin.actor, refusal=BUSY, **key)
    with pytest.raises(PartnershipNotFound):
        await decline_partnership(db, city.sibling_teacher_account.actor, refusal=BUSY, **key)
    declined = await decline_partnership(db, city.sibling_admin.actor, refusal=BUSY, **key)
    assert (declined["state"], declined["opinion"]) == ("declined", BUSY.opinion)
    with pytest.raises(PartnershipAnswered) as refused:
        await accept(db, city, invited)
    assert refused.value.details == {"state": "declined"}


async def test_a_partner_addresses_its_own_people_alone(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    invited = await invite(db, city, activity, city.sibling)
    with pytest.raises(AudienceOutsideOrganiser):
        await accept(db, city, invited, city.far_school)


async def test_who_may_be_invited_and_when(
    db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    with pytest.raises(PartnerUnfit):
        await invite(db, city, activity, city.school)
    with pytest.raises(PartnerUnfit):
        await invite(db, city, activity, city.teacher)
    draft = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    with pytest.raises(WrongState):
        await invite(db, city, draft, city.sibling)
    with pytest.raises(NotAllowed):
        await invite_partner(
            db,
            city.teacher_account.actor,
            activity_id=activity["id"],
            invitation=Invitation(unit_id=city.sibling["id"]),
            now=NOW,
        )
    monkeypatch.setattr(inviting, "MOST_PARTNERS", 0)
    with pytest.raises(PartnersFull):
        await invite(db, city, activity, city.sibling)


async def test_a_department_of_another_unit_organises_jointly(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    office = await make_department(db, city.sibling, Duty.ORGANISE)
    officer = await make_account(db, "officer", Role.DEPARTMENT_OFFICER, office)
    admin, key = city.school_admin.actor, {"activity_id": activity["id"]}
    asked = Invitation(department_id=office["id"])
    invited = await invite_partner(db, admin, **key, invitation=asked, now=NOW)
    assert (invited["unit_id"], invited["department_id"]) == (city.sibling["id"], office["id"])
    whole = await invite(db, city, activity, city.sibling)
    assert whole["department_id"] is None
    listed = await list_partnerships(db, officer.actor, page=PAGE)
    assert listed.items == [invited]
    accepted = await accept_partnership(
        db, officer.actor, partnership_id=invited["id"],
        acceptance=Acceptance(), now=NOW,
    )  # fmt: skip
    assert accepted["state"] == "accepted"
    new = NewAttendance(teacher_ids=[city.teacher["id"]], status=AttendanceStatus.PRESENT)
    session_id = activity["sessions"][0]["id"]
    await record_attendance(db, officer.actor, session_id=session_id, new=new, now=NOW)
    other = await make_department(db, city.sibling, Duty.ORGANISE, name="德育处")
    stranger = await make_account(db, "stranger", Role.DEPARTMENT_OFFICER, other)
    with pytest.raises(ActivityNotFound):
        await get_activity(db, stranger.actor, **key)
    of = {"unit_id": city.sibling["id"], "department_id": office["id"]}
    ended = await end_partnership(db, admin, **key, **of)
    assert (ended["id"], ended["state"]) == (invited["id"], "ended")
    with pytest.raises(ActivityNotFound):
        await get_activity(db, officer.actor, **key)


async def test_a_closed_department_or_ones_own_is_not_invited(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    for office in (
        await make_department(db, city.sibling, valid_to=date(2021, 9, 1)),
        await make_department(db, city.school),
    ):
        with pytest.raises(PartnerUnfit):
            await invite_partner(
                db, city.school_admin.actor, activity_id=activity["id"],
                invitation=Invitation(department_id=office["id"]), now=NOW,
            )  # fmt: skip


async def test_a_partner_sees_the_evaluation_as_the_organiser_does(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    invited = await invite(db, city, activity, city.sibling)
    survey = await make_survey(
        db, city.school, city.school_admin, state=SurveyState.CLOSED, activity_id=activity["id"]
    )
    made = await make_evaluation(db, activity, survey_id=survey["id"])
    key, theirs = {"activity_id": activity["id"]}, city.sibling_admin.actor
    with pytest.raises(SurveyNotFound):
        await get_survey_results(db, theirs, survey_id=survey["id"])
    await accept(db, city, invited)
    (found,) = (await list_evaluations(db, theirs, page=PAGE, **key)).items
    assert found == await get_evaluation(db, theirs, evaluation_id=made["id"])
    assert (await list_evaluations(db, theirs, page=PAGE)).items == []
    results = [
        await get_survey_results(db, actor, survey_id=survey["id"])
        for actor in (theirs, city.school_admin.actor)
    ]
    assert results[0] == results[1]
    with pytest.raises(NotAllowed):
        await summarise_activity(db, theirs, **key, new=NewSummary(summary="活动总结"), now=NOW)
