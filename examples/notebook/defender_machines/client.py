"""Collects the answers for a long list of people, and waits where it has to."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .answers import Answer, AnswersFile, Problem
from .outlook import CHUNKS, Estimate, chunk_size, look_ahead, minutes, wait_for
from .service import Clock, Errors, Service, Stopped, TokenSource, code_of, message_of

DEVICE_FIELDS = (
    "id",
    "computerDnsName",
    "osPlatform",
    "version",
    "healthStatus",
    "riskScore",
    "exposureLevel",
    "deviceValue",
    "rbacGroupName",
    "lastSeen",
    "onboardingStatus",
    "defenderAvStatus",
)
"""Fields of a device without fields of their own. The service's schema lists and explains all."""

TRIES = 3
"""How often to ask for a person for whom Defender fails. Being told to come back later doesn't count."""
PAUSE = 60.0
"""Seconds before asking again where the answer names none."""

PASSING = frozenset(
    {"UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE", "UPSTREAM_INVALID_RESPONSE", "DEADLINE_EXCEEDED"}
)
WHAT_TO_DO = {
    "BAD_USER_INPUT": "Correct the name in your list.",
    "FORBIDDEN": "Get the permission that the message names; a new sign-in alone does not help.",
    "INTERNAL_SERVER_ERROR": "Tell the operator of the service when it happened.",
    **dict.fromkeys(PASSING, "Run again later: only those without an answer are asked for."),
}


@dataclass(frozen=True)
class Progress:
    """How far a collection is. As text: a progress bar."""

    total: int
    answered: int
    failed: int
    devices: int
    """Of all people together; one that several people use counts for each."""
    seconds_left: float

    def __str__(self) -> str:
        done = self.answered + self.failed
        filled = 30 * done // max(1, self.total)
        bar = "█" * filled + "░" * (30 - filled)
        failed = f", {self.failed:,} failed" if self.failed else ""
        left = f" · {minutes(self.seconds_left)} left" if done < self.total else ""
        return f"{bar} {done:,} of {self.total:,} people · {self.devices:,} devices{failed}{left}"


@dataclass
class _Turn:
    """When a person may be asked for, by the clock, and how often Defender has failed."""

    name: str
    not_before: float = 0.0
    failures: int = 0


class MachinesClient:
    """Asks a service for the devices of people, as one caller."""

    def __init__(
        self,
        url: str,
        token: TokenSource,
        *,
        fields: Sequence[str] = DEVICE_FIELDS,
        clock: Clock = time,
    ) -> None:
        """`url`: where GraphQL is served. `fields`: of each device, see `DEVICE_FIELDS`."""
        self._service = Service(url, token, clock)
        self._clock = clock
        self._query = _QUERY % " ".join(dict.fromkeys(["id", *fields]))

    def estimate(self, user_names: Iterable[str]) -> Estimate:
        """What asking for these people would take. Makes no call to Defender."""
        return look_ahead(self._service, list(_by_account(user_names).values()), [])[-1]

    def collect(
        self,
        user_names: Iterable[str],
        saved_in: str,
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> list[Answer]:
        """The answers for all these people, in their order, each person once. May take hours.

        `saved_in`: a file of JSON lines, to which each answer is added when it comes. Who has one there is not asked
        for; who failed is. It holds what this caller may see: keep it as private. Raises `Stopped`.
        """
        names = _by_account(user_names)
        with AnswersFile(saved_in) as saved:
            good = {account for account, answer in saved.answers.items() if not answer.problem}
            queue = {key: _Turn(name) for key, name in names.items() if key not in good}
            failed: set[str] = set()
            is_let_in = has_waited = False

            def tell(seconds_left: float) -> None:
                done = [saved.answers[account] for account in names if account not in queue]
                devices = sum(len(answer.machines or []) for answer in done)
                answered = len(done) - len(failed)
                on_progress(Progress(len(names), answered, len(failed), devices, seconds_left))

            while queue:
                chunk, wait, left = self._next(queue, has_waited)
                tell(left)
                has_waited = not chunk
                if has_waited:
                    self._clock.sleep(wait)
                    continue
                answers, refused = self._ask(queue, chunk)
                # Before a sign-in, which may fail or be left.
                saved.add(answers)
                for account, answer in answers.items():
                    del queue[account]
                    if answer.problem:
                        failed.add(account)
                    else:
                        is_let_in = True
                if refused:
                    self._service.sign_in_again(refused)
                if not is_let_in:
                    _stop_if_forbidden(answers.values())
            tell(0.0)
            return [saved.answers[account] for account in names]

    def _next(
        self, queue: Mapping[str, _Turn], has_waited: bool
    ) -> tuple[list[str], float, float]:
        """Whom to ask for now; if nobody, how many seconds to wait; in how many seconds all are there."""
        now = self._clock.monotonic()
        times = [turn.not_before for turn in queue.values()]
        due = [account for account, turn in queue.items() if turn.not_before <= now]
        if not due:
            return [], min(times) - now, max(times) - now
        sizes = sorted({min(size, len(due)) for size in CHUNKS})
        *parts, whole = look_ahead(self._service, [queue[key].name for key in due], sizes)
        left = max(whole.seconds, max(times) - now)
        return due[: chunk_size(parts, has_waited)], wait_for(parts, has_waited), left

    def _ask(self, queue: dict[str, _Turn], chunk: Sequence[str]) -> tuple[dict[str, Answer], Errors]:
        """Asks once: the answers, and what says that the token is refused.

        Who has to be asked for again is put behind the others in the queue.
        """
        names = [queue[account].name for account in chunk]
        data, errors = self._service.ask(self._query, {"userNames": names})
        now = self._clock.monotonic()
        users = data.get("machinesByUser")
        if users is None:
            raise Stopped(message_of(errors))
        by_place: dict[int, Mapping[str, Any]] = {}
        for error in errors:
            by_place.setdefault(int(error["path"][1]), error)
        answers: dict[str, Answer] = {}
        for place, account in enumerate(chunk):
            turn = queue[account]
            wrong = by_place.get(place)
            if wrong is None:
                answers[account] = _answer(account, turn.name, users[place])
                continue
            delay = _delay(turn, wrong)
            if delay is None:
                answers[account] = Answer(account, turn.name, problem=_problem(wrong))
            else:
                turn.not_before = now + delay
                queue[account] = queue.pop(account)
        if len(by_place) < len(chunk):
            self._service.accepted()
        refused = [error for error in by_place.values() if code_of(error) == "UNAUTHENTICATED"]
        return answers, refused


def account_of(user_name: str) -> str:
    """The account that a name stands for: `CONTOSO\\\\Ada`, `ada@contoso.com` and `ada` are one, and cost one call."""
    found = re.fullmatch(r"(?:[^\\/@]+\\)?([^\\/@]+)(?:@[^\\/@]+)?", user_name)
    return unicodedata.normalize("NFC", (found[1] if found else user_name).strip().lower())


def _by_account(user_names: Iterable[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for name in user_names:
        names.setdefault(account_of(name), name)
    return names


def _delay(turn: _Turn, error: Mapping[str, Any]) -> float | None:
    """Seconds until to ask again for a person; None where that does not help."""
    code = code_of(error)
    seconds = float(error.get("extensions", {}).get("retryAfterSeconds", PAUSE))
    if code == "UNAUTHENTICATED":
        return 0.0
    if code == "RATE_LIMITED":
        return seconds
    if code not in PASSING:
        return None
    turn.failures += 1
    return seconds if turn.failures < TRIES else None


def _answer(account: str, name: str, user: Mapping[str, Any]) -> Answer:
    freshness = user.get("machinesFreshness") or {}
    return Answer(
        account,
        name,
        machines=user.get("machines"),
        as_of=freshness.get("asOf"),
        source=freshness.get("source"),
        complete=freshness.get("complete"),
    )


def _problem(error: Mapping[str, Any]) -> Problem:
    code = code_of(error)
    what_to_do = WHAT_TO_DO.get(code, "Do what the message says, then run again.")
    return Problem(code, message_of([error]), what_to_do)


def _stop_if_forbidden(answers: Iterable[Answer]) -> None:
    """One refusal can be about one person. Where nobody was let through, each further call would be spent for nothing."""
    problems = [answer.problem for answer in answers]
    forbidden = [one for one in problems if one and one.code == "FORBIDDEN"]
    if forbidden and len(forbidden) == len(problems):
        raise Stopped(f"Defender shows this caller nobody. {forbidden[0].message}")


_QUERY = """query ($userNames: [String!]!) {
  machinesByUser(userNames: $userNames) {
    machines { %s }
    machinesFreshness { asOf source complete }
  }
}"""
