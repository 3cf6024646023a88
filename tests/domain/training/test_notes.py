import asyncio
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import (
    ActivityMode,
    ActivityNotFound,
    ActivitySession,
    ActivityState,
    WrongState,
)
from app.domain.training.attendance import AttendanceStatus
from app.domain.training.closing import close_activity
from app.domain.training.notes import (
    NewNote,
    NotAttended,
    Note,
    NoteFieldsMissing,
    NoteKind,
    NoteNotFound,
    ResemblanceDecided,
    ResemblanceDecision,
    ResemblanceNotFound,
    ResemblanceState,
    compare_notes,
    decide_note_resemblance,
    get_note,
    get_note_resemblance,
    list_note_resemblances,
    list_note_versions,
    list_notes,
    list_teacher_notes,
    print_notes,
    submit_note,
)
from app.domain.training.notes.shingles import ALIKE, bands_of, share_of, shingles_of
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import (
    NOW,
    City,
    Person,
    make_activity,
    make_attendance,
    make_city,
    make_note,
)

PAGE = PageRequest()
TEXT = "今天观摩了一节语文课，最大的收获是提问的层次与留白。"


async def submit(
    db: Connection, person: Person, activity: Row, text: str = TEXT, at: Any = NOW
) -> Row:
    new = NewNote(kind=NoteKind.REFLECTION, text=text)
    return await submit_note(db, person.actor, activity_id=activity["id"], new=new, now=at)


async def texts_of(db: Connection, person: Person, activity: Row) -> list[str]:
    page = await list_notes(db, person.actor, activity_id=activity["id"], page=PAGE)
    return [row["text"] for row in page.items]


async def attended(db: Connection, city: City, **more: Any) -> Row:
    """An activity of the county that the teacher attended."""
    activity = await make_activity(db, city.county, city.county_admin, **more)
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    return activity


async def test_who_attended_submits_and_improves_a_note(db: Connection, city: City) -> None:
    activity = await attended(db, city)
    submitted = await submit(db, city.teacher_account, activity)
    assert submitted == {
        "id": submitted["id"],
        "activity_id": activity["id"],
        "teacher_id": city.teacher["id"],
        "kind": "reflection",
        "text": TEXT,
        "submitted_at": NOW,
        "held_at": NOW,
        "place": None,
        "speaker": None,
        "person_in_charge": "county.admin",
        "version": 1,
    }
    later = NOW + timedelta(hours=1)
    better = await submit(db, city.teacher_account, activity, TEXT * 2, later)
    assert better == submitted | {"text": TEXT * 2, "submitted_at": later, "version": 2}
    note = NewNote(kind=NoteKind.NOTE, text=TEXT, place="报告厅", speaker="王老师")
    await submit_note(db, city.teacher_account.actor, activity_id=activity["id"], new=note, now=NOW)
    assert await texts_of(db, city.county_admin, activity) == [TEXT * 2, TEXT]
    page = await list_notes(
        db, city.county_admin.actor, activity_id=activity["id"], page=PAGE, kind=NoteKind.REFLECTION
    )
    assert page.items == [better | {"name": "测试甲", "school": "甲县第一小学"}]


@pytest.mark.parametrize("status", [AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED, None])
async def test_who_did_not_attend_has_nothing_to_submit(
    db: Connection, city: City, status: AttendanceStatus | None
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    if status is not None:
        session = activity["sessions"][0]
        await make_attendance(db, session, city.county_admin, city.teacher, status=status)
    with pytest.raises(NotAttended):
        await submit(db, city.teacher_account, activity)
    assert await texts_of(db, city.county_admin, activity) == []


async def test_who_was_marked_late_attended(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    late = AttendanceStatus.LATE
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher, status=late)
    assert (await submit(db, city.teacher_account, activity))["text"] == TEXT


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("sibling_teacher_account", ActivityNotFound), ("school_admin", NotAllowed)],
)
async def test_others_submit_nothing(
    db: Connection, city: City, who: str, refusal: type[DomainError]
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    with pytest.raises(refusal):
        await submit(db, getattr(city, who), activity)
    assert await texts_of(db, city.school_admin, activity) == []


async def test_after_the_close_nothing_is_submitted(db: Connection, city: City) -> None:
    activity = await attended(db, city, state=ActivityState.CLOSED)
    with pytest.raises(WrongState):
        await submit(db, city.teacher_account, activity)
    assert await texts_of(db, city.county_admin, activity) == []


async def test_a_note_comes_before_the_close_or_not_at_all(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await attended(db, city, state=ActivityState.HELD)

    async def late() -> None:
        async with real_pool.transaction() as db:
            await submit(db, city.teacher_account, activity)

    async with real_pool.transaction() as closing:
        await close_activity(closing, city.county_admin.actor, activity_id=activity["id"], now=NOW)
        submitting = asyncio.create_task(late())
        await asyncio.wait([submitting], timeout=0.3)
        assert not submitting.done()
    with pytest.raises(WrongState):
        await submitting


async def test_notes_are_seen_by_writer_school_and_organiser(db: Connection, city: City) -> None:
    activity = await attended(db, city)
    await submit(db, city.teacher_account, activity)
    teacher_id = city.teacher["id"]
    for person in (city.teacher_account, city.school_admin, city.auditor):
        page = await list_teacher_notes(db, person.actor, teacher_id=teacher_id, page=PAGE)
        assert [row["text"] for row in page.items] == [TEXT]
    for person in (city.colleague_account, city.sibling_admin):
        with pytest.raises(TeacherNotFound):
            await list_teacher_notes(db, person.actor, teacher_id=teacher_id, page=PAGE)
    for person in (city.teacher_account, city.school_admin):
        with pytest.raises(NotAllowed):
            await texts_of(db, person, activity)


@pytest.mark.parametrize("text", ["太短", " " * 30 + "还是太短", "字" * 20_001])
def test_a_note_has_twenty_characters_at_least(text: str) -> None:
    with pytest.raises(ValidationError):
        NewNote(kind=NoteKind.NOTE, text=text)


async def test_a_note_says_what_the_activity_knows_and_the_rest_is_given(
    db: Connection, city: City
) -> None:
    activity = await attended(db, city)
    actor, key = city.teacher_account.actor, activity["id"]
    bare = NewNote(kind=NoteKind.NOTE, text=TEXT)
    with pytest.raises(NoteFieldsMissing, match="place, speaker"):
        await submit_note(db, actor, activity_id=key, new=bare, now=NOW)
    later = {"place": "报告厅", "speaker": "王老师", "starts_at": NOW + timedelta(hours=2)}
    session = activity["sessions"][0] | later | {"id": new_id(), "ordinal": 2}
    session |= {"ends_at": NOW + timedelta(hours=4)}
    await db.insert(ActivitySession, session)
    await make_attendance(db, session, city.county_admin, city.teacher)
    before = db.statements
    told = await submit_note(db, actor, activity_id=key, new=bare, now=NOW)
    assert db.statements - before == 3
    assert (told["held_at"], told["place"], told["speaker"]) == (NOW, "报告厅", "王老师")
    assert told["person_in_charge"] == "county.admin"
    own = bare.model_copy(update={"speaker": "李老师"})
    assert (await submit_note(db, actor, activity_id=key, new=own, now=NOW))["speaker"] == "李老师"


async def test_alone_nobody_speaks(db: Connection, city: City) -> None:
    activity = await attended(db, city, mode=ActivityMode.SELF_DIRECTED)
    bare = NewNote(kind=NoteKind.NOTE, text=TEXT)
    actor = city.teacher_account.actor
    told = await submit_note(db, actor, activity_id=activity["id"], new=bare, now=NOW)
    assert told["speaker"] is None


async def test_what_a_note_was_is_kept_and_nobody_changes_it(
    db: Connection, city: City, driver: asyncpg.Connection
) -> None:
    activity = await attended(db, city)
    first = await submit(db, city.teacher_account, activity)
    numbers = [
        (await submit(db, city.teacher_account, activity, text))["version"]
        for text in (TEXT * 2, TEXT * 2, TEXT * 3)
    ]
    assert numbers == [2, 2, 3]
    actor = city.school_admin.actor
    assert (await get_note(db, actor, note_id=first["id"]))["text"] == TEXT * 3
    versions = await list_note_versions(db, actor, note_id=first["id"])
    assert [(row["version"], row["text"]) for row in versions] == [(2, TEXT * 2), (1, TEXT)]
    with pytest.raises(NoteNotFound):
        await list_note_versions(db, city.sibling_admin.actor, note_id=first["id"])
    for change in ("UPDATE note_version SET text = 'x'", "DELETE FROM note_version"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(change)


# Notes that are nearly the same.

SENTENCES = (
    "今天听了赵老师的示范课，导入环节从生活情境出发，孩子们兴致很高。",
    "提问有层次，先让学生自主阅读，再在小组里交流，最后全班分享。",
    "板书简洁，把三个关键词写在黑板中央，课后仍能一眼看出全课脉络。",
    "我最大的体会是要敢于等待，留出思考的时间，学生才会真正说话。",
    "下一周我准备在自己的班上试一试这种做法，并请同组的同事来听课。",
)
LONG = "".join(SENTENCES)


async def notes_of_two(
    db: Connection, city: City, other: str, text: str, organiser: Row | None = None
) -> tuple[Row, Row]:
    """A note of the teacher, and what another wrote about the same activity."""
    person, row = {
        "colleague": (city.colleague_account, city.colleague),
        "sibling": (city.sibling_teacher_account, city.sibling_teacher),
    }[other]
    activity = await make_activity(db, organiser or city.county, city.county_admin)
    session = activity["sessions"][0]
    await make_attendance(db, session, city.county_admin, city.teacher, row)
    return (
        await submit(db, city.teacher_account, activity, LONG),
        await submit(db, person, activity, text),
    )


async def resemblances(db: Connection, person: Person) -> list[Row]:
    return (await list_note_resemblances(db, person.actor, page=PAGE)).items


async def test_a_copy_with_small_changes_is_queued_and_nothing_else_happens(
    db: Connection, city: City
) -> None:
    copy = LONG.replace("赵老师", "钱老师").replace("，", ", ") + "谢谢！"
    one, two = await notes_of_two(db, city, "colleague", copy)
    [found] = await resemblances(db, city.school_admin)
    assert (found["note_id"], found["other_id"], found["state"]) == (one["id"], two["id"], "open")
    assert (found["name"], found["other_name"]) == ("测试甲", "测试乙")
    assert ALIKE <= found["share"] < 1
    texts = await get_note_resemblance(db, city.school_admin.actor, resemblance_id=found["id"])
    assert (texts["text"], texts["other_text"]) == (LONG, copy)
    assert two["version"] == 1


async def test_other_words_are_nobodys_copy(db: Connection, city: City) -> None:
    await notes_of_two(
        db, city, "colleague", "这次集体备课我们讨论了分数应用题的三种画图方法。" * 3
    )
    assert await resemblances(db, city.school_admin) == []


async def test_a_pair_across_schools_is_seen_from_above_both_alone(
    db: Connection, city: City
) -> None:
    await notes_of_two(db, city, "sibling", LONG)
    for person in (city.school_admin, city.sibling_admin, city.other_county_admin):
        assert await resemblances(db, person) == []
    assert await resemblances(db, city.teacher_account) == []
    [found] = await resemblances(db, city.county_admin)
    assert (found["school"], found["other_school"]) == ("甲县第一小学", "甲县第二小学")
    for person in (city.city_admin, city.auditor):
        assert await resemblances(db, person) == [found]
    with pytest.raises(ResemblanceNotFound):
        await get_note_resemblance(db, city.school_admin.actor, resemblance_id=found["id"])


async def test_texts_are_shown_as_they_were_compared(db: Connection, city: City) -> None:
    one, _ = await notes_of_two(db, city, "colleague", LONG)
    activity = {"id": one["activity_id"]}
    await submit(db, city.teacher_account, activity, "我重新写了一遍，全部是自己的话，" * 4)
    [found] = await resemblances(db, city.school_admin)
    texts = await get_note_resemblance(db, city.school_admin.actor, resemblance_id=found["id"])
    assert texts["text"] == LONG


async def test_it_is_decided_once_by_who_may_check(db: Connection, city: City) -> None:
    await notes_of_two(db, city, "colleague", LONG)
    [found] = await resemblances(db, city.school_admin)
    said = ResemblanceDecision(state=ResemblanceState.DISMISSED, opinion="同组共同撰写")
    key = {"resemblance_id": found["id"], "decision": said, "now": NOW}
    with pytest.raises(NotAllowed):
        await decide_note_resemblance(db, city.auditor.actor, **key)
    decided = await decide_note_resemblance(db, city.school_admin.actor, **key)
    assert (decided["state"], decided["opinion"]) == ("dismissed", "同组共同撰写")
    with pytest.raises(ResemblanceDecided):
        await decide_note_resemblance(db, city.county_admin.actor, **key)
    with pytest.raises(ValidationError):
        ResemblanceDecision(state=ResemblanceState.OPEN, opinion="待定")


async def put_note(db: Connection, activity: Row, teacher: Row, text: str) -> None:
    """A note as it was before notes were compared."""
    place = {each: teacher[each] for each in ("city_id", "county_id", "school_id")}
    row = {"id": new_id(), "activity_id": activity["id"], "teacher_id": teacher["id"], **place}
    await db.insert(Note, row | {"kind": "note", "text": text, "submitted_at": NOW})


async def test_what_was_there_before_is_found_by_command_once(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    for teacher in (city.teacher, city.colleague, city.sibling_teacher):
        await put_note(db, activity, teacher, LONG)
    await make_note(db, activity, city.far_teacher)  # says too little to be anybody's
    assert [await print_notes(db), await print_notes(db)] == [4, 0]
    queued = []
    for _ in range(2):
        after: UUID | None = UUID(int=0)
        while after is not None:
            before = db.statements
            after, count = await compare_notes(db, after=after, now=NOW)
            assert db.statements - before <= 3
            queued.append(count)
    assert queued == [3, 0, 0, 0]
    assert len(await resemblances(db, city.county_admin)) == 3
    assert len(await resemblances(db, city.school_admin)) == 1


async def test_of_many_that_may_be_alike_the_likeliest_are_compared(
    db: Connection, city: City
) -> None:
    """More of them share a little than are compared, and the one that is the same came last."""
    other, teachers = "。".join(f"第{n}段另有心得{n * 7919}" for n in range(40)), (
        city.teacher, city.colleague, city.sibling_teacher,
    )  # fmt: skip
    for n in range(12):
        activity = await make_activity(db, city.county, city.county_admin)
        await put_note(db, activity, teachers[n % 3], LONG[: len(LONG) // 2] + f"{n}" + other)
    same = await make_activity(db, city.county, city.county_admin)
    await put_note(db, same, city.sibling_teacher, LONG)
    while await print_notes(db):
        pass
    activity = await make_activity(db, city.county, city.county_admin)
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    await submit(db, city.teacher_account, activity, LONG)
    (found,) = await resemblances(db, city.county_admin)
    assert found["share"] == 1


def edited(text: str, random: Random, edits: int) -> str:
    characters = list(text)
    for _ in range(edits):
        at = random.randrange(len(characters))
        characters[at : at + random.choice((0, 1))] = random.choice(["的", "了", ""])
    return "".join(characters)


LETTERS = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"


@given(st.integers(0, 10_000))
def test_small_edits_are_found_and_other_texts_are_not(seed: int) -> None:
    random = Random(seed)
    text = "".join(random.choices(LETTERS, k=600))
    copy, other = edited(text, random, 15), "".join(random.choices(LETTERS, k=600))
    one, two, three = (shingles_of(each) for each in (text, copy, other))
    assert share_of(one, two) >= ALIKE
    assert set(bands_of(one)) & set(bands_of(two))
    assert share_of(one, three) < ALIKE / 4
    assert share_of(one, two) == share_of(two, one)
    assert not set(bands_of(one)) & set(bands_of(three))


def test_width_case_spaces_and_punctuation_do_not_matter() -> None:
    assert shingles_of("ＡＢＣ，def！ 教 研") == shingles_of("abc def教研")
    assert bands_of(shingles_of("太短了")) == []
    assert share_of(frozenset(), frozenset()) == 0
