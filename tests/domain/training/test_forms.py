import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.organisation.units import Level, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityKind, activities_of_forms
from app.domain.training.forms import (
    FormEnded,
    FormNeedsCity,
    FormNotFound,
    forms_by_id,
    get_form,
    list_forms,
    load_forms,
    publish_form,
    retire_form,
)
from app.domain.training.forms.shipped import shipped_forms
from app.request import Resources
from app.sql import Connection
from tests.make import NOW, City, make_account, make_activity, make_city, make_unit
from tests.make_forms import SOURCE, STEPS, make_form, new_form

PAGE = PageRequest()
LATER = NOW + timedelta(days=1)

FORMS_THAT_THE_DOCUMENTS_NAME = {
    "R60": [
        "lecture", "topic_research", "lesson_viewing", "self_study", "lecture_series",
        "case_lesson_study", "topic_seminar", "inquiry_reflection", "reading_salon",
        "teacher_forum", "mentoring",
    ],
    "R61": ["special_report"],
    "R62": [
        "daily_lesson", "mutual_lesson", "seminar_lesson", "demonstration_lesson",
        "report_lesson",
    ],
    "R63": ["teaching_clinic", "results_exhibition", "topic_seminar", "topic_research"],
    "R64": ["five_step_planning", "collective_planning"],
    "R65": ["same_lesson_different_designs", "lesson_polishing", "one_case_three_sheets"],
    "R66": [
        "subject_seminar", "teacher_forum", "principal_forum", "project_salon",
        "academic_salon", "reading_salon", "brainstorming",
    ],
    "R67": ["remote_study", "online_observation"],
    "R68": ["study_visit"],
    "R69": ["tour_teaching", "teaching_to_countryside", "training_to_countryside"],
    "R70": ["area_contest", "treasure_cup", "courseware_contest", "teaching_contest"],
    "R71": ["action_research"],
    "R72": ["probation"],
    "R73": [
        "summer_training", "off_job_training", "online_course", "post_practice", "mentor_team",
        "lecture_forum", "overseas_study",
    ],
    "R74": ["centralised_training", "self_study", "off_job_training"],
    "R75": ["academic_exchange"],
    "R76": ["meeting_as_training"],
    "R80": ["curriculum_standard_training"],
    "R81": ["ict_training"],
    "R90": ["written_examination", "investigation", "paper_exchange", "teaching_contest"],
}  # fmt: skip
"""What the five source documents name, by requirement: every word has its form."""


# What ships.


@pytest.mark.parametrize("requirement", FORMS_THAT_THE_DOCUMENTS_NAME)
def test_every_form_that_the_documents_name_is_shipped_and_cited(requirement: str) -> None:
    shipped = {form.code: form for form in shipped_forms()}
    for code in FORMS_THAT_THE_DOCUMENTS_NAME[requirement]:
        assert shipped[code].sources, code
        assert all(source.document and source.article for source in shipped[code].sources)


def test_shipped_forms_cover_every_kind_once_each() -> None:
    forms = shipped_forms()
    assert len({form.code for form in forms}) == len(forms)
    assert {form.kind for form in forms} == set(ActivityKind)


@pytest.mark.parametrize(
    ("code", "steps"),
    [
        ("five_step_planning", ["合作备课", "相互观摩", "反思说课", "参与议课", "专家评课"]),
        ("action_research", ["问题", "设计", "行动", "反思", "总结"]),
        ("remote_study", ["收看专家专题讲座", "教研组交流研讨", "课堂教学反思"]),
        ("probation", []),
    ],
)
def test_forms_of_several_steps_name_them_in_order(code: str, steps: list[str]) -> None:
    form = next(each for each in shipped_forms() if each.code == code)
    assert [step.zh for step in form.steps] == steps


async def test_a_city_is_given_the_shipped_forms_once(db: Connection, city: City) -> None:
    own = await make_form(db, city.city, code="lecture", ended=True, kind="lecture")
    before = db.statements
    added = await load_forms(db, forms=shipped_forms(), now=NOW)
    assert added == len(shipped_forms()) - 1
    assert db.statements - before == 2
    assert await load_forms(db, forms=shipped_forms(), now=LATER) == 0
    page = await list_forms(db, city.teacher_account.actor, page=PAGE, code="lecture")
    assert [row["id"] for row in page.items] == [own["id"]]
    found = await list_forms(db, city.teacher_account.actor, page=PAGE, code="action_research")
    (loaded,) = found.items
    shipped = next(form for form in shipped_forms() if form.code == "action_research")
    assert {name: loaded[name] for name in ("steps", "roles", "sources", "content")} == (
        shipped.model_dump(mode="json", include={"steps", "roles", "sources", "content"})
    )


# Publishing.


async def test_a_city_publishes_version_after_version(db: Connection, city: City) -> None:
    actor = city.city_admin.actor
    first = await publish_form(db, actor, new=new_form(city.city, steps=STEPS), now=NOW)
    assert (first["version"], first["ended_at"], first["unit_id"]) == (1, None, city.city["id"])
    assert [step["required"] for step in first["steps"]] == [True, True, False]
    second = await publish_form(db, actor, new=new_form(city.city, name_zh="新名"), now=LATER)
    assert (second["version"], second["name_zh"], second["steps"]) == (2, "新名", [])
    kept = await get_form(db, city.teacher_account.actor, form_id=first["id"])
    assert kept == first | {"ended_at": LATER}
    listed = await list_forms(db, city.school_admin.actor, page=PAGE, in_force=True)
    assert [row["id"] for row in listed.items] == [second["id"]]
    both = await list_forms(db, city.school_admin.actor, page=PAGE, kind=ActivityKind.SEMINAR)
    assert [row["version"] for row in both.items] == [1, 2]


async def test_a_retired_form_comes_back_as_the_next_version(db: Connection, city: City) -> None:
    actor = city.city_admin.actor
    form = await make_form(db, city.city)
    retired = await retire_form(db, actor, form_id=form["id"], now=LATER)
    assert retired["ended_at"] == LATER
    with pytest.raises(FormEnded):
        await retire_form(db, actor, form_id=form["id"], now=LATER)
    again = await publish_form(db, actor, new=new_form(city.city), now=LATER)
    assert (again["version"], again["ended_at"]) == (2, None)


async def test_counties_and_schools_use_forms_and_decide_none(db: Connection, city: City) -> None:
    form = await make_form(db, city.city)
    for person in (city.county_admin, city.school_admin, city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed):
            await retire_form(db, person.actor, form_id=form["id"], now=NOW)
    with pytest.raises(NotAllowed):
        await publish_form(db, city.auditor.actor, new=new_form(city.city), now=NOW)
    for person in (city.county_admin, city.school_admin):
        with pytest.raises(UnitNotFound):
            await publish_form(db, person.actor, new=new_form(city.other_county), now=NOW)
    with pytest.raises(FormNeedsCity):
        await publish_form(db, city.city_admin.actor, new=new_form(city.county), now=NOW)
    assert (await get_form(db, city.city_admin.actor, form_id=form["id"]))["ended_at"] is None


async def test_the_forms_of_another_city_do_not_exist(db: Connection, city: City) -> None:
    elsewhere = await make_unit(db, "别市", Level.CITY)
    admin = await make_account(db, "elsewhere", Role.CITY_ADMIN, elsewhere)
    form = await make_form(db, city.city)
    with pytest.raises(FormNotFound):
        await get_form(db, admin.actor, form_id=form["id"])
    assert (await list_forms(db, admin.actor, page=PAGE)).items == []
    assert await forms_by_id(db, admin.actor, form_ids=[form["id"]]) == {form["id"]: None}


@pytest.mark.parametrize(
    "changed",
    [
        {"code": "Not A Code"},
        {"steps": [STEPS[0], STEPS[0]]},
        {"evidence": [{"kind": "note", "per": "session", "step": "nowhere"}]},
        {"evidence": [{"kind": "dance", "per": "session"}]},
        {"modes": ["off_job", "off_job"]},
        {"sources": []},
        {"sources": [SOURCE | {"page": 3}]},
        {"version": 7},
    ],
)
def test_a_form_that_does_not_fit_together_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        new_form({"id": "01890000-0000-7000-8000-000000000000"}, **changed)


async def test_two_who_publish_at_once_make_two_versions(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def publish(name: str) -> int:
        async with real_pool.transaction() as db:
            new = new_form(city.city, name_zh=name)
            row = await publish_form(db, city.city_admin.actor, new=new, now=NOW)
            return int(row["version"])

    assert sorted(await asyncio.gather(publish("甲"), publish("乙"))) == [1, 2]
    async with real_pool.transaction() as db:
        page = await list_forms(db, city.city_admin.actor, page=PAGE, in_force=True)
    assert [row["version"] for row in page.items] == [2]


# What is held by it.


async def test_the_activities_of_a_form_are_those_of_its_version(
    db: Connection, city: City
) -> None:
    former = await make_form(db, city.city, ended=True)
    form = await make_form(db, city.city, version=2)
    held = [
        await make_activity(db, city.school, city.school_admin, form_id=each["id"])
        for each in (former, form, form)
    ]
    ids = [former["id"], form["id"]]
    before = db.statements
    found = await activities_of_forms(db, city.school_admin.actor, form_ids=ids, page=PAGE)
    assert db.statements - before == 1
    assert {len(found[key].items) for key in ids} == {1, 2}
    assert found[former["id"]].items[0]["id"] == held[0]["id"]
    far = await activities_of_forms(db, city.sibling_admin.actor, form_ids=ids, page=PAGE)
    assert [far[key].items for key in ids] == [[], []]
