"""The pages where a person signs in for an application and allows it: by redirection, or for a device.

There is no session and no cookie: each page carries its request in its form, which is read anew when
it comes back, and to allow something takes the password. So a form of somebody else's making is
worth nothing; that the browser says it comes from our own page is demanded besides.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.domain.access.clients import may_ask, read_client
from app.domain.access.device_codes import answer_device_code, find_device_code
from app.domain.access.identity_providers import offered_providers
from app.domain.access.roles import Permission
from app.domain.errors import DomainError, TooMany
from app.pages.forms import (
    OTHER,
    REFUSED,
    allow,
    cannot,
    form_page,
    issue_code,
    person_of,
    redirect,
    sent_form,
    status_of_page,
)
from app.pages.rendering import Markup, alert, elsewhere, hidden, notice, render, spoken
from app.pages.words import WORDS
from app.request import now, resources
from app.request.addresses import public_address
from app.request.authorisation import (
    FIELDS,
    AuthorisationRequest,
    SentBack,
    read_authorisation,
    require_own_page,
)
from app.request.signing_in import count_try
from app.sql import Connection, Row


async def show_authorisation(request: Request) -> Response:
    """The page of an authorisation request, or the way back to the application with a refusal."""
    sent = list(request.query_params.multi_items())
    said = spoken(request, dict(sent).get("ui_locales"))
    try:
        async with resources(request).pool.connection() as db:
            asked = await read_authorisation(db, sent, issuer=public_address(request))
            offered = await offered_providers(db)
    except SentBack as back:
        return redirect(back.address)
    except DomainError as refusal:
        return cannot(said, refusal)
    return _authorisation_page(asked, offered, dict(sent), said)


async def decide_authorisation(request: Request) -> Response:
    """What the person decided: back to the application with a code, or with their refusal."""
    held, sent = resources(request), await sent_form(request)
    fields = dict(sent)
    said = spoken(request, fields.get("ui_locales"))
    try:
        require_own_page(request, public_address(request))
        async with held.pool.connection() as db:
            asked = await read_authorisation(db, sent, issuer=public_address(request))
            offered = await offered_providers(db)
    except SentBack as back:
        return redirect(back.address)
    except DomainError as refusal:
        return cannot(said, refusal)
    if fields.get("decision") != "allow":
        return redirect(asked.answer(error="access_denied"))
    try:
        account = await person_of(request, fields)
        async with held.pool.transaction() as db:
            code = await issue_code(request, db, account, asked)
    except REFUSED as refusal:
        return _authorisation_page(asked, offered, fields, said, refusal)
    return redirect(asked.answer(code=code))


async def show_device(request: Request) -> Response:
    """The page where the code of a device is typed, or the request behind it."""
    held, fields = resources(request), dict(request.query_params)
    said, user_code = spoken(request, fields.get("ui_locales")), fields.get("user_code")
    if user_code is None:
        return _code_page(said)
    try:
        async with held.pool.connection() as db:
            await count_try(held, db, request.scope, what="device code")
            found = await _device_request(db, user_code)
    except TooMany as refusal:
        return _code_page(said, refusal.message(said), 429)
    if found is None:
        return _code_page(said, WORDS[said]["unknown_code"], 404)
    return _device_page(*found, _plain(user_code), fields, said)


async def decide_device(request: Request) -> Response:
    """What the person decided about a device; it hears of it when it asks next."""
    held, fields = resources(request), dict(await sent_form(request))
    said = spoken(request, fields.get("ui_locales"))
    user_code = _plain(fields.get("user_code", ""))
    try:
        require_own_page(request, public_address(request))
        async with held.pool.connection() as db:
            await count_try(held, db, request.scope, what="device code")
            found = await _device_request(db, user_code)
    except DomainError as refusal:
        return cannot(said, refusal)
    if found is None:
        return notice(said, WORDS[said]["device_gone"], title="cannot", status=404)
    asked, client = found
    allowed = fields.get("decision") == "allow"
    try:
        account = await person_of(request, fields) if allowed else None
        async with held.pool.transaction() as db:
            if account is not None:
                scopes = [Permission(scope) for scope in asked["scopes"]]
                account = await allow(request, db, account, client, scopes)
            waited = await answer_device_code(
                db, request_id=asked["id"], account=account, now=now()
            )
    except REFUSED as refusal:
        return _device_page(asked, client, user_code, fields, said, refusal)
    if not waited:
        return notice(said, WORDS[said]["device_gone"], title="cannot", status=409)
    return notice(said, WORDS[said]["device_allowed" if allowed else "device_denied"])


def _plain(user_code: str) -> str:
    """A code as it was issued, however it was typed."""
    letters = "".join(each for each in user_code.upper() if each.isascii() and each.isalpha())
    return f"{letters[:4]}-{letters[4:12]}"


async def _device_request(db: Connection, user_code: str) -> tuple[Row, Row] | None:
    """The request behind a code and its application, or None where nothing waits."""
    asked = await find_device_code(db, user_code=_plain(user_code), now=now())
    client = asked and await read_client(db, client_id=asked["client_id"])
    if not asked or not client or not may_ask(client, now=now()):
        return None
    return asked, client


def _authorisation_page(
    asked: AuthorisationRequest, offered: list[Row], fields: Mapping[str, str], said: str,
    refusal: DomainError | None = None,
) -> HTMLResponse:  # fmt: skip
    kept = {name: fields[name] for name in FIELDS if name in fields}
    other = urlencode({**kept, "ui_locales": OTHER[said]})
    here = urlencode({**kept, "ui_locales": WORDS[said]["lang"]})
    values = form_page(
        asked.client, asked.scopes, fields, said, refusal,
        title=WORDS[said]["sign_in_for"], compare=Markup(), note=WORDS[said]["not_more"],
        action="authorize", hidden=hidden(kept), other_address=f"authorize?{other}",
        sent_back_to=asked.back_to, elsewhere=elsewhere(offered, here, said),
    )  # fmt: skip
    return render(
        "authorise.html", said, values, status=status_of_page(refusal), back_to=asked.back_to
    )


def _device_page(
    asked: Row, client: Row, user_code: str, fields: Mapping[str, str], said: str,
    refusal: DomainError | None = None,
) -> HTMLResponse:  # fmt: skip
    kept = {"user_code": user_code, "ui_locales": WORDS[said]["lang"]}
    other = urlencode({"user_code": user_code, "ui_locales": OTHER[said]})
    shown = f'<p>{WORDS[said]["compare"]} <strong class="code">{user_code}</strong></p>'
    values = form_page(
        client, [Permission(scope) for scope in asked["scopes"]], fields, said, refusal,
        title=WORDS[said]["device_title"], compare=Markup(shown), note=WORDS[said]["beware"],
        action="device", hidden=hidden(kept), other_address=f"device?{other}", elsewhere=Markup(),
    )  # fmt: skip
    return render("authorise.html", said, values, status=status_of_page(refusal))


def _code_page(said: str, message: str | None = None, status: int = 200) -> HTMLResponse:
    values = {
        "title": WORDS[said]["device_title"],
        "alert": alert(message),
        "other_address": f"device?ui_locales={OTHER[said]}",
        "other_lang": WORDS[OTHER[said][:2]]["lang"],
    }
    return render("device.html", said, values, status=status)


def signing_in_router() -> APIRouter:
    """The routes of both pages; they are for people, and so in no OpenAPI document."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/oauth/authorize", show_authorisation, methods=["GET"])
    router.add_api_route("/oauth/authorize", decide_authorisation, methods=["POST"])
    router.add_api_route("/oauth/device", show_device, methods=["GET"])
    router.add_api_route("/oauth/device", decide_device, methods=["POST"])
    return router
