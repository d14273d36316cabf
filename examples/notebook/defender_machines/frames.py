"""Answers as DataFrames."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from .answers import Answer

RISKS = ("NONE", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH")
EXPOSURES = ("NONE", "LOW", "MEDIUM", "HIGH")


def devices_frame(answers: Iterable[Answer]) -> pd.DataFrame:
    """A row for each device of each person: a device that several people use has several rows, and one `id`.

    `riskScore` and `exposureLevel` are ordered categories, without a value where Defender's is missing or unknown.
    """
    rows = [
        {"userName": answer.user_name, "account": answer.account, **machine}
        for answer in answers
        for machine in answer.machines or []
    ]
    frame = pd.DataFrame(rows, columns=None if rows else ["userName", "account", "id"])
    if "lastSeen" in frame:
        frame["lastSeen"] = _moments(frame["lastSeen"])
    for name, values in (("riskScore", RISKS), ("exposureLevel", EXPOSURES)):
        if name in frame:
            frame[name] = pd.Categorical(frame[name], categories=values, ordered=True)
    return frame


def people_frame(answers: Iterable[Answer]) -> pd.DataFrame:
    """A row for each person: how it went, how many devices there are, and what to do where there is no answer.

    `outcome` is `devices`, `no devices`, `unknown to Defender` or `failed`. `asOf` is when Defender was read.
    """
    rows = [
        {
            "userName": answer.user_name,
            "account": answer.account,
            "outcome": _outcome(answer),
            "devices": None if answer.machines is None else len(answer.machines),
            "asOf": answer.as_of,
            "source": answer.source,
            "complete": answer.complete,
            "code": answer.problem and answer.problem.code,
            "message": answer.problem and answer.problem.message,
            "whatToDo": answer.problem and answer.problem.what_to_do,
        }
        for answer in answers
    ]
    columns = ["userName", "account", "outcome", "devices", "asOf", "source", "complete"]
    frame = pd.DataFrame(rows, columns=[*columns, "code", "message", "whatToDo"])
    frame["devices"] = frame["devices"].astype("Int64")
    frame["asOf"] = _moments(frame["asOf"])
    return frame


def _outcome(answer: Answer) -> str:
    if answer.problem:
        return "failed"
    if answer.machines is None:
        return "unknown to Defender"
    return "devices" if answer.machines else "no devices"


def _moments(texts: pd.Series) -> pd.Series:
    # One by one: seven digits of a second here and six there are no one format to pandas 2.
    moments = [pd.to_datetime(text, utc=True, errors="coerce") for text in texts]
    return pd.Series(moments, index=texts.index, dtype="datetime64[ns, UTC]")
