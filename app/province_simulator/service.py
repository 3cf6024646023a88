"""What the simulated platform answers over HTTP.

    PUT  /submissions/{id}             {manifest, signature}           -> {}
    POST /submissions/{id}/records     {records: [{key, …, content}]}  -> {receipts: [...]}
    POST /submissions/{id}/receipts    {keys: [...]}                   -> {receipts: [...]}
    GET  /records?city_id&after&limit                                  -> {records: [...], more}
    GET  /arrivals?city_id&after&limit                                 -> {arrivals: [...], reached}

    PUT  /control/faults/{fault}       {times, where, seconds}         DELETE /control/faults
    POST /control/decide               {state, code}                   POST /control/arrivals
    POST /control/forget               {city_id, key}                  GET /control/effects

Everything needs the bearer secret; a failure says a `code` and a `reason`.
"""

import asyncio
import hmac
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable
from json import loads
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.province_simulator.faults import Chosen, Fault, Faults
from app.province_simulator.store import Store, Unfit
from app.security.tokens import open_signed

_MOST = 1000
"""Records, or arrivals, that one answer holds."""

Handler = Callable[["Service", Request], Awaitable[dict[str, Any]]]


class Broken(Response):
    """An answer that never comes: its head is sent, and the connection ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Promise a body and send none."""
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


class Service:
    """The platform with its store and its faults; `keys` verify manifests, where they are given."""

    def __init__(self, store: Store, secret: str, keys: list[dict[str, str]] | None) -> None:
        self.store, self.faults = store, Faults()
        self._secret, self._keys = secret, keys
        self._one = asyncio.Lock()

    async def answer(self, operation: str, handle: Handler, request: Request) -> Response:
        """One request, with whatever fault strikes at it."""
        if not self._knows(request):
            return _problem(401, "not_authenticated", "the secret is not the right one")
        if operation == "control":
            return await self._handled(handle, request)
        strike = self.faults.strike
        if slow := strike(Fault.SLOW, operation):
            await asyncio.sleep(slow.seconds)
        if strike(Fault.ERROR_500, operation):
            return _problem(500, "internal_error", "it fails on demand")
        if strike(Fault.WINDOW_CLOSED, operation):
            closed = _problem(503, "window_closed", "it takes nothing at this hour")
            closed.headers["Retry-After"] = "60"
            return closed
        answered = await self._handled(handle, request)
        if strike(Fault.DUPLICATE_DELIVERY, operation):
            answered = await self._handled(handle, request)
        if strike(Fault.RESPONSE_LOST, operation):
            return Broken()
        return answered

    def _knows(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), self._secret.encode())

    async def _handled(self, handle: Handler, request: Request) -> Response:
        try:
            async with self._one:
                return JSONResponse(await handle(self, request))
        except Unfit as unfit:
            return _problem(409, unfit.code, unfit.reason)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return _problem(422, "malformed", f"{type(error).__name__}: {error}"[:200])

    def check_signature(self, manifest: dict[str, Any], signature: str) -> None:
        """Refuse a manifest that is not what was signed, or by none of the keys, where there are some."""
        _, payload, _ = signature.split(".")
        if loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4))) != manifest:
            raise Unfit("manifest_unsigned", "the signature is of another manifest")
        if self._keys is None:
            return
        for each in self._keys:
            try:
                open_signed(each, signature)
            except ValueError:
                continue
            return
        raise Unfit("signature_unknown", "no known key has signed it")


async def _open(service: Service, request: Request) -> dict[str, Any]:
    body = await request.json()
    service.check_signature(body["manifest"], body["signature"])
    service.store.open(request.path_params["submission_id"], body["manifest"])
    return {}


async def _take(service: Service, request: Request) -> dict[str, Any]:
    body, receipts = await request.json(), []
    reviewed = service.faults.strike(Fault.THREE_STATE, "records")
    rejecting = service.faults.strike(Fault.PARTIAL_REJECT, "records")
    for place, record in enumerate(body["records"]):
        state, code = ("pending" if reviewed else "accepted"), None
        if rejecting and place % 2 == 0 and record["attempt"] == 1:
            state, code = "rejected", "not_plausible"
        taken = service.store.take(
            request.path_params["submission_id"], record, state=state, code=code
        )
        receipts.append(taken.receipt)
    return {"receipts": receipts}


async def _receipts(service: Service, request: Request) -> dict[str, Any]:
    submission_id, keys = request.path_params["submission_id"], set((await request.json())["keys"])
    known = service.store.records.values()
    asked = (each for each in known if each.submission_id == submission_id and each.key in keys)
    return {"receipts": [each.receipt for each in asked]}


def _limit(request: Request) -> int:
    return min(int(request.query_params.get("limit", "100")), _MOST)


async def _held(service: Service, request: Request) -> dict[str, Any]:
    city_id, after = request.query_params["city_id"], request.query_params.get("after", "")
    limit = _limit(request)
    known = sorted(key for city, key in service.store.records if city == city_id and key > after)
    shown = [service.store.records[city_id, key] for key in known[:limit]]
    told = [{"key": each.key, "digest": each.digest, "state": each.state} for each in shown]
    return {"records": told, "more": len(known) > limit}


async def _arrivals(service: Service, request: Request) -> dict[str, Any]:
    city_id, after = request.query_params["city_id"], int(request.query_params.get("after", "0"))
    later = service.store.arrivals[after : after + _limit(request)]
    reached = later[-1]["sequence"] if later else after
    shown = [each for each in later if each["city_id"] == city_id]
    told = [{name: each[name] for name in each if name != "city_id"} for each in shown]
    return {"arrivals": told, "reached": reached}


async def _choose_fault(service: Service, request: Request) -> dict[str, Any]:
    service.faults.chosen[Fault(request.path_params["fault"])] = Chosen(**await request.json())
    return {}


async def _clear_faults(service: Service, request: Request) -> dict[str, Any]:  # noqa: ARG001
    service.faults.chosen.clear()
    return {}


async def _decide(service: Service, request: Request) -> dict[str, Any]:
    return {"decided": service.store.decide(**await request.json())}


async def _add_arrival(service: Service, request: Request) -> dict[str, Any]:
    return {"sequence": service.store.add_arrival(await request.json())}


async def _forget(service: Service, request: Request) -> dict[str, Any]:
    service.store.forget(**await request.json())
    return {}


async def _effects(service: Service, request: Request) -> dict[str, Any]:  # noqa: ARG001
    return {"effects": dict(service.store.effects)}


_ADDRESSES: tuple[tuple[str, str, str, Handler], ...] = (
    ("PUT", "/submissions/{submission_id}", "open", _open),
    ("POST", "/submissions/{submission_id}/records", "records", _take),
    ("POST", "/submissions/{submission_id}/receipts", "receipts", _receipts),
    ("GET", "/records", "held", _held),
    ("GET", "/arrivals", "arrivals", _arrivals),
    ("PUT", "/control/faults/{fault}", "control", _choose_fault),
    ("DELETE", "/control/faults", "control", _clear_faults),
    ("POST", "/control/decide", "control", _decide),
    ("POST", "/control/arrivals", "control", _add_arrival),
    ("POST", "/control/forget", "control", _forget),
    ("GET", "/control/effects", "control", _effects),
)


def create_simulator(
    store: Store, *, secret: str, keys: list[dict[str, str]] | None = None
) -> Starlette:
    """The simulator as an application."""
    service = Service(store, secret, keys)

    def route(method: str, path: str, operation: str, handle: Handler) -> Route:
        async def answer(request: Request) -> Response:
            return await service.answer(operation, handle, request)

        return Route(path, answer, methods=[method])

    return Starlette(routes=[route(*each) for each in _ADDRESSES])


def _problem(status: int, code: str, reason: str) -> JSONResponse:
    return JSONResponse({"code": code, "reason": reason}, status)
