"""How the pages of signing in are made: templates without logic, and every value escaped.

They work without a script, carry none, and may be framed by nobody. A form may be sent here alone,
and from there on to the application that it answers.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from string import Template

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.domain.access.roles import Permission
from app.pages.files import FOLDER, assets_version
from app.pages.words import WORDS, words_of_scope
from app.request import language
from app.sql import Row

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action {targets}; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Markup(str):
    """Text that is HTML already: a fragment made here, of escaped values."""

    __slots__ = ()


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text(encoding="utf-8"))


def spoken(request: Request, asked: str | None) -> str:
    """The language of a page: what its address asks for (`ui_locales`), else what the browser does."""
    for tag in (asked or "").split():
        if tag.partition("-")[0].lower() in WORDS:
            return tag.partition("-")[0].lower()
    return language(request)


def render(
    name: str, said: str, values: Mapping[str, str], *, status: int = 200, back_to: str = "",
    up: str = "../",
) -> HTMLResponse:  # fmt: skip
    """A page in a language; `back_to` is the origin to which its form may lead, `up` the way to `/`."""
    words = WORDS[said]
    filled = {**words, "assets": f"{up}pages/{assets_version()}", **values}
    content = _template(name).substitute(
        {
            key: value if isinstance(value, Markup) else escape(value)
            for key, value in filled.items()
        }
    )
    return HTMLResponse(
        content,
        status,
        {
            "Content-Security-Policy": _POLICY.format(targets=f"'self' {back_to}".strip()),
            "Cache-Control": "no-store",
            # Not no-referrer: a form's Origin would then be null, and could not be compared.
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        },
    )


def notice(
    said: str, message: str, *, title: str = "done", status: int = 200, up: str = "../"
) -> HTMLResponse:
    """A page that only says something."""
    values = {"title": WORDS[said][title], "message": message}
    return render("notice.html", said, values, status=status, up=up)


def alert(message: str | None) -> Markup:
    """What went wrong, said at once by a screen reader; nothing where nothing did."""
    if message is None:
        return Markup()
    return Markup(f'<p role="alert" id="alert">{escape(message)}</p>')


def hidden(fields: Mapping[str, str]) -> Markup:
    """Fields that a form carries on."""
    return Markup(
        "\n".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}" />'
            for name, value in fields.items()
        )
    )


def scope_list(scopes: list[Permission], said: str) -> Markup:
    """The scopes in words."""
    return Markup("\n".join(f"<li>{escape(words_of_scope(each, said))}</li>" for each in scopes))


def elsewhere(offered: Sequence[Row], query: str, said: str) -> Markup:
    """Links to sign in at one of these identity providers, for the request of this query."""
    words = WORDS[said]
    links = "".join(
        f'<li><a href="identities/{each["id"]}/go?{escape(query)}">'
        f"{escape(words['sign_in_with'].format(name=each['name']))}</a></li>"
        for each in offered
    )
    if not links:
        return Markup()
    return Markup(f'<nav aria-label="{escape(words["elsewhere"])}"><ul>{links}</ul></nav>')


def inputs(names: Sequence[str], said: str, described: str) -> Markup:
    """The fields of a form by which somebody proves that it is them: `password`, `otp`."""
    made = {
        "password": '<input id="password" name="password" type="password"'
        f' autocomplete="current-password" maxlength="256" {described} />',
        "otp": '<input id="otp" name="otp" autocomplete="one-time-code" autocapitalize="none"'
        f' spellcheck="false" maxlength="40" {described} />',
    }
    words = {"password": WORDS[said]["password"], "otp": WORDS[said]["otp_only"]}
    return Markup(
        "".join(f'<label for="{name}">{escape(words[name])}</label>{made[name]}' for name in names)
    )


def fact_list(facts: Mapping[str, str | None], said: str) -> Markup:
    """What is known of an application, by the names of the words; nothing for what is empty."""
    return Markup(
        "\n".join(
            f"<dt>{escape(WORDS[said][name])}</dt><dd>{escape(value)}</dd>"
            for name, value in facts.items()
            if value
        )
    )
