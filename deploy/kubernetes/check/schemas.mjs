// Holds the manifests beside this folder against the schemas of Kubernetes: values by its validators, and names, of which
// those let unknown ones pass, by its types.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';

const MANIFESTS = path.join(import.meta.dirname, '..');

const files = readdirSync(MANIFESTS).filter(
  (name) => name.endsWith('.yaml') && name !== 'kustomization.yaml',
);
const manifests = files.map((name) => parse(readFileSync(path.join(MANIFESTS, name), 'utf8')));
const problems = await problemsIn(manifests);
for (const problem of problems) console.error(problem);
assert.deepEqual(problems, []);
await proveThatItCanFail(manifests);
console.log(`kubernetes: ${files.length} manifests hold: ${files.join(', ')}`);

/** What is wrong with manifests, in words. */
async function problemsIn(some) {
  const wrongValues = await Promise.all(some.map(wrongValuesIn));
  return [...wrongValues.flat(), ...wrongNamesIn(some)];
}

async function wrongValuesIn(manifest) {
  const { apiVersion, kind } = manifest;
  const models = await import(`kubernetes-models/${apiVersion}/${kind}`);
  try {
    new models[kind](manifest).validate();
    return [];
  } catch (error) {
    return [`${kind}: ${error.message}`];
  }
}

/** TypeScript takes no name in a literal that its type does not have. */
function wrongNamesIn(some) {
  const source = some.map(({ apiVersion, kind, ...rest }, index) => {
    const literal = JSON.stringify({ apiVersion, kind, ...rest }, null, 1);
    return (
      `import type { I${kind} as Kind${index} } from 'kubernetes-models/${apiVersion}/${kind}';\n` +
      `export const manifest${index}: Kind${index} = ${literal};\n`
    );
  });
  const name = path.join(import.meta.dirname, 'manifests.ts');
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const disk = ts.createCompilerHost(options);
  host.fileExists = (file) => file === name || disk.fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === name
      ? ts.createSourceFile(file, source.join(''), ts.ScriptTarget.ESNext)
      : disk.getSourceFile(file, ...rest);
  const program = ts.createProgram([name], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Each of these mistakes must be found. */
async function proveThatItCanFail(some) {
  const mistakes = [
    ['"readOnlyRootFilesystem"', '"readOnlyRootFileSystem"'],
    ['"replicas":2', '"replicas":"two"'],
    ['"512Mi"', '"512 megabytes"'],
    ['"selector":{"matchLabels"', '"unselected":{"matchLabels"'],
  ];
  const deployment = JSON.stringify(some.find(({ kind }) => kind === 'Deployment'));
  for (const [right, mistaken] of mistakes) {
    assert.ok(deployment.includes(right), right);
    const broken = JSON.parse(deployment.replace(right, mistaken));
    assert.notDeepEqual(await problemsIn([broken]), [], mistaken);
  }
}
