// The WebSocket: one request, one answer, found again by its id. Reconnects by itself; a request that was open when
// the connection broke is rejected, and its owner asks again.

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 4000;
/** The server accepts 64; the rest waits here. */
const MAX_OPEN = 48;

export class Connection extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.state = 'connecting';
    this.hello = null;
    this.lastId = 0;
    this.open = new Map();
    this.queue = [];
    this.delay = FIRST_DELAY_MS;
    /** Server's clock minus ours, in nanoseconds as a number; from the answer that came back fastest. */
    this.clockOffsetNs = 0;
    this.fastestMs = Infinity;
    this.decoder = new TextDecoder();
  }

  start() {
    const socket = new WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = async () => {
      this.delay = FIRST_DELAY_MS;
      this.fastestMs = Infinity;
      try {
        this.hello = await this.request({ op: 'hello' });
        this.#become('open');
      } catch {
        socket.close();
      }
    };
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = () => this.#lost();
  }

  /** Sends a request; `part` gets each binary message that comes before the last answer. */
  request(message, part = null) {
    return new Promise((resolve, reject) => {
      this.lastId += 1;
      message.id = this.lastId;
      const entry = { message, resolve, reject, part, sentMs: 0 };
      if (this.socket?.readyState !== WebSocket.OPEN) reject(new Error('not connected'));
      else if (this.open.size >= MAX_OPEN) this.queue.push(entry);
      else this.#send(entry);
    });
  }

  #send(entry) {
    entry.sentMs = performance.now();
    this.open.set(entry.message.id, entry);
    this.socket.send(JSON.stringify(entry.message));
  }

  #receive(data) {
    if (typeof data === 'string') {
      const message = JSON.parse(data);
      const entry = this.open.get(message.id ?? message.request);
      if (!entry) return;
      if (message.op === 'error') this.#done(entry).reject(new Error(message.message));
      else {
        if (message.nowNs) this.#clock(message.nowNs, entry.sentMs);
        this.#done(entry).resolve(message);
      }
      return;
    }
    const length = new DataView(data).getUint32(0, true);
    const header = JSON.parse(this.decoder.decode(new Uint8Array(data, 4, length)));
    const entry = this.open.get(header.id);
    if (!entry) return;
    const message = { header, buffer: data, offset: 4 + length, receivedMs: performance.now() };
    if (entry.part) entry.part(message);
    else this.#done(entry).resolve(message);
  }

  #done(entry) {
    this.open.delete(entry.message.id);
    const next = this.queue.shift();
    if (next) this.#send(next);
    return entry;
  }

  #clock(nowNs, sentMs) {
    const receivedMs = performance.now();
    const trip = receivedMs - sentMs;
    if (trip > this.fastestMs) return;
    this.fastestMs = trip;
    const middle = performance.timeOrigin + (sentMs + receivedMs) / 2;
    this.clockOffsetNs = Number(BigInt(nowNs) - BigInt(Math.round(middle * 1000)) * 1000n);
  }

  /** Nanoseconds from a server's stamp until now, or null for a stamp that is 0 or far off. */
  ageNs(stampNs) {
    if (!stampNs || stampNs === '0') return null;
    const nowUs = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
    const age = Number(nowUs * 1000n - BigInt(stampNs)) + this.clockOffsetNs;
    return Math.abs(age) < 3.2e18 ? age : null;
  }

  #lost() {
    const entries = [...this.open.values(), ...this.queue];
    this.open.clear();
    this.queue.length = 0;
    for (const entry of entries) entry.reject(new Error('connection lost'));
    this.#become('lost');
    setTimeout(() => this.start(), this.delay);
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}
