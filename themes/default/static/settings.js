"use strict";
// The box with the settings and the keys. site.js loads it when it is first opened, and lends what it needs.
{
  const { choice, remember, make, showChoices } = hnsite;
  const style = make("link", { rel: "stylesheet", href: document.currentScript.src.replace(/js$/, "css") });

  const CHOICES = [
    ["colours", "Colours", { system: "system", light: "light", dark: "dark" }],
    ["times", "Times", { utc: "UTC", local: "local" }],
    ["keys", "Keys", { on: "on", off: "off" }],
  ];
  const KEYS = {
    j: "next comment or thread",
    k: "previous comment or thread",
    n: "next comment at top level",
    N: "previous comment at top level",
    p: "what it replies to",
    r: "the top of its branch",
    c: "close or open the branch",
    f: "fold or unfold all replies",
    w: "next new comment",
    t: "by time or nested",
    u: "back to the thread",
    o: "open the comment or thread on its own page",
    "/": "search",
    "?": "this box",
  };

  function choiceField([name, title, values]) {
    const labels = Object.entries(values).map(([value, words]) => {
      const input = make("input", { type: "radio", name, value, checked: choice(name) === value });
      return make("label", {}, input, ` ${words}`);
    });
    return make("fieldset", {}, make("legend", {}, title), ...labels);
  }

  function keyTable() {
    const rows = Object.entries(KEYS).map(([key, words]) => {
      return make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, key)), make("td", {}, words));
    });
    return make("table", {}, make("tbody", {}, ...rows));
  }

  hnsite.settings = async () => {
    await styled;
    const close = make("button", { type: "button", className: "close" }, "Close");
    const head = make("header", {}, make("h2", {}, "Settings"), close);
    const dialog = make("dialog", { ariaLabel: "Settings" }, head, ...CHOICES.map(choiceField), keyTable());
    dialog.setAttribute("closedby", "any");
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("change", ({ target }) => {
      remember(target.name, target.value);
      showChoices();
    });
    document.body.append(dialog);
    dialog.showModal();
  };

  const styled = new Promise((done) => (style.onload = style.onerror = done));
  document.head.prepend(style); // a theme's own style sheet comes behind it
}
