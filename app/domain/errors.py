"""What can be refused. Every refusal has a stable code and says itself in Chinese and in English.

    DomainError
    ├── Unauthenticated   who asks is not known, or no longer (401)
    ├── NotAllowed        it may be seen, but this may not be done with it (403)
    ├── NotFound          it does not exist, or not for the one who asks (404)
    ├── Conflict          it clashes with what is already so (409)
    ├── Outdated          it is no longer as the one who asks has read it (412)
    ├── Invalid           what was sent cannot be meant (422)
    ├── TooMany           too often, or too much at once (429)
    └── Unavailable       not now: try again (503)

A noun subclasses one of them beside the function that raises it. The faces translate: REST to a
status and a problem document, GraphQL to `extensions.code`. The domain knows neither.
"""

from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal. `details` fill the placeholders of both texts and go to the client, moments as ISO 8601.

    Details therefore never hold a password, an ID number or anything else that was sent in secret.
    """

    code: ClassVar[str] = "refused"
    zh: ClassVar[str] = "请求被拒绝。"
    en: ClassVar[str] = "The request was refused."

    def __init__(self, **details: Any) -> None:
        self._given = details
        self.details: dict[str, Any] = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in details.items()
        }
        super().__init__(self.message("en"))

    def message(self, language: str) -> str:
        """The refusal in words, with the clock of those who read them; `language` is `zh` or `en`."""
        template = self.zh if language == "zh" else self.en
        return template.format(**{name: _said(value) for name, value in self._given.items()})


_CLOCK = timezone(timedelta(hours=8))


def _said(value: Any) -> Any:
    """A moment as people say it, on the clock of Shanghai; whatever else as it is."""
    return f"{value.astimezone(_CLOCK):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value


class Unauthenticated(DomainError):
    """The request carries no valid proof of who asks."""

    code = "unauthenticated"
    zh = "请先登录：访问令牌缺失、无效或已过期。"
    en = "Sign in first: the access token is missing, invalid or expired."


class NotAllowed(DomainError):
    """The one who asks may see the thing, but lacks the permission named in `permission`."""

    code = "not_allowed"
    zh = "没有执行此操作的权限：{permission}。"
    en = "You lack the permission for this: {permission}."

    def __init__(self, permission: str, **details: Any) -> None:
        super().__init__(permission=permission, **details)


class NotFound(DomainError):
    """It does not exist, or lies outside what the one who asks may know of."""

    code = "not_found"
    zh = "未找到。"
    en = "Not found."


class Conflict(DomainError):
    """It clashes with what is already so; asking again unchanged gets the same answer."""

    code = "conflict"
    zh = "与现有数据冲突。"
    en = "This conflicts with what already exists."


class Outdated(DomainError):
    """It is no longer as the one who asks has read it: read anew, it may be asked for again."""

    code = "outdated"
    zh = "数据已不是您读取时的状态。"
    en = "It is no longer as you have read it."


class Invalid(DomainError):
    """What was sent cannot be meant: a value outside its limits, or a combination without sense."""

    code = "invalid"
    zh = "请求内容无效。"
    en = "The request is not valid."


class TooMany(DomainError):
    """Too often, or too much at once; `retry_after` seconds later it may pass."""

    code = "too_many_requests"
    zh = "请求过于频繁，请在 {retry_after} 秒后重试。"
    en = "Too many requests: try again in {retry_after} seconds."


class Unavailable(DomainError):
    """It cannot be done at the moment, through no fault of the one who asks."""

    code = "unavailable"
    zh = "服务暂时不可用，请稍后重试。"
    en = "The service is not available at the moment: please try again."


class Unfit(ValueError):
    """What a validator of a command says: why the fields do not fit, for clients, in both languages.

    pydantic collects it with its own findings, so that one answer names everything that is wrong.
    """

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)
