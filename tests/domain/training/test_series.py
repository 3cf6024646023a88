import pytest

from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    ActivityState,
    list_activities,
    list_offered_activities,
)
from app.domain.training.groups import GroupClosed, close_group
from app.domain.training.series import (
    NewSeries,
    SeriesChanges,
    SeriesChoice,
    SeriesNotFound,
    choose_series,
    create_series,
    get_series,
    list_organised_series,
    update_series,
)
from app.sql import Connection
from tests.make import NOW, City, make_activity, make_group
from tests.make_series import make_series

PAGE = PageRequest()


async def test_a_series_groups_activities_and_lists_them(db: Connection, city: City) -> None:
    admin = city.school_admin.actor
    new = NewSeries(title="名师讲堂", goal="提升课堂教学", organiser_unit_id=city.school["id"])
    series = await create_series(db, admin, new=new, now=NOW)
    assert (series["title"], series["organiser_unit_id"]) == ("名师讲堂", city.school["id"])
    draft = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    activity = await make_activity(db, city.school, city.school_admin)
    for each in (draft, activity):
        choice = SeriesChoice(series_id=series["id"])
        put = await choose_series(db, admin, activity_id=each["id"], choice=choice)
        assert put["series_id"] == series["id"]
    await make_activity(db, city.school, city.school_admin)
    listed = await list_activities(db, admin, page=PAGE, series_id=series["id"])
    assert len(listed.items) == 2
    teacher = city.teacher_account.actor
    offered = await list_offered_activities(db, teacher, page=PAGE, series_id=series["id"])
    assert [row["id"] for row in offered.items] == [activity["id"]]
    assert (await get_series(db, teacher, series_id=series["id"]))["goal"] == "提升课堂教学"
    out = SeriesChoice(series_id=None)
    taken = await choose_series(db, admin, activity_id=activity["id"], choice=out)
    assert taken["series_id"] is None
    with pytest.raises(SeriesNotFound):
        await get_series(db, teacher, series_id=series["id"])


async def test_a_series_is_its_organisers(db: Connection, city: City) -> None:
    series = await make_series(db, city.school, city.school_admin)
    key = {"series_id": series["id"]}
    changes = SeriesChanges(title="新讲堂")
    with pytest.raises(SeriesNotFound):
        await update_series(db, city.sibling_admin.actor, **key, changes=changes)
    with pytest.raises(NotAllowed):
        await update_series(db, city.auditor.actor, **key, changes=changes)
    activity = await make_activity(db, city.sibling, city.sibling_admin)
    with pytest.raises(SeriesNotFound):
        await choose_series(
            db, city.sibling_admin.actor, activity_id=activity["id"], choice=SeriesChoice(**key)
        )
    changed = await update_series(db, city.school_admin.actor, **key, changes=changes)
    assert changed["title"] == "新讲堂"
    (found,) = (await list_organised_series(db, city.county_admin.actor, page=PAGE)).items
    assert found == changed


async def test_a_closed_group_organises_nothing_more(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    await close_group(db, city.school_admin.actor, group_id=group["id"], now=NOW)
    new = NewSeries(title="旧组系列", organiser_group_id=group["id"])
    with pytest.raises(GroupClosed):
        await create_series(db, city.school_admin.actor, new=new, now=NOW)
