"""How a request is refused before anything runs, in words of both languages."""

from typing import Any, ClassVar

from graphql import GraphQLError


class Refusal(GraphQLError):
    """Why a document is not run; `details` fill the placeholders of both texts."""

    code: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, node: Any = None, **details: Any) -> None:
        self._details = details
        shown = {"details": details} if details else {}
        super().__init__(
            self.words("en"), node, extensions={"code": self.code, "status": 400, **shown}
        )

    def words(self, language: str) -> str:
        """The refusal in `zh` or `en`."""
        return (self.zh if language == "zh" else self.en).format(**self._details)


class TooExpensive(Refusal):
    """The document goes beyond a limit."""

    code = "too_expensive"
    zh = "查询的{what}为 {found}，超过上限 {limit}；开销最大的路径：{dearest}。"
    en = (
        "The document's {what} is {found}, more than the limit of {limit}."
        " What costs most: {dearest}."
    )

    _WHAT: ClassVar = {
        "depth": "嵌套层数",
        "aliases": "别名数",
        "branches": "分支数",
        "cost": "开销",
    }

    def words(self, language: str) -> str:
        """The refusal in `zh` or `en`."""
        if language != "zh":
            return super().words(language)
        return self.zh.format(**self._details | {"what": self._WHAT[self._details["what"]]})


class PersistedQueryNotFound(Refusal):
    """Only the hash of a document was sent, and no document with it is known here (any more)."""

    code = "persisted_query_not_found"
    zh = "没有此哈希值对应的查询，请连同查询全文再发送一次。"
    en = "No document is known by this hash: send it once more with its text."


class PersistedQueryMismatch(Refusal):
    """A document was sent with a hash that is not its own."""

    code = "persisted_query_mismatch"
    zh = "哈希值与查询全文不符。"
    en = "The hash is not that of the document."


class SubscriptionExpected(Refusal):
    """A query or a mutation was sent where one only follows what happens."""

    code = "subscription_expected"
    zh = "此连接只用于订阅；查询和修改请用 POST /graphql。"
    en = "This connection is for subscriptions: send queries and mutations to POST /graphql."


class SubscriptionOverPost(Refusal):
    """A subscription was sent where one is answered once."""

    code = "subscription_over_post"
    zh = "订阅须使用 WebSocket（graphql-transport-ws），或改用同名查询。"
    en = "Subscriptions go over WebSocket (graphql-transport-ws); here ask the query of that name."
