"""Members of cohorts: nominated within quotas, admitted within places, ended with results; races."""

import asyncio
from dataclasses import replace as copy
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.cohort_members import (
    CohortFull,
    CohortMemberNotFound,
    EndedInFuture,
    MemberReplacement,
    MembershipEnd,
    MembershipNotThere,
    MembershipOfOneself,
    MembershipState,
    NominatedAlready,
    NominationClosed,
    QuotaUsedUp,
    ReplacementElsewhere,
    ResultsMissing,
    TeacherOutsideProgramme,
    end_cohort_member,
    list_cohort_members,
    list_nominations,
    programmes_of,
    replace_cohort_member,
)
from app.domain.people.cohorts import (
    CohortNotFound,
    NewCohortQuota,
    get_cohort,
    set_cohort_quota,
)
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_teacher
from tests.make_people import accept, by_key, complete, propose
from tests.make_programmes import (
    decide,
    make_cohort,
    make_member,
    make_part,
    make_programme,
    make_trainee,
    nominate,
)

ALL = PageRequest(limit=100)


def ending(**given: Any) -> MembershipEnd:
    return MembershipEnd.model_validate({"reason": "按期结业", **given})


DONE = ending(completed=True, results=["reached", "partly"])


async def test_from_nomination_to_completion(db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    before = db.statements
    member = await nominate(db, city.school_admin, cohort, city.teacher)
    assert db.statements - before == 5, (
        "the teacher, the cohort, the situation, the row, the answer"
    )
    assert (member["state"], member["name"], member["programme"], member["school"]) == (
        "nominated", "测试甲", "青蓝工程", "甲县第一小学",
    )  # fmt: skip
    admitted = await decide(db, city.county_admin, member)
    assert (admitted["state"], admitted["opinion"]) == ("admitted", "经评审")
    counted = await get_cohort(db, city.county_admin.actor, cohort_id=cohort["id"])
    assert (counted["teachers"], counted["trainees"]) == (1, 0)
    over = await end_cohort_member(
        db, city.county_admin.actor, member_id=member["id"], end=DONE, now=NOW
    )
    assert (over["state"], over["results"], over["ended_on"]) == (
        "completed", ["reached", "partly"], date(2026, 11, 20),
    )  # fmt: skip
    own = await list_nominations(db, city.teacher_account.actor, page=ALL)
    assert own.items == [over]
    by_teacher = await programmes_of(
        db, city.school_admin.actor, teacher_ids=[city.teacher["id"], city.colleague["id"]]
    )
    assert by_teacher == {city.teacher["id"]: [over], city.colleague["id"]: []}


async def test_each_side_sees_its_own(db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    mine = await make_member(db, cohort, city.teacher, city.school_admin)
    theirs = await make_member(db, cohort, city.sibling_teacher, city.sibling_admin)

    async def seen(who: Any) -> list[Any]:
        page = await list_cohort_members(db, who.actor, cohort_id=cohort["id"], page=ALL)
        return [row["id"] for row in page.items]

    assert await seen(city.county_admin) == [mine["id"], theirs["id"]]
    assert await seen(city.school_admin) == []
    page = await list_nominations(db, city.school_admin.actor, page=ALL, cohort_id=cohort["id"])
    assert [row["id"] for row in page.items] == [mine["id"]]
    with pytest.raises(CohortNotFound):
        await seen(city.other_county_admin)


async def test_a_membership_goes_along_with_a_transfer(
    db: Connection, city: City, resources: Resources
) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.city))
    await make_member(db, cohort, city.teacher, city.school_admin)
    new = by_key(city.teacher, city.far_school)
    transfer = await accept(
        db, city.other_county_admin, await propose(db, resources, city.school_admin, new)
    )
    await complete(db, city.other_county_admin, transfer)
    page = await list_nominations(db, city.other_county_admin.actor, page=ALL)
    assert [row["school"] for row in page.items] == ["乙县第一小学"]
    assert (await list_nominations(db, city.school_admin.actor, page=ALL)).items == []


async def test_only_so_many_are_nominated(db: Connection, city: City, resources: Resources) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    new = NewCohortQuota(school_id=city.school["id"], places=1)
    await set_cohort_quota(db, city.county_admin.actor, cohort_id=cohort["id"], new=new)
    first = await nominate(db, city.school_admin, cohort, city.teacher)
    with pytest.raises(QuotaUsedUp):
        await nominate(db, city.school_admin, cohort, city.colleague)
    with pytest.raises(QuotaUsedUp):
        # A school of which nothing is said nominates nobody where something is said of others.
        await nominate(db, city.sibling_admin, cohort, city.sibling_teacher)
    await decide(db, city.county_admin, first, admitted=False)
    assert (await nominate(db, city.school_admin, cohort, city.colleague))["state"] == "nominated"


async def test_a_teacher_is_nominated_once(db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    await nominate(db, city.school_admin, cohort, city.teacher)
    with pytest.raises(NominatedAlready):
        async with db.transaction():
            await nominate(db, city.county_admin, cohort, city.teacher)


REFUSED: list[tuple[str, str, type[DomainError]]] = [
    ("county_admin", "far_teacher", TeacherNotFound),
    ("city_admin", "far_teacher", TeacherOutsideProgramme),
    ("sibling_admin", "teacher", TeacherNotFound),
    ("teacher_account", "teacher", NotAllowed),
    ("auditor", "teacher", NotAllowed),
    ("other_county_admin", "far_teacher", CohortNotFound),
]


@pytest.mark.parametrize(("who", "whom", "refusal"), REFUSED)
async def test_whoever_may_not_nominates_nobody(
    db: Connection, city: City, who: str, whom: str, refusal: type[DomainError]
) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    with pytest.raises(refusal):
        await nominate(db, getattr(city, who), cohort, getattr(city, whom))
    assert (await list_nominations(db, city.city_admin.actor, page=ALL)).items == []


async def test_nominations_close(db: Connection, city: City) -> None:
    programme = await make_programme(db, city.county)
    closed = await make_cohort(db, programme, nominate_by=date(2026, 11, 19))
    with pytest.raises(NominationClosed):
        await nominate(db, city.school_admin, closed, city.teacher)
    today = await make_cohort(db, programme, name="第二期", nominate_by=date(2026, 11, 20))
    assert await nominate(db, city.school_admin, today, city.teacher)


async def test_places_are_shared_with_trainees(db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county), places=2)
    await make_part(db, cohort, await make_trainee(db, city.county))
    first, second = [
        await make_member(db, cohort, teacher, city.school_admin)
        for teacher in (city.teacher, city.colleague)
    ]
    await decide(db, city.county_admin, first)
    with pytest.raises(CohortFull):
        await decide(db, city.county_admin, second)
    given_up = ending(completed=False, reason="本人申请退出")
    await end_cohort_member(
        db, city.county_admin.actor, member_id=first["id"], end=given_up, now=NOW
    )
    assert (await decide(db, city.county_admin, second))["state"] == "admitted"


async def test_steps_come_in_their_order(db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    member = await make_member(db, cohort, city.teacher, city.school_admin)
    actor, key = city.county_admin.actor, member["id"]
    with pytest.raises(MembershipNotThere):
        await end_cohort_member(db, actor, member_id=key, end=DONE, now=NOW)
    with pytest.raises(NotAllowed):
        await decide(db, city.auditor, member)
    with pytest.raises(CohortMemberNotFound):
        # The school nominated; who runs the programme decides.
        await decide(db, city.school_admin, member)
    await decide(db, city.county_admin, member)
    with pytest.raises(MembershipNotThere):
        await decide(db, city.county_admin, member)
    one, late = (
        ending(completed=True, results=["reached"]), ending(completed=False, on="2026-11-21"),
    )  # fmt: skip
    with pytest.raises(ResultsMissing):
        await end_cohort_member(db, actor, member_id=key, end=one, now=NOW)
    with pytest.raises(EndedInFuture):
        await end_cohort_member(db, actor, member_id=key, end=late, now=NOW)
    await end_cohort_member(db, actor, member_id=key, end=DONE, now=NOW)
    with pytest.raises(MembershipNotThere):
        await end_cohort_member(db, actor, member_id=key, end=DONE, now=NOW)


@pytest.mark.parametrize(
    "given", [{"completed": True}, {"completed": False, "results": ["reached"]}]
)
def test_results_come_with_a_completion(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ending(**given)


async def test_the_last_place_goes_to_one(
    real_pool: Pool, made: City, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        cohort = await make_cohort(db, await make_programme(db, made.county), places=3)
        members = [
            await make_member(
                db, cohort, await make_teacher(db, resources.cipher, made.school), made.school_admin
            )
            for _ in range(6)
        ]

    async def admit(member: Row) -> Row:
        async with real_pool.transaction() as db:
            return await decide(db, made.county_admin, member)

    done = await asyncio.gather(*map(admit, members), return_exceptions=True)
    assert sorted(isinstance(each, CohortFull) for each in done) == [False] * 3 + [True] * 3, done
    async with real_pool.transaction(read_only=True) as db:
        counted = await get_cohort(db, made.county_admin.actor, cohort_id=cohort["id"])
    assert counted["teachers"] == 3


async def test_the_last_of_a_quota_goes_to_one(real_pool: Pool, made: City) -> None:
    async with real_pool.transaction() as db:
        cohort = await make_cohort(db, await make_programme(db, made.county))
        new = NewCohortQuota(school_id=made.school["id"], places=1)
        await set_cohort_quota(db, made.county_admin.actor, cohort_id=cohort["id"], new=new)

    async def name(teacher: Row) -> Row:
        async with real_pool.transaction() as db:
            return await nominate(db, made.school_admin, cohort, teacher)

    done = await asyncio.gather(*map(name, (made.teacher, made.colleague)), return_exceptions=True)
    assert sorted(isinstance(each, QuotaUsedUp) for each in done) == [False, True], done


async def replace(db: Connection, who: Person, member: Row, other: Row) -> Row:
    replacement = MemberReplacement(by_id=other["id"], reason="因病不能参加")
    return await replace_cohort_member(
        db, who.actor, member_id=member["id"], replacement=replacement, now=NOW
    )


async def test_a_place_passes_to_another_who_was_nominated(db: Connection, city: City) -> None:
    """选派…实验教师: nomination, admission, replacement: R190."""
    cohort = await make_cohort(db, await make_programme(db, city.county), places=1)
    first, second, third = [
        await make_member(db, cohort, teacher, city.school_admin)
        for teacher in (city.teacher, city.colleague, city.sibling_teacher)
    ]
    with pytest.raises(MembershipNotThere):
        await replace(db, city.county_admin, first, second)
    await decide(db, city.county_admin, first)
    await decide(db, city.county_admin, second, admitted=False)
    with pytest.raises(CohortMemberNotFound):
        await replace(db, city.school_admin, first, second)
    taken = await replace(db, city.county_admin, first, second)
    assert (taken["state"], taken["replaces_id"]) == ("admitted", first["id"])
    page = await list_cohort_members(
        db,
        city.county_admin.actor,
        cohort_id=cohort["id"],
        page=ALL,
        state=MembershipState.WITHDRAWN,
    )
    assert [(row["id"], row["ended_because"]) for row in page.items] == [
        (first["id"], "因病不能参加")
    ]
    with pytest.raises(CohortFull):
        await decide(db, city.county_admin, third)
    with pytest.raises(MembershipNotThere):
        await replace(db, city.county_admin, first, third)


async def test_nobody_decides_on_their_own_membership(db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    own, other = [
        await make_member(db, cohort, teacher, city.school_admin)
        for teacher in (city.teacher, city.colleague)
    ]
    also = copy(
        city.county_admin, actor=copy(city.county_admin.actor, teacher_id=city.teacher["id"])
    )
    await decide(db, also, other)
    with pytest.raises(MembershipOfOneself):
        await decide(db, also, own)
    with pytest.raises(MembershipOfOneself):
        await replace(db, also, other, own)
    await decide(db, city.county_admin, own)
    with pytest.raises(MembershipOfOneself):
        await end_cohort_member(db, also.actor, member_id=own["id"], end=DONE, now=NOW)


async def test_a_place_stays_in_its_cohort(db: Connection, city: City) -> None:
    programme = await make_programme(db, city.county)
    cohort, later = [await make_cohort(db, programme, name=name) for name in ("第一期", "第二期")]
    member = await make_member(db, cohort, city.teacher, city.school_admin)
    elsewhere = await make_member(db, later, city.colleague, city.school_admin)
    await decide(db, city.county_admin, member)
    for other in (elsewhere, member):
        with pytest.raises(ReplacementElsewhere):
            await replace(db, city.county_admin, member, other)
    with pytest.raises(CohortMemberNotFound):
        await replace(db, city.county_admin, member, {"id": new_id()})
