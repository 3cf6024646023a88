"""What every client owes when it asks: pages, tokens, keys, patience, refusals, fields that are new to it."""

from typing import Any

from app.conformance.feed import FeedAnew, FeedCursor, FeedGone
from app.conformance.findings import (
    Answered,
    Asked,
    Check,
    Finding,
    Forward,
    Run,
    problem,
)

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_EARLY = 0.05
"""Seconds that two clocks may differ by."""


class Plain(Check):
    """The client works where nothing goes wrong."""

    name = "plain"
    zh = "客户端正常结束。"
    en = "The client ends with 0."

    def judge(self, run: Run) -> Finding:
        """It asked something, and ended with 0."""
        if not any(each.asked.is_api for each in run.seen):
            return self.failed("没有任何请求到达。", "No request came: does it use the address?")
        if run.code != 0:
            said = run.said[-300:]
            return self.failed(f"退出码 {run.code}：{said}", f"It ended with {run.code}: {said}")
        return self.passed()


class Pages(Check):
    """The first page of each list is short, so that there is another."""

    name = "pages"
    zh = "按 next 读完列表。"
    en = "It reads lists by `next`, to their end."

    async def meet(self, asked: Asked, forward: Forward) -> Answered:
        """Cut the first page to one row."""
        answered = await forward(asked)
        is_first = asked.method == "GET" and asked.is_api and asked.value("cursor") is None
        if not (is_first and _is_list(answered) and len(answered.json()["items"]) > 1):
            return answered
        return await forward(asked.with_value("limit", "1"))

    def judge(self, run: Run) -> Finding:
        """Each `next` was asked for, and no cursor that was not told."""
        told: dict[str, set[str]] = {}
        for each in run.seen:
            cursor = each.asked.value("cursor")
            if cursor is not None and cursor not in told.setdefault(each.asked.path, set()):
                return self.failed(
                    f"{each.asked.path} 使用了未给出的游标。",
                    f"{each.asked.path} was asked with a cursor that no answer had told.",
                )
            if isinstance(following := _next(each.answered), str):
                told.setdefault(each.asked.path, set()).add(following)
        if not any(told.values()):
            return self.unseen("没有读取多页列表。", "It read no list that has a second page.")
        for path, cursors in told.items():
            asked = {each.asked.value("cursor") for each in run.seen if each.asked.path == path}
            if left := cursors - asked:
                return self.failed(
                    f"{path} 未读完（{len(left)} 个 next 未跟进）。",
                    f"{path} was not read to its end: {len(left)} `next` not followed.",
                )
        return self.passed()


def _is_list(answered: Answered) -> bool:
    content = answered.json() if answered.status == 200 else None
    return isinstance(content, dict) and {"items", "next"} <= content.keys() and (
        "more" not in content
    )  # fmt: skip


def _next(answered: Answered) -> Any:
    return answered.json()["next"] if _is_list(answered) else None


class _Once(Check):
    """Something befalls one request, and the client is to send it again or not."""

    def __init__(self) -> None:
        self.struck: Asked | None = None

    def again(self, run: Run) -> list[Asked]:
        """How the struck request was sent again."""
        struck = self.struck
        if struck is None:
            return []
        return [
            each.asked
            for each in run.seen
            if each.asked.at > struck.at and each.asked.intention == struck.intention
        ]


class Token(_Once):
    """The token runs out in the middle."""

    name = "token"
    zh = "令牌失效后换取新令牌并重发。"
    en = "On a 401 it gets another token and sends the request again."

    async def meet(self, asked: Asked, forward: Forward) -> Answered:
        """Refuse the second request, whose token was good for the first."""
        if asked.is_api and self.struck is None:
            self.struck = asked
            return problem(401, "unauthenticated", www_authenticate="Bearer")
        return await forward(asked)

    def judge(self, run: Run) -> Finding:
        """A token was fetched, and the request came with another or the same one that is new."""
        if self.struck is None:
            return self.unseen("没有请求。", "It asked nothing.")
        fetched = [
            each for each in run.seen
            if each.asked.path == "/oauth/token" and each.asked.at > self.struck.at
        ]  # fmt: skip
        if not fetched:
            return self.failed("没有换取新令牌。", "It fetched no other token.")
        if not self.again(run):
            return self.failed("没有重发请求。", "It did not send the request again.")
        return self.passed()


class LostAnswer(_Once):
    """An unsafe request takes effect, and its answer never comes."""

    name = "lost-answer"
    zh = "回应丢失后以相同的 Idempotency-Key 重发。"
    en = "After a lost answer it sends an unsafe request again under the same key."

    async def meet(self, asked: Asked, forward: Forward) -> Answered:
        """Lose the answer to the first unsafe request."""
        answered = await forward(asked)
        if asked.is_api and asked.method not in _SAFE and self.struck is None:
            self.struck = asked
            answered.lost = True
        return answered

    def judge(self, run: Run) -> Finding:
        """It came again, under the key that it had."""
        if self.struck is None:
            return self.unseen("没有写请求。", "It sent no unsafe request.")
        if self.struck.key is None:
            return self.failed(
                "写请求没有 Idempotency-Key。", "The request had no Idempotency-Key."
            )
        again = self.again(run)
        if not again:
            return self.failed("没有重发。", "It was not sent again.")
        if any(each.key != self.struck.key for each in again):
            return self.failed("重发时换了键。", "It was sent again under another key.")
        return self.passed()


class Patience(_Once):
    """The server is busy, and says when to come again."""

    status, code, pause = 429, "too_many_requests", 2
    name = "retry-after-429"
    zh = "遇 429 按 Retry-After 等待后重发。"
    en = "On a 429 it waits for as long as Retry-After says, and asks again."

    async def meet(self, asked: Asked, forward: Forward) -> Answered:
        """Put off the first request."""
        if asked.is_api and self.struck is None:
            self.struck = asked
            return problem(self.status, self.code, retry_after=str(self.pause))
        return await forward(asked)

    def judge(self, run: Run) -> Finding:
        """It came again, and not too early."""
        if self.struck is None:
            return self.unseen("没有请求。", "It asked nothing.")
        again = self.again(run)
        if not again:
            return self.failed("没有重发。", "It did not ask again.")
        waited = again[0].at - self.struck.at
        if waited < self.pause - _EARLY:
            return self.failed(
                f"仅等待 {waited:.1f} 秒，应为 {self.pause} 秒。",
                f"It waited for {waited:.1f} seconds instead of {self.pause}.",
            )
        return self.passed()


class PatienceWhileDown(Patience):
    """The server is being restarted."""

    status, code, pause = 503, "unavailable", 2
    name = "retry-after-503"
    zh = "遇 503 按 Retry-After 等待后重发。"
    en = "On a 503 it waits for as long as Retry-After says, and asks again."


class Refusal(_Once):
    """A request is refused for good."""

    name = "refusal"
    zh = "被拒绝的请求不再重发，并告知原因。"
    en = "What is refused for good it does not send again; it tells the code or the detail."

    async def meet(self, asked: Asked, forward: Forward) -> Answered:
        """Refuse the first request, and what is like it."""
        if asked.is_api and self.struck is None:
            self.struck = asked
        if self.struck is not None and asked.intention == self.struck.intention:
            return problem(403, "conformance_refused")
        return await forward(asked)

    def judge(self, run: Run) -> Finding:
        """It was not sent again, and somebody was told."""
        if self.struck is None:
            return self.unseen("没有请求。", "It asked nothing.")
        if again := self.again(run):
            return self.failed(
                f"又发送了 {len(again)} 次。", f"It was sent {len(again)} times more."
            )
        if "conformance_refused" not in run.said:
            return self.failed("没有告知原因。", "It told neither the code nor the detail.")
        return self.passed()


class NewFields(Check):
    """Answers have a field that the client does not know."""

    name = "new-fields"
    zh = "忽略回应中的未知字段。"
    en = "It ignores fields in answers that it does not know."

    async def meet(self, asked: Asked, forward: Forward) -> Answered:
        """Add a field to each object."""
        answered = await forward(asked)
        content = answered.json() if asked.is_api and answered.status < 300 else None
        if not isinstance(content, (dict, list)):
            return answered
        return answered.saying(_with_more(content))

    def judge(self, run: Run) -> Finding:
        """It works as it does without."""
        if run.code != 0:
            return self.failed(
                f"遇到未知字段后以 {run.code} 结束。",
                f"With fields that are new to it, it ended with {run.code}.",
            )
        return self.passed()


def _with_more(content: Any) -> Any:
    """An answer in which each thing has a field more; what maps keys to values stays as it is."""
    if isinstance(content, list):
        return [_with_more(each) for each in content]
    if not isinstance(content, dict):
        return content
    items = content.get("items")
    more = {"conformance_added": {"since": "2030"}}
    return content | ({"items": _with_more(items)} if isinstance(items, list) else {}) | more


CHECKS: dict[str, type[Check]] = {
    each.name: each
    for each in (
        Plain, Pages, Token, LostAnswer, Patience, PatienceWhileDown, Refusal, NewFields,
        FeedCursor, FeedGone, FeedAnew,
    )
}  # fmt: skip
"""By name, in the order in which they are run: the last one has a mirror begin anew, and so cleans it."""
