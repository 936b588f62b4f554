// Taps that wait for an answer of the bot, and the answers.
import { alertWith, toast } from "./notices.js";

const TAP_MS = 60000;

export class Taps {
  constructor() {
    this.waiting = new Map();
    this.answered = 0;
  }

  async tap(key, send) {
    if (key.classList.contains("waiting")) return;
    key.classList.add("waiting");
    const body = await send();
    if (!body) key.classList.remove("waiting");
    else if (this.waiting.get(body.query_id) === "answered") this.release(body.query_id, key);
    else this.waiting.set(body.query_id, key);
    if (body) setTimeout(() => this.release(body.query_id, key), TAP_MS);
  }

  release(queryId, key) {
    key?.classList?.remove("waiting");
    this.waiting.delete(queryId);
  }

  show(answer) {
    if (answer.revision <= this.answered) return;
    this.answered = answer.revision;
    const key = this.waiting.get(answer.query_id);
    if (key) this.release(answer.query_id, key);
    else this.waiting.set(answer.query_id, "answered");
    if (answer.text && answer.show_alert) alertWith(answer.text);
    else if (answer.text) toast(answer.text);
    if (answer.url) toast(`The bot would open ${answer.url}`);
  }
}
