"""Bytes that nobody thought of, against everything that reads what strangers wrote: ``make fuzz``.

``targets`` is the table of what is fuzzed, each with the promise that must hold for any bytes; ``mutations``
changes dumps as a careless or hostile exporter would; ``__main__`` gives each target to atheris, which looks
for bytes that reach code that none reached before, and counts.

What it finds stays in ``found``, numbered, with a word in ``found/README.md``; tests/test_fuzz.py holds every
target to that, without atheris. The corpus that it grows is in .cache/fuzz and is nobody's but the machine's.
"""
