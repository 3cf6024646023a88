import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    TRANSITIONS,
    ActivityChanges,
    ActivityContent,
    ActivityNotFound,
    ActivityState,
    AudienceOutsideOrganiser,
    DaysDisagree,
    HoursDisagree,
    IllegalTransition,
    NewActivity,
    NewSession,
    SessionNotFound,
    SessionOutsideActivity,
    SessionsMissing,
    SessionsToCome,
    WrongState,
    activities_by_id,
    activities_of,
    add_session,
    cancel_activity,
    create_activity,
    get_activity,
    get_session,
    hold_activity,
    list_activities,
    list_offered_activities,
    publish_activity,
    sessions_of,
    update_activity,
)
from app.domain.training.closing import close_activity
from app.domain.training.groups import GroupNotFound
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import (
    NOW,
    TODAY,
    City,
    Person,
    make_account,
    make_activity,
    make_city,
    make_group,
)

VERBS = {
    "publish": publish_activity,
    "hold": hold_activity,
    "close": close_activity,
    "cancel": cancel_activity,
}
PAGE = PageRequest()


def new_activity(**changed: Any) -> NewActivity:
    given = {
        "title": "同课异构研讨",
        "kind": "lesson_observation",
        "mode": "concentrated",
        "channel": "school_based",
        "content": ["teaching_methods", "ethics"],
        "hours": "4.00",
        "starts_on": TODAY,
        "ends_on": TODAY,
    }
    return NewActivity.model_validate(given | changed)


def new_session(hours: str = "2.00", **changed: Any) -> NewSession:
    given = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=2), "hours": hours}
    return NewSession.model_validate(given | changed)


async def offered_to(db: Connection, person: Person, **filters: Any) -> list[str]:
    page = await list_offered_activities(db, person.actor, page=PAGE, **filters)
    return [row["title"] for row in page.items]


# Organising.


@pytest.mark.parametrize(
    ("organiser", "who", "level"),
    [("school", "school_admin", "school"), ("county", "county_admin", "county"),
     ("city", "city_admin", "city"), ("direct_school", "city_admin", "school")],
)  # fmt: skip
async def test_an_activity_is_placed_by_its_organiser(
    db: Connection, city: City, organiser: str, who: str, level: str
) -> None:
    unit = getattr(city, organiser)
    actor = getattr(city, who).actor
    made = await create_activity(db, actor, new=new_activity(organiser_unit_id=unit["id"]))
    assert made == {
        **new_activity(organiser_unit_id=unit["id"]).model_dump(exclude={"organiser_group_id"}),
        "id": made["id"],
        "level": level,
        "state": "draft",
        "organiser_group_id": None,
        "series_id": None,
        "audience": [],
        "published_at": None,
        "closed_at": None,
    }
    assert await get_activity(db, actor, activity_id=made["id"]) == made


async def test_who_may_not_organise_there_drafts_nothing(db: Connection, city: City) -> None:
    new = new_activity(organiser_unit_id=city.school["id"])
    with pytest.raises(UnitNotFound):
        await create_activity(db, city.sibling_admin.actor, new=new)
    for person in (city.teacher_account, city.auditor, city.integration):
        with pytest.raises(NotAllowed) as refused:
            await create_activity(db, person.actor, new=new)
        assert refused.value.details == {"permission": "activity:write"}
    above = new_activity(organiser_unit_id=city.county["id"])
    with pytest.raises(NotAllowed):
        await create_activity(db, city.school_admin.actor, new=above)
    page = await list_activities(db, city.city_admin.actor, page=PAGE)
    assert page.items == []


async def test_a_leader_organises_for_the_own_group_alone(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    other = await make_group(db, city.school, name="数学教研组")
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    made = await create_activity(
        db, leader.actor, new=new_activity(organiser_group_id=group["id"], hours="2")
    )
    assert made["organiser_unit_id"] == city.school["id"]
    assert made["organiser_group_id"] == group["id"]
    with pytest.raises(GroupNotFound):
        await create_activity(db, leader.actor, new=new_activity(organiser_group_id=other["id"]))
    with pytest.raises(NotAllowed):
        await create_activity(
            db, leader.actor, new=new_activity(organiser_unit_id=city.school["id"])
        )
    whole_school = ActivityChanges(audience=[city.school["id"]])
    with pytest.raises(AudienceOutsideOrganiser):
        await update_activity(db, leader.actor, activity_id=made["id"], changes=whole_school)
    await add_session(db, leader.actor, activity_id=made["id"], new=new_session())
    published = await publish_activity(db, leader.actor, activity_id=made["id"], now=NOW)
    assert published["audience"] == [group["id"]]
    ids = [group["id"], other["id"]]
    found = await activities_of(db, leader.actor, group_ids=ids, page=PageRequest())
    assert [[row["id"] for row in page.items] for page in found.values()] == [[made["id"]], []]


@pytest.mark.parametrize(
    ("who", "organiser", "audience", "fits"),
    [("school_admin", "school", ["school"], True), ("school_admin", "school", ["sibling"], False),
     ("school_admin", "school", ["county"], False),
     ("county_admin", "county", ["school", "sibling"], True),
     ("county_admin", "county", ["school", "far_school"], False),
     ("county_admin", "school", ["sibling"], False),
     ("city_admin", "city", ["other_county", "direct_school", "school"], True),
     ("city_admin", "county", ["direct_school"], False)],
)  # fmt: skip
async def test_nobody_organises_for_others(
    db: Connection, city: City, who: str, organiser: str, audience: list[str], fits: bool
) -> None:
    targets = [getattr(city, name)["id"] for name in audience]
    new = new_activity(organiser_unit_id=getattr(city, organiser)["id"], audience=targets * 2)
    actor = getattr(city, who).actor
    if fits:
        made = await create_activity(db, actor, new=new)
        assert made["audience"] == sorted(targets)
        return
    with pytest.raises(AudienceOutsideOrganiser):
        async with db.transaction():
            await create_activity(db, actor, new=new)
    assert (await list_activities(db, city.city_admin.actor, page=PAGE)).items == []


async def test_an_audience_may_be_groups_below(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    far = await make_group(db, city.far_school)
    new = new_activity(organiser_unit_id=city.county["id"], audience=[group["id"]])
    made = await create_activity(db, city.county_admin.actor, new=new)
    assert made["audience"] == [group["id"]]
    for unknown in (far["id"], new_id(), city.teacher["id"]):
        changes = ActivityChanges(audience=[group["id"], unknown])
        with pytest.raises(AudienceOutsideOrganiser):
            await update_activity(
                db, city.county_admin.actor, activity_id=made["id"], changes=changes
            )
    now = await get_activity(db, city.county_admin.actor, activity_id=made["id"])
    assert now["audience"] == [group["id"]]


@pytest.mark.parametrize(
    "changed",
    [{}, {"organiser_unit_id": new_id(), "organiser_group_id": new_id()},
     {"organiser_unit_id": new_id(), "ends_on": TODAY - timedelta(days=1)},
     {"organiser_unit_id": new_id(), "hours": "0"},
     {"organiser_unit_id": new_id(), "hours": "1.005"},
     {"organiser_unit_id": new_id(), "hours": "NaN"},
     {"organiser_unit_id": new_id(), "capacity": 0},
     {"organiser_unit_id": new_id(), "state": "published"}],
)  # fmt: skip
def test_nonsense_is_no_activity(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        new_activity(**changed)


# Changing a draft.


async def test_a_draft_is_changed_where_it_is_told(db: Connection, city: City) -> None:
    activity = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, capacity=20
    )
    actor, activity_id = city.school_admin.actor, activity["id"]
    before = await get_activity(db, actor, activity_id=activity_id)
    changes = ActivityChanges(
        title="改名", capacity=None, hours=Decimal(6), content=[ActivityContent.ETHICS]
    )
    after = await update_activity(db, actor, activity_id=activity_id, changes=changes)
    wanted = {"title": "改名", "capacity": None, "hours": Decimal(6), "content": ["ethics"]}
    assert after == before | wanted
    nothing = ActivityChanges()
    assert await update_activity(db, actor, activity_id=activity_id, changes=nothing) == after


async def test_only_drafts_are_changed_and_only_by_the_organiser(
    db: Connection, city: City
) -> None:
    published = await make_activity(db, city.school, city.school_admin)
    changes = ActivityChanges(title="改名")
    with pytest.raises(WrongState) as refused:
        await update_activity(
            db, city.school_admin.actor, activity_id=published["id"], changes=changes
        )
    assert refused.value.details == {"state": "published", "allowed": "draft"}
    with pytest.raises(NotAllowed):
        await update_activity(
            db, city.teacher_account.actor, activity_id=published["id"], changes=changes
        )
    with pytest.raises(ActivityNotFound):
        await update_activity(
            db, city.sibling_admin.actor, activity_id=published["id"], changes=changes
        )
    now = await get_activity(db, city.school_admin.actor, activity_id=published["id"])
    assert now["title"] == "测试研修活动"


def test_a_change_empties_the_capacity_alone() -> None:
    assert ActivityChanges(capacity=None).model_fields_set == {"capacity"}
    for name in ("title", "hours", "starts_on", "audience", "requires_note"):
        with pytest.raises(ValidationError):
            ActivityChanges.model_validate({name: None})


async def test_days_stay_in_order_over_changes(db: Connection, city: City) -> None:
    draft = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    changes = ActivityChanges(starts_on=TODAY + timedelta(days=1))
    with pytest.raises(DaysDisagree):
        await update_activity(db, city.school_admin.actor, activity_id=draft["id"], changes=changes)


# States.


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ActivityState)
async def test_every_transition_is_allowed_or_names_those_that_are(
    db: Connection, city: City, state: ActivityState, verb: str
) -> None:
    activity = await make_activity(db, city.school, city.school_admin, state=state)
    actor, activity_id = city.school_admin.actor, activity["id"]
    allowed = TRANSITIONS[state]
    if verb in allowed:
        moved = await VERBS[verb](db, actor, activity_id=activity_id, now=NOW)
        assert moved["state"] == allowed[verb]
        assert (moved["published_at"] is None) == (
            state is ActivityState.DRAFT and verb == "cancel"
        )
        assert moved["closed_at"] == (NOW if verb == "close" else None)
        return
    with pytest.raises(IllegalTransition) as refused:
        await VERBS[verb](db, actor, activity_id=activity_id, now=NOW)
    assert refused.value.details == {
        "state": state.value, "wanted": verb, "allowed": ", ".join(allowed) or "—",
    }  # fmt: skip
    assert (await get_activity(db, actor, activity_id=activity_id))["state"] == state


@pytest.mark.parametrize("verb", VERBS)
async def test_only_the_organiser_moves_an_activity(db: Connection, city: City, verb: str) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    for person, refusal in (
        (city.teacher_account, NotAllowed),
        (city.auditor, NotAllowed),
        (city.sibling_admin, ActivityNotFound),
        (city.other_county_admin, ActivityNotFound),
    ):
        with pytest.raises(refusal):
            await VERBS[verb](db, person.actor, activity_id=activity["id"], now=NOW)
    now = await get_activity(db, city.school_admin.actor, activity_id=activity["id"])
    assert now["state"] == "published"


async def test_what_is_incomplete_is_not_published(db: Connection, city: City) -> None:
    draft = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, sessions=0, hours=Decimal(4)
    )
    actor, activity_id = city.school_admin.actor, draft["id"]
    with pytest.raises(SessionsMissing):
        await publish_activity(db, actor, activity_id=activity_id, now=NOW)
    await add_session(db, actor, activity_id=activity_id, new=new_session("1.50"))
    with pytest.raises(HoursDisagree) as refused:
        await publish_activity(db, actor, activity_id=activity_id, now=NOW)
    assert refused.value.details == {"sessions": "1.50", "hours": "4.00"}
    after = {"starts_at": NOW + timedelta(hours=2), "ends_at": NOW + timedelta(hours=5)}
    await add_session(db, actor, activity_id=activity_id, new=new_session("2.50", **after))
    tomorrow = TODAY + timedelta(days=1)
    moved = ActivityChanges(starts_on=tomorrow, ends_on=tomorrow)
    await update_activity(db, actor, activity_id=activity_id, changes=moved)
    with pytest.raises(SessionOutsideActivity):
        await publish_activity(db, actor, activity_id=activity_id, now=NOW)
    await update_activity(
        db, actor, activity_id=activity_id, changes=ActivityChanges(starts_on=TODAY)
    )
    published = await publish_activity(db, actor, activity_id=activity_id, now=NOW)
    assert (published["state"], published["published_at"]) == ("published", NOW)
    assert published["audience"] == [city.school["id"]]


async def test_of_two_transitions_at_once_one_finds_the_other_done(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await make_activity(db, city.school, city.school_admin)

    async def move(verb: str) -> str:
        try:
            async with real_pool.transaction() as db:
                actor = city.school_admin.actor
                moved = await VERBS[verb](db, actor, activity_id=activity["id"], now=NOW)
                return str(moved["state"])
        except IllegalTransition as refused:
            return f"refused in {refused.details['state']}"

    outcomes = await asyncio.gather(*(move(verb) for verb in ("hold", "cancel", "hold", "cancel")))
    won = [outcome for outcome in outcomes if not outcome.startswith("refused")]
    assert len(won) == 1
    assert set(outcomes) - set(won) == {f"refused in {won[0]}"}


async def test_what_has_not_begun_has_not_been_held(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin, sessions=2)
    actor, last = city.school_admin.actor, activity["sessions"][1]["starts_at"]
    early = last - timedelta(microseconds=1)
    with pytest.raises(SessionsToCome) as refused:
        await hold_activity(db, actor, activity_id=activity["id"], now=early)
    assert refused.value.details == {"starts_at": last.isoformat()}
    assert (await get_activity(db, actor, activity_id=activity["id"]))["state"] == "published"
    await hold_activity(db, actor, activity_id=activity["id"], now=last)


# Who sees it.


async def test_a_draft_that_was_cancelled_is_heard_of_by_the_organiser_alone(
    db: Connection, city: City
) -> None:
    draft = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    cancelled = await cancel_activity(db, city.school_admin.actor, activity_id=draft["id"], now=NOW)
    assert cancelled["published_at"] is None
    assert await offered_to(db, city.teacher_account) == []
    with pytest.raises(ActivityNotFound):
        await get_activity(db, city.teacher_account.actor, activity_id=draft["id"])
    session_id = draft["sessions"][0]["id"]
    with pytest.raises(SessionNotFound):
        await get_session(db, city.teacher_account.actor, session_id=session_id)
    await get_activity(db, city.school_admin.actor, activity_id=draft["id"])


async def test_what_is_published_is_seen_by_its_audience(db: Connection, city: City) -> None:
    await make_activity(db, city.county, city.county_admin, title="全县")
    await make_activity(db, city.county, city.county_admin, city.sibling, title="二小")
    await make_activity(db, city.city, city.city_admin, title="全市")
    await make_activity(db, city.county, city.county_admin, state=ActivityState.DRAFT, title="草稿")
    await make_activity(
        db, city.county, city.county_admin, state=ActivityState.CANCELLED, title="取消"
    )
    assert sorted(await offered_to(db, city.teacher_account)) == ["全县", "全市", "取消"]
    assert sorted(await offered_to(db, city.school_admin)) == ["全县", "全市", "取消"]
    assert sorted(await offered_to(db, city.sibling_teacher_account)) == [
        "二小", "全县", "全市", "取消",
    ]  # fmt: skip
    assert await offered_to(db, city.other_county_admin) == ["全市"]
    assert await offered_to(db, city.teacher_account, state=ActivityState.CANCELLED) == ["取消"]
    assert await offered_to(db, city.teacher_account, since=date(2026, 11, 21)) == []
    own = await list_activities(db, city.school_admin.actor, page=PAGE)
    assert own.items == []


async def test_an_activity_of_a_group_is_seen_by_its_members_of_today(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    activity = await make_activity(db, city.school, city.school_admin, group=group, title="组内")
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    assert await offered_to(db, city.teacher_account) == ["组内"]
    assert await offered_to(db, leader) == ["组内"]
    assert await offered_to(db, city.colleague_account) == []
    session_id = activity["sessions"][0]["id"]
    seen = await get_session(db, city.teacher_account.actor, session_id=session_id)
    assert "secret" not in seen
    with pytest.raises(SessionNotFound):
        await get_session(db, city.colleague_account.actor, session_id=session_id)
    with pytest.raises(ActivityNotFound):
        await get_activity(db, city.colleague_account.actor, activity_id=activity["id"])


async def test_edges_obey_place_and_audience_with_one_statement_each(
    db: Connection, city: City
) -> None:
    made: list[Row] = [
        await make_activity(db, city.county, city.county_admin, sessions=2),
        await make_activity(db, city.sibling, city.sibling_admin),
        await make_activity(db, city.county, city.county_admin, state=ActivityState.DRAFT),
    ]
    activity_ids = [activity["id"] for activity in made]
    before = db.statements
    teacher, admin = city.teacher_account.actor, city.county_admin.actor
    by_id = await activities_by_id(db, teacher, activity_ids=activity_ids)
    assert [row is not None for row in by_id.values()] == [True, False, False]
    sessions = await sessions_of(db, teacher, activity_ids=activity_ids)
    assert [[row["ordinal"] for row in rows] for rows in sessions.values()] == [[1, 2], [], []]
    of_all = await sessions_of(db, admin, activity_ids=activity_ids)
    assert [len(rows) for rows in of_all.values()] == [2, 1, 1]
    assert db.statements - before == 3
