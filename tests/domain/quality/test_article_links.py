"""Links of articles: to what is there and is seen, once each."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.credits.packs.published import RulePackNotFound
from app.domain.errors import NotAllowed
from app.domain.quality import article_links
from app.domain.quality.article_links import NewArticleLink
from app.domain.quality.indicator_sheets import IndicatorSheetNotFound
from app.domain.training.notices.notice import NoticeNotFound
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import make_pack
from tests.make import NOW, City, Person
from tests.make_documents import make_document
from tests.make_evaluations import make_sheet
from tests.make_notices import make_notice


async def link(db: Connection, person: Person, document: Row, **given: Any) -> Row:
    return await article_links.add_article_link(
        db, person.actor, article_id=document["articles"][0], now=NOW,
        new=NewArticleLink.model_validate(given),
    )  # fmt: skip


async def test_an_article_stands_behind_a_rule(db: Connection, city: City) -> None:
    by, pack = city.city_admin, await make_pack(db, city.city)
    document = await make_document(db, city.city, by, articles=1)
    cap = pack["document"]["caps"][0]["id"]
    given = {"kind": "rule_pack", "linked_id": pack["id"]}
    made = await link(db, by, document, **given, part=cap)
    assert (made["number"], made["part"]) == (1, cap)
    await link(db, by, document, **given)
    for again in ({}, {"part": cap}):
        with pytest.raises(article_links.ArticleLinkExists):
            async with db.transaction():
                await link(db, by, document, **given, **again)
    with pytest.raises(article_links.LinkedPartUnknown):
        await link(db, by, document, **given, part="hearsay")
    with pytest.raises(RulePackNotFound):
        await link(db, by, document, kind="rule_pack", linked_id=new_id())
    listed = await article_links.list_article_links(
        db, city.teacher_account.actor, document_id=document["id"]
    )
    assert [row["part"] for row in listed] == [cap, None]


async def test_an_article_creates_an_indicator(db: Connection, city: City) -> None:
    sheet = await make_sheet(db, city.county, city.county_admin)
    document = await make_document(db, city.county, city.county_admin, articles=1)
    given = {"kind": "indicator_sheet", "linked_id": sheet["id"]}
    made = await link(db, city.county_admin, document, **given, part="rules")
    assert (made["kind"], made["linked_id"], made["part"]) == (*given.values(), "rules")
    with pytest.raises(article_links.LinkedPartUnknown):
        await link(db, city.county_admin, document, **given, part="hearsay")
    elsewhere = await make_sheet(db, city.other_county, city.other_county_admin)
    with pytest.raises(IndicatorSheetNotFound):
        await link(
            db, city.county_admin, document, kind="indicator_sheet", linked_id=elsewhere["id"]
        )
    listed = await article_links.list_article_links(
        db, city.teacher_account.actor, document_id=document["id"]
    )
    assert listed == [made]


async def test_it_is_linked_by_who_keeps_the_document_and_sees_the_thing(
    db: Connection, city: City
) -> None:
    document = await make_document(db, city.county, city.county_admin, articles=1)
    notice = await make_notice(db, city.county, city.county_admin)
    elsewhere = await make_notice(db, city.other_county, city.other_county_admin)
    given = {"kind": "notice", "linked_id": notice["id"]}
    with pytest.raises(NotAllowed):
        await link(db, city.school_admin, document, **given)
    with pytest.raises(NoticeNotFound):
        await link(db, city.county_admin, document, kind="notice", linked_id=elsewhere["id"])
    made = await link(db, city.county_admin, document, **given)
    with pytest.raises(NotAllowed):
        await article_links.remove_article_link(db, city.auditor.actor, link_id=made["id"])
    await article_links.remove_article_link(db, city.county_admin.actor, link_id=made["id"])
    with pytest.raises(article_links.ArticleLinkNotFound):
        await article_links.remove_article_link(db, city.county_admin.actor, link_id=made["id"])


def test_only_a_pack_has_rules() -> None:
    with pytest.raises(ValidationError):
        NewArticleLink.model_validate({"kind": "notice", "linked_id": new_id(), "part": "cap"})
