"""What a reader of the change feed owes (docs/feed.md): its cursor, what is gone, beginning anew."""

from copy import deepcopy
from itertools import pairwise
from typing import Any
from uuid import uuid4

from app.conformance.findings import (
    Answered,
    Asked,
    Check,
    Exchange,
    Finding,
    Forward,
    Run,
    problem,
)

_FEED = "/api/v1/changes"


def _reads(run: Run) -> list[Exchange]:
    return [each for each in run.seen if each.asked.path == _FEED]


class _OfFeed(Check):
    """A check of whoever reads the feed."""

    def __init__(self) -> None:
        self.parts = 0

    def unread(self) -> Finding:
        """The client does not read it."""
        return self.unseen("没有读取变更流。", "It did not read the change feed.")


class FeedCursor(_OfFeed):
    """The first part is short, so that there is another."""

    name = "feed-cursor"
    zh = "以上一次的 next 继续读取变更流，直至 more 为假。"
    en = "It goes on in the feed from `next`, while there is `more`."

    async def meet(self, asked: Asked, forward: Forward) -> Answered:
        """Tell one change, and that there is more."""
        if asked.path != _FEED or self.parts:
            return await forward(asked)
        answered = await forward(asked.with_value("limit", "1"))
        if answered.status != 200:
            return answered
        self.parts += 1
        return answered.saying(answered.json() | {"more": True})

    def judge(self, run: Run) -> Finding:
        """Each read begins where the one before it run."""
        reads = [each for each in _reads(run) if each.answered.status == 200]
        if not reads:
            return self.unread()
        for before, after in pairwise(reads):
            if after.asked.value("after") != before.answered.json()["next"]:
                return self.failed(
                    "没有从上一次的 next 继续。", "It did not go on from the `next` of before."
                )
        if reads[-1].answered.json()["more"]:
            return self.failed("more 为真时停止了。", "It stopped where there was more.")
        return self.passed()


class FeedGone(_OfFeed):
    """Things are told that do not exist, then one of them is gone, with what lies in it."""

    name = "feed-gone"
    zh = "删除已消失的对象及其所含对象，保留其余。"
    en = "It drops what is gone and what lies in it, and keeps the rest."

    def __init__(self) -> None:
        super().__init__()
        self.going, self.inside, self.staying = (str(uuid4()) for _ in range(3))
        self.held: set[str] | None = None
        """The keys that the client says it holds; None where it cannot be asked."""

    async def meet(self, asked: Asked, forward: Forward) -> Answered:
        """Tell of three things, then that one is gone."""
        if asked.path != _FEED or self.parts == 2:
            return await forward(asked)
        model = None if self.parts else await self._model(asked, forward)
        answered = await forward(asked)
        if answered.status != 200 or (model is None and not self.parts):
            return answered
        part = answered.json()
        if model is None:
            part["items"].append(self._gone(part["kinds"][0], part["next"]))
        else:
            part["items"] += [
                _like(model, self.going), _like(model, self.inside, self.going),
                _like(model, self.staying),
            ]  # fmt: skip
            part["more"] = True
        self.parts += 1
        return answered.saying(part)

    async def _model(self, asked: Asked, forward: Forward) -> Any:
        """A thing that there is, for those that there are not to be like."""
        anew = asked.with_value("after", None).with_value("limit", "20")
        content = (await forward(anew)).json()
        items = content.get("items", []) if isinstance(content, dict) else []
        return next((each for each in items if not each["gone"]), None)

    def _gone(self, kind: str, cursor: str) -> dict[str, Any]:
        """As the contract has it: a typed client reads nothing less."""
        gone = {"kind": kind, "id": self.going, "change": cursor}
        return gone | {"gone": True, "became": None, "lies_in": []}

    def judge(self, run: Run) -> Finding:
        """What it says that it holds."""
        if not _reads(run):
            return self.unread()
        if self.held is None:
            return self.unseen(
                "无法得知客户端保存了什么（见 --held）。",
                "What it holds cannot be asked: see --held.",
            )
        if wrong := self._wrong(self.held):
            return self.failed(*wrong)
        return self.passed()

    def _wrong(self, held: set[str]) -> tuple[str, str] | None:
        """What is not as it should be among what the client holds."""
        if self.parts < 2:
            return ("没有读到消失的对象。", "It did not read on to what was gone.")
        if self.staying not in held:
            return ("没有保存变更流所述的对象。", "It does not hold what the feed told.")
        if self.going in held:
            return ("仍保存已消失的对象。", "It holds what is gone.")
        if self.inside in held:
            return ("仍保存已消失对象所含的对象。", "It holds what lay in something that is gone.")
        return None


def _like(model: dict[str, Any], key: str, lies_in: str | None = None) -> dict[str, Any]:
    """A thing like another, under a key of its own."""
    thing = deepcopy(model)
    thing["id"] = thing[thing["kind"]]["id"] = key
    thing["lies_in"] = [*thing["lies_in"], *([lies_in] if lies_in else [])]
    return thing


class FeedAnew(_OfFeed):
    """The server was restored from a copy: its cursors are of another life."""

    name = "feed-anew"
    zh = "遇 change_epoch_raised 从头读取。"
    en = "On `change_epoch_raised` it begins the feed anew, without a cursor."

    def __init__(self) -> None:
        super().__init__()
        self.struck: float | None = None

    async def meet(self, asked: Asked, forward: Forward) -> Answered:
        """Refuse the first cursor."""
        if asked.path != _FEED or self.struck is not None:
            return await forward(asked)
        if asked.value("after") is not None:
            self.struck = asked.at
            return problem(409, "change_epoch_raised")
        answered = await forward(asked)
        return (
            answered.saying(answered.json() | {"more": True})
            if answered.status == 200
            else answered
        )

    def judge(self, run: Run) -> Finding:
        """The next read has no cursor."""
        reads = _reads(run)
        if not reads:
            return self.unread()
        if self.struck is None:
            return self.unseen("没有使用游标。", "It used no cursor.")
        later = [each.asked for each in reads if each.asked.at > self.struck]
        if not later:
            return self.failed("没有重新开始。", "It did not begin anew.")
        if later[0].value("after") is not None:
            return self.failed("仍使用旧游标。", "It asked with a cursor again.")
        return self.passed()
