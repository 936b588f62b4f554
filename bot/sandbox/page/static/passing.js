// What is passed on or changed: the dialog that forwards a message or adds the bot, and the bar above an edited text.
import { post } from "./api.js";
import { node } from "./bubbles.js";
import { attempt } from "./notices.js";

const $ = (id) => document.getElementById(id);

export class Passing {
  constructor({ input, root, me, chat, chats, open, resized }) {
    Object.assign(this, { input, root, me, chat, chats, open, resized, edited: null, sheet: $("forward-sheet") });
    $("editing-end").addEventListener("click", () => this.endEdit());
  }

  forward(message) {
    const source = { message_id: message.message_id, from_chat_id: message.chat.id };
    this.ask("Forward to", this.chats(), (id) => this.send({ ...source, chat_id: id }));
  }

  // What a link with ?startgroup= does: a group of one's own is chosen, and the bot is started there.
  addToGroup(code) {
    const groups = this.chats().filter(({ id }) => id < 0);
    this.ask(groups.length ? "Add to a group" : "Create a group first", groups, async (id) => {
      this.sheet.close();
      if (await attempt(() => post(`/api/groups/${id}/starts`, { person_id: this.me(), code }))) this.open(id);
    });
  }

  ask(title, chats, act) {
    const choice = (chat) => node("button", { type: "button", className: "menu-link", onclick: () => act(chat.id) }, chat.title);
    $("forward-title").textContent = title;
    $("forward-list").replaceChildren(...chats.map((chat) => node("li", {}, choice(chat))));
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
