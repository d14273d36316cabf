import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** All connections read into one buffer: each is done with it before the next one reads. */
const BUFFER = Buffer.allocUnsafe(262_144);
const MOST_HEAD = 4_096;
const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '\r\n0\r\n\r\n';

type Done = (error: Error | undefined, bodyBytes: number) => void;

/**
 * A keep-alive connection that costs as little as it can: it sends requests that are ready, and reads no more of an answer
 * than its status and where it ends.
 */
export class Connection {
  readonly #socket: Socket;
  #done: Done | undefined;
  #head = '';
  #inHead = true;
  /** Bytes of the body that are still to come; Infinity where only its end tells. */
  #left = 0;
  #bodyBytes = 0;
  #tail = '';

  private constructor({ hostname, port }: URL) {
    const callback = (size: number) => {
      this.#read(size);
      return true;
    };
    this.#socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: { buffer: BUFFER, callback },
    });
    this.#socket.on('error', (error) => this.#end(error));
    this.#socket.on('close', () => this.#end(new Error('The connection was closed')));
  }

  static async open(url: URL): Promise<Connection> {
    const connection = new Connection(url);
    await once(connection.#socket, 'connect');
    return connection;
  }

  /** One at a time. */
  send(request: Buffer, done: Done): void {
    this.#done = done;
    this.#socket.write(request);
  }

  /** Resolves with the bytes of the body. */
  ask(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.send(request, (error, bytes) => (error ? reject(error) : resolve(bytes)));
    });
  }

  close(): void {
    this.#done = undefined;
    this.#socket.destroy();
  }

  #end(error: Error | undefined): void {
    const done = this.#done;
    this.#done = undefined;
    this.#head = this.#tail = '';
    this.#inHead = true;
    done?.(error, this.#bodyBytes);
  }

  #read(size: number): void {
    let from = 0;
    if (this.#inHead) {
      const before = this.#head.length;
      this.#head += BUFFER.toString('latin1', 0, Math.min(size, MOST_HEAD));
      const end = this.#head.indexOf(HEAD_END);
      if (end < 0) {
        if (this.#head.length > MOST_HEAD) this.#end(new Error('The head of an answer is long'));
        return;
      }
      from = end + HEAD_END.length - before;
      const head = this.#head.slice(0, end);
      if (!head.startsWith('HTTP/1.1 200')) {
        this.#end(new Error(`${head}\n${BUFFER.toString('utf8', from, size)}`));
        return;
      }
      const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
      this.#left = length === undefined ? Infinity : Number(length);
      this.#bodyBytes = 0;
      this.#inHead = false;
    }
    this.#bodyBytes += size - from;
    if (this.#left === Infinity) {
      const tail = BUFFER.toString('latin1', Math.max(from, size - LAST_CHUNK.length), size);
      this.#tail = (this.#tail + tail).slice(-LAST_CHUNK.length);
      if (this.#tail === LAST_CHUNK) this.#end(undefined);
    } else {
      this.#left -= size - from;
      if (this.#left <= 0) this.#end(undefined);
    }
  }
}
