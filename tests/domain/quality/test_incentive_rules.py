from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.quality.incentive_rules import (
    IncentiveBasisUnfit,
    IncentiveRuleEnd,
    IncentiveRuleEnded,
    IncentiveRuleNotFound,
    PenaltyRuleUnfair,
    RewardRuleUnfit,
    end_incentive_rule,
    get_incentive_rule,
    list_incentive_rules,
    list_own_incentive_rules,
)
from app.domain.quality.outcomes import TracesCounted
from app.domain.quality.regulations import RegulationKind, RegulationNotFound
from app.sql import Connection
from tests.make import NOW, City
from tests.make_documents import LONG_AGO, make_document, make_regulation
from tests.make_incentives import BONUS, PENALTY, REWARD, make_rule

PAGE = PageRequest(limit=50)


async def test_a_rule_has_versions_and_everybody_under_it_reads_it(
    db: Connection, city: City
) -> None:
    first = await make_rule(db, city.school_admin, city.school)
    basis = first["regulation_id"]
    second = await make_rule(
        db, city.school_admin, city.school, regulation_id=basis, name="校本研修标兵"
    )
    assert (first["version"], second["version"]) == (1, 2)
    old = await get_incentive_rule(db, city.school_admin.actor, rule_id=first["id"])
    assert (old["valid_to"], old["name"]) == (second["valid_from"], "校本研修先进个人")
    bureau = await make_rule(db, city.county_admin, city.county, BONUS)
    own = await list_own_incentive_rules(db, city.teacher_account.actor, page=PAGE)
    assert {row["id"] for row in own.items} == {second["id"], bureau["id"]}
    every = await list_incentive_rules(db, city.county_admin.actor, page=PAGE, code=REWARD["code"])
    assert len(every.items) == 2
    with pytest.raises(IncentiveRuleNotFound):
        await get_incentive_rule(db, city.sibling_admin.actor, rule_id=first["id"])


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (REWARD | {"measure": "notes", "threshold": "20"}, TracesCounted),
        (REWARD | {"condition": "研修笔记不少于二十篇"}, TracesCounted),
        (REWARD | {"publicity_days": 3}, RewardRuleUnfit),
        (REWARD | {"valid_months": 12}, RewardRuleUnfit),
        (PENALTY | {"statement_days": 2}, PenaltyRuleUnfair),
        (PENALTY | {"appeal_days": 10}, PenaltyRuleUnfair),
        (PENALTY | {"valid_months": None}, PenaltyRuleUnfair),
        (PENALTY | {"publicity_days": 5}, PenaltyRuleUnfair),
        (PENALTY | {"form": "money", "least_amount": "1", "most_amount": "2"}, PenaltyRuleUnfair),
    ],
)
async def test_what_no_rule_may_say(
    db: Connection, city: City, said: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        await make_rule(db, city.school_admin, city.school, said)
    assert not (await list_incentive_rules(db, city.city_admin.actor, page=PAGE)).items


@pytest.mark.parametrize(
    "said",
    [
        {"measure": "lessons"}, {"honour": None}, {"least_amount": "5"},
        {"article_id": "01890000-0000-7000-8000-000000000000"}, {"code": "先进"},
    ],
)  # fmt: skip
async def test_what_does_not_fit_together(db: Connection, city: City, said: dict[str, Any]) -> None:
    basis = await make_regulation(
        db, city.school, city.school_admin, RegulationKind.INCENTIVES, mark="一"
    )
    with pytest.raises(ValidationError):
        await make_rule(db, city.school_admin, city.school, **said, regulation_id=basis["id"])


async def test_a_rule_rests_on_a_text_in_force_over_the_unit(db: Connection, city: City) -> None:
    by, kind = city.school_admin, RegulationKind.INCENTIVES
    repealed = await make_regulation(db, city.school, by, kind, mark="废", repealed_on=LONG_AGO)
    others = await make_regulation(db, city.sibling, city.sibling_admin, kind)
    for basis, refusal in ((repealed, IncentiveBasisUnfit), (others, RegulationNotFound)):
        with pytest.raises(refusal):
            await make_rule(db, by, city.school, regulation_id=basis["id"])
    with pytest.raises(IncentiveBasisUnfit):
        await make_rule(db, city.county_admin, city.school, regulation_id=others["id"])
    to_both = (city.school, city.sibling)
    repealed_on = {"repealed_on": LONG_AGO, "repeal_reason": "已废止"}
    for unit, more in (
        (city.county, repealed_on | {"repealed_by": city.county_admin.actor.account_id}),
        (city.sibling, {}),
    ):
        wrong = await make_document(db, unit, city.county_admin, *to_both, articles=1, **more)
        with pytest.raises(IncentiveBasisUnfit):
            await make_rule(db, city.county_admin, city.school, article_id=wrong["articles"][0])
    document = await make_document(db, city.county, city.county_admin, city.school, articles=1)
    rule = await make_rule(db, by, city.school, article_id=document["articles"][0])
    assert (rule["article_id"], rule["regulation_id"]) == (document["articles"][0], None)


async def test_who_may_not(db: Connection, city: City) -> None:
    others = await make_regulation(db, city.sibling, city.sibling_admin, RegulationKind.INCENTIVES)
    with pytest.raises(UnitNotFound):
        await make_rule(db, city.school_admin, city.sibling, regulation_id=others["id"])
    with pytest.raises(NotAllowed):
        await make_rule(db, city.auditor, city.sibling, regulation_id=others["id"])
    rule = await make_rule(db, city.school_admin, city.school)
    about: dict[str, Any] = {"rule_id": rule["id"], "end": IncentiveRuleEnd(), "now": NOW}
    with pytest.raises((NotAllowed, IncentiveRuleNotFound)):
        await end_incentive_rule(db, city.teacher_account.actor, **about)
    ended = await end_incentive_rule(db, city.school_admin.actor, **about)
    with pytest.raises(IncentiveRuleEnded):
        await end_incentive_rule(db, city.school_admin.actor, **about)
    assert not (await list_own_incentive_rules(db, city.teacher_account.actor, page=PAGE)).items
    assert ended["valid_to"] == NOW.date()


async def test_one_that_is_to_end_is_followed_too(db: Connection, city: City) -> None:
    first = await make_rule(db, city.school_admin, city.school)
    end = IncentiveRuleEnd(on=date(2027, 8, 31))
    await end_incentive_rule(db, city.school_admin.actor, rule_id=first["id"], end=end, now=NOW)
    basis = {"regulation_id": first["regulation_id"]}
    second = await make_rule(db, city.school_admin, city.school, **basis)
    known = await get_incentive_rule(db, city.school_admin.actor, rule_id=first["id"])
    assert (second["version"], known["valid_to"]) == (2, second["valid_from"])
    held = await list_own_incentive_rules(db, city.teacher_account.actor, page=PAGE)
    assert [each["id"] for each in held.items] == [second["id"]]
