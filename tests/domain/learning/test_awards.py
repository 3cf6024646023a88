from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.awards import (
    AwardEntryNotFound,
    AwardRoundExists,
    AwardRoundNotFound,
    Awards,
    AwardWindowOutOfOrder,
    NewAwardEntry,
    award_achievements,
    award_entries_of,
    award_rounds_by_id,
    enter_achievement,
    get_award_entry,
    get_award_round,
    list_award_entries,
    list_award_rounds,
    withdraw_achievement,
)
from app.domain.learning.awards.awarding import (
    AchievementUnfinished,
    AwardEntryExists,
    AwardOfOneself,
    AwardRoundElsewhere,
    AwardRoundOver,
    AwardWindowClosed,
)
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, City, Person
from tests.make_topics import (
    confirm_output,
    make_award_round,
    make_output,
    make_studied,
    make_topic,
)

PAGE = PageRequest(limit=100)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def enter(
    db: Connection, person: Person, contest: Row, now: datetime = NOW, **made: Any
) -> Row:
    new = NewAwardEntry.model_validate(made)
    return await enter_achievement(db, person.actor, round_id=contest["id"], new=new, now=now)


async def award(db: Connection, person: Person, contest: Row, *awards: Row) -> Row:
    new = Awards.model_validate({"awards": list(awards)})
    return await award_achievements(db, person.actor, round_id=contest["id"], new=new, now=NOW)


async def confirmed(db: Connection, city: City, **given: Any) -> Row:
    output = await make_output(db, city.teacher_account, city.teacher, **given)
    return await confirm_output(db, city.school_admin, output)


async def winners(db: Connection, person: Person, contest: Row) -> list[tuple[str, str]]:
    page = await list_award_entries(
        db, person.actor, round_id=contest["id"], page=PAGE, winners=True
    )
    return [(row["title"], row["award"]) for row in page.items]


async def test_a_year_is_awarded_once_and_all_at_once(db: Connection, city: City) -> None:
    contest = await make_award_round(db, city.city_admin, city.city)
    await refused(db, AwardRoundExists, make_award_round(db, city.city_admin, city.city))
    output = await confirmed(db, city)
    other = await confirmed(db, city, title="第二篇")
    topic = await make_studied(db, city.teacher_account, city.school_admin, "concluded")
    first = await enter(db, city.teacher_account, contest, output_id=output["id"])
    await refused(
        db, AwardEntryExists, enter(db, city.school_admin, contest, output_id=output["id"])
    )
    await enter(db, city.school_admin, contest, output_id=other["id"])
    of_topic = await enter(db, city.school_admin, contest, topic_id=topic["id"])
    assert (first["title"], first["award"], of_topic["title"]) == (
        output["title"], None, topic["title"],
    )  # fmt: skip
    for person, count in (
        (city.city_admin, 3), (city.school_admin, 3), (city.teacher_account, 3),
        (city.colleague_account, 0), (city.sibling_admin, 0),
    ):  # fmt: skip
        listed = await list_award_entries(db, person.actor, round_id=contest["id"], page=PAGE)
        assert len(listed.items) == count
    assert await winners(db, city.sibling_admin, contest) == []
    said = {"entry_id": first["id"], "award": "first", "opinion": "有推广价值"}
    published = await award(
        db, city.city_admin, contest, said, {"entry_id": of_topic["id"], "award": "third"}
    )
    assert (published["state"], published["published_at"]) == ("published", NOW)
    won = [(output["title"], "first"), (topic["title"], "third")]
    for person in (city.sibling_admin, city.colleague_account, city.county_admin):
        assert await winners(db, person, contest) == won
    lost = await list_award_entries(db, city.school_admin.actor, round_id=contest["id"], page=PAGE)
    assert [row["award"] for row in lost.items] == ["first", "none", "third"]
    late = enter(db, city.teacher_account, contest, output_id=output["id"])
    await refused(db, AwardRoundOver, late)
    await refused(db, AwardRoundOver, award(db, city.city_admin, contest))
    await refused(
        db,
        AwardRoundOver,
        withdraw_achievement(db, city.school_admin.actor, entry_id=first["id"]),
    )


async def test_what_is_entered_is_finished_and_in_time(db: Connection, city: City) -> None:
    contest = await make_award_round(db, city.county_admin, city.county)
    stated = await make_output(db, city.teacher_account, city.teacher)
    draft = await make_topic(db, city.teacher_account)
    for made in ({"output_id": stated["id"]}, {"topic_id": draft["id"]}):
        await refused(db, AchievementUnfinished, enter(db, city.school_admin, contest, **made))
    output = await confirm_output(db, city.school_admin, stated)
    after = NOW + timedelta(days=366)
    late = enter(db, city.school_admin, contest, after, output_id=output["id"])
    await refused(db, AwardWindowClosed, late)
    entry = await enter(db, city.school_admin, contest, output_id=output["id"])
    taken = await withdraw_achievement(db, city.school_admin.actor, entry_id=entry["id"])
    assert taken == entry
    await refused(
        db,
        AwardEntryNotFound,
        get_award_entry(db, city.school_admin.actor, entry_id=entry["id"]),
    )
    before = db.statements
    found = await award_entries_of(
        db, city.county_admin.actor, round_ids=[contest["id"]], page=PAGE
    )
    assert (db.statements - before, found[contest["id"]].items) == (1, [])


async def test_who_gives_the_award(db: Connection, city: City) -> None:
    contest = await make_award_round(db, city.county_admin, city.county)
    output = await confirmed(db, city)
    entry = await enter(db, city.teacher_account, contest, output_id=output["id"])
    named = {"entry_id": entry["id"], "award": "first"}
    for person, refusal in (
        (city.school_admin, NotAllowed), (city.other_county_admin, AwardRoundNotFound),
        (city.auditor, NotAllowed),
    ):  # fmt: skip
        await refused(db, refusal, award(db, person, contest, named))
    for refused_as, unit, closes_on in (
        (NotAllowed, city.city, "2027-12-31"),
        (AwardWindowOutOfOrder, city.county, "2025-12-31"),
    ):
        more = {"year": 2027, "closes_on": closes_on}
        await refused(db, refused_as, make_award_round(db, city.county_admin, unit, **more))
    led = Person(
        actor=type(city.county_admin.actor)(
            account_id=city.county_admin.actor.account_id,
            grants=city.county_admin.actor.grants,
            teacher_id=city.teacher["id"],
        ),
        name="both",
    )
    await refused(db, AwardOfOneself, award(db, led, contest, named))
    other = await make_award_round(db, city.city_admin, city.city)
    await refused(db, AwardEntryNotFound, award(db, city.city_admin, other, named))
    open_yet = await get_award_round(db, city.teacher_account.actor, round_id=contest["id"])
    assert open_yet["state"] == "open"
    listed = await list_award_rounds(db, city.teacher_account.actor, page=PAGE, year=2026)
    assert {row["id"] for row in listed.items} == {contest["id"], other["id"]}
    found = await award_rounds_by_id(
        db, city.other_county_admin.actor, round_ids=[contest["id"], other["id"]]
    )
    assert (found[contest["id"]], found[other["id"]]) == (None, other)


def test_one_thing_is_entered_and_awarded_once() -> None:
    one = "01890000-0000-7000-8000-000000000001"
    for wrong in ({}, {"output_id": one, "topic_id": one}):
        with pytest.raises(ValidationError):
            NewAwardEntry.model_validate(wrong)
    twice = [{"entry_id": one, "award": "first"}, {"entry_id": one, "award": "second"}]
    with pytest.raises(ValidationError):
        Awards.model_validate({"awards": twice})


async def test_a_round_is_for_what_was_made_below_it(db: Connection, city: City) -> None:
    contest = await make_award_round(db, city.sibling_admin, city.sibling)
    output = await confirmed(db, city)
    await refused(
        db, AwardRoundElsewhere, enter(db, city.county_admin, contest, output_id=output["id"])
    )
