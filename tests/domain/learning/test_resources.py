import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import update
from sqlmodel import col

from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.resources import (
    NewResource,
    NewResourceVersion,
    Resource,
    ResourceChanges,
    ResourceNotFound,
    ResourceOfOneself,
    ResourceRetired,
    ResourceSearchEmpty,
    ResourceSharingDecided,
    ResourceSharingRequest,
    ResourceVersionWaits,
    SharingWithoutNetwork,
    add_resource_version,
    get_resource,
    grams_of,
    list_resource_versions,
    list_resources,
    list_shared_resources,
    resource_versions_of,
    resources_by_id,
    retire_resource,
    search_resources,
    update_resource,
    use_resource,
)
from app.domain.organisation.networks import NetworkMember
from app.domain.paging import PageRequest
from app.domain.plain_text import TitleTooLongInPlain, plain_text
from app.domain.training.files import FileKeptInside, FileLinks, FileNotFound, FileSharing
from app.sql import Connection, Row, Statement, new_id
from tests.make import NOW, City, Person
from tests.make_evidence import make_file
from tests.make_organisation import make_network
from tests.make_resources import RESOURCE, decide_sharing, make_resource, share

PAGE = PageRequest(limit=100)
LINKS = FileLinks(b"k" * 32)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def kept_by(db: Connection, person: Person, **filters: Any) -> set[Any]:
    page = await list_resources(db, person.actor, page=PAGE, **filters)
    return {row["id"] for row in page.items}


async def shared_with(db: Connection, person: Person) -> set[Any]:
    page = await list_shared_resources(db, person.actor, page=PAGE)
    return {row["id"] for row in page.items}


async def found_by(db: Connection, person: Person, q: str, **more: Any) -> list[str]:
    return [row["title"] for row in await search_resources(db, person.actor, q=q, **more)]


async def use(db: Connection, person: Person, resource: Row, **more: Any) -> Row:
    now = more.get("now", NOW)
    return await use_resource(db, person.actor, resource_id=resource["id"], links=LINKS, now=now)


async def test_a_resource_is_its_units_until_it_is_shared(db: Connection, city: City) -> None:
    own = await make_resource(db, city.teacher_account)
    assert (own["teacher_id"], own["sharing"], own["version"]) == (
        city.teacher["id"], "school", 1,
    )  # fmt: skip
    of_school = await make_resource(db, city.school_admin, unit_id=str(city.school["id"]))
    for person, kept, shared in (
        (city.teacher_account, {own["id"]}, {own["id"], of_school["id"]}),
        (city.colleague_account, set(), {own["id"], of_school["id"]}),
        (city.school_admin, {own["id"], of_school["id"]}, {own["id"], of_school["id"]}),
        (city.sibling_admin, set(), set()),
    ):  # fmt: skip
        assert await kept_by(db, person) == kept
        assert await shared_with(db, person) == shared
    read = await get_resource(db, city.colleague_account.actor, resource_id=own["id"])
    assert read == own
    found = await resources_by_id(db, city.sibling_teacher_account.actor, resource_ids=[own["id"]])
    assert found == {own["id"]: None}
    assert await kept_by(db, city.county_admin, kind="book") == set()
    await refused(db, NotAllowed, make_resource(db, city.auditor))


async def test_it_goes_further_when_that_was_reviewed(db: Connection, city: City) -> None:
    resource = await make_resource(db, city.teacher_account)
    asked = await share(db, city.teacher_account, resource, "city")
    assert (asked["sharing"], asked["asked_sharing"]) == ("school", "city")
    assert resource["id"] not in await shared_with(db, city.sibling_teacher_account)
    assert await kept_by(db, city.city_admin, asked=True) == {resource["id"]}
    for person, refusal in (
        (city.county_admin, NotAllowed), (city.teacher_account, NotAllowed),
        (city.sibling_admin, ResourceNotFound), (city.auditor, NotAllowed),
    ):  # fmt: skip
        await refused(db, refusal, decide_sharing(db, person, resource))
    declined = await decide_sharing(db, city.city_admin, resource, agreed=False)
    assert (declined["sharing"], declined["asked_sharing"]) == ("school", None)
    await refused(db, ResourceSharingDecided, decide_sharing(db, city.city_admin, resource))
    await share(db, city.school_admin, resource, "county")
    led = Person(
        actor=type(city.county_admin.actor)(
            account_id=city.county_admin.actor.account_id,
            grants=city.county_admin.actor.grants,
            teacher_id=city.teacher["id"],
        ),
        name="both",
    )
    await refused(db, ResourceOfOneself, decide_sharing(db, led, resource))
    agreed = await decide_sharing(db, city.county_admin, resource)
    assert (agreed["sharing"], agreed["opinion"]) == ("county", "内容准确，可以共享")
    assert await shared_with(db, city.sibling_teacher_account) == {resource["id"]}
    assert await shared_with(db, city.other_county_admin) == set()
    # To go less far needs nobody's agreement, and who decides on it decides by asking.
    less = await share(db, city.teacher_account, resource, "school")
    assert (less["sharing"], less["asked_sharing"]) == ("school", None)
    at_once = await share(db, city.city_admin, resource, "city")
    assert (at_once["sharing"], at_once["asked_sharing"]) == ("city", None)


async def test_a_network_finds_what_is_shared_with_it(db: Connection, city: City) -> None:
    others = await make_network(db, city.county, city.sibling, name="友邻")
    network = await make_network(db, city.county, city.school, city.sibling)
    resource = await make_resource(db, city.school_admin, unit_id=str(city.school["id"]))
    to_network = {"network_id": network["id"]}
    outside = share(db, city.county_admin, resource, "network", network_id=others["id"])
    await refused(db, SharingWithoutNetwork, outside)
    done = await share(db, city.county_admin, resource, "network", **to_network)
    assert (done["sharing"], done["network_id"]) == ("network", network["id"])
    assert await shared_with(db, city.sibling_teacher_account) == {resource["id"]}
    assert await shared_with(db, city.other_county_admin) == set()


async def test_a_network_of_the_city_is_the_citys_to_decide(db: Connection, city: City) -> None:
    wide = await make_network(db, city.city, city.school, name="全市联盟")
    resource = await make_resource(db, city.school_admin, unit_id=str(city.school["id"]))
    await share(db, city.county_admin, resource, "county")
    to_wide = {"network_id": wide["id"]}
    asked = await share(db, city.school_admin, resource, "network", **to_wide)
    assert (asked["sharing"], asked["asked_sharing"]) == ("county", "network")
    await refused(db, NotAllowed, decide_sharing(db, city.county_admin, resource))
    agreed = await decide_sharing(db, city.city_admin, resource)
    assert (agreed["sharing"], agreed["network_id"]) == ("network", wide["id"])


async def test_who_left_the_network_meanwhile_does_not_share_with_it(
    db: Connection, city: City
) -> None:
    network = await make_network(db, city.county, city.school, city.sibling)
    resource = await make_resource(db, city.school_admin, unit_id=str(city.school["id"]))
    await share(db, city.school_admin, resource, "network", network_id=network["id"])
    await db.run(
        Statement(
            update(NetworkMember)
            .where(col(NetworkMember.school_id) == city.school["id"])
            .values(superseded_at=NOW)
        )
    )
    await refused(db, SharingWithoutNetwork, decide_sharing(db, city.county_admin, resource))
    declined = await decide_sharing(db, city.county_admin, resource, agreed=False)
    assert (declined["sharing"], declined["asked_sharing"]) == ("school", None)


async def test_nobody_decides_by_asking_on_what_they_gave(db: Connection, city: City) -> None:
    resource = await make_resource(db, city.teacher_account)
    grants = city.county_admin.actor.grants + city.teacher_account.actor.grants
    both = Person(actor=replace(city.teacher_account.actor, grants=grants), name="both")
    asked = await share(db, both, resource, "county")
    assert (asked["sharing"], asked["asked_sharing"]) == ("school", "county")


async def test_what_is_a_bureaus_own_is_not_everybodys_below(db: Connection, city: City) -> None:
    own = await make_resource(db, city.county_admin, unit_id=str(city.county["id"]))
    assert own["id"] in await kept_by(db, city.county_admin)
    assert await shared_with(db, city.teacher_account) == set()
    assert await found_by(db, city.teacher_account, "整本书") == []
    await refused(db, ResourceNotFound, use(db, city.teacher_account, own))
    await share(db, city.county_admin, own, "county")
    assert await shared_with(db, city.teacher_account) == {own["id"]}


async def test_versions_and_what_is_said_of_it(db: Connection, city: City) -> None:
    resource = await make_resource(db, city.teacher_account)
    actor = city.teacher_account.actor
    new = NewResourceVersion(shelf="图书室三排", changes="纸质版")
    second = await add_resource_version(db, actor, resource_id=resource["id"], new=new, now=NOW)
    assert second["version"] == 2
    for person in (city.teacher_account, city.colleague_account, city.school_admin):
        page = await list_resource_versions(db, person.actor, resource_id=resource["id"], page=PAGE)
        assert [(row["number"], row["shelf"]) for row in page.items] == [
            (1, None), (2, "图书室三排"),
        ]  # fmt: skip
    of_many = await resource_versions_of(
        db, city.school_admin.actor, resource_ids=[resource["id"]], page=PAGE
    )
    assert len(of_many[resource["id"]].items) == 2
    changes = ResourceChanges(title="名著导读课例")
    changed = await update_resource(db, actor, resource_id=resource["id"], changes=changes)
    assert changed["title"] == "名著导读课例"
    assert await found_by(db, city.colleague_account, "名著") == ["名著导读课例"]
    assert await found_by(db, city.colleague_account, "整本书") == []
    other = update_resource(
        db, city.colleague_account.actor, resource_id=resource["id"], changes=changes
    )
    await refused(db, NotAllowed, other)
    retired = await retire_resource(db, actor, resource_id=resource["id"], now=NOW)
    assert retired["retired_on"] is not None
    assert await found_by(db, city.teacher_account, "名著") == []
    await refused(
        db,
        ResourceRetired,
        add_resource_version(db, actor, resource_id=resource["id"], new=new, now=NOW),
    )
    await refused(db, ResourceRetired, use(db, city.teacher_account, resource))
    await refused(db, ResourceNotFound, use(db, city.colleague_account, resource))


async def test_each_person_uses_it_once_a_day(db: Connection, city: City) -> None:
    resource = await make_resource(db, city.teacher_account)
    await use(db, city.colleague_account, resource)
    access = await use(db, city.colleague_account, resource)
    assert access == {
        "resource_id": resource["id"], "version": 1, "url": None, "link": RESOURCE["link"],
        "shelf": None,
    }  # fmt: skip
    await use(db, city.teacher_account, resource)
    await use(db, city.colleague_account, resource, now=NOW + timedelta(days=1))
    read = await get_resource(db, city.colleague_account.actor, resource_id=resource["id"])
    assert read["uses"] == 3


async def test_a_file_that_stays_inside_its_unit_is_not_opened_outside(
    db: Connection, city: City
) -> None:
    kept = await make_file(db, city.school, city.school_admin)
    open_to_all = await make_file(db, city.school, city.school_admin, sharing=FileSharing.CITY)
    for file, refusal in ((kept, FileKeptInside), (open_to_all, None)):
        resource = await make_resource(
            db, city.school_admin, unit_id=str(city.school["id"]), file_id=str(file["id"])
        )
        await share(db, city.county_admin, resource, "county")
        assert (await use(db, city.school_admin, resource))["url"].startswith("/files/")
        if refusal is not None:
            await refused(db, refusal, use(db, city.sibling_admin, resource))
        else:
            assert (await use(db, city.sibling_admin, resource))["url"] is not None
    far = await make_file(db, city.far_school, city.city_admin)
    await refused(db, FileNotFound, make_resource(db, city.teacher_account, file_id=str(far["id"])))


async def test_any_part_of_a_title_finds_it(db: Connection, city: City) -> None:
    unit = {"unit_id": str(city.school["id"])}
    for title in ("阅读", "阅读教学策略", "整本书阅读（一）", "读书阅览室管理"):
        await make_resource(db, city.school_admin, **unit, title=title)
    far = await make_resource(
        db, city.city_admin, unit_id=str(city.far_school["id"]), title="阅读评价"
    )
    person = city.teacher_account
    assert await found_by(db, person, "阅读") == ["阅读", "阅读教学策略", "整本书阅读（一）"]
    assert await found_by(db, person, "本书阅") == ["整本书阅读（一）"]
    assert await found_by(db, person, "策") == ["阅读教学策略"]
    assert await found_by(db, person, " 阅 读，教 学 ") == ["阅读教学策略"]
    assert await found_by(db, person, "阅读", kind="book") == []
    assert await found_by(db, person, "阅读", limit=1) == ["阅读"]
    await refused(db, ResourceSearchEmpty, search_resources(db, person.actor, q="，。"))
    await share(db, city.city_admin, far, "city")
    before = db.statements
    assert "阅读评价" in await found_by(db, person, "阅读")
    assert db.statements - before == 1


async def test_a_search_goes_by_its_index(db: Connection, city: City) -> None:
    words = [a + b for a in "语数英体美音科品" for b in "文学术育会理察析"]
    drawn = random.Random(7)
    place = {name: city.school[name] for name in ("city_id", "county_id", "school_id")}
    same = {
        **place, "kind": "electronic", "licence": "teaching", "sharing": "city", "version": 1,
        "added_by": city.school_admin.actor.account_id, "added_at": NOW,
    }  # fmt: skip
    titles = ["".join(drawn.choices(words, k=4)) + f"第{n}课" for n in range(2000)]
    rows = [
        {"id": new_id(), "title": title, "plain_title": plain_text(title),
         "grams": grams_of(title), **same}
        for title in titles
    ]  # fmt: skip
    for row in rows:  # no arrays of arrays in one statement
        await db.insert(Resource, row)
    await db._driver.execute("ANALYZE resource")
    for q in ("语文", "第1321课", "学"):
        assert await found_by(db, city.sibling_teacher_account, q)
    await db._driver.execute("SET LOCAL enable_seqscan = off")
    plan = await db._driver.fetch(
        "EXPLAIN SELECT id FROM resource WHERE grams @> ARRAY['13', '32', '21']"
    )
    assert any("ix_resource_grams" in line[0] for line in plan)


def test_what_is_nowhere_is_no_resource() -> None:
    bare = {name: value for name, value in RESOURCE.items() if name != "link"}
    for wrong in (bare, bare | {"link": "javascript:alert(1)"}, bare | {"link": "http://"}):
        with pytest.raises(ValidationError):
            NewResource.model_validate(wrong)
    with pytest.raises(ValidationError):
        ResourceChanges.model_validate({"title": None})
    with pytest.raises(ValidationError):
        ResourceSharingRequest.model_validate({"sharing": "network"})


def test_grams_are_characters_and_pairs() -> None:
    assert grams_of("读书！") == ["读", "书", "读书"]
    assert grams_of("ＡB a") == ["a", "b", "ab", "ba"]


async def renew(db: Connection, person: Person, resource: Row, shelf: str) -> Row:
    new = NewResourceVersion(shelf=shelf)
    return await add_resource_version(
        db, person.actor, resource_id=resource["id"], new=new, now=NOW
    )


async def numbers(db: Connection, person: Person, resource: Row) -> list[int]:
    page = await list_resource_versions(db, person.actor, resource_id=resource["id"], page=PAGE)
    return [row["number"] for row in page.items]


async def test_a_new_version_of_what_is_shared_waits_until_it_was_reviewed(
    db: Connection, city: City
) -> None:
    teacher, reader = city.teacher_account, city.sibling_teacher_account
    resource = await make_resource(db, teacher)
    assert (await renew(db, teacher, resource, "一排"))["version"] == 2
    await share(db, teacher, resource, "county")
    await decide_sharing(db, city.county_admin, resource)
    waits = await renew(db, teacher, resource, "二排")
    assert (waits["version"], waits["waiting_version"], waits["asked_sharing"]) == (2, 3, "county")
    await refused(db, ResourceVersionWaits, renew(db, teacher, resource, "三排"))
    seen = await get_resource(db, reader.actor, resource_id=resource["id"])
    assert (seen["version"], seen["waiting_version"], seen["opinion"]) == (2, None, None)
    assert await numbers(db, reader, resource) == [1, 2]
    assert await numbers(db, teacher, resource) == [1, 2, 3]
    returned = await decide_sharing(db, city.county_admin, resource, agreed=False)
    assert (returned["version"], returned["waiting_version"], returned["sharing"]) == (
        2, None, "county",
    )  # fmt: skip
    await renew(db, teacher, resource, "三排")
    agreed = await decide_sharing(db, city.county_admin, resource)
    assert (agreed["version"], agreed["waiting_version"]) == (4, None)
    # What was not agreed to is shown to nobody to whom it goes.
    assert await numbers(db, reader, resource) == [1, 2, 4]
    # Who decides on such a sharing decides by adding it, and within the unit nobody looks first.
    assert (await renew(db, city.county_admin, resource, "四排"))["version"] == 5
    await renew(db, teacher, resource, "五排")
    less = await share(db, teacher, resource, "school")
    assert (less["version"], less["waiting_version"], less["asked_sharing"]) == (6, None, None)


async def test_whoever_added_the_version_does_not_review_it(db: Connection, city: City) -> None:
    resource = await make_resource(db, city.school_admin, unit_id=str(city.school["id"]))
    await share(db, city.city_admin, resource, "city")
    await renew(db, city.county_admin, resource, "二排")
    await refused(db, NotAllowed, decide_sharing(db, city.county_admin, resource))
    assert (await decide_sharing(db, city.city_admin, resource))["version"] == 2


async def test_a_title_that_is_too_long_written_out_says_so(db: Connection, city: City) -> None:
    making = make_resource(db, city.teacher_account, title="㍿" * 60)
    await refused(db, TitleTooLongInPlain, making)
    assert await kept_by(db, city.school_admin) == set()
