"""Whether finished pages are as good as they must be: ``make audit``.

    site    --> dumps of every page kind, built with a theme
    kinds   --> which page of a site is of which kind
    axe, html, lighthouse, weight --> what a checker finds on a page
    report  --> the table and the list of findings

hnsite is only known by its command line and its pages, so that nothing here changes when its insides do.
To add a page kind: a line in ``kinds.KINDS``, and dumps that lead to it, if there are none yet, in ``site``.
To add a checker: a module that gives findings, and a line in ``__main__``.

axe-core comes from PyPI, with the developer tools; the other checkers come from npm, by ``package.json``.
The tests in ``browser/test_audit.py`` ask axe-core and html-validate, which are quick, about small pages.
"""
