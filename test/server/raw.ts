import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that says what it wants to, byte by byte, and reads when it likes. */
export class RawClient {
  readonly socket: Socket;
  /** All that was read, once it reads. */
  text = '';
  readonly closed: Promise<unknown>;
  static readonly #open: Socket[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    RawClient.#open.push(socket);
    socket.on('error', () => {});
    this.closed = once(socket, 'close');
  }

  static async connect(url: string, write = ''): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const client = new RawClient(socket);
    await once(socket, 'connect');
    socket.write(write);
    return client;
  }

  /** Ends all that were ever connected: one that does not read never hears that it was ended. */
  static endAll(): void {
    for (const socket of RawClient.#open.splice(0)) socket.destroy();
  }

  /** Begins to read. */
  read(): this {
    this.socket.on('data', (chunk) => (this.text += String(chunk)));
    return this;
  }

  /** All that came until the other side closed. */
  async readToEnd(): Promise<string> {
    this.read();
    await this.closed;
    return this.text;
  }
}
