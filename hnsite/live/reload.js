// What `hnsite serve` adds to every page: reload after a build, show why one failed.
(() => {
  "use strict";
  const built = document.currentScript.dataset.build, id = "hnsite-overlay";
  const kept = (() => { try { return sessionStorage; } catch { return {}; } })();
  let events, timer, overlay;
  const mute = () => { clearTimeout(timer); events?.close(); events = null; };
  // Only a page in view listens: many tabs would use up the six connections that a browser has for a host.
  const listen = () => {
    if (events || document.hidden) return;
    events = new EventSource("/__hnsite/events");
    events.onerror = () => { mute(); timer = setTimeout(listen, 500); };
    events.onmessage = (message) => {
      const state = JSON.parse(message.data);
      if (state.build === built) show(state);
      else { mute(); location.reload(); }
    };
  };
  const show = (state) => {
    overlay?.remove();
    if (!state.errors.length || kept[id] === state.attempt) return;
    const add = (parent, name, given) =>
      parent.appendChild(Object.assign(document.createElement(name), given));
    overlay = add(document.body, "div", { id, role: "alert" });
    add(overlay, "link", { rel: "stylesheet", href: "/__hnsite/overlay.css" });
    add(overlay, "h2", { textContent: state.failed ? "The build failed" : "The site is built, with errors" });
    const list = add(overlay, "ul", {});
    for (const error of state.errors) add(list, "li", { textContent: error });
    add(overlay, "p", { textContent: "This page reloads by itself after the next good build." });
    if (!state.usable) return;
    const close = () => { kept[id] = state.attempt; overlay.remove(); };
    add(overlay, "button", { type: "button", textContent: "Close (Esc)", onclick: close });
    onkeydown = (event) => { if (event.key === "Escape") close(); };
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? mute() : listen()));
  addEventListener("pagehide", mute);
  addEventListener("pageshow", listen);
  listen();
})();
