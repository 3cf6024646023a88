"""Imports over REST: a file handed in as one stream, looked at, entered, taken back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.requests import ClientDisconnect

from app.api.answers import (
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_one,
    answer_page,
)
from app.api.events import MEDIA_TYPE, answer_progress
from app.domain.access.actors import Actor
from app.domain.errors import TooMany
from app.domain.exchange import imports
from app.domain.exchange.imports import (
    ImportAction,
    ImportRowView,
    ImportStage,
    ImportSubject,
    ImportView,
    NewImport,
    RowRepair,
    RowState,
    SealedFile,
    name_of,
)
from app.domain.people.teachers import TeacherView
from app.domain.progress import ProgressState
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    now,
    resources,
)
from app.request.turns import Turns
from app.sql import Row, new_id

router = APIRouter(tags=["exchange"], route_class=Route)

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
}
_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "导入；Accept: text/event-stream 时为进度事件流 / the import, or with that header"
        " a stream of it as the work gets on",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}
Stage = Annotated[ImportStage | None, Query(description="阶段 / how far it has come")]
Work = Annotated[ProgressState | None, Query(description="进度状态 / of the work on it")]
Action = Annotated[ImportAction | None, Query(description="作用 / what it does")]
State = Annotated[RowState | None, Query(description="状态 / what became of it")]


_AT_ONCE_EACH = 2


class TooManyUploads(TooMany):
    """One account hands in so many files at a time."""

    code = "import_uploads_limit"
    zh = "同一账号同时上传的导入文件最多 {most} 个，请在 {retry_after} 秒后重试。"
    en = "An account hands in at most {most} files at a time: try again in {retry_after} seconds."


_turns = Turns(_AT_ONCE_EACH, TooManyUploads)


@router.post(
    "/imports",
    operation_id="create_import",
    response_model=ImportView,
    status_code=201,
    openapi_extra=_BODY,
)
async def create_import(
    request: Request,
    actor: CurrentActor,
    subject: Annotated[ImportSubject, Query(description="导入类别 / what the file is about")],
    unit_id: Annotated[
        UUID, Query(description="导入范围 / unit below which it may change anything")
    ],
    file_name: Annotated[
        str, Query(min_length=1, max_length=200, description="文件名 / name of the file")
    ],
    overwrite: Annotated[  # noqa: FBT002  FastAPI names its parameters
        bool, Query(description="覆盖人工更正的内容 / write over what was corrected by hand")
    ] = False,
    full_roster: Annotated[  # noqa: FBT002
        bool, Query(description="所涉学校的完整名册 / it names everybody of its schools")
    ] = False,
    shrink_share: Annotated[
        int, Query(ge=0, le=100, description="完整名册允许缺少的比例（%） / what it may lack")
    ] = 10,
) -> Response:
    """Hand in a file (CSV, XLSX or JSON Lines), whose bytes are the body; it is checked, nothing more.

    The very file that was entered here last is answered with the import that it was.
    """
    new = NewImport(
        subject=subject, unit_id=unit_id, file_name=file_name, overwrite=overwrite,
        full_roster=full_roster, shrink_share=shrink_share,
    )  # fmt: skip
    async with resources(request).pool.connection() as db:
        await imports.check_import(db, actor, new=new, now=now())
    try:
        with _turns.of(actor.account_id):
            row, is_new = await _take_in(request, actor, new)
    except ClientDisconnect:
        return Response(None, 400)  # Nobody is there to be told, and nothing of it is kept.
    return answer_created(row, f"/api/v1/imports/{row['id']}") if is_new else answer(row)


async def _take_in(request: Request, actor: Actor, new: NewImport) -> tuple[Row, bool]:
    """Keep the bytes of a file, then its row; whether it is new. Of what is not, nothing is kept."""
    held = resources(request)
    file, store = SealedFile(new_id(), held.cipher), held.archive.store
    name, row = name_of(file.import_id), None
    await store.write(name, file.sealed(request.stream()))
    try:
        async with begin_transaction(request, actor) as db:
            row = await imports.create_import(db, actor, new=new, file=file, now=now())
    finally:
        if row is None or row["id"] != file.import_id:
            await store.remove([name])
    return row, row["id"] == file.import_id


@router.get("/imports", operation_id="list_imports", response_model=PageOf[ImportView])
async def list_imports(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="导入范围 / unit")] = None,
    subject: Annotated[ImportSubject | None, Query(description="导入类别 / subject")] = None,
    stage: Stage = None,
    state: Work = None,
) -> Response:
    """The imports in the actor's place (`created`)."""
    found = await imports.list_imports(
        db, actor, page=page, unit_id=unit_id, subject=subject, stage=stage, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/imports/{import_id}",
    operation_id="get_import",
    response_model=ImportView,
    responses=_EVENTS,
)
async def get_import(
    request: Request, db: Reading, actor: CurrentActor, import_id: UUID
) -> Response:
    """One import and how far the work on it is; with `Accept: text/event-stream`, as it gets on."""
    row = await imports.get_import(db, actor, import_id=import_id)
    return answer_progress(
        request, row, lambda db, actor: imports.get_import(db, actor, import_id=import_id)
    )


@router.get(
    "/imports/{import_id}/rows",
    operation_id="list_import_rows",
    response_model=PageOf[ImportRowView],
)
async def list_import_rows(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    import_id: UUID,
    page: PageParameters,
    fields: Fields,
    action: Action = None,
    state: State = None,
) -> Response:
    """What each row of the file does, and why (`number`)."""
    found = await imports.list_import_rows(
        db, actor, import_id=import_id, page=page, action=action, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/imports/{import_id}/missing-people",
    operation_id="list_missing_people",
    response_model=PageOf[TeacherView],
)
async def list_missing_people(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    import_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """Who is registered at the schools of a full roster and is not in it (`name`, `created`)."""
    found = await imports.list_missing_people(db, actor, import_id=import_id, page=page)
    return answer_page(request, found, fields)


@router.get("/import-rows/{row_id}", operation_id="get_import_row", response_model=ImportRowView)
async def get_import_row(
    request: Request, db: Reading, actor: CurrentActor, row_id: UUID
) -> Response:
    """One row of an import."""
    return answer_one(request, await imports.get_import_row(db, actor, row_id=row_id))


@router.post(
    "/import-rows/{row_id}/repair",
    operation_id="repair_import_row",
    response_model=ImportRowView,
)
async def repair_import_row(
    request: Request, db: Transaction, actor: CurrentActor, row_id: UUID, repair: RowRepair
) -> Response:
    """Put right a row that was refused; it is entered if the others were."""
    row = await imports.repair_import_row(
        db, actor, row_id=row_id, repair=repair, cipher=resources(request).cipher, now=now()
    )
    return answer(row)


@router.post("/imports/{import_id}/apply", operation_id="apply_import", response_model=ImportView)
async def apply_import(db: Transaction, actor: CurrentActor, import_id: UUID) -> Response:
    """Have a checked import entered, or the rest of one that was stopped."""
    return answer(await imports.apply_import(db, actor, import_id=import_id))


@router.post("/imports/{import_id}/undo", operation_id="undo_import", response_model=ImportView)
async def undo_import(db: Transaction, actor: CurrentActor, import_id: UUID) -> Response:
    """Have taken back what an import has entered, as far as nothing rests on it by now."""
    return answer(await imports.undo_import(db, actor, import_id=import_id))


@router.post("/imports/{import_id}/cancel", operation_id="cancel_import", response_model=ImportView)
async def cancel_import(db: Transaction, actor: CurrentActor, import_id: UUID) -> Response:
    """Stop the work on an import; one of which nothing was entered is over."""
    return answer(await imports.cancel_import(db, actor, import_id=import_id, now=now()))
