/** A GraphQL request as a router sends it, and nothing beside. */
export interface PlainRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Undefined for what is a batch, a persisted query, or not well-formed: the ordinary road has the answer to it. */
export function plainRequest(body: unknown): PlainRequest | undefined {
  if (!isRecord(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || !isRecord(variables)) return undefined;
  const isNamed = typeof operationName === 'string';
  if (!isNamed && operationName !== undefined && operationName !== null) return undefined;
  if (!isNothing(extensions)) return undefined;
  return { query, operationName: isNamed ? operationName : undefined, variables };
}

function isNothing(extensions: unknown): boolean {
  if (extensions === undefined || extensions === null) return true;
  return isRecord(extensions) && Object.keys(extensions).length === 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
