"""GraphQL over HTTP, with a token that is renewed."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests

TIMEOUT = (10.0, 90.0)
"""Seconds to connect, and to wait for an answer; the service itself ends after 25."""
PAUSES = (5.0, 20.0, 60.0)
"""Seconds after which a service that did not answer is tried again."""

Errors = Sequence[Mapping[str, Any]]
"""GraphQL errors as they came."""


class Clock(Protocol):
    """What waits and tells time: the module `time`, or a test's clock."""

    def sleep(self, seconds: float, /) -> None: ...

    def monotonic(self) -> float: ...


class TokenSource(Protocol):
    """Where tokens come from: `device_code` and `ready_token` make one."""

    def __call__(self, refused: bool = False, claims: str | None = None) -> str:
        """A token that is good now.

        `refused`: the last one was not. `claims`: JSON text that the sign-in must satisfy.
        """


class Stopped(RuntimeError):
    """Going on would not help before somebody acts, as the message says. What was read is saved."""


class Service:
    """One service, asked as one caller. Bulk priority: people who wait for a page go first."""

    def __init__(self, url: str, token: TokenSource, clock: Clock = time) -> None:
        address = urlsplit(url)
        if address.scheme != "https" and address.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError("The URL must begin with https://, or the token can be read on its way.")
        self._url = url
        self._source = token
        self._clock = clock
        self._session = requests.Session()
        self._token = ""
        self._is_renewed = False

    def ask(self, query: str, variables: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
        """Data and errors of one request; data is empty where there is none. Raises `Stopped`."""
        why = ""
        for pause in (*PAUSES, None):
            if not self._is_renewed:
                self._token = self._source()
            try:
                response = self._session.post(
                    self._url,
                    json={"query": query, "variables": variables},
                    headers={"x-defender-priority": "bulk"},
                    auth=self._authorized,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
                body = response.json()
                if isinstance(body, dict) and ("data" in body or "errors" in body):
                    return body.get("data") or {}, body.get("errors") or []
                why = f"HTTP status {response.status_code} came, and no GraphQL."
            except requests.JSONDecodeError:
                why = f"HTTP status {response.status_code} came, and no GraphQL. Is the URL right?"
            except (requests.ConnectionError, requests.Timeout):
                why = "It can't be reached."
            if pause is not None:
                self._clock.sleep(pause)
        raise Stopped(f"The service does not answer. {why} Run again later: what was read is saved.")

    def accepted(self) -> None:
        """The token has let this caller in."""
        self._is_renewed = False

    def sign_in_again(self, errors: Errors) -> None:
        """Gets a new token, with the claims that the errors ask for. Raises `Stopped` where the last was new as well."""
        if self._is_renewed:
            raise Stopped(f"The new token is refused as well. {message_of(errors)}")
        challenges = (error.get("extensions", {}).get("claims") for error in errors)
        claims = next((text for text in challenges if text), None)
        self._token = self._source(
            refused=True, claims=base64.b64decode(claims).decode() if claims else None
        )
        self._is_renewed = True

    def _authorized(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # As `auth`, or else a `.netrc` that knows the host would take the header's place.
        request.headers["authorization"] = f"Bearer {self._token}"
        return request


def code_of(error: Mapping[str, Any]) -> str:
    """The code for programs, as in the service's table of errors."""
    return str(error.get("extensions", {}).get("code", "INTERNAL_SERVER_ERROR"))


def message_of(errors: Errors) -> str:
    """What the first error says to people."""
    return str(errors[0].get("message", "")) if errors else "No answer came, and no reason."
