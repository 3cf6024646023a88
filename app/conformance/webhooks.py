"""What a receiver of webhooks owes (Standard Webhooks): to believe what is signed, and is new."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from uuid import uuid4

import httpx2
import msgspec
from standardwebhooks import Webhook

from app.conformance.findings import Finding, Outcome


@dataclass
class Message:
    """A message as it is sent."""

    body: str
    secrets: list[str]
    at: datetime
    key: str
    signed_body: str | None = None

    def headers(self) -> dict[str, str]:
        """Its identity, its moment, and a signature by each secret."""
        content = self.body if self.signed_body is None else self.signed_body
        signatures = [Webhook(each).sign(self.key, self.at, content) for each in self.secrets]
        return {
            "content-type": "application/json",
            "webhook-id": self.key,
            "webhook-timestamp": str(int(self.at.timestamp())),
            "webhook-signature": " ".join(signatures),
        }


def _secret() -> str:
    return f"whsec_{b64encode(token_bytes(24)).decode()}"


def _body(*, afresh: bool) -> str:
    change = {"kind": "teacher", "id": str(uuid4()), "gone": False}
    data = {
        "changes": [] if afresh else [change], "since": "conformance", "next": "conformance",
        "afresh": afresh,
    }  # fmt: skip
    moment = datetime.now(UTC)
    return msgspec.json.encode({"type": "changes", "timestamp": moment, "data": data}).decode()


def _messages(secret: str) -> list[tuple[str, Message, bool, str, str]]:
    """Each message with its check, whether it is to be taken, and what it says otherwise."""
    now, body = datetime.now(UTC), _body(afresh=False)
    genuine = Message(body, [secret], now, str(uuid4()))
    unheard = ("未接受真实的消息。", "It did not take a genuine message.")

    def other(**more: object) -> Message:
        fields = {"body": body, "secrets": [secret], "at": now, "key": str(uuid4())}
        return Message(**(fields | more))  # type: ignore[arg-type]

    return [
        ("webhook-genuine", genuine, True, *unheard),
        ("webhook-again", genuine, True, "未接受重复送达的消息。",
         "It refused a message that it had taken before: it will come again."),
        ("webhook-afresh", other(body=_body(afresh=True)), True, "未接受 afresh 消息。",
         "It did not take a message that says to read the feed afresh."),
        ("webhook-rotation", other(secrets=[_secret(), secret]), True, "轮换密钥时未接受。",
         "It did not take a message with two signatures, one of them by its secret."),
        ("webhook-forged", other(secrets=[_secret()]), False, "接受了伪造的签名。",
         "It took a message that was signed by somebody else."),
        ("webhook-changed", other(signed_body=_body(afresh=False)), False, "接受了被改动的内容。",
         "It took a message whose content was changed after it was signed."),
        ("webhook-old", other(at=now - timedelta(hours=1)), False, "接受了一小时前的消息。",
         "It took a message that was signed an hour ago."),
    ]  # fmt: skip


async def examine_receiver(url: str, secret: str) -> list[Finding]:
    """Send a receiver messages, some of which it is to take; what it made of each.

    Raises `httpx2.TransportError` where nobody listens.
    """
    findings = []
    async with httpx2.AsyncClient(timeout=15, trust_env=False) as http:
        for name, message, is_to_be_taken, zh, en in _messages(secret):
            answer = await http.post(url, content=message.body, headers=message.headers())
            right = answer.is_success is is_to_be_taken
            done = ("正确。", f"Answered {answer.status_code}, as it is to be.")
            told = done if right else (zh, en)
            outcome = Outcome.PASSED if right else Outcome.FAILED
            findings.append(Finding(name, outcome, *told))
    return findings
