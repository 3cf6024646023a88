"""The statement resource of xAPI 1.0.3 (part 3, 2.1): told by players, given back to whoever may read."""

from datetime import datetime
from email.utils import format_datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.exceptions import HTTPException

from app.api.answers import answer
from app.api.learning.learning_records.refusals import (
    BASE,
    SPOKEN,
    STATEMENTS,
    StatementsRoute,
    XapiResourceNotOffered,
)
from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import Invalid
from app.domain.learning import learning_records
from app.domain.learning.learning_records import (
    MOST,
    SETTLED_AFTER,
    Asked,
    AttachmentsNotKept,
    Rule,
    Statement,
    check_uuid,
    moment_of,
    only_identifiers,
    read_statements,
    refuse,
)
from app.domain.paging import PageRequest
from app.request import CurrentActor, Reading, Transaction, now, resources
from app.sql import Row

lrs = APIRouter(tags=["xapi"], route_class=StatementsRoute)

_STATEMENT = {"type": "object", "required": ["actor", "verb", "object"]}
_ONE_OR_MORE: dict[str, Any] = {"oneOf": [_STATEMENT, {"type": "array", "items": _STATEMENT}]}


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


# What can be refused.


class StatementQueryUnfit(Invalid):
    """One statement is asked for by one identifier, without filters."""

    code = "statement_query_unfit"
    zh = "按标识查询语句时只能给出 statementId 与 voidedStatementId 之一，且不能带筛选条件。"
    en = "One statement is asked for by statementId or voidedStatementId alone, without filters."


class StatementFormatNotOffered(Invalid):
    """The forms of an answer are `exact` and `ids`."""

    code = "statement_format_not_offered"
    zh = "format 只支持 exact 与 ids。"
    en = "The parameter format is exact or ids."


# Telling.


async def _told(request: Request, actor: Actor) -> list[Statement]:
    actor.require(Permission.LEARNING_RECORD_WRITE)  # before megabytes are read and checked
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/mixed":
        raise AttachmentsNotKept
    if media_type != "application/json":
        raise HTTPException(415)
    return read_statements(await request.body())


def _issuer(request: Request) -> str:
    return resources(request).settings.address


@lrs.put(
    STATEMENTS,
    operation_id="put_statement",
    status_code=204,
    response_class=Response,
    openapi_extra=_body(_STATEMENT),
)
async def put_statement(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    statement_id: Annotated[
        str, Query(alias="statementId", max_length=40, description="语句标识 / its identifier")
    ],
) -> Response:
    """Tell one statement under its identifier; told again as it was, it is kept once."""
    check_uuid(statement_id, "statementId")
    told = await _told(request, actor)
    if len(told) != 1:
        refuse("$", Rule.OBJECT)
    if told[0].setdefault("id", statement_id).lower() != statement_id.lower():
        refuse("$.id", Rule.OTHER_ID)
    await learning_records.keep_statements(db, actor, told=told, issuer=_issuer(request), now=now())
    return Response(status_code=204)


@lrs.post(
    STATEMENTS,
    operation_id="post_statements",
    response_model=list[UUID],
    openapi_extra=_body(_ONE_OR_MORE),
)
async def post_statements(request: Request, db: Transaction, actor: CurrentActor) -> Response:
    """Tell one statement or many, all of which are kept or none; their identifiers, in order."""
    kept = await learning_records.keep_statements(
        db, actor, told=await _told(request, actor), issuer=_issuer(request), now=now()
    )
    return answer(kept)


# Asking.


def _moment(value: str | None, name: str) -> datetime | None:
    return None if value is None else moment_of(value, name)


async def _asked(
    agent: Annotated[
        str | None, Query(max_length=2000, description="主体或客体（JSON） / Agent, as JSON")
    ] = None,
    verb: Annotated[str | None, Query(max_length=2000, description="动词 IRI / verb")] = None,
    activity: Annotated[
        str | None, Query(max_length=2000, description="学习内容 IRI / activity")
    ] = None,
    registration: Annotated[UUID | None, Query(description="注册标识 / registration")] = None,
    related_agents: Annotated[  # noqa: FBT002  FastAPI names its parameters
        bool, Query(description="包括语句中其他位置的人 / agents wherever they stand")
    ] = False,
    related_activities: Annotated[  # noqa: FBT002
        bool, Query(description="包括语境中的学习内容 / activities wherever they stand")
    ] = False,
    since: Annotated[
        str | None, Query(max_length=40, description="此时刻之后接收 / stored after it")
    ] = None,
    until: Annotated[
        str | None, Query(max_length=40, description="不晚于此时刻接收 / stored at it or before")
    ] = None,
) -> Asked:
    return Asked(
        agent, verb, activity, registration, related_agents, related_activities,
        _moment(since, "since"), _moment(until, "until"),
    )  # fmt: skip


async def _page(
    limit: Annotated[
        int, Query(ge=0, description="条数，0 为最多 / at most; 0: as many as may be")
    ] = 0,
    ascending: Annotated[  # noqa: FBT002
        bool, Query(description="先接收的在前 / the first stored first")
    ] = False,
    after: Annotated[
        str | None, Query(max_length=1024, description="`more` 中的游标 / cursor, as in `more`")
    ] = None,
) -> PageRequest:
    sort = "stored" if ascending else "-stored"
    return PageRequest(limit=min(limit, MOST) or MOST, cursor=after, sort=sort, most=MOST)


async def _form(
    form: Annotated[
        str, Query(alias="format", max_length=20, description="exact 或 ids / form of the answer")
    ] = "exact",
    attachments: Annotated[  # noqa: FBT002
        bool, Query(description="不支持附件 / false: there are none")
    ] = False,
) -> str:
    if attachments:
        raise AttachmentsNotKept
    if form not in ("exact", "ids"):
        raise StatementFormatNotOffered
    return form


@lrs.get(STATEMENTS, operation_id="get_statements", response_model=dict[str, Any])
async def get_statements(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    asked: Annotated[Asked, Depends(_asked)],
    page: Annotated[PageRequest, Depends(_page)],
    form: Annotated[str, Depends(_form)],
    statement_id: Annotated[
        UUID | None, Query(alias="statementId", description="语句标识 / one that stands")
    ] = None,
    voided_id: Annotated[
        UUID | None, Query(alias="voidedStatementId", description="已作废的语句 / one made void")
    ] = None,
) -> Response:
    """One statement by its identifier; else those that meet the filters, the last stored first."""
    key = statement_id or voided_id
    if key is not None:
        if len(request.query_params.keys() - {"format", "attachments"}) > 1:
            raise StatementQueryUnfit
        found = await learning_records.get_statement(
            db, actor, statement_id=key, voided=statement_id is None
        )
        return _answer(_shown(found, form), stored_at=found["stored_at"], digest=found["digest"])
    part = await learning_records.list_statements(db, actor, asked=asked, page=page)
    others = [pair for pair in request.query_params.multi_items() if pair[0] != "after"]
    more = f"{STATEMENTS}?{urlencode([*others, ('after', part.next)])}" if part.next else ""
    shown = ",".join(_shown(row, form) for row in part.items)
    return _answer(f'{{"statements":[{shown}],"more":"{more}"}}')


def _shown(row: Row, form: str) -> str:
    document: str = row["document"]
    return document if form == "exact" else only_identifiers(document)


def _answer(
    content: str, *, stored_at: datetime | None = None, digest: bytes | None = None
) -> Response:
    through = (now() - SETTLED_AFTER).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    headers = {"X-Experience-API-Consistent-Through": through}
    if stored_at is not None:
        headers["Last-Modified"] = format_datetime(stored_at, usegmt=True)
    if digest is not None:
        headers["ETag"] = f'"{digest.hex()}"'
    return Response(content, headers=headers, media_type="application/json")


# About, and what there is not.


@lrs.get(f"{BASE}/about", operation_id="get_xapi_about", response_model=dict[str, list[str]])
async def get_xapi_about() -> Response:
    """Which version is spoken here; for anybody."""
    return answer({"version": [SPOKEN]})


async def refuse_xapi_resource() -> Response:
    """Of the specification there are statements here, and nothing that a player would keep its own."""
    raise XapiResourceNotOffered


_METHODS = ["GET", "PUT", "POST", "DELETE"]
for _path in ("activities", "activities/state", "activities/profile", "agents", "agents/profile"):
    lrs.add_api_route(
        f"{BASE}/{_path}",
        refuse_xapi_resource,
        methods=_METHODS,
        operation_id=f"refuse_xapi_{_path.replace('/', '_')}",
        include_in_schema=False,
    )

OPERATIONS = frozenset({"put_statement", "post_statements", "get_statements", "get_xapi_about"})
"""Every operation here, none of which has a twin in GraphQL."""
