import { guidOf } from './random.ts';
import type { DefenderMachine } from './payload.ts';

/** The tenant, and the application that calls Defender, unless a caller or a token says otherwise. */
export const contosoTenantId = '3f1b6c2e-8a47-4d0b-9c55-6e2d1a7f4b90';
export const defaultAppId = '7c9e2f10-5b3a-4e8d-a1c6-0d4b9f8e2a31';

/** Who may call. In Defender's words: a person with a role and device groups, or an application. */
export interface Caller {
  readonly name: string;
  /** Ids of the device groups whose devices the caller may see (0: the devices without one), or the whole tenant. */
  readonly groups: readonly number[] | 'all';
  /** The role permission "View Data"; without it Defender answers 403. */
  readonly viewData: boolean;
  /** An application has `roles` in its token and sees the whole tenant. */
  readonly kind?: 'user' | 'application';
  /** Default: Contoso. */
  readonly tenantId?: string;
  /** False: an exchange ends in `invalid_grant` with AADSTS65001 and suberror `consent_required`. */
  readonly consented?: boolean;
  /** JSON text; an exchange ends in `interaction_required` until its `claims` parameter holds this. */
  readonly requiredClaims?: string;
}

/** The callers by name, and what each may see right now. */
export class Callers {
  readonly #byName = new Map<string, Caller>();
  readonly #byObjectId = new Map<string, Caller>();
  readonly #tenants = new Set<string>();

  constructor() {
    this.add({ name: 'alice', groups: [1, 2, 3], viewData: true });
    this.add({ name: 'bob', groups: [3, 4, 5], viewData: true });
    this.add({ name: 'carol', groups: 'all', viewData: true });
    this.add({ name: 'dave', groups: 'all', viewData: false });
    this.add({ name: 'reporter', groups: 'all', viewData: true, kind: 'application' });
  }

  /** Adds a caller, or replaces the one of that name. */
  add(caller: Caller): Caller {
    this.#byName.set(caller.name, caller);
    this.#tenants.add(caller.tenantId ?? contosoTenantId);
    this.#byObjectId.set(objectIdOf(caller.name), caller);
    return caller;
  }

  /** @throws Error for a name that nobody has. */
  named(name: string): Caller {
    const caller = this.#byName.get(name);
    if (!caller) {
      throw new Error(`Unknown caller ${name}; known are ${[...this.#byName.keys()].join(', ')}`);
    }
    return caller;
  }

  withObjectId(objectId: string): Caller | undefined {
    return this.#byObjectId.get(objectId);
  }

  /** From now on; a token that is already out sees the new groups, as with Defender. */
  setGroups(name: string, groups: Caller['groups']): void {
    this.change(name, { groups });
  }

  /** Changes anything else of a caller from now on. */
  change(name: string, changes: Partial<Omit<Caller, 'name'>>): void {
    this.add({ ...this.named(name), ...changes });
  }

  hasTenant(tenantId: string): boolean {
    return this.#tenants.has(tenantId);
  }
}

/** The `oid` of the caller's tokens. */
export function objectIdOf(name: string): string {
  return guidOf(`caller ${name}`);
}

export function visibleAmong(
  caller: Caller,
  machines: readonly DefenderMachine[],
): readonly DefenderMachine[] {
  const { groups } = caller;
  if (groups === 'all' || caller.kind === 'application') return machines;
  return machines.filter((machine) => groups.includes(machine.rbacGroupId));
}
