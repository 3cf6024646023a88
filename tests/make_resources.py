"""Resources for tests, made by what teachers, schools and bureaux do with them."""

from typing import Any

from app.domain.learning.equipment import EquipmentKind, NewEquipment, record_equipment
from app.domain.learning.neighbour_systems import (
    NewNeighbourSystem,
    NewSystemIdentifier,
    SystemKind,
    record_system_identifier,
    register_neighbour_system,
)
from app.domain.learning.resource_links import NewResourceLink, link_resource
from app.domain.learning.resources import (
    NewResource,
    NewResourceVersion,
    ResourceDecision,
    ResourceSharingRequest,
    add_resource_version,
    ask_resource_sharing,
    create_resource,
    decide_resource_sharing,
)
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity
from tests.make_courses import make_course

RESOURCE = {
    "title": "小学语文整本书阅读课例", "kind": "electronic", "subject": "chinese",
    "stage": "primary", "licence": "teaching", "link": "https://ziyuan.example.edu.cn/1",
}  # fmt: skip


async def make_resource(db: Connection, by: Person, **given: Any) -> Row:
    """A resource as it was added: a teacher's own, or of the unit that is named."""
    new = NewResource.model_validate(RESOURCE | given)
    return await create_resource(db, by.actor, new=new, now=NOW)


async def share(db: Connection, by: Person, resource: Row, sharing: str, **given: Any) -> Row:
    """A resource of which it was said how far it is to go."""
    new = ResourceSharingRequest.model_validate({"sharing": sharing, **given})
    return await ask_resource_sharing(db, by.actor, resource_id=resource["id"], new=new, now=NOW)


async def decide_sharing(db: Connection, by: Person, resource: Row, *, agreed: bool = True) -> Row:
    """What whoever is over all to whom it is to go says to it."""
    decision = ResourceDecision(agreed=agreed, opinion="内容准确，可以共享")
    return await decide_resource_sharing(
        db, by.actor, resource_id=resource["id"], decision=decision, now=NOW
    )


async def make_busy_resources(db: Connection, city: City) -> None:
    """Two resources of each of two schools with two versions and links, equipment, and systems."""
    for unit, by, teacher in (
        (city.school, city.school_admin, city.teacher_account),
        (city.sibling, city.sibling_admin, city.sibling_teacher_account),
    ):
        for title in ("课例", "教案"):
            resource = await make_resource(db, teacher, title=title)
            new = NewResourceVersion(shelf="一排")
            await add_resource_version(db, by.actor, resource_id=resource["id"], new=new, now=NOW)
            for _ in range(2):
                activity = await make_activity(db, unit, by)
                link = NewResourceLink(activity_id=activity["id"])
                await link_resource(db, by.actor, resource_id=resource["id"], new=link, now=NOW)
            course = await make_course(db, by, unit_id=unit["id"])
            link = NewResourceLink(course_id=course["id"])
            await link_resource(db, by.actor, resource_id=resource["id"], new=link, now=NOW)
        counted = NewEquipment(kind=EquipmentKind.NETWORK_ROOM, number=1, counted_on=NOW.date())
        await record_equipment(db, by.actor, unit_id=unit["id"], new=counted, now=NOW)
    for name in ("学籍系统", "教育专网"):
        new_system = NewNeighbourSystem(
            unit_id=city.city["id"], name=name, kind=SystemKind.OTHER, operated_by="省教育厅",
            link="https://xueji.example.edu.cn",
        )  # fmt: skip
        system = await register_neighbour_system(db, city.city_admin.actor, new=new_system, now=NOW)
        for unit in (city.school, city.sibling):
            known = NewSystemIdentifier(system_id=system["id"], identifier=unit["name"])
            await record_system_identifier(
                db, city.city_admin.actor, unit_id=unit["id"], new=known, now=NOW
            )
