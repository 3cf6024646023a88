"""Of each school a rule, a proposal, a reward that is shown, a scheme with a sheet, and a follow-up."""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.quality.follow_ups import FollowUp
from app.domain.quality.incentive_rules import IncentiveRule
from app.domain.quality.incentives import Incentive, IncentiveObjection
from app.domain.quality.pay_schemes import PayScheme
from app.domain.quality.pay_sheets import PayLine, PaySheet
from app.domain.quality.regulations import RegulationKind
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City
from tests.make_documents import make_regulation

_SAID = {
    "kind": "reward", "title": "先进个人", "happened_on": TODAY, "reason": "示范课",
    "evidence": "评课意见", "proposed_at": NOW,
}  # fmt: skip

_TERM = {"measure": "hours", "weight": "1", "cap": "10", "rule": "每学时一分"}


async def add_things(db: Connection, world: World, city: City) -> None:
    """What is of a school lies there; what is of its teacher is the teacher's, too."""
    by = city.city_admin.actor.account_id
    for name, teacher in world.teachers.items():
        units, things = world.units[name], world.places[name]
        school, path = units[-1], tuple(each["id"] for each in units)
        basis = await make_regulation(
            db, school, city.city_admin, RegulationKind.INCENTIVES, mark="奖惩"
        )
        place, whose = place_of(school), {"teacher_id": teacher["id"]}
        published = {"version": 1, "valid_from": TODAY, "published_by": by, "published_at": NOW}
        rule = await add_row(
            db, IncentiveRule, **place, **published, code="first", name="先进个人", kind="reward",
            form="measure", condition="示范课受好评", regulation_id=basis["id"], clause="第三条",
            statement_days=0, publicity_days=5, appeal_days=0,
        )  # fmt: skip
        things["incentive_rule"] = Thing(rule, path, audience=path[-1])
        of_rule = {"rule_id": rule, "unit_id": school["id"], **place, **whose, "proposed_by": by}
        incentive = await add_row(db, Incentive, **_SAID, **of_rule, state="proposed")
        things["incentive"] = Thing(incentive, path, **whose)
        decided = {
            "opinion": "属实",
            "decided_at": NOW,
            "decided_by": city.auditor.actor.account_id,
        }
        shown = await add_row(
            db, Incentive, **_SAID | {"happened_on": date(2026, 10, 1)}, **of_rule, **decided,
            state="published", published_on=TODAY, closes_on=date(2099, 12, 31),
        )  # fmt: skip
        things["shown_incentive"] = Thing(shown, path, **whose, audience=path[-1])
        objection = await add_row(
            db, IncentiveObjection, incentive_id=shown, reason="不实", raised_at=NOW, raised_by=by
        )
        things["incentive_objection"] = Thing(objection, path)
        await _add_pay(db, things, published, by, place, whose, path, basis["id"])
        follow_up = await add_row(
            db, FollowUp, **place, **whose, assessment_id=things["assessment"].id,
            strengths="组织好", to_work_on="提问浅", follow_up_on=date(2026, 12, 31), given_at=NOW,
            given_by=by,
        )  # fmt: skip
        things["follow_up"] = Thing(follow_up, path, **whose)


async def _add_pay(
    db: Connection,
    things: dict[str, Thing],
    published: dict[str, Any],
    by: UUID,
    place: dict[str, Any],
    whose: dict[str, Any],
    path: tuple[UUID, ...],
    basis_id: UUID,
) -> None:
    """A scheme of the school, a sheet by it that is open, and the teacher's line on it."""
    scheme = await add_row(
        db, PayScheme, **place, **published, name="方案", regulation_id=basis_id,
        clause="第六条", terms=[_TERM],
    )  # fmt: skip
    things["pay_scheme"] = Thing(scheme, path, audience=path[-1])
    days = {"starts_on": date(2026, 9, 1), "ends_on": date(2026, 9, 30)}
    sheet = await add_row(
        db, PaySheet, **place, **days, closes_on=date(2099, 12, 31), scheme_id=scheme,
        state="open", made_at=NOW, made_by=by,
    )  # fmt: skip
    things["pay_sheet"] = Thing(sheet, path)
    line = await add_row(
        db, PayLine, **place, **whose, sheet_id=sheet, parts=[], points=0, computed_at=NOW
    )
    things["pay_line"] = Thing(line, path, **whose)
