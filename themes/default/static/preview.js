"use strict";
// Links to comments show them in place. site.js loads this when somebody first points at such a link, and
// lends what it needs.
{
  const { make, showTimes, address, previewLink, isOnScreen, SHOWN } = hnsite;
  const style = make("link", { rel: "stylesheet", href: document.currentScript.src.replace(/js$/, "css") });
  const styled = new Promise((done) => (style.onload = style.onerror = done));
  const [SOON, LATER] = [120, 300];
  const pages = new Map();
  const previews = []; // {link, box or lit}; each but the first was opened from the one before it
  let timer, wanted;

  function isOf(link) {
    return previews.some((one) => one.link === link);
  }

  async function load(url) {
    const answer = await fetch(url).catch(() => null);
    return answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  }

  async function loadPost(url, id) {
    const name = url.href.split("#")[0];
    if (!pages.has(name)) pages.set(name, load(name));
    const post = (await pages.get(name))?.getElementById(id);
    if (!post?.matches(SHOWN)) return null;
    const copied = copy(post);
    for (const link of copied.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), url);
    showTimes(copied);
    return copied;
  }

  // Without ids: links must lead to the post itself.
  function copy(post) {
    const copied = document.importNode(post, true);
    for (const one of [copied, ...copied.querySelectorAll("[id]")]) one.removeAttribute("id");
    copied.removeAttribute("tabindex");
    copied.querySelector(".jumps")?.remove();
    return copied;
  }

  async function show(link, isTapped) {
    wanted = link;
    await styled;
    if (wanted !== link) return;
    const { url, id, here } = address(link);
    if (here && isOnScreen(here, 0.6)) return light(link, here);
    const post = here ? copy(here) : await loadPost(url, id);
    if (wanted !== link || isOf(link)) return;
    if (post) pop(link, post, isTapped);
    else if (isTapped) location.assign(url);
  }

  function light(link, lit) {
    lit.classList.add("lit");
    previews.push({ link, lit });
  }

  function pop(link, post, isTapped) {
    const box = make("aside", { className: "preview", ariaLabel: "Preview" }, post);
    if (isTapped) box.append(make("p", { className: "go" }, make("a", { href: address(link).url }, "Go there")));
    document.body.append(box);
    previews.push({ link, box });
    place(box, link);
    if (link.matches(".quoted")) showPassage(box, link);
  }

  function showPassage(box, link) {
    const words = (element) => element.textContent.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
    const passage = [...box.querySelectorAll(".e-content *")].findLast((one) => words(one).includes(words(link)));
    passage?.classList.add("lit");
    if (passage) box.scrollTop = passage.offsetTop - 40;
  }

  // Below the link, or above it where there is more room; never beyond the window's sides.
  function place(box, link) {
    const { left, top, bottom } = link.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const isBelow = clientHeight - bottom >= Math.min(top, box.offsetHeight + 8);
    const room = (isBelow ? clientHeight - bottom : top) - 8;
    box.style.setProperty("max-height", `${Math.max(room, 100)}px`);
    const x = Math.max(8, Math.min(left, clientWidth - box.offsetWidth - 8));
    const y = isBelow ? bottom : top - box.offsetHeight;
    box.style.setProperty("left", `${x + scrollX}px`);
    box.style.setProperty("top", `${y + scrollY}px`);
  }

  function close(kept = 0) {
    for (const { box, lit } of previews.splice(kept)) {
      box?.remove();
      lit?.classList.remove("lit");
    }
  }

  function isAt({ link, box }, element) {
    return link.contains(element) || box?.contains(element);
  }

  // What has nothing to do with the element that is attended to closes soon.
  function attend(element) {
    clearTimeout(timer);
    wanted = previewLink(element);
    const link = wanted;
    timer = setTimeout(() => {
      const isKept = (one) => isAt(one, element) || one.link.matches(":focus-visible");
      close(previews.findLastIndex(isKept) + 1);
      if (link && !isOf(link)) show(link);
    }, link ? SOON : LATER);
  }

  function closeAround(element) {
    if (!previews.some((one) => isAt(one, element))) close();
  }

  function tap(link) {
    close(previews.findLastIndex((one) => isAt(one, link)) + 1);
    show(link, true);
  }

  function closeAll() {
    clearTimeout(timer);
    wanted = null;
    close();
  }

  hnsite.preview = { attend, closeAround, isOf, tap, close: closeAll };
  document.head.prepend(style); // a theme's own style sheet comes behind it
}
