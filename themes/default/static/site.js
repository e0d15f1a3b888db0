"use strict";
// What makes reading easier where scripts run; every page is whole without it. In order: memory, colours,
// times, posts, folding, previews, keys, settings. It is loaded before the page is painted, so that
// a chosen colour scheme is there from the start; the rest waits for the whole page.
{
  const html = document.documentElement;
  const SOURCE = document.currentScript.src;
  const ROOT = new URL("../..", SOURCE).href;

  // memory

  // A browser may forbid to remember; then every page is as on a first visit.
  function recall(name) {
    try {
      return localStorage.getItem(`hnsite ${name}`);
    } catch {
      return null;
    }
  }

  function remember(name, value) {
    try {
      localStorage.setItem(`hnsite ${name}`, value);
    } catch {}
  }

  const DEFAULTS = { colours: "system", times: "utc", keys: "on" };

  function choice(name) {
    return recall(name) ?? DEFAULTS[name];
  }

  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  // colours

  function showColours() {
    html.dataset.theme = choice("colours");
  }

  html.classList.add("script");
  showColours();

  // times

  const inUtc = new WeakMap();
  const zones = new Map();

  function zone(moment) {
    const offset = moment.getTimezoneOffset();
    if (!zones.has(offset)) {
      const parts = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" }).formatToParts(moment);
      zones.set(offset, parts.find((part) => part.type === "timeZoneName").value);
    }
    return zones.get(offset);
  }

  function localText(time) {
    const moment = new Date(time.dateTime);
    const shifted = new Date(moment - moment.getTimezoneOffset() * 60_000).toISOString();
    const local = `${shifted.slice(0, 10)} ${shifted.slice(11, 16)} ${zone(moment)}`;
    return time.textContent.replace(/\d{4}-\d\d-\d\d \d\d:\d\d( UTC)?/, local);
  }

  // Only times with a clock have a zone.
  function showTimes(inside) {
    const isLocal = choice("times") === "local";
    for (const time of inside.querySelectorAll('time[datetime$="Z"]')) {
      if (isLocal === inUtc.has(time)) continue;
      const text = isLocal ? localText(time) : inUtc.get(time);
      if (isLocal) inUtc.set(time, time.textContent);
      else inUtc.delete(time);
      time.textContent = text;
    }
  }

  // posts: where the keys stop. A closed branch stands as its summary, and a thread or a hit as its link.

  const STOPS = "main article:not(.story), main .branch:not([open]) > summary, ol:is(.threads, .hits) h2 a";

  function isShown(post) {
    const outermost = post.localName === "summary" ? post.parentElement : post;
    return !outermost.parentElement.closest("details:not([open]), [hidden]");
  }

  function articleOf(post) {
    return post.localName === "summary" ? post.parentElement.querySelector("article") : post;
  }

  function isOnScreen(post, share) {
    const { top, bottom, height } = post.getBoundingClientRect();
    const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
    return isShown(post) && seen > 0 && seen >= share * Math.min(height, innerHeight);
  }

  function stops() {
    return [...document.querySelectorAll(STOPS)].filter(isShown);
  }

  function focusedPost() {
    const active = document.activeElement;
    const post = active.matches(".branch[open] > summary") ? articleOf(active) : active.closest(STOPS);
    return post && isOnScreen(post, 0) ? post : undefined;
  }

  // The place of the first post that begins on the screen or below it.
  function firstBelow(posts) {
    let [low, high] = [0, posts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (posts[middle].getBoundingClientRect().top < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function currentPost() {
    const posts = stops();
    return focusedPost() ?? posts[firstBelow(posts)];
  }

  // Opens all that hides an element; tells whether anything did.
  function reveal(element) {
    let wasHidden = false;
    for (let one = element.parentElement; one; one = one.parentElement) {
      if (!one.matches("details:not([open]), [hidden]")) continue;
      wasHidden = one.open = true;
      one.hidden = false;
    }
    return wasHidden;
  }

  // Moves the focus to a post, and the page only if the post is not wholly on the screen.
  function select(post) {
    if (!post) return;
    if (post.localName === "article") {
      reveal(post);
      document.querySelector("article[tabindex]")?.removeAttribute("tabindex");
      post.tabIndex = -1;
    }
    post.focus({ preventScroll: true });
    const { top, bottom } = post.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) post.scrollIntoView();
  }

  function step(by, posts, from) {
    select(posts[from ? posts.indexOf(from) + by : firstBelow(posts) - (by < 0)]);
  }

  // The first stop of the top-level branch that a post is in.
  function topOf(post) {
    return post?.closest("ol.comments > li")?.querySelector(STOPS);
  }

  function stepTop(by) {
    step(by, [...document.querySelectorAll("ol.comments > li")].map(topOf), topOf(focusedPost()));
  }

  function openPost(post) {
    if (post) (articleOf(post).querySelector(".u-url") ?? post).click();
  }

  function goToSearch() {
    const field = document.querySelector("input[type=search]");
    if (field) field.focus();
    else follow('header.site a[href$="search.html"]');
  }

  function parentLink(post) {
    return articleOf(post).querySelector(".u-in-reply-to");
  }

  // Null if the parent is not on this page.
  function parentOf(post) {
    const link = parentLink(post);
    return link && address(link).here;
  }

  function goToParent(post) {
    const parent = post && parentOf(post);
    if (parent) select(parent);
    else if (post) parentLink(post)?.click();
  }

  function rootOf(post) {
    let root = post;
    for (let above = post; above && !above.matches(".story"); above = parentOf(above)) root = above;
    return root;
  }

  function follow(selector) {
    document.querySelector(selector)?.click();
  }

  // folding

  function toggleBranch(post) {
    const branch = post?.closest(".branch");
    if (!branch) return;
    const folded = branch.querySelector(":scope > [hidden]");
    if (folded) folded.hidden = false;
    else branch.open = !branch.open;
    select(branch.querySelector(branch.open ? "article" : "summary"));
  }

  const FOLDABLE = "ol.comments > li > .branch > ol.replies";

  // "until-found" lets the browser's own search open what it finds.
  function fold(list) {
    list.hidden = "until-found";
    if (list.previousElementSibling.matches(".unfold")) return;
    const number = list.querySelectorAll("article").length;
    const button = make("button", { type: "button", className: "unfold" });
    button.textContent = number === 1 ? "show 1 reply" : `show ${number} replies`;
    button.addEventListener("click", () => {
      list.hidden = false;
      select(list.querySelector(STOPS));
    });
    list.before(button);
  }

  function toggleFolds(button) {
    const isFolding = button.textContent === "fold all";
    for (const list of document.querySelectorAll(FOLDABLE)) {
      if (isFolding) fold(list);
      else list.hidden = false;
    }
    button.textContent = isFolding ? "unfold all" : "fold all";
  }

  // By key, from anywhere in the page: the reader stays at the same branch.
  function toggleFoldsHere() {
    const button = document.querySelector(".fold");
    const post = button && currentPost();
    if (!post) return;
    toggleFolds(button);
    select(isShown(post) ? post : topOf(post));
  }

  // Above the comments: beside their heading, where nothing has to move.
  function addTool(name, onClick, ...words) {
    const button = make("button", { type: "button", className: name }, ...words);
    button.addEventListener("click", () => onClick(button));
    document.querySelector(".tools")?.append(button);
  }

  function addFoldButton() {
    if (document.querySelector(FOLDABLE)) addTool("fold", toggleFolds, "fold all");
  }

  // A rail closes its branch. Touch is left out: a thumb that scrolls would meet rails by accident.
  function closeByRail(event) {
    const list = event.target;
    if (lastPointer !== "mouse" || !list.matches(".branch > ol.replies") || !getSelection().isCollapsed) return;
    if (event.offsetX < parseFloat(getComputedStyle(list).paddingLeft)) toggleBranch(list);
  }

  // previews: links to comments show them in place. preview.js does it; it comes with the first such link that
  // somebody points at.

  const SHOWN = "article, .option";
  const PREVIEWED = "a.u-comment, a.u-in-reply-to, a.item-link, a.quoted, .popular a, .chart a";
  let lastPointer, lastPlace;

  // Where a link leads: the page, the post's id, and the post itself if it is on this page.
  function address(link) {
    const url = new URL(link.getAttribute("href"), document.baseURI);
    const id = url.hash.slice(1) || url.pathname.split("/").pop().replace(/\.html$/, "");
    const isOurs = url.href.startsWith(ROOT);
    return { url, id, here: isOurs ? document.getElementById(id) : null };
  }

  function previewLink(element) {
    const link = element.closest("a");
    if (!link?.matches(PREVIEWED)) return null;
    const { url, here } = address(link);
    const canLoad = url.href.startsWith(`${ROOT}item/`) && url.protocol.startsWith("http");
    const isPost = here ? here.matches(SHOWN) && !here.contains(link) : canLoad;
    return isPost ? link : null;
  }

  // The pointer or the focus has come to an element.
  function attend(element) {
    if (previewLink(element) || brought.preview) bring("preview", () => lent.preview.attend(element));
  }

  // Browsers tell of a pointer that rests when the page moves below it; nobody points at anything then.
  function onPointer(event) {
    const place = `${event.screenX} ${event.screenY}`;
    if (event.pointerType !== "touch" && place !== lastPlace) attend(event.target);
    lastPlace = place;
  }

  function onFocus(event) {
    if (event.target.matches(":focus-visible")) attend(event.target);
  }

  function onPress(event) {
    lastPointer = event.pointerType;
    lent.preview?.closeAround(event.target);
  }

  // A first tap shows what a pointer sees by hovering; all other clicks go where the link leads.
  function onClick(event) {
    closeByRail(event);
    const link = event.target.closest("a");
    if (!link) return;
    const isTap = lastPointer === "touch" && event.detail > 0;
    if (isTap && previewLink(link) && !lent.preview?.isOf(link)) {
      event.preventDefault();
      bring("preview", () => lent.preview.tap(link), () => location.assign(link.href));
    } else if (brought.preview) {
      bring("preview", () => lent.preview.close());
    }
  }

  // keys

  const KEYS = {
    j: () => step(1, stops(), focusedPost()),
    k: () => step(-1, stops(), focusedPost()),
    n: () => stepTop(1),
    N: () => stepTop(-1),
    p: () => goToParent(currentPost()),
    r: () => select(rootOf(currentPost())),
    c: () => toggleBranch(currentPost()),
    f: toggleFoldsHere,
    w: () => lent.visits?.stepNew(),
    t: () => follow(".discussion .orders a"),
    u: () => follow(".back a"),
    o: () => openPost(currentPost()),
    "/": goToSearch,
    "?": openSettings,
  };

  function onKey(event) {
    if (event.key === "Escape") lent.preview?.close();
    if (event.ctrlKey || event.metaKey || event.altKey || choice("keys") === "off") return;
    if (event.target.closest("input, textarea, select")) return;
    if (document.querySelector("dialog[open]")) return;
    if (!Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  }

  // settings

  // What only some pages or readers need comes in scripts of its own, when it is first asked for. Until then
  // window.hnsite may be an element: a note can have a heading of that name.
  const lent = {
    ...{ choice, recall, remember, make, showChoices, showTimes },
    ...{ address, previewLink, isOnScreen, select, focusedPost, addTool, SHOWN, ROOT },
  };
  const brought = {}; // by the script's name: what is to be done when it is there; the last wish counts

  function bring(name, wish, otherwise) {
    if (lent[name]) return wish();
    if (!brought[name]) {
      const script = make("script", { src: new URL(`${name}.js`, SOURCE) });
      script.addEventListener("load", () => brought[name][0]());
      script.addEventListener("error", () => {
        const [, instead] = brought[name];
        delete brought[name];
        instead?.();
      });
      window.hnsite = lent;
      document.head.append(script);
    }
    brought[name] = [wish, otherwise];
  }

  function openSettings() {
    bring("settings", () => lent.settings());
  }

  function addSettingsButton() {
    const button = make("button", { type: "button", className: "settings", ariaHasPopup: "dialog" }, "Settings");
    button.addEventListener("click", openSettings);
    document.querySelector("header.site nav")?.append(button);
  }

  function showChoices() {
    showColours();
    showTimes(document);
  }

  function revealTarget() {
    const target = document.getElementById(location.hash.slice(1));
    if (target && reveal(target)) target.scrollIntoView();
    if (target?.closest(".long")) settle(target);
  }

  // Cards above a target that were not laid out get another height when they are, so the target is held in
  // its place until that is over, or the reader moves.
  function settle(target, frames = 30) {
    const stop = () => (frames = 0);
    for (const move of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(move, stop, { once: true });
    const hold = () => {
      if (frames-- < 1) return;
      target.scrollIntoView();
      requestAnimationFrame(hold);
    };
    requestAnimationFrame(hold);
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (choice("times") === "local") showTimes(document);
    const hits = document.getElementById("hits");
    if (hits) new MutationObserver(() => showTimes(hits)).observe(hits, { childList: true });
    addSettingsButton();
    document.querySelector(".discussion > .orders")?.after(make("div", { className: "tools" }));
    addFoldButton();
    revealTarget();
    document.addEventListener("pointerover", onPointer);
    document.addEventListener("pointerdown", onPress);
    document.addEventListener("focusin", onFocus);
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey);
    addEventListener("hashchange", revealTarget);
    addEventListener("storage", showChoices);
    addEventListener("pageshow", ({ persisted }) => persisted && showChoices());
    if (document.querySelector("article.story[data-latest]")) bring("visits", () => lent.visits.markNew());
  });
}
