"""Content kinds (研修内容): each with its source and its place in three taxonomies, as cited data.

岳市教发〔2013〕18号 has ethics first (art. 9, 18) and three families of practical knowledge (art. 11), a
county's report four areas, a school's plan four aspects. One kind has at most one place in each, so
that what is counted by one of them can be told in the words of another. The kinds and the classes are
the sources'; beyond what a source lists under a class, which kind stands there is how it is read here.
"""

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.training.vocabulary import ActivityContent
from app.sql import Connection, Row


class _Part(BaseModel):
    """A part of the document: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ContentSource(_Part):
    """Where it is named: the document, the place in it, and the words where they help."""

    document: str = Field(description="文件 / document")
    article: str = Field(description="条款 / article or place")
    quote: str | None = Field(default=None, description="原文 / the words")


class ContentClass(_Part):
    """A class of a taxonomy."""

    code: str = Field(description="代码 / code")
    zh: str = Field(description="中文名称 / name in Chinese")
    en: str = Field(description="英文名称 / name in English")
    source: ContentSource = Field(description="依据 / where it is named")


class ContentKindView(_Part):
    """A kind of content with its place in each taxonomy, null where the source has none for it."""

    code: ActivityContent = Field(description="研修内容 / kind")
    zh: str = Field(description="中文名称 / name in Chinese")
    en: str = Field(description="英文名称 / name in English")
    family: ContentClass | None = Field(
        description="门类（岳市教发〔2013〕18号第9、11条） / family of knowledge, or ethics"
    )
    area: ContentClass | None = Field(description="研修领域（县校本研修汇报） / area")
    aspect: ContentClass | None = Field(description="研修方面（学校计划） / aspect")
    source: ContentSource = Field(description="依据 / where the kind is named")


class _Kind(_Part):
    code: ActivityContent
    zh: str
    en: str
    family: str | None
    area: str | None
    aspect: str | None
    source: ContentSource


class _Taxonomies(_Part):
    families: tuple[ContentClass, ...]
    areas: tuple[ContentClass, ...]
    aspects: tuple[ContentClass, ...]
    kinds: tuple[_Kind, ...]


ETHICS = "ethics"
"""The family that comes first."""


@cache
def taxonomies() -> _Taxonomies:
    """The document, validated."""
    return _Taxonomies.model_validate_json(files(__name__).joinpath("taxonomies.json").read_bytes())


def family_of() -> dict[ActivityContent, str]:
    """The family of each kind that has one, ethics included."""
    return {kind.code: kind.family for kind in taxonomies().kinds if kind.family is not None}


@cache
def _rows() -> tuple[Row, ...]:
    whole = taxonomies()
    classes = {
        name: {each.code: each.model_dump() for each in group}
        for name, group in (
            ("family", whole.families), ("area", whole.areas), ("aspect", whole.aspects),
        )
    }  # fmt: skip
    return tuple(
        {
            **kind.model_dump(mode="json"),
            **{name: known[code] if (code := getattr(kind, name)) else None
               for name, known in classes.items()},
        }
        for kind in whole.kinds
    )  # fmt: skip


# What may be asked.


async def list_content_kinds(db: Connection, actor: Actor) -> list[Row]:  # noqa: ARG001  no row is read
    """Every kind of content with its source and its place in the taxonomies; the same everywhere."""
    actor.require(Permission.ACTIVITY_READ)
    return list(_rows())
