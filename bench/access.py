"""Who comes in: signing in, a client's grant, a token that was seen before, a search by name."""

import json
import time
from statistics import median
from urllib.parse import quote, urlencode

from app.demo.listed import FILE
from app.request import actor_of_token
from app.settings import Settings
from bench.asking import Asked, Spent
from bench.direct import Timed
from bench.load import Request

_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
NAMES = ("王", "欧阳", "李测试", "王测试123", "测试4", "wang", "li ce", "zhang ceshi", "wcs", "lcs")
"""What people type: a family name, a part, nobody's, pinyin, initials; all are called 测试."""


async def access(settings: Settings, token: str) -> list[Timed]:
    """The figures of access, in the city of the settings; `token` is its administrator's."""
    accounts = json.loads((settings.data_folder / FILE).read_text(encoding="utf-8"))
    people = [each for each in accounts if each["kind"] == "person"]
    clients = [each for each in accounts if each["kind"] == "client"]
    # One after the other, by everybody in turn: nobody is kept waiting for having failed before, and
    # for the one connection they wait as long as the process's own duties take.
    alone = settings.model_copy(
        update={"pool_size": 1, "pool_patience": 120.0, "attempts_at_once": 1_000_000}
    )
    async with Asked(alone) as asked:
        sign_ins = [_token_of("password", "username", "password", each) for each in people]
        granted = [
            _token_of("client_credentials", "client_id", "client_secret", each) for each in clients
        ]
        signed = (("Authorization", f"Bearer {token}"),)
        searched = [
            Request("GET", f"/api/v1/teachers/search?limit=20&q={quote(name)}", signed)
            for name in NAMES
        ]
        for each in (sign_ins, granted, searched):
            await asked.spend(each)  # statements are prepared, packs compiled
        return [
            _rate("登录 sign-in", await asked.spend(_in_turn(sign_ins, 60)), 30),
            _rate("应用授权 client grant", await asked.spend(_in_turn(granted, 600)), 600),
            _checked(asked, token),
            _searched(await asked.spend(_in_turn(searched, 400))),
        ]


def _token_of(flow: str, name: str, secret: str, account: dict[str, str]) -> Request:
    form = {"grant_type": flow, name: account["name"], secret: account["secret"]}
    return Request("POST", "/oauth/token", _FORM, urlencode(form).encode())


def _in_turn(requests: list[Request], count: int) -> list[Request]:
    return [requests[number % len(requests)] for number in range(count)]


def _rate(name: str, spent: Spent, promised: int) -> Timed:
    compared = (
        f"{1000 / spent.own:.0f}/s of one core's time; PostgreSQL {spent.database:.2f} ms more"
    )
    return Timed(name, spent.own, compared, f"≥ {promised}/s")


def _checked(asked: Asked, token: str) -> Timed:
    held, header, times = asked.application.state.resources, f"Bearer {token}", []
    actor_of_token(held, header)
    for _ in range(30):
        began = time.process_time()
        for _ in range(1000):
            actor_of_token(held, header)
        times.append(time.process_time() - began)
    return Timed("令牌核验 a token seen before", median(times), "", "< 0.2 ms")


def _searched(spent: Spent) -> Timed:
    compared = (
        f"p50 {spent.percentile(0.5):.1f} ms, {spent.own:.2f} ms of our time,"
        f" {spent.database:.2f} of PostgreSQL's"
    )
    return Timed("姓名检索 name search, p95", spent.percentile(0.95), compared, "≤ 30 ms")
