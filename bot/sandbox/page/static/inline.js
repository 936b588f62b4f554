// The box for inline queries: their text, the results, and the choice of one.
import { post } from "./api.js";
import { node } from "./bubbles.js";
import { attempt, later } from "./notices.js";

const PAUSE_MS = 250;

export class InlineBox {
  constructor({ box, input, list, note, close, root, place, sent, start }) {
    Object.assign(this, { box, input, list, note, root, place, sent, start, queryId: "" });
    input.addEventListener("input", () => later("inline", PAUSE_MS, () => this.ask()));
    close.addEventListener("click", () => this.hide());
    box.addEventListener("keydown", (event) => { if (event.key === "Escape") this.hide(); });
  }

  open(words) {
    this.box.hidden = false;
    this.input.value = words;
    this.input.focus();
    this.ask();
  }

  hide() {
    this.box.hidden = true;
    this.queryId = "";
    this.list.replaceChildren();
  }

  async ask() {
    this.note.textContent = "asking…";
    this.early = null;
    this.queryId = "";
    const body = await attempt(() => post(`${this.root()}/queries`, { text: this.input.value, ...this.place() }));
    if (!body || this.box.hidden) return;
    this.queryId = body.query_id;
    if (this.early?.query_id === body.query_id) this.show(this.early);
  }

  // Results may arrive before the response with the query's identifier.
  show(results) {
    if (results.query_id !== this.queryId) {
      this.early = results;
      return;
    }
    const count = results.results.length;
    this.note.textContent = count ? `${count} results` : "No results.";
    this.list.replaceChildren(...this.button(results.button), ...results.results.map((result) => this.line(result, results.query_id)));
  }

  button(button) {
    if (!button?.start_parameter) return [];
    const act = () => { this.hide(); this.start(button.start_parameter); };
    return [node("li", {}, node("button", { type: "button", className: "inline-start", onclick: act }, button.text))];
  }

  line(result, queryId) {
    const title = node("b", {}, result.title);
    const about = node("span", {}, result.description ?? "");
    return node("li", {}, node("button", { type: "button", onclick: () => this.choose(result, queryId) }, title, about));
  }

  async choose(result, queryId) {
    const body = { query_id: queryId, result_id: result.id, ...this.place() };
    if (!(await attempt(() => post(`${this.root()}/choices`, body)))) return;
    this.hide();
    this.sent();
  }
}
