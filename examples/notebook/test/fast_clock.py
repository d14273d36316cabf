"""The clock of the test's stage, and its tokens, for the notebook's client."""

import os
from typing import Any

import requests


def _post(path: str, body: dict[str, float]) -> Any:
    return requests.post(os.environ["FAST_CLOCK"] + path, json=body, timeout=600).json()


class FastClock:
    """Sleeps as long as the stage's clock says, which is a moment."""

    def sleep(self, seconds: float, /) -> None:
        _post("/sleep", {"seconds": seconds})

    def monotonic(self) -> float:
        return float(_post("/now", {})["seconds"])


def new_token() -> str:
    return str(_post("/token", {})["token"])
