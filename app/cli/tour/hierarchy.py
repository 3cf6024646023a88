"""The second act: who may see and do what, and since when.

A career in two times, an adviser of one school, an application under its ceiling, a school that comes
under another county, and what the auditor finds of it all. What an act sets up it also takes down, so
that the city is as usable afterwards: the post is withdrawn, the rest ended, suspended or closed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex, token_urlsafe
from typing import Any

from app.cli.tour.stage import Player, Stage
from app.domain.base import civil_date

_DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
_IN_A_BROWSER = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form on one of our own pages."""


@dataclass
class Cast:
    """Who plays, and where."""

    city: Player
    county: Player
    other_county: Player
    school: Player
    teacher: Player
    auditor: Player
    county_id: str
    other_county_id: str
    school_id: str
    sibling_id: str
    teacher_id: str
    stamp: str
    """Tells what this run makes from what others made."""


def play_hierarchy(stage: Stage) -> None:
    """Play every scene of the act; `Unexpected` at the first thing that goes otherwise."""
    cast = _gather(stage)
    _career_in_two_times(stage, cast)
    adviser_id = _adviser_sees_one_school(stage, cast)
    _application_under_its_ceiling(stage, cast)
    _school_moves(stage, cast)
    _auditor_finds_it(stage, cast, adviser_id)


def _gather(stage: Stage) -> Cast:
    stage.scene(
        "第二幕：层级与权限，各角色登录", "The second act, of the hierarchy: everybody signs in"
    )
    names = ("city.admin", "pingjiang.admin", "miluo.admin", "school.admin", "teacher.two")
    city, county, other, school, teacher = (stage.sign_in(name) for name in names)
    sibling, auditor = stage.sign_in("sibling.admin"), stage.sign_in("auditor")
    county_id, other_id, school_id, sibling_id = (
        stage.call(player, "GET", "/me", quiet=True)["grants"][0]["subject_id"]
        for player in (county, other, school, sibling)
    )
    return Cast(
        city,
        county,
        other,
        school,
        teacher,
        auditor,
        county_id,
        other_id,
        school_id,
        sibling_id,
        teacher_id=stage.call(teacher, "GET", "/me", quiet=True)["teacher_id"],
        stamp=token_hex(4),
    )


def _career_in_two_times(stage: Stage, cast: Cast) -> None:
    stage.scene(
        "补记一项任职：当时是什么，当时以为是什么",
        "A post is recorded late: what held then, and what was believed then",
    )
    today, path = civil_date(datetime.now(UTC)), f"/teachers/{cast.teacher_id}"
    begins, asked, before = (today - timedelta(days=days) for days in (60, 30, 1))
    new = {"post": "class_head", "valid_from": begins.isoformat()}
    post = stage.call(cast.school, "POST", f"{path}/posts", expect=201, json=new)
    held = stage.call(cast.teacher, "GET", f"{path}?as_of={asked}")["posts"]
    believed = stage.call(cast.teacher, "GET", f"{path}?as_of={asked}&known_on={before}")["posts"]
    stage.check("class_head" in held, "the post does not hold on the day")
    stage.check("class_head" not in believed, "the post was known before it was recorded")
    stage.note(f"{asked}：{', '.join(held)}；昨日所知 / as known yesterday: {', '.join(believed)}")
    reason = {"reason": "演示记录，予以撤回"}
    stage.call(cast.school, "POST", f"{path}/facts/{post['id']}/withdraw", json=reason)


def _adviser_sees_one_school(stage: Stage, cast: Cast) -> str:
    stage.scene(
        "县里安排包校干部：只看到所包的学校",
        "The county makes somebody answerable for one school, who sees that school alone",
    )
    office = {"name": f"演示包校办 {cast.stamp}", "kind": "other", "unit_id": cast.county_id}
    department = stage.call(cast.county, "POST", "/departments", expect=201, json=office)
    account = stage.call(
        cast.county,
        "POST",
        "/accounts",
        expect=201,
        json={
            "name": f"adviser.{cast.stamp}",
            "display_name": "演示包校干部",
            "role": "department_officer",
            "subject_id": department["id"],
        },
    )
    adviser = _change_first_password(stage, account)
    none = stage.call(adviser, "GET", "/units?level=school")["items"]
    stage.check(none == [], "an officer of a department without duties sees schools")
    term = {"valid_to": (civil_date(datetime.now(UTC)) + timedelta(days=180)).isoformat()}
    schools = {"school_ids": [cast.school_id], "account_id": account["id"]}
    new = {"unit_id": cast.county_id, **schools, **term}
    assignment = stage.call(cast.county, "POST", "/assignments", expect=201, json=new)
    stage.call_in_vain(adviser, "/me")
    adviser = stage.sign_in(account["name"], adviser.secret)
    seen = stage.call(adviser, "GET", "/units?level=school")["items"]
    stage.check([each["id"] for each in seen] == [cast.school_id], "not exactly the one school")
    stage.note(f"{seen[0]['name']}，仅此一所 / and no other")
    stage.call(adviser, "GET", f"/units/{cast.sibling_id}", expect=404)
    path = f"/teachers?school_id={cast.school_id}&limit=1"
    stage.call(adviser, "GET", path)
    stage.call(adviser, "GET", f"/teachers/{cast.teacher_id}/career", expect=403)
    stage.call(cast.county, "POST", f"/assignments/{assignment['id']}/end")
    stage.call_in_vain(adviser, path)
    stage.call(cast.county, "POST", f"/accounts/{account['id']}/suspend")
    stage.call(cast.county, "POST", f"/departments/{department['id']}/close")
    return str(account["id"])


def _change_first_password(stage: Stage, account: dict[str, Any]) -> Player:
    """Sign in with the password that the superior was told, which is good for nothing but another."""
    first = stage.sign_in(account["name"], account["secret"])
    stage.call(first, "GET", "/units", expect=403)
    change = {"old": account["secret"], "new": token_urlsafe()}
    stage.call(first, "POST", "/me/password", json=change)
    return stage.sign_in(account["name"], change["new"])


def _application_under_its_ceiling(stage: Stage, cast: Cast) -> None:
    stage.scene(
        "第三方应用用设备码登录，权限不超过登记的范围",
        "An application signs a person in by a device code, and may do no more than it registered",
    )
    new = {
        "name": f"tour-app-{cast.stamp}",
        "display_name": "演示应用",
        "kind": "public",
        "unit_id": stage.call(cast.city, "GET", "/me", quiet=True)["grants"][0]["subject_id"],
        "organisation": "演示公司",
        "purpose": "查看单位名录",
        "scopes": ["unit:read"],
        "flows": ["device_code"],
        "valid_to": (civil_date(datetime.now(UTC)) + timedelta(days=30)).isoformat(),
    }
    app = stage.call(cast.city, "POST", "/clients", expect=201, json=new)
    named = {"client_id": app["name"]}
    asked = named | {"scope": "unit:read"}
    codes = stage.submit("app", "/oauth/device_authorization", asked).json()
    asked = named | {"grant_type": _DEVICE_CODE, "device_code": codes["device_code"]}
    stage.submit("app", "/oauth/token", asked, expect=400)
    stage.note(f"本人在浏览器核对代码并允许 / allowed in a browser: {codes['user_code']}")
    decided = {"user_code": codes["user_code"], "decision": "allow"}
    person = {"username": cast.school.name, "password": cast.school.secret}
    stage.submit(cast.school.name, "/oauth/device", decided | person, headers=_IN_A_BROWSER)
    stage.wait(codes["interval"])
    token = stage.submit("app", "/oauth/token", asked).json()["access_token"]
    app_of_school = Player("app", token)
    stage.call(app_of_school, "GET", f"/units/{cast.school_id}")
    stage.call(app_of_school, "GET", "/teachers", expect=403)
    stage.call(cast.school, "GET", "/teachers?limit=1")
    consents = stage.call(cast.school, "GET", "/me/consents")
    (consent,) = [each for each in consents if each["client_id"] == app["id"]]
    stage.call(cast.school, "POST", f"/me/consents/{consent['id']}/revoke")
    stage.call_in_vain(app_of_school, f"/units/{cast.school_id}")
    stage.call(cast.city, "POST", f"/clients/{app['id']}/suspend")
    stage.submit("app", "/oauth/device_authorization", named, expect=401)


def _school_moves(stage: Stage, cast: Cast) -> None:
    stage.scene(
        "一所学校改隶邻县：原县的变更流得知其离开",
        "A school comes under another county; the feed of the former tells that it is gone",
    )
    new = {"name": f"演示小学 {cast.stamp}", "level": "school", "parent_id": cast.county_id}
    school = stage.call(
        cast.county, "POST", "/units", expect=201, json={**new, "stages": ["primary"]}
    )
    _, cursor = stage.follow(cast.county, "unit")
    move = {"bureau_id": cast.other_county_id, "document": "演示文件"}
    stage.call(cast.city, "POST", f"/units/{school['id']}/move", json=move)
    stage.call(cast.county, "GET", f"/units/{school['id']}", expect=404)
    stage.call(cast.other_county, "GET", f"/units/{school['id']}")
    read, _ = stage.follow(cast.county, "unit", cursor)
    told = [each["gone"] for each in read if each["id"] == school["id"]]
    stage.check(told == [True], "the feed does not tell that the school is gone")
    path = f"/units/{school['id']}/reorganisations"
    (moved,) = stage.call(cast.other_county, "GET", path)
    stage.check(moved["from_id"] == cast.county_id, "its history does not tell where it was")
    stage.note(f"{moved['effective_on']}，{moved['document']}：改变隶属 / moved")
    stage.call(cast.other_county, "POST", f"/units/{school['id']}/close", json={})


def _auditor_finds_it(stage: Stage, cast: Cast, adviser_id: str) -> None:
    stage.scene(
        "审计员查到：谁做了什么，谁被拒绝", "The auditor finds who did what, and who was refused"
    )
    path = "/audit/acts?limit=1&operation=record_post&include=changes"
    (act,) = stage.call(cast.auditor, "GET", f"{path}&target_id={cast.teacher_id}")["items"]
    who = stage.call(cast.auditor, "GET", f"/accounts/{act['account_id']}")["name"]
    stage.check(who == cast.school.name, "another did it")
    stage.note(f"{who} {act['operation']}: {act['changes'][0]['after']['post']}")
    path = f"/audit/acts?refused=true&account_id={adviser_id}"
    refused = stage.call(cast.auditor, "GET", path)["items"]
    found = [(each["operation"], each["refusal"]) for each in refused]
    stage.check(("get_unit", "unit_not_found") in found, "the refusal was not recorded")
    for operation, refusal in found:
        stage.note(f"{operation}: {refusal}")
    stage.call(cast.teacher, "GET", "/audit/acts", expect=403)
    head = stage.call(cast.auditor, "GET", "/audit/head")
    stage.note(f"链头 / head {head['position']}:{head['hash'][:12]}…")
