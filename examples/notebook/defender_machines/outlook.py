"""What asking for some people would take, by `defenderEstimate`, which makes no call to Defender."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .service import Service, Stopped, code_of, message_of

CHUNKS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100)
"""How many people one request may name: as many as can be had at once."""
FEW = 5
"""People worth a request: fewer are asked for only after a wait. The service lets who waited catch up, but not for long."""
FORESEEN = 4_000
"""People for whom time is reckoned; for a longer list, in proportion. The service takes 5,000 a request, chunks included."""
SOON = 1.5
"""Seconds that the service waits for a call by itself, with some to spare."""
LONGEST_WAIT = 60.0
"""Seconds after which to look again: others may have used the calls, or left them."""


@dataclass(frozen=True)
class Estimate:
    """What asking for some people would take, as far as is known now."""

    people: int
    cached: int
    """Of whom the service remembers the answer for this caller."""
    calls: int
    """For the others."""
    seconds: float
    """Until the last answer can be there."""

    def __str__(self) -> str:
        calls = f"{self.calls:,} calls to Defender for {self.people:,} people"
        return f"{calls}, {self.cached:,} remembered: {minutes(self.seconds)}"


def look_ahead(service: Service, names: Sequence[str], sizes: Sequence[int]) -> list[Estimate]:
    """Estimates for the first few of `names`, as many as each of `sizes` says, and last for all of them."""
    counts = [*sizes, len(names)]
    lists = [list(names[: min(count, FORESEEN)]) for count in counts]
    variables = {f"e{place}": some for place, some in enumerate(lists)}
    declared = ", ".join(f"${key}: [String!]!" for key in variables)
    fields = " ".join(
        f"{key}: defenderEstimate(userNames: ${key}) {{ cached calls readyAt }}" for key in variables
    )
    # Nobody's answers are ready at once: that is the service's clock, whatever this machine's says.
    now = "now: defenderEstimate(userNames: []) { readyAt }"
    data, errors = service.ask(f"query ({declared}) {{ {fields} {now} }}", variables)
    if any(code_of(error) == "UNAUTHENTICATED" for error in errors):
        service.sign_in_again(errors)
        return look_ahead(service, names, sizes)
    if errors or not data:
        raise Stopped(message_of(errors))
    begin = _moment(data["now"]["readyAt"])
    return [
        _estimate(data[f"e{place}"], begin, count, len(some))
        for place, (count, some) in enumerate(zip(counts, lists))
    ]


def chunk_size(parts: Sequence[Estimate], has_waited: bool) -> int:
    """Of the sizes foreseen, ascending, the largest whose answers can be had at once; 0 where it is better to wait."""
    ready = max((part.people for part in parts if part.seconds <= SOON), default=0)
    return ready if has_waited or ready >= min(FEW, parts[-1].people) else 0


def wait_for(parts: Sequence[Estimate], has_waited: bool) -> float:
    """Seconds to wait where nobody is to be asked for yet: until a few can be had, and after that for one."""
    wanted = 1 if has_waited else FEW
    enough = next((part for part in parts if part.people >= wanted), parts[-1])
    return min(max(enough.seconds - SOON, 0.5), LONGEST_WAIT)


def minutes(seconds: float) -> str:
    """A length of time as people say it."""
    whole = round(seconds / 60)
    if whole < 1:
        return "less than a minute"
    return f"about {whole} min" if whole < 120 else f"about {whole / 60:.1f} h"


def _estimate(part: Mapping[str, Any], begin: datetime, people: int, foreseen: int) -> Estimate:
    share = people / max(1, foreseen)
    seconds = max(0.0, (_moment(part["readyAt"]) - begin).total_seconds())
    return Estimate(people, round(part["cached"] * share), round(part["calls"] * share), seconds * share)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
