"""The document that comes with the distribution: 岳市教发〔2013〕18号 with its 31 articles and their duties.

The articles are in the words of the source; numbers and dates are as they were printed, and what is wrong
with the print, or was added to register it, the remarks say. Which duty an article lays on whom, and by
which data that shows, is this project's reading: where it names no day by which something is due, none
is set, and where no data shows a duty, it has no check.
"""

from functools import cache
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.quality.article_duties.checks import CHECKS
from app.domain.quality.article_duties.duty import NewArticleDuty
from app.domain.quality.document_articles import DocumentArticles, NewArticle
from app.domain.quality.official_documents import DocumentDraft

_FILE = "yueyang-2013-18.json"


class ShippedArticle(NewArticle):
    """An article with the duties that it is read to lay on units."""

    duties: list[NewArticleDuty] = Field(default_factory=list, max_length=10)

    @model_validator(mode="after")
    def _is_shown_there(self) -> Self:
        for duty in self.duties:
            if duty.shown_by is not None and duty.bearer not in CHECKS[duty.shown_by].bearers:
                raise ValueError(f"{self.number}: {duty.shown_by} does not show {duty.bearer}")
        return self


class ShippedDocument(BaseModel):
    """A document with the documents that it rests on, and its articles in their order."""

    model_config = ConfigDict(extra="forbid")

    document: DocumentDraft
    bases: list[DocumentDraft]
    articles: list[ShippedArticle]

    @model_validator(mode="after")
    def _numbers_each_once(self) -> Self:
        DocumentArticles(articles=list(self.articles))
        return self


@cache
def shipped_document() -> ShippedDocument:
    """The document, validated when it is asked for first."""
    return ShippedDocument.model_validate_json(files(__name__).joinpath(_FILE).read_bytes())
