import { Failure } from '../errors.ts';

/** UNAUTHENTICATED, said by the login authority of one token, and not by Defender of its person. */
export class NotExchanged extends Failure {}
