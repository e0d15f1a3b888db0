"""What hnsite costs, beside others in the same run: ``make bench``.

    made, change --> dumps            hugo, mhonarc, writer --> the peers, from the finished site
    finding --> the search of a site, asked in Chromium, and FTS5 beside it
    reconstruct --> flat dumps of known threads, and how much of their trees is rebuilt
    site, process --> measured runs   measurements --> rows and points
    trees --> what a build touched    report, plot --> the table, docs/performance.md

Elsewhere hnsite is only known by its command line, so that nothing here changes when its insides do. To add a
measurement: a function in ``measurements`` and a line in its table.
"""
