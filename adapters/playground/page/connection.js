// The line to the room: one websocket that comes back by itself, and acts that are answered.

const SOONEST = 250;
const LATEST = 5000;

export class Connection {
  /** onRoom gets the whole room at every new connection, onChanges what changed, onLine whether there is a line. */
  constructor({ onRoom, onChanges, onLine }) {
    this.hear = { room: onRoom, changes: onChanges, reply: (told) => this.settle(told) };
    this.onLine = onLine;
    this.waiting = new Map();
    this.asked = 0;
    this.pause = SOONEST;
    this.connect();
  }

  connect() {
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    this.socket.addEventListener("open", () => {
      this.pause = SOONEST;
      this.onLine(true);
    });
    this.socket.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      this.hear[told.is]?.(told);
    });
    this.socket.addEventListener("close", () => this.lose());
  }

  lose() {
    for (const { reject } of this.waiting.values()) reject(new Refusal("The connection broke before there was an answer."));
    this.waiting.clear();
    this.onLine(false);
    setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(this.pause * 2, LATEST);
  }

  /** Do something in the room; gives the reply, or throws a Refusal with a sentence. */
  ask(act) {
    if (this.socket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Refusal("There is no connection to Drumbeat right now."));
    }
    this.asked += 1;
    const id = this.asked;
    this.socket.send(JSON.stringify({ ...act, id }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  settle(told) {
    const waiting = this.waiting.get(told.id);
    this.waiting.delete(told.id);
    if (told.error) waiting?.reject(new Refusal(told.error, told.field));
    else waiting?.resolve(told);
  }
}

export class Refusal extends Error {
  constructor(sentence, field = "") {
    super(sentence);
    this.field = field;
  }
}
