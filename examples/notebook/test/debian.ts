import { existsSync } from 'node:fs';
import { PYTHON } from './notebook.ts';

const PACKAGES = [
  ['/usr/bin/jupyter-nbconvert', 'jupyter-nbconvert'],
  ['/usr/share/jupyter/kernels/python3', 'python3-ipykernel'],
  ['/usr/lib/python3/dist-packages/pandas', 'python3-pandas'],
  ['/usr/lib/python3/dist-packages/matplotlib', 'python3-matplotlib'],
  ['/usr/lib/python3/dist-packages/requests', 'python3-requests'],
  ['/usr/bin/mypy', 'mypy'],
  [PYTHON, 'python3'],
] as const;

/** Throws, and says how to install them, where some of Debian's packages that the notebook is tested with are missing. */
export function expectPackages(): void {
  const missing = PACKAGES.filter(([path]) => !existsSync(path)).map(([, name]) => name);
  if (missing.length === 0) return;
  throw new Error(
    `Debian's packages are missing: apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`,
  );
}
