import { hash } from 'node:crypto';
import { makeEstate } from '../../emulator/estate.ts';
import { Random } from '../../emulator/random.ts';

const DEVICES_OF_A_USER = 5;
const CONTEXT = 'https://api.securitycenter.microsoft.com/api/$metadata#Machines';
const HEAD = Buffer.from(`{"@odata.context":"${CONTEXT}","value":[`);
const TAIL = Buffer.from(']}');

/** The emulator's devices as JSON, each from behind its id. */
const devices = makeEstate(1).devices.map((device) => {
  const text = JSON.stringify(device);
  return Buffer.from(text.slice(text.indexOf('",')));
});

/**
 * What Defender answers for a user of any name, as JSON: always five devices, always the same ones, each with an id of its
 * own.
 */
export function deviceList(userName: string): Buffer {
  const digest = hash('sha1', userName, 'buffer');
  const random = new Random(digest.readUInt32LE());
  const id = digest.toString('hex').slice(1);
  const parts = [HEAD];
  for (let index = 0; index < DEVICES_OF_A_USER; index += 1) {
    const device = devices[random.below(devices.length)];
    if (!device) throw new Error('The estate has no devices');
    parts.push(Buffer.from(`${index === 0 ? '' : ','}{"id":"${index}${id}`), device);
  }
  return Buffer.concat([...parts, TAIL]);
}
