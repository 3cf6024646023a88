"""The pages by which a person signs in at an identity provider, for an application or to link it.

The browser is sent to the provider and comes back; only then is anything allowed, on a page of ours
that says as whom. A request to sign in belongs to the browser that began it, by a cookie of its own
for ten minutes; one to link an identity to the account that began it, whose password is asked for in
the browser that came back.
"""

from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.domain.access.actors import Actor
from app.domain.access.audit import record_act
from app.domain.access.identities import account_of_identity, keep_identity
from app.domain.access.identity_providers import read_offered_provider
from app.domain.access.identity_requests import (
    REQUEST_LASTS,
    IdentityRequestGone,
    decide_identity_request,
    find_identity_request,
)
from app.domain.access.sign_in import (
    WrongCredentials,
    admit_account,
    may_sign_in,
    read_credentials,
)
from app.domain.errors import DomainError
from app.pages.forms import (
    REFUSED,
    Incomplete,
    cannot,
    issue_code,
    redirect,
    sent_form,
    status_of_page,
)
from app.pages.rendering import (
    Markup,
    alert,
    fact_list,
    hidden,
    inputs,
    notice,
    render,
    scope_list,
    spoken,
)
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
from app.request.identities import arrive, depart_to_sign_in
from app.request.recording import provenance
from app.request.second_factor import check_second_factor
from app.request.signing_in import check_person, count_try
from app.security import passwords
from app.sql import Row

_COOKIE = "yanxun_identity"


async def go_to_provider(request: Request, provider_id: UUID) -> Response:
    """The way to a provider, for the authorisation request that is asked for."""
    held, sent = resources(request), list(request.query_params.multi_items())
    said, public = spoken(request, dict(sent).get("ui_locales")), public_address(request)
    try:
        async with held.pool.connection() as db:
            await count_try(held, db, request.scope, what="identity")
            await read_authorisation(db, sent, issuer=public)
        asked = urlencode([each for each in sent if each[0] in FIELDS])
        departure = await depart_to_sign_in(
            held, provider_id=provider_id, asked=asked, public=public, said=WORDS[said]["lang"]
        )
    except SentBack as back:
        return redirect(back.address)
    except DomainError as refusal:
        return cannot(said, refusal, up=_up(request))
    return _bound(redirect(departure.address), departure.binder, public)


async def come_back(request: Request, provider_id: UUID) -> Response:
    """Where a provider sends people back to: the page that asks as whom to go on, or why not."""
    held, said, public = resources(request), spoken(request, None), public_address(request)
    sent = list(request.query_params.multi_items())
    fields = dict(sent)
    try:
        if len(fields) < len(sent):
            raise IdentityRequestGone
        arrived = await arrive(
            held, provider_id=provider_id, fields=fields, public=public,
            binder=request.cookies.get(_COOKIE, ""),
        )  # fmt: skip
        said = spoken(request, dict(parse_qsl(arrived["asked"] or "")).get("ui_locales"))
        if arrived["subject"] is not None:
            page = await _confirm_page(request, arrived, fields["state"], said)
            return _bound(page, arrived["binder"], public)
        if arrived["asked"] is None:
            return _says(request, said, "not_there", title="cannot", status=400)
        asked = await _asked(request, arrived)
    except SentBack as back:
        return redirect(back.address)
    except DomainError as refusal:
        return cannot(said, refusal, up=_up(request))
    return redirect(asked.answer(error="access_denied"))


async def decide_identity(request: Request) -> Response:
    """What the person decided who has signed in elsewhere."""
    held, fields = resources(request), dict(await sent_form(request))
    said, state = spoken(request, fields.get("ui_locales")), fields.get("state", "")
    ours = {
        "state_hash": passwords.hash_secret(state),
        "binder_hash": passwords.hash_secret(request.cookies.get(_COOKIE, "")),
    }
    try:
        require_own_page(request, public_address(request))
        async with held.pool.connection() as db:
            waiting = await find_identity_request(db, **ours, now=now())
        if fields.get("decision") != "allow":
            return await _deny(request, waiting, ours, said)
        try:
            if waiting["asked"] is None:
                return await _link(request, waiting, ours, fields, said)
            return await _sign_in(request, waiting, ours, fields)
        except REFUSED as refusal:
            return await _confirm_page(request, waiting, state, said, refusal)
    except SentBack as back:
        return redirect(back.address)
    except DomainError as refusal:
        return cannot(said, refusal, up=_up(request))


def _bound(answer: Response, binder: str, public: str) -> Response:
    """This answer, with the cookie that tells the browser to which the request belongs."""
    answer.set_cookie(
        _COOKIE,
        binder,
        max_age=int(REQUEST_LASTS.total_seconds()),
        path=f"{urlsplit(public).path}/oauth/identities",
        secure=public.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return answer


async def _asked(request: Request, arrived: Row) -> AuthorisationRequest:
    """The authorisation request behind one to a provider, read anew."""
    sent = parse_qsl(arrived["asked"], keep_blank_values=True)
    async with resources(request).pool.connection() as db:
        return await read_authorisation(db, sent, issuer=public_address(request))


async def _account_of(request: Request, arrived: Row) -> Row | None:
    """The account that is to be linked, or the one that the identity is linked to."""
    async with resources(request).pool.connection() as db:
        account_id = arrived["account_id"] or await account_of_identity(
            db, provider_id=arrived["provider_id"], subject=arrived["subject"]
        )
        return None if account_id is None else await read_credentials(db, account_id=account_id)


async def _deny(request: Request, waiting: Row, ours: dict[str, bytes], said: str) -> Response:
    async with resources(request).pool.connection() as db:
        await decide_identity_request(db, **ours, now=now())
    if waiting["asked"] is None:
        return _says(request, said, "link_denied")
    return redirect((await _asked(request, waiting)).answer(error="access_denied"))


async def _sign_in(
    request: Request, waiting: Row, ours: dict[str, bytes], fields: dict[str, str]
) -> Response:
    held, asked = resources(request), await _asked(request, waiting)
    account = await _account_of(request, waiting)
    if account is None or not may_sign_in(account, now=now()):
        raise WrongCredentials
    came_from = provenance(request.scope)
    await check_second_factor(held, account, fields.get("otp"), came_from=came_from)
    async with held.pool.transaction() as db:
        await decide_identity_request(db, **ours, now=now())
        code = await issue_code(request, db, account, asked)
        await record_act(
            db, Actor(account_id=account["id"], grants=()), operation="sign_in_elsewhere",
            target_id=waiting["provider_id"], provenance=came_from,
        )  # fmt: skip
    return redirect(asked.answer(code=code))


async def _link(
    request: Request, waiting: Row, ours: dict[str, bytes], fields: dict[str, str], said: str
) -> Response:
    held, named = resources(request), await _account_of(request, waiting)
    secret = fields.get("password", "")
    if named is None or not secret:
        raise Incomplete
    account = await check_person(
        held, request.scope, name=named["name"], secret=secret, code=fields.get("otp")
    )
    async with held.pool.transaction() as db:
        await decide_identity_request(db, **ours, now=now())
        if await admit_account(db, account=account, now=now()) is None:
            raise WrongCredentials
        identity_id = await keep_identity(
            db, account_id=account["id"], provider_id=waiting["provider_id"],
            subject=waiting["subject"], linked_by=account["id"], now=now(),
        )  # fmt: skip
        await record_act(
            db, Actor(account_id=account["id"], grants=()), operation="link_own_identity",
            target_id=identity_id, provenance=provenance(request.scope),
        )  # fmt: skip
    return _says(request, said, "linked")


async def _confirm_page(
    request: Request, arrived: Row, state: str, said: str, refusal: DomainError | None = None
) -> HTMLResponse:
    words, account = WORDS[said], await _account_of(request, arrived)
    if account is None or not may_sign_in(account, now=now()):
        return _says(request, said, "not_linked", title="cannot", status=403)
    asked = None if arrived["asked"] is None else await _asked(request, arrived)
    wanted = ["otp"] if account["second_factor_since"] is not None else []
    wanted = wanted if asked else ["password", *wanted]
    message = None if refusal is None else refusal.message(said)
    described = 'aria-describedby="alert" aria-invalid="true"' if message else ""
    kept = {"state": state, "ui_locales": words["lang"]}
    if asked is None:
        async with resources(request).pool.connection() as db:
            provider = await read_offered_provider(db, provider_id=arrived["provider_id"])
        what = words["link_what"].format(provider=provider["name"], name=account["name"])
    else:
        what = words["signed_in_as"].format(name=f"{account['display_name']} ({account['name']})")
    values = {
        "title": words["sign_in_for"] if asked else words["link_title"],
        "alert": alert(message),
        "what": what,
        "asking": Markup() if asked is None else _asking(asked, said),
        "action": f"{_up(request)}oauth/identities/decide",
        "hidden": hidden(kept),
        "inputs": inputs(wanted, said, described),
        "go": words["go_on_and_allow"] if asked else words["link"],
        "note": words["not_more"] if asked else "",
    }
    back_to = "" if asked is None else asked.back_to
    status, up = status_of_page(refusal), _up(request)
    return render("confirm.html", said, values, status=status, back_to=back_to, up=up)


def _asking(asked: AuthorisationRequest, said: str) -> Markup:
    """Who asks for what."""
    client = asked.client
    facts = {"run_by": client["organisation"], "purpose": client["purpose"],
             "sent_back_to": asked.back_to}  # fmt: skip
    return Markup(
        f"<p><strong>{escape(client['display_name'])}</strong> {escape(WORDS[said]['asks'])}</p>"
        f"<ul>{scope_list(asked.scopes, said)}</ul><dl>{fact_list(facts, said)}</dl>"
    )


def _up(request: Request) -> str:
    """The way from this page to where the deployment begins, which a proxy may have moved."""
    path: str = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return "../" * (path.count("/") - 1)


def _says(
    request: Request, said: str, word: str, *, title: str = "done", status: int = 200
) -> HTMLResponse:
    return notice(said, WORDS[said][word], title=title, status=status, up=_up(request))


def identities_router() -> APIRouter:
    """The routes of these pages; they are for people, and so in no OpenAPI document."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/oauth/identities/{provider_id}/go", go_to_provider, methods=["GET"])
    router.add_api_route("/oauth/identities/{provider_id}/back", come_back, methods=["GET"])
    router.add_api_route("/oauth/identities/decide", decide_identity, methods=["POST"])
    return router
