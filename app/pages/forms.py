"""What the pages with a form share: reading it, whom it names, and what is answered."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.access.actors import Actor, PasswordChangeDue, SecondFactorDue
from app.domain.access.audit import record_act
from app.domain.access.authorisation_codes import issue_authorisation_code
from app.domain.access.consents import give_consent
from app.domain.access.roles import Permission
from app.domain.access.second_factors import SecondFactorNeeded, WrongSecondFactor
from app.domain.access.sign_in import WrongCredentials, actor_signing_in, admit_account
from app.domain.errors import Conflict, DomainError, TooMany, Unavailable
from app.pages.rendering import Markup, alert, fact_list, notice, scope_list
from app.pages.words import WORDS
from app.request import now, resources
from app.request.authorisation import AskedElsewhere, AuthorisationRequest
from app.request.recording import provenance
from app.request.refusals import status_of
from app.request.signing_in import check_person
from app.security import passwords
from app.sql import Connection, Row

OTHER = {"zh": "en", "en": "zh-CN"}
"""The language to which a page in this one leads."""


class Incomplete(DomainError):
    """The form came without a name or a password."""

    code = "fields_missing"
    zh = WORDS["zh"]["fields_missing"]
    en = WORDS["en"]["fields_missing"]


REFUSED = (WrongCredentials, SecondFactorNeeded, WrongSecondFactor, PasswordChangeDue,
            SecondFactorDue, TooMany, Incomplete)  # fmt: skip
"""What the form is shown again for, with the reason."""


async def sent_form(request: Request) -> list[tuple[str, str]]:
    """The fields of a form; files are none of ours."""
    form = (await request.form()).multi_items()
    return [(name, value) for name, value in form if isinstance(value, str)]


async def person_of(request: Request, fields: Mapping[str, str]) -> Row:
    """The account whose name, password and, where it has one, second factor were sent."""
    name, secret = fields.get("username", "").strip()[:60], fields.get("password", "")
    if not (name and secret):
        raise Incomplete
    return await check_person(
        resources(request), request.scope, name=name, secret=secret, code=fields.get("otp")
    )


async def allow(
    request: Request, db: Connection, account: Row, client: Row, scopes: list[Permission]
) -> Row:
    """The account, admitted and locked, once it has allowed the application these scopes."""
    admitted = await admit_account(db, account=account, now=now())
    if admitted is None:
        raise WrongCredentials
    demanded = resources(request).settings.demands_second_factor
    actor = await actor_signing_in(db, account=admitted, is_demanded=demanded, now=now())
    actor.require_free()
    await give_consent(
        db, account_id=admitted["id"], client_id=client["id"], scopes=scopes, now=now()
    )
    await record_act(
        db,
        Actor(account_id=admitted["id"], grants=()),
        operation="give_consent",
        target_id=client["id"],
        provenance=provenance(request.scope),
    )
    return admitted


async def issue_code(
    request: Request, db: Connection, account: Row, asked: AuthorisationRequest
) -> str:
    """The code with which the application goes on, once the person has allowed what it asks."""
    admitted = await allow(request, db, account, asked.client, asked.scopes)
    code = passwords.new_secret()
    await issue_authorisation_code(
        db,
        code_hash=passwords.hash_secret(code),
        client_id=asked.client["id"],
        account_id=admitted["id"],
        security_version=admitted["security_version"],
        redirect_uri=asked.redirect_uri,
        challenge=asked.challenge,
        scopes=asked.scopes,
        now=now(),
    )
    return code


def redirect(address: str) -> Response:
    """The way back; 303, so that a form's fields are not sent on with it."""
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def cannot(said: str, refusal: DomainError, *, up: str = "../") -> HTMLResponse:
    """The page that says why nothing goes on here."""
    status = 403 if isinstance(refusal, AskedElsewhere) else 400
    if isinstance(refusal, TooMany | Unavailable | Conflict):
        status = status_of(refusal)
    return notice(said, refusal.message(said), title="cannot", status=status, up=up)


def status_of_page(refusal: DomainError | None) -> int:
    """The status of a form, shown for the first time or again for this reason."""
    return 200 if refusal is None else 429 if isinstance(refusal, TooMany) else 422


def form_page(
    client: Row, scopes: list[Permission], fields: Mapping[str, str], said: str,
    refusal: DomainError | None, **more: Any,
) -> dict[str, str]:  # fmt: skip
    """What both pages with a form say."""
    facts = {
        "run_by": client["organisation"],
        "filing": client["filing_number"],
        "purpose": client["purpose"],
        "sent_back_to": more.pop("sent_back_to", None),
    }
    message = None if refusal is None else refusal.message(said)
    return {
        "alert": alert(message),
        "described": Markup('aria-describedby="alert" aria-invalid="true"') if message else "",
        "application": client["display_name"],
        "scopes": scope_list(scopes, said),
        "facts": fact_list(facts, said),
        "username": fields.get("username", "")[:60],
        "other_lang": WORDS[OTHER[said][:2]]["lang"],
        **more,
    }
