"""The token of a delegate, for both faces: signed here because the domain knows no keys."""

from typing import Any

from pydantic import BaseModel, Field

from app.domain.access.actors import Actor
from app.domain.access.delegations import Acting
from app.request import Resources
from app.request.actors import claims_of
from app.security.tokens import LIFETIME


class DelegatedToken(BaseModel):
    """An access token that acts on somebody's behalf; there is no refresh token: ask again."""

    access_token: str = Field(description="代办访问令牌 / access token on the granter's behalf")
    expires_in: int = Field(description="有效秒数 / seconds until it expires")


def sign_delegated(held: Resources, actor: Actor, acting: Acting) -> dict[str, Any]:
    """The fields of a `DelegatedToken` for this delegate."""
    claims = claims_of(
        actor,
        security_version=actor.security_version,
        sign_in_id=actor.sign_in_id,
        acting=acting,
    )
    lasts = int(LIFETIME.total_seconds())
    return {"access_token": held.keyring.sign(claims), "expires_in": lasts}
