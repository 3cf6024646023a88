"""An activity keeps to its form, and departments own it jointly."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.access.roles import Duty, Role
from app.domain.errors import NotAllowed
from app.domain.organisation.units import Level
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    ActivityChanges,
    ActivityNotFound,
    ActivityState,
    JointOwnerUnfit,
    NewActivity,
    NewSession,
    OutsideForm,
    StepsMissing,
    StepUnknown,
    add_session,
    create_activity,
    get_activity,
    list_activities,
    list_sessions,
    publish_activity,
    update_activity,
)
from app.domain.training.forms import FormEnded, FormNotFound
from app.sql import Connection, new_id
from tests.make import NOW, TODAY, City, make_account, make_activity, make_unit
from tests.make_forms import STEPS, make_form
from tests.make_organisation import make_department

PAGE = PageRequest()


def new_activity(city: City, **changed: Any) -> NewActivity:
    given = {
        "title": "行动研究",
        "kind": "seminar",
        "mode": "concentrated",
        "channel": "school_based",
        "content": ["teaching_research"],
        "hours": "4.00",
        "starts_on": TODAY,
        "ends_on": TODAY,
        "organiser_unit_id": city.school["id"],
    }
    return NewActivity.model_validate(given | changed)


MINUTES = count()


def new_session(step: str | None = None, **changed: Any) -> NewSession:
    """One after the other, for nobody is at two of them at once."""
    starts_at = NOW + timedelta(minutes=next(MINUTES))
    ends_at = starts_at + timedelta(minutes=1)
    given = {"starts_at": starts_at, "ends_at": ends_at, "hours": "2", "step": step}
    return NewSession.model_validate(given | changed)


async def test_an_activity_names_the_version_of_its_form(db: Connection, city: City) -> None:
    form = await make_form(
        db, city.city, modes=["concentrated"], content=["teaching_research", "ethics"]
    )
    actor = city.school_admin.actor
    made = await create_activity(db, actor, new=new_activity(city, form_id=form["id"]))
    assert made["form_id"] == form["id"]
    plain = await create_activity(db, actor, new=new_activity(city))
    found = await list_activities(db, actor, page=PAGE, form_code="test_form")
    assert [row["id"] for row in found.items] == [made["id"]]
    changes = ActivityChanges(form_id=form["id"])
    changed = await update_activity(db, actor, activity_id=plain["id"], changes=changes)
    assert changed["form_id"] == form["id"]
    emptied = await update_activity(
        db, actor, activity_id=plain["id"], changes=ActivityChanges(form_id=None)
    )
    assert emptied["form_id"] is None


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"kind": "lecture"}, "kind"),
        ({"mode": "off_job", "channel": "online"}, "mode, channel"),
        ({"content": []}, "content"),
        ({"content": ["ethics"]}, "content"),
    ],
)
async def test_what_is_not_as_the_form_declares_is_refused(
    db: Connection, city: City, changed: dict[str, Any], fields: str
) -> None:
    form = await make_form(
        db, city.city, modes=["concentrated"], channels=["school_based"],
        content=["teaching_research"],
    )  # fmt: skip
    actor = city.school_admin.actor
    with pytest.raises(OutsideForm) as refused:
        await create_activity(db, actor, new=new_activity(city, form_id=form["id"], **changed))
    assert refused.value.details == {"form": "test_form", "fields": fields}
    made = await create_activity(db, actor, new=new_activity(city, form_id=form["id"]))
    with pytest.raises(OutsideForm):
        await update_activity(
            db, actor, activity_id=made["id"], changes=ActivityChanges.model_validate(changed)
        )
    assert await get_activity(db, actor, activity_id=made["id"]) == made


async def test_an_ended_form_is_not_chosen_but_kept(db: Connection, city: City) -> None:
    actor = city.school_admin.actor
    ended = await make_form(db, city.city, ended=True)
    with pytest.raises(FormEnded):
        await create_activity(db, actor, new=new_activity(city, form_id=ended["id"]))
    draft = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, form_id=ended["id"]
    )
    renamed = ActivityChanges.model_validate({"title": "改名", "content": ["ethics"]})
    kept = await update_activity(db, actor, activity_id=draft["id"], changes=renamed)
    assert (kept["form_id"], kept["title"]) == (ended["id"], "改名")
    published = await publish_activity(db, actor, activity_id=draft["id"], now=NOW)
    assert published["state"] == "published"


async def test_a_form_of_another_city_does_not_exist(db: Connection, city: City) -> None:
    elsewhere = await make_unit(db, "别市", Level.CITY)
    form = await make_form(db, elsewhere)
    there = await make_account(db, "there", Role.CITY_ADMIN, elsewhere)
    here = city.school_admin.actor
    both = replace(here, grants=(*here.grants, *there.actor.grants))
    new = new_activity(city, form_id=form["id"])
    for actor in (here, both):
        with pytest.raises(FormNotFound):
            await create_activity(db, actor, new=new)
    plain = await create_activity(db, both, new=new_activity(city))
    changes = ActivityChanges(form_id=form["id"])
    with pytest.raises(FormNotFound):
        await update_activity(db, both, activity_id=plain["id"], changes=changes)
    new = new_activity(city, form_id=form["id"], organiser_unit_id=elsewhere["id"])
    assert (await create_activity(db, both, new=new))["form_id"] == form["id"]


# Steps.


async def test_required_steps_are_carried_out_before_it_is_published(
    db: Connection, city: City
) -> None:
    form = await make_form(db, city.city, steps=STEPS)
    actor = city.school_admin.actor
    made = await create_activity(db, actor, new=new_activity(city, form_id=form["id"]))
    key = {"activity_id": made["id"]}
    with pytest.raises(StepUnknown):
        await add_session(db, actor, **key, new=new_session("elsewhere"))
    await add_session(db, actor, **key, new=new_session("problem"))
    await add_session(db, actor, **key, new=new_session("problem"))
    with pytest.raises(StepsMissing) as refused:
        await publish_activity(db, actor, **key, now=NOW)
    assert refused.value.details == {"steps": "action"}
    assert (await get_activity(db, actor, **key))["state"] == "draft"
    await update_activity(db, actor, **key, changes=ActivityChanges.model_validate({"hours": "6"}))
    await add_session(db, actor, **key, new=new_session("action"))
    published = await publish_activity(db, actor, **key, now=NOW)
    assert published["state"] == "published"


async def test_a_step_needs_a_form_that_has_it(db: Connection, city: City) -> None:
    form = await make_form(db, city.city, steps=STEPS)
    actor = city.school_admin.actor
    plain = await create_activity(db, actor, new=new_activity(city))
    with pytest.raises(StepUnknown):
        await add_session(db, actor, activity_id=plain["id"], new=new_session("problem"))
    made = await create_activity(db, actor, new=new_activity(city, form_id=form["id"], hours="2"))
    key = {"activity_id": made["id"]}
    await add_session(db, actor, **key, new=new_session("problem"))
    await update_activity(db, actor, **key, changes=ActivityChanges(form_id=None))
    with pytest.raises(StepUnknown):
        await publish_activity(db, actor, **key, now=NOW)


async def test_a_session_says_how_people_come_together(db: Connection, city: City) -> None:
    actor = city.school_admin.actor
    made = await create_activity(db, actor, new=new_activity(city))
    online = {"delivery": "online", "link": "https://meeting.example/1"}
    key = {"activity_id": made["id"]}
    await add_session(db, actor, **key, new=new_session(**online))
    await add_session(db, actor, **key, new=new_session())
    sessions = await list_sessions(db, actor, **key)
    assert [(row["delivery"], row["link"]) for row in sessions] == [
        ("online", "https://meeting.example/1"), ("in_person", None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [{"link": "https://meeting.example/1"}, {"delivery": "online", "link": "javascript:alert(1)"}],
)
def test_a_link_is_of_a_session_online(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        new_session(**changed)


# Joint owners.


async def test_departments_own_an_activity_jointly(db: Connection, city: City) -> None:
    own = await make_department(db, city.school, *Duty, name="师训处")
    joint = await make_department(db, city.school, *Duty, name="德育处")
    officer = await make_account(
        db, "officer", Role.DEPARTMENT_OFFICER, joint | {"duties": tuple(Duty)}
    )
    stranger = await make_department(db, city.sibling, *Duty, name="德育处")
    actor = city.school_admin.actor
    organised = {"organiser_unit_id": None, "organiser_department_id": own["id"]}
    made = await create_activity(db, actor, new=new_activity(city, **organised))
    key = {"activity_id": made["id"]}
    with pytest.raises(ActivityNotFound):
        await get_activity(db, officer.actor, **key)
    changes = ActivityChanges(joint_department_ids=[joint["id"]])
    shared = await update_activity(db, actor, **key, changes=changes)
    assert shared["joint_department_ids"] == [joint["id"]]
    assert await get_activity(db, officer.actor, **key) == shared
    run = await update_activity(
        db, officer.actor, **key, changes=ActivityChanges(title="班主任培训")
    )
    assert run["title"] == "班主任培训"
    for unfit in (own["id"], stranger["id"], new_id()):
        changes = ActivityChanges(joint_department_ids=[joint["id"], unfit])
        with pytest.raises(JointOwnerUnfit):
            async with db.transaction():
                await update_activity(db, actor, **key, changes=changes)
    assert await get_activity(db, officer.actor, **key) == run
    await update_activity(db, actor, **key, changes=ActivityChanges(joint_department_ids=[]))
    with pytest.raises(ActivityNotFound):
        await get_activity(db, officer.actor, **key)


async def test_a_joint_owner_without_the_duty_only_follows(db: Connection, city: City) -> None:
    joint = await make_department(db, city.school, Duty.OWN, name="德育处")
    officer = await make_account(
        db, "officer", Role.DEPARTMENT_OFFICER, joint | {"duties": (Duty.OWN,)}
    )
    new = new_activity(city, joint_department_ids=[joint["id"]])
    made = await create_activity(db, city.school_admin.actor, new=new)
    assert (await get_activity(db, officer.actor, activity_id=made["id"]))["id"] == made["id"]
    with pytest.raises(NotAllowed):
        await update_activity(
            db, officer.actor, activity_id=made["id"], changes=ActivityChanges(title="改名")
        )
