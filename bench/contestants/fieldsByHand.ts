import { pickedByHand, serveBare } from './bareAnswer.ts';

await serveBare(pickedByHand());
