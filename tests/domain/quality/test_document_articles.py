"""Articles: written while a document is a draft, read by whoever reads it."""

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.quality.document_articles import (
    DocumentArticles,
    articles_by_id,
    list_document_articles,
    write_document_articles,
)
from app.domain.quality.official_documents import (
    DocumentState,
    DocumentWrongState,
    OfficialDocumentNotFound,
)
from app.sql import Connection
from tests.make import City
from tests.make_documents import make_document

THREE = DocumentArticles.model_validate(
    {"articles": [{"number": n, "text": f"第{n}条", "chapter": "总则"} for n in (3, 1, 2)]}
)


async def test_a_draft_has_the_articles_that_were_written_last(db: Connection, city: City) -> None:
    document = await make_document(
        db, city.county, city.county_admin, articles=5, state=DocumentState.DRAFT
    )
    written = await write_document_articles(
        db, city.county_admin.actor, document_id=document["id"], new=THREE
    )
    assert [each["number"] for each in written] == [1, 2, 3]
    with pytest.raises(NotAllowed):
        await write_document_articles(db, city.auditor.actor, document_id=document["id"], new=THREE)
    with pytest.raises(OfficialDocumentNotFound):
        await list_document_articles(db, city.school_admin.actor, document_id=document["id"])


async def test_what_was_issued_keeps_its_articles(db: Connection, city: City) -> None:
    document = await make_document(db, city.county, city.county_admin, articles=2)
    with pytest.raises(DocumentWrongState):
        await write_document_articles(
            db, city.county_admin.actor, document_id=document["id"], new=THREE
        )
    actor = city.teacher_account.actor
    read = await list_document_articles(db, actor, document_id=document["id"])
    assert [each["number"] for each in read] == [1, 2]
    found = await articles_by_id(db, actor, article_ids=document["articles"])
    assert list(found.values()) == read


def test_each_number_stands_once() -> None:
    with pytest.raises(ValidationError):
        DocumentArticles.model_validate({"articles": [{"number": 1, "text": "一"}] * 2})
    with pytest.raises(ValidationError):
        DocumentArticles.model_validate({"articles": [{"number": 0, "text": "零"}]})
