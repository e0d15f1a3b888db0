"use strict";
// Leads from item.html?id=N to item N. Where items have no pages of their own, the maps tell on which
// page it stands; hnsite/pages/find.py describes them. They are scripts, because files opened from
// disk can load nothing else.
{
  const BLOCK = 4096;
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const id = new URLSearchParams(location.search).get("id") ?? "";
  const block = Math.floor(id / BLOCK);
  const unknown = document.getElementById("unknown");

  function lead(page) {
    location.replace(`item/${page}.html${page === id ? "" : `#${id}`}`);
  }

  function giveUp() {
    const original = unknown.querySelector("a");
    original.href += id;
    original.textContent += id;
    unknown.hidden = false;
  }

  // The first block of the map that would hold ours; undefined if no map reaches as far.
  function mapStart(shape) {
    let start = 0;
    for (const digit of shape) {
      const end = start + 2 ** DIGITS.indexOf(digit);
      if (block < end) return start;
      start = end;
    }
    return undefined;
  }

  // Whether an entry's offsets, two digits each, hold that of our item.
  function holds(offsets) {
    const offset = id % BLOCK;
    const pair = DIGITS[Math.floor(offset / 64)] + DIGITS[offset % 64];
    for (let place = 0; place < offsets.length; place += 2) {
      if (offsets.startsWith(pair, place)) return true;
    }
    return false;
  }

  // Called by the map: of each block its entries, "<page> <offsets>".
  window.hnsiteMap = (blocks) => {
    const entries = (blocks[block] ?? "").split(",").map((entry) => entry.split(" "));
    const found = entries.find(([, offsets]) => offsets && holds(offsets));
    if (found) lead(found[0]);
    else giveUp();
  };

  function find(shape) {
    const start = id.length > 15 ? undefined : mapStart(shape);
    if (start === undefined) return giveUp();
    const map = document.createElement("script");
    map.src = `item/map/${start * BLOCK}.js`;
    map.onerror = giveUp;
    document.head.append(map);
  }

  if (/^[1-9][0-9]*$/.test(id)) {
    if (unknown.dataset.shape === undefined) lead(id);
    else find(unknown.dataset.shape);
  }
}
