// The header and footer of the chat: its title, and the controls that its state allows.
import { dress } from "./people.js";

const $ = (id) => document.getElementById(id);
const PRESENT = ["member", "administrator"];

export function status(words, busy = false) {
  $("status").textContent = words;
  $("status").classList.toggle("busy", busy);
}

export function atRest(group) {
  if (!group) status("bot");
  else status(`${group.members.length} people${PRESENT.includes(group.bot_status) ? " and the bot" : ""}`);
}

export function showHeader(group, bot) {
  const name = group?.title ?? bot.first_name ?? "Bot";
  $("bot-name").textContent = name;
  $("bot-avatar").textContent = [...name][0]?.toUpperCase() ?? "";
  $("bot-avatar").classList.toggle("tint-2", Boolean(group));
  $("group-open").hidden = !group;
  $("to-bot").hidden = !group;
  $("block-switch").hidden = Boolean(group);
  document.title = `${name} · sandbox chat`;
}

export function showFooter(person, group, code) {
  const { started, blocked } = person ?? {};
  const start = !group && !blocked && (code !== null || !started);
  const outside = Boolean(group) && !group.members.includes(person?.id);
  $("unblock").hidden = Boolean(group) || !blocked;
  $("start").hidden = !start;
  $("join").hidden = !outside;
  $("composer").hidden = (!group && blocked) || start || outside;
  $("block").checked = Boolean(blocked);
  $("who-name").textContent = person?.first_name ?? "";
  if (person) dress($("who-avatar"), person);
}
