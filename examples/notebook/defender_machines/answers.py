"""Answers on disk, a line of JSON for each, so that a collection that was stopped goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Problem:
    """Why there is no answer for a person."""

    code: str
    """As in the service's table of errors, such as `BAD_USER_INPUT`."""
    message: str
    what_to_do: str


@dataclass(frozen=True)
class Answer:
    """What is known of one person. `machines` is None for one whom Defender doesn't know, or where there is a problem."""

    account: str
    user_name: str
    """As it was asked for."""
    machines: list[dict[str, Any]] | None = None
    as_of: str | None = None
    """When Defender was read, as RFC 3339 text."""
    source: str | None = None
    """`LIVE`, `CACHE`, or `STALE`: remembered past its time, because Defender could not be asked."""
    complete: bool | None = None
    """False: Defender had more devices than were read."""
    problem: Problem | None = None


class AnswersFile:
    """The latest answer of each account in a file, which no one but its owner can read. Use it in a `with` block."""

    def __init__(self, path: str) -> None:
        self.answers: dict[str, Answer] = {}
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        whole = 0
        for line in self._file:
            # One that was being written when the process was killed.
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            answer = _read(json.loads(line))
            self.answers[answer.account] = answer
        self._file.truncate(whole)
        self._file.seek(whole)

    def add(self, answers: Mapping[str, Answer]) -> None:
        """Returns once they are on the disk."""
        for account, answer in answers.items():
            self._file.write(json.dumps(asdict(answer), ensure_ascii=False).encode() + b"\n")
            self.answers[account] = answer
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> AnswersFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def _read(line: dict[str, Any]) -> Answer:
    problem = line.pop("problem", None)
    return Answer(**line, problem=Problem(**problem) if problem else None)
