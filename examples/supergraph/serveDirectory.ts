import people from './directory/people.json' with { type: 'json' };
import { startDirectory } from './directory.ts';

const { HOST: host = '127.0.0.1', PORT: port = '4002' } = process.env;
const directory = await startDirectory({ users: people, userKey: 'id', host, port: Number(port) });
process.stdout.write(`The directory is at ${directory.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void directory.close());
