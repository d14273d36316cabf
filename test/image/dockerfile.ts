export interface Stage {
  /** As later stages call it; empty for the last one. */
  readonly name: string;
  readonly base: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly instruction: string;
  /** Such as `--from=build`, without the dashes. */
  readonly flags: ReadonlyMap<string, string>;
  readonly text: string;
}

/** Reads as much of the Dockerfile language as the project's own file uses: no heredocs, no parser directives. */
export function parseDockerfile(source: string): Stage[] {
  const lines = source
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const argumentsOfAll = new Map<string, string>();
  const stages: { name: string; base: string; steps: Step[] }[] = [];

  for (const line of lines) {
    const step = stepOf(line);
    const stage = stages.at(-1);
    if (step.instruction === 'FROM') {
      const [image = '', , name = ''] = step.text.split(/\s+/);
      const base = image.replaceAll(/\$\{(\w+)\}/g, (_, key) => argumentsOfAll.get(key) ?? '');
      stages.push({ name, base, steps: [] });
    } else if (stage) {
      stage.steps.push(step);
    } else if (step.instruction === 'ARG') {
      const [key = '', value = ''] = step.text.split('=');
      argumentsOfAll.set(key, value);
    } else {
      throw new Error(`${step.instruction} stands before the first FROM`);
    }
  }
  return stages;
}

function stepOf(line: string): Step {
  const [instruction = '', ...words] = line.trim().split(/\s+/);
  const flags = new Map<string, string>();
  while (words[0]?.startsWith('--')) {
    const [key = '', value = ''] = (words.shift() ?? '').slice(2).split('=');
    flags.set(key, value);
  }
  // The text keeps its own spaces: a JSON array may hold some in a string.
  const [first = ''] = words;
  const text = first === '' ? '' : line.slice(line.indexOf(` ${first}`) + 1).trim();
  return { instruction: instruction.toUpperCase(), flags, text };
}
