"""What the OpenAPI document says beyond the routes: title, tags, and the problems of every answer."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from app import __version__
from app.api.exchange.rostering.refusals import StatusInfo
from app.api.learning.learning_records.refusals import STATEMENTS
from app.domain.access.roles import NOT_FOR_CLIENTS, Permission


class FieldProblem(BaseModel):
    """One field outside its limits."""

    field: str = Field(description="位置 / where, as a path")
    code: str = Field(description="错误代码 / what is wrong, stable")
    message: str = Field(description="说明 / the same in words")


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="urn:yanxun:problem:<code>")
    title: str = Field(description="类别 / kind of refusal, in words")
    status: int = Field(description="HTTP 状态码 / HTTP status")
    detail: str = Field(description="说明，语言随 Accept-Language / in words, by Accept-Language")
    code: str = Field(description="稳定的错误代码 / stable code")
    details: dict[str, Any] | None = Field(default=None, description="相关数据 / figures and names")
    errors: list[FieldProblem] | None = Field(default=None, description="逐字段错误 / by field")
    request_id: str = Field(description="请求编号 / id of this request in the logs")


class OAuthProblem(Problem):
    """Why an address of OAuth refuses: a problem document with the words of RFC 6749 (5.2)."""

    error: str = Field(description="OAuth 错误代码 / the word of RFC 6749, 7009 or 8628")
    error_description: str = Field(description="说明（英文） / the same in English")


_TAGS = [
    ("access", "登录、令牌、账号与授权 / signing in, tokens, accounts and grants"),
    ("organisation", "市、县、校 / city, counties, schools"),
    ("people", "教师 / teachers"),
    ("training", "教研组、活动、考勤 / groups, activities, attendance"),
    ("learning", "课程、师资、师徒、课题、资源 / courses, trainers, mentoring, topics, resources"),
    ("credits", "规则包、认定、台账、学分状况 / rule packs, recognition, ledger, standing"),
    (
        "quality",
        "指标、评估、经费、公文 / indicators, evaluation, funds, official documents",
    ),
    ("exchange", "变更流与省平台批次 / change feed and batches for the province"),
    ("rostering", "OneRoster 1.2 名册接口 / the registers in the words of OneRoster 1.2"),
    ("xapi", "xAPI 1.0.3 学习记录接口 / learning records in the words of xAPI 1.0.3"),
    ("health", "运行状态 / health of the process"),
]

_DESCRIPTION = """
校本研修的统一接口：市、县、校三级管理，研修活动、考勤与证据，按有据可查的规则认定学分，并能逐条解释。

One API for school-based teacher training in a city. Get a token at `POST /oauth/token` (the button
*Authorize* does it), then call anything below `/api/v1`. Everything here is in GraphQL too, at `/graphql`.

* Lists are pages: `limit` (at most 100), `cursor` (the `next` of the page before), `sort`, `fields`.
* Refusals are problem documents (RFC 9457) with a stable `code`, in Chinese or English.
* What lies outside your part of the hierarchy answers as if it did not exist (404).
* Unsafe requests take `Idempotency-Key`; the same key gets the same answer.
* Amounts of credits and hours are decimal strings; moments are UTC, dates are civil dates in China.
"""


_REFUSALS: dict[str, tuple[str, str]] = {
    "400": ("Unreadable", "无法解析 / not readable"),
    "401": ("NotSignedIn", "未登录 / not signed in"),
    "403": ("NotAllowed", "无权限 / not allowed"),
    "404": ("NotFound", "未找到 / not found"),
    "409": ("Conflict", "冲突 / conflict"),
    "412": ("ChangedMeanwhile", "读取后已变更 / changed since it was read (`If-Match`)"),
    "413": ("TooLarge", "请求体过大 / too large"),
    "415": ("UnsupportedType", "不支持的内容类型 / content type not supported"),
    "422": ("NotValid", "内容无效 / not valid"),
    "429": ("TooManyRequests", "过于频繁 / too many requests"),
    "503": ("NotAvailable", "暂不可用 / not available"),
}
_OAUTH_REFUSALS: dict[str, tuple[str, str]] = {
    "400": ("OAuthRefusal", "被拒绝 / refused, in the words of RFC 6749"),
    "401": ("UnknownClient", "应用未通过验证 / the application is not known"),
}
_ROSTER_REFUSALS = ("400", "401", "403", "404", "422", "429", "503")
_SIGNED_IN = {"401", "403", "404"}
_WITH_BODY = {"400", "409", "413", "415"}
_BEHIND_A_CURSOR = {"list_changes"}
"""Lists that conflict with a cursor which the client holds: the database was restored from a copy."""


def describe() -> dict[str, Any]:
    """The arguments of `FastAPI` that describe the interface."""
    return {
        "title": "研训 Yanxun",
        "version": __version__,
        "summary": "校本研修的统一接口 / one API for school-based teacher training",
        "description": _DESCRIPTION,
        "openapi_tags": [{"name": name, "description": words} for name, words in _TAGS],
        "contact": {"name": "Yanxun"},
        "servers": [{"url": "/", "description": "本部署 / this deployment"}],
    }


_SECURITY = {
    "password": {
        "type": "oauth2",
        "description": "登录名与密码换取访问令牌 / exchange a name and a password for a token",
        "flows": {
            "password": {"tokenUrl": "/oauth/token", "refreshUrl": "/oauth/token", "scopes": {}}
        },
    },
    "application": {
        "type": "oauth2",
        "description": "已登记的应用以授权码（PKCE）代表用户 / a registered application, with PKCE",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": "/oauth/authorize",
                "tokenUrl": "/oauth/token",
                "refreshUrl": "/oauth/token",
                "scopes": {
                    scope.value: scope.value for scope in Permission if scope not in NOT_FOR_CLIENTS
                },
            }
        },
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "已有的访问令牌 / an access token",
    },
}


def document(application: FastAPI) -> None:
    """Let the OpenAPI document say how to sign in, and how each operation refuses.

    Every kind of refusal is written once. The routes read the token themselves: a dependency of
    FastAPI that only documents it would cost every request some twenty microseconds.
    """
    build = application.openapi

    def openapi() -> dict[str, Any]:
        if application.openapi_schema is None:
            content = build()
            _add_security(content)
            _add_refusals(content)
        return build()

    application.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _pattern_of_decimal(self: GenerateJsonSchema, schema: core_schema.DecimalSchema) -> str | None:
    """How a decimal is written in a request: without a pattern any text would seem to be one."""
    return self.build_decimal_pattern(schema) if self.mode == "validation" else None


# FastAPI takes no generator of ours; this is the part of pydantic's that is there to be replaced.
GenerateJsonSchema.get_decimal_pattern = _pattern_of_decimal  # type: ignore[method-assign]


def _add_security(content: dict[str, Any]) -> None:
    content["components"]["securitySchemes"] = _SECURITY
    for path, operations in content["paths"].items():
        if path.startswith(("/api/", "/ims/", STATEMENTS)) or path == "/graphql":
            for operation in operations.values():
                operation["security"] = [{"password": []}, {"application": []}, {"bearer": []}]


def _add_refusals(document: dict[str, Any]) -> None:
    components = document["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= problem.pop("$defs") | {"Problem": problem}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {
        name: {"description": words, "content": content} for name, words in _REFUSALS.values()
    }
    schema = OAuthProblem.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs")
    components["schemas"]["OAuthProblem"] = schema
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/OAuthProblem"}}}
    for name, words in _OAUTH_REFUSALS.values():
        components["responses"][name] = {"description": words, "content": content}
    _describe_roster_refusal(components)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path.startswith(("/oauth/", "/ims/")):
                is_roster = path.startswith("/ims/")
                (_add_roster_refusals if is_roster else _add_oauth_refusals)(operation)
                continue
            if path.startswith(STATEMENTS):
                _add_statement_refusals(operation, has_body=method != "get")
                continue
            if (
                not operation.get("parameters")
                and not operation.get("security")
                and method == "get"
            ):
                operation["responses"].pop("422", None)
                continue
            operation["responses"] |= {
                status: {"$ref": f"#/components/responses/{name}"}
                for status, (name, _) in _REFUSALS.items()
                if status not in _never_refused(path, method, operation)
            }


def _never_refused(path: str, method: str, operation: dict[str, Any]) -> set[str]:
    """By which statuses an operation refuses nobody."""
    never = set() if operation.get("security") else _SIGNED_IN - {"401"}
    never |= _WITH_BODY if method == "get" else set()
    # Whoever follows a link without an account may hold one of which there is nothing any more, and what
    # is asked of one thing may have to wait for it: the results of a survey that is open.
    if "{" in path:
        never -= {"404", "409"}
    if not any(each["name"] == "If-Match" for each in operation.get("parameters", ())):
        never = never | {"412"}
    return never - {"409"} if operation["operationId"] in _BEHIND_A_CURSOR else never


def _add_oauth_refusals(operation: dict[str, Any]) -> None:
    """An address of OAuth refuses in the words of OAuth; only what is no matter of it is a problem."""
    operation["responses"].pop("422", None)
    for status, (name, _) in _OAUTH_REFUSALS.items():
        operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    for status in ("409", "413", "429", "503"):
        name, _ = _REFUSALS[status]
        operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def _add_roster_refusals(operation: dict[str, Any]) -> None:
    """An address of OneRoster refuses in the words of that specification."""
    for status in _ROSTER_REFUSALS:
        operation["responses"][status] = {"$ref": "#/components/responses/RosterRefusal"}


def _add_statement_refusals(operation: dict[str, Any], *, has_body: bool) -> None:
    """An address of xAPI says 400 of whatever cannot be meant, as that specification does."""
    operation["responses"].pop("422", None)
    for status in ("400", "401", "403", "404", "429", "503", *(("409", "413", "415") * has_body)):
        name, _ = _REFUSALS[status]
        operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def _describe_roster_refusal(components: dict[str, Any]) -> None:
    schema = StatusInfo.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= schema.pop("$defs") | {"StatusInfo": schema}
    components["responses"]["RosterRefusal"] = {
        "description": "被拒绝 / refused, in the words of OneRoster",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/StatusInfo"}}},
    }
