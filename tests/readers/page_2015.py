"""A thread of 2015 as served to one who was logged in: unclosed spans, ids only in links."""

from hnsite.model import Dialect, Evidence, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("page_2015.html", 3),
        id="900",
        kind=Kind.STORY,
        author="ann",
        created=Moment(epoch=None, unit="hour", words="1 hour ago"),
        title="Ask HN: Tea or coffee?",
        body="Both have friends:<p><pre><code>  tea\n  coffee\n</code></pre>\nAnd foes.",
        dialect=Dialect.HN,
        score=50,
        state=State.LIVE,
        replies=("901", "905"),
        ranked=True,
    ),
    Record(
        origin=Origin("page_2015.html", 8),
        id="901",
        kind=Kind.COMMENT,
        parent="900",
        thread="900",
        author="bob",
        created=Moment(epoch=None, unit="minute", words="3 minutes ago"),
        body=(
            'Tea.<p>Always&#x2F;ever: <a href="https:&#x2F;&#x2F;tea.example&#x2F;" rel="nofo'
            'llow">https:&#x2F;&#x2F;tea.example&#x2F;</a>'
        ),
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("904",),
        ranked=True,
    ),
    Problem(
        origin=Origin("page_2015.html", 16),
        reason="a removed comment without an id; skipped, its replies are kept",
        skipped=True,
    ),
    Record(
        origin=Origin("page_2015.html", 20),
        id="903",
        kind=Kind.COMMENT,
        parent="901",
        thread="900",
        author="cy",
        created=Moment(epoch=None, unit="minute", words="2 minutes ago"),
        body="To one who is gone.",
        dialect=Dialect.HN,
        state=State.LIVE,
        evidence=Evidence.THREAD,
    ),
    Record(
        origin=Origin("page_2015.html", 28),
        id="904",
        kind=Kind.COMMENT,
        parent="901",
        thread="900",
        author="dee",
        created=Moment(epoch=None, unit="minute", words="1 minute ago"),
        body="To bob.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("page_2015.html", 36),
        id="905",
        kind=Kind.COMMENT,
        parent="900",
        thread="900",
        author="eve",
        created=Moment(epoch=None, unit="minute", words="0 minutes ago"),
        body="Spam.",
        dialect=Dialect.HN,
        state=State.DEAD,
    ),
]
