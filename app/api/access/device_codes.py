"""Device codes over HTTP: a script or a device asks for one here (RFC 8628)."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from app.api.answers import answer
from app.api.oauth import OAuthRoute, client_that_asks, require_flow
from app.domain.access import device_codes
from app.domain.access.clients import Flow, scopes_asked_for
from app.domain.access.device_codes import DEVICE_CODE_LIVES, POLLED_EVERY
from app.request import now, resources
from app.request.addresses import public_address
from app.request.signing_in import count_try
from app.security import passwords

router = APIRouter(tags=["access"], route_class=OAuthRoute)


class DeviceRequest(BaseModel):
    """The form of a device that asks for a code."""

    client_id: str | None = Field(default=None, max_length=60, description="应用 / application")
    client_secret: str | None = Field(default=None, max_length=200, description="密钥 / its secret")
    scope: str | None = Field(
        default=None, max_length=1000, description="权限范围，空格分隔 / scopes, by blanks"
    )


class DeviceCodeAnswer(BaseModel):
    """The codes of a device: the long one for itself, the short one for the person."""

    device_code: str = Field(description="设备码 / with this the device asks for its token")
    user_code: str = Field(description="用户码 / this the person types")
    verification_uri: str = Field(description="授权页面地址 / at this address")
    verification_uri_complete: str = Field(description="含用户码的地址 / the same with the code")
    expires_in: int = Field(description="有效秒数 / seconds until it expires")
    interval: int = Field(description="轮询间隔秒数 / seconds between two questions")


@router.post(
    "/oauth/device_authorization",
    operation_id="start_device_code",
    response_model=DeviceCodeAnswer,
)
async def start_device_code(request: Request, form: Annotated[DeviceRequest, Form()]) -> Response:
    """A pair of codes: the person types one on a page, the device asks with the other (RFC 8628)."""
    device_code, user_code = passwords.new_secret(), passwords.new_user_code()
    async with resources(request).pool.connection() as db:
        named = await client_that_asks(request, db, form.client_id, form.client_secret)
        client = require_flow(named, Flow.DEVICE_CODE)
        # Whoever knows the name of a public application can ask for any number.
        await count_try(resources(request), db, request.scope, what="device asks")
        await device_codes.start_device_code(
            db,
            code_hash=passwords.hash_secret(device_code),
            user_code=user_code,
            client_id=client["id"],
            scopes=scopes_asked_for(client, form.scope) or [],
            now=now(),
        )
    page = f"{public_address(request)}/oauth/device"
    content = DeviceCodeAnswer(
        device_code=device_code,
        user_code=user_code,
        verification_uri=page,
        verification_uri_complete=f"{page}?user_code={user_code}",
        expires_in=int(DEVICE_CODE_LIVES.total_seconds()),
        interval=int(POLLED_EVERY.total_seconds()),
    )
    return answer(content.model_dump())
