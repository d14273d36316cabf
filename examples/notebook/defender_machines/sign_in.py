"""Where tokens come from. Each function gives a source that `MachinesClient` asks before each request."""

from __future__ import annotations

import os
from getpass import getpass

from .service import Stopped, TokenSource


def device_code(
    client_id: str,
    tenant_id: str,
    scope: str,
    authority: str = "https://login.microsoftonline.com",
) -> TokenSource:
    """Signs in with a browser on any device, by a code that is shown here. Needs `msal`.

    `client_id`: an app registration that allows public client flows. `scope`: of the service, such as
    `api://<its application id>/access_as_user`; in `forward` mode Defender's own, such as
    `https://api.securitycenter.microsoft.com/Machine.Read`. In `gcc-high` and `dod` the authority is
    `https://login.microsoftonline.us`.

    Tokens stay in memory. They are renewed without asking as long as the sign-in lasts.
    """
    import msal

    app = msal.PublicClientApplication(
        client_id, authority=f"{authority}/{tenant_id}", client_capabilities=["CP1"]
    )

    def token(refused: bool = False, claims: str | None = None) -> str:
        for account in app.get_accounts():
            result = app.acquire_token_silent(
                [scope], account, force_refresh=refused, claims_challenge=claims
            )
            if result and "access_token" in result:
                return str(result["access_token"])
        flow = app.initiate_device_flow([scope])
        if "user_code" in flow:
            print(flow["message"], flush=True)
            flow = app.acquire_token_by_device_flow(flow, claims_challenge=claims)
        if "access_token" not in flow:
            raise Stopped(f"The sign-in failed. {flow.get('error_description', flow.get('error'))}")
        return str(flow["access_token"])

    return token


def ready_token(variable: str = "TOKEN") -> TokenSource:
    """Takes a token that somebody has got elsewhere: from an environment variable, or pasted.

    Asks for another where it is refused, such as after its end.
    """
    current = os.environ.get(variable, "").strip()

    def token(refused: bool = False, claims: str | None = None) -> str:
        nonlocal current
        if refused or not current:
            # A token goes into no output of a notebook.
            current = getpass("Paste a token: " if not refused else "It is refused. Paste a new token: ")
            current = current.strip()
        return current

    return token
