"""Scenarios (场景) of a sandbox: situations for a client to meet, each made over REST by those who would.

They are made in the demo city and leave the keys of what they made, by which a client finds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.cli.remote import Server

Players = Callable[[str], Server]
"""The server, asked as the account of a name."""
Made = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """A situation, in both languages, and how it is made."""

    name: str
    zh: str
    en: str
    make: Callable[[Players], Made]


_REVIEWERS = ("school.admin", "pingjiang.admin", "city.admin")
"""Who decides on a claim of the school, in order."""
_LAST_YEAR = 2025
_BAD_FILE = """\
姓名,证件类型,身份证号,出生日期,学校,任教学科,任教学段
周测试,护照,EA1000001,1988-03-07,{school},语文,小学
吴测试,身份证,100000198803070010,1988-03-07,{school},数学,小学
郑测试,身份证,4.30626E+17,1988-03-07,{school},数学,小学
周重复,护照,EA1000001,1988-03-07,{school},语文,小学
王测试,护照,EA1000002,1990-05-04,没有这所学校,英语,小学
冯测试,护照,EA1000003,1990-05-04,{school},不是学科,小学
"""


def _claim(teacher: Server, title: str, **more: Any) -> Made:
    """A draft of ten hours of outside training, unless said otherwise."""
    new = {
        "kind": "earn", "title": title, "organiser": "湖南师范大学", "earned_on": "2026-10-15",
        "hours": "10.00",
        "evidence": [{"kind": "certificate", "title": "结业证书", "text": "第2026-17号"}],
    }  # fmt: skip
    claim: Made = teacher.ask("POST", "/claims", json=new | more)
    return claim


def _submit(teacher: Server, claim: Made) -> Made:
    submitted: Made = teacher.ask("POST", f"/claims/{claim['id']}/submit")
    return submitted


def _decide(reviewer: Server, claim: Made, verdict: str) -> Made:
    decision = {"version": claim["version"], "verdict": verdict, "opinion": "沙箱场景"}
    decided: Made = reviewer.ask("POST", f"/claims/{claim['id']}/decide", json=decision)
    return decided


def _approved_by(players: Players, teacher: str, title: str, *, times: int, **more: Any) -> Made:
    """A claim that this many places have approved; the last one enters it."""
    claim = _submit(players(teacher), _claim(players(teacher), title, **more))
    for name in _REVIEWERS[:times]:
        claim = _decide(players(name), claim, "approve")
    return claim


def _one_credit_short(players: Players) -> Made:
    name = "teacher.two"
    teacher_id = players(name).ask("GET", "/me")["teacher_id"]
    ethics = {"content": ["ethics"], "level": "city", "hours": "20.00"}
    _approved_by(players, name, "师德专题培训", times=3, **ethics)
    rest = {"level": "province", "hours": str(_missing(players(name), teacher_id) - 1)}
    _approved_by(players, name, "省级骨干教师培训", times=3, **rest)
    missing = _missing(players(name), teacher_id)
    return {"account": name, "teacher_id": teacher_id, "missing": str(missing)}


def _missing(teacher: Server, teacher_id: str) -> Decimal:
    """What the teacher lacks of the whole cycle, in credits, by the total that governs."""
    standing = teacher.ask("GET", f"/teachers/{teacher_id}/standing")
    [total] = [
        each
        for each in standing["requirements"]
        if each["id"].startswith("total") and each["applies"] and each["governed_by"] is None
    ]
    return Decimal(total["missing"])


def _claims_at_each_step(players: Players) -> Made:
    name = "teacher.one"
    draft = _claim(players(name), "待提交的申报")
    waiting = {
        place: _approved_by(players, name, f"待{zh}审核的申报", times=times)
        for times, (place, zh) in enumerate((("school", "学校"), ("county", "县"), ("city", "市")))
    }
    ended = {
        state: _decide(
            players(_REVIEWERS[0]),
            _approved_by(players, name, f"{zh}的申报", times=0),
            verdict,
        )
        for state, verdict, zh in (
            ("returned", "return", "被退回"),
            ("rejected", "reject", "未通过"),
        )
    }
    entered = _approved_by(players, name, "已入账的申报", times=3)
    claims = {"draft": draft, **waiting, **ended, "entered": entered}
    return {"account": name} | {step: claim["id"] for step, claim in claims.items()}


def _year_about_to_close(players: Players) -> Made:
    name, earned_on = "teacher.one", {"earned_on": "2026-06-10"}
    draft = _claim(players(name), "上学年待提交的申报", **earned_on)
    waiting = _approved_by(players, name, "上学年待审核的申报", times=0, **earned_on)
    [grant, *_] = players("pingjiang.admin").ask("GET", "/me")["grants"]
    return {
        "account": "pingjiang.admin", "unit_id": grant["subject_id"], "school_year": _LAST_YEAR,
        "draft": draft["id"], "submitted": waiting["id"],
    }  # fmt: skip


def _import_of_a_bad_file(players: Players) -> Made:
    name = "school.admin"
    [grant, *_] = players(name).ask("GET", "/me")["grants"]
    school = players(name).ask("GET", f"/units/{grant['subject_id']}")
    asked = {"subject": "people", "unit_id": school["id"], "file_name": "名册.csv"}
    file = _BAD_FILE.format(school=school["name"]).encode("gb18030")
    run = players(name).ask("POST", "/imports", params=asked, content=file)
    run = players(name).follow(f"/imports/{run['id']}", run, lambda _: None)
    return {
        "account": name, "import_id": run["id"], "creates": run["creates"],
        "rejects": run["rejects"],
    }  # fmt: skip


SCENARIOS = {
    each.name: each
    for each in (
        Scenario(
            "one-credit-short",
            "一名教师距本周期总学分仅差 1 学分",
            "A teacher lacks one credit of the total of the cycle.",
            _one_credit_short,
        ),
        Scenario(
            "claims-at-each-step",
            "学分申报分别停在每一步：草稿、学校、县、市、退回、未通过、已入账",
            "A claim at each step: draft, at the school, the county, the city, returned, rejected,"
            " entered.",
            _claims_at_each_step,
        ),
        Scenario(
            "year-about-to-close",
            "上学年尚未关账，还有一份草稿和一份待审核的申报",
            "Last school year is not closed yet; a draft and a submitted claim of it are left.",
            _year_about_to_close,
        ),
        Scenario(
            "import-of-a-bad-file",
            "一次导入：文件为 GB18030 编码，多数行有误，等待处理",
            "An import that waits: a file in GB18030, most rows of which are wrong.",
            _import_of_a_bad_file,
        ),
    )
}
