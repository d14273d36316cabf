import { writeFile } from 'node:fs/promises';
import { NOTEBOOK, readNotebook, Workplace } from './notebook.ts';
import { setStage } from './stage.ts';

// Runs the notebook before an emulated Defender, and keeps it with what it shows.
const stage = await setStage();
const place = await Workplace.make();
try {
  const ran = await place.run(await stage.env());
  const { metadata } = await readNotebook();
  await writeFile(NOTEBOOK, `${JSON.stringify({ ...ran, metadata }, null, 1)}\n`);
  console.log(`${NOTEBOOK} shows ${stage.minutes()} simulated minutes`);
} finally {
  await place.remove();
  await stage.close();
}
