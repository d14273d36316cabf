import { hash } from 'node:crypto';
import { makeEstate } from '../../emulator/estate.ts';
import { Random } from '../../emulator/random.ts';

const DEVICES_OF_A_USER = 5;
const CONTEXT = 'https://api.securitycenter.microsoft.com/api/$metadata#Machines';
const HEAD = Buffer.from(`{"@odata.context":"${CONTEXT}","value":[`);
const ID = '{"id":"';
const TAIL = Buffer.from(']}');

/** The emulator's devices as JSON, each from behind its id, with a comma at its end. */
const devices = makeEstate(1).devices.map((device) => {
  const text = JSON.stringify(device);
  return Buffer.from(`${text.slice(text.indexOf('",'))},`);
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
    const device = devices[random.below(devices.length)] ?? TAIL;
    const isLast = index === DEVICES_OF_A_USER - 1;
    parts.push(Buffer.from(`${ID}${index}${id}`), isLast ? device.subarray(0, -1) : device);
  }
  return Buffer.concat([...parts, TAIL]);
}
