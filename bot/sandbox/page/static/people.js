// The list of people to chat as.
import { node } from "./bubbles.js";

const TINTS = 5;
const SEEN = "sandbox-seen";

export function dress(avatar, person) {
  const initials = [person.first_name, person.last_name].map((name) => [...(name ?? "")][0] ?? "").join("");
  avatar.textContent = initials.toUpperCase();
  for (let tint = 0; tint < TINTS; tint += 1) avatar.classList.toggle(`tint-${tint}`, person.id % TINTS === tint);
}

function preview(last) {
  if (!last) return "No messages yet";
  const { text, caption, photo, from } = last.message;
  const words = text ?? caption ?? (photo ? "Photo" : "Document");
  return `${from.is_bot ? "" : "You: "}${words.replaceAll(/\s+/g, " ").slice(0, 80)}`;
}

export class PeopleList {
  constructor(list, choose) {
    Object.assign(this, { list, choose, people: [] });
    this.seen = JSON.parse(localStorage.getItem(SEEN) ?? "{}");
  }

  show(people, chosenId) {
    this.people = people;
    const chosen = this.find(chosenId);
    if (chosen?.last && !document.hidden) this.see(chosen);
    this.list.replaceChildren(...people.map((person) => this.line(person, person.id === chosenId)));
  }

  // Only this line changes: the keyboard's focus stays where it is.
  showLast(id, last, chosenId) {
    const place = this.people.findIndex((person) => person.id === id);
    if (place < 0) return;
    const person = Object.assign(this.people[place], { last });
    if (id === chosenId && last && !document.hidden) this.see(person);
    const old = this.list.children[place], line = this.line(person, id === chosenId);
    const focused = old.contains(document.activeElement);
    old.replaceWith(line);
    if (focused) line.querySelector("button").focus();
  }

  find(id) {
    return this.people.find((person) => person.id === id);
  }

  see(person) {
    if (this.seen[person.id] === person.last.revision) return;
    this.seen[person.id] = person.last.revision;
    localStorage.setItem(SEEN, JSON.stringify(this.seen));
  }

  line(person, chosen) {
    const avatar = node("span", { className: "avatar" });
    avatar.setAttribute("aria-hidden", "true");
    dress(avatar, person);
    const name = node("span", { className: "name" }, person.name, node("small", {}, `${person.id} · ${person.language_code}`));
    const last = node("span", { className: "last" }, preview(person.last));
    const about = node("span", { className: "about-person" }, name, node("br"), last);
    const button = node("button", { type: "button", onclick: () => this.choose(person.id) }, avatar, about);
    if (chosen) button.setAttribute("aria-current", "true");
    if (!chosen && this.isNew(person)) {
      button.append(node("span", { className: "unread" }, node("span", { className: "visually-hidden" }, "new")));
    }
    return node("li", {}, button);
  }

  isNew(person) {
    const { last } = person;
    return Boolean(last?.message.from.is_bot) && last.revision > (this.seen[person.id] ?? 0);
  }
}
