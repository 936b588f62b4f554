// Messages as DOM nodes. Texts of people and of the bot become text nodes and checked URLs only.

export function node(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function icon(path, className = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", className);
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const ARROW = "M7 17L17 7M9 7h8v8";
const SHEETS = "M9 9h11v11H9zM5 15H4V4h11v1";
const DOWN = "M12 4v12M6 11l6 6 6-6M5 20h14";

function safe(address) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `http://${address}`);
    return ["http:", "https:", "mailto:", "tg:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function link(address, children, acts) {
  const href = safe(address);
  if (!href) return node("span", {}, ...children);
  const made = node("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
  const act = acts.deepLink(href);
  if (act) {
    made.addEventListener("click", (event) => {
      event.preventDefault();
      act();
    });
  }
  return made;
}

function pressable(made, act) {
  made.tabIndex = 0;
  made.setAttribute("role", "button");
  made.addEventListener("click", act);
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  });
  return made;
}

function marked(entity, covered, children, acts) {
  if (PLAIN[entity.type]) return node(PLAIN[entity.type], {}, ...children);
  switch (entity.type) {
    case "code":
      return pressable(node("code", { title: "Copy" }, ...children), () => acts.copy(covered));
    case "pre": {
      const block = node("pre", {}, ...children);
      if (entity.language) block.dataset.language = entity.language;
      return block;
    }
    case "blockquote":
    case "expandable_blockquote":
      return node("blockquote", {}, ...children);
    case "text_link":
      return link(entity.url, children, acts);
    case "url":
      return link(covered, children, acts);
    case "email":
      return link(`mailto:${covered}`, children, acts);
    case "bot_command":
      return node("button", { type: "button", className: "act", onclick: () => acts.say(covered) }, ...children);
    case "spoiler": {
      const hidden = node("span", { className: "spoiler", title: "Show" }, ...children);
      return pressable(hidden, () => hidden.classList.add("open"));
    }
    default:
      return node("span", {}, ...children);
  }
}

// Entities count in UTF-16 code units, as JavaScript's strings do, and are nested properly.
function parts(text, entities, from, to, acts) {
  const made = [];
  let at = from;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    let after = index + 1;
    while (after < entities.length && entities[after].offset < end) after += 1;
    if (end > start) {
      if (start > at) made.push(text.slice(at, start));
      const inner = parts(text, entities.slice(index + 1, after), start, end, acts);
      made.push(marked(entity, text.slice(start, end), inner, acts));
      at = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end; // a block already ends its line
    }
    index = after;
  }
  if (at < to) made.push(text.slice(at, to));
  return made;
}

function words(message, time, acts) {
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  if (!text) return [time];
  return [node("div", { className: "words", dir: "auto" }, ...parts(text, entities, 0, text.length, acts), time)];
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function media(message) {
  const photo = message.photo?.at(-1);
  if (photo) {
    const src = `/api/files/${photo.file_id}`;
    const image = node("img", { src, width: photo.width, height: photo.height, alt: message.caption ?? "Photo" });
    return [node("a", { className: "photo", href: src, target: "_blank", rel: "noopener" }, image)];
  }
  const file = message.document;
  if (!file) return [];
  const about = node("span", {}, node("span", { className: "name" }, file.file_name), node("br"));
  about.append(node("span", { className: "size" }, size(file.file_size)));
  const badge = node("span", { className: "badge" }, icon(DOWN));
  return [node("a", { className: "document", href: `/api/files/${file.file_id}`, download: file.file_name }, badge, about)];
}

function quoted(message) {
  const reply = message.reply_to_message;
  return reply ? [node("span", { className: "quote-of" }, reply.text ?? reply.caption ?? "…")] : [];
}

const STYLES = { danger: "danger", success: "success", primary: "primary-key" };

function key(button, message, row, column, acts) {
  const className = `key ${STYLES[button.style] ?? ""}`.trim();
  const address = button.url;
  if (address) {
    const made = link(address, [button.text, icon(ARROW, "corner")], acts);
    made.className = className;
    return made;
  }
  const made = node("button", { type: "button", className }, button.text);
  if (button.copy_text) made.append(icon(SHEETS, "corner"));
  made.addEventListener("click", () => acts.press(button, message, row, column, made));
  return made;
}

function keys(message, acts) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return [];
  const lines = rows.map((row, y) => node("div", {}, ...row.map((button, x) => key(button, message, y, x, acts))));
  return [node("div", { className: "keys" }, ...lines)];
}

function named(user) {
  return `${user.first_name} ${user.last_name ?? ""}`.trim();
}

// The text of a service message, or null for an ordinary message.
function happened(message) {
  const who = named(message.from);
  if (message.new_chat_members) return `${message.new_chat_members.map(named).join(", ")} joined`;
  if (message.left_chat_member) return `${named(message.left_chat_member)} left`;
  if (message.forum_topic_created) return `${who} created the topic ${message.forum_topic_created.name}`;
  if (message.forum_topic_closed) return `${who} closed this topic`;
  if (message.forum_topic_reopened) return `${who} reopened this topic`;
  if (message.pinned_message) return `${who} pinned a message`;
  if (message.migrate_to_chat_id) return "This group is a supergroup now";
  return message.migrate_from_chat_id ? "This supergroup was upgraded from a group" : null;
}

function heading(message, mine, inGroup) {
  const made = [];
  if (inGroup && !mine) made.push(node("span", { className: "sender" }, named(message.from)));
  else made.push(node("span", { className: "visually-hidden" }, mine ? "You:" : "Bot:"));
  const author = forwardedFrom(message);
  if (author) made.push(node("span", { className: "via" }, `Forwarded from ${author}`));
  if (message.via_bot) made.push(node("span", { className: "via" }, `via @${message.via_bot.username}`));
  return made;
}

export function bubble(message, acts) {
  const at = new Date(message.date * 1000);
  const mine = message.from.id === acts.me();
  const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const time = node("time", { className: "time", dateTime: at.toISOString() }, `${message.edit_date ? "edited " : ""}${clock}`);
  const service = happened(message);
  const made = service === null ? written(message, time, mine, acts) : node("div", { className: "day service" }, service, node("span", { hidden: true }, time));
  Object.assign(made.dataset, { id: message.message_id, from: message.from.id, topic: message.message_thread_id ?? 0 });
  return made;
}

// The name of the first author of a forwarded message, or null.
function forwardedFrom({ forward_origin: origin }) {
  if (!origin) return null;
  return origin.sender_user_name ?? (origin.sender_chat ?? origin.chat)?.title ?? named(origin.sender_user);
}

// A menu that forwards the message, or edits one's own.
function tools(message, mine, acts) {
  const menu = node("div", { className: "menu" });
  const made = node("details", { className: "tools" }, node("summary", { ariaLabel: "Message menu" }, "⋯"), menu);
  made.addEventListener("focusout", ({ relatedTarget }) => { if (!made.contains(relatedTarget)) made.open = false; });
  const add = (words, act) => menu.append(node("button", { type: "button", className: "menu-link", onclick() { made.open = false; act(); } }, words));
  add("Forward", () => acts.passing().forward(message));
  if (mine && message.text && !message.forward_origin && !message.via_bot) add("Edit", () => acts.passing().edit(message));
  return made;
}

function written(message, time, mine, acts) {
  const head = heading(message, mine, acts.inGroup());
  const content = node("div", { className: "bubble" }, ...head, ...quoted(message), ...media(message), ...words(message, time, acts));
  const made = node("article", { className: "message" }, content, tools(message, mine, acts), ...keys(message, acts));
  made.classList.toggle("mine", mine);
  made.classList.toggle("edited", Boolean(message.edit_date));
  made.classList.toggle("bare", !(message.text || message.caption));
  made.classList.toggle("has-keys", Boolean(message.reply_markup));
  return made;
}
