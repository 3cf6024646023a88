"""Claims: what the pack gives for them, who decides in which order, and what counts when."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.credits.claim_publications import enter_published_claims
from app.domain.credits.claims import (
    AT_ONCE,
    ClaimAppeal,
    ClaimAppealedBefore,
    ClaimAppealNotReturned,
    ClaimAppealTooLate,
    ClaimChanges,
    ClaimDecidedMeanwhile,
    ClaimDecisions,
    ClaimEarnsNothing,
    ClaimEvidenceEmpty,
    ClaimEvidenceMissing,
    ClaimInFuture,
    ClaimNotFound,
    ClaimNotOpen,
    ClaimOfOneself,
    ClaimOutsideCycle,
    ClaimRecognisedAlready,
    ClaimReviewedBefore,
    ClaimSourceReserved,
    ClaimTrainingDiffers,
    ClaimTrainingUnconfirmed,
    ClaimTwice,
    ClaimVerdict,
    ReadClaim,
    appeal_claim,
    create_claim,
    decide_claims,
    get_claim,
    get_claim_award,
    list_claim_steps,
    submit_claim,
    update_claim,
    withdraw_claim,
)
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.credits.standings.governing import NoRulePack
from app.domain.credits.verification import verify_ledger
from app.domain.errors import Conflict, DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.outside_training import OutsideTrainingNotFound, confirm_outside_training
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, City, Person, make_account, make_city
from tests.make_claims import (
    DAY,
    PUBLISHING,
    account_of,
    approve_all,
    decide,
    make_claim,
    make_published,
    make_submitted,
    new_claim,
    reviewers,
    stated,
    with_procedure,
)
from tests.make_series import make_outside_training

WHY = ClaimAppeal(reason="证书由主办单位核实")
COUNTED = "SELECT coalesce(sum(counted_credits), 0) FROM standing"


@pytest.fixture
async def pack(db: Connection, city: City) -> Row:
    return await make_pack(db, city.city)


async def counted(driver: asyncpg.Connection) -> Decimal:
    return Decimal(await driver.fetchval(COUNTED))


async def everything(driver: asyncpg.Connection) -> list[Any]:
    tables = ("credit_claim", "claim_step", "claim_evidence", "credit_entry", "standing")
    return [await driver.fetch(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]  # noqa: S608


@pytest.mark.usefixtures("pack")
async def test_a_claim_goes_from_place_to_place_and_the_last_approval_enters_it(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    claim = await make_claim(db, city.teacher_account, role="speaker")
    told = await get_claim_award(db, city.teacher_account.actor, claim_id=claim["id"], now=NOW)
    # The demonstration pack gives two for each hour that somebody speaks.
    names = ("rule_id", "hours", "credits", "refusals", "stages", "stages_assumed")
    assert [told[name] for name in names] == [
        "speaking", "20.00", "20.00", [], ["school", "county", "city"], True,
    ]  # fmt: skip
    claim = await submit_claim(db, city.teacher_account.actor, claim_id=claim["id"], now=NOW)
    waits = [(claim["state"], claim["unit_id"])]
    for person in reviewers(city):
        assert await counted(driver) == 0
        claim = await decide(db, person, claim)
        waits.append((claim["state"], claim["unit_id"]))
    assert waits == [
        ("submitted", city.school["id"]),
        ("submitted", city.county["id"]),
        ("submitted", city.city["id"]),
        ("entered", None),
    ]
    assert await counted(driver) == 20
    entry = await driver.fetchrow("SELECT * FROM credit_entry")
    assert entry is not None
    assert [entry[name] for name in ("source_kind", "source_id", "kind", "rule_id", "credits")] == [
        "claim", claim["id"], "earn", "speaking", Decimal("20.00"),
    ]  # fmt: skip
    assert entry["id"] == claim["entry_id"]
    page = await list_claim_steps(
        db, city.auditor.actor, claim_id=claim["id"], page=PageRequest(limit=10)
    )
    assert [(row["act"], row["stage"], row["by"]) for row in page.items] == [
        ("submit", None, "teacher"),
        ("approve", "school", "school.admin"),
        ("approve", "county", "county.admin"),
        ("approve", "city", "city.admin"),
    ]
    assert (await verify_ledger(db)).finding is None


@pytest.mark.usefixtures("pack")
async def test_a_school_directly_under_the_city_has_no_step_of_a_county(
    db: Connection, city: City
) -> None:
    admin = await make_account(db, "direct.admin", Role.SCHOOL_ADMIN, city.direct_school)
    claim = await make_submitted(db, await account_of(db, city.direct_teacher))
    claim = await decide(db, admin, claim)
    assert claim["unit_id"] == city.city["id"]
    assert (await decide(db, city.city_admin, claim))["state"] == "entered"


async def test_the_pack_names_the_places(db: Connection, city: City) -> None:
    chains = [
        {"kinds": ["convert"], "stages": stated(["city"])},
        {"stages": stated(["county"])},
    ]
    await make_pack(db, city.city, with_procedure(chains=chains))
    claim = await make_submitted(db, city.teacher_account)
    assert claim["unit_id"] == city.county["id"]
    assert (await decide(db, city.county_admin, claim))["state"] == "entered"
    degree = await make_submitted(
        db, city.teacher_account, kind="convert", source_kind="degree", title="教育硕士", hours="0"
    )
    assert (degree["unit_id"], degree["awarded_credits"]) == (city.city["id"], Decimal("60.00"))
    entered = await decide(db, city.city_admin, degree)
    assert (entered["state"], entered["rule_id"]) == ("entered", "education-degree")


@pytest.mark.usefixtures("pack")
async def test_what_is_returned_is_amended_and_what_was_submitted_stays(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    teacher = city.teacher_account
    claim = await make_submitted(db, teacher)
    returned = await decide(db, city.school_admin, claim, "return")
    assert (returned["state"], returned["unit_id"]) == ("returned", None)
    changes = ClaimChanges(title="省级骨干教师研修", hours=Decimal("8.00"))
    await update_claim(db, teacher.actor, claim_id=claim["id"], changes=changes)
    again = await submit_claim(db, teacher.actor, claim_id=claim["id"], now=NOW)
    assert (again["awarded_credits"], again["stage"]) == (Decimal("8.00"), "school")
    # It is a new round: whoever returned it may decide on it as it is now.
    assert (await approve_all(db, city, again))["state"] == "entered"
    rows = await driver.fetch(
        "SELECT round, content->>'title' AS title FROM claim_step WHERE act = 'submit' ORDER BY id"
    )
    assert [tuple(row) for row in rows] == [(1, "省级骨干教师培训"), (2, "省级骨干教师研修")]


@pytest.mark.usefixtures("pack")
async def test_what_stands_against_a_claim_refuses_it_and_changes_nothing(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    teacher = city.teacher_account
    cases: list[tuple[type[DomainError], dict[str, Any]]] = [
        (ClaimInFuture, {"earned_on": NOW.date() + timedelta(days=1)}),
        (ClaimOutsideCycle, {"earned_on": date(2024, 5, 1)}),
        (NoRulePack, {"earned_on": date(2001, 5, 1)}),
        (ClaimEarnsNothing, {"kind": "exempt"}),
        (ClaimEarnsNothing, {"kind": "offset", "source_kind": "prize", "level": "school"}),
        (ClaimEvidenceMissing, {"evidence": []}),
    ]
    for refusal, facts in cases:
        claim = await make_claim(db, teacher, **facts)
        before = await everything(driver)
        told = await get_claim_award(db, teacher.actor, claim_id=claim["id"], now=NOW)
        assert told["refusals"][0]["code"] == refusal.code
        with pytest.raises(refusal):
            await submit_claim(db, teacher.actor, claim_id=claim["id"], now=NOW)
        assert await everything(driver) == before
    with pytest.raises(ClaimEvidenceEmpty):
        await make_claim(db, teacher, evidence=[{"kind": "paper", "title": "论文"}])
    with pytest.raises(ClaimSourceReserved):
        await make_claim(db, teacher, source_kind="activity")


async def test_the_pack_says_what_evidence_a_rule_needs(db: Connection, city: City) -> None:
    evidence = [{"rule": "attendance", "kinds": stated(["certificate", "summary"])}]
    await make_pack(db, city.city, with_procedure(evidence=evidence))
    claim = await make_claim(db, city.teacher_account)
    with pytest.raises(ClaimEvidenceMissing) as refused:
        await submit_claim(db, city.teacher_account.actor, claim_id=claim["id"], now=NOW)
    assert refused.value.details == {"kinds": "summary"}


@pytest.mark.usefixtures("pack")
async def test_the_same_thing_is_claimed_once(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    teacher, other = city.teacher_account, city.colleague_account
    first = await make_submitted(db, teacher, title="浅谈课堂提问", certificate_number="XY-001")
    again: list[dict[str, Any]] = [
        {"title": "浅谈 课堂提问。"},
        {"title": "另一成果", "certificate_number": "xy001"},
    ]
    for facts in again:
        claim = await make_claim(db, teacher, **facts)
        with pytest.raises(ClaimTwice):
            await submit_claim(db, teacher.actor, claim_id=claim["id"], now=NOW)
    # The same paper of two authors is two claims; a reviewer is told of the number.
    theirs = await make_submitted(db, other, title="浅谈课堂提问", certificate_number="XY-001")
    told = await get_claim_award(db, city.school_admin.actor, claim_id=theirs["id"], now=NOW)
    assert [each["code"] for each in told["doubts"]] == ["certificate_of_another"]
    await make_recognised(
        db, city.school, city.county_admin, [city.teacher], on=DAY, title="新课标研修班"
    )
    claim = await make_claim(db, teacher, title="新课标研修班")
    with pytest.raises(ClaimRecognisedAlready):
        await submit_claim(db, teacher.actor, claim_id=claim["id"], now=NOW)
    near = await make_submitted(db, teacher, title="别的培训")
    told = await get_claim_award(db, teacher.actor, claim_id=near["id"], now=NOW)
    assert [each["code"] for each in told["doubts"]] == ["activity_same_day"]
    # What was withdrawn, or entered and reversed, may be claimed anew.
    await withdraw_claim(db, teacher.actor, claim_id=first["id"], now=NOW)
    anew = await make_submitted(db, teacher, title="浅谈课堂提问", certificate_number="XY-001")
    entered = await approve_all(db, city, anew)
    wrong = NewReversal(reason="登记有误")
    await reverse_entry(
        db, city.county_admin.actor, entry_id=entered["entry_id"], new=wrong, now=NOW
    )
    assert (await get_claim(db, teacher.actor, claim_id=anew["id"]))["reversed"] is True
    await make_submitted(db, teacher, title="浅谈课堂提问", certificate_number="XY-001")


@pytest.mark.usefixtures("pack")
async def test_who_may_decide(db: Connection, driver: asyncpg.Connection, city: City) -> None:
    claim = await make_submitted(db, city.teacher_account)
    before = await everything(driver)
    cases: list[tuple[Person, type[DomainError]]] = [
        (city.auditor, NotAllowed),
        (city.teacher_account, NotAllowed),
        (city.colleague_account, ClaimNotFound),
        (city.sibling_admin, ClaimNotFound),
        (city.other_county_admin, ClaimNotFound),
    ]
    for person, refusal in cases:
        with pytest.raises(refusal):
            await decide(db, person, claim)
    assert await everything(driver) == before
    with pytest.raises(NotAllowed):
        await withdraw_claim(db, city.school_admin.actor, claim_id=claim["id"], now=NOW)
    at_county = await decide(db, city.school_admin, claim)
    with pytest.raises(NotAllowed):
        await decide(db, city.school_admin, at_county)
    at_city = await decide(db, city.city_admin, at_county)
    with pytest.raises(ClaimReviewedBefore):
        await decide(db, city.city_admin, at_city)
    with pytest.raises(ClaimDecidedMeanwhile):
        await decide(db, city.county_admin, claim)


@pytest.mark.usefixtures("pack")
async def test_nobody_decides_on_their_own_claim(db: Connection, city: City) -> None:
    claim = await make_submitted(db, city.teacher_account)
    actor = replace(city.school_admin.actor, teacher_id=city.teacher["id"])
    own = Person(actor=actor, name=city.school_admin.name)
    with pytest.raises(ClaimOfOneself):
        await decide(db, own, claim)


@pytest.mark.usefixtures("pack")
async def test_a_draft_is_its_teachers_alone(db: Connection, city: City) -> None:
    claim = await make_claim(db, city.teacher_account)
    for person in (city.school_admin, city.city_admin, city.auditor):
        with pytest.raises(ClaimNotFound):
            await get_claim(db, person.actor, claim_id=claim["id"])
    with pytest.raises(NotAllowed):
        await create_claim(db, city.school_admin.actor, new=new_claim(), now=NOW)


@pytest.mark.usefixtures("pack")
async def test_a_rejection_is_appealed_once_and_decided_above(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    teacher = city.teacher_account
    rejected = await decide(db, city.school_admin, await make_submitted(db, teacher), "reject")
    assert rejected["state"] == "rejected"
    assert await counted(driver) == 0
    with pytest.raises(ClaimNotOpen):
        await decide(db, city.school_admin, rejected)
    late = NOW + timedelta(days=16)
    with pytest.raises(ClaimAppealTooLate):
        await appeal_claim(db, teacher.actor, claim_id=rejected["id"], appeal=WHY, now=late)
    appealed = await appeal_claim(db, teacher.actor, claim_id=rejected["id"], appeal=WHY, now=NOW)
    assert (appealed["state"], appealed["unit_id"]) == ("appealed", city.county["id"])
    with pytest.raises(ClaimAppealNotReturned):
        await decide(db, city.county_admin, appealed, "return")
    dismissed = await decide(db, city.county_admin, appealed, "reject")
    with pytest.raises(ClaimAppealedBefore):
        await appeal_claim(db, teacher.actor, claim_id=dismissed["id"], appeal=WHY, now=NOW)


@pytest.mark.usefixtures("pack")
async def test_an_appeal_that_is_granted_goes_on_to_the_next_place(
    db: Connection, city: City
) -> None:
    teacher = city.teacher_account
    claim = await decide(db, city.school_admin, await make_submitted(db, teacher), "reject")
    claim = await appeal_claim(db, teacher.actor, claim_id=claim["id"], appeal=WHY, now=NOW)
    claim = await decide(db, city.county_admin, claim)
    assert (claim["state"], claim["unit_id"]) == ("submitted", city.city["id"])
    assert (await decide(db, city.city_admin, claim))["state"] == "entered"


@pytest.mark.usefixtures("pack")
async def test_many_are_decided_at_once_each_with_its_own_answer(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    fine = [
        await make_submitted(db, city.teacher_account, title=f"培训{number}") for number in range(3)
    ]
    other = await make_submitted(db, city.sibling_teacher_account)
    draft = await make_claim(db, city.teacher_account, title="草稿")

    async def together(person: Person, claims: list[Row], verdict: str = "approve") -> list[Row]:
        given = [ReadClaim(claim_id=each["id"], version=each["version"]) for each in claims]
        decisions = ClaimDecisions(verdict=ClaimVerdict(verdict), opinion="情况属实", claims=given)
        return await decide_claims(db, person.actor, decisions=decisions, now=NOW)

    done = await together(city.school_admin, [*fine, other, draft])
    codes = [each["code"] for each in done]
    assert codes == [None, None, None, "credit_claim_not_found", "credit_claim_not_found"]
    steps = await driver.fetchval("SELECT count(*) FROM claim_step WHERE act = 'approve'")
    assert steps == 3
    # Asked again it says the same, and leaves no second trace.
    assert await together(city.school_admin, [*fine, other, draft]) == done
    assert await driver.fetchval("SELECT count(*) FROM claim_step WHERE act = 'approve'") == 3
    rejected = await together(city.county_admin, fine, "reject")
    assert {each["code"] for each in rejected} == {"credit_claim_decided_meanwhile"}
    later = [row | {"version": row["version"] + 1} for row in fine]
    await together(city.county_admin, later)
    last = await together(city.city_admin, [row | {"version": row["version"] + 2} for row in fine])
    assert [each["state"] for each in last] == ["entered"] * 3
    assert await counted(driver) == 30
    assert (await verify_ledger(db)).finding is None
    with pytest.raises(ValueError, match=str(AT_ONCE)):
        ClaimDecisions(
            verdict=ClaimVerdict.APPROVE, opinion="同意",
            claims=[ReadClaim(claim_id=draft["id"], version=1)] * (AT_ONCE + 1),
        )  # fmt: skip


async def test_the_statements_of_a_batch_do_not_grow(db: Connection, city: City) -> None:
    chains = [{"stages": stated(["county"])}]
    await make_pack(db, city.city, with_procedure(chains=chains))
    needed = []
    for size in (1, 12):
        claims = [
            await make_submitted(db, city.teacher_account, title=f"培训{size}-{number}")
            for number in range(size)
        ]
        given = [ReadClaim(claim_id=each["id"], version=each["version"]) for each in claims]
        decisions = ClaimDecisions(verdict=ClaimVerdict.APPROVE, opinion="同意", claims=given)
        before = db.statements
        done = await decide_claims(db, city.county_admin.actor, decisions=decisions, now=NOW)
        needed.append(db.statements - before)
        assert all(each["state"] == "entered" for each in done)
    assert needed == [17, 17]


async def test_of_reviewers_at_once_one_wins_and_the_others_are_told(
    real_pool: Pool, resources: Resources
) -> None:
    """Twelve of the county over one claim, half of them against it, with real commits."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city, with_procedure(chains=[{"stages": stated(["county"])}]))
        people = [
            await make_account(db, "clerk", Role.COUNTY_ADMIN, city.county) for _ in range(12)
        ]
        claim = await make_submitted(db, city.teacher_account)

    async def race(number: int) -> str:
        async with real_pool.transaction() as db:
            try:
                verdict = "approve" if number % 2 else "reject"
                done = await decide(db, people[number], claim, verdict)
            except Conflict as refusal:
                return refusal.code
            return str(done["state"])

    outcomes = await asyncio.gather(*(race(number) for number in range(12)))
    assert outcomes.count("credit_claim_decided_meanwhile") == 11
    [won] = [each for each in outcomes if each != "credit_claim_decided_meanwhile"]
    async with real_pool.transaction(read_only=True) as db:
        found = await verify_ledger(db)
    assert (found.entries, found.finding) == (int(won == "entered"), None)


async def test_of_two_claims_of_one_thing_at_once_one_is_taken(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        drafts = [await make_claim(db, city.teacher_account) for _ in range(6)]

    async def race(draft: Row) -> str:
        async with real_pool.transaction() as db:
            try:
                await submit_claim(db, city.teacher_account.actor, claim_id=draft["id"], now=NOW)
            except ClaimTwice as refusal:
                return refusal.code
        return "submitted"

    outcomes = await asyncio.gather(*(race(draft) for draft in drafts))
    assert sorted(outcomes) == ["credit_claim_twice"] * 5 + ["submitted"]


async def test_late_claims_of_a_cycle_are_taken_for_some_days(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    teacher, last = city.teacher_account, date(2025, 12, 31)
    claim = await make_claim(db, teacher, earned_on=last)
    for day, fits in ((30, True), (31, False)):
        now = datetime(2025, 12, 31, 4, tzinfo=UTC) + timedelta(days=day)
        told = await get_claim_award(db, teacher.actor, claim_id=claim["id"], now=now)
        assert (told["refusals"] == []) is fits


async def test_two_processes_enter_what_was_published_once(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city, with_procedure(**PUBLISHING))
        await make_published(db, city)
    over = NOW + timedelta(days=6)

    async def settle() -> int:
        async with real_pool.transaction() as db:
            return await enter_published_claims(db, now=over)

    assert sorted(await asyncio.gather(*(settle() for _ in range(6)))) == [0, 0, 0, 0, 0, 1]


@pytest.mark.usefixtures("pack")
async def test_outside_training_is_claimed_once_the_school_has_confirmed_it(
    db: Connection, city: City
) -> None:
    teacher = city.teacher_account
    training = await make_outside_training(db, city.teacher, teacher)
    about = {"outside_training_id": training["id"], "earned_on": training["ends_on"]}
    facts: dict[str, Any] = {"hours": training["hours"], "evidence": [], **about}
    claim = await make_claim(db, teacher, **facts)
    with pytest.raises(ClaimTrainingUnconfirmed):
        await submit_claim(db, teacher.actor, claim_id=claim["id"], now=NOW)
    await confirm_outside_training(db, city.school_admin.actor, training_id=training["id"], now=NOW)
    more = await make_claim(db, teacher, **(facts | {"hours": training["hours"] + 1}))
    with pytest.raises(ClaimTrainingDiffers):
        await submit_claim(db, teacher.actor, claim_id=more["id"], now=NOW)
    await submit_claim(db, teacher.actor, claim_id=claim["id"], now=NOW)
    again = await make_claim(db, teacher, title="换一个名称", **facts)
    with pytest.raises(ClaimTwice):
        await submit_claim(db, teacher.actor, claim_id=again["id"], now=NOW)
    with pytest.raises(OutsideTrainingNotFound):
        await make_claim(db, teacher, outside_training_id=new_id())
