/** Takes out of a text what must not be read in it. */
export type Redact = (text: string) => string;

const PLACEHOLDER = '[redacted]';
/** A token as it travels: also one that is cut off, or whose signature is missing. */
const TOKEN = /eyJ[\w-]{8,}(?:\.[\w-]*)*/g;
/** RFC 6750, section 2.1; no word of a sentence is as long. */
const BEARER = /(bearer\s+)[\w\-.~+/]{16,}=*/gi;
/** The form fields of a token request (RFC 6749, RFC 7523). */
const FIELD =
  /((?:assertion|client_secret|client_assertion|access_token|refresh_token)(?:=|\\*"\s*:\s*\\*"))[^&\s"\\]+/g;

/**
 * The last door before a log: nothing that holds a token or a secret is meant to come here, and what a library puts into
 * the message of an error may. `secrets` are those of the configuration, which have no form to know them by. A text
 * without any of them is told from one with them in less than a microsecond.
 */
export function createRedaction(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets.flatMap(spellings))].toSorted((a, b) => b.length - a.length);
  return (text) => {
    let redacted = text;
    for (const secret of known) {
      if (redacted.includes(secret)) redacted = redacted.replaceAll(secret, PLACEHOLDER);
    }
    if (redacted.includes('eyJ')) redacted = redacted.replaceAll(TOKEN, PLACEHOLDER);
    if (/bearer/i.test(redacted)) redacted = redacted.replaceAll(BEARER, `$1${PLACEHOLDER}`);
    if (/assertion|client_secret|_token/.test(redacted))
      redacted = redacted.replaceAll(FIELD, `$1${PLACEHOLDER}`);
    return redacted;
  };
}

/** A secret as it is, in JSON, and in a URL or a form. Shorter ones would be found in every other line. */
function spellings(secret: string): string[] {
  if (secret.length < 6) return [];
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}
