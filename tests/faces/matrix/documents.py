"""The rows of official documents, their articles and duties, regulations and campaigns."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed, of_unit
from tests.faces.rule import Listing, Open, Row

_READ, _WRITE = Permission.DOCUMENT_READ, Permission.DOCUMENT_WRITE
_ISSUE = Permission.DOCUMENT_ISSUE
_FIGURES = "Its figures need summary:read, where the units are; tests/domain/quality/test_article_duties.py."
_TEXT = {"effective_from": "2026-09-01", "text": "第一条"}

ROWS: dict[str, Row | Listing | Open] = {
    "list_official_documents": Listing(("document", "document_draft"), _READ),
    "list_addressed_documents": Listing(("document", "document_draft"), None, published=True),
    "create_official_document": Row(
        "unit", _WRITE, body=of_unit(title="通知", kind="notice"), in_body=True
    ),
    "get_official_document": Row("document", _READ, reads=True),
    "rewrite_official_document": Row(
        "document_draft", _WRITE, body=fixed(title="改名", kind="notice")
    ),
    "issue_official_document": Row("document_draft", _ISSUE),
    "repeal_official_document": Row("document", _ISSUE, body=fixed(reason="已过时")),
    "receive_official_document": Open(
        "Whoever reads it may ask, for a unit of theirs; tests/domain/quality/test_official_documents.py."
    ),
    "list_document_receipts": Row("document", _WRITE),
    "create_document_file_link": Row(
        "document", _READ, reads=True, absent="file_not_found", body=fixed(purpose="view")
    ),
    "list_document_articles": Row("document", _READ, reads=True),
    "write_document_articles": Row("document_draft", _WRITE, body=fixed(articles=[])),
    "list_article_duties": Row("document", _READ, reads=True),
    "list_article_coverage": Open(_FIGURES),
    "list_unit_fulfilments": Open(_FIGURES),
    "list_duty_fulfilments": Open(_FIGURES),
    "list_fulfilment_rows": Open(_FIGURES),
    "create_article_duty": Row(
        "document_article", _WRITE,
        body=fixed(bearer="school", task="制定计划", rhythm="yearly"),
    ),
    "remove_article_duty": Row("article_duty", _WRITE),
    "list_article_links": Row("document", _READ, reads=True),
    "add_article_link": Row(
        "document_article", _WRITE, body=fixed(kind="notice", linked_id=NOWHERE),
        absent="notice_not_found",
    ),
    "remove_article_link": Row("article_link", _WRITE),
    "list_regulations": Listing(("regulation",), _READ),
    "list_own_regulations": Listing(("regulation",), None, published=True),
    "create_regulation": Row(
        "unit", _WRITE, in_body=True,
        body=of_unit(kind="incentives", title="激励制度", **_TEXT),
    ),
    "get_regulation": Row("regulation", _READ, reads=True),
    "list_regulation_versions": Row("regulation", _READ, reads=True),
    "create_regulation_file_link": Row(
        "regulation", _READ, reads=True, absent="file_not_found", body=fixed(purpose="view"),
    ),
    "add_regulation_version": Row("regulation", _WRITE, body=fixed(**_TEXT)),
    "repeal_regulation": Row("regulation", _WRITE, body=fixed()),
    "list_missing_regulations": Row("unit", _READ),
    "list_regulation_coverage": Row("unit", _READ),
    "list_campaigns": Listing(("campaign",), Permission.ACTIVITY_READ),
    "list_own_campaigns": Listing(("campaign",), None, published=True),
    "create_campaign": Row(
        "unit", Permission.ACTIVITY_WRITE, in_body=True,
        body=of_unit(title="教改实验", starts_on="2026-09-01"),
    ),
    "get_campaign": Row("campaign", Permission.ACTIVITY_READ, reads=True),
    "update_campaign": Row("campaign", Permission.ACTIVITY_WRITE, body=fixed(title="改名")),
    "list_campaign_activities": Row(
        "campaign", Permission.ACTIVITY_READ, reads=True, lists=True
    ),
    "add_campaign_activity": Open(
        "By whoever organises the activity; tests/domain/quality/test_campaigns.py asks who may."
    ),
    "remove_campaign_activity": Open("The same; tests/domain/quality/test_campaigns.py asks."),
    "get_campaign_figures": Open(
        "They need summary:read over its unit; tests/domain/quality/test_campaigns.py asks."
    ),
}  # fmt: skip
