"""A receiver of webhooks: it verifies a message, answers at once, and does nothing twice.

Run it with the secret in YANXUN_WEBHOOK_SECRET and the port as its argument; it prints what has changed.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = base64.b64decode(os.environ["YANXUN_WEBHOOK_SECRET"].removeprefix("whsec_"))
LARGEST = 1_000_000
OLDEST = 300
seen: set[str] = set()  # in earnest: a table, written together with what the message brings about


def is_genuine(message_id: str, timestamp: str, signatures: str, body: bytes) -> bool:
    """Whether one of the signatures was made with our secret, just now (Standard Webhooks)."""
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > OLDEST:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    wanted = base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256)).decode()
    return any(hmac.compare_digest(f"v1,{wanted}", each) for each in signatures.split())


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to a genuine message, 401 to any other."""

    def do_POST(self) -> None:
        """Take a message."""
        length = int(self.headers.get("content-length", "0"))
        body = self.rfile.read(min(length, LARGEST))
        named = (self.headers.get(f"webhook-{n}", "") for n in ("id", "timestamp", "signature"))
        message_id, timestamp, signatures = named
        genuine = is_genuine(message_id, timestamp, signatures, body)
        self.send_response(204 if genuine else 401)
        self.end_headers()
        if genuine and message_id not in seen:
            seen.add(message_id)
            for change in json.loads(body)["data"].get("changes", []):
                print(change["kind"], change["id"], "gone" if change["gone"] else "", flush=True)


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
