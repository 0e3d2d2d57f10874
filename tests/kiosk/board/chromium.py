"""A real Chromium without a window, steered over its debugging pipe (Chrome DevTools Protocol, null-terminated JSON on descriptors 3 and 4)."""

import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from base64 import b64decode
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
GIVE_UP_S = 90.0
# No window, no graphics card, and nothing that Chromium would ask the world for by itself
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check", "--no-proxy-server",
    "--metrics-recording-only", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-pipe", "--hide-scrollbars",
)  # fmt: skip


AS_3_AND_4 = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"


class Chromium:
    """One browser with one page."""

    def __init__(self, folder: Path) -> None:
        assert PROGRAM is not None
        commands_in, self._to = os.pipe()
        self._from, answers_out = os.pipe()
        command = [PROGRAM, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (commands_in, answers_out)]
        starter = [sys.executable, "-c", AS_3_AND_4, *map(str, ends), *command]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(starter, pass_fds=ends, stdin=quiet, stdout=quiet, stderr=quiet)
        for end in (commands_in, answers_out, *ends):
            os.close(end)
        self._number, self._rest, self._session = 0, b"", ""
        self.events: list[dict[str, Any]] = []
        target = self.does("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.does("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.does(f"{domain}.enable")

    def does(self, method: str, **values: Any) -> dict[str, Any]:
        """Give an order and wait for its answer; what is told meanwhile is kept in `events`."""
        self._number += 1
        order: dict[str, Any] = {"id": self._number, "method": method, "params": values}
        if self._session:
            order["sessionId"] = self._session
        os.write(self._to, json.dumps(order).encode() + b"\0")
        while True:
            told = self._word()
            if told.get("id") == self._number:
                assert "result" in told, told
                result: dict[str, Any] = told["result"]
                return result
            self.events.append(told)

    def opens(self, address: str, width: int, height: int, *, dark: bool = False) -> None:
        """Go there, on a screen of this size, and wait until everything is loaded."""
        self.does("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.does("Emulation.setEmulatedMedia", features=scheme)
        self.events.clear()
        self.does("Page.navigate", url=address)
        self.waits("document.readyState === 'complete' && location.href !== 'about:blank'")

    def says(self, expression: str) -> Any:
        """What this JavaScript is worth; a promise is waited for."""
        found = self.does("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def waits(self, expression: str) -> Any:
        """Until this is true."""
        until = time.monotonic() + GIVE_UP_S
        while time.monotonic() < until:
            if worth := self.says(expression):
                return worth
            select.select([self._from], [], [], 0.05)
        raise AssertionError(f"gave up waiting for {expression}")

    def presses(self, key: str, code: int) -> None:
        """A key of the keyboard."""
        for kind in ("keyDown", "keyUp"):
            self.does(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, text="\r" if key == "Enter" else ""
            )

    def pictures(self, path: Path) -> None:
        """What is seen, as a PNG."""
        path.write_bytes(b64decode(self.does("Page.captureScreenshot", format="png")["data"]))

    def asked_for(self) -> list[str]:
        """Every address that was asked for since the page was opened."""
        return [event["params"]["request"]["url"] for event in self.events if event.get("method") == "Network.requestWillBeSent"]

    def complaints(self) -> list[str]:
        """What the browser wrote to its console: errors, refused styles and scripts."""
        return [event["params"]["entry"]["text"] for event in self.events if event.get("method") == "Log.entryAdded"]

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(GIVE_UP_S)
        os.close(self._to)
        os.close(self._from)

    def _word(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], GIVE_UP_S)
            assert ready, "the browser is silent"
            came = os.read(self._from, 1 << 20)
            assert came, "the browser has ended"
            self._rest += came
        word, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(word)
        return told
