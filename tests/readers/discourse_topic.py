"""What discourse_topic.json says."""

from hnsite.model import Dialect, Kind, Moment, Origin, Problem, Record, State

expected = [
    Record(
        origin=Origin("discourse_topic.json", 1),
        id="discourse-44",
        kind=Kind.STORY,
        created=Moment(epoch=1614592800),
        title="Tide tables & more",
        url="https://tide.example/tables",
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44",
    ),
    Record(
        origin=Origin("discourse_topic.json", 1),
        id="discourse-44",
        kind=Kind.STORY,
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1614592800),
        body=(
            '<p>Where are the <a href="https://talk.tide.example/t/tables/12">tables</a> of <'
            'a class="mention" href="https://talk.tide.example/u/bob">@bob</a>? <img src="htt'
            'ps://cdn.tide.example/e.png" class="emoji" alt=":wave:"></p>'
        ),
        dialect=Dialect.HTML,
        state=State.LIVE,
        edited=Moment(epoch=1615291200),
        original="https://talk.tide.example/t/tide-tables/44/1",
    ),
    Record(
        origin=Origin("discourse_topic.json", 1),
        id="discourse-44-2",
        kind=Kind.COMMENT,
        parent="discourse-44",
        thread="discourse-44",
        author="Bob.B@discourse",
        created=Moment(epoch=1614679200),
        body="<p>Post 2.</p>",
        dialect=Dialect.HTML,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/2",
    ),
    Record(
        origin=Origin("discourse_topic.json", 1),
        id="discourse-44-4",
        kind=Kind.COMMENT,
        parent="discourse-44-2",
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1614852000),
        body=(
            '<aside class="quote no-group" data-username="Bob.B" data-post="2" data-topic="44'
            '">\n'
            '<div class="title">Bob.B:</div>\n'
            "<blockquote>\n"
            "<p>Post 2.</p>\n"
            "</blockquote>\n"
            "</aside>\n"
            "<p>Thanks.</p>"
        ),
        dialect=Dialect.HTML,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/4",
    ),
    Record(
        origin=Origin("discourse_topic.json", 1),
        id="discourse-44-5",
        kind=Kind.COMMENT,
        parent="discourse-44",
        thread="discourse-44",
        author="Bob.B@discourse",
        created=Moment(epoch=1614938400),
        body="<p>Post 5.</p>",
        dialect=Dialect.HTML,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/5",
    ),
    Record(
        origin=Origin("discourse_topic.json", 1),
        id="discourse-44-6",
        kind=Kind.COMMENT,
        parent="discourse-44",
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1615024800),
        dialect=Dialect.HTML,
        state=State.DEAD,
        original="https://talk.tide.example/t/tide-tables/44/6",
    ),
    Record(
        origin=Origin("discourse_topic.json", 1),
        id="discourse-44-7",
        kind=Kind.COMMENT,
        parent="discourse-44-3",
        thread="discourse-44",
        author="Bob.B@discourse",
        created=Moment(epoch=1615111200),
        dialect=Dialect.HTML,
        state=State.DELETED,
        original="https://talk.tide.example/t/tide-tables/44/7",
    ),
    Record(
        origin=Origin("discourse_topic.json", 1),
        id="discourse-44-8",
        kind=Kind.COMMENT,
        parent="discourse-44",
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1615197600),
        body="<p>Buy boats!</p>",
        dialect=Dialect.HTML,
        state=State.DEAD,
        original="https://talk.tide.example/t/tide-tables/44/8",
    ),
    Record(
        origin=Origin("discourse_topic.json", 1),
        id="discourse-44-9",
        kind=Kind.COMMENT,
        parent="discourse-44",
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1615284000),
        body="<p>[closed enabled]</p>",
        dialect=Dialect.HTML,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/9",
    ),
    Record(
        origin=Origin("discourse_topic.json", 1),
        id="discourse-44-10",
        kind=Kind.COMMENT,
        parent="discourse-44",
        thread="discourse-44",
        author="ann@discourse",
        created=Moment(epoch=1615284000),
        body="<p>Post 10.</p>",
        dialect=Dialect.HTML,
        state=State.LIVE,
        original="https://talk.tide.example/t/tide-tables/44/10",
    ),
    Problem(
        origin=Origin("discourse_topic.json", 1),
        reason="'reply_to_post_number' of item 710 is 10, not another post; ignored",
    ),
    Problem(
        origin=Origin("discourse_topic.json", 1),
        reason="has 9 of the 11 posts of topic 44; others may have the rest",
    ),
]
