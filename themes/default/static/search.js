"use strict";
// The search of search.html. What it reads are scripts below search/, because files opened from disk can
// load nothing else: each calls hnsiteSearch(name, value). hnsite/postings.py describes lists and places,
// hnsite/pages/search.py the rest. Everything shown is put in as text.
{
  const PAGE = 10;
  const CHUNK = 12;
  const TITLE = 5;
  const MOST_PARTS = 40;
  const PASSAGE = 280;
  const DIGITS = "0123456789abcdefghijklmnopqr";
  const CODES = "ABCDEFGHIJKLMNOPQRSTUVWXYZstuvwxyz!#$%&'()*+,-./:;<=>?@[]^_`{|}~";
  const LAST = 48;
  const DAYS = ":";
  const DAY = 86_400_000;

  // Loading

  const loaded = new Map();
  const waiting = new Map();

  window.hnsiteSearch = (name, value) => waiting.get(name)?.(value);

  function load(name) {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        waiting.set(name, resolve);
        script.src = `search/${name}.js`;
        script.onload = () => { script.remove(); reject(new Error(name)); };
        script.onerror = () => { script.remove(); loaded.delete(name); reject(new Error(name)); };
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  }

  let index;

  async function loadIndex() {
    if (index) return;
    const found = await load("index");
    const beginnings = new Map(); // -> file
    for (const [beginning, letters] of found.beginnings.map((part) => part.split(" "))) {
      const all = [...letters];
      const file = all.length ? `${spelled(beginning + all[0])}-${spelled(all.at(-1))}` : "-";
      for (const letter of all.length ? all : [""]) beginnings.set(beginning + letter, file);
    }
    index = { ...found, whole: new Set(found.whole), beginnings, common: new Set(found.common) };
  }

  // Words, as hnsite/postings.py folds them and FTS5 parts them

  const MARKS = /[\u0300-\u036f\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]/g;
  const ALONE = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const UNSPACED = new RegExp(`[${ALONE}]`, "gu");
  const WORD = /[\p{L}\p{N}\p{M}\p{Co}+#]+/gu;
  const SHOWN_WORD = new RegExp(`[${ALONE}]|(?:(?![${ALONE}])[\\p{L}\\p{N}\\p{M}\\p{Co}+#\\u00ad\\u200c-\\u200f\\u2060-\\u2064])+`, "gu");

  function fold(text) {
    return text.normalize("NFKD").replace(MARKS, "").toLowerCase().replaceAll("ς", "σ").replace(UNSPACED, " $& ");
  }

  const wordsOf = (text) => fold(text).match(WORD) ?? [];

  const nameWord = (name) => name.trim().replace(/\s+/g, "\u00a0").replace(/[A-Z]/g, (letter) => letter.toLowerCase());

  // The question

  function ask(text) {
    const question = { terms: [], names: [], after: "", before: "", wrong: [] };
    for (const [whole, key, quoted, bare] of text.matchAll(/(?:(author|site|after|before):)?(?:"([^"]*)"?|([^\s"]+))/giu)) {
      const value = quoted ?? bare;
      switch (key?.toLowerCase()) {
        case "author": question.names.push("@" + nameWord(value)); break;
        case "site": question.names.push("/" + nameWord(value).replace(/^(https?:\/\/)?(www\.)?/, "").replace(/\/.*$/, "")); break;
        case "after":
        case "before":
          if (/^\d{4}(-\d\d){0,2}$/.test(value) && dayOf(value)) question[key.toLowerCase()] = value;
          else question.wrong.push(whole);
          break;
        default: {
          const words = wordsOf(value);
          if (words.length) question.terms.push({ words, isQuoted: quoted !== undefined, isPrefix: value.endsWith("*") });
        }
      }
    }
    return question;
  }

  // Leaves out common words, unless there is nothing else.
  function withoutCommon(question) {
    const ignored = [];
    const terms = question.terms.flatMap((term) => {
      const common = term.isQuoted ? [] : term.words.filter((word, place) => index.common.has(word) && !(term.isPrefix && place === term.words.length - 1));
      ignored.push(...common);
      if (!common.length) return [term];
      return term.words.filter((word) => !common.includes(word)).map((word) => ({ words: [word], isQuoted: false, isPrefix: term.isPrefix && word === term.words.at(-1) }));
    });
    return terms.length || question.names.length ? { terms, ignored } : { terms: question.terms, ignored: [] };
  }

  // Lists

  const VALUES = new Uint8Array(128);
  for (let place = 0; place < CODES.length; place++) VALUES[CODES.charCodeAt(place)] = place;
  for (let place = 0; place < DIGITS.length; place++) VALUES[DIGITS.charCodeAt(place)] = CODES.length + place;

  const LEVELS = [1];
  while (LEVELS.length < CODES.length) LEVELS.push(Math.max(LEVELS.at(-1) + 1, Math.floor(LEVELS.at(-1) * 9 / 8)));

  class Reader {
    constructor(text) {
      this.text = text;
      this.at = 0;
    }

    get value() {
      return VALUES[this.text.charCodeAt(this.at)];
    }

    get isAtEnd() {
      return this.at >= this.text.length;
    }

    // Whether what follows is not the number of a thread.
    get isInGroup() {
      return !this.isAtEnd && this.value < CODES.length;
    }

    difference() {
      let number = 0;
      for (; !this.isInGroup && !this.isAtEnd; this.at++) number = number * DIGITS.length + this.value - CODES.length;
      return number;
    }

    code() {
      let number = 0;
      let weight = 1;
      for (; this.value >= LAST; this.at++, weight *= CODES.length - LAST) number += weight * this.value;
      return number + weight * VALUES[this.text.charCodeAt(this.at++)];
    }
  }

  // Documents are told by one number: thread * MOST + ordinal, with a number of our own for each thread.
  const MOST = 2 ** 20;
  const threads = [];
  const threadPlaces = new Map();

  function threadPlace(number) {
    let place = threadPlaces.get(number);
    if (place === undefined) {
      place = threads.push(number) - 1;
      threadPlaces.set(number, place);
    }
    return place;
  }

  // A list as a map: document -> { count, inTitle, length, spots }.
  function readList(text, places) {
    const found = new Map();
    const list = new Reader(text);
    const spots = places === undefined ? undefined : new Reader(places);
    let number = 0;
    while (!list.isAtEnd) {
      number += list.difference();
      let document = threadPlace(number) * MOST - 1;
      while (list.isInGroup) {
        const first = list.code();
        document += 1 + (first >> 2);
        const hit = { count: 1 + (first & 3), inTitle: 0, length: LEVELS[list.value], spots: undefined };
        list.at++;
        if (hit.count === 4) {
          const times = list.code();
          hit.count = 1 + (times >> 2);
          hit.inTitle = times & 3;
        }
        if (spots) hit.spots = readSpots(spots, hit.count);
        found.set(document, hit);
      }
      if (spots) spots.at++;
    }
    return found;
  }

  function readSpots(reader, count) {
    const spots = [];
    let spot = -1;
    for (let place = 0; place < count; place++) spots.push(spot += 1 + reader.code());
    return spots;
  }

  const spelled = (word) => word.replace(/[^a-z0-9]/gu, (letter) => `_${letter.codePointAt(0).toString(16)}_`);

  // The names of the files that may hold a word, or words that begin so.
  function partsOf(word, isPrefix) {
    const found = new Set();
    if (index.whole.has(word)) found.add(`${spelled(word)}-`);
    const letters = [...word];
    for (let count = 0; count <= letters.length; count++) {
      const file = index.beginnings.get(letters.slice(0, count).join(""));
      if (file && (isPrefix || !found.size)) found.add(file);
    }
    if (isPrefix) {
      for (const other of index.whole) if (other.startsWith(word)) found.add(`${spelled(other)}-`);
      for (const [other, file] of index.beginnings) if (other.startsWith(word)) found.add(file);
    }
    return [...found];
  }

  class TooMany extends Error {}

  // The list of a word, or of all words that begin so.
  async function find(word, isPrefix, withSpots) {
    const parts = partsOf(word, isPrefix);
    if (parts.length > MOST_PARTS) throw new TooMany(word);
    const files = await Promise.all(parts.map(async (part) => [
      await load(`words/${part}`), withSpots ? await load(`places/${part}`) : undefined,
    ]));
    const found = new Map();
    for (const [lists, places] of files) {
      const names = isPrefix ? Object.keys(lists).filter((name) => name.startsWith(word)) : Object.hasOwn(lists, word) ? [word] : [];
      for (const name of names) unite(found, readList(lists[name], places?.[name]));
    }
    return found;
  }

  function unite(found, more) {
    for (const [document, hit] of more) {
      const known = found.get(document);
      if (!known) {
        found.set(document, hit);
        continue;
      }
      known.count += hit.count;
      known.inTitle += hit.inTitle;
      if (known.spots) known.spots = [...known.spots, ...hit.spots].sort((one, other) => one - other);
    }
  }

  // Where the words of a phrase follow each other.
  function adjacent(lists) {
    const found = new Map();
    for (const [document, first] of lists[0]) {
      const others = lists.slice(1).map((list) => list.get(document));
      if (!others.every(Boolean)) continue;
      const sets = others.map((hit) => new Set(hit.spots));
      const starts = first.spots.filter((spot) => sets.every((set, place) => set.has(spot + place + 1)));
      if (starts.length) {
        const inTitle = first.spots.slice(0, first.inTitle).filter((spot) => starts.includes(spot)).length;
        found.set(document, { ...first, count: starts.length, inTitle });
      }
    }
    return found;
  }

  async function findTerm({ words, isPrefix }) {
    if (words.length === 1) return find(words[0], isPrefix, false);
    return adjacent(await Promise.all(words.map((word, place) => find(word, isPrefix && place === words.length - 1, true))));
  }

  // Ranking: BM25 as FTS5 has it

  const K1 = 1.2;
  const B = 0.75;

  function scorer(list) {
    const rarity = Math.max(Math.log((index.documents - list.size + 0.5) / (list.size + 0.5)), 1e-6);
    const mean = index.words / index.documents;
    return ({ count, inTitle, length }) => {
      const times = count + (TITLE - 1) * inTitle;
      return rarity * times * (K1 + 1) / (times + K1 * (1 - B + B * length / mean));
    };
  }

  // What all lists have, with their scores; the first of the lists should be the shortest.
  function inAll(lists) {
    let found = lists[0].list;
    let scores = new Map();
    for (const { list, isName } of lists) {
      const score = isName ? () => 0 : scorer(list);
      const kept = new Map();
      for (const document of found.keys()) {
        const hit = list.get(document);
        if (hit) kept.set(document, (scores.get(document) ?? 0) + score(hit));
      }
      found = scores = kept;
    }
    return found;
  }

  // Dates

  const dayOf = (date) => Date.parse(`${date}-01-01`.slice(0, 10)) / DAY;

  // Of each thread the documents of its last chunk, and of each chunk its first and last day.
  async function readDays() {
    const part = partsOf(DAYS, false)[0];
    const reader = new Reader((await load(`words/${part}`))[DAYS] ?? "");
    const found = new Map();
    let number = 0;
    while (!reader.isAtEnd) {
      number += reader.difference();
      const last = reader.code() + 1;
      const spans = [];
      let day = 0;
      while (reader.isInGroup) {
        const length = reader.code();
        if (!length) {
          spans.push(undefined);
          continue;
        }
        const step = reader.code();
        day += step & 1 ? -(step + 1) / 2 : step / 2;
        spans.push([day, day + length - 1]);
      }
      found.set(threadPlace(number), { last, spans });
    }
    return found;
  }

  function everything(days) {
    const found = new Map();
    for (const [thread, { last, spans }] of days) {
      const count = (spans.length - 1) * CHUNK + last;
      for (let ordinal = 0; ordinal < count; ordinal++) found.set(thread * MOST + ordinal, 0);
    }
    return found;
  }

  // Which of the documents are surely in time, and which may be.
  function inTime(scores, days, { after, before }) {
    const from = after ? dayOf(after) : -Infinity;
    const to = before ? dayOf(before) : Infinity;
    const found = [];
    for (const [document, score] of scores) {
      const span = days.get(Math.floor(document / MOST))?.spans[Math.floor(document % MOST / CHUNK)];
      if (span && (span[1] < from || span[0] >= to)) continue;
      found.push({ document, score, isSure: Boolean(span) && span[0] >= from && span[1] < to });
    }
    return found;
  }

  function isInTime(date, { after, before }) {
    const day = /^(?:about )?(\d{4}(?:-\d\d)*)(?: \d\d:\d\d)?$/.exec(date)?.[1];
    return Boolean(day) && day >= after && (!before || day < before);
  }

  // The answer: hits in order, each { document, score, isSure }

  async function answer(text) {
    await loadIndex();
    const question = ask(text);
    const { terms, ignored } = withoutCommon(question);
    const isDated = Boolean(question.after || question.before);
    const [lists, names, days] = await Promise.all([
      Promise.all(terms.map(findTerm)),
      Promise.all(question.names.map((name) => find(name, false, false))),
      isDated ? readDays() : undefined,
    ]);
    const all = [...lists.map((list) => ({ list, isName: false })), ...names.map((list) => ({ list, isName: true }))];
    all.sort((one, other) => one.list.size - other.list.size);
    let hits = [];
    if (all.length || isDated) {
      const scores = all.length ? inAll(all) : everything(days);
      hits = isDated ? inTime(scores, days, question) : [...scores].map(([document, score]) => ({ document, score, isSure: true }));
    }
    const number = ({ document }) => threads[Math.floor(document / MOST)];
    hits.sort((one, other) => other.score - one.score || number(other) - number(one) || other.document - one.document);
    return { question, terms, ignored, hits, shown: 0 };
  }

  async function loadDocument(document) {
    const ordinal = document % MOST;
    const [story, title, , documents] = await load(`text/${threads[Math.floor(document / MOST)]}.${Math.floor(ordinal / CHUNK)}`);
    const [id, author, date, text, page, state] = documents[ordinal % CHUNK];
    const [number, name] = Array.isArray(id) ? id : [id, id];
    return { story, title, number, name, author, date, text, page, state };
  }

  // The next hits to show.
  async function take(current) {
    const found = [];
    while (found.length < PAGE && current.shown < current.hits.length) {
      const some = current.hits.slice(current.shown, current.shown + PAGE - found.length);
      current.shown += some.length;
      const documents = await Promise.all(some.map(({ document }) => loadDocument(document)));
      found.push(...documents.filter((one, place) => some[place].isSure || isInTime(one.date, current.question)));
    }
    return found;
  }

  // Passages

  // Where words of the terms stand in a text, as [start, end] in order.
  function matches(text, terms) {
    const words = [];
    for (const { 0: word, index: start } of text.matchAll(SHOWN_WORD)) {
      for (const folded of wordsOf(word)) words.push({ folded, start, end: start + word.length });
    }
    const fits = (term, place, word) => {
      const wanted = term.words[place];
      return term.isPrefix && place === term.words.length - 1 ? word?.folded.startsWith(wanted) : word?.folded === wanted;
    };
    const found = new Map();
    words.forEach((word, at) => {
      for (const term of terms) {
        if (!term.words.every((_, place) => fits(term, place, words[at + place]))) continue;
        const last = words[at + term.words.length - 1];
        found.set(word.start, Math.max(found.get(word.start) ?? 0, last.end));
      }
    });
    return [...found].sort(([one], [other]) => one - other);
  }

  // The stretch of a text with most matches: [start, end].
  function passage(text, marks) {
    let best = 0;
    let most = 0;
    marks.forEach(([start], place) => {
      const count = marks.slice(place).findIndex(([, end]) => end > start + PASSAGE - 60);
      const inside = count < 0 ? marks.length - place : count;
      if (inside > most) [most, best] = [inside, start];
    });
    let start = Math.max(0, best - 60);
    if (start > 0) start += Math.max(0, text.slice(start, best).search(/\s/)) ;
    let end = start + PASSAGE;
    if (end < text.length) end = Math.max(text.slice(0, end).search(/\s\S*$/u), start + PASSAGE - 60);
    return [start, Math.min(end, text.length)];
  }

  // Puts a stretch of text into an element, with its matches marked.
  function fill(element, text, marks, start = 0, end = text.length) {
    let at = start;
    if (start > 0) element.append("… ");
    for (const [first, last] of marks) {
      if (first < at || last > end) continue;
      element.append(text.slice(at, first), make("mark", text.slice(first, last)));
      at = last;
    }
    element.append(text.slice(at, end));
    if (end < text.length) element.append(" …");
    return element;
  }

  // The page

  const form = document.getElementById("search");
  const field = document.getElementById("query");
  const said = document.getElementById("said");
  const list = document.getElementById("hits");
  const more = document.getElementById("more");
  const hasPages = form.dataset.permalinks === "pages";

  function make(tag, text, properties = {}) {
    const element = Object.assign(document.createElement(tag), properties);
    if (text) element.append(text);
    return element;
  }

  function shownDate(date) {
    const known = /^(\d{4}(?:-\d\d){0,2})(?: (\d\d:\d\d))?$/.exec(date);
    return known ? make("time", date, { dateTime: known[2] ? `${known[1]}T${known[2]}Z` : known[1] }) : make("span", date);
  }

  function hit(one, terms) {
    const file = `item/${one.story}${one.page > 1 ? `.${one.page}` : ""}.html`;
    const place = one.page ? `${file}#${one.name}` : file;
    const heading = make("h2", "", { dir: "auto" });
    const link = make("a", "", { href: place });
    heading.append(fill(link, one.title, one.page ? [] : matches(one.title, terms)));
    const facts = make("p", "", { className: "facts" });
    if (one.state) facts.append(make("span", `[${one.state}]`, { className: "state" }), " ");
    if (one.author) {
      const who = make("span", "by ");
      who.append(make("bdi", one.author));
      facts.append(who, " ");
    }
    if (one.date) facts.append(shownDate(one.date), " ");
    facts.append(make("a", `No.${one.number}`, { href: hasPages ? `item/${one.page ? one.name : one.story}.html` : place }));
    const item = make("li");
    item.append(heading, facts);
    if (one.text) {
      const marks = matches(one.text, terms);
      item.append(fill(make("p", "", { className: "passage", dir: "auto" }), one.text, marks, ...passage(one.text, marks)));
    }
    return item;
  }

  let current;
  let asked = 0;

  async function show(text) {
    const turn = ++asked;
    if (!text.trim()) {
      list.replaceChildren();
      said.textContent = "";
      more.hidden = true;
      return;
    }
    try {
      const found = await answer(text);
      const first = await take(found);
      if (turn !== asked) return;
      current = found;
      list.replaceChildren(...first.map((one) => hit(one, found.terms)));
      tell(found, first.length);
    } catch (error) {
      if (turn !== asked) return;
      list.replaceChildren();
      more.hidden = true;
      said.textContent = error instanceof TooMany
        ? `Too many words begin with ${error.message}: please add a letter.`
        : "A part of the index could not be loaded.";
      if (!(error instanceof TooMany)) throw error;
    }
  }

  function tell({ question, ignored, hits, shown }, count) {
    const isSure = shown >= hits.length || hits.every((one) => one.isSure);
    const number = shown >= hits.length && !hits.every((one) => one.isSure) ? list.children.length : hits.length;
    const parts = [count || number ? `${isSure ? "" : "about "}${number.toLocaleString("en")} ${number === 1 ? "result" : "results"}` : "Nothing found"];
    if (ignored.length) parts.push(`without ${[...new Set(ignored)].join(", ")}, which stand in most texts`);
    if (question.wrong.length) parts.push(`${question.wrong.join(", ")} is no date such as 2024-01-02, 2024-01 or 2024`);
    said.textContent = `${parts.join("; ")}.`;
    more.hidden = shown >= hits.length;
  }

  more.addEventListener("click", async () => {
    const turn = asked;
    const next = await take(current);
    if (turn !== asked) return;
    const items = next.map((one) => hit(one, current.terms));
    list.append(...items);
    tell(current, list.children.length);
    items[0]?.querySelector("a").focus();
  });

  const address = (text) => `search.html${text ? `?q=${encodeURIComponent(text)}` : ""}`;

  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      history.replaceState(null, "", address(field.value));
      show(field.value);
    }, 250);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    history.pushState(null, "", address(field.value));
    show(field.value);
  });

  function showAddress() {
    field.value = new URLSearchParams(location.search).get("q") ?? "";
    show(field.value);
  }

  window.addEventListener("popstate", showAddress);
  form.hidden = false;
  showAddress();
  if (!field.value) field.focus();
}
