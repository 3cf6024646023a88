"""Pages of the documentation that are played: each request that stands in them, and what is said of its answer.

A block of `console` has two lines for each request. `who> METHOD /path {body}` says who asks, and what; the
line below it the status, and what of the answer is compared: `name=value`, lists by their places. `keep x=id`
remembers a value as `{x}`. A line `at MOMENT` says what time it is from there on.
"""

import json
import re
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from tests.architecture.source import ROOT
from tests.make import Client, Person

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ASKED = re.compile(r"(\w+)> (GET|POST|PUT) (\S+)(?: (\{.*\}))?")
_SAID = re.compile(r"(keep )?([\w.]+)=(\"[^\"]*\"|\S+)")


def at(answer: Any, path: str) -> Any:
    """What stands at a path: in a list by its place."""
    for part in path.split("."):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer


def filled(text: str, names: Mapping[str, str]) -> str:
    """A line with what was kept in the places of its names."""
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


class Clock:
    """What time it is for REST while a page is played."""

    def __init__(self, moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = moment
        for name, module in list(sys.modules.items()):
            if name.startswith("app.api.") and hasattr(module, "now"):
                monkeypatch.setattr(module, "now", lambda: self.moment)


async def play(
    client: Client, page: str, who: Mapping[str, Person], names: dict[str, str], clock: Clock
) -> int:
    """Play a page of `docs`; how many requests it has."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    lines = iter("".join(_BLOCK.findall(text)).splitlines())
    played = 0
    for line in lines:
        if line.startswith("at "):
            clock.moment = datetime.fromisoformat(line.removeprefix("at "))
            continue
        person, method, path, body = _ASKED.fullmatch(line).groups()  # type: ignore[union-attr]
        status, _, rest = next(lines).partition(" ")
        sent = {"json": json.loads(filled(body, names))} if body else {}
        answer = await client.request(who[person], method, filled(path, names), **sent)
        assert answer.status_code == int(status), (line, answer.text)
        for keep, name, value in _SAID.findall(rest):
            if keep:
                names[name] = at(answer.json(), value)
            else:
                wanted = json.loads(filled(value, names))
                assert at(answer.json(), name) == wanted, (line, name, answer.text)
        played += 1
    return played
