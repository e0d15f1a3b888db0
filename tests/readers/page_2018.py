"""A thread of 2018 saved by a browser: the link to reply inside of the text, dates without a time."""

from hnsite.model import Dialect, Kind, Moment, Origin, Record, State

expected = [
    Record(
        origin=Origin("page_2018.html", 13),
        id="900",
        kind=Kind.STORY,
        author="ann",
        created=Moment(epoch=1535932800, unit="day"),
        title="A house of tea",
        url="https://tea.example/house?a=1&b=2",
        domain="tea.example",
        dialect=Dialect.HN,
        score=134,
        state=State.LIVE,
        replies=("901", "905"),
        ranked=True,
    ),
    Record(
        origin=Origin("page_2018.html", 18),
        id="901",
        kind=Kind.COMMENT,
        parent="900",
        thread="900",
        author="bob",
        created=Moment(epoch=1536019200, unit="day"),
        body=(
            'Which house?<p>That one: <a href="https:&#x2F;&#x2F;tea.example&#x2F;" rel="nofo'
            'llow">https:&#x2F;&#x2F;tea.example&#x2F;</a><p><i>Here</i><p><pre><code>  a &lt'
            "; b\n"
            "</code></pre>"
        ),
        dialect=Dialect.HN,
        state=State.LIVE,
        replies=("902", "903"),
        ranked=True,
    ),
    Record(
        origin=Origin("page_2018.html", 30),
        id="902",
        kind=Kind.COMMENT,
        parent="901",
        thread="900",
        author="cy",
        created=Moment(epoch=1525478400, unit="day"),
        body="Faded.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("page_2018.html", 40),
        id="903",
        kind=Kind.COMMENT,
        parent="901",
        thread="900",
        dialect=Dialect.HN,
        state=State.DEAD,
        replies=("904",),
        ranked=True,
    ),
    Record(
        origin=Origin("page_2018.html", 46),
        id="904",
        kind=Kind.COMMENT,
        parent="903",
        thread="900",
        author="dee",
        created=Moment(epoch=1539129600, unit="day"),
        body="To the flagged.",
        dialect=Dialect.HN,
        state=State.LIVE,
    ),
    Record(
        origin=Origin("page_2018.html", 56),
        id="905",
        kind=Kind.COMMENT,
        parent="900",
        thread="900",
        author="eve",
        created=Moment(epoch=1539216000, unit="day"),
        body="Dead words.",
        dialect=Dialect.HN,
        state=State.DEAD,
    ),
]
