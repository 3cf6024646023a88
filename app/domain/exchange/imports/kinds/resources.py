"""Resources (资源目录): an entry of a unit's library in each row, by its address or where it stands; no files.

A resource is found by its title among those of its unit. What is said of it follows the file; where it is, is
another version of it, and given by hand. It goes no further than its unit, until a wider sharing was reviewed.
"""

from collections.abc import Sequence

from pydantic import Field, ValidationError
from sqlalchemy import and_
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import Conflict
from app.domain.exchange.imports.comparing import apart
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportAction,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.titled import (
    TitledLine,
    Titles,
    find_titled,
    identify_titled,
    need,
    title_of,
)
from app.domain.exchange.imports.kinds.words import (
    RESOURCE_KINDS,
    RESOURCE_LICENCES,
    STAGES,
    SUBJECTS,
)
from app.domain.exchange.imports.places import hold_places
from app.domain.exchange.imports.reading import refuse_unfit
from app.domain.learning.resources import (
    NewResource,
    ResourceChanges,
    create_resource,
    retire_resource,
    update_resource,
)
from app.domain.learning.resources.table import Resource, ResourceVersion
from app.domain.learning.resources.vocabulary import ResourceKind, ResourceLicence
from app.domain.learning.resources.writing import WebAddress
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.sql import Connection, Row


class ResourceLine(TitledLine):
    """A row of a catalogue."""

    title: str = Field(min_length=1, max_length=200)
    unit: str | None = Field(default=None, max_length=100)
    kind: ResourceKind | None = None
    subject: Subject | None = None
    stage: Stage | None = None
    summary: str | None = Field(default=None, min_length=1, max_length=500)
    licence: ResourceLicence | None = None
    link: WebAddress | None = None
    shelf: str | None = Field(default=None, min_length=1, max_length=100)


class ResourceElsewhere(Conflict):
    """The resource is there, and another thing by its address or shelf."""

    code = "import_resource_elsewhere"
    zh = "该资源已有另一“{column}”；如内容有更新，请为该资源登记新版本。"
    en = "The resource is there with another '{column}': add a new version of it."


_COLUMNS = (
    ImportColumn("title", "资源名称", "Title", "小学语文整本书阅读课例", needed=True, also=("名称",)),
    ImportColumn("unit", "所属单位", "Unit", also=("学校", "学校名称", "单位")),
    ImportColumn("kind", "资源类型", "Kind", "电子资源", needed=True, words=RESOURCE_KINDS,
                 also=("类型",)),
    ImportColumn("subject", "学科", "Subject", "语文", words=SUBJECTS),
    ImportColumn("stage", "学段", "Stage", "小学", words=STAGES),
    ImportColumn("summary", "资源简介", "Summary", "六课时实录与教案", also=("简介",)),
    ImportColumn("licence", "使用许可", "Licence", "可用于教学", needed=True, words=RESOURCE_LICENCES),
    ImportColumn("link", "网址", "Link", "https://ziyuan.example.edu.cn/1", also=("链接", "地址")),
    ImportColumn("shelf", "馆藏位置", "Shelf", "图书馆二层 A-3", also=("索书号",)),
)  # fmt: skip
_SAID = ("kind", "subject", "stage", "summary", "licence")
_WHERE = ("link", "shelf")
_NEEDED = ("kind", "licence")
_is_present = and_(
    col(ResourceVersion.resource_id) == col(Resource.id),
    col(ResourceVersion.number) == col(Resource.version),
)
_RESOURCES = Titles(
    Resource,
    _SAID,
    col(Resource.teacher_id).is_(None),
    col(Resource.retired_on).is_(None),
    joined=Resource.__table__.join(  # type: ignore[attr-defined]
        ResourceVersion.__table__,  # type: ignore[attr-defined]
        _is_present,
    ),
    others={name: col(getattr(ResourceVersion, name)) for name in _WHERE},
)


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    await hold_places(
        db, ground=ground, drafts=drafts, column=RESOURCES.column("unit").zh, lock=lock
    )
    await find_titled(db, titles=_RESOURCES, drafts=drafts, compared=(*_SAID, *_WHERE))
    for draft in drafts:
        if draft.unit is None or draft.refused:
            continue
        need(RESOURCES, draft, _NEEDED)
        if draft.current is None:
            _begin(draft)
            continue
        for name in _WHERE:
            if name in draft.wanted and draft.current[name] != draft.wanted[name]:
                header = RESOURCES.column(name).zh
                draft.refuse(ResourceElsewhere(column=header), column=header)


def _begin(draft: Draft) -> None:
    """What is to be added, as the noun's own command; refused where that refuses it."""
    if draft.refused:
        return
    given = draft.said.model_dump(include={"title", *_SAID, *_WHERE})
    try:
        draft.work = NewResource.model_validate(given | {"unit_id": (draft.unit or {})["id"]})
    except ValidationError as problem:
        refuse_unfit(RESOURCES, draft, problem)


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    for draft in apart(drafts, title_of):
        if draft.action is ImportAction.CHANGE:
            changes = ResourceChanges.model_validate(draft.after)
            await update_resource(db, actor, resource_id=draft.work["id"], changes=changes)
            continue
        made = await create_resource(db, actor, new=draft.work, now=ground.now)
        draft.target_id = made["id"]


async def _restore(db: Connection, actor: Actor, _: Ground, rows: Sequence[Row]) -> None:
    await _RESOURCES.hold_as_written(db, rows)
    for row in rows:
        changes = ResourceChanges.model_validate(row["before"])
        await update_resource(db, actor, resource_id=row["target_id"], changes=changes)


async def _remove(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    """What nobody has changed is retired, and found no more; the register keeps that it was there."""
    await _RESOURCES.hold_as_written(db, rows)
    for row in rows:
        await retire_resource(db, actor, resource_id=row["target_id"], now=ground.now)


RESOURCES = ImportKind(
    subject=ImportSubject.RESOURCES,
    words="资源目录 / catalogue of resources",
    permission=Permission.RESOURCE_WRITE,
    columns=_COLUMNS,
    row=ResourceLine,
    identified_by=("title",),
    identify=identify_titled,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    part=200,
)
