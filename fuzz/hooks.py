"""What Schemathesis is told of us: who asks, which keys there are, and what is no failure.

Loaded by `SCHEMATHESIS_HOOKS=fuzz.hooks` in the process of `st`, for one role at a time.
"""

import os
import re
from contextlib import suppress
from typing import Any
from zlib import crc32

import httpx2
import schemathesis

from fuzz.keys import KEY, Keys
from fuzz.tokens import bearer

ADDRESS = os.environ["YANXUN_FUZZ_ADDRESS"]
NAME, SECRET = os.environ["YANXUN_FUZZ_ACCOUNT"].split(" ", 1)
OVERSEER, OVERSEERS_SECRET = os.environ["YANXUN_FUZZ_OVERSEER"].split(" ", 1)

DRAWN_ANEW = 4
"""Of so many keys one stays as it was drawn, the key of nothing."""

known = Keys()


@schemathesis.auth(refresh_interval=240)
class Token:
    """Signs in as the role, anew before a token ends."""

    def get(self, case: Any, ctx: Any) -> dict[str, str]:  # noqa: ARG002
        """The header."""
        return bearer(ADDRESS, NAME, SECRET)

    def set(self, case: Any, data: dict[str, str], ctx: Any) -> None:  # noqa: ARG002
        """Put it where it belongs."""
        case.headers = case.headers or {}
        case.headers.update(data)


@schemathesis.hook
def after_load_schema(context: Any, schema: Any) -> None:  # noqa: ARG001
    """Look around first, as the one who may see everything: what is out of the role's reach is asked too."""
    known.avoid(_own_keys(NAME, SECRET) | _own_keys(OVERSEER, OVERSEERS_SECRET))
    headers = bearer(ADDRESS, OVERSEER, OVERSEERS_SECRET)
    with httpx2.Client(base_url=ADDRESS, headers=headers, timeout=60) as client:
        for _ in range(2):
            for path, methods in schema.raw_schema["paths"].items():
                if "get" in methods and path.startswith("/api/v1/"):
                    _look(client, path)


def _own_keys(name: str, secret: str) -> set[str]:
    """The account itself and what it may do: a role that shuts itself out asks nothing more."""
    headers = bearer(ADDRESS, name, secret)
    me = httpx2.get(f"{ADDRESS}/api/v1/me", headers=headers, timeout=60).json()
    return {me["account_id"], *(each["id"] for each in me["grants"] if "id" in each)}


def _look(client: Any, path: str) -> None:
    names = re.findall(r"\{(\w+)\}", path)
    keys = {name: found[0] for name in names if (found := known.of(name))}
    if len(keys) == len(names):
        with suppress(httpx2.HTTPError, ValueError):
            known.learn(path, client.get(path.format(**keys)).json())


def with_keys(value: Any, name: str = "") -> Any:
    """The same with keys of things that there are, in most places where a drawn key stands."""
    if isinstance(value, dict):
        return {key: with_keys(each, str(key)) for key, each in value.items()}
    if isinstance(value, list):
        return [with_keys(each, name) for each in value]
    if not isinstance(value, str) or not KEY.fullmatch(value) or value in known:
        return value
    # The drawn key itself says which is taken for it, so that a case drawn again is the same.
    number = crc32(value.encode())
    if number % DRAWN_ANEW == 0:
        return value
    return known.draw(name, number // DRAWN_ANEW) or value


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:  # noqa: ARG001
    """Keys of things that there are."""
    return with_keys(path_parameters)


@schemathesis.hook
def map_query(context: Any, query: Any) -> Any:  # noqa: ARG001
    """Keys of things that there are."""
    return with_keys(query)


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:  # noqa: ARG001
    """Keys of things that there are."""
    return with_keys(body)


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:  # noqa: ARG001
    """Learn the keys of what there is now."""
    if 200 <= response.status_code < 300:
        with suppress(ValueError, UnicodeDecodeError):
            known.learn(case.operation.path, response.json())


OF_THE_DOMAIN = {"value_error", "assertion_error"}
"""Codes of what a rule between several fields refuses, which no JSON schema can say."""
BOUNDS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}
"""Of numbers the schema knows them, but not of days and of decimals that are written as texts."""


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:  # noqa: ARG001
    """No failure: that the domain refuses what has the right form.

    A refusal of the form itself is one, unless it is of what JSON schema has no word for: rules between
    fields, bounds of days and of decimals, and blanks at both ends of a text, which do not count. Nor is
    it one that the server answers what is no HTTP, which never comes to the application.
    """
    if response.content == b"Invalid HTTP request received.":
        return False
    if failure.code != "ST202":
        return True
    try:
        problem = response.json()
    except (ValueError, UnicodeDecodeError):
        return True
    if problem.get("code") != "invalid_request" or "errors" not in problem:
        return False
    padded = _is_padded([case.body, case.query])
    return not all(_beyond_schema(each["code"], padded=padded) for each in problem["errors"])


def _beyond_schema(code: str, *, padded: bool) -> bool:
    if code.startswith("decimal_") or code in BOUNDS | OF_THE_DOMAIN:
        return True
    return padded and code.startswith("string_")


def _is_padded(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_is_padded(each) for each in value.values())
    if isinstance(value, list):
        return any(_is_padded(each) for each in value)
    return isinstance(value, str) and value != value.strip()
