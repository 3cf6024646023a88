from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from app.domain.aside import RESTS, SetAside
from app.domain.errors import NotAllowed
from app.domain.learning.learning_doubts import (
    LearningDoubtDecided,
    LearningDoubtKind,
    LearningDoubtNotFound,
    LearningDoubtOfOneself,
    LearningDoubtOpinion,
    LearningDoubtState,
    confirm_learning_doubt,
    dismiss_learning_doubt,
    get_learning_doubt,
    have_open_doubts_found_again,
    list_learning_doubts,
    settling,
)
from app.domain.learning.learning_doubts.kinds import ENOUGH
from app.domain.learning.learning_doubts.two_places import BETWEEN_PLACES, two_places
from app.domain.learning.learning_progress import count_progress, list_teacher_learning_progress
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityMode
from app.domain.training.attendance import (
    AttendanceCorrection,
    AttendanceStatus,
    correct_attendance,
)
from app.sql import Connection, Row, Statement
from tests.make import NOW, City, Person, make_activity, make_attendance
from tests.make_learning import enrol, make_class, make_player, settle, statement, tell

PAGE = PageRequest()
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LOOKED = LearningDoubtOpinion(opinion="已与本人及平台核对")


async def nobody(*_: Any, **__: Any) -> set[UUID]:
    """Nobody was credited."""
    return set()


async def doubts(db: Connection, city: City, **filters: Any) -> list[Row]:
    page = await list_learning_doubts(db, city.county_admin.actor, page=PAGE, **filters)
    return page.items


async def progress(db: Connection, city: City, activity: Row) -> Row:
    actor, key = city.county_admin.actor, city.teacher["id"]
    page = await list_teacher_learning_progress(db, actor, teacher_id=key, page=PAGE)
    (found,) = [row for row in page.items if row["activity_id"] == activity["id"]]
    return found


def watched(city: City, activity: Row, at: datetime, minutes: int, item: str = "film") -> Any:
    return statement(city.teacher, activity, "experienced", item, at, duration=f"PT{minutes}M")


async def found_kinds(
    db: Connection, city: City, player: Person, *told: dict[str, Any]
) -> list[str]:
    await tell(db, player, *told, now=NOW + 8 * HOUR)
    await settle(db)
    return sorted({row["kind"] for row in await doubts(db, city)})


async def test_what_is_as_it_should_be_is_no_doubt(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = [watched(city, activity, NOW + number * 31 * MINUTE, 30) for number in range(8)]
    told += [
        statement(city.teacher, activity, "completed", f"{n}", NOW + n * n * MINUTE)
        for n in range(2 * ENOUGH)
    ]
    assert await found_kinds(db, city, player, *told) == []
    assert (await progress(db, city, activity))["seconds"] == 8 * 1800


async def test_heartbeats_of_a_page_are_no_bot(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = [watched(city, activity, NOW + number * MINUTE, 1) for number in range(3 * ENOUGH)]
    assert await found_kinds(db, city, player, *told) == []


async def test_faster_than_time_goes_by(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    fair = watched(city, activity, NOW, 30)
    fast = [watched(city, activity, NOW + number * MINUTE, 30, f"{number}") for number in (1, 2, 3)]
    keys = await tell(db, player, fair, *fast, now=NOW + HOUR)
    await settle(db)
    (doubt,) = await doubts(db, city)
    assert (doubt["kind"], doubt["teacher_id"]) == ("too_fast", city.teacher["id"])
    assert doubt["records"] == sorted(keys[1:]), "those that came too soon, and not the first"
    assert doubt["figures"] == {"records": 3, "seconds": 5400, "elapsed": 180}
    one = await progress(db, city, activity)
    assert (one["seconds"], one["records"], one["set_aside"]) == (1800, 1, 3)


async def test_a_broken_clock_keeps_nobody_from_being_counted(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    years = [datetime.fromisoformat(f"{year}-01-01T00:00:00+08:00") for year in (1910, 1970, 2025)]
    told = [
        statement(city.teacher, activity, "experienced", "film", at, duration="P63Y")
        for at in (*years, NOW)
    ]
    other = await make_player(db, city.county, "other")
    await tell(db, player, *told)
    await tell(
        db, other,
        *(
            statement(city.teacher, activity, "experienced", "film", at, duration="P63Y")
            for at in [NOW + timedelta(seconds=each) for each in range(80)]
        ),
    )  # fmt: skip
    await settle(db)
    assert {"too_fast", "two_places"} <= {row["kind"] for row in await doubts(db, city)}
    assert (await progress(db, city, activity))["seconds"] == 0


async def test_one_who_cannot_be_counted_keeps_nobody_waiting(
    db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = city.colleague
    player, activity = (
        await make_player(db, city.county),
        await make_class(db, city, city.teacher, other),
    )
    await tell(db, player, statement(other, activity), statement(city.teacher, activity))
    count = count_progress

    async def fail(db: Connection, *, pairs: Any, **more: Any) -> None:
        if any(teacher_id == other["id"] for _, teacher_id in pairs):
            raise RuntimeError
        await count(db, pairs=pairs, **more)

    monkeypatch.setattr(settling, "count_progress", fail)
    aside = SetAside("learner")
    assert await settling.settle_due_progress(db, now=NOW, at_most=9, aside=aside) == 2
    assert (await progress(db, city, activity))["share"] == 100
    assert await settling.settle_due_progress(db, now=NOW, at_most=9, aside=aside) == 0, "rests"
    later = NOW + RESTS
    assert await settling.settle_due_progress(db, now=later, at_most=9, aside=aside) == 1, "is due"


async def test_a_little_too_fast_is_a_matter_of_clocks(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = [watched(city, activity, NOW + number * 26 * MINUTE, 30) for number in range(2)]
    assert await found_kinds(db, city, player, *told) == []
    more = watched(city, activity, NOW + 2 * 26 * MINUTE, 30)
    assert await found_kinds(db, city, player, more) == ["too_fast"]


async def test_as_regular_as_no_person_is(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    told = [
        statement(city.teacher, activity, "completed", f"{n}", NOW + n * 5 * MINUTE)
        for n in range(ENOUGH)
    ]
    assert await found_kinds(db, city, player, *told) == [], "one interval too few"
    more = statement(city.teacher, activity, "completed", "last", NOW + ENOUGH * 5 * MINUTE)
    assert await found_kinds(db, city, player, more) == ["regular"]
    (doubt,) = await doubts(db, city)
    assert doubt["figures"] == {"records": ENOUGH + 1, "interval": 300.0, "spread": 0.0}
    assert (await progress(db, city, activity))["items_done"] == 0


async def test_outside_the_days_of_the_class(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    last = datetime.fromisoformat("2026-11-30T23:59:59+08:00")
    moments = [last, last + timedelta(seconds=1), NOW - timedelta(days=30), NOW]
    told = [statement(city.teacher, activity, "experienced", "x", at) for at in moments]
    keys = await tell(db, player, *told, now=last + HOUR)
    ahead = statement(city.teacher, activity, "experienced", "x", NOW + 6 * MINUTE)
    keys += await tell(db, player, ahead, now=NOW)
    await settle(db)
    (doubt,) = await doubts(db, city)
    assert doubt["kind"] == "outside_window"
    assert doubt["records"] == sorted([keys[1], keys[2], keys[4]])


async def test_online_while_attending_in_person(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    there = await make_activity(db, city.county, city.county_admin)
    alone = await make_activity(db, city.county, city.county_admin, mode=ActivityMode.SELF_DIRECTED)
    for each in (there, alone, activity):
        await make_attendance(db, each["sessions"][0], city.county_admin, city.teacher)
    short = watched(city, activity, NOW + 10 * MINUTE, 10)
    assert await found_kinds(db, city, player, short) == [], "who is late for one minute more"
    long = watched(city, activity, NOW + 30 * MINUTE, 15)
    assert await found_kinds(db, city, player, long) == ["two_places"]
    (doubt,) = await doubts(db, city)
    assert doubt["figures"]["minutes"] == 25, "both together"
    assert doubt["figures"]["sessions"] == [str(there["sessions"][0]["id"])]
    assert (await progress(db, city, activity))["seconds"] == 0


async def test_at_two_players_at_once(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    other_player = await make_player(db, city.county, "other")
    other = await make_class(db, city)
    (one,) = await tell(db, player, watched(city, activity, NOW + HOUR, 60), now=NOW + 2 * HOUR)
    await settle(db)
    assert await doubts(db, city) == []
    assert (await progress(db, city, activity))["seconds"] == 3600
    (two,) = await tell(
        db, other_player, watched(city, other, NOW + 80 * MINUTE, 60), now=NOW + 2 * HOUR
    )
    await settle(db)
    found = {row["activity_id"]: row for row in await doubts(db, city)}
    assert found[activity["id"]]["records"] == [one], "what was counted before is in doubt as well"
    assert found[other["id"]]["records"] == [two]
    assert found[other["id"]]["figures"] == {"records": 1, "minutes": 40, "sessions": []}
    for each in (activity, other):
        assert (await progress(db, city, each))["seconds"] == 0


def seconds_at_once(one: Row, other: Row) -> float:
    """For how long two records were told of at once, somewhere else; by what the words say."""
    if (one["activity_id"], one["player_id"]) == (other["activity_id"], other["player_id"]):
        return 0.0
    spans: list[tuple[datetime, datetime]] = [
        (each["happened_at"] - timedelta(seconds=each["seconds"]), each["happened_at"])
        for each in (one, other)
    ]
    (one_from, one_to), (other_from, other_to) = spans
    return max((min(one_to, other_to) - max(one_from, other_from)).total_seconds(), 0.0)


async def make_crowded_classes(db: Connection, city: City) -> list[Row]:
    """Three classes of which two players told at much the same times."""
    draw = Random(8)
    players = [await make_player(db, city.county, f"player {n}") for n in range(2)]
    classes = [await make_class(db, city) for _ in range(3)]
    for player in players:
        told = []
        for n in range(60):
            at = NOW + draw.randrange(600) * MINUTE
            length = draw.choice([0, 1, 3, 10, 30, 240])
            told.append(watched(city, draw.choice(classes), at, length, f"film{n}"))
        await tell(db, player, *told, now=NOW + 11 * HOUR)
        void = statement(city.teacher, classes[0], "voided", at=NOW)
        void["object"] = {"objectType": "StatementRef", "id": told[0]["id"]}
        await tell(db, player, void, now=NOW + 11 * HOUR)
    return classes


async def test_looked_up_by_time_the_same_is_found_as_each_compared_with_each(
    db: Connection, city: City
) -> None:
    """Of 120 records of three classes and two players, some of them long, some void or without time."""
    classes = await make_crowded_classes(db, city)
    rows = await db._driver.fetch(
        "SELECT id, activity_id, player_id, happened_at, seconds FROM learning_record r"
        " WHERE seconds > 0 AND voids IS NULL"
        " AND NOT EXISTS (SELECT FROM learning_record v WHERE v.voids = r.id)"
    )
    assert len(rows) > 80
    looked_at = classes[:2]
    found = await db.all(
        Statement(two_places()),
        activity_ids=[each["id"] for each in looked_at],
        teacher_ids=[city.teacher["id"]] * 2,
    )
    for activity in looked_at:
        mine = [row for row in rows if row["activity_id"] == activity["id"]]
        common = {
            (one["id"], place["id"]): [
                seconds_at_once(one, other)
                for other in rows
                if other["activity_id"] == place["id"] and seconds_at_once(one, other)
            ]
            for one in mine
            for place in classes
        }
        in_all = {
            place["id"]: sum(sum(common[one["id"], place["id"]]) for one in mine)
            for place in classes
        }
        far = [place for place, seconds in in_all.items() if seconds > BETWEEN_PLACES]
        [row] = [each for each in found if each["activity_id"] == activity["id"]]
        assert sorted(row["others"]) == sorted(far)
        assert row["records"] == sorted(
            {one["id"] for one in mine for place in far if common[one["id"], place]}
        )
        assert row["figures"]["minutes"] == round(max(in_all.values()) / 60)


async def outside(db: Connection, city: City) -> tuple[Row, Person, UUID]:
    """An open doubt in a class, its player, and the record that it rests on."""
    player, activity = await make_player(db, city.county), await make_class(db, city)
    early = statement(city.teacher, activity, at=NOW - timedelta(days=40))
    (key,) = await tell(db, player, early)
    await settle(db)
    (doubt,) = await doubts(db, city)
    return doubt, player, key


async def test_what_is_dismissed_counts_and_is_asked_no_more(db: Connection, city: City) -> None:
    doubt, player, _ = await outside(db, city)
    activity = {"id": doubt["activity_id"]}
    assert (await progress(db, city, activity))["share"] is None
    actor = city.county_admin.actor
    told = await dismiss_learning_doubt(db, actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)
    assert (told["state"], told["decided_by"]) == ("dismissed", actor.account_id)
    await settle(db)
    one = await progress(db, city, activity)
    assert (one["share"], one["set_aside"]) == (100, 0)
    assert await doubts(db, city, state=LearningDoubtState.OPEN) == []
    early = statement(city.teacher, activity, "experienced", "x", NOW - timedelta(days=41))
    (later,) = await tell(db, player, early)
    await settle(db)
    (another,) = await doubts(db, city, state=LearningDoubtState.OPEN)
    assert another["records"] == [later], "what was decided stays decided"


async def test_what_is_confirmed_never_counts(db: Connection, city: City) -> None:
    doubt, _, _ = await outside(db, city)
    actor = city.county_admin.actor
    await confirm_learning_doubt(db, actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)
    await settle(db)
    one = await progress(db, city, {"id": doubt["activity_id"]})
    assert (one["share"], one["records"], one["set_aside"]) == (None, 0, 1)
    for decide in (confirm_learning_doubt, dismiss_learning_doubt):
        with pytest.raises(LearningDoubtDecided):
            await decide(db, actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)


async def test_found_again_nothing_changes(db: Connection, city: City) -> None:
    doubt, player, _ = await outside(db, city)
    activity = {"id": doubt["activity_id"]}
    await tell(db, player, statement(city.teacher, activity, "experienced", "x"))
    await settle(db, NOW + HOUR)
    assert await doubts(db, city, kind=LearningDoubtKind.OUTSIDE_WINDOW) == [doubt]


async def test_nobody_decides_about_themselves(db: Connection, city: City) -> None:
    doubt, _, _ = await outside(db, city)
    actor = replace(city.county_admin.actor, teacher_id=city.teacher["id"])
    for decide in (confirm_learning_doubt, dismiss_learning_doubt):
        with pytest.raises(LearningDoubtOfOneself):
            await decide(db, actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)
        with pytest.raises(NotAllowed):
            await decide(db, city.auditor.actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)
        for person in (city.other_county_admin, city.teacher_account):
            with pytest.raises(LearningDoubtNotFound):
                await decide(db, person.actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)
    assert (await get_learning_doubt(db, actor, doubt_id=doubt["id"]))["state"] == "open"


async def test_what_is_void_is_in_no_doubt(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    await enrol(db, activity, city.colleague)
    early = statement(city.teacher, activity, at=NOW - timedelta(days=40))
    void = statement(city.teacher, activity, "voided")
    void["object"] = {"objectType": "StatementRef", "id": early["id"]}
    assert await found_kinds(db, city, player, early, void) == []


async def make_void(db: Connection, player: Person, activity: Row, city: City, key: UUID) -> None:
    """Have a player make one of its statements void, and settle what follows."""
    void = statement(city.teacher, activity, "voided")
    void["object"] = {"objectType": "StatementRef", "id": str(key)}
    await tell(db, player, void, now=NOW + HOUR)
    await settle(db, NOW + HOUR)


async def test_a_doubt_lapses_when_its_statement_is_made_void(db: Connection, city: City) -> None:
    doubt, player, key = await outside(db, city)
    await make_void(db, player, {"id": doubt["activity_id"]}, city, key)
    (lapsed,) = await doubts(db, city)
    trace = {"state": "lapsed", "decided_at": NOW + HOUR, "decided_by": None, "opinion": None}
    assert lapsed == doubt | trace
    assert (await progress(db, city, {"id": doubt["activity_id"]}))["set_aside"] == 0
    for decide in (confirm_learning_doubt, dismiss_learning_doubt):
        with pytest.raises(LearningDoubtDecided):
            await decide(
                db, city.county_admin.actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW
            )
    assert await doubts(db, city) == [lapsed]


async def test_what_somebody_decided_does_not_lapse(db: Connection, city: City) -> None:
    doubt, player, key = await outside(db, city)
    actor = city.county_admin.actor
    told = await confirm_learning_doubt(db, actor, doubt_id=doubt["id"], decision=LOOKED, now=NOW)
    await make_void(db, player, {"id": doubt["activity_id"]}, city, key)
    assert await doubts(db, city) == [told]


async def test_what_is_left_of_a_doubt_stays_open(db: Connection, city: City) -> None:
    doubt, player, key = await outside(db, city)
    activity = {"id": doubt["activity_id"]}
    early = statement(city.teacher, activity, "experienced", "x", NOW - timedelta(days=41))
    (other,) = await tell(db, player, early)
    await settle(db)
    await make_void(db, player, activity, city, key)
    (left,) = await doubts(db, city)
    assert left == doubt | {"records": [other], "figures": {"records": 1}}


async def test_two_places_lapse_in_both_classes(db: Connection, city: City) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    other_player = await make_player(db, city.county, "other")
    other, later = await make_class(db, city), NOW + 2 * HOUR
    (key,) = await tell(db, player, watched(city, activity, NOW + HOUR, 60), now=later)
    await tell(db, other_player, watched(city, other, NOW + 80 * MINUTE, 60), now=later)
    await settle(db)
    assert len(await doubts(db, city, state=LearningDoubtState.OPEN)) == 2
    await make_void(db, player, activity, city, key)
    assert await doubts(db, city, state=LearningDoubtState.OPEN) == []
    assert len(await doubts(db, city, state=LearningDoubtState.LAPSED)) == 2
    assert (await progress(db, city, other))["seconds"] == 3600, "and counts"


async def test_two_places_lapse_and_come_again_with_the_attendance(
    db: Connection, city: City
) -> None:
    player, activity = await make_player(db, city.county), await make_class(db, city)
    there = await make_activity(db, city.county, city.county_admin)
    admin = city.county_admin
    (record,) = await make_attendance(db, there["sessions"][0], admin, city.teacher)
    long = watched(city, activity, NOW + 30 * MINUTE, 25)
    assert await found_kinds(db, city, player, long) == ["two_places"]

    async def correct(status: AttendanceStatus) -> list[str]:
        correction = AttendanceCorrection(status=status, reason="核对签到表后更正")
        await correct_attendance(
            db, admin.actor, attendance_id=record["id"], correction=correction,
            credited=nobody, now=NOW + HOUR,
        )  # fmt: skip
        await have_open_doubts_found_again(db, now=NOW)
        await settle(db)
        return [row["state"] for row in await doubts(db, city)]

    assert await correct(AttendanceStatus.ABSENT) == ["lapsed"]
    assert (await progress(db, city, activity))["seconds"] == 1500
    await correct(AttendanceStatus.PRESENT)
    await tell(db, player, watched(city, activity, NOW + 31 * MINUTE, 1), now=NOW + HOUR)
    await settle(db)
    states = [row["state"] for row in await doubts(db, city)]
    assert states == ["lapsed", "open"], "what has lapsed was decided by nobody"
