// The list of the bot's commands, opened by its button or by typing "/".
import { node } from "./bubbles.js";

export class CommandList {
  constructor({ list, button, input, choose }) {
    Object.assign(this, { list, button, input, choose, commands: [], shown: [], selected: 0 });
    button.addEventListener("click", () => (list.hidden ? this.show(this.commands) : this.hide()));
    input.addEventListener("input", () => this.filter());
    input.addEventListener("blur", () => this.hide());
    // Keeps the focus in the text field, so that the list stays open until the click.
    for (const element of [list, button]) element.addEventListener("mousedown", (event) => event.preventDefault());
  }

  offer(commands) {
    this.commands = commands;
    this.button.hidden = commands.length === 0;
    this.hide();
  }

  filter() {
    const typed = this.input.value;
    const matching = this.commands.filter(({ command }) => `/${command}`.startsWith(typed.toLowerCase()));
    if (/^\/\w*$/.test(typed) && matching.length) this.show(matching);
    else this.hide();
  }

  show(commands) {
    this.shown = commands;
    this.list.hidden = false;
    this.select(0);
  }

  hide() {
    this.list.hidden = true;
    this.mark();
  }

  select(index) {
    this.selected = (index + this.shown.length) % this.shown.length;
    this.list.replaceChildren(...this.shown.map((entry, place) => this.line(entry, place)));
    this.list.children[this.selected].scrollIntoView({ block: "nearest" });
    this.mark();
  }

  line({ command, description }, place) {
    const made = node("li", { id: `command-${place}` }, node("b", {}, `/${command}`), node("span", {}, description));
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", String(place === this.selected));
    made.addEventListener("click", () => this.pick(place));
    return made;
  }

  mark() {
    for (const element of [this.button, this.input]) element.setAttribute("aria-expanded", String(!this.list.hidden));
    if (this.list.hidden) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `command-${this.selected}`);
  }

  pick(place) {
    this.hide();
    this.input.value = "";
    this.input.dispatchEvent(new Event("input"));
    this.choose(`/${this.shown[place].command}`);
  }

  // Returns whether the list handled the key.
  handles(event) {
    if (this.list.hidden) return false;
    if (event.key === "Escape") this.hide();
    else if (event.key === "ArrowDown") this.select(this.selected + 1);
    else if (event.key === "ArrowUp") this.select(this.selected - 1);
    else if (event.key === "Tab" && !event.shiftKey) this.complete();
    else if (event.key === "Enter" && !event.shiftKey) this.pick(this.selected);
    else return false;
    event.preventDefault();
    return true;
  }

  complete() {
    this.input.value = `/${this.shown[this.selected].command} `;
    this.hide();
  }
}
