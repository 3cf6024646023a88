"""The page to which the code on a certificate leads: what it says, and whether it holds."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.domain.base import civil_date
from app.domain.credits.certificates import (
    CertificateNotFound,
    CertificateState,
    SealState,
    verify_certificate,
)
from app.domain.errors import TooMany
from app.pages.forms import OTHER
from app.pages.rendering import fact_list, notice, render, spoken
from app.pages.words import WORDS
from app.request import resources
from app.request.signing_in import count_try
from app.sql import Row


def verifying_router() -> APIRouter:
    """The route of the page; the same is answered in JSON below `/api/v1/verify`."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/verify/{code}", show_verified, methods=["GET"])
    return router


async def show_verified(request: Request, code: str) -> HTMLResponse:
    """What the certificate with this code says, and whether it still holds."""
    held = resources(request)
    said = spoken(request, request.query_params.get("ui_locales"))
    try:
        async with held.pool.connection() as db:
            await count_try(held, db, request.scope, what="verify")
            row = await verify_certificate(db, code=code)
    except CertificateNotFound as refusal:
        return notice(said, refusal.message(said), title="verify_none", status=404)
    except TooMany as refusal:
        return notice(said, refusal.message(said), title="cannot", status=429)
    words = WORDS[said]
    values = {
        "title": words["verify_title"],
        "verdict": words[f"verify_{CertificateState(row['state'])}"],
        "facts": fact_list(_facts(row, said), said),
        "note": words["verify_note"],
        "other_lang": OTHER[said],
    }
    return render("verify.html", said, values)


def _facts(row: Row, said: str) -> dict[str, str | None]:
    words = WORDS[said]
    cycle = row["cycle_start"] and f"{row['cycle_start']} – {row['cycle_end']}"
    seal = words[f"verify_seal_{SealState(row['seal_state'])}"]
    if row["seal_state"] == SealState.SEALED:
        seal += f" · {row['seal_name']} · {civil_date(row['seal_at'])}"
        seal += f" · {words['verify_simulated']}" if row["seal_simulated"] else ""
    return {
        "verify_number": row["number"],
        "verify_name": row["name"],
        "verify_school": row["school_name"],
        "verify_subject": row["subject"],
        "verify_cycle": cycle,
        "verify_amounts": words["verify_amount"].format(**row),
        "verify_unit": row["unit_name"],
        "verify_authority": row["authority_name"],
        "verify_issued_on": str(row["issued_on"]),
        "verify_ended_on": row["ended_on"] and str(row["ended_on"]),
        "verify_seal": seal,
        "verify_sha256": row["sha256"],
    }
