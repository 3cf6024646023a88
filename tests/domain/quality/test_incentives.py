import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.actors import NotInPerson
from app.domain.access.roles import Permission, Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import DayInFuture
from app.domain.organisation.reorganisations import Merger, merge_school
from app.domain.paging import PageRequest
from app.domain.people.careers import careers_of
from app.domain.people.personal_data import LookKind, list_looks
from app.domain.people.teachers import TeacherNotFound
from app.domain.quality.expenses import list_expenses
from app.domain.quality.incentive_rules import IncentiveKind, IncentiveRuleNotFound
from app.domain.quality.incentives import (
    IncentiveAppeal,
    IncentiveAppealDecision,
    IncentiveAppealed,
    IncentiveDecidedByParty,
    IncentiveNotFound,
    IncentiveNotReached,
    IncentiveOfOneself,
    IncentiveProposedAlready,
    IncentivePublicityOpen,
    IncentiveRevocation,
    IncentiveWrongState,
    PenaltyNotHeard,
    PersonsStatement,
    appeal_incentive,
    decide_incentive_appeal,
    get_incentive,
    give_incentive,
    list_incentives,
    list_published_incentives,
    revoke_incentive,
    state_on_incentive,
    withdraw_incentive,
)
from app.domain.quality.incentives.appeals import IncentiveAppealTooLate
from app.domain.quality.incentives.incentive import PenaltiesNotExported
from app.domain.quality.incentives.proposing import (
    IncentiveAmountUnfit,
    IncentivePeriodMissing,
    IncentiveProposedByAnother,
    IncentiveRuleNotInForce,
    StatementTooLate,
)
from app.domain.quality.outcomes import TracesCounted
from app.domain.quality.paid_for import IncentiveNotPayable
from app.domain.training.attendance import AttendanceRole
from app.request import Resources
from app.sql import Connection, new_id
from tests.make import NOW, City, Person, make_account, make_activity, make_attendance, make_city
from tests.make_funds import make_clerks, make_expense, make_open
from tests.make_incentives import (
    BONUS,
    PENALTY,
    WEEK_LATER,
    decide,
    make_appealed,
    make_given,
    make_heard,
    make_penalty,
    make_published,
    make_punished,
    make_rule,
    make_second,
    propose,
    raise_objection,
)

PAGE = PageRequest(limit=50)
DAY = timedelta(days=1)
MEASURED: dict[str, Any] = {
    "measured_from": date(2026, 9, 1), "measured_to": date(2026, 11, 20),
}  # fmt: skip


async def test_an_honour_is_shown_given_and_recorded_in_the_career(
    db: Connection, city: City
) -> None:
    row = await make_published(db, city)
    assert (row["state"], row["title"]) == ("published", "2026年度校本研修先进个人")
    assert row["closes_on"] - row["published_on"] == 7 * DAY
    shown = await list_published_incentives(db, city.colleague_account.actor, page=PAGE, now=NOW)
    assert [(each["name"], each["school"]) for each in shown.items] == [("测**", "甲县第一小学")]
    assert not {"reason", "evidence", "teacher_id"} & shown.items[0].keys()
    with pytest.raises(IncentivePublicityOpen):
        await give_incentive(db, city.school_admin.actor, incentive_id=row["id"], now=NOW)
    gone = await list_published_incentives(
        db, city.colleague_account.actor, page=PAGE, now=WEEK_LATER
    )
    assert gone.items == []
    given = await give_incentive(
        db, city.school_admin.actor, incentive_id=row["id"], now=WEEK_LATER
    )
    assert (given["state"], given["given_on"]) == ("given", WEEK_LATER.date())
    teacher = city.teacher["id"]
    career = (await careers_of(db, city.school_admin.actor, teacher_ids=[teacher]))[teacher]
    assert career is not None
    [honour] = [each for each in career["honours"] if each["id"] == given["honour_id"]]
    assert (honour["level"], honour["issuer"], honour["title"]) == (
        "school", "甲县第一小学", "2026年度校本研修先进个人",
    )  # fmt: skip


async def test_what_is_revoked_falls_with_its_honour(db: Connection, city: City) -> None:
    row = await make_given(db, city)
    said = IncentiveRevocation(reason="材料不实")
    about: dict[str, Any] = {"incentive_id": row["id"], "revocation": said, "now": NOW}
    gone = await revoke_incentive(db, city.county_admin.actor, **about)
    assert (gone["state"], gone["in_force"], gone["revoked_because"]) == (
        "revoked", False, "材料不实",
    )  # fmt: skip
    teacher = city.teacher["id"]
    career = (await careers_of(db, city.school_admin.actor, teacher_ids=[teacher]))[teacher]
    assert career is not None
    assert row["honour_id"] not in {each["id"] for each in career["honours"]}
    with pytest.raises(IncentiveWrongState):
        await revoke_incentive(db, city.county_admin.actor, **about)


async def test_nobody_is_punished_unheard(db: Connection, city: City) -> None:
    row = await make_penalty(db, city)
    with pytest.raises(PenaltyNotHeard):
        await decide(db, city.school_admin, row)
    kept = await get_incentive(db, city.school_admin.actor, incentive_id=row["id"], now=NOW)
    assert (kept["state"], kept["decided_at"]) == ("proposed", None)
    over = NOW + 6 * DAY
    said = PersonsStatement(statement="迟了")
    with pytest.raises(StatementTooLate):
        await state_on_incentive(
            db, city.teacher_account.actor, incentive_id=row["id"], said=said, now=over
        )
    punished = await decide(db, city.school_admin, row, over)
    assert (punished["state"], punished["statement"]) == ("given", None)


async def test_a_penalty_is_over_after_its_months_and_shown_to_nobody(
    db: Connection, city: City
) -> None:
    row = await make_punished(db, city)
    assert (row["state"], row["statement"], row["in_force"]) == ("given", "因病，已补假条", True)
    assert (row["expires_on"], row["appeal_due_on"]) == (date(2027, 5, 20), date(2026, 12, 5))
    shown = await list_published_incentives(db, city.colleague_account.actor, page=PAGE, now=NOW)
    assert shown.items == []
    past = {"given_on": date(2026, 1, 1), "expires_on": date(2026, 7, 1)}
    await db._driver.execute("UPDATE incentive SET given_on = $1, expires_on = $2", *past.values())
    over = await get_incentive(db, city.teacher_account.actor, incentive_id=row["id"], now=NOW)
    assert not over["in_force"]


async def test_a_penalty_is_sealed(db: Connection, city: City) -> None:
    row = await make_punished(db, city)
    for who in (city.teacher_account, city.school_admin, city.county_admin, city.city_admin):
        assert (await get_incentive(db, who.actor, incentive_id=row["id"], now=NOW))["id"] == row[
            "id"
        ]
    leader = await make_account(db, "leader", Role.EXPERT, city.school)
    for other in (city.auditor, leader):
        with pytest.raises(NotAllowed):
            await get_incentive(db, other.actor, incentive_id=row["id"], now=NOW)
    for other in (city.colleague_account, city.sibling_admin, city.other_county_admin):
        with pytest.raises(IncentiveNotFound):
            await get_incentive(db, other.actor, incentive_id=row["id"], now=NOW)
    assert not (await list_incentives(db, city.colleague_account.actor, page=PAGE, now=NOW)).items


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"happened_on": date(2026, 11, 21)}, DayInFuture),
        ({"amount": "10"}, IncentiveAmountUnfit),
        (MEASURED, IncentivePeriodMissing),
        ({"reason": "上交笔记三十篇"}, TracesCounted),
    ],
)
async def test_what_cannot_be_proposed(
    db: Connection, city: City, more: dict[str, Any], refusal: type[DomainError]
) -> None:
    rule = await make_rule(db, city.school_admin, city.school)
    with pytest.raises(refusal):
        await propose(db, city.school_admin, city.teacher, rule, **more)
    assert not (await list_incentives(db, city.city_admin.actor, page=PAGE, now=NOW)).items


async def test_a_named_outcome_is_asked_of_the_register(db: Connection, city: City) -> None:
    by = city.school_admin
    rule = await make_rule(db, by, city.school, measure="lessons", threshold="1")
    with pytest.raises(IncentiveNotReached):
        await propose(db, by, city.teacher, rule, **MEASURED)
    activity = await make_activity(db, city.school, by)
    await make_attendance(
        db, activity["sessions"][0], by, city.teacher, role=AttendanceRole.DEMONSTRATOR
    )
    row = await propose(db, by, city.teacher, rule, **MEASURED)
    assert row["reached"] == Decimal(1)
    basis = rule["regulation_id"]
    penalty = await make_rule(
        db, by, city.school, PENALTY, regulation_id=basis, measure="lessons", threshold="1"
    )
    with pytest.raises(IncentiveNotReached):
        await propose(db, by, city.teacher, penalty, **MEASURED)
    missed = await propose(db, by, city.colleague, penalty, **MEASURED)
    assert missed["reached"] == 0


async def test_a_rule_of_another_school_or_version_is_none(db: Connection, city: City) -> None:
    others = await make_rule(db, city.sibling_admin, city.sibling)
    with pytest.raises(IncentiveRuleNotFound):
        await propose(db, city.school_admin, city.teacher, others)
    old = await make_rule(db, city.school_admin, city.school)
    await make_rule(db, city.school_admin, city.school, regulation_id=old["regulation_id"])
    with pytest.raises(IncentiveRuleNotInForce):
        await propose(db, city.school_admin, city.teacher, old)
    with pytest.raises(TeacherNotFound):
        await propose(db, city.school_admin, city.sibling_teacher, old)


async def test_once_for_one_thing(db: Connection, city: City) -> None:
    rule = await make_rule(db, city.school_admin, city.school)
    row = await propose(db, city.school_admin, city.teacher, rule)
    with pytest.raises(IncentiveProposedAlready):
        async with db.transaction():
            await propose(db, city.county_admin, city.teacher, rule)
    with pytest.raises(IncentiveProposedByAnother):
        await withdraw_incentive(db, city.county_admin.actor, incentive_id=row["id"])
    gone = await withdraw_incentive(db, city.school_admin.actor, incentive_id=row["id"])
    assert gone["state"] == "withdrawn"
    await propose(db, city.county_admin, city.teacher, rule)


def _as_teacher(who: Person, city: City) -> Person:
    return Person(actor=replace(who.actor, teacher_id=city.teacher["id"]), name=who.name)


async def test_neither_the_proposer_nor_the_person_decides(db: Connection, city: City) -> None:
    rule = await make_rule(db, city.school_admin, city.school)
    with pytest.raises(IncentiveOfOneself):
        await propose(db, _as_teacher(city.school_admin, city), city.teacher, rule)
    row = await propose(db, city.school_admin, city.teacher, rule)
    with pytest.raises(IncentiveDecidedByParty):
        await decide(db, city.school_admin, row)
    with pytest.raises(IncentiveOfOneself):
        await decide(db, _as_teacher(city.county_admin, city), row)
    delegate = replace(
        (await make_second(db, city)).actor, on_behalf_of=city.school_admin.actor.account_id
    )
    with pytest.raises(IncentiveDecidedByParty):
        await decide(db, Person(actor=delegate, name="代理人"), row)
    rejected = await decide(db, city.county_admin, row, approve=False)
    assert (rejected["state"], rejected["opinion"]) == ("rejected", "属实")
    with pytest.raises(IncentiveWrongState):
        await decide(db, city.county_admin, row)


async def test_what_the_bureau_rewards_the_school_does_not_decide(
    db: Connection, city: City
) -> None:
    rule = await make_rule(db, city.county_admin, city.county)
    row = await propose(db, city.county_admin, city.teacher, rule)
    with pytest.raises(NotAllowed):
        await decide(db, city.school_admin, row)
    assert (await decide(db, city.city_admin, row))["state"] == "published"


async def test_an_appeal_goes_to_the_bureau_and_to_another(db: Connection, city: City) -> None:
    row = await make_appealed(db, city)
    assert row["appeal_unit_id"] == city.county["id"]
    yes = IncentiveAppealDecision(upheld=True, answer="考勤核实无误，申诉成立")
    about: dict[str, Any] = {"incentive_id": row["id"], "decision": yes, "now": NOW}
    with pytest.raises(NotAllowed):
        await decide_incentive_appeal(db, city.school_admin.actor, **about)
    with pytest.raises(IncentiveAppealed):
        await appeal_incentive(
            db, city.teacher_account.actor, incentive_id=row["id"],
            said=IncentiveAppeal(appeal="再次"), now=NOW,
        )  # fmt: skip
    fallen = await decide_incentive_appeal(db, city.county_admin.actor, **about)
    assert (fallen["state"], fallen["appeal_upheld"], fallen["in_force"]) == (
        "overturned", True, False,
    )  # fmt: skip
    with pytest.raises(IncentiveAppealed):
        await decide_incentive_appeal(db, city.city_admin.actor, **about)


async def test_an_appeal_has_its_days(db: Connection, city: City) -> None:
    row = await make_punished(db, city)
    with pytest.raises(IncentiveAppealTooLate):
        await appeal_incentive(
            db, city.teacher_account.actor, incentive_id=row["id"],
            said=IncentiveAppeal(appeal="迟了"), now=NOW + 16 * DAY,
        )  # fmt: skip
    heard = await get_incentive(db, city.teacher_account.actor, incentive_id=row["id"], now=NOW)
    assert heard["appealed_at"] is None


async def test_who_decided_the_penalty_does_not_answer_the_appeal(
    db: Connection, city: City
) -> None:
    row = await decide(db, city.county_admin, await make_heard(db, city))
    said = IncentiveAppeal(appeal="不服")
    await appeal_incentive(
        db, city.teacher_account.actor, incentive_id=row["id"], said=said, now=NOW
    )
    no = IncentiveAppealDecision(upheld=False, answer="维持")
    about: dict[str, Any] = {"incentive_id": row["id"], "decision": no, "now": NOW}
    with pytest.raises(IncentiveDecidedByParty):
        await decide_incentive_appeal(db, city.county_admin.actor, **about)
    upheld = await decide_incentive_appeal(db, city.city_admin.actor, **about)
    assert (upheld["state"], upheld["appeal_upheld"]) == ("given", False)


async def test_money_is_paid_by_an_expense_and_never_more(db: Connection, city: City) -> None:
    rule = await make_rule(db, city.school_admin, city.school, BONUS)
    row = await propose(db, await make_second(db, city), city.teacher, rule, NOW - 10 * DAY)
    with pytest.raises(IncentiveAmountUnfit):
        await decide(db, city.county_admin, row, NOW - 10 * DAY, amount="2000")
    row = await decide(db, city.county_admin, row, NOW - 10 * DAY, amount="500")
    clerks = await make_clerks(db, city)
    _, (line,) = await make_open(db, clerks["school"], city.county_admin, city.school)
    paid = {"incentive_id": row["id"], "spend_class": line["spend_class"]}
    with pytest.raises(IncentiveNotPayable):
        await make_expense(db, clerks["school"], line, **paid)
    await give_incentive(db, city.school_admin.actor, incentive_id=row["id"], now=NOW)
    made = await make_expense(db, clerks["school"], line, **paid, amount="400.00")
    assert made["incentive_id"] == row["id"]
    with pytest.raises(IncentiveNotPayable):
        await make_expense(db, clerks["school"], line, **paid, amount="101.00")
    expenses = await list_expenses(db, clerks["school"].actor, page=PAGE)
    assert [each["amount"] for each in expenses.items] == [Decimal("400.00")]


async def test_an_open_objection_keeps_a_reward(db: Connection, city: City) -> None:
    row = await make_published(db, city)
    await raise_objection(db, city.colleague_account, row)
    with pytest.raises(IncentivePublicityOpen):
        await give_incentive(db, city.school_admin.actor, incentive_id=row["id"], now=WEEK_LATER)


async def test_of_two_who_decide_at_once_one_decides(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        rule = await make_rule(db, city.school_admin, city.school)
        row = await propose(db, city.school_admin, city.teacher, rule)

    async def decided(by: Person, approve: bool) -> str:
        try:
            async with real_pool.transaction() as db:
                return str((await decide(db, by, row, approve=approve))["state"])
        except DomainError as refused:
            return refused.code

    told = await asyncio.gather(decided(city.county_admin, True), decided(city.city_admin, False))
    [state] = set(told) - {"incentive_wrong_state"}
    assert sorted(told) == sorted([state, "incentive_wrong_state"])
    async with real_pool.transaction(read_only=True) as db:
        kept = await get_incentive(db, city.city_admin.actor, incentive_id=row["id"], now=NOW)
    assert kept["state"] == state


async def looked(db: Connection, city: City) -> list[tuple[Any, ...]]:
    """What the teacher is told of who looked, the first first."""
    page = await list_looks(db, city.teacher_account.actor, page=PageRequest(sort="at"))
    return [(each["kind"], each["data"], each["account_name"]) for each in page.items]


async def test_who_reads_a_penalty_leaves_a_look_and_who_reads_a_reward_does_not(
    db: Connection, city: City
) -> None:
    reward, penalty = await make_given(db, city), await make_punished(db, city)
    school, county = city.school_admin.actor, city.county_admin.actor
    await get_incentive(db, school, incentive_id=reward["id"], now=NOW)
    await get_incentive(db, city.teacher_account.actor, incentive_id=penalty["id"], now=NOW)
    await list_incentives(db, city.teacher_account.actor, page=PAGE, now=NOW)
    await list_incentives(db, county, page=PAGE, kind=IncentiveKind.REWARD, now=NOW)
    with pytest.raises(IncentiveNotFound):
        await get_incentive(db, city.sibling_admin.actor, incentive_id=penalty["id"], now=NOW)
    assert await looked(db, city) == []
    await get_incentive(db, school, incentive_id=penalty["id"], now=NOW)
    before = db.statements
    await list_incentives(db, county, page=PAGE, now=NOW)
    assert db.statements - before == 2
    kind = LookKind.PENALTY
    assert await looked(db, city) == [(kind, [], "school.admin"), (kind, [], "county.admin")]


async def test_penalties_are_in_no_file(db: Connection, city: City) -> None:
    await make_given(db, city)
    await make_punished(db, city)
    unread = PageRequest(unread=True)
    actor = city.school_admin.actor
    found = await list_incentives(db, actor, page=unread, now=NOW)
    whole: Any = found.items
    rows = await db.all(whole.statement, **whole.arguments)
    assert [row["kind"] for row in rows] == [IncentiveKind.REWARD]
    # What we write ourselves of a whole list, as a workbook, is read so many at once.
    ours = PageRequest(limit=2000, most=2000)
    listed = await list_incentives(db, actor, page=ours, now=NOW)
    assert [row["kind"] for row in listed.items] == [IncentiveKind.REWARD]
    for page in (unread, ours):
        with pytest.raises(PenaltiesNotExported):
            await list_incentives(db, actor, page=page, kind=IncentiveKind.PENALTY, now=NOW)
    assert await looked(db, city) == []


async def gone_elsewhere(db: Connection, city: City) -> None:
    """The teacher's school goes into one of the other county, and she with it."""
    merger = Merger(successor_id=city.far_school["id"])
    await merge_school(db, city.city_admin.actor, unit_id=city.school["id"], merger=merger, now=NOW)


async def test_who_has_gone_elsewhere_is_answered_where_they_appealed(
    db: Connection, city: City
) -> None:
    row = await make_appealed(db, city)
    await gone_elsewhere(db, city)
    decision = IncentiveAppealDecision(upheld=True, answer="事实不清")
    about: dict[str, Any] = {"incentive_id": row["id"], "decision": decision, "now": NOW}
    with pytest.raises(NotAllowed):
        await decide_incentive_appeal(db, city.other_county_admin.actor, **about)
    with pytest.raises(IncentiveNotFound):
        await decide_incentive_appeal(db, city.sibling_admin.actor, **about)
    done = await decide_incentive_appeal(db, city.county_admin.actor, **about)
    assert (done["state"], done["school_id"]) == ("overturned", city.far_school["id"])


async def test_what_a_bureau_shows_it_gives_to_who_has_gone_elsewhere(
    db: Connection, city: City
) -> None:
    rule = await make_rule(db, city.county_admin, city.county, BONUS)
    row = await propose(db, city.school_admin, city.teacher, rule, amount="500")
    row = await decide(db, city.county_admin, row)
    await gone_elsewhere(db, city)
    given = await give_incentive(
        db, city.county_admin.actor, incentive_id=row["id"], now=WEEK_LATER + 7 * DAY
    )
    assert (given["state"], given["school_id"]) == ("given", city.far_school["id"])


async def test_nobody_speaks_on_a_penalty_for_the_person(db: Connection, city: City) -> None:
    row = await make_penalty(db, city)
    own = city.teacher_account.actor
    application = replace(
        own,
        client_id=new_id(),
        scopes=frozenset({Permission.RECORD_OWN, Permission.INCENTIVE_READ}),
    )
    said = PersonsStatement(statement="无异议")
    with pytest.raises(NotInPerson):
        await state_on_incentive(db, application, incentive_id=row["id"], said=said, now=NOW)
    assert await get_incentive(db, own, incentive_id=row["id"], now=NOW) == row
