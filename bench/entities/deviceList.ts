import { createHash } from 'node:crypto';
import { makeEstate } from '../../emulator/estate.ts';
import { Random } from '../../emulator/random.ts';

const DEVICES_OF_A_USER = 5;
const CONTEXT = 'https://api.securitycenter.microsoft.com/api/$metadata#Machines';

/** The emulator's devices as JSON, each without its id. */
const devices = makeEstate(1).devices.map((device) => {
  const text = JSON.stringify(device);
  return text.slice(text.indexOf(',') + 1);
});

/** What Defender answers for a user of any name: always five devices, always the same ones, each with an id of its own. */
export function deviceList(userName: string): string {
  const digest = createHash('sha1').update(userName).digest();
  const random = new Random(digest.readUInt32LE());
  const id = digest.toString('hex').slice(1);
  const values = Array.from({ length: DEVICES_OF_A_USER }, (_, index) => {
    return `{"id":"${index}${id}",${devices[random.below(devices.length)]}`;
  });
  return `{"@odata.context":"${CONTEXT}","value":[${values.join(',')}]}`;
}
