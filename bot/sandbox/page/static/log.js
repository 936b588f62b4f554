// The messages of the open chat, in order, with a date above the first one of each day.
import { bubble, node } from "./bubbles.js";

const NEAR_END = 60;

export class MessageLog {
  constructor({ log, toEnd, acts, about }) {
    Object.assign(this, { log, toEndButton: toEnd, acts, about, shown: new Map(), topic: 0, ends: true });
    toEnd.addEventListener("click", () => this.toEnd());
    log.addEventListener("scroll", () => { this.ends = this.atEnd(); if (this.ends) toEnd.hidden = true; });
    // A keyboard that opens and a text of several lines leave the log less room: its end would slide out of sight.
    new ResizeObserver(() => { if (this.ends) this.toEnd(); }).observe(log);
    log.addEventListener("load", (event) => { if (event.target.matches?.("img") && toEnd.hidden) this.toEnd(); }, true);
  }

  get isEmpty() {
    return this.shown.size === 0;
  }

  clear() {
    this.shown.clear();
    this.log.replaceChildren();
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.toEndButton.hidden = true;
    this.ends = true;
  }

  change(work, follow = false) {
    const goes = follow || this.ends || this.atEnd();
    work();
    this.arrange();
    if (goes) this.toEnd();
    else this.toEndButton.hidden = false;
  }

  place({ message }, fresh) {
    const made = bubble(message, this.acts);
    const old = this.shown.get(message.message_id);
    if (old) old.replaceWith(made);
    else this.log.append(made);
    made.classList.toggle("new", fresh && !old);
    this.shown.set(message.message_id, made);
  }

  remove(number) {
    this.shown.get(number)?.remove();
    this.shown.delete(number);
  }

  // Shows the messages of one topic, or those without a topic; only forums have topics.
  showTopic(topic) {
    this.topic = topic;
    this.arrange();
    this.toEnd();
  }

  // Marks the first message of each day and groups consecutive bubbles of one sender.
  arrange() {
    for (const mark of this.log.querySelectorAll(".day:not(.service)")) mark.remove();
    let before = null;
    for (const message of this.shown.values()) {
      message.hidden = Number(message.dataset.topic) !== this.topic;
      if (message.hidden) continue;
      const at = new Date(message.querySelector("time").dateTime);
      const day = at.toLocaleDateString([], { day: "numeric", month: "long" });
      const { from } = message.dataset;
      if (day !== before?.day) message.before(node("div", { className: "day" }, day));
      message.classList.toggle("joined", before !== null && before.from === from && before.day === day);
      before = { day, from };
    }
    this.log.querySelector(".about")?.remove();
    if (!before) this.log.append(node("p", { className: "about" }, ...this.about()));
  }
}
