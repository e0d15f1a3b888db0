"""hnsite turns discussion dumps in ``content/`` into one linked static archive in ``public/``.

    content/ --readers--> Record --catalog, link--> one thread's records --merge--> Thread
             what ONE dump says    what ALL dumps say                     flat, reading order

    Thread --pages--> Page(path, template, view) --theme--> bytes --output--> public/

One direction, no step back. ``build.py`` is the whole pipeline, top to bottom: read it first.
Only what changed goes through it: the catalog remembers what the dumps say and which records
belong together, the manifest what the site holds and what it was made from.

Where things live, highest first (imports only go down):

    cli/       one command a module; the only package that prints or exits
    serve      the development server, which calls the same build    web  whom it lets in
    leaks      what is left in public/ of what must not be shown        purge    where that was shown
    export     the merged archive -> other programs     pack     the built site -> one file
    build      the pipeline                             inspect  what a dump is and holds
    new        the files of a new site
    fetch/     threads of other sites -> captures in content/; nothing that builds knows it
    check      what is wrong with a built site
    foreign    what lies in public/ and is not ours         place    which folders may be public/
    intake     what changed in content/ -> the catalog, and what must not be shown is covered
    plan       what is to be made again, and why            lists    the pages of the whole site
    parts      a part's records -> its pages, staged        search   the page that searches, and its files
    tools      what every process opens                     words    texts -> where each word stands (SQLite)
    cover      redactions.toml + the dumps -> what must not be shown
    notes      finds pages that somebody wrote, in Markdown
    sources    finds dumps, opens them, picks a reader      catalog  what every dump says (SQLite)
    unpack     compressed files, archives, encodings        added    readers of other packages
    output     staging, comparing, publishing               manifest what the site holds (SQLite)
    ledger     lists of threads (SQLite)                    names    what directories list (SQLite)
    compress   the .gz and .br files beside text files
    workers    units of work in processes                   theme    Page -> bytes
    headers    what a host is to send with the site's files, and where it is to lead
    database   a SQLite file that processes share           lock     one build at a time
    moves      what is staged -> public/, in few steps      mark     how files of ours are known again
    redact     Thread -> the thread as it may be shown      erasing  texts without what must not be read
    link       which item is which, and its thread          merge    a thread's records -> Thread
    items      a Thread -> what an export says of it    whole    files that are written whole or not
    infer      the lost parents of flat dumps, as far as they are certain
    clues      what tells of whether one comment answers another
    limits       how much of it is kept
    favourites lists that somebody saved -> what they ask for
    readers/   one dump format a module                     pages/   one page kind a module
    markup/    one input dialect a module -> safe HTML      urls     every path, link and anchor
    config     hnsite.toml -> Config                        hosts    what hosts take
    captures   names that tell when a dump was taken        wanted   ids and addresses -> what they ask for
    rules/     what a finished site must be, one subject a module
    subjects   what mails are about                         postings where words stand, as short text
    redactions redactions.toml -> rules
    front_matter  what a Markdown file says of itself
    model, errors   the nouns

The pure ring (model, errors, hosts, urls, config, subjects, front_matter, markup, rules, readers, pages,
limits, postings, link, merge, infer, clues, items, captures, wanted, favourites, redactions, erasing, redact,
headers) touches no disk, network, clock or
randomness; ``tests/test_imports.py`` holds it to that.

To add a dump format see ``readers/__init__.py``, a page kind ``pages/__init__.py``,
a text dialect ``markup/__init__.py``.
"""

__version__ = "0.1.0"
