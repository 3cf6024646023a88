"""What a kind of import declares of itself, and a row of its file while it is worked on."""

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import DomainError
from app.domain.exchange.imports.reasons import ImportOnlyCompares, reason_of
from app.domain.people.identity import PersonalDataCipher
from app.sql import Connection, Row


class ImportSubject(StrEnum):
    """What a file is about (导入类别)."""

    UNITS = "units"
    """单位"""
    PEOPLE = "people"
    """人员"""
    CAREERS = "careers"
    """任职"""
    GROUPS = "groups"
    """教研组及组员"""
    ACTIVITIES = "activities"
    """活动及考勤"""
    OUTSIDE_TRAINING = "outside_training"
    """校外培训"""
    NATIONAL_STUDY = "national_study"
    """国家平台研修"""
    CLAIMS = "claims"
    """学分申报"""
    NATIONAL_ROSTER = "national_roster"
    """全国教师管理信息系统核对"""
    COURSES = "courses"
    """课程"""
    TRAINERS = "trainers"
    """导师库"""
    TOPICS = "topics"
    """课题"""
    RESOURCES = "resources"
    """资源目录"""
    DOCUMENTS = "documents"
    """公文及条款"""
    INDICATORS = "indicators"
    """评估指标表"""
    BUDGETS = "budgets"
    """预算科目"""
    EXPENSES = "expenses"
    """支出"""


class ImportAction(StrEnum):
    """What a row does."""

    CREATE = "create"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    REJECT = "reject"


class Words(dict[str, str]):
    """The words of a column, each with the value that it stands for; the value itself is taken too."""

    def __call__(self, text: str) -> str:
        """The value of a word; whatever is none is left for the command to refuse."""
        return self.get(text, text)


@dataclass(frozen=True)
class ImportColumn:
    """A column of a file: the field that it fills, its headers, and how a cell is read."""

    field: str
    zh: str
    en: str
    example: str = ""
    needed: bool = False
    """Whether what is new cannot do without it."""
    also: tuple[str, ...] = ()
    """Other headers under which files bring it."""
    words: Words = dataclasses.field(default_factory=Words)
    many: bool = False
    """Whether a cell holds several, with 、 , ; or a blank between them."""
    day: bool = False
    """Whether it is a date, which programs write in many ways."""
    secret: bool = False
    """Whether it is kept sealed only."""
    longest: int = 500
    """Characters of a cell: few things that are imported are longer."""

    @cached_property
    def is_plain(self) -> bool:
        """Whether a cell says what is in it, as it stands."""
        return not (self.words or self.many or self.day)


@dataclass(slots=True)
class Draft:
    """A row of a file while it is worked on: what it says, what it is about, what it will do."""

    row_id: UUID
    number: int
    given: dict[str, str]
    """Field to what its cell says, secret ones too."""
    digest: bytes | None = None
    """Of the row as the file has it; None where it was repaired, or cannot be read."""
    said: Any = None
    """The same as the kind's command, None where it cannot be one."""
    key: str | None = None
    """What the row is about, alike for rows about the same; no secret can be read from it."""
    label: str = ""
    """What people know it by, masked."""
    unit: Row | None = None
    """The unit that it lies in."""
    target_id: UUID | None = None
    current: dict[str, Any] | None = None
    """What is kept, by the fields of `wanted`; None where it would be new."""
    wanted: dict[str, Any] = field(default_factory=dict)
    """What the row wants to be so, as it goes into JSON."""
    work: Any = None
    """What the kind needs for writing it."""
    action: ImportAction = ImportAction.REJECT
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    is_settled: bool = False
    """Whether nothing is left to be done, not even to be remembered."""

    def refuse(self, refusal: DomainError, *, column: str | None = None) -> None:
        """Let the row be refused for this reason."""
        self.reasons.append(reason_of(refusal, column=column))

    def remark(self, refusal: DomainError, *, column: str | None = None) -> None:
        """Let this be known of the row, which is entered nevertheless."""
        self.reasons.append(reason_of(refusal, column=column, note=True))

    @property
    def school_id(self) -> UUID | None:
        """The school in which it lies, None where that is a bureau."""
        return None if self.unit is None else self.unit["school_id"]

    @property
    def does(self) -> bool:
        """Whether it enters or changes anything."""
        return self.action in {ImportAction.CREATE, ImportAction.CHANGE}

    @property
    def refused(self) -> bool:
        """Whether there is a reason against it."""
        return any(not reason["note"] for reason in self.reasons)


@dataclass(frozen=True)
class Ground:
    """Where an import takes place, when, and with what personal data is sealed."""

    import_id: UUID
    unit_id: UUID
    city_id: UUID
    is_school: bool
    cipher: PersonalDataCipher
    now: datetime

    def covers(self, row: Mapping[str, Any]) -> bool:
        """Whether something at this place lies in that of the import."""
        # Asked of every row of a file: a loop over the three names takes five times as long.
        return self.unit_id in (row["city_id"], row["county_id"], row["school_id"])


class Absent(Protocol):
    """Of each unit that a file is about, how much is registered there and how much the file lacks."""

    async def __call__(self, db: Connection, *, import_id: UUID, unit_id: UUID) -> list[Row]:
        """Rows of `unit_id`, `name`, `registered`, `missing`."""


@dataclass(frozen=True, eq=False)
class ImportKind:
    """A kind of file, declared once; what is done with one is the same for all.

    `find` looks up what the drafts are about and says in each what is kept and what is wanted; with
    `lock` it stays so until the transaction ends. `write` enters what is new or changed, `restore`
    gives back what rows have changed. These refuse by raising; then nothing of the part was done, and
    its halves are tried.
    """

    subject: ImportSubject
    words: str
    """What it is, in Chinese and in English."""
    permission: Permission
    """What whoever imports needs at the place, beside the right to import."""
    columns: tuple[ImportColumn, ...]
    row: type[Command]
    identified_by: tuple[str, ...]
    """The fields without whose columns a file is none of this kind."""
    identify: Callable[[Any, Ground], tuple[str, str]]
    """The key and the label of what a row is about."""
    find: Callable[[Connection, Ground, Sequence[Draft], bool], Awaitable[None]]
    write: Callable[[Connection, Actor, Ground, Sequence[Draft]], Awaitable[None]]
    restore: Callable[[Connection, Actor, Ground, Sequence[Row]], Awaitable[None]]
    remove: Callable[[Connection, Actor, Ground, Sequence[Row]], Awaitable[None]] | None = None
    """Takes back what rows have entered; None where the database removes it (`undoing`)."""
    hold: Callable[[Connection, Ground, Sequence[UUID]], Awaitable[None]] | None = None
    """Holds what is to be taken back, in the order in which others hold it; else each when it is reached."""
    part: int = 500
    """Rows of one transaction."""
    stamp: Callable[[Any], Any] | None = None
    """Of a thing by its key, in SQL: a text that is another once anything is otherwise that a row compares,
    and null where it is there no more. None where every row is always compared."""
    absent: Absent | None = None
    """What a full roster lacks; None where a file is never one."""
    only_compares: bool = False
    """Whether such a file is looked at, and never entered."""

    def check_enters(self) -> None:
        """Refuse a kind of file that is only compared."""
        if self.only_compares:
            raise ImportOnlyCompares

    @cached_property
    def by_field(self) -> dict[str, ImportColumn]:
        """Its columns, by the fields that they fill."""
        return {column.field: column for column in self.columns}

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The fields that are kept sealed only."""
        return tuple(column.field for column in self.columns if column.secret)

    def column(self, name: str) -> ImportColumn:
        """The column that fills a field."""
        return self.by_field[name]
