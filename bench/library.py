"""Courses and resources as many as a large city has, with titles as bureaux write them."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import cycle, islice
from uuid import UUID

import asyncpg

from app.domain.learning.resources import grams_of
from app.domain.plain_text import plain_text
from app.sql import Row, new_id, prepare_connection

COURSES, RESOURCES = 20_000, 200_000
_AT_ONCE = 10_000

_STAGES = ("小学", "初中", "高中", "幼儿园", "九年一贯")
_SUBJECTS = ("语文", "数学", "英语", "科学", "道德与法治", "音乐", "体育", "美术", "信息科技")
_THEMES = (
    "整本书阅读", "课堂提问", "单元整体教学", "作业设计", "学习评价", "项目式学习", "跨学科主题", "班级管理",
    "家校沟通", "实验教学", "口语交际", "古诗文诵读", "数感培养", "思维导图", "分层教学", "差异化辅导",
)  # fmt: skip
_FORMS = ("课例", "教案", "微课", "专题讲座", "研讨实录", "工作坊", "案例集", "资源包")


def titles() -> Iterator[str]:
    """Titles as bureaux write them, no two the same."""
    number = 0
    while True:
        number += 1
        yield (
            f"{_STAGES[number % 5]}{_SUBJECTS[number // 5 % 9]}{_THEMES[number // 7 % 16]}"
            f"{_FORMS[number // 11 % 8]}（第{number}号）"
        )


async def stock(owner_url: str) -> None:
    """Fill catalogue and library, unless they are full: of schools, counties and the city in turn.

    As their owner, without the trail of what was added: it says nothing of what is measured.
    """
    owner = await asyncpg.connect(owner_url)
    try:
        await prepare_connection(owner)
        moment = datetime.now(UTC)
        units = [dict(row) for row in await owner.fetch(_UNITS)]
        account_id = await owner.fetchval("SELECT id FROM account ORDER BY id LIMIT 1")
        missing = COURSES - await owner.fetchval("SELECT count(*) FROM course")
        for part in _parts(missing, units):
            rows = [_course(unit, title, account_id, moment) for unit, title in part]
            meant = [
                {"course_id": row["id"], "target_id": row["school_id"] or row["county_id"]}
                for row in rows
            ]
            async with owner.transaction():
                await _enter(owner, "course", rows)
                await _enter(owner, "course_audience", meant)
        missing = RESOURCES - await owner.fetchval("SELECT count(*) FROM resource")
        await owner.execute("ALTER TABLE resource DISABLE TRIGGER USER")
        for part in _parts(missing, units):
            rows = [_resource(unit, title, account_id, moment) for unit, title in part]
            await _enter(owner, "resource", rows)
        await owner.execute("ALTER TABLE resource ENABLE TRIGGER USER")
        await owner.execute("VACUUM (ANALYZE) course, course_audience, resource")
    finally:
        await owner.close()


async def _enter(owner: asyncpg.Connection, table: str, rows: Sequence[Row]) -> None:
    names = ", ".join(rows[0])
    await owner.execute(
        f"INSERT INTO {table} ({names})"  # noqa: S608  our own names
        f" SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)",
        json.dumps(rows, default=str),
    )


_UNITS = """
SELECT id, city_id, county_id, school_id FROM unit WHERE closed_on IS NULL ORDER BY level, id LIMIT 400
"""


def _parts(count: int, units: Sequence[Row]) -> Iterator[list[tuple[Row, str]]]:
    things = islice(zip(cycle(units), titles(), strict=False), max(count, 0))
    while part := list(islice(things, _AT_ONCE)):
        yield part


def _place(unit: Row) -> Row:
    return {name: unit[name] for name in ("city_id", "county_id", "school_id")}


def _course(unit: Row, title: str, account_id: UUID, moment: datetime) -> Row:
    nth = hash(title)
    return {
        "id": new_id(), "title": title, "summary": f"{title}的目标与安排", "origin": "own",
        "source": None, "is_practical": nth % 5 == 0,
        "kind": ("workshop", "lecture", "online_course")[nth % 3], "mode": "concentrated",
        "channel": "school_based", "content": [("ethics", "instructional_design")[nth % 2]],
        "strata": [["young_teacher"], [], ["senior_rank"]][nth % 3], "hours": Decimal(4 + nth % 40),
        "responsible": "教导主任", **_place(unit), "syllabus": [{"title": "一", "hours": "4"}],
        "state": "draft" if nth % 10 == 0 else "published", "since": moment, "version": 1,
        "in_force": None if nth % 10 == 0 else 1,
        "published_at": None if nth % 10 == 0 else moment, "created_by": account_id,
    }  # fmt: skip


def _resource(unit: Row, title: str, account_id: UUID, moment: datetime) -> Row:
    nth = hash(title)
    return {
        "id": new_id(), "title": title,
        "kind": ("book", "audio_visual", "electronic")[nth % 3],
        "subject": (None, "chinese", "mathematics")[nth % 3], "stage": (None, "primary")[nth % 2],
        "licence": "teaching", **_place(unit), "plain_title": plain_text(title),
        "grams": grams_of(title),
        "sharing": "school" if unit["school_id"] and nth % 4 else "county", "version": 1,
        "added_by": account_id, "added_at": moment,
    }  # fmt: skip
