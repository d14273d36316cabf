import type { Dispatcher } from 'undici';

/** An answer as it came over the wire. */
export interface Received {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  /** Bytes as they came, compressed or not. */
  readonly body: Buffer;
}

export interface ReceiveOptions {
  /** Of a body as it arrives. */
  readonly maxBytes: number;
  readonly tooLarge: () => Error;
}

export interface Receiving {
  /**
   * Rejects with what broke the connection, with the reason of `stop`, or with what `tooLarge` makes. An answer that is
   * not 200 is one without its body as well: no 403 or 429 is lost over a body that only explains it.
   */
  readonly answer: Promise<Received>;
  /**
   * Ends the request. One that waits for a connection ends when it would have had it: until then the dispatcher holds it,
   * and who called has no less of its calls under way than the dispatcher.
   */
  stop(reason: Error): void;
}

/**
 * Sends a request and collects its answer. By the dispatcher's own handler: `request` makes a stream of each body, of which
 * a list of devices is one piece, and that takes as long as all the rest of a call.
 */
export function receive(
  transport: Pick<Dispatcher, 'dispatch'>,
  request: Dispatcher.DispatchOptions,
  { maxBytes, tooLarge }: ReceiveOptions,
): Receiving {
  let stop: Receiving['stop'] = () => {};
  const answer = new Promise<Received>((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let head: Omit<Received, 'body'> | undefined;
    let stopped: Error | undefined;
    const pieces: Buffer[] = [];
    let bytes = 0;

    const fail = (error: Error) => {
      if (head && head.status !== 200) resolve({ ...head, body: Buffer.alloc(0) });
      else reject(error);
    };
    stop = (reason) => {
      stopped = reason;
      if (!controller) return;
      controller.abort(reason);
      fail(reason);
    };
    transport.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        if (stopped) started.abort(stopped);
      },
      onResponseStart(_controller, status, headers) {
        // What is below 200 comes ahead of the answer.
        if (status >= 200) head = { status, headers };
      },
      onResponseData(_controller, piece) {
        bytes += piece.length;
        if (bytes > maxBytes) stop(tooLarge());
        else pieces.push(piece);
      },
      onResponseEnd() {
        const [first] = pieces;
        const body = pieces.length === 1 && first ? first : Buffer.concat(pieces, bytes);
        if (head) resolve({ ...head, body });
      },
      onResponseError(_controller, error) {
        fail(error);
      },
    });
  });
  return { answer, stop: (reason) => stop(reason) };
}
