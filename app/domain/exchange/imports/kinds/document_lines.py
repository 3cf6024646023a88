"""A row of a file of official documents: its columns, and by what the document it is about is known."""

from datetime import date

from pydantic import Field

from app.domain.base import Command
from app.domain.exchange.imports.kind import Ground, ImportColumn
from app.domain.exchange.imports.kinds.words import DOCUMENT_KINDS
from app.domain.exchange.imports.named_persons import key_about
from app.domain.quality.official_documents import DocumentKind


class DocumentRow(Command):
    """A row of a file of documents."""

    title: str = Field(min_length=2, max_length=200)
    unit: str | None = Field(default=None, max_length=100)
    number: str | None = Field(default=None, min_length=1, max_length=100)
    kind: DocumentKind | None = None
    issuer: str | None = Field(default=None, min_length=1, max_length=100)
    issued_on: date | None = None
    published_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    remark: str | None = Field(default=None, min_length=1, max_length=500)
    article: int | None = Field(default=None, ge=1, le=999)
    chapter: str | None = Field(default=None, min_length=1, max_length=200)
    text: str | None = Field(default=None, min_length=1, max_length=10_000)


COLUMNS = (
    ImportColumn("title", "文件名称", "Title", "校本研修培训工作指导意见", needed=True,
                 also=("公文标题", "标题")),
    ImportColumn("unit", "登记单位", "Unit", also=("单位", "发文单位")),
    ImportColumn("number", "文号", "Number", "某教发〔2026〕7号", also=("发文字号",)),
    ImportColumn("kind", "文种", "Kind", "意见", needed=True, words=DOCUMENT_KINDS),
    ImportColumn("issuer", "原发文机关", "Issuer", also=("外来文件发文机关",)),
    ImportColumn("issued_on", "成文日期", "Issued on", "2026-05-07", day=True),
    ImportColumn("published_on", "公布日期", "Published on", day=True),
    ImportColumn("valid_from", "施行日期", "Valid from", day=True),
    ImportColumn("valid_to", "有效期届满日", "Valid to", day=True),
    ImportColumn("remark", "登记说明", "Remark", also=("备注",)),
    ImportColumn("article", "条号", "Article", "1", also=("条",)),
    ImportColumn("chapter", "章节", "Chapter", "总则", also=("所在章节",)),
    ImportColumn("text", "条文", "Text", "为加强校本研修工作，制定本意见。", longest=10_000),
)  # fmt: skip


def identify_document(said: DocumentRow, _: Ground) -> tuple[str, str]:
    """The key and the label of what a row is about."""
    number = "" if said.article is None else str(said.article)
    label = said.title if said.article is None else f"{said.title} 第{said.article}条"
    return key_about(said.unit or "", said.title, number), label[:200]
