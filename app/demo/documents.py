"""The document on which the city's training rests, issued to whom it addresses; and regulations of schools."""

from datetime import date
from typing import Any
from uuid import UUID

from app.demo.keys import Keys
from app.demo.places import RECORDED, SINCE, Place, Places
from app.demo.rows import Rows
from app.domain.quality.article_duties import ArticleDuty
from app.domain.quality.article_duties.shipped import ShippedArticle, shipped_document
from app.domain.quality.document_articles import ArticleFields, DocumentArticle
from app.domain.quality.official_documents import (
    DocumentAddressee,
    DocumentBasis,
    DocumentDraft,
    DocumentFields,
    DocumentState,
    OfficialDocument,
    plain_number,
)
from app.domain.quality.regulations import Regulation, RegulationKind, RegulationVersion

_WORDS = {
    RegulationKind.SCHOOL_TEACHING_RESEARCH: "校本教研制度",
    RegulationKind.SCHOOL_EDUCATION_RESEARCH: "校本科研制度",
    RegulationKind.THEORY_STUDY: "理论学习制度",
    RegulationKind.MANAGEMENT: "校本研修管理制度",
    RegulationKind.INCENTIVES: "校本研修激励制度",
}


class Documents:
    """Puts them there as if the city's office had registered, and the schools entered them."""

    def __init__(self, rows: Rows, keys: Keys) -> None:
        self._rows = rows
        self._keys = keys

    def issue(self, places: Places, by: UUID) -> None:
        """岳市教发〔2013〕18号 with what it rests on, to every county and school directly under the city."""
        shipped = shipped_document()
        bases = [self._document(places.city, basis, by) for basis in shipped.bases]
        document_id = self._document(places.city, shipped.document, by)
        for basis_id in bases:
            self._rows.add(DocumentBasis, document_id=document_id, basis_id=basis_id)
        for unit in (*places.bureaux.values(), *places.schools_of(places.city)):
            self._rows.add(
                DocumentAddressee, document_id=document_id, unit_id=unit.id, received_at=RECORDED,
                received_by=by,
            )  # fmt: skip
        for article in shipped.articles:
            self._article(document_id, article)

    def _document(self, city: Place, draft: DocumentDraft, by: UUID) -> UUID:
        document_id = self._keys()
        said = draft.model_dump(include=set(DocumentFields.model_fields))
        said["valid_from"] = draft.valid_from or draft.issued_on
        self._rows.add(
            OfficialDocument, id=document_id, **city.columns, **said,
            plain_number=None if draft.number is None else plain_number(draft.number),
            addressee_ids=[], addressee_sets=[each.value for each in draft.addressee_sets],
            state=DocumentState.ISSUED, created_by=by, issued_at=RECORDED, issued_by=by,
        )  # fmt: skip
        return document_id

    def _article(self, document_id: UUID, article: ShippedArticle) -> None:
        article_id = self._keys()
        said: dict[str, Any] = article.model_dump(include=set(ArticleFields.model_fields))
        self._rows.add(DocumentArticle, id=article_id, document_id=document_id, **said)
        for duty in article.duties:
            self._rows.add(ArticleDuty, id=self._keys(), article_id=article_id, **duty.model_dump())

    def enter_regulations(self, school: Place, ordinal: int, by: UUID) -> None:
        """As many of the five sets as the ordinal says: every sixth school has none, and one in six has all."""
        for kind, title in list(_WORDS.items())[: ordinal % (len(_WORDS) + 1)]:
            regulation_id = self._keys()
            self._rows.add(
                Regulation, id=regulation_id, **school.columns, kind=kind, title=title, mark="",
                plain_title=title, version=1, created_by=by, created_at=RECORDED,
            )  # fmt: skip
            self._rows.add(
                RegulationVersion, id=self._keys(), regulation_id=regulation_id, number=1,
                effective_from=max(SINCE, date(2013, 9, 1)), text=f"{title}（测试文本）",
                added_by=by, added_at=RECORDED,
            )  # fmt: skip
