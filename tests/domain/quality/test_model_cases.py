from dataclasses import replace
from typing import Any

import pytest

from app.database.migrations import all_tables
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.quality.model_cases import (
    ModelCaseDecidedByWriter,
    ModelCaseNeverPublished,
    ModelCaseNotFound,
    ModelCaseOfCity,
    ModelCaseOfOwnUnit,
    ModelCasePublication,
    ModelCasePublishedAbove,
    ModelCaseReturn,
    ModelCaseSourceElsewhere,
    ModelCaseTitleTaken,
    ModelCaseWithdrawal,
    ModelCaseWithdrawn,
    ModelCaseWithoutSource,
    ModelCaseWrongState,
    NewModelCaseVersion,
    get_model_case,
    list_model_case_versions,
    list_model_cases,
    list_published_model_cases,
    publish_model_case,
    return_model_case,
    submit_model_case,
    withdraw_model_case,
    write_model_case,
)
from app.domain.quality.regulations import RegulationKind
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_activity
from tests.make_demonstrations import (
    CASE,
    make_case,
    make_published_case,
    make_returned_case,
    make_submitted_case,
    publish_case,
)
from tests.make_documents import make_regulation

PAGE = PageRequest()


async def versions_of(db: Connection, who: Person, row: Row) -> list[tuple[int, str]]:
    page = await list_model_case_versions(db, who.actor, case_id=row["id"], page=PAGE)
    return [(each["number"], each["state"]) for each in page.items]


async def unchanged(
    db: Connection, city: City, row: Row, refusal: type[DomainError], act: Any
) -> None:
    """That this is refused, and the case and its versions stay as they are."""
    versions = await versions_of(db, city.school_admin, row)
    with pytest.raises(refusal):
        await act
    assert await get_model_case(db, city.school_admin.actor, case_id=row["id"]) == row
    assert await versions_of(db, city.school_admin, row) == versions


def text(**more: Any) -> NewModelCaseVersion:
    said = {name: CASE[name] for name in ("summary", "mode")} | more
    return NewModelCaseVersion.model_validate(said)


async def test_a_case_rests_on_the_work_of_its_unit(db: Connection, city: City) -> None:
    regulation = await make_regulation(
        db, city.school, city.school_admin, RegulationKind.MANAGEMENT
    )
    row = await make_case(db, city.school, city.school_admin, regulation_ids=[regulation["id"]])
    page = await list_model_case_versions(db, city.school_admin.actor, case_id=row["id"], page=PAGE)
    [version] = page.items
    assert version["regulation_ids"] == [regulation["id"]]
    assert len(version["activity_ids"]) == 1
    assert version["plan_ids"] == version["resource_ids"] == []
    with pytest.raises(ModelCaseTitleTaken):
        await make_case(db, city.school, city.school_admin)
    elsewhere = await make_activity(db, city.sibling, city.sibling_admin)
    by, key = city.school_admin.actor, {"case_id": row["id"]}
    for refusal, sources in (
        (ModelCaseWithoutSource, {}),
        (ModelCaseSourceElsewhere, {"activity_ids": [elsewhere["id"]]}),
    ):
        act = write_model_case(db, by, **key, new=text(**sources))
        await unchanged(db, city, row, refusal, act)
    with pytest.raises(ModelCaseOfCity):
        await make_case(db, city.city, city.city_admin)
    with pytest.raises(ModelCaseNotFound):
        await get_model_case(db, city.sibling_admin.actor, **key)


async def test_a_bureau_above_publishes_what_another_has_submitted(
    db: Connection, city: City
) -> None:
    row = await make_case(db, city.school, city.school_admin)
    key = {"case_id": row["id"]}
    new = ModelCasePublication(unit_id=city.county["id"], opinion="值得推广")
    act = publish_model_case(db, city.county_admin.actor, **key, new=new, now=NOW)
    await unchanged(db, city, row, ModelCaseWrongState, act)
    row = await submit_model_case(db, city.school_admin.actor, **key, now=NOW)
    again = submit_model_case(db, city.school_admin.actor, **key, now=NOW)
    await unchanged(db, city, row, ModelCaseWrongState, again)
    own = publish_model_case(db, city.school_admin.actor, **key, new=new, now=NOW)
    await unchanged(db, city, row, NotAllowed, own)
    said = ModelCaseReturn(opinion="请补充")
    own = return_model_case(db, city.school_admin.actor, **key, said=said, now=NOW)
    await unchanged(db, city, row, ModelCaseOfOwnUnit, own)
    far = new.model_copy(update={"target_ids": [city.far_school["id"]]})
    beyond = publish_model_case(db, city.county_admin.actor, **key, new=far, now=NOW)
    await unchanged(db, city, row, UnitNotFound, beyond)
    withdrawn = ModelCaseWithdrawal(reason="内容过时")
    early = withdraw_model_case(db, city.county_admin.actor, **key, said=withdrawn, now=NOW)
    await unchanged(db, city, row, ModelCaseNeverPublished, early)
    published = await publish_model_case(db, city.county_admin.actor, **key, new=new, now=NOW)
    assert published["published_version"] == 1


async def test_whoever_submits_a_case_does_not_decide_on_it(db: Connection, city: City) -> None:
    row = await make_submitted_case(db, city.school, city.county_admin)
    new = ModelCasePublication(unit_id=city.county["id"], opinion="值得推广")
    act = publish_model_case(db, city.county_admin.actor, case_id=row["id"], new=new, now=NOW)
    await unchanged(db, city, row, ModelCaseDecidedByWriter, act)


async def test_it_is_read_by_those_to_whom_it_is_published(db: Connection, city: City) -> None:
    row = await make_published_case(db, city)
    teacher, far = city.sibling_teacher_account, city.other_county_admin
    page = await list_published_model_cases(db, teacher.actor, page=PAGE)
    assert [(each["title"], each["version"]) for each in page.items] == [("一课三研", None)]
    assert (await list_model_cases(db, city.sibling_admin.actor, page=PAGE)).items == []
    with pytest.raises(ModelCaseNotFound):
        await get_model_case(db, far.actor, case_id=row["id"])
    await publish_case(db, row, city.city, city.city_admin, city.other_county)
    assert (await get_model_case(db, far.actor, case_id=row["id"]))["version"] is None
    direct = await make_account(db, "direct", Role.SCHOOL_ADMIN, city.direct_school)
    with pytest.raises(ModelCaseNotFound):
        await get_model_case(db, direct.actor, case_id=row["id"])


async def test_the_next_version_is_the_units_until_it_is_published(
    db: Connection, city: City
) -> None:
    row = await make_published_case(db, city)
    activity = await make_activity(db, city.school, city.school_admin)
    key, by = {"case_id": row["id"]}, city.school_admin.actor
    row = await write_model_case(db, by, **key, new=text(activity_ids=[activity["id"]]))
    assert (row["version"], row["published_version"]) == (2, 1)
    assert await versions_of(db, city.school_admin, row) == [(1, "published"), (2, "draft")]
    assert await versions_of(db, city.sibling_teacher_account, row) == [(1, "published")]
    await submit_model_case(db, by, **key, now=NOW)
    await publish_case(db, row, city.county, city.county_admin)
    assert await versions_of(db, city.sibling_teacher_account, row) == [(2, "published")]


async def test_what_was_returned_is_written_again(db: Connection, city: City) -> None:
    row = await make_returned_case(db, city)
    activity = await make_activity(db, city.school, city.school_admin)
    by, key = city.school_admin.actor, {"case_id": row["id"]}
    more = text(activity_ids=[activity["id"]], effect="三分之二教师上展示课")
    await write_model_case(db, by, **key, new=more)
    row = await submit_model_case(db, by, **key, now=NOW)
    act = write_model_case(db, by, **key, new=more)
    await unchanged(db, city, row, ModelCaseWrongState, act)
    page = await list_model_case_versions(db, by, **key, page=PAGE)
    [version] = page.items
    assert (version["effect"], version["activity_ids"]) == (more.effect, [activity["id"]])


async def test_what_was_withdrawn_is_no_model_any_more(db: Connection, city: City) -> None:
    row = await make_published_case(db, city)
    said, key = ModelCaseWithdrawal(reason="与新课标不符"), {"case_id": row["id"]}
    own = withdraw_model_case(db, city.school_admin.actor, **key, said=said, now=NOW)
    await unchanged(db, city, row, ModelCaseOfOwnUnit, own)
    row = await withdraw_model_case(db, city.county_admin.actor, **key, said=said, now=NOW)
    assert row["withdrawn_because"] == "与新课标不符"
    with pytest.raises(ModelCaseNotFound):
        await get_model_case(db, city.sibling_teacher_account.actor, **key)
    act = submit_model_case(db, city.school_admin.actor, **key, now=NOW)
    await unchanged(db, city, row, ModelCaseWithdrawn, act)


def test_no_teacher_is_named_by_cases_adoptions_and_titles() -> None:
    """What is read, liked or adopted leads to nobody's assessment (教育部减负通知, November 2025)."""
    named = {
        table.name
        for table in all_tables().sorted_tables
        if table.name.startswith(("model_", "demonstration"))
        and any(key.column.table.name == "teacher" for key in table.foreign_keys)
    }
    assert named == set()


async def test_what_the_city_has_published_the_city_withdraws(db: Connection, city: City) -> None:
    row = await publish_case(db, await make_published_case(db, city), city.city, city.city_admin)
    said, key = ModelCaseWithdrawal(reason="与新课标不符"), {"case_id": row["id"]}
    act = withdraw_model_case(db, city.county_admin.actor, **key, said=said, now=NOW)
    await unchanged(db, city, row, ModelCasePublishedAbove, act)
    gone = await withdraw_model_case(db, city.city_admin.actor, **key, said=said, now=NOW)
    assert gone["withdrawn_at"] == NOW


async def test_nobody_decides_on_what_was_submitted_for_them(db: Connection, city: City) -> None:
    row = await make_case(db, city.school, city.school_admin)
    delegate = await make_account(db, "delegate", Role.COUNTY_ADMIN, city.county)
    acting = replace(delegate.actor, on_behalf_of=city.county_admin.actor.account_id)
    row = await submit_model_case(db, acting, case_id=row["id"], now=NOW)
    new = ModelCasePublication(unit_id=city.county["id"], opinion="值得推广")
    act = publish_model_case(db, city.county_admin.actor, case_id=row["id"], new=new, now=NOW)
    await unchanged(db, city, row, ModelCaseDecidedByWriter, act)
