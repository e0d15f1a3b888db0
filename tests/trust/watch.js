// Runs in every frame before the page does. Notes whatever runs or is asked for that should not be, and when
// the page is whole, walks through its elements: what is not in these lists was made by somebody's text.
(() => {
  const found = [];
  const note = (what) => found.length < 20 && found.push(String(what).slice(0, 300));

  for (const name of ["alert", "confirm", "prompt", "print", "open", "msgbox", "evil", "xss"]) {
    window[name] = () => note(`${name}() was called`);
  }
  addEventListener("securitypolicyviolation", (event) => note(`CSP: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
  addEventListener("error", (event) => event instanceof ErrorEvent && note(`uncaught: ${event.message}`));
  addEventListener("unhandledrejection", (event) => note(`unhandled: ${event.reason}`));

  // An element with such an id would stand in for what a script means; headings are the site's own.
  const globals = new Set(["hnsite", "hnsiteMap", "hnsiteSearch"]);
  for (let one = window; one && one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    for (const name of Object.getOwnPropertyNames(one)) globals.add(name);
  }

  const words = (text) => new Set(text.split(" "));
  const TEXT_TAGS = words("a b bdi blockquote br code del details em h2 h3 h4 h5 h6 hr i kbd li ol p pre s span strong sub summary sup table tbody td th thead tr u ul");
  const TAGS = words("bdi html head meta title link script body main header nav footer section article aside div p span h1 h2 h3 a abbr b strong ol ul li dl dt dd time details summary svg path text rect circle figure figcaption table caption thead tbody tr th td form label input button noscript code mark data dialog fieldset legend kbd");
  const ANYWHERE = words("class id dir hidden tabindex itemscope itemtype itemprop");
  const ATTRIBUTES = {
    html: words("lang data-theme"),
    meta: words("charset http-equiv content name property"),
    link: words("rel href type title"),
    script: words("src defer data-build"),
    a: words("href rel type title aria-label aria-current"),
    data: words("value"),
    abbr: words("title"),
    time: words("datetime title"),
    span: words("title"),
    article: words("data-latest data-pagefind-body data-pagefind-filter data-evidence"),
    section: words("data-pagefind-body data-pagefind-filter"),
    nav: words("aria-label"),
    strong: words("aria-current"),
    details: words("open"),
    ol: words("start"),
    th: words("scope abbr"),
    svg: words("viewBox preserveAspectRatio role aria-label"),
    path: words("d"),
    text: words("x y"),
    circle: words("cx cy r"),
    rect: words("x width height"),
    form: words("role action data-permalinks"),
    label: words("for"),
    input: words("name type value autocomplete autocapitalize spellcheck enterkeyhint"),
    aside: words("style aria-label"),
    dialog: words("open closedby aria-label"),
    button: words("type aria-haspopup"),
    p: words("role data-shape data-kind data-key data-sources"),
  };
  const TEXT_ATTRIBUTES = { a: words("href rel class"), code: words("class"), ol: words("start"), span: words("class"), pre: words("tabindex"), p: words("class"), h2: words("id"), h3: words("id"), h4: words("id"), h5: words("id"), h6: words("id") };
  const NONE = new Set();
  const TEXTS = ".e-content, .story-text, .option-text";
  const AWAY = /^(?:https?:\/\/|mailto:)[^\x00-\x20\x7f-\x9f\\"<>]+$/i;
  const HERE = /^(?:(?:\.\.\/)*[\w./-]+\.(?:html|css|js|xml|json)(?:\?id=\w+)?)?(?:#[\w-]+)?$/;
  const ID = /^[\p{L}\p{N}\p{M}_-]*$/u;

  function faultOf(element, text) {
    const tag = element.localName;
    const isText = text && text !== element;
    if (!(isText ? TEXT_TAGS : TAGS).has(tag)) return `the element <${tag}>`;
    const isSvg = ["svg", "path", "text", "circle", "rect"].includes(tag) || (tag === "a" && element.closest("svg")) || (tag === "title" && element.closest("figure svg"));
    if (element.namespaceURI !== (isSvg ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml")) return `<${tag}> of another namespace`;
    const own = (isText ? TEXT_ATTRIBUTES : ATTRIBUTES)[tag] ?? NONE;
    for (const { name, value } of element.attributes) {
      if (!own.has(name) && (isText || !ANYWHERE.has(name))) return `the attribute ${name} of <${tag}>`;
      if ((name === "href" || name === "src") && !AWAY.test(value) && !HERE.test(value) && value !== "data:,") return `${name} of <${tag}>: ${value}`;
      if (isText && name === "href" && HERE.test(value) && !element.matches(".item-link, .quoted") && !element.ownerDocument.querySelector("main > .story-text")) return `a way into the site: ${value}`;
      if (name === "id" && (!ID.test(value) || (globals.has(value) && !/^h[2-6]$/.test(tag)))) return `the id ${value}`;
      if (name === "class" && !/^[\w -]*$/.test(value)) return `the class ${value}`;
      if (name === "itemtype" && !/^https:\/\/schema\.org\/\w+$/.test(value)) return `the type ${value}`;
      if (name === "itemprop" && !/^[a-zA-Z]+( [a-zA-Z]+)*$/.test(value)) return `the property ${value}`;
      if (name === "property" && !/^(og|article|profile):\w+$/.test(value)) return `<meta property=${value}>`;
      if (name === "http-equiv" && !["Content-Security-Policy", "refresh"].includes(value)) return `<meta http-equiv=${value}>`;
      if (element.httpEquiv === "refresh" && name === "content" && !/^0; url=[\w./#-]+$/.test(value)) return `<meta content=${value}>`;
    }
    if (tag === "script" && element.text) return "a script in the page";
    return "";
  }

  function nearest(element) {
    const above = element.closest("[id]:not(#content)");
    return above ? ` in #${above.id}` : "";
  }

  function walk(document) {
    const text = { root: null };
    for (const element of document.querySelectorAll("*")) {
      if (!text.root?.contains(element)) text.root = element.matches(TEXTS) ? element : null;
      const fault = faultOf(element, text.root);
      if (fault) note(`${fault}${nearest(element)}: ${element.outerHTML.slice(0, 150)}`);
    }
    for (const [selector, count] of [["main", 1], ["main h1", 1], ["head > title", 1], ["body", 1], ["body > header.site", 1], ["body > main#content", 1]]) {
      const number = document.querySelectorAll(selector).length;
      if (number !== count) note(`${number} of ${selector}`);
    }
    const comments = document.createNodeIterator(document, NodeFilter.SHOW_COMMENT);
    for (let one; (one = comments.nextNode()); ) note(`a comment in the page: ${one.data.slice(0, 150)}`);
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    if (new Set(ids).size !== ids.length) note(`an id twice: ${ids.find((id, place) => ids.indexOf(id) !== place)}`);
    if (document.compatMode !== "CSS1Compat") note("quirks mode");
    if (document.characterSet !== "UTF-8") note(`read as ${document.characterSet}`);
    if (document.scripts.length > 3) note(`${document.scripts.length} scripts`);
  }

  function report(document) {
    walk(document);
    return { found: found.splice(0), articles: document.querySelectorAll("article").length };
  }

  // What is wrong with pages that are only parsed: [path, HTML] of each.
  window.hostileParsed = (pages) => pages.map(([page, text]) => {
    const articles = text.split("<article ").length - 1;
    return { page, expected: articles, ...report(new DOMParser().parseFromString(text, "text/html")) };
  });
  window.hostileReport = () => report(document);
  if (window.parent !== window && location.href !== "about:blank") {
    const tell = () => window.parent.postMessage({ ...report(document), isReport: true }, "*");
    addEventListener("load", () => setTimeout(tell));
  }

  // Loads pages in frames, some at a time, and gathers what is wrong with them.
  window.hostileLoaded = async (pages, frames) => {
    const results = [];
    let next = 0;
    const one = () => new Promise((done) => {
      const frame = Object.assign(document.createElement("iframe"), { width: 1000, height: 600 });
      let page, timer;
      const end = (result) => {
        clearTimeout(timer);
        results.push({ page, ...result });
        load();
      };
      const heard = ({ source, data }) => source === frame.contentWindow && data.isReport && end(data);
      const load = () => {
        if (next === pages.length) {
          removeEventListener("message", heard);
          frame.remove();
          return done();
        }
        frame.src = page = pages[next++];
        timer = setTimeout(() => end({ found: ["it did not load"], articles: -1 }), 30_000);
      };
      addEventListener("message", heard);
      document.body.append(frame);
      load();
    });
    await Promise.all(Array.from({ length: frames }, one));
    return results;
  };
})();
