// Posts what Telegram tells of who opened the Mini App; outside of Telegram, leads to the ordinary page.
const told = new URLSearchParams(location.hash.slice(1));
const form = document.forms[0];

// Says to Telegram's app or page that the Mini App has loaded, or that it wants the whole height.
function tell(eventType) {
  if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(eventType, "{}");
  else if (parent !== window) parent.postMessage(JSON.stringify({ eventType, eventData: {} }), "*");
}

if (told.has("tgWebAppData")) {
  tell("web_app_ready");
  tell("web_app_expand");
  form.init_data.value = told.get("tgWebAppData");
  form.theme.value = told.get("tgWebAppThemeParams") ?? "";
  form.submit();
} else {
  location.replace(form.dataset.outside);
}
