"""One page kind a module: a Thread (or a list of things) -> pages with their views. Pure.

To add a page kind: a module with a frozen view class and a generator of ``Page``; a template of the
same name in themes/default; one call in ``build.py``, at the stage that has what the page shows;
its address in ``urls.py``.

A view is all that a template sees. Links in it are relative to its own page. A comment's card is
rendered once and joined into every page that shows it; what differs from page to page (its number,
whether a link can stay on the page) is a mark in the card, filled in by ``card.join``. Cards, and the
permalinks and author pages, that look alike share one view with slots (``slot.py``) for what differs: the
theme renders each such view once, and a page brings only the texts of its slots.
"""
