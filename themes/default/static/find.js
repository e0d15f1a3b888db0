"use strict";
// Leads from the addresses of Hacker News (item.html?id=N, user.html?id=NAME, from.html?site=DOMAIN, ...) to the
// pages of the archive; hnsite/pages/find.py lists them. File names follow hnsite/urls.py. Where items have no
// pages of their own, maps tell on which page an item stands. They are scripts, because files opened from disk
// can load nothing else.
{
  const BLOCK = 4096;
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const unknown = document.getElementById("unknown");
  const { kind, key, shape, sources } = unknown?.dataset ?? {};
  const asked = new URLSearchParams(location.search).get(key) ?? "";

  // The first 12 hexadecimal digits of SHA-256, which browsers have for pages of https only.
  function digest(text) {
    const bytes = [...new TextEncoder().encode(text)];
    const size = bytes.length * 8;
    bytes.push(128);
    while (bytes.length % 64 !== 56) bytes.push(0);
    for (let place = 7; place >= 0; place--) bytes.push(Math.floor(size / 256 ** place) % 256);
    const primes = [];
    for (let one = 2; primes.length < 64; one++) if (primes.every((prime) => one % prime)) primes.push(one);
    const fraction = (root) => Math.floor((root % 1) * 2 ** 32) | 0;
    const keys = primes.map((prime) => fraction(Math.cbrt(prime)));
    const state = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
    const turn = (word, by) => (word >>> by) | (word << (32 - by));
    for (let start = 0; start < bytes.length; start += 64) {
      const words = [];
      let [a, b, c, d, e, f, g, h] = state;
      for (let place = 0; place < 64; place++) {
        if (place < 16) {
          words[place] = bytes.slice(start + place * 4, start + place * 4 + 4).reduce((sum, byte) => (sum << 8) | byte);
        } else {
          const [x, y] = [words[place - 15], words[place - 2]];
          const low = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
          const high = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
          words[place] = (words[place - 16] + low + words[place - 7] + high) | 0;
        }
        const choice = (e & f) ^ (~e & g);
        const most = (a & b) ^ (a & c) ^ (b & c);
        const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + keys[place] + words[place]) | 0;
        const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + most) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((word, place) => (state[place] = (state[place] + word) | 0));
    }
    return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("").slice(0, 12);
  }

  function isPlain(name) {
    const isReserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/.test(name);
    return /^[a-z0-9][a-z0-9_-]{0,63}$/.test(name) && !name.includes("--") && !isReserved;
  }

  function digested(name, shown) {
    const ascii = shown.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase();
    const trimmed = ascii.replace(/[^a-z0-9_]+/g, "-").replace(/^[-_]+|[-_]+$/g, "");
    const base = trimmed.slice(0, 32).replace(/[-_]+$/, "") || "name";
    return `${base}--${digest(name)}`;
  }

  function fileName(name) {
    return isPlain(name) ? name : digested(name, name);
  }

  function authorFile(author, sources) {
    const [, name, source] = /^([^]+)@([a-z][a-z0-9]{0,19})$/.exec(author) ?? [undefined, author, ""];
    const joined = `${source}-${name}`;
    if (sources.includes(source) && isPlain(joined)) return joined;
    if (source || sources.includes(author.split("-")[0])) return digested(author, joined);
    return fileName(author);
  }

  function siteFile(site) {
    const domain = site.split("/")[0].toLowerCase().replace(/^www\./, "");
    const isDomain = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*\.[a-z]{2,}$/.test(domain);
    const isUsual = isDomain && domain.length <= 64 && !domain.includes("--") && isPlain(domain.split(".")[0]);
    return isUsual ? domain : fileName(domain);
  }

  function giveUp() {
    const original = unknown.querySelector("a");
    original.href += encodeURIComponent(asked);
    original.textContent += asked;
    original.parentElement.hidden = !isOfHackerNews();
    unknown.hidden = false;
  }

  function isOfHackerNews() {
    return kind === "item" ? /^[0-9]+$/.test(asked) : !asked.includes("@");
  }

  // Leads to the first page that is there. From disk a page can only be loaded as a script, which ends at its
  // first sign: no script begins with "<".
  async function leadTo(pages) {
    for (const page of pages) {
      if (await isThere(page.split("#")[0])) return location.replace(page);
    }
    return giveUp();
  }

  async function isThere(page) {
    if (location.protocol.startsWith("http")) {
      const answer = await fetch(page, { method: "HEAD" }).catch(() => undefined);
      await answer?.text(); // there is none, but until it is read the answer is not complete
      return answer?.status !== 404;
    }
    addEventListener("error", (event) => event.preventDefault());
    return new Promise((resolve) => {
      const probe = document.createElement("script");
      probe.onload = () => resolve(true);
      probe.onerror = () => resolve(false);
      probe.src = page;
      document.head.append(probe);
    });
  }

  // The first block of the map that would hold ours; undefined if no map reaches as far.
  function mapStart(block) {
    let start = 0;
    for (const digit of shape) {
      const end = start + 2 ** DIGITS.indexOf(digit);
      if (block < end) return start;
      start = end;
    }
    return undefined;
  }

  // Whether an entry's offsets, two digits each, hold that of an item.
  function holds(offsets, id) {
    const offset = id % BLOCK;
    const pair = DIGITS[Math.floor(offset / 64)] + DIGITS[offset % 64];
    for (let place = 0; place < offsets.length; place += 2) {
      if (offsets.startsWith(pair, place)) return true;
    }
    return false;
  }

  function findByMap(id) {
    const block = Math.floor(id / BLOCK);
    const start = id.length > 15 ? undefined : mapStart(block);
    if (start === undefined) return giveUp();
    // Called by the map: of each block its entries, "<page> <offsets>".
    window.hnsiteMap = (blocks) => {
      const entries = (blocks[block] ?? "").split(",").map((entry) => entry.split(" "));
      const found = entries.find(([, offsets]) => offsets && holds(offsets, id));
      if (found) location.replace(`item/${found[0]}.html${found[0] === id ? "" : `#${id}`}`);
      else giveUp();
    };
    const map = document.createElement("script");
    map.src = `item/map/${start * BLOCK}.js`;
    map.onerror = giveUp;
    return document.head.append(map);
  }

  // item?id=N#M is comment M on the page of N.
  function findItem() {
    const ids = [location.hash.slice(1), asked].filter((id) => /^[1-9][0-9]*$/.test(id));
    if (ids.length && shape !== undefined) return findByMap(ids[0]);
    const isOther = sources.split(" ").some((source) => asked.startsWith(`${source}-`));
    if (isOther) ids.push(asked);
    return ids.length ? leadTo(ids.map((id) => `item/${fileName(id)}.html`)) : undefined;
  }

  if (kind === "item") findItem();
  else if (asked && kind === "author") leadTo([`user/${authorFile(asked, sources.split(" "))}.html`]);
  else if (asked && kind === "site") leadTo([`from/${siteFile(asked)}.html`]);
  else if (/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(asked) && kind === "day") leadTo([`front/${asked}.html`]);
}
