"""Which elements HTML has, and what may stand in what: the content models of the HTML Standard, as tables.

What a page says in attributes, and how it is spelled, is the parser's to judge; see ``page.py``.
"""

from __future__ import annotations

from collections.abc import Mapping


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = _names("area base br col embed hr img input link meta source track wbr")
"""They have no end tag."""

PHRASING = _names(
    """
    a abbr area audio b bdi bdo br button canvas cite code data datalist del dfn em embed i iframe img input
    ins kbd label link map mark math meta meter noscript object output picture progress q ruby s samp script
    select slot small span strong sub sup svg template textarea time u var video wbr
    """
)
FLOW = PHRASING | _names(
    """
    address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6
    header hgroup hr main menu nav ol p pre search section table ul
    """
)
METADATA = _names("base link meta noscript script style template title")
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
_SCRIPTS = _names("script template")
_ROWS = _names("tr") | _SCRIPTS

ONLY_IN: Mapping[str, frozenset[str]] = {
    "head": _names("html"),
    "body": _names("html"),
    "title": _names("head svg"),
    "base": _names("head"),
    "style": _names("head noscript svg"),
    "li": _names("ul ol menu"),
    "dt": _names("dl div"),
    "dd": _names("dl div"),
    "caption": _names("table"),
    "colgroup": _names("table"),
    "col": _names("colgroup table"),
    "thead": _names("table"),
    "tbody": _names("table"),
    "tfoot": _names("table"),
    "tr": _names("table thead tbody tfoot"),
    "td": _names("tr"),
    "th": _names("tr"),
    "option": _names("select datalist optgroup div"),
    "optgroup": _names("select div"),
    "legend": _names("fieldset optgroup"),
    "summary": _names("details"),
    "figcaption": _names("figure"),
    "source": _names("picture video audio"),
    "track": _names("video audio"),
    "rt": _names("ruby"),
    "rp": _names("ruby"),
    "selectedcontent": _names("button"),
}
"""Elements that stand nowhere else than right in one of these."""

ELEMENTS = FLOW | METADATA | ONLY_IN.keys() | {"html"}
"""Every element that the standard has; besides those, names with a hyphen are anybody's."""

HOLDS: Mapping[str, frozenset[str]] = {
    "html": _names("head body"),
    "head": METADATA,
    **dict.fromkeys(("ul", "ol", "menu"), _names("li") | _SCRIPTS),
    "dl": _names("dt dd div") | _SCRIPTS,
    "table": _names("caption colgroup thead tbody tfoot") | _ROWS,
    **dict.fromkeys(("thead", "tbody", "tfoot"), _ROWS),
    "tr": _names("td th") | _SCRIPTS,
    "colgroup": _names("col template"),
    "select": _names("option optgroup hr button div noscript") | _SCRIPTS,
    "optgroup": _names("option legend div noscript") | _SCRIPTS,
    "datalist": PHRASING | {"option"},
    "option": PHRASING | {"div"},
    "picture": _names("source img") | _SCRIPTS,
    "hgroup": HEADINGS | _SCRIPTS | {"p"},
    "ruby": PHRASING | {"rt", "rp"},
    **dict.fromkeys(("summary", "legend"), PHRASING | HEADINGS | {"hgroup"}),
    "button": PHRASING | {"selectedcontent"},
    **dict.fromkeys(("video", "audio"), FLOW | {"source", "track"}),
    "details": FLOW | {"summary"},
    "figure": FLOW | {"figcaption"},
    "fieldset": FLOW | {"legend"},
    "noscript": FLOW | METADATA,
    **dict.fromkeys(
        (
            *("p", "pre", "span", "em", "strong", "b", "i", "u", "s", "small", "code", "kbd", "samp", "var"),
            *("sub", "sup", "cite", "q", "dfn", "abbr", "time", "data", "mark", "bdi", "bdo", "label"),
            *("output", "progress", "meter", "rt", "rp", *HEADINGS),
        ),
        PHRASING,
    ),
}
"""What may stand right in an element. Others hold all of ``FLOW``, but for those that hold what their parent
does, and those in ``ANYTHING``."""

TRANSPARENT = _names("a ins del map object video audio noscript canvas slot")
"""They hold what the element around them holds."""
ANYTHING = _names("template svg math")

NO_TEXT = _names("html head ul ol menu dl table thead tbody tfoot tr colgroup select optgroup picture hgroup")
"""In them stand elements only."""

_INTERACTIVE = _names("a button details embed iframe label select textarea")
NEVER_BELOW: Mapping[str, frozenset[str]] = {
    "a": _INTERACTIVE,
    "button": _INTERACTIVE | {"input"},
    "label": _names("label"),
    "form": _names("form"),
    "dfn": _names("dfn"),
    "header": _names("header footer main"),
    "footer": _names("header footer main"),
    "address": _names("address header footer article aside nav section hgroup main") | HEADINGS,
    "article": _names("main"),
    "aside": _names("main"),
    "nav": _names("main"),
    "noscript": _names("noscript"),
    "progress": _names("progress"),
    "meter": _names("meter"),
    "caption": _names("table"),
    "dt": _names("article aside header footer nav section") | HEADINGS,
    "th": _names("article aside header footer nav section") | HEADINGS,
}
"""What may not stand in an element, however deep."""
INSULATED = _names("template svg math")
"""What is in them is judged without what is around them."""

_BLOCKS = _names(
    """
    address article aside blockquote details dialog div dl fieldset figcaption figure footer form h1 h2 h3 h4
    h5 h6 header hgroup hr main menu nav ol p pre search section table ul
    """
)
ENDED_BY: Mapping[str, frozenset[str]] = {
    "p": _BLOCKS,
    "li": _names("li"),
    "dt": _names("dt dd"),
    "dd": _names("dt dd"),
    "option": _names("option optgroup hr"),
    "optgroup": _names("optgroup hr"),
    "tr": _names("tr tbody tfoot thead"),
    "td": _names("td th tr tbody tfoot thead"),
    "th": _names("td th tr tbody tfoot thead"),
    "thead": _names("tbody tfoot"),
    "tbody": _names("tbody tfoot"),
    "tfoot": _names("tbody"),
    "colgroup": _names("colgroup thead tbody tfoot tr"),
    "caption": _names("colgroup thead tbody tfoot tr"),
    "rt": _names("rt rp"),
    "rp": _names("rt rp"),
}
"""Elements whose end tag may be left out, and before which others."""
MAY_LACK_END = ENDED_BY.keys() | {"html", "head", "body"}
"""Their end tags may be left out at the end of the element around them, too."""

ATTRIBUTES = _names(
    """
    abbr accept accept-charset accesskey action allow allowfullscreen alpha alt as async autocapitalize
    autocomplete autocorrect autofocus autoplay blocking charset checked cite class closedby color
    colorspace cols colspan
    command commandfor content contenteditable controls coords crossorigin data datetime decoding default
    defer dir dirname disabled download draggable enctype enterkeyhint exportparts fetchpriority for form
    formaction formenctype formmethod formnovalidate formtarget headers headingoffset headingreset height
    hidden high href hreflang
    http-equiv id imagesizes imagesrcset inert inputmode integrity is ismap itemid itemprop itemref itemscope
    itemtype kind label lang list loading loop low max maxlength media method min minlength multiple muted
    name nomodule nonce novalidate open optimum part pattern ping placeholder playsinline popover
    popovertarget popovertargetaction poster preload readonly referrerpolicy rel required reversed role rows
    rowspan sandbox scope selected shadowrootclonable shadowrootcustomelementregistry
    shadowrootdelegatesfocus shadowrootmode shadowrootserializable shape size
    sizes slot span spellcheck src srcdoc srclang srcset start step style tabindex target title translate type
    usemap value width wrap writingsuggestions
    about datatype inlist prefix property resource rev typeof vocab xmlns xml:lang
    """
)
"""Those of HTML and, in the last line, of RDFa. Besides: ``data-``, ``aria-`` and ``on`` with more behind."""

REFERRING = _names(
    """
    aria-activedescendant aria-controls aria-describedby aria-details aria-errormessage aria-flowto
    aria-labelledby aria-owns commandfor for form headers list popovertarget
    """
)
"""Attributes that name ids of the same page."""
