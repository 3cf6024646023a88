"""One's own second factor over REST."""

from fastapi import APIRouter, Request, Response

from app.api.answers import answer
from app.domain.access import second_factors
from app.domain.access.second_factors import (
    ConfirmedView,
    OwnProof,
    SecondFactorCode,
    SecondFactorEnrolmentView,
    SecondFactorView,
    plain_code,
)
from app.request import CurrentActor, Route, begin_transaction, now, resources
from app.request.second_factor import check_own_proof, new_recovery_codes
from app.security import passwords

router = APIRouter(prefix="/me/second-factor", tags=["access"], route_class=Route)


@router.post("/enrol", operation_id="enrol_second_factor", response_model=SecondFactorEnrolmentView)
async def enrol_second_factor(request: Request, actor: CurrentActor, proof: OwnProof) -> Response:
    """Begin to enrol an authenticator, the first or another; the answer holds its secret, once."""
    held = resources(request)
    account = await check_own_proof(held, actor, proof)
    async with begin_transaction(request, actor) as db:
        row = await second_factors.enrol_second_factor(
            db, actor, account=account, secret=passwords.new_authenticator_secret(),
            cipher=held.cipher, now=now(),
        )  # fmt: skip
    return answer(row)


@router.post("/confirm", operation_id="confirm_second_factor", response_model=ConfirmedView)
async def confirm_second_factor(
    request: Request, actor: CurrentActor, first: SecondFactorCode
) -> Response:
    """Confirm the authenticator by a code; the answer holds ten recovery codes, and every token ends."""
    codes = new_recovery_codes()
    async with begin_transaction(request, actor) as db:
        row = await second_factors.confirm_second_factor(
            db, actor, given=plain_code(first.code), recovery_hashes=codes.hashes,
            cipher=resources(request).cipher, now=now(),
        )  # fmt: skip
    return answer({**row, "recovery_codes": codes.shown})


@router.post("/remove", operation_id="remove_second_factor", response_model=SecondFactorView)
async def remove_second_factor(request: Request, actor: CurrentActor, proof: OwnProof) -> Response:
    """Do without one's second factor, by the password and a code; every token ends."""
    held = resources(request)
    account = await check_own_proof(held, actor, proof)
    demanded = held.settings.demands_second_factor
    async with begin_transaction(request, actor) as db:
        row = await second_factors.remove_second_factor(
            db, actor, account=account, is_demanded=demanded, now=now()
        )
    return answer(row)
