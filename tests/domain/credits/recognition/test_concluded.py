"""A mentorship, a topic and a self-study that were concluded earn what the pack says, once for each person."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app.domain.access.roles import Permission
from app.domain.credits.claims import ClaimRecognisedAlready, submit_claim
from app.domain.credits.claims.drafting import ClaimSourceReserved
from app.domain.credits.explanations import get_explanation
from app.domain.credits.packs import PackDocument, shipped_packs
from app.domain.credits.recognition import (
    RecognitionOfOneself,
    SourceNotConcluded,
    recognise_mentorship,
    recognise_self_study,
    recognise_topic,
)
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.credits.verification import verify_ledger
from app.domain.errors import NotAllowed
from app.domain.learning.mentorships import MENTORSHIPS, MentorshipNotFound
from app.domain.learning.topics import TopicMember
from app.sql import Connection, Row, new_id
from tests import make_self_studies as studies
from tests.domain.credits.making import make_pack
from tests.make import NOW, TODAY, City, Person
from tests.make_claims import approve_all, make_claim, make_submitted
from tests.make_mentorships import (
    CONCLUDED,
    make_expert_mentor,
    make_judgement,
    make_mentoring_record,
    make_mentorship,
)
from tests.make_topics import make_studied, make_topic
from tests.make_trainers import make_trainer


def guangxi() -> PackDocument:
    """校本研修: mentoring 2 for both sides, a topic 6, 4 or 2 by its level, at most 6 in a year."""
    return shipped_packs()["guangxi-2016"]


async def entries(driver: asyncpg.Connection) -> list[tuple[Any, ...]]:
    rows = await driver.fetch(
        "SELECT teacher_id, kind, source_kind, attempt, credits, role, rule_id FROM credit_entry"
        " ORDER BY recorded_at, role, sequence"
    )
    return [tuple(row) for row in rows]


async def make_term(db: Connection, city: City, *, hours: str = "3.00") -> Row:
    """A concluded term of the colleague with two mentors and an expert; the first confirmed hours."""
    term = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, city.sibling_teacher,
        **CONCLUDED,
    )  # fmt: skip
    trainer = await make_trainer(db, city.county, city.county_admin)
    await make_expert_mentor(db, term, trainer)
    confirmed: dict[str, Any] = {
        "confirmed_at": NOW, "confirmed_by": city.colleague_account.actor.account_id,
    }  # fmt: skip
    await make_mentoring_record(db, term, city.teacher_account, hours=hours, **confirmed)
    return term


async def recognise(db: Connection, by: Person, term: Row) -> Row:
    return await recognise_mentorship(db, by.actor, mentorship_id=term["id"], now=NOW)


async def test_both_sides_of_a_term_earn_the_same_once(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """青年教师培养（师徒同分）每年 2 学分; whose records nobody confirmed earns nothing."""
    await make_pack(db, city.city, guangxi())
    term = await make_term(db, city)
    done = await recognise(db, city.county_admin, term)
    assert (done["mentorship_id"], done["entered"], done["not_qualified"]) == (term["id"], 2, 1)
    left = [(each["teacher_id"], each["code"]) for each in done["left_out"]]
    assert left == [(city.sibling_teacher["id"], "records_unconfirmed")]
    apprentice = (city.colleague["id"], "earn", "mentorship", 1, 2, "apprentice", "mentoring")
    mentor = (city.teacher["id"], "earn", "mentorship", 1, 2, "mentor", "mentoring")
    assert await entries(driver) == [apprentice, mentor]
    again = await recognise(db, city.county_admin, term)
    assert (again["entered"], again["already_entered"]) == (0, 2)
    entry_id = await driver.fetchval("SELECT id FROM credit_entry WHERE role = 'mentor'")
    wrong = NewReversal(reason="记录有误")
    await reverse_entry(db, city.county_admin.actor, entry_id=entry_id, new=wrong, now=NOW)
    assert (await recognise(db, city.county_admin, term))["entered"] == 1
    told = await get_explanation(db, city.teacher_account.actor, entry_id=entry_id, now=NOW)
    assert (told["source_kind"], told["source_title"]) == (
        "mentorship", f"师徒结对：{city.colleague['name']}",
    )  # fmt: skip
    assert (await verify_ledger(db)).finding is None


async def test_it_takes_as_many_statements_for_a_team_as_for_a_pair(
    db: Connection, city: City
) -> None:
    await make_pack(db, city.city, guangxi())
    spent = []
    pair = await make_mentorship(
        db, city.school, city.school_admin, city.teacher, city.colleague, **CONCLUDED
    )
    await make_mentoring_record(
        db, pair, city.teacher_account, confirmed_at=NOW,
        confirmed_by=city.colleague_account.actor.account_id,
    )  # fmt: skip
    for term in (pair, await make_term(db, city)):
        before = db.statements
        assert (await recognise(db, city.county_admin, term))["entered"] == 2
        spent.append(db.statements - before)
    assert spent[0] == spent[1]


async def test_a_term_judged_unqualified_earns_nothing(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city, guangxi())
    term = await make_term(db, city)
    await make_judgement(db, term, city.school_admin, "final", grade="unqualified")
    done = await recognise(db, city.county_admin, term)
    assert (done["entered"], done["not_qualified"]) == (0, 3)
    assert {each["code"] for each in done["left_out"]} == {"judged_unqualified"}
    assert await entries(driver) == []


async def test_who_was_on_both_sides_of_a_term_earns_once(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """As it is after two records of one person became one; nothing stands in the way of what they earn."""
    await make_pack(db, city.city, guangxi())
    term = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, city.colleague,
        **CONCLUDED,
    )  # fmt: skip
    await make_mentoring_record(
        db, term, city.teacher_account, confirmed_at=NOW,
        confirmed_by=city.colleague_account.actor.account_id,
    )  # fmt: skip
    done = await recognise(db, city.county_admin, term)
    assert (done["entered"], done["not_qualified"], done["left_out"]) == (2, 0, [])
    assert [(each[0], each[5]) for each in await entries(driver)] == [
        (city.colleague["id"], "apprentice"), (city.teacher["id"], "mentor"),
    ]  # fmt: skip


async def test_who_recognises_a_topic_and_reads_none_leaves_out_no_member(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city, guangxi())
    leader = {"unit_id": city.school["id"], "leader_id": city.teacher["id"], "level": "city"}
    topic = await make_studied(db, city.school_admin, city.city_admin, "concluded", **leader)
    full = city.city_admin.actor
    for permission in (Permission.TOPIC_READ, Permission.TEACHER_READ):
        clerk = replace(full, scopes=frozenset(Permission) - {permission})
        assert clerk.scope(permission).shape == ()
        done = await recognise_topic(db, clerk, topic_id=topic["id"], now=NOW)
        assert done["entered"] + done["already_entered"] == 1
    assert [each[0] for each in await entries(driver)] == [city.teacher["id"]]


async def test_the_members_of_a_topic_earn_by_its_level(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """市级课题 4 学分; a topic is an output, which the pack's offsets cover."""
    await make_pack(db, city.city, guangxi())
    leader = {"unit_id": city.school["id"], "leader_id": city.teacher["id"], "level": "city"}
    topic = await make_studied(db, city.school_admin, city.city_admin, "concluded", **leader)
    member = {"topic_id": topic["id"], "teacher_id": city.colleague["id"], "duty": "core"}
    await db.insert(TopicMember, {"id": new_id(), **member, "share": Decimal(0)})
    done = await recognise_topic(db, city.county_admin.actor, topic_id=topic["id"], now=NOW)
    assert (done["topic_id"], done["entered"]) == (topic["id"], 2)
    assert await entries(driver) == [
        (city.colleague["id"], "offset", "topic", 1, 4, "core", "project-city"),
        (city.teacher["id"], "offset", "topic", 1, 4, "leader", "project-city"),
    ]
    again = await recognise_topic(db, city.city_admin.actor, topic_id=topic["id"], now=NOW)
    assert (again["entered"], again["already_entered"]) == (0, 2)
    assert (await verify_ledger(db)).finding is None


async def test_a_pack_without_a_rule_for_topics_gives_nothing(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """No hour of attendance is made of a topic, however open the rule of attendance is."""
    await make_pack(db, city.city)
    leader = {"unit_id": city.school["id"], "leader_id": city.teacher["id"], "level": "county"}
    topic = await make_studied(db, city.school_admin, city.county_admin, "concluded", **leader)
    done = await recognise_topic(db, city.county_admin.actor, topic_id=topic["id"], now=NOW)
    assert (done["entered"], done["not_covered"]) == (0, 1)
    assert await entries(driver) == []


async def test_a_self_study_earns_its_hours_and_is_not_claimed_again(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    study = await studies.make_reported(db, city)
    by = city.county_admin.actor
    with pytest.raises(SourceNotConcluded) as refused:
        await recognise_self_study(db, by, study_id=study["id"], now=NOW)
    assert refused.value.details == {"state": "reported"}
    await studies.decide(db, city.school_admin, study)
    done = await recognise_self_study(db, by, study_id=study["id"], now=NOW)
    assert (done["study_id"], done["entered"]) == (study["id"], 1)
    entry = await driver.fetchrow("SELECT hours, mode, level, content FROM credit_entry")
    assert tuple(entry) == (180, "self_directed", "school", ["education_research"])
    claimed = {
        "title": study["title"], "mode": "self_directed", "hours": "180", "earned_on": TODAY,
        "evidence": [{"kind": "paper", "title": "结题报告", "text": "结题报告全文"}],
    }  # fmt: skip
    claim = await make_claim(db, city.teacher_account, **claimed)
    with pytest.raises(ClaimRecognisedAlready):
        await submit_claim(db, city.teacher_account.actor, claim_id=claim["id"], now=NOW)
    for kind in ("mentorship", "topic", "self_study"):
        with pytest.raises(ClaimSourceReserved):
            await make_claim(db, city.teacher_account, **claimed, source_kind=kind)


async def test_what_was_claimed_and_entered_is_not_recognised_again(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    study = await studies.make_reported(db, city)
    claim = await make_submitted(
        db, city.teacher_account, title=f"《{study['title']}》", mode="self_directed", hours="180",
        earned_on=TODAY, evidence=[{"kind": "paper", "title": "结题报告", "text": "结题报告全文"}],
    )  # fmt: skip
    claim = await approve_all(db, city, claim)
    assert claim["state"] == "entered"
    await studies.decide(db, city.school_admin, study)
    by = city.county_admin.actor
    done = await recognise_self_study(db, by, study_id=study["id"], now=NOW)
    assert (done["entered"], done["not_covered"]) == (0, 1)
    assert [each["code"] for each in done["left_out"]] == ["claimed_already"]
    entry_id = await driver.fetchval("SELECT id FROM credit_entry")
    wrong = NewReversal(reason="由主管部门认定")
    await reverse_entry(db, by, entry_id=entry_id, new=wrong, now=NOW)
    assert (await recognise_self_study(db, by, study_id=study["id"], now=NOW))["entered"] == 1


async def test_who_may_recognise(db: Connection, driver: asyncpg.Connection, city: City) -> None:
    """The bureau in charge, never the school, and nobody what is their own."""
    await make_pack(db, city.city, guangxi())
    term = await make_term(db, city)
    running = await make_mentorship(
        db, city.school, city.school_admin, city.sibling_teacher, city.teacher
    )
    draft = await make_topic(
        db, city.school_admin, unit_id=city.school["id"], leader_id=city.teacher["id"]
    )
    with pytest.raises(NotAllowed):
        await recognise(db, city.school_admin, term)
    with pytest.raises(NotAllowed):
        await recognise(db, city.teacher_account, term)
    with pytest.raises(MentorshipNotFound):
        await recognise(db, city.other_county_admin, term)
    with pytest.raises(SourceNotConcluded):
        await recognise(db, city.county_admin, running)
    with pytest.raises(SourceNotConcluded):
        await recognise_topic(db, city.county_admin.actor, topic_id=draft["id"], now=NOW)
    actor = replace(city.county_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(RecognitionOfOneself):
        await recognise_mentorship(db, actor, mentorship_id=term["id"], now=NOW)
    assert await entries(driver) == []


async def test_who_recognises_need_not_read_otherwise(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """By the roles' table to recognise is a permission of its own: an application may have it alone."""
    await make_pack(db, city.city, guangxi())
    term = await make_term(db, city)
    leader = {"unit_id": city.school["id"], "leader_id": city.teacher["id"], "level": "city"}
    topic = await make_studied(db, city.school_admin, city.city_admin, "concluded", **leader)
    recogniser = replace(
        city.county_admin.actor, scopes=frozenset({Permission.CREDIT_RECOGNISE}), client_id=new_id()
    )
    with pytest.raises(NotAllowed):
        await MENTORSHIPS.get(db, recogniser, term["id"])
    done = await recognise_mentorship(db, recogniser, mentorship_id=term["id"], now=NOW)
    assert done["entered"] == 2
    done = await recognise_topic(db, recogniser, topic_id=topic["id"], now=NOW)
    assert done["entered"] == 1
    # To read them is not enough.
    reader = replace(recogniser, scopes=frozenset({Permission.PAIR_READ, Permission.TOPIC_READ}))
    with pytest.raises(NotAllowed):
        await recognise_mentorship(db, reader, mentorship_id=term["id"], now=NOW)
    assert len(await entries(driver)) == 3
