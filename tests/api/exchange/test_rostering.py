import re
from datetime import date
from typing import Any

import asyncpg
import httpx2
import pytest

from app.domain.access.roles import Permission, Role
from app.domain.exchange.rostering import course_key
from app.domain.organisation.units import Unit
from app.domain.training.school_calendars import Semester, Term
from app.sql import Connection, Row, new_id
from tests.make import City, Client, Person, make_account, make_group
from tests.oauth import SECRET, bearer, error_of, make_client

BASE = "/ims/oneroster/rostering/v1p2"
CORE = "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly"
ROSTER = [
    Permission.UNIT_READ, Permission.TEACHER_READ, Permission.GROUP_READ,
    Permission.TIMETABLE_READ,
]  # fmt: skip
ADDRESS = f"http://127.0.0.1:8000{BASE}"


async def ask(client: Client, person: Person | None, path: str, **query: Any) -> httpx2.Response:
    return await client.get(person, f"/{BASE}{path}", params=query)


async def found(client: Client, person: Person, path: str, **query: Any) -> list[dict[str, Any]]:
    """The things of a collection."""
    answer = await ask(client, person, path, **query)
    assert answer.status_code == 200, answer.text
    ((_, things),) = answer.json().items()
    assert isinstance(things, list)
    return things


def keys(things: list[dict[str, Any]]) -> set[str]:
    return {each["sourcedId"] for each in things}


def word_of(answer: httpx2.Response) -> tuple[int, str]:
    """The status and the code of a refusal."""
    content = answer.json()
    assert content.keys() == {
        "imsx_codeMajor", "imsx_severity", "imsx_description", "imsx_CodeMinor",
    }  # fmt: skip
    assert (content["imsx_codeMajor"], content["imsx_severity"]) == ("failure", "error")
    (field,) = content["imsx_CodeMinor"]["imsx_codeMinorField"]
    assert field["imsx_codeMinorFieldName"] == "TargetEndSystem"
    return answer.status_code, field["imsx_codeMinorFieldValue"]


async def make_term(db: Connection, unit: Row, year: int, semester: Semester, begins: date) -> Row:
    place = {name: unit[name] for name in ("city_id", "county_id", "school_id")}
    row = {
        "id": new_id(), "school_year": year, "semester": semester, "starts_on": begins,
        "ends_on": date(begins.year + (begins.month > 6), 1 if begins.month > 6 else 7, 10),
        "weeks_from": date.fromordinal(begins.toordinal() - begins.weekday()), **place,
    }  # fmt: skip
    await db.insert(Term, row)
    return row


# A consumer, as one is.


async def test_a_consumer_signs_in_by_the_scopes_of_the_standard_and_pulls_everything(
    http: httpx2.AsyncClient, client: Client, db: Connection, city: City
) -> None:
    app = await make_client(db, city.county, scopes=ROSTER)
    role = {"role": "integration", "subject_id": str(city.county["id"])}
    granted = await client.post(city.city_admin, f"/accounts/{app['id']}/grants", role)
    assert granted.status_code == 201, granted.text
    form = {"grant_type": "client_credentials", "client_id": app["name"], "client_secret": SECRET}
    token = await http.post("/oauth/token", data=form | {"scope": CORE})
    assert (token.status_code, token.json()["scope"]) == (200, CORE), token.text
    address, seen = f"{BASE}/users?limit=2&filter=status%3D'active'", []
    while address:
        answer = await http.get(address, headers=bearer(token))
        assert (answer.status_code, answer.headers["x-total-count"]) == (200, "3"), answer.text
        seen += [each["familyName"] for each in answer.json()["users"]]
        following = re.search(r'<http://[^/]+([^>]+)>; rel="next"', answer.headers["link"])
        address = "" if following is None else following[1]
    assert seen == ["测试甲", "测试乙", "测试丙"]
    refused = await http.get("/api/v1/activities", headers=bearer(token))
    assert (refused.status_code, refused.json()["details"]) == (
        403, {"permission": "activity:read"},
    )  # fmt: skip


async def test_who_is_not_registered_for_all_of_a_scope_does_not_get_it(
    http: httpx2.AsyncClient, db: Connection, city: City
) -> None:
    app = await make_client(db, city.county, scopes=ROSTER[:3])
    form = {"grant_type": "client_credentials", "client_id": app["name"], "client_secret": SECRET}
    refused = await http.post("/oauth/token", data=form | {"scope": CORE})
    assert error_of(refused) == (400, "invalid_scope")
    demographics = CORE.replace("-core", "-demographics")
    refused = await http.post("/oauth/token", data=form | {"scope": demographics})
    assert error_of(refused) == (400, "invalid_scope")


# What is shown as what.


async def test_units_are_orgs(client: Client, city: City) -> None:
    shown = {each["name"]: each for each in await found(client, city.city_admin, "/orgs")}
    assert [shown[name]["type"] for name in ("测试市", "甲县", "甲县第一小学", "市直第一中学")] == [
        "local", "district", "school", "school",
    ]  # fmt: skip
    assert "parent" not in shown["测试市"]
    parent = str(city.county["id"])
    school = shown["甲县第一小学"]
    assert school["parent"] == {
        "href": f"{ADDRESS}/orgs/{parent}", "sourcedId": parent, "type": "org",
    }  # fmt: skip
    assert school["status"] == "active"
    assert school.keys() == {
        "sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parent",
    }  # fmt: skip
    one = await ask(client, city.city_admin, f"/schools/{school['sourcedId']}")
    assert one.json() == {"org": school}
    county = await ask(client, city.city_admin, f"/schools/{parent}")
    assert word_of(county) == (404, "unknownobject")
    schools = await found(client, city.city_admin, "/schools")
    assert {each["type"] for each in schools} == {"school"}
    assert len(schools) == 4


async def test_teachers_are_users_without_personal_data(client: Client, city: City) -> None:
    (user,) = await found(client, city.school_admin, "/users", filter="familyName='测试甲'")
    school = str(city.school["id"])
    org = {"href": f"{ADDRESS}/orgs/{school}", "sourcedId": school, "type": "org"}
    moment = user.pop("dateLastModified")
    assert moment.endswith("Z")
    assert user == {
        "sourcedId": str(city.teacher["id"]),
        "status": "active",
        "enabledUser": "true",
        "givenName": "",
        "familyName": "测试甲",
        "roles": [{"roleType": "primary", "role": "teacher", "org": org}],
        "primaryOrg": org,
    }
    one = await ask(client, city.school_admin, f"/teachers/{user['sourcedId']}")
    assert one.json() == {"user": user | {"dateLastModified": moment}}
    assert await found(client, city.city_admin, "/students") == []
    pupil = await ask(client, city.city_admin, f"/students/{user['sourcedId']}")
    assert word_of(pupil) == (404, "unknownobject")


async def test_terms_are_sessions_and_the_nearest_counts_at_a_school(
    client: Client, db: Connection, city: City
) -> None:
    citys = await make_term(db, city.city, 2025, Semester.FIRST, date(2025, 9, 1))
    later = await make_term(db, city.city, 2025, Semester.SECOND, date(2026, 2, 16))
    own = await make_term(db, city.school, 2025, Semester.FIRST, date(2025, 9, 8))
    sessions = await found(client, city.school_admin, "/academicSessions")
    assert keys(sessions) == {str(each["id"]) for each in (citys, later, own)}
    (first,) = [each for each in sessions if each["sourcedId"] == str(own["id"])]
    del first["dateLastModified"]
    assert first == {
        "sourcedId": str(own["id"]),
        "status": "active",
        "title": "2025—2026学年第一学期",
        "startDate": "2025-09-08",
        "endDate": "2026-01-11",
        "type": "term",
        "schoolYear": "2026",
    }
    used = await found(client, city.school_admin, f"/schools/{city.school['id']}/terms")
    assert keys(used) == {str(own["id"]), str(later["id"])}
    used = await found(client, city.sibling_admin, f"/schools/{city.sibling['id']}/terms")
    assert keys(used) == {str(citys["id"]), str(later["id"])}
    assert await found(client, city.school_admin, f"/terms/{own['id']}/gradingPeriods") == []
    group = await make_group(db, city.school)
    (shown,) = await found(client, city.school_admin, "/classes")
    assert [each["sourcedId"] for each in shown["terms"]] == [str(later["id"])]
    of_term = await found(client, city.school_admin, f"/terms/{later['id']}/classes")
    assert keys(of_term) == {str(group["id"])}
    assert await found(client, city.school_admin, f"/terms/{citys['id']}/classes") == []


async def test_groups_are_classes_and_members_are_enrolled(
    client: Client, db: Connection, city: City
) -> None:
    new = {
        "name": "语文教研组", "kind": "teaching_research", "subject": "chinese",
        "unit_id": str(city.school["id"]),
    }  # fmt: skip
    group = (await client.post(city.school_admin, "/groups", new)).json()
    body = {"teacher_id": str(city.teacher["id"]), "duty": "head"}
    made = await client.post(city.school_admin, f"/groups/{group['id']}/members", body)
    assert made.status_code == 201, made.text
    (shown,) = await found(client, city.school_admin, "/classes")
    assert shown["title"] == "语文教研组"
    assert (shown["subjects"], shown["subjectCodes"]) == (["语文"], ["chinese"])
    assert shown["course"]["sourcedId"] == str(course_key("chinese"))
    assert shown["school"]["sourcedId"] == str(city.school["id"])
    assert "terms" not in shown
    (enrolled,) = await found(client, city.school_admin, "/enrollments")
    assert enrolled["sourcedId"] == made.json()["id"]
    assert (enrolled["role"], enrolled["primary"], enrolled["status"]) == (
        "teacher", "true", "active",
    )  # fmt: skip
    assert enrolled["user"]["sourcedId"] == str(city.teacher["id"])
    assert enrolled["class"]["sourcedId"] == group["id"]
    assert "endDate" not in enrolled


async def test_what_belongs_to_another_thing_is_asked_for_below_it(
    client: Client, city: City
) -> None:
    new = {"name": "语文教研组", "kind": "teaching_research", "subject": "chinese"}
    unit = {"unit_id": str(city.school["id"])}
    group = (await client.post(city.school_admin, "/groups", new | unit)).json()
    body = {"teacher_id": str(city.teacher["id"])}
    await client.post(city.school_admin, f"/groups/{group['id']}/members", body)
    (enrolled,) = await found(client, city.school_admin, "/enrollments")
    school = f"/schools/{city.school['id']}"
    for path, wanted in (
        (f"/classes/{group['id']}/teachers", {str(city.teacher["id"])}),
        (f"{school}/classes/{group['id']}/teachers", {str(city.teacher["id"])}),
        (f"{school}/classes/{group['id']}/enrollments", {enrolled["sourcedId"]}),
        (f"{school}/enrollments", {enrolled["sourcedId"]}),
        (f"{school}/classes", {group["id"]}),
        (f"{school}/teachers", {str(city.teacher["id"]), str(city.colleague["id"])}),
        (f"{school}/courses", {str(course_key("chinese"))}),
        (f"/courses/{course_key('chinese')}/classes", {group["id"]}),
        (f"/courses/{course_key('history')}/classes", set()),
        (f"/users/{city.teacher['id']}/classes", {group["id"]}),
        (f"/teachers/{city.colleague['id']}/classes", set()),
        (f"{school}/students", set()),
        (f"{school}/classes/{group['id']}/students", set()),
        (f"/classes/{group['id']}/students", set()),
    ):
        assert keys(await found(client, city.school_admin, path)) == wanted, path
    elsewhere = f"/schools/{city.sibling['id']}/classes/{group['id']}/teachers"
    assert word_of(await ask(client, city.county_admin, elsewhere)) == (404, "unknownobject")


async def test_courses_are_subjects_the_same_for_everybody(client: Client, city: City) -> None:
    courses = await found(client, city.school_admin, "/courses", sort="courseCode")
    assert [each["courseCode"] for each in courses][:3] == ["all_subjects", "biology", "chemistry"]
    assert len(courses) == 20
    chinese = await ask(client, city.sibling_admin, f"/courses/{course_key('chinese')}")
    assert chinese.json()["course"]["title"] == "语文"
    assert word_of(await ask(client, city.city_admin, f"/courses/{new_id()}")) == (
        404, "unknownobject",
    )  # fmt: skip


# Changes.


async def test_what_is_no_more_is_told_and_when(client: Client, db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    (before,) = await found(client, city.school_admin, "/classes")
    (member,) = await found(client, city.school_admin, "/enrollments")
    await client.post(city.school_admin, f"/groups/{group['id']}/close")
    since = f"dateLastModified>'{before['dateLastModified']}'"
    (after,) = await found(client, city.school_admin, "/classes", filter=since)
    assert (after["sourcedId"], after["status"]) == (before["sourcedId"], "tobedeleted")
    assert after["dateLastModified"] > before["dateLastModified"]
    told = {each["status"]: each for each in await found(client, city.school_admin, "/enrollments")}
    assert told["tobedeleted"]["sourcedId"] == member["sourcedId"]
    assert told["tobedeleted"]["dateLastModified"] > member["dateLastModified"]
    assert told["active"]["endDate"] > told["active"]["beginDate"]
    assert await found(client, city.school_admin, f"/classes/{group['id']}/teachers") == []


async def test_a_change_of_a_term_is_told(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}/terms"
    body = {
        "school_year": 2026, "semester": "first", "starts_on": "2026-09-01", "ends_on": "2027-01-20",
    }  # fmt: skip
    told = []
    for _ in range(2):
        answer = await client.post(city.school_admin, path, body)
        assert answer.status_code in {200, 201}, answer.text
        (shown,) = await found(client, city.school_admin, "/terms")
        told.append(shown)
        body["ends_on"] = "2027-01-22"
    assert told[0]["dateLastModified"] < told[1]["dateLastModified"]
    assert [each["endDate"] for each in told] == ["2027-01-21", "2027-01-23"]


# Who sees what: as over the rest of the interface.


def everybody(city: City) -> dict[str, Person]:
    return {name: each for name, each in vars(city).items() if isinstance(each, Person)}


async def test_lists_hold_what_the_lists_of_the_interface_hold(
    client: Client, db: Connection, city: City
) -> None:
    for unit in (city.school, city.sibling, city.far_school, city.county, city.direct_school):
        await make_group(db, unit, city.teacher)
        await make_term(db, unit, 2026, Semester.FIRST, date(2026, 9, 1))
    people = everybody(city) | {
        "leader": await make_account(
            db, "leader", Role.GROUP_LEADER, await make_group(db, city.school, city.colleague)
        ),
        "expert": await make_account(db, "expert", Role.EXPERT, city.county),
    }
    for name, person in people.items():
        for path, twin in (
            ("/users", "/teachers"), ("/classes", "/groups"), ("/orgs", "/units"),
            ("/academicSessions", "/terms"),
        ):  # fmt: skip
            ours = await client.get(person, f"{twin}?limit=100")
            theirs = await ask(client, person, path)
            if ours.status_code == 403:
                assert word_of(theirs) == (403, "forbidden"), (name, path)
                continue
            wanted = {each["id"] for each in ours.json()["items"]}
            (shown,) = theirs.json().values()
            # Units and terms above one's own are seen as well, as they are by their keys.
            above = {str(each) for each in person.actor.ancestors}
            if path == "/orgs":
                wanted |= above
            if path == "/academicSessions":
                wanted |= {str(each) for each in await terms_set_by(db, person.actor.ancestors)}
            assert keys(shown) == wanted, (name, path)


async def terms_set_by(db: Connection, units: list[Any]) -> list[Any]:
    query = "SELECT id FROM term WHERE unit_id = ANY ($1)"
    return [row["id"] for row in await db._driver.fetch(query, units)]


async def test_one_thing_is_found_by_those_who_find_it_in_the_interface(
    client: Client, db: Connection, city: City
) -> None:
    groups = [await make_group(db, unit, city.teacher) for unit in (city.school, city.far_school)]
    things = [
        *(("/users", "/teachers", each) for each in (city.teacher, city.far_teacher)),
        *(("/orgs", "/units", each) for each in (city.city, city.school, city.far_school)),
        *(("/classes", "/groups", each) for each in groups),
    ]
    for name, person in everybody(city).items():
        for path, twin, row in things:
            ours = await client.get(person, f"{twin}/{row['id']}")
            theirs = await ask(client, person, f"{path}/{row['id']}")
            assert theirs.status_code == ours.status_code, (name, path)
            if theirs.status_code == 404:
                absent = await ask(client, person, f"{path}/{new_id()}")
                assert theirs.content == absent.content


async def test_what_lies_elsewhere_owns_nothing(client: Client, db: Connection, city: City) -> None:
    group = await make_group(db, city.far_school, city.far_teacher)
    for path in (
        f"/schools/{city.far_school['id']}/teachers",
        f"/schools/{city.far_school['id']}/courses",
        f"/schools/{city.far_school['id']}/terms",
        f"/classes/{group['id']}/teachers",
        f"/users/{city.far_teacher['id']}/classes",
        f"/schools/{city.school['id']}/classes/{group['id']}/enrollments",
    ):
        answer = await ask(client, city.school_admin, path)
        assert word_of(answer) == (404, "unknownobject"), path
        absent = re.sub(r"[0-9a-f-]{36}(?!.*[0-9a-f-]{36})", str(new_id()), path)
        assert (await ask(client, city.school_admin, absent)).content == answer.content


async def test_nobody_reads_without_a_token(client: Client, city: City) -> None:
    for path in ("/orgs", "/users", "/courses", f"/orgs/{city.school['id']}"):
        answer = await ask(client, None, path)
        assert word_of(answer) == (401, "unauthorisedrequest")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_refusal_of_authority_is_recorded(
    client: Client, city: City, driver: asyncpg.Connection
) -> None:
    await ask(client, city.school_admin, f"/orgs/{city.far_school['id']}")
    query = "SELECT operation, refusal FROM audit_act WHERE refusal IS NOT NULL"
    assert [tuple(row) for row in await driver.fetch(query)] == [("get_org", "unit_not_found")]


# The query.


@pytest.mark.parametrize(
    ("path", "wish", "names"),
    [
        ("/orgs", "name='甲县'", ["甲县"]),
        ("/orgs", "name!='甲县' AND type='district'", ["乙县", "测试功能区"]),
        ("/orgs", "type='local' OR name~'中学'", ["市直第一中学", "测试市"]),
        ("/orgs", "name~'100%' OR name~'_'", []),
        ("/orgs", "dateLastModified>'2015-01-01' AND type='local'", ["测试市"]),
        ("/orgs", "dateLastModified<='2015-01-01T00:00:00Z'", []),
        ("/orgs", "name = 'x' OR name = '甲县'", ["甲县"]),
        ("/schools", "name~'第一小'", ["乙县第一小学", "甲县第一小学"]),
        ("/schools", "type='district'", []),
    ],
)
async def test_filters(client: Client, city: City, path: str, wish: str, names: list[str]) -> None:
    shown = await found(client, city.city_admin, path, filter=wish)
    assert sorted(each["name"] for each in shown) == sorted(names)


async def test_references_are_filtered_and_sorted_by_their_keys(client: Client, city: City) -> None:
    wish = f"parent.sourcedId='{city.county['id']}'"
    shown = await found(client, city.city_admin, "/orgs", filter=wish, sort="name", fields="name")
    assert shown == [{"name": "甲县第一小学"}, {"name": "甲县第二小学"}]
    turned = await found(
        client, city.city_admin, "/orgs", filter=wish, sort="name", orderBy="desc", fields="name"
    )
    assert turned == shown[::-1]


async def test_parts_follow_each_other(client: Client, city: City) -> None:
    whole = await found(client, city.city_admin, "/orgs")
    answer = await ask(client, city.city_admin, "/orgs", limit=3, offset=3)
    assert answer.json()["orgs"] == whole[3:6]
    assert answer.headers["x-total-count"] == "8"
    links = {
        rel: int(offset)
        for offset, rel in re.findall(r'offset=(\d+)>; rel="(\w+)"', answer.headers["link"])
    }
    assert links == {"first": 0, "last": 6, "next": 6, "prev": 0}
    beyond = await ask(client, city.city_admin, "/orgs", offset=50)
    assert (beyond.json(), beyond.headers["x-total-count"]) == ({"orgs": []}, "8")


@pytest.mark.parametrize(
    ("path", "query", "refusal"),
    [
        ("/orgs", {"filter": "colour='red'"}, (400, "invalid_filter_field")),
        ("/orgs", {"filter": "name"}, (400, "invalid_filter_field")),
        ("/orgs", {"filter": "name='a' AND name='b' OR name='c'"}, (400, "invalid_filter_field")),
        ("/orgs", {"filter": "name='a'; DROP TABLE unit"}, (400, "invalid_filter_field")),
        ("/orgs", {"filter": "dateLastModified~'2026'"}, (400, "invalid_filter_field")),
        ("/users", {"filter": "roles='teacher'"}, (400, "invalid_filter_field")),
        ("/orgs", {"filter": ""}, (400, "invalid_filter_field")),
        ("/orgs", {"filter": "name='\x00'"}, (400, "invalid_filter_field")),
        ("/orgs", {"filter": "sourcedId='one'"}, (422, "invaliddata")),
        ("/orgs", {"filter": "dateLastModified>'yesterday'"}, (422, "invaliddata")),
        ("/enrollments", {"filter": "beginDate>'2026-02-30'"}, (422, "invaliddata")),
        ("/orgs", {"sort": "colour"}, (400, "invalid_sort_field")),
        ("/users", {"sort": "roles"}, (400, "invalid_sort_field")),
        ("/orgs", {"orderBy": "up"}, (422, "invaliddata")),
        ("/orgs", {"fields": "name,colour"}, (400, "invalid_selection_field")),
        ("/orgs", {"fields": ""}, (400, "invalid_selection_field")),
        ("/orgs", {"limit": "0"}, (422, "invaliddata")),
        ("/orgs", {"limit": "5001"}, (422, "invaliddata")),
        ("/orgs", {"offset": "-1"}, (422, "invaliddata")),
        ("/orgs", {"offset": "1e99"}, (422, "invaliddata")),
        ("/orgs", {"colour": "red"}, (422, "invaliddata")),
        ("/orgs/one", {}, (404, "unknownobject")),
        ("/schools/one/classes", {}, (404, "unknownobject")),
    ],
)
async def test_what_cannot_be_meant_is_refused_in_the_words_of_the_standard(
    client: Client, city: City, path: str, query: dict[str, str], refusal: tuple[int, str]
) -> None:
    answer = await ask(client, city.city_admin, path, **query)
    assert word_of(answer) == refusal
    chinese = await client.http.get(
        f"{BASE}{path}", params=query, headers=client.headers(city.city_admin, "zh-CN")
    )
    assert not chinese.json()["imsx_description"].isascii()


async def test_a_closed_school_is_told_as_such(client: Client, db: Connection, city: City) -> None:
    await db.change(Unit, city.zone["id"], {"closed_on": date(2026, 9, 1)})
    (zone,) = await found(client, city.city_admin, "/orgs", filter="status='tobedeleted'")
    assert zone["sourcedId"] == str(city.zone["id"])
