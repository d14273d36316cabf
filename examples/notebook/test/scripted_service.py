"""A service on the loopback interface that answers what a test tells it to, and a clock that only sleeping moves."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

BEGIN = datetime(2026, 11, 2, 8, tzinfo=timezone.utc)


def error(code: str, **extensions: Any) -> dict[str, Any]:
    return {"message": f"This is {code}.", "extensions": {"code": code, **extensions}}


def devices(*ids: str) -> list[dict[str, Any]]:
    return [{"id": one} for one in ids]


@dataclass
class Asked:
    """One request for devices."""

    at: float
    names: list[str]
    authorization: str
    priority: str


Answer = Callable[[str, Asked], Any]
"""Of one person: devices, None, or an error."""


@dataclass
class ScriptedService:
    answer: Answer = lambda name, asked: devices(f"device of {name}")
    seconds_for: Callable[[int], float] = lambda people: 0.0
    """When so many answers can be had, from now."""
    whole: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    """Statuses, bodies and headers that come first, in place of an answer."""
    asked: list[Asked] = field(default_factory=list)
    slept: float = 0.0
    sleeps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float, /) -> None:
        self.sleeps.append(seconds)
        self.slept += seconds

    def monotonic(self) -> float:
        return self.slept

    def __enter__(self) -> ScriptedService:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if service.whole:
                    status, text, headers = service.whole.pop(0)
                else:
                    status, text, headers = 200, json.dumps(service._reply(body, self.headers)), {}
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *arguments: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/graphql"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _reply(self, body: dict[str, Any], headers: Any) -> dict[str, Any]:
        variables = body["variables"]
        if "defenderEstimate" in body["query"]:
            estimates = {key: self._estimate(len(names)) for key, names in variables.items()}
            return {"data": {**estimates, "now": self._estimate(0)}}
        names = variables["userNames"]
        asked = Asked(self.slept, names, headers["authorization"], headers["x-defender-priority"])
        self.asked.append(asked)
        users, errors = [], []
        for place, name in enumerate(names):
            one = self.answer(name, asked)
            is_error = isinstance(one, dict)
            freshness = {"asOf": BEGIN.isoformat(), "source": "LIVE", "complete": True}
            users.append({"machines": None if is_error else one, "machinesFreshness": freshness})
            # Each field of a user has the user's error.
            for name_of_field in ("machines", "machinesFreshness") if is_error else ():
                errors.append({**one, "path": ["machinesByUser", place, name_of_field]})
        return {"data": {"machinesByUser": users}, **({"errors": errors} if errors else {})}

    def _estimate(self, people: int) -> dict[str, Any]:
        seconds = self.seconds_for(people) if people else 0.0
        at = BEGIN + timedelta(seconds=self.slept + seconds)
        return {"cached": 0, "calls": people, "readyAt": re.sub(r"\+00:00$", "Z", at.isoformat())}
