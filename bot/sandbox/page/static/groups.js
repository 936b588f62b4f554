// Groups: the list of them, and the dialog for members, the bot and topics.
import { post } from "./api.js";
import { node } from "./bubbles.js";
import { attempt } from "./notices.js";

const $ = (id) => document.getElementById(id);
const STATUSES = { left: "not a member", member: "a member", administrator: "an administrator", kicked: "banned" };

export class Groups {
  constructor({ list, sheet, topics, choose, me, people, turn }) {
    Object.assign(this, { list, sheet, topics, choose, me, people, turn, groups: [] });
    $("group-bot").append(...Object.entries(STATUSES).map(([value, words]) => node("option", { value }, words)));
    $("group-bot").addEventListener("change", () => this.act("bot", { status: $("group-bot").value }));
    $("group-migrate").addEventListener("click", () => this.migrate());
    $("add-topic").addEventListener("submit", (event) => this.addTopic(event));
    topics.addEventListener("change", () => turn(Number(topics.value)));
  }

  show(groups, openId) {
    this.groups = groups;
    this.open = this.find(openId);
    this.list.replaceChildren(...groups.map((group) => this.line(group)));
    $("no-groups").hidden = groups.length > 0;
    this.showTopics();
    if (this.sheet.open && this.open) this.fill();
  }

  find(id) {
    return this.groups.find((group) => group.id === id);
  }

  line(group) {
    const badge = node("span", { className: "avatar tint-2" }, [...group.title][0].toUpperCase());
    badge.setAttribute("aria-hidden", "true");
    const kind = group.migrated_to ? "upgraded" : group.supergroup ? "supergroup" : "group";
    const name = node("span", { className: "name" }, group.title, node("small", {}, kind));
    const members = node("span", { className: "last" }, `${group.members.length} people, the bot is ${STATUSES[group.bot_status]}`);
    const about = node("span", { className: "about-person" }, name, node("br"), members);
    const button = node("button", { type: "button", onclick: () => this.choose(group.id) }, badge, about);
    if (group.id === this.open?.id) button.setAttribute("aria-current", "true");
    return node("li", {}, button);
  }

  showTopics() {
    const kept = this.topics.value;
    this.topics.hidden = !this.open?.forum;
    if (!this.open?.forum) return;
    const topics = Object.entries(this.open.topics).map(([value, { name, closed }]) => node("option", { value }, closed ? `${name} (closed)` : name));
    this.topics.replaceChildren(node("option", { value: "0" }, "General"), ...topics);
    if (kept in this.open.topics) this.topics.value = kept;
  }

  openSheet() {
    this.fill();
    if (!this.sheet.open) this.sheet.showModal();
  }

  fill() {
    const { open } = this;
    $("group-title").textContent = open.title;
    $("group-about").textContent = `${open.supergroup ? "Supergroup" : "Group"} ${open.id}`;
    $("group-bot").value = open.bot_status;
    $("group-migrate").hidden = open.supergroup || open.migrated_to !== null;
    $("group-people").replaceChildren(...this.people().map((person) => this.member(person)));
    $("group-topics").hidden = !open.forum;
    $("topic-list").replaceChildren(...Object.entries(open.topics).map((entry) => this.topic(...entry)));
  }

  member(person) {
    const present = !this.open.members.includes(person.id);
    const words = present ? "Add" : "Remove";
    const button = node("button", { type: "button", className: "chip", onclick: () => this.act("members", { member_id: person.id, present }) }, words);
    button.setAttribute("aria-label", `${words} ${person.name}`);
    return node("li", {}, node("span", {}, person.name), button);
  }

  topic(number, { name, closed }) {
    const details = { message_thread_id: Number(number), closed: !closed };
    const words = closed ? "Reopen" : "Close";
    const button = node("button", { type: "button", className: "chip", onclick: () => this.act("topics", details) }, words);
    button.setAttribute("aria-label", `${words} ${name}`);
    return node("li", {}, node("span", {}, name), button);
  }

  act(what, details) {
    return attempt(() => post(`/api/groups/${this.open.id}/${what}`, { person_id: this.me(), ...details }));
  }

  async addTopic(event) {
    event.preventDefault();
    const form = event.target;
    if (await this.act("topics", { name: form.elements.name.value })) form.reset();
  }

  async migrate() {
    const after = await this.act("migrate", {});
    if (!after) return;
    this.sheet.close();
    this.choose(after.id);
  }
}
