"""What the token endpoint is sent and what it answers, as the forms of OAuth have it."""

from typing import Literal

from pydantic import BaseModel, Field

from app.domain.errors import Invalid

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class TokenRequest(BaseModel):
    """The form of the token endpoint; which fields are needed depends on `grant_type`."""

    grant_type: str = Field(
        max_length=60,
        description="password | refresh_token | client_credentials | authorization_code | "
        + DEVICE_GRANT,
    )
    client_id: str | None = Field(default=None, max_length=60, description="应用 / application")
    client_secret: str | None = Field(default=None, max_length=200, description="密钥 / its secret")
    username: str | None = Field(default=None, max_length=60, description="登录名 / sign-in name")
    password: str | None = Field(default=None, max_length=256, description="密码 / password")
    otp: str | None = Field(
        default=None,
        max_length=40,
        description="两步验证的验证码或恢复码 / code of the second factor, or a recovery code",
    )
    refresh_token: str | None = Field(
        default=None, max_length=200, description="刷新令牌 / refresh token"
    )
    code: str | None = Field(default=None, max_length=200, description="授权码 / the code")
    redirect_uri: str | None = Field(
        default=None, max_length=300, description="与授权请求相同的回调地址 / as in the request"
    )
    code_verifier: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9._~-]{43,128}$",
        description="PKCE 原文 / the secret behind the challenge (RFC 7636)",
    )
    device_code: str | None = Field(
        default=None, max_length=200, description="设备码 / the device's code"
    )
    scope: str | None = Field(
        default=None, max_length=1000, description="权限范围，空格分隔 / scopes, by blanks"
    )


class TokenAnswer(BaseModel):
    """An access token, and for people a refresh token."""

    access_token: str = Field(description="访问令牌 / JWT signed with ES256")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  the protocol's word, no secret
    expires_in: int = Field(description="有效秒数 / seconds until it expires")
    refresh_token: str | None = Field(
        default=None, description="刷新令牌，仅可使用一次 / refresh token, good for one use"
    )
    scope: str | None = Field(
        default=None, description="权限范围；无上限时不返回 / scopes; left out without a ceiling"
    )


class MissingCredentials(Invalid):
    """The fields that this grant type needs are not all there."""

    code = "missing_credentials"
    zh = "缺少登录所需的字段：{fields}。"
    en = "These fields are needed for this grant type: {fields}."
