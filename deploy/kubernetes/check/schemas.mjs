// Holds the manifests beside this folder against the schemas of Kubernetes: values by its validators, and names, of which
// those let unknown ones pass, by its types.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';

const MANIFESTS = path.join(import.meta.dirname, '..');

/** Where the models of a group are: those of Prometheus' operator have a package of their own. */
const modelsOf = (apiVersion, kind) =>
  apiVersion.startsWith('monitoring.coreos.com/')
    ? `@kubernetes-models/prometheus-operator/${apiVersion}/${kind}`
    : `kubernetes-models/${apiVersion}/${kind}`;

const files = ['.', 'monitoring']
  .flatMap((folder) =>
    readdirSync(path.join(MANIFESTS, folder)).map((name) => path.join(folder, name)),
  )
  .filter((file) => file.endsWith('.yaml') && path.basename(file) !== 'kustomization.yaml');
const manifests = files.map((name) => parse(readFileSync(path.join(MANIFESTS, name), 'utf8')));
// README.md says how the rules become one.
const rules = readFileSync(
  path.join(MANIFESTS, '../../observability/prometheus-rules.yml'),
  'utf8',
);
manifests.push({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'defender-user-machines' },
  spec: parse(rules),
});
const problems = await problemsIn(manifests);
for (const problem of problems) console.error(problem);
assert.deepEqual(problems, []);
await proveThatItCanFail(manifests);
console.log(
  `kubernetes: ${files.length} manifests hold, and the rules of alerts: ${files.join(', ')}`,
);

/** What is wrong with manifests, in words. */
async function problemsIn(some) {
  const wrongValues = await Promise.all(some.map(wrongValuesIn));
  return [...wrongValues.flat(), ...wrongNamesIn(some)];
}

async function wrongValuesIn(manifest) {
  const { apiVersion, kind } = manifest;
  const models = await import(modelsOf(apiVersion, kind));
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
      `import type { I${kind} as Kind${index} } from '${modelsOf(apiVersion, kind)}';\n` +
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
    ['Deployment', '"readOnlyRootFilesystem"', '"readOnlyRootFileSystem"'],
    ['Deployment', '"replicas":2', '"replicas":"two"'],
    ['Deployment', '"512Mi"', '"512 megabytes"'],
    ['Deployment', '"selector":{"matchLabels"', '"unselected":{"matchLabels"'],
    ['PodMonitor', '"podMetricsEndpoints"', '"podMetricEndpoints"'],
    ['PodMonitor', '"30s"', '"half a minute"'],
    ['PrometheusRule', '"expr"', '"expression"'],
  ];
  for (const [of, right, mistaken] of mistakes) {
    const manifest = JSON.stringify(some.find(({ kind }) => kind === of));
    assert.ok(manifest.includes(right), right);
    const broken = JSON.parse(manifest.replace(right, mistaken));
    assert.notDeepEqual(await problemsIn([broken]), [], mistaken);
  }
}
