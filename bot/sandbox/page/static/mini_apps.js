// Mini Apps: shown in a frame, as Telegram's web page does, with the person's signed data in the address.
import { post } from "./api.js";
import { attempt } from "./notices.js";

const LIGHT = { bg_color: "#ffffff", secondary_bg_color: "#f1f1f1", text_color: "#000000", hint_color: "#707579", button_color: "#3390ec" };
const DARK = { bg_color: "#212121", secondary_bg_color: "#181818", text_color: "#ffffff", hint_color: "#aaaaaa", button_color: "#8774e1" };

export class MiniApps {
  constructor({ sheet, frame, root }) {
    Object.assign(this, { sheet, frame, root });
    sheet.addEventListener("close", () => { frame.src = "about:blank"; });
  }

  // Opens a button's Mini App, or the bot's own one with the parameter of a deep link.
  async open(asked) {
    const opened = await attempt(() => post(`${this.root()}/mini-apps`, asked));
    if (!opened) return;
    const theme = matchMedia("(prefers-color-scheme: dark)").matches ? DARK : LIGHT;
    const told = { tgWebAppData: opened.init_data, tgWebAppVersion: "9.0", tgWebAppPlatform: "weba", tgWebAppThemeParams: JSON.stringify(theme) };
    this.frame.src = `${opened.url}#${new URLSearchParams(told)}`;
    this.sheet.showModal();
  }
}
