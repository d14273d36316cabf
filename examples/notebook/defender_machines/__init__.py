"""The devices of many people, read from `machinesByUser` as fast as Defender lets it, and no faster.

>>> client = MachinesClient("https://machines.example/graphql", device_code(client_id, tenant_id, scope))
>>> answers = client.collect(["ada@contoso.com", "CONTOSO\\\\grace"], "answers.jsonl")
>>> devices, people = devices_frame(answers), people_frame(answers)

Each answer is saved when it comes: the same call after a stop asks only for those who are missing. Needs `requests` and
`pandas`; `device_code` needs `msal`, too.
"""

from .answers import Answer, Problem
from .client import MachinesClient, Progress, account_of
from .frames import EXPOSURES, RISKS, devices_frame, people_frame
from .outlook import Estimate
from .service import Clock, Stopped, TokenSource
from .sign_in import device_code, ready_token

__all__ = [
    "EXPOSURES",
    "RISKS",
    "Answer",
    "Clock",
    "Estimate",
    "MachinesClient",
    "Problem",
    "Progress",
    "Stopped",
    "TokenSource",
    "account_of",
    "device_code",
    "devices_frame",
    "people_frame",
    "ready_token",
]
