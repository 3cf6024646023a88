"""Acts and what they changed: where they lie, who sees them, what of them nobody can undo."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.audit import (
    ActNotFound,
    AuditAct,
    Provenance,
    changes_of,
    get_act,
    list_acts,
    record_act,
    record_refusal,
)
from app.domain.access.audit.recording import MOST_REFUSALS
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.learning.exercises.table import ExerciseFile
from app.domain.learning.topic_steps.step import TopicStep
from app.domain.paging import PageRequest
from app.domain.quality.unit_evaluations.table import EvaluationEvidence
from app.domain.training.evidence_checks import EvidenceCheck
from app.domain.training.groups import ResearchGroup
from app.request import Resources
from app.sql import Connection, Row, Statement, new_id
from tests.make import (
    NOW,
    City,
    Person,
    make_account,
    make_activity,
    make_attendance,
    make_group,
    make_note,
    make_teacher,
)
from tests.make_completions import make_exercise
from tests.make_evaluations import make_evaluation_of_school
from tests.make_evidence import make_evidence, make_file
from tests.make_personal import MASKED, make_phone
from tests.make_topics import make_topic

HERE = Provenance("request-1", "192.0.2.77", "a program")
EVERYTHING = PageRequest(limit=100)
_LAST = Statement(
    select(AuditAct.__table__)  # type: ignore[attr-defined]
    .order_by(col(AuditAct.sequence).desc())
    .limit(1)
)
_RENAME = Statement(
    ResearchGroup.__table__.update()  # type: ignore[attr-defined]
    .where(col(ResearchGroup.id) == bindparam("group_id", type_=Uuid))
    .values(name=bindparam("name"))
)


@pytest.fixture(autouse=True)
async def made(db: Connection, city: City) -> None:
    """What the fixtures made is not what the test does."""
    await record_act(db, None, operation="make_city", target_id=None, provenance=HERE)


async def act(db: Connection, person: Person, target_id: UUID | None = None, **more: Any) -> Row:
    """An act at the end of what was written just now; the row as it was kept."""
    arguments = {"operation": "try_it", "provenance": HERE} | more
    await record_act(db, person.actor, target_id=target_id, **arguments)
    kept = await db.one(_LAST)
    assert kept is not None
    return kept


async def changes(db: Connection, person: Person, row: Row) -> list[Row]:
    found = await changes_of(db, person.actor, act_ids=[row["id"]], page=EVERYTHING)
    return found[row["id"]].items


def place(row: Row) -> tuple[Any, ...]:
    return row["city_id"], row["county_id"], row["school_id"]


async def test_an_act_says_who_what_from_where_and_lies_where_its_changes_lie(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school)
    kept = await act(db, city.county_admin)
    assert kept["account_id"] == city.county_admin.actor.account_id
    assert (kept["operation"], kept["refusal"], kept["changed_rows"]) == ("try_it", None, 1)
    assert (kept["request_id"], kept["agent"]) == ("request-1", "a program")
    assert str(kept["address"]) == "192.0.2.77"
    assert kept["target_id"] == group["id"], "the first thing that was made"
    assert place(kept) == (city.city["id"], city.county["id"], city.school["id"])
    [change] = await changes(db, city.auditor, kept)
    assert (change["table_name"], change["row_key"]) == ("research_group", str(group["id"]))
    assert change["before"] is None
    assert change["after"]["name"] == "语文教研组"


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        (("school", "school"), ("city", "county", "school")),
        (("school", "sibling"), ("city", "county", None)),
        (("school", "far_school"), ("city", "city", None)),
        (("school", "county"), ("city", "county", None)),
        (("direct_school",), ("city", "city", "direct_school")),
    ],
)
async def test_it_lies_where_all_of_its_changes_lie(
    where: tuple[str, ...], wanted: tuple[str | None, ...], db: Connection, city: City
) -> None:
    for unit in where:
        await make_group(db, getattr(city, unit))
    kept = await act(db, city.city_admin)
    assert kept["changed_rows"] == len(where)
    assert place(kept) == tuple(name and getattr(city, name)["id"] for name in wanted)


async def test_what_changes_nothing_lies_with_the_account(db: Connection, city: City) -> None:
    kept = await act(db, city.sibling_admin, city.teacher["id"])
    assert (kept["changed_rows"], kept["target_id"]) == (0, city.teacher["id"])
    assert place(kept) == (city.city["id"], city.county["id"], city.sibling["id"])


async def test_a_row_without_a_place_lies_with_what_it_belongs_to(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.sibling)
    await act(db, city.county_admin)
    await make_group(db, city.county)  # something else, of another act
    await act(db, city.county_admin)
    await db._driver.execute(
        "INSERT INTO group_member (id, group_id, teacher_id, duty, valid_from)"
        " VALUES ($1, $2, $3, 'member', '2026-09-01')",
        new_id(), group["id"], city.teacher["id"],
    )  # fmt: skip
    kept = await act(db, city.county_admin)
    assert place(kept) == (city.city["id"], city.county["id"], city.sibling["id"])


async def evidence_with(db: Connection, city: City, file: Row) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    await act(db, city.school_admin)
    await make_evidence(db, activity, city.school_admin, file_id=file["id"])


async def topic_step_with(db: Connection, city: City, file: Row | None) -> None:
    topic = await make_topic(db, city.teacher_account)
    await act(db, city.teacher_account)
    row = {
        "id": new_id(), "topic_id": topic["id"], "kind": "application", "summary": "材料齐全",
        "file_id": file["id"] if file else None, "filed_at": NOW, "state": "filed",
        "filed_by": city.teacher_account.actor.account_id,
    }  # fmt: skip
    await db.insert(TopicStep, row)


async def topic_step_without_file(db: Connection, city: City, _: Row) -> None:
    await topic_step_with(db, city, None)


async def exercise_with(db: Connection, city: City, file: Row) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    exercise = await make_exercise(db, city.school_admin, activity)
    await act(db, city.school_admin)
    await db.insert(ExerciseFile, {"exercise_id": exercise["id"], "file_id": file["id"]})


async def evaluation_with(db: Connection, city: City, file: Row) -> None:
    evaluation = await make_evaluation_of_school(db, city)
    await act(db, city.county_admin)
    shown = {"evaluation_id": evaluation["id"], "indicator": "rules", "file_id": file["id"]}
    await db.insert(EvaluationEvidence, shown)


async def check_of_evidence(db: Connection, city: City, file: Row) -> None:
    """By somebody of another school, of a piece that is neither a note nor a sheet."""
    activity = await make_activity(db, city.school, city.school_admin)
    piece = await make_evidence(db, activity, city.school_admin, file_id=file["id"])
    await act(db, city.school_admin)
    row = {
        "id": new_id(), "evidence_id": piece["id"], "verdict": "checked", "checked_at": NOW,
        "checked_by": city.sibling_admin.actor.account_id,
    }  # fmt: skip
    await db.insert(EvidenceCheck, row)


@pytest.mark.parametrize(
    "write",
    [
        evidence_with, topic_step_with, topic_step_without_file, exercise_with, evaluation_with,
        check_of_evidence,
    ],
)  # fmt: skip
async def test_it_lies_with_its_owner_and_not_where_its_file_does(
    write: Callable[[Connection, City, Row], Awaitable[None]], db: Connection, city: City
) -> None:
    file = await make_file(db, city.far_school, city.city_admin)
    await write(db, city, file)
    kept = await act(db, city.city_admin)
    assert (kept["changed_rows"], place(kept)) == (
        1, (city.city["id"], city.county["id"], city.school["id"]),
    )  # fmt: skip
    here = await make_account(db, "here", Role.AUDITOR, city.school)
    there = await make_account(db, "there", Role.AUDITOR, city.far_school)
    assert (await get_act(db, here.actor, act_id=kept["id"]))["id"] == kept["id"]
    assert len(await changes(db, here, kept)) == 1
    with pytest.raises(ActNotFound):
        await get_act(db, there.actor, act_id=kept["id"])
    assert await changes(db, there, kept) == []


async def test_each_act_has_the_changes_since_the_one_before(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    first = await act(db, city.school_admin)
    assert await db.run(_RENAME, group_id=group["id"], name="数学教研组") == 1
    second = await act(db, city.school_admin, group["id"])
    assert [change["row_key"] for change in await changes(db, city.auditor, first)] == [
        str(group["id"])
    ]
    [change] = await changes(db, city.auditor, second)
    assert change["before"] == {"name": "语文教研组"}, "only what differs"
    assert change["after"] == {"name": "数学教研组"}


async def test_what_stays_the_same_is_no_change(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    await act(db, city.school_admin)
    await db.run(_RENAME, group_id=group["id"], name="语文教研组")
    assert (await act(db, city.school_admin))["changed_rows"] == 0


async def test_what_is_removed_is_kept_as_it_was(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    await act(db, city.school_admin)
    await db._driver.execute("DELETE FROM activity_session WHERE activity_id = $1", activity["id"])
    [change] = await changes(db, city.auditor, await act(db, city.school_admin))
    assert (change["table_name"], change["after"]) == ("activity_session", None)
    assert change["before"]["ordinal"] == 1
    assert change["before"]["secret"] == "***"


async def test_a_row_whose_key_changes_was_removed_and_added(
    db: Connection, resources: Resources, city: City
) -> None:
    """Beside one that only changed: each is told, as what it is, and what is hidden of it stays so."""
    moved, stays, other = city.teacher, city.colleague, city.far_teacher
    for person, teacher in ((city.teacher_account, moved), (city.colleague_account, stays)):
        await make_phone(db, resources.cipher, person, teacher)
    await act(db, city.city_admin)
    await db._driver.execute(
        "UPDATE teacher_phone SET phone = 'masked',"
        " teacher_id = CASE teacher_id WHEN $1 THEN $2 ELSE teacher_id END",
        moved["id"], other["id"],
    )  # fmt: skip
    kept = await act(db, city.city_admin)
    assert kept["changed_rows"] == 3
    told = {each["row_key"]: each for each in await changes(db, city.city_admin, kept)}
    assert told.keys() == {str(teacher["id"]) for teacher in (moved, stays, other)}
    removed, changed, added = (told[str(teacher["id"])] for teacher in (moved, stays, other))
    assert (changed["before"], changed["after"]) == ({"phone": MASKED}, {"phone": "masked"})
    assert (removed["after"], added["before"]) == (None, None)
    same = {"phone_sealed": "***", "phone_index": "***"}
    before, after = removed["before"], added["after"]
    assert before == after | same | {"teacher_id": str(moved["id"]), "phone": MASKED}
    assert after == before | same | {"teacher_id": str(other["id"]), "phone": "masked"}
    places = {
        row["row_key"]: row["school_id"]
        for row in await db._driver.fetch(
            "SELECT row_key, school_id FROM audit_change WHERE transaction ="
            " pg_current_xact_id()::text::bigint AND row_key = ANY ($1) AND table_name = 'teacher_phone'"
            " ORDER BY id",
            [str(moved["id"]), str(other["id"])],
        )
    }
    assert places == {str(each["id"]): each["school_id"] for each in (moved, other)}


async def test_nothing_sealed_hashed_or_written_by_the_person_is_in_the_trail(
    db: Connection, resources: Resources, city: City
) -> None:
    teacher = await make_teacher(db, resources.cipher, city.school)
    secret = b"a hash that nobody may read"
    await make_account(db, "somebody", Role.SCHOOL_ADMIN, city.school, secret=secret)
    activity = await make_activity(db, city.school, city.school_admin)
    await make_note(db, activity, teacher)
    await db._driver.execute("UPDATE note SET text = text || text")
    kept = await act(db, city.school_admin)
    text = str(await changes(db, city.auditor, kept))
    assert "用于测试的研修笔记" not in text
    assert secret.hex() not in text
    assert teacher["id_number_sealed"].hex() not in text
    assert teacher["id_number_index"].hex() not in text
    assert str(teacher["birth_date"]) not in text
    rows = {each["table_name"]: each for each in await changes(db, city.auditor, kept)}
    assert rows["teacher"]["after"]["id_number_sealed"] == "***"
    assert rows["teacher"]["after"]["birth_date"] == "***"
    assert rows["account"]["after"]["secret"] == "***"
    assert rows["note"]["before"] == {"text": "***", "version": 1}
    assert rows["note"]["after"] == {"text": "***", "version": 2}


async def test_new_attendance_is_its_own_trail_and_a_correction_is_not(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    await act(db, city.school_admin)
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    assert (await act(db, city.school_admin))["changed_rows"] == 0
    await db._driver.execute("UPDATE attendance SET status = 'absent'")
    [change] = await changes(db, city.auditor, await act(db, city.school_admin))
    assert (change["before"], change["after"]) == ({"status": "present"}, {"status": "absent"})


async def test_what_follows_from_elsewhere_is_no_change_of_its_own(
    db: Connection, city: City
) -> None:
    """A teacher who moves takes attendance along: one fact, told once."""
    activity = await make_activity(db, city.school, city.school_admin)
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    await act(db, city.school_admin)
    await db._driver.execute(
        "UPDATE teacher SET school_id = $2 WHERE id = $1", city.teacher["id"], city.sibling["id"]
    )
    [change] = await changes(db, city.auditor, await act(db, city.county_admin))
    assert (change["table_name"], change["before"]) == (
        "teacher",
        {"school_id": str(city.school["id"])},
    )


# What may be asked.


async def test_acts_are_seen_within_ones_place_and_by_who_may(db: Connection, city: City) -> None:
    await make_group(db, city.school)
    here = await act(db, city.county_admin)
    await make_group(db, city.far_school)
    there = await act(db, city.city_admin)
    seen = {}
    for name in ("auditor", "city_admin", "county_admin", "other_county_admin", "school_admin"):
        page = await list_acts(db, getattr(city, name).actor, page=EVERYTHING, operation="try_it")
        seen[name] = [row["id"] for row in page.items]
    assert seen == {
        "auditor": [there["id"], here["id"]],
        "city_admin": [there["id"], here["id"]],
        "county_admin": [here["id"]],
        "other_county_admin": [there["id"]],
        "school_admin": [here["id"]],
    }
    with pytest.raises(ActNotFound):
        await get_act(db, city.school_admin.actor, act_id=there["id"])
    with pytest.raises(NotAllowed):
        await get_act(db, city.integration.actor, act_id=there["id"])
    hidden = await changes_of(
        db, city.school_admin.actor, act_ids=[here["id"], there["id"]], page=EVERYTHING
    )
    assert [len(hidden[each["id"]].items) for each in (here, there)] == [1, 0]


async def test_of_the_address_only_the_network_is_shown(db: Connection, city: City) -> None:
    kept = await act(db, city.school_admin)
    assert (await get_act(db, city.auditor.actor, act_id=kept["id"]))["network"] == "192.0.2.0"
    later = HERE._replace(address="2001:db8:1:2:3:4:5:6")
    kept = await act(db, city.school_admin, provenance=later)
    shown = await get_act(db, city.auditor.actor, act_id=kept["id"])
    assert shown["network"] == "2001:db8:1::"
    assert "address" not in shown


async def test_acts_are_found_by_account_operation_target_refusal_and_period(
    db: Connection, city: City
) -> None:
    one = await act(db, city.school_admin, city.teacher["id"])
    two = await act(db, city.county_admin, city.school["id"], operation="other")
    await record_refusal(
        db, city.county_admin.actor, operation="other", target_id=city.teacher["id"],
        refusal="not_allowed", provenance=HERE,
    )  # fmt: skip
    three = await db.one(_LAST)
    assert three is not None
    moment = timedelta(microseconds=1)

    async def found(**filters: Any) -> list[int]:
        page = await list_acts(db, city.auditor.actor, page=EVERYTHING, **filters)
        known = {one["id"]: 1, two["id"]: 2, three["id"]: 3}
        return [known[row["id"]] for row in page.items if row["id"] in known]

    assert await found() == [3, 2, 1]
    assert await found(account_id=city.county_admin.actor.account_id) == [3, 2]
    assert await found(operation="other") == [3, 2]
    assert await found(target_id=city.teacher["id"]) == [3, 1]
    assert await found(school_id=city.school["id"]) == [1]
    assert await found(refused=True) == [3]
    assert await found(refused=False) == [2, 1]
    assert await found(since=two["at"]) == [3, 2]
    assert await found(until=two["at"]) == [1]
    assert await found(since=two["at"] + moment, until=three["at"] + moment) == [3]


async def test_a_page_of_acts_and_the_changes_of_all_of_it_are_a_statement_each(
    db: Connection, city: City
) -> None:
    for _ in range(3):
        await make_group(db, city.school)
        await act(db, city.school_admin)
    before = db.statements
    page = await list_acts(db, city.auditor.actor, page=EVERYTHING)
    await changes_of(
        db, city.auditor.actor, act_ids=[row["id"] for row in page.items], page=EVERYTHING
    )
    assert db.statements - before == 2


# What is refused.


async def test_refusals_of_one_kind_are_recorded_so_often_in_an_hour(
    db: Connection, city: City
) -> None:
    async def refuse(who: Person, code: str) -> bool:
        return await record_refusal(
            db, who.actor, operation="try_it", target_id=None, refusal=code, provenance=HERE
        )

    recorded = [await refuse(city.teacher_account, "not_allowed") for _ in range(MOST_REFUSALS + 3)]
    assert recorded == [True] * MOST_REFUSALS + [False] * 3
    assert await refuse(city.teacher_account, "teacher_not_found")
    assert await refuse(city.colleague_account, "not_allowed")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_act SET operation = 'nothing'",
        "DELETE FROM audit_act",
        "TRUNCATE audit_act",
        "UPDATE audit_change SET before = NULL",
        "DELETE FROM audit_change",
        "INSERT INTO audit_change (table_name, row_key) VALUES ('teacher', 'made up')",
        "UPDATE audit_link SET hash = hash",
        "DELETE FROM audit_link",
        (
            "INSERT INTO audit_act (id, operation, since, changed_rows, at)"
            " VALUES (gen_random_uuid(), 'earlier', 0, 0, '2020-01-01')"
        ),
        (
            "INSERT INTO audit_act (id, operation, since, changed_rows, sequence)"
            " VALUES (gen_random_uuid(), 'elsewhere', 0, 0, 1)"
        ),
        "ALTER TABLE teacher DISABLE TRIGGER audit_update",
        "CREATE TEMPORARY TABLE teacher (id uuid)",
    ],
)
async def test_the_application_can_only_add_acts(
    statement: str, driver: asyncpg.Connection
) -> None:
    if statement.startswith("CREATE"):
        # Whoever could run the function on a table of their own could make up changes.
        await driver.execute(statement)
        statement = (
            "CREATE TRIGGER made_up AFTER INSERT ON pg_temp.teacher REFERENCING NEW TABLE AS added"
            " FOR EACH STATEMENT EXECUTE FUNCTION record_changes('{id}', '{}', '{}', '', '')"
        )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await driver.execute(statement)


async def test_no_function_lends_the_owners_rights(driver: asyncpg.Connection) -> None:
    """As a trigger of a temporary table it would write whatever the application likes.

    Two are none. `move_to_survivor` moves rows of named columns between two persons for whom a merger is
    open, which the application arranges in any case; `take_back_import_rows` deletes what rows of an
    import made and nothing refers to, as `take_back_import_row` does for one, which the release before asks.
    """
    lent = await driver.fetch(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        " AND has_function_privilege(oid, 'EXECUTE')"
    )
    assert {row["proname"] for row in lent} == {
        "move_to_survivor", "take_back_import_row", "take_back_import_rows",
        "take_back_imported_attendance", "take_back_imported_draft",
    }  # fmt: skip
