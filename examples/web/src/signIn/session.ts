/** Somebody who can sign in. */
export interface Caller {
  readonly name: string;
  readonly title: string;
  /** In words: the device groups whose devices the caller may see. */
  readonly sees: string;
}

/** A signed-in caller. Its token is held in memory alone: a storage would hand it to every script on the page. */
export interface Session {
  readonly caller: Caller;
  token(): Promise<string>;
  /** Gets a token that meets a claims challenge: `extensions.claims` of an error, in base64. */
  meet(claims: string): Promise<void>;
  /** Makes the next request get another token. */
  forget(): void;
}

/**
 * The demo's sign-in. With MSAL, `token` is `acquireTokenSilent(request)` and `meet` is
 * `acquireTokenPopup({ ...request, claims: atob(claims) })`, with `cacheLocation: 'memoryStorage'`.
 */
export function openSession(caller: Caller): Session {
  let token: Promise<string> | undefined;
  const hold = (next: Promise<string>): Promise<string> => {
    token = next;
    next.catch(() => {
      if (token === next) token = undefined;
    });
    return next;
  };
  return {
    caller,
    token: () => token ?? hold(askForToken({ caller: caller.name })),
    meet: async (claims) => {
      await hold(askForToken({ caller: caller.name, claims }));
    },
    forget: () => {
      token = undefined;
    },
  };
}

export async function whoCanSignIn(): Promise<readonly Caller[]> {
  const response = await fetch('/demo/callers');
  if (!response.ok) throw new Error(`The demo's callers: HTTP ${response.status}`);
  return (await response.json()) as readonly Caller[];
}

async function askForToken(body: { caller: string; claims?: string }): Promise<string> {
  const response = await fetch('/demo/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`No token for ${body.caller}: HTTP ${response.status}`);
  const { token } = (await response.json()) as { token: string };
  return token;
}
