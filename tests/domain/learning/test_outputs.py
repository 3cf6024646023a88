from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.outputs import (
    BookNumberWrong,
    DoiWrong,
    OutputChanges,
    OutputDecision,
    OutputDuplicated,
    OutputNotFound,
    OutputOfOneself,
    OutputSettled,
    OutputState,
    book_number,
    decide_output,
    doi_of,
    get_output,
    list_output_duplicates,
    list_outputs,
    outputs_by_id,
    outputs_of,
    update_output,
    withdraw_output,
)
from app.domain.learning.outputs.stating import OutputAhead, OutputAuthorMissing
from app.domain.learning.topics import TopicNotFound
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.plain_text import TitleTooLongInPlain, plain_text
from app.domain.training.files import FileNotFound, FileSharing
from app.sql import Connection, Row
from tests.make import NOW, City, Person
from tests.make_evidence import make_file
from tests.make_topics import confirm_output, make_output, make_topic

PAGE = PageRequest(limit=100)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def send_back(db: Connection, person: Person, output: Row) -> Row:
    decision = OutputDecision(verdict=OutputState.RETURNED, opinion="请补充刊号")
    return await decide_output(db, person.actor, output_id=output["id"], decision=decision, now=NOW)


async def change(db: Connection, person: Person, output: Row, **given: Any) -> Row:
    changes = OutputChanges.model_validate(given)
    return await update_output(db, person.actor, output_id=output["id"], changes=changes, now=NOW)


async def seen_by(db: Connection, person: Person, **filters: Any) -> set[Any]:
    page = await list_outputs(db, person.actor, page=PAGE, **filters)
    return {row["id"] for row in page.items}


async def test_what_has_not_appeared_is_not_stated(db: Connection, city: City) -> None:
    own, later = city.teacher_account, (NOW + timedelta(days=1)).date()
    await refused(db, OutputAhead, make_output(db, own, city.teacher, published_on=later))
    assert await seen_by(db, own) == set()
    output = await make_output(db, own, city.teacher, published_on=NOW.date())
    await refused(db, OutputAhead, change(db, own, output, published_on=later))
    read = await get_output(db, own.actor, output_id=output["id"])
    assert read["published_on"] == NOW.date()


async def test_an_author_states_and_the_school_confirms(db: Connection, city: City) -> None:
    topic = await make_topic(db, city.teacher_account)
    output = await make_output(
        db, city.teacher_account, city.teacher, topic_id=str(topic["id"]),
        doi="https://doi.org/10.1000/ABC.1",
    )  # fmt: skip
    assert (output["state"], output["author_ids"]) == ("stated", [city.teacher["id"]])
    assert (output["doi"], output["unit_id"]) == ("10.1000/abc.1", city.school["id"])
    for person, refusal in (
        (city.teacher_account, NotAllowed), (city.sibling_admin, OutputNotFound),
        (city.auditor, NotAllowed),
    ):  # fmt: skip
        await refused(db, refusal, confirm_output(db, person, output))
    returned = await send_back(db, city.school_admin, output)
    assert (returned["state"], returned["opinion"]) == ("returned", "请补充刊号")
    again = await change(db, city.teacher_account, output, venue="省级教育期刊（CN43-1000）")
    assert (again["state"], again["opinion"]) == ("stated", None)
    confirmed = await confirm_output(db, city.school_admin, output)
    assert (confirmed["state"], confirmed["decided_at"]) == ("confirmed", NOW)
    for late in (
        change(db, city.teacher_account, output, title="改名"),
        confirm_output(db, city.school_admin, output),
        withdraw_output(db, city.teacher_account.actor, output_id=output["id"], now=NOW),
    ):
        await refused(db, OutputSettled, late)
    before = db.statements
    found = await outputs_of(db, city.county_admin.actor, topic_ids=[topic["id"]], page=PAGE)
    assert db.statements - before == 1
    assert found[topic["id"]].items == [confirmed]
    by_id = await outputs_by_id(db, city.sibling_admin.actor, output_ids=[output["id"]])
    assert by_id == {output["id"]: None}


async def test_outputs_are_seen_by_their_authors_wherever_they_are(
    db: Connection, city: City
) -> None:
    joint = await make_output(
        db, city.county_admin, city.teacher, city.sibling_teacher, unit_id=str(city.school["id"])
    )
    for person, seen in (
        (city.teacher_account, {joint["id"]}), (city.colleague_account, set()),
        (city.sibling_teacher_account, {joint["id"]}), (city.sibling_admin, set()),
        (city.school_admin, {joint["id"]}),
    ):  # fmt: skip
        assert await seen_by(db, person) == seen
    author_id = city.sibling_teacher["id"]
    assert await seen_by(db, city.county_admin, author_id=author_id) == {joint["id"]}
    assert await seen_by(db, city.county_admin, kind="book") == set()


async def test_the_same_elsewhere_is_found_and_shown_to_who_confirms(
    db: Connection, city: City
) -> None:
    file = await make_file(db, city.school, city.school_admin)
    copy = await make_file(
        db, city.far_school, city.city_admin, sha256=file["sha256"], sharing=FileSharing.CITY
    )
    school = {"unit_id": str(city.school["id"])}
    first = await make_output(
        db, city.school_admin, city.teacher, **school, isbn="0-306-40615-2",
        file_id=str(file["id"]),
    )  # fmt: skip
    await confirm_output(db, city.school_admin, first)
    far = {"unit_id": str(city.far_school["id"])}
    for given, grounds in (
        ({"title": "《问题链教学》的 实践与思考"}, ["title"]),
        ({"title": "另一本书", "isbn": "9780306406157"}, ["isbn"]),
        ({"title": "又一篇", "file_id": str(copy["id"])}, ["file"]),
    ):
        other = await make_output(db, city.city_admin, city.far_teacher, **far, **given)
        found = await list_output_duplicates(db, city.city_admin.actor, output_id=other["id"])
        assert [(row["output_id"], row["grounds"], row["unit"]) for row in found] == [
            (first["id"], grounds, "甲县第一小学")
        ]
        await refused(db, OutputDuplicated, confirm_output(db, city.other_county_admin, other))
        assert (await get_output(db, city.city_admin.actor, output_id=other["id"]))[
            "state"
        ] == "stated"
        await withdraw_output(db, city.city_admin.actor, output_id=other["id"], now=NOW)
    joint = await make_output(db, city.city_admin, city.far_teacher, **far)
    done = await confirm_output(db, city.other_county_admin, joint, despite_duplicates=True)
    assert done["state"] == "confirmed"
    unlike = await make_output(db, city.city_admin, city.far_teacher, **far, title="毫不相同")
    assert not await list_output_duplicates(db, city.city_admin.actor, output_id=unlike["id"])
    await refused(
        db,
        NotAllowed,
        list_output_duplicates(db, city.teacher_account.actor, output_id=first["id"]),
    )


async def test_what_is_not_stated(db: Connection, city: City) -> None:
    kept = await make_file(db, city.far_school, city.city_admin)
    topic = await make_topic(
        db, city.city_admin, unit_id=city.far_school["id"], leader_id=city.far_teacher["id"]
    )
    school = {"unit_id": str(city.school["id"])}
    for person, authors, given, refusal in (
        (city.teacher_account, (city.colleague,), {}, OutputAuthorMissing),
        (city.teacher_account, (city.teacher, city.colleague), {}, TeacherNotFound),
        (city.school_admin, (city.far_teacher,), school, TeacherNotFound),
        (city.school_admin, (city.teacher,), {}, NotAllowed),
        (city.school_admin, (city.teacher,), school | {"doi": "11.1/x"}, DoiWrong),
        (city.school_admin, (city.teacher,), school | {"isbn": "9780306406158"}, BookNumberWrong),
        (city.school_admin, (city.teacher,), school | {"file_id": str(kept["id"])}, FileNotFound),
        (
            city.school_admin,
            (city.teacher,),
            school | {"topic_id": str(topic["id"])},
            TopicNotFound,
        ),
    ):
        await refused(db, refusal, make_output(db, person, *authors, **given))
    assert await seen_by(db, city.city_admin) == set()


async def test_nobody_confirms_their_own_output_or_leaves_it_without_themselves(
    db: Connection, city: City
) -> None:
    output = await make_output(db, city.teacher_account, city.teacher)
    led = Person(
        actor=type(city.school_admin.actor)(
            account_id=city.school_admin.actor.account_id,
            grants=city.school_admin.actor.grants,
            teacher_id=city.teacher["id"],
        ),
        name="both",
    )
    await refused(db, OutputOfOneself, confirm_output(db, led, output))
    away = change(db, city.teacher_account, output, author_ids=[city.colleague["id"]])
    await refused(db, OutputAuthorMissing, away)
    both = [city.colleague["id"], city.teacher["id"]]
    changed = await change(db, city.school_admin, output, author_ids=both)
    assert changed["author_ids"] == both


def test_numbers_are_compared_as_they_mean_the_same() -> None:
    assert plain_text("“Ｑ＆Ａ”：学会 提问！") == plain_text("Q&A：学会提问")
    assert book_number("0-306-40615-2") == book_number("978-0-306-40615-7") == "9780306406157"
    assert book_number("0-8044-2957-x") == "9780804429573"
    assert doi_of("DOI:10.1000/Xyz") == "10.1000/xyz"
    for wrong in ("", "123", "9780306406158", "0306406153"):
        with pytest.raises(BookNumberWrong):
            book_number(wrong)
    with pytest.raises(DoiWrong):
        doi_of("10.12/abc")


def test_a_decision_says_what_it_is() -> None:
    for wrong in ({"verdict": "stated"}, {"verdict": "returned"}):
        with pytest.raises(ValidationError):
            OutputDecision.model_validate(wrong)
    with pytest.raises(ValidationError):
        OutputChanges.model_validate({"published_on": None})
    assert OutputChanges(published_on=date(2026, 1, 1)).doi is None


async def test_a_title_that_is_too_long_written_out_says_so(db: Connection, city: City) -> None:
    stating = make_output(db, city.teacher_account, city.teacher, title="㍿" * 90)
    await refused(db, TitleTooLongInPlain, stating)
    assert await seen_by(db, city.school_admin) == set()
