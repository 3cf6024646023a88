import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import DayInFuture
from app.domain.paging import PageRequest
from app.domain.people.careers import careers_of
from app.domain.people.teachers import TeacherNotFound
from app.domain.quality.expenses import list_expenses
from app.domain.quality.incentive_rules import IncentiveRuleNotFound
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
from app.sql import Connection
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
    kept = await get_incentive(db, city.school_admin.actor, incentive_id=row["id"])
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
    over = await get_incentive(db, city.teacher_account.actor, incentive_id=row["id"])
    assert not over["in_force"]


async def test_a_penalty_is_sealed(db: Connection, city: City) -> None:
    row = await make_punished(db, city)
    for who in (city.teacher_account, city.school_admin, city.county_admin, city.city_admin):
        assert (await get_incentive(db, who.actor, incentive_id=row["id"]))["id"] == row["id"]
    leader = await make_account(db, "leader", Role.EXPERT, city.school)
    for other in (city.auditor, leader):
        with pytest.raises(NotAllowed):
            await get_incentive(db, other.actor, incentive_id=row["id"])
    for other in (city.colleague_account, city.sibling_admin, city.other_county_admin):
        with pytest.raises(IncentiveNotFound):
            await get_incentive(db, other.actor, incentive_id=row["id"])
    assert not (await list_incentives(db, city.colleague_account.actor, page=PAGE)).items


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
    assert not (await list_incentives(db, city.city_admin.actor, page=PAGE)).items


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
    heard = await get_incentive(db, city.teacher_account.actor, incentive_id=row["id"])
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
        kept = await get_incentive(db, city.city_admin.actor, incentive_id=row["id"])
    assert kept["state"] == state
