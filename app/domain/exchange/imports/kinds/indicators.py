"""Indicator sheets (评估指标表): an indicator in each row, published sheet by sheet.

The rows of one code in one unit are one sheet, and are entered together or not at all: their weights make the
total. A sheet that says what its latest version says is left alone; another becomes the next version. What was
published stays: evaluations may rest on it.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError
from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, DomainError
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.words import (
    EVALUATED,
    INDICATOR_KINDS,
    INDICATOR_SOURCES,
    MEASURES,
    SCORINGS,
    YES_NO,
)
from app.domain.exchange.imports.named_persons import key_about
from app.domain.exchange.imports.places import hold_places, wanted_of
from app.domain.exchange.imports.reading import refuse_unfit
from app.domain.exchange.imports.reasons import ChangedSince, ColumnNeeded
from app.domain.quality.indicator_sheets import (
    EvaluatedKind,
    IndicatorKind,
    IndicatorSheet,
    IndicatorSource,
    NewIndicatorSheet,
    ScoringKind,
    check_lines,
    publish_indicator_sheet,
)
from app.domain.quality.measures import IndicatorMeasure
from app.sql import Connection, Row, Statement

_STEP = re.compile(r"^(?P<at_least>-?\d+(\.\d{1,2})?)[:：](?P<share>\d+(\.\d{1,2})?)[%％]?$")


class IndicatorRow(Command):
    """A row of a file of indicators."""

    sheet: str = Field(min_length=1, max_length=40)
    unit: str | None = Field(default=None, max_length=100)
    name: str | None = Field(default=None, min_length=1, max_length=100)
    evaluated: EvaluatedKind | None = None
    basis: str | None = Field(default=None, min_length=2, max_length=300)
    assumed: bool | None = None
    code: str = Field(min_length=1, max_length=40)
    indicator: str = Field(min_length=1, max_length=100)
    kind: IndicatorKind
    weight: Decimal = Field(gt=0, le=1000, max_digits=6, decimal_places=2)
    source: IndicatorSource
    measure: IndicatorMeasure | None = None
    scoring: ScoringKind
    none_at: Decimal | None = None
    full_at: Decimal | None = None
    steps: str | None = None
    evidence: list[str] | None = Field(default=None, max_length=10)
    article: str | None = Field(default=None, min_length=1, max_length=100)


class StepsUnreadable(Conflict):
    """Steps are given from which value on which part of the weight is had."""

    code = "import_steps_unreadable"
    zh = "“分档”须逐档写明，如“60:50；90:100”（达到60得权重的50%）。"
    en = "Give each step as 60:50; 90:100, which is: from 60 on half of the weight."


class SheetNotWhole(Conflict):
    """A sheet is published with all its indicators, and each of them stands with it."""

    code = "import_sheet_not_whole"
    zh = "同一指标表的各行须一并导入，其中有的行不能导入。"
    en = "The rows of a sheet are entered together, and some of them cannot be."


class SheetStays(Conflict):
    """A sheet that was published stays: evaluations may rest on it."""

    code = "import_sheet_stays"
    zh = "指标表已发布，不能随导入撤回；如需更改，请发布新版本。"
    en = "The sheet was published: publish another version, no import takes it back."


_COLUMNS = (
    ImportColumn("sheet", "指标表代码", "Sheet", "school_2026", needed=True),
    ImportColumn("unit", "发布单位", "Unit", also=("教育局", "单位")),
    ImportColumn("name", "指标表名称", "Name of the sheet", "学校校本研修评估指标", needed=True),
    ImportColumn("evaluated", "评估对象", "Evaluated", "学校", needed=True, words=EVALUATED),
    ImportColumn("basis", "依据", "Basis", "某教发〔2026〕7号 第二十六条", needed=True),
    ImportColumn("assumed", "权重自定", "Weights assumed", "否", words=YES_NO),
    ImportColumn("code", "指标代码", "Code", "activities", needed=True),
    ImportColumn("indicator", "指标名称", "Indicator", "研修活动", needed=True, also=("指标",)),
    ImportColumn("kind", "类别", "Kind", "过程", needed=True, words=INDICATOR_KINDS),
    ImportColumn("weight", "权重", "Weight", "100", needed=True, also=("分值",)),
    ImportColumn("source", "数据来源", "Source", "计算", needed=True, words=INDICATOR_SOURCES),
    ImportColumn("measure", "计量项", "Measure", "研修活动次数", words=MEASURES),
    ImportColumn("scoring", "计分方式", "Scoring", "按比例", needed=True, words=SCORINGS),
    ImportColumn("none_at", "零分值", "Nothing at", "0"),
    ImportColumn("full_at", "满分值", "All at", "10", also=("评分上限",)),
    ImportColumn("steps", "分档", "Steps", also=("分档标准",)),
    ImportColumn("evidence", "所需佐证", "Evidence", many=True, also=("佐证材料",)),
    ImportColumn("article", "依据条款", "Article", "第二十六条"),
)  # fmt: skip
_OF_SHEET = {"name": "name", "evaluated": "evaluated", "basis": "source"}
_SAID = (
    "indicator", "kind", "weight", "source", "measure", "scoring", "none_at", "full_at", "steps",
    "evidence", "article",
)  # fmt: skip
_LATEST = Statement(
    select(
        col(IndicatorSheet.unit_id), col(IndicatorSheet.id),
        *(
            col(getattr(IndicatorSheet, name))
            for name in ("code", "name", "evaluated", "source", "assumed", "total", "indicators")
        ),
    )
    .where(
        col(IndicatorSheet.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        col(IndicatorSheet.code) == any_(bindparam("codes", type_=ARRAY(Text))),
    )
    .ext(distinct_on(col(IndicatorSheet.unit_id), col(IndicatorSheet.code)))
    .order_by(
        col(IndicatorSheet.unit_id), col(IndicatorSheet.code), col(IndicatorSheet.version).desc()
    )
)  # fmt: skip
Sheet = tuple[UUID, str]


def _sheet_of(draft: Draft) -> Sheet:
    return (draft.unit or {})["id"], draft.said.sheet


def _identify(said: IndicatorRow, _: Ground) -> tuple[str, str]:
    return key_about(said.unit or "", said.sheet, said.code), f"{said.sheet} {said.indicator}"


def _together(drafts: Sequence[Draft]) -> dict[Sheet, list[Draft]]:
    sheets: dict[Sheet, list[Draft]] = {}
    for draft in drafts:
        sheets.setdefault(_sheet_of(draft), []).append(draft)
    return sheets


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    await hold_places(
        db, ground=ground, drafts=drafts, column=INDICATORS.column("unit").zh, lock=lock
    )
    sheets = _together([draft for draft in drafts if draft.unit is not None])
    latest: dict[Sheet, Row] = {}
    if sheets:
        units, codes = zip(*sheets, strict=True)
        rows = await db.all(_LATEST, unit_ids=sorted(set(units)), codes=sorted(set(codes)))
        latest = {(row["unit_id"], row["code"]): row for row in rows}
    for sheet, lines in sheets.items():
        for draft in lines:
            draft.wanted = wanted_of(draft.said, _SAID)
        try:
            new = _sheet(sheet, lines)
            check_lines(new.indicators, new.total)
        except DomainError as refusal:
            for draft in lines:
                draft.refuse(refusal)
            continue
        except ValidationError as problem:
            for draft in lines:
                refuse_unfit(INDICATORS, draft, problem)
            continue
        _compare(lines, new, latest.get(sheet))


def _sheet(sheet: Sheet, lines: Sequence[Draft]) -> NewIndicatorSheet:
    """The sheet that rows say together; what is said of all of it stands in any of them."""
    unit_id, code = sheet
    given: dict[str, Any] = {"unit_id": unit_id, "code": code}
    for name, field in _OF_SHEET.items():
        said = [value for draft in lines if (value := getattr(draft.said, name)) is not None]
        if not said:
            raise ColumnNeeded(column=INDICATORS.column(name).zh)
        given[field] = said[0]
    given["assumed"] = any(draft.said.assumed for draft in lines)
    given["indicators"] = [_indicator(draft.said) for draft in lines]
    return NewIndicatorSheet.model_validate(given)


def _indicator(said: IndicatorRow) -> dict[str, Any]:
    scoring = {"kind": said.scoring, "steps": _steps(said.steps or "")}
    scoring |= {name: getattr(said, name) for name in ("none_at", "full_at")}
    return {
        "code": said.code, "name": said.indicator, "kind": said.kind, "weight": said.weight,
        "source": said.source, "measure": said.measure, "scoring": scoring,
        "evidence": said.evidence or [], "article": said.article,
    }  # fmt: skip


def _steps(text: str) -> list[dict[str, str]]:
    steps = []
    for part in re.split(r"[；;\n]+", text):
        if not part.strip():
            continue
        found = _STEP.match(part.strip())
        if found is None:
            raise StepsUnreadable
        steps.append(found.groupdict(default="0"))
    return [{name: step[name] for name in ("at_least", "share")} for step in steps]


def _compare(lines: Sequence[Draft], new: NewIndicatorSheet, latest: Row | None) -> None:
    """Nothing is published that the latest version says already."""
    said = {
        **new.model_dump(exclude={"indicators"}),
        "indicators": [each.model_dump(mode="json") for each in new.indicators],
    }
    is_same = latest is not None and all(latest[name] == value for name, value in said.items())
    for draft in lines:
        draft.work = new
        if is_same:
            # Without its key: rows about one thing repeat each other, and these make it together.
            draft.current = dict(draft.wanted)


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    for lines in _together(drafts).values():
        new = lines[0].work
        # Refused sheet by sheet: halves of a part would part sheets.
        try:
            if len(lines) < len(new.indicators):
                raise SheetNotWhole
            async with db.transaction():
                made = await publish_indicator_sheet(db, actor, new=new, now=ground.now)
        except DomainError as refusal:
            for draft in lines:
                draft.refuse(refusal)
            continue
        for draft in lines:
            draft.target_id = made["id"]


async def _restore(_: Connection, __: Actor, ___: Ground, ____: Sequence[Row]) -> None:
    """No row changes a sheet, and none is given back."""
    raise ChangedSince


async def _remove(_: Connection, __: Actor, ___: Ground, ____: Sequence[Row]) -> None:
    raise SheetStays


INDICATORS = ImportKind(
    subject=ImportSubject.INDICATORS,
    words="评估指标表 / indicator sheets",
    permission=Permission.GUIDANCE_EVALUATE,
    columns=_COLUMNS,
    row=IndicatorRow,
    identified_by=("sheet", "code"),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    # A sheet is entered whole: no file has so many lines that one would be parted.
    part=3000,
)
