"""Official documents (公文及条款): an article of a document in each row, or a document without any.

A document is found by its title in its unit, an article by its number. The first row of a document drafts it;
it is issued by hand. Articles of a draft follow the file; what was issued stands, and what the document itself
says is changed by hand.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, select

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, DomainError
from app.domain.exchange.imports.comparing import apart
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.document_lines import (
    COLUMNS,
    DocumentRow,
    identify_document,
)
from app.domain.exchange.imports.kinds.titled import TitleAmbiguous, need
from app.domain.exchange.imports.places import hold_places, plain_with_amounts, wanted_of
from app.domain.exchange.imports.reading import refuse_unfit
from app.domain.exchange.imports.reasons import ChangedSince, ColumnNeeded
from app.domain.quality.document_articles import (
    DocumentArticle,
    DocumentArticles,
    NewArticle,
    write_document_articles,
)
from app.domain.quality.official_documents import (
    DocumentState,
    NewOfficialDocument,
    OfficialDocument,
    check_document_state,
    create_official_document,
)
from app.sql import Connection, Row, Statement


class DocumentDiffers(Conflict):
    """The document is there, or begun by an earlier row, and says otherwise."""

    code = "import_document_differs"
    zh = "该文件的“{column}”与已登记的或前面的行不同，请在公文中修改。"
    en = "The document has another '{column}', here or in an earlier row: change that by hand."


class DocumentStays(Conflict):
    """A draft that was begun is written on, and not taken back."""

    code = "import_document_stays"
    zh = "公文草稿已建立，不能随导入撤回，可继续改写。"
    en = "The draft of the document was begun: it stays, and can be written anew."


_OF_DOCUMENT = (
    "number", "kind", "issuer", "issued_on", "published_on", "valid_from", "valid_to", "remark",
)  # fmt: skip
_OF_ARTICLE = ("article", "chapter", "text")
_D, _A = OfficialDocument.__table__.c, DocumentArticle.__table__.c  # type: ignore[attr-defined]
_DOCUMENTS = Statement(
    select(_D.id, _D.unit_id, _D.title, _D.state, *(_D[name] for name in _OF_DOCUMENT))
    .where(
        _D.unit_id == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        _D.title == any_(bindparam("titles", type_=ARRAY(Text))),
    )
    .order_by(_D.id)
)
_shown = (_A.id, _A.document_id, _A.number, _A.chapter, _A.text)
_ARTICLES = Statement(
    select(*_shown)
    .where(_A.document_id == any_(bindparam("document_ids", type_=ARRAY(Uuid))))
    .order_by(_A.number)
)
_BY_KEY = Statement(
    select(_A.id, _A.document_id).where(_A.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
)
Titled = tuple[UUID, str]


def _title_of(draft: Draft) -> Titled:
    return (draft.unit or {})["id"], draft.said.title


async def _documents(db: Connection, asked: Iterable[Titled]) -> dict[Titled, list[Row]]:
    """The documents of these units with these titles, each with its articles by number."""
    given = set(asked)
    if not given:
        return {}
    units, titles = zip(*given, strict=True)
    rows = await db.all(_DOCUMENTS, unit_ids=sorted(set(units)), titles=sorted(set(titles)))
    articles = await _articles(db, [row["id"] for row in rows])
    found: dict[Titled, list[Row]] = {}
    for row in rows:
        there = found.setdefault((row["unit_id"], row["title"]), [])
        there.append(row | {"articles": articles[row["id"]]})
    return found


async def _articles(db: Connection, document_ids: list[UUID]) -> dict[UUID, dict[int, Row]]:
    found: dict[UUID, dict[int, Row]] = {each: {} for each in document_ids}
    for row in await db.all(_ARTICLES, document_ids=document_ids):
        found[row["document_id"]][row["number"]] = row
    return found


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    await hold_places(
        db, ground=ground, drafts=drafts, column=DOCUMENTS.column("unit").zh, lock=lock
    )
    placed = [draft for draft in drafts if draft.unit is not None]
    found = await _documents(db, map(_title_of, placed))
    for draft in placed:
        draft.wanted = wanted_of(draft.said, _OF_ARTICLE)
        if draft.said.article is None and draft.wanted:
            _ask_for(draft, "article")
        elif draft.said.article is not None and draft.said.text is None:
            _ask_for(draft, "text")
        there = found.get(_title_of(draft), [])
        if len(there) > 1:
            draft.refuse(TitleAmbiguous(count=len(there)))
        elif there:
            _compare(draft, there[0])
        else:
            _begin(draft)


def _ask_for(draft: Draft, name: str) -> None:
    header = DOCUMENTS.column(name).zh
    draft.refuse(ColumnNeeded(column=header), column=header)


def _compare(draft: Draft, document: Row) -> None:
    """What of the document a row adds or changes; refused where that is none of its articles."""
    for name, value in wanted_of(draft.said, _OF_DOCUMENT).items():
        if plain_with_amounts(document[name]) != value:
            header = DOCUMENTS.column(name).zh
            draft.refuse(DocumentDiffers(column=header), column=header)
    article = document["articles"].get(draft.said.article)
    if draft.said.article is None:
        draft.target_id, draft.current = document["id"], {}
        return
    if article is not None:
        kept = {"article": article["number"], **article}
        draft.target_id = article["id"]
        draft.current = {name: plain_with_amounts(kept[name]) for name in draft.wanted}
    if draft.current != draft.wanted:
        try:
            check_document_state(document, DocumentState.DRAFT)
        except DomainError as refusal:
            draft.refuse(refusal)


def _begin(draft: Draft) -> None:
    """The document that a row begins, as the noun's own command; refused where that refuses it."""
    need(DOCUMENTS, draft, ("kind",))
    if draft.refused:
        return
    given = draft.said.model_dump(include={"title", *_OF_DOCUMENT}, exclude_none=True)
    try:
        draft.work = NewOfficialDocument.model_validate(given | {"unit_id": _title_of(draft)[0]})
    except ValidationError as problem:
        refuse_unfit(DOCUMENTS, draft, problem)


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    kept = apart(drafts, lambda draft: (*_title_of(draft), draft.said.article))
    # Looked up once more: another half of a part may have begun a document.
    found = await _documents(db, map(_title_of, kept))
    together: dict[Titled, list[Draft]] = {}
    for draft in kept:
        together.setdefault(_title_of(draft), []).append(draft)
    for title, lines in together.items():
        document = found[title][0] if title in found else None
        if document is None:
            made = await create_official_document(db, actor, new=lines[0].work, now=ground.now)
            document = made | {"articles": {}}
            for draft in lines[1:]:
                _refuse_differing(draft, lines[0])
        await _add(db, actor, document, [draft for draft in lines if not draft.refused])


def _refuse_differing(draft: Draft, first: Draft) -> None:
    """Refuse a row that says otherwise of its document than the row that has begun it."""
    said = wanted_of(first.said, _OF_DOCUMENT)
    for name, value in wanted_of(draft.said, _OF_DOCUMENT).items():
        if said.get(name) != value:
            header = DOCUMENTS.column(name).zh
            draft.refuse(DocumentDiffers(column=header), column=header)


async def _add(db: Connection, actor: Actor, document: Row, drafts: Sequence[Draft]) -> None:
    """Let a draft have the articles of these rows beside those that it has."""
    wanted = dict(document["articles"])
    for draft in drafts:
        said = draft.said
        draft.target_id = document["id"]
        if said.article is not None:
            before = wanted.get(said.article, {})
            given = {"chapter": said.chapter or before.get("chapter"), "text": said.text}
            wanted[said.article] = {"number": said.article, **given}
    if all(draft.said.article is None for draft in drafts):
        return
    rows = await _rewrite(db, actor, document["id"], wanted)
    keys = {row["number"]: row["id"] for row in rows}
    for draft in drafts:
        draft.target_id = keys.get(draft.said.article, document["id"])


async def _rewrite(
    db: Connection, actor: Actor, document_id: UUID, wanted: dict[int, Row]
) -> list[Row]:
    articles = [
        NewArticle(number=number, chapter=row["chapter"], text=row["text"])
        for number, row in sorted(wanted.items())
    ]
    new = DocumentArticles(articles=articles)
    return await write_document_articles(db, actor, document_id=document_id, new=new)


async def _give_back(db: Connection, actor: Actor, rows: Sequence[Row], *, remove: bool) -> None:
    """Take the articles of rows out of their drafts, or let them be as they were before."""
    of = {row["id"]: row["document_id"] for row in await db.all(
        _BY_KEY, ids=[row["target_id"] for row in rows]
    )}  # fmt: skip
    for row in rows:
        if row["target_id"] not in of:
            raise DocumentStays if remove and "article" not in row["after"] else ChangedSince
    kept = await _articles(db, sorted(set(of.values())))
    for document_id, articles in kept.items():
        by_key = {row["id"]: row for row in articles.values()}
        for row in rows:
            article = by_key.get(row["target_id"])
            if article is None:
                continue
            now = {"article": article["number"], **article}
            if any(plain_with_amounts(now[name]) != value for name, value in row["after"].items()):
                raise ChangedSince
            if remove:
                del articles[article["number"]]
            else:
                articles[article["number"]] = article | row["before"]
        await _rewrite(db, actor, document_id, articles)


async def _restore(db: Connection, actor: Actor, _: Ground, rows: Sequence[Row]) -> None:
    await _give_back(db, actor, rows, remove=False)


async def _remove(db: Connection, actor: Actor, _: Ground, rows: Sequence[Row]) -> None:
    await _give_back(db, actor, rows, remove=True)


DOCUMENTS = ImportKind(
    subject=ImportSubject.DOCUMENTS,
    words="公文及条款（草稿） / official documents with articles, as drafts",
    permission=Permission.DOCUMENT_WRITE,
    columns=COLUMNS,
    row=DocumentRow,
    identified_by=("title",),
    identify=identify_document,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    part=500,
)
