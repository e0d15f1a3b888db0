// What html-validate is asked: everything it recommends, and its rules for whole documents. Each rule that
// is off or relaxed says why.
module.exports = {
  root: true,
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    // The standard takes both cases; this project writes <!doctype html>.
    "doctype-style": "off",
    // A title is the thread's own, as long as its author made it.
    "long-title": "off",
    // Text of a dump stays as it is; this is about style, not HTML.
    "no-trailing-whitespace": "off",
    // Every file is the site's own, and browsers refuse `integrity` on a page opened from disk.
    "require-sri": "off",
    // An anchor is the item's id as its dump has it, mostly a number, which the standard allows.
    "valid-id": ["error", { relaxed: true }],
  },
};
