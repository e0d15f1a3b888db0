"use strict";
// What is new in a thread since the reader was there before. site.js loads this on the pages of threads, and lends
// what it needs.
{
  const { recall, remember, make, select, focusedPost, addTool, ROOT } = hnsite;
  const FOLLOWING = 4; // Node.DOCUMENT_POSITION_FOLLOWING
  const PAUSE = 3_600_000; // after an hour away, coming back is another visit
  let fresh = [];

  function age(post) {
    const time = Date.parse(post.querySelector(".dt-published")?.dateTime) / 1000;
    return { id: Number(post.id) || 0, time: time || 0 };
  }

  function isAfter(one, seen) {
    return one.id && seen.id ? one.id > seen.id : one.time > seen.time;
  }

  // All pages of a thread tell its highest number and latest moment. {before, seen, at}: those of the visit
  // before, those by now, and when that was noted.
  function noteVisit(story) {
    const name = `seen ${ROOT}${story.id}`;
    const [id, time] = story.dataset.latest.split(" ").map(Number);
    const seen = { id, time };
    const last = JSON.parse(recall(name));
    const isSame = Date.now() - last?.at < PAUSE;
    const before = isSame ? last.before : last?.seen;
    const note = () => remember(name, JSON.stringify({ before, seen, at: Date.now() }));
    note();
    addEventListener("pagehide", note);
    return before;
  }

  function mark(post) {
    post.classList.add("new");
    post.querySelector(".u-url")?.before(make("mark", { className: "new-mark" }, "new"), " ");
  }

  function markNew() {
    const story = document.querySelector("article.story[data-latest]");
    const before = story && noteVisit(story);
    if (!before?.id && !before?.time) return;
    const posts = [...document.querySelectorAll("ol.comments article.h-entry")];
    fresh = posts.filter((post) => isAfter(age(post), before));
    fresh.forEach(mark);
    if (fresh.length) addNewButton();
  }

  function addNewButton() {
    const since = make("span", { className: "since" }, " since your last visit");
    addTool("to-new", () => select(fresh[0]), `${fresh.length} new`, since);
  }

  function stepNew() {
    const from = focusedPost();
    const isBehind = (post) => from.compareDocumentPosition(post) & FOLLOWING;
    select((from && fresh.find(isBehind)) ?? fresh[0]);
  }

  hnsite.visits = { markNew, stepNew };
}
