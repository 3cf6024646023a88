"""What there is beside the tree, for tests: departments, networks, assignments with their targets."""

from datetime import date
from typing import Any

from app.domain.access.roles import Duty
from app.domain.organisation.assignments import Assignment, AssignmentSchool
from app.domain.organisation.committees import (
    Committee,
    CommitteeDuty,
    CommitteeKind,
    CommitteeMember,
    Concern,
)
from app.domain.organisation.departments import Department, DepartmentKind
from app.domain.organisation.guidance_visits import GuidanceKind, GuidanceVisit
from app.domain.organisation.networks import Network, NetworkKind, NetworkMember
from app.domain.organisation.providers import (
    ContactCipher,
    Provider,
    ProviderApproval,
    ProviderKind,
)
from app.domain.organisation.statistics import Measure, Precision, Statistic
from app.domain.organisation.targets import AssignmentTarget
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_activity


async def make_department(
    db: Connection,
    unit: Row,
    *duties: Duty,
    name: str = "综合办",
    kind: DepartmentKind = DepartmentKind.GENERAL_OFFICE,
    **more: Any,
) -> Row:
    """A department of a school or a bureau since 2020."""
    place = {each: unit[each] for each in ("city_id", "county_id", "school_id")}
    since = {"valid_from": date(2020, 9, 1), "recorded_at": NOW}
    row = {"id": new_id(), "name": name, "kind": kind, "duties": sorted(duties), **place, **since}
    await db.insert(Department, row | more)
    return row | {"unit_id": place["school_id"] or place["county_id"]}


async def make_network(
    db: Connection, unit: Row, *schools: Row, name: str = "友好学校", **more: Any
) -> Row:
    """A network of a school or a bureau with these schools, since 2020; `schools` are their keys."""
    place = {each: unit[each] for each in ("city_id", "county_id", "school_id")}
    since = {"valid_from": date(2020, 9, 1), "recorded_at": NOW}
    row = {"id": new_id(), "name": name, "kind": NetworkKind.SISTER_SCHOOLS, **place, **since}
    await db.insert(Network, row | more)
    keys = [school["id"] for school in schools]
    members = [{"id": new_id(), "network_id": row["id"], "school_id": key} for key in keys]
    await db.insert_all(NetworkMember, [member | since for member in members])
    return row | {"unit_id": place["school_id"] or place["county_id"], "schools": keys}


async def make_assignment(
    db: Connection, bureau: Row, holder: Person, *schools: Row, **more: Any
) -> Row:
    """An assignment of these schools for the years around `NOW`, without the grant over it."""
    account_id = holder.actor.account_id
    row = {
        "id": new_id(),
        "account_id": account_id,
        "assigned_by": account_id,
        **{each: bureau[each] for each in ("city_id", "county_id", "school_id")},
        "valid_from": date(2020, 9, 1),
        "valid_to": date(2099, 9, 1),
        "recorded_at": NOW,
    } | more
    await db.insert(Assignment, row)
    keys = [school["id"] for school in schools]
    named = [{"assignment_id": row["id"], "school_id": key} for key in keys]
    await db.insert_all(AssignmentSchool, named)
    return row | {"schools": keys}


async def make_target(db: Connection, assignment: Row, **more: Any) -> Row:
    """A target of an assignment, not yet reviewed."""
    row = {
        "id": new_id(),
        "assignment_id": assignment["id"],
        "aim": "全员完成年度学时",
        "measure": "完成率",
        "due_on": date(2026, 12, 31),
        "agreed_by": assignment["assigned_by"],
        "recorded_at": NOW,
    } | more
    await db.insert(AssignmentTarget, row)
    return row


async def make_busy_networks(db: Connection, city: City) -> None:
    """Two of everything beside the tree, each leading on: to schools, activities, targets."""
    for number, unit in enumerate((city.county, city.school)):
        network = await make_network(db, unit, city.school, city.sibling, lead_unit_id=unit["id"])
        department = await make_department(db, unit, *Duty)
        for organiser in (
            {"organiser_network_id": network["id"]}, {"organiser_department_id": department["id"]},
        ):  # fmt: skip
            await make_activity(db, unit, city.county_admin, **organiser)
        assignment = await make_assignment(db, city.county, city.auditor, network_id=network["id"])
        for due_on in (date(2026, 12, 1), date(2026, 12, 2 + number)):
            await make_target(db, assignment, due_on=due_on)


async def make_committee(db: Connection, unit: Row, *experts: str, **more: Any) -> Row:
    """A working group of a school or a bureau since 2020, with a chair and these outside experts."""
    since = {"valid_from": date(2020, 9, 1), "recorded_at": NOW}
    row = {
        "id": new_id(),
        "name": "校本研修工作小组",
        "kind": CommitteeKind.WORKING_GROUP,
        "concern": Concern.RESEARCH,
        **{each: unit[each] for each in ("city_id", "county_id", "school_id")},
        **since,
    } | more
    await db.insert(Committee, row)
    seat = {"committee_id": row["id"], "post": None, "expert_name": None, **since}
    chair = seat | {"id": new_id(), "duty": CommitteeDuty.CHAIR, "post": "教研室主任"}
    others = [
        seat | {"id": new_id(), "duty": CommitteeDuty.MEMBER, "expert_name": name}
        for name in experts
    ]
    await db.insert_all(CommitteeMember, [chair, *others])
    return row | {"unit_id": row["school_id"] or row["county_id"], "chair": chair}


async def make_visit(db: Connection, unit: Row, by: Person, bureau: Row, **more: Any) -> Row:
    """A visit of guidance to a school or a county, on behalf of a bureau above it."""
    row = {
        "id": new_id(),
        "kind": GuidanceKind.GUIDE,
        "visited_on": date(2026, 11, 3),
        "visitors": "教研员两人",
        "findings": "研修有计划、有记载，集体备课流于形式。",
        **{each: unit[each] for each in ("city_id", "county_id", "school_id")},
        "by_unit_id": bureau["id"],
        "recorded_by": by.actor.account_id,
        "recorded_at": NOW,
    } | more
    await db.insert(GuidanceVisit, row)
    return row


async def make_provider(
    db: Connection, bureau: Row, cipher: ContactCipher | None = None, **more: Any
) -> Row:
    """A provider of a bureau, approved since 2020; with a contact where a cipher is given."""
    provider_id = new_id()
    place = {each: bureau[each] for each in ("city_id", "county_id", "school_id")}
    row = {
        "id": provider_id,
        "name": "示例师范学院",
        "kind": ProviderKind.UNIVERSITY,
        **place,
        "recorded_at": NOW,
    } | more
    if cipher is not None:
        sealed = cipher.seal("李老师 07301234567", context=f"provider|contact|{provider_id}")
        row |= {"contact": "李** 073****67", "contact_sealed": sealed}
    await db.insert(Provider, row)
    approval = {"id": new_id(), "provider_id": provider_id, "valid_from": date(2020, 9, 1)}
    await db.insert(ProviderApproval, approval | {"recorded_at": NOW})
    return row


async def make_statistic(
    db: Connection, unit: Row, by: Person, measure: Measure, value: int, **more: Any
) -> Row:
    """A figure that a unit stated for the school year 2016."""
    row = {
        "id": new_id(),
        "school_year": 2016,
        "measure": measure,
        "stage": None,
        "value": value,
        "precision": Precision.EXACT,
        "source": "校本研修工作汇报 一、基本情况",
        **{each: unit[each] for each in ("city_id", "county_id", "school_id")},
        "stated_by": by.actor.account_id,
        "recorded_at": NOW,
    } | more
    await db.insert(Statistic, row)
    return row


async def make_overseen_city(db: Connection, city: City) -> None:
    """Two of everything that states and oversees, each leading on."""
    await make_provider(db, city.city, name="示例培训中心")
    for unit, above, by in (
        (city.school, city.county, city.county_admin), (city.county, city.city, city.city_admin),
    ):  # fmt: skip
        committee = await make_committee(db, unit, "王教授")
        of_bureau = await make_committee(db, above)
        assignment = await make_assignment(db, city.county, city.auditor, city.school)
        await make_visit(db, unit, by, above, committee_id=of_bureau["id"])
        await make_visit(db, unit, by, above, assignment_id=assignment["id"])
        await make_provider(db, above)
        await make_statistic(db, committee, by, Measure.STUDENTS, 500)
