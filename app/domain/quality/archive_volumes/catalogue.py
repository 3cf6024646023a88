"""The catalogue: which kinds of records belong into which archive, with whose permission, and for how long.

No source document names a period for these materials. Each is therefore marked as assumed, and is one of
the periods that 国家档案局令第8号 (2006) knows: for ever (永久), 30 or 10 years. A city that has a schedule
of its own changes the lines here, and nothing else. What another noun wants to see filed adds a line, and a
statement in `of_school` or `of_teacher`; results of a year are composed in `of_year`.
"""

from typing import NamedTuple

from pydantic import BaseModel, Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.quality.archive_volumes.vocabulary import PIECE_WORDS, ArchiveKind, PieceKind
from app.sql import Connection, Row

PERIODS = "机关文件材料归档范围和文书档案保管期限规定（国家档案局令第8号）：永久、30年、10年"
FILED = "岳市教发〔2013〕18号 第二十三条（立卷建档）"


class Catalogued(NamedTuple):
    """A kind of one archive: what its records are read with, and how many years they are kept."""

    archive: ArchiveKind
    kind: PieceKind
    permission: Permission
    years: int | None
    """None for ever."""
    source: str = FILED
    assumed: bool = True
    """Whether the period is assumed: no document that was found says it."""


_SCHOOL, _GROWTH = ArchiveKind.SCHOOL, ArchiveKind.GROWTH

CATALOGUE = (
    Catalogued(_SCHOOL, PieceKind.PLAN, Permission.PLAN_READ, 30),
    Catalogued(_SCHOOL, PieceKind.REGULATION, Permission.DOCUMENT_READ, None),
    Catalogued(_SCHOOL, PieceKind.OFFICIAL_DOCUMENT, Permission.DOCUMENT_READ, 30),
    Catalogued(_SCHOOL, PieceKind.ACTIVITY, Permission.ACTIVITY_READ, 10),
    Catalogued(_SCHOOL, PieceKind.EVIDENCE, Permission.FILE_READ, 10),
    Catalogued(_SCHOOL, PieceKind.TOPIC, Permission.TOPIC_READ, 30),
    Catalogued(_SCHOOL, PieceKind.ASSESSMENT, Permission.ASSESSMENT_READ, 30),
    Catalogued(_SCHOOL, PieceKind.EVALUATION, Permission.GUIDANCE_READ, 30),
    Catalogued(_GROWTH, PieceKind.PLAN, Permission.PLAN_READ, 10),
    Catalogued(_GROWTH, PieceKind.PARTICIPATION, Permission.ATTENDANCE_READ, 30),
    Catalogued(_GROWTH, PieceKind.CREDIT, Permission.CREDIT_READ, 30),
    Catalogued(_GROWTH, PieceKind.CERTIFICATE, Permission.CERTIFICATE_READ, None),
    Catalogued(_GROWTH, PieceKind.ASSESSMENT, Permission.ASSESSMENT_READ, 30),
    Catalogued(_GROWTH, PieceKind.YEAR_RESULT, Permission.ASSESSMENT_READ, 30),
    Catalogued(_GROWTH, PieceKind.GOAL, Permission.GOAL_READ, 10),
    Catalogued(_GROWTH, PieceKind.HONOUR, Permission.CAREER_READ, None),
    Catalogued(_GROWTH, PieceKind.OUTPUT, Permission.TOPIC_READ, 30),
    Catalogued(_GROWTH, PieceKind.CONTEST_RESULT, Permission.ACTIVITY_READ, 30),
    Catalogued(_GROWTH, PieceKind.MENTORSHIP, Permission.PAIR_READ, 30),
    Catalogued(_GROWTH, PieceKind.NOTE, Permission.ATTENDANCE_READ, 10),
    Catalogued(_GROWTH, PieceKind.EVIDENCE, Permission.FILE_READ, 10),
)
"""The order of the index. Identity papers are in no line: nothing of the kind is kept here (R173)."""

GROWTH_KINDS = frozenset(each.kind for each in CATALOGUE if each.archive is _GROWTH)
"""The kinds of which a person may let something leave."""


class ArchiveKindView(BaseModel):
    """A line of the catalogue."""

    archive: ArchiveKind = Field(description="档案类别 / whose archive")
    kind: PieceKind = Field(description="材料类别 / kind of pieces")
    name: str = Field(description="名称 / name in the index")
    retention_years: int | None = Field(
        description="保管期限（年），永久为空 / years, null: for ever"
    )
    source: str = Field(description="归档依据 / why it is filed")
    periods: str = Field(description="期限依据 / which periods there are")
    assumed: bool = Field(description="期限是否为假定 / whether the period is assumed")


# What may be asked.


async def list_archive_kinds(db: Connection, actor: Actor) -> list[Row]:  # noqa: ARG001  the same for all
    """What is filed, and for how long; the same for everybody."""
    return [
        {
            "archive": each.archive,
            "kind": each.kind,
            "name": PIECE_WORDS[each.kind],
            "retention_years": each.years,
            "source": each.source,
            "periods": PERIODS,
            "assumed": each.assumed,
        }
        for each in CATALOGUE
    ]
