"""A headless Chromium, driven through its DevTools protocol, that notes whatever goes wrong."""

import json
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

# Seconds a page may take on a busy machine before it counts as broken.
PATIENCE = 60.0

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A page answers to the mouse before it is first painted, which a busy machine does late.
    "--allow-pre-commit-input",
    "--remote-debugging-port=0",
    "--window-size=1280,900",
)

# The middle of an element; null while it is missing, still moving, or under something else.
FIND_PLACE = """async (selector) => {
  const element = document.querySelector(selector);
  if (!element) return null;
  element.scrollIntoView({ block: "center" });
  const middle = () => {
    const box = element.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const before = middle();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { x, y } = middle();
  const still = before.x === x && before.y === y;
  return still && element.contains(document.elementFromPoint(x, y)) ? { x, y } : null;
}"""


class Tab:
    """One page of the browser; `complaints` is everything that a clean page does not cause."""

    def __init__(self, connection: ClientConnection, origin: str) -> None:
        self.connection = connection
        self.origin = origin
        self.complaints: list[str] = []
        self.addresses: list[str] = []
        self.last_id = 0
        self.session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; what happens meanwhile is noted."""
        self.last_id += 1
        message: dict[str, Any] = {"id": self.last_id, "method": method, "params": parameters}
        if self.session is not None:
            message["sessionId"] = self.session
        self.connection.send(json.dumps(message))
        while True:
            answer = json.loads(self.connection.recv(timeout=PATIENCE))
            if answer.get("id") == self.last_id:
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result
            self.note(answer.get("method", ""), answer.get("params", {}))

    def note(self, method: str, event: dict[str, Any]) -> None:
        """Keep what a clean page does not cause: errors, violations, failures, other hosts."""
        match method:
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(event))
            case "Audits.issueAdded" if event["issue"]["code"] == "ContentSecurityPolicyIssue":
                self.complaints.append(json.dumps(event))
            case "Runtime.consoleAPICalled" if event["type"] in {"error", "assert"}:
                self.complaints.append(json.dumps(event["args"]))
            case "Log.entryAdded" if event["entry"]["level"] == "error":
                self.complaints.append(json.dumps(event["entry"]))
            case "Network.loadingFailed" if not event.get("canceled"):
                self.complaints.append(json.dumps(event))
            case "Network.requestWillBeSent":
                self.note_address(event["request"]["url"])

    def note_address(self, address: str) -> None:
        """Keep an address that was asked for; one of another host is a complaint."""
        if urlsplit(address).scheme == "data":
            return
        self.addresses.append(address)
        if not address.startswith(self.origin + "/"):
            self.complaints.append(f"asked another host: {address}")

    def open(self, path: str) -> None:
        """Go to a page of the server."""
        self.call("Page.navigate", url=self.origin + path)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, waiting for it when it is a promise."""
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """Wait until a JavaScript expression is true or has a value, and return that."""
        deadline = time.monotonic() + PATIENCE
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < deadline, (expression, self.complaints)
            time.sleep(0.1)
        return value

    def click(self, selector: str) -> None:
        """Click an element with the mouse, as a person would, once nothing covers it."""
        place = self.wait_for(f"({FIND_PLACE})({json.dumps(selector)})")
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)

    def write(self, selector: str, text: str) -> None:
        """Put text into a field, leaving it afterwards."""
        self.click(selector)
        self.call("Input.insertText", text=text)
        self.evaluate("document.activeElement.blur()")

    def take_picture(self, target: Path) -> None:
        """Write what the page looks like as a PNG file."""
        target.write_bytes(b64decode(self.call("Page.captureScreenshot")["data"]))


@contextmanager
def open_tab(profile: Path, origin: str) -> Iterator[Tab]:
    """Start a browser with a fresh profile, hand out its tab, and end the browser."""
    assert CHROMIUM is not None
    command = [CHROMIUM, *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with connect(find_address(profile), max_size=None, compression=None) as connection:
                yield Tab(connection, origin)
        finally:
            process.terminate()


def find_address(profile: Path) -> str:
    """Return the address of the DevTools, which the browser writes into its profile."""
    file = profile / "DevToolsActivePort"
    deadline = time.monotonic() + PATIENCE
    while not (file.exists() and file.read_text().count("\n") == 1):
        assert time.monotonic() < deadline, "Chromium did not start."
        time.sleep(0.1)
    port, path = file.read_text().split("\n")
    return f"ws://127.0.0.1:{port}{path}"
