// Messages that are passed on or changed: the dialog that forwards one, and the bar above a text that is edited.
import { post } from "./api.js";
import { node } from "./bubbles.js";
import { attempt } from "./notices.js";

const $ = (id) => document.getElementById(id);

export class Passing {
  constructor({ input, root, chat, chats, resized }) {
    Object.assign(this, { input, root, chat, chats, resized, edited: null, sheet: $("forward-sheet") });
    $("editing-end").addEventListener("click", () => this.endEdit());
  }

  forward(message) {
    const source = { message_id: message.message_id, from_chat_id: message.chat.id };
    const choice = ({ id, title }) => node("button", { type: "button", className: "menu-link", onclick: () => this.send({ ...source, chat_id: id }) }, title);
    $("forward-list").replaceChildren(...this.chats().map((chat) => node("li", {}, choice(chat))));
    this.sheet.showModal();
  }

  async send(body) {
    this.sheet.close();
    await attempt(() => post(`${this.root()}/forwards`, body));
  }

  edit(message) {
    this.edited = message.message_id;
    $("editing").hidden = false;
    this.input.value = message.text;
    this.resized();
    this.input.focus();
  }

  endEdit() {
    this.edited = null;
    $("editing").hidden = true;
    this.input.value = "";
    this.resized();
    this.input.focus();
  }

  // Saves the text that is edited; returns false if none is.
  async save(text) {
    if (this.edited === null) return false;
    const body = { message_id: this.edited, chat_id: this.chat(), text };
    if (await attempt(() => post(`${this.root()}/edits`, body))) this.endEdit();
    return true;
  }
}
