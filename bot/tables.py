"""What Drumbeat remembers of a movement: its people, its rituals, what they did, and what the chat should show."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Document, Id, Table

NAME = String(200)
IDENT = String(120)


def _of_movement() -> Mapped[int]:
    return mapped_column(ForeignKey("movement.id", ondelete="CASCADE"))


class Movement(Table):
    """One group with one home: a channel. Everything else in the database hangs on one of these."""

    __tablename__ = "movement"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    platform: Mapped[str] = mapped_column(IDENT)
    workspace: Mapped[str] = mapped_column(IDENT)
    channel: Mapped[str] = mapped_column(IDENT)
    name: Mapped[str] = mapped_column(NAME)
    next_step: Mapped[str] = mapped_column(Text, default="")
    first_gathering_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")
    future: Mapped[str] = mapped_column(Text, default="")
    part: Mapped[str] = mapped_column(Text, default="")
    scope: Mapped[str] = mapped_column(Text, default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    quiet_hours: Mapped[str] = mapped_column(String(20), default="22:00 to 07:00")
    started_at: Mapped[datetime]
    # When the people of the home channel are next compared with the members.
    roll_due_at: Mapped[datetime] = mapped_column(index=True)
    # Since when the home channel is closed to us: deleted, archived, or we were sent away.
    shut_out_at: Mapped[datetime | None]
    # When it last got another home. Whoever left at that moment and is in the new channel has been there all along.
    moved_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("platform", "workspace", "channel"),)


class Mission(Table):
    """One version of a movement's mission. A new one never overwrites an old one."""

    __tablename__ = "mission"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    version: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("movement_id", "version"),)


class Member(Table):
    """A person in a movement. The same person in two movements is two members that know nothing of each other."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    person: Mapped[str] = mapped_column(IDENT)
    name: Mapped[str] = mapped_column(NAME)
    zone: Mapped[str] = mapped_column(String(64), default="")
    role: Mapped[str] = mapped_column(String(12), default="member")
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    bot: Mapped[bool] = mapped_column(default=False)
    opted_out: Mapped[bool] = mapped_column(default=False)
    # Since when they are counted again, if there was a time in which they chose not to be: nothing earlier is theirs.
    counted_since: Mapped[datetime | None]
    reminders: Mapped[bool] = mapped_column(default=True)
    brought_in_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    # How many hours a week they have for this, if they said so; no ask goes beyond it.
    hours: Mapped[float | None]
    # Whether they want to be asked for a next step at all.
    asks: Mapped[bool] = mapped_column(default=True)
    # Whether it may be noted that they are in a call.
    seen_in_calls: Mapped[bool] = mapped_column(default=True)
    # Whether a new place on the ladder may be told to all.
    told_when_rising: Mapped[bool] = mapped_column(default=False)
    # Where they stood on the ladder when it was last looked at, so that they are told once that they rose.
    level: Mapped[str] = mapped_column(String(12), default="")

    __table_args__ = (UniqueConstraint("movement_id", "person"), Index(None, "person"))


class Away(Table):
    """A time in which a member is not asked for anything: from ``start`` up to, not including, ``end``."""

    __tablename__ = "away"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    start: Mapped[datetime]
    end: Mapped[datetime | None]


class Act(Table):
    """The ledger: who did what when, about what. Rows are added and, on a person's wish, deleted; never changed.

    ``once`` is what makes a second telling of the same act change nothing.
    """

    __tablename__ = "act"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id", ondelete="SET NULL"), index=True)
    evidence: Mapped[str] = mapped_column(Text, default="")
    once: Mapped[str] = mapped_column(String(160))

    __table_args__ = (
        UniqueConstraint("movement_id", "once"),
        Index(None, "member_id", "at"),
        # The figures of a large movement are read from this index alone.
        Index(None, "movement_id", "kind", "at", "member_id"),
    )


class TakenOut(Table):
    """That somebody took an act out of their own record, by what made it once: it is not written down again."""

    __tablename__ = "taken_out"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    once: Mapped[str] = mapped_column(String(160), primary_key=True)


class Practice(Table):
    """A ritual as one movement keeps it: its cadence, channel, settings, owner and understudy.

    ``next_slot`` is the next time by the cadence, ``next_at`` when it will really be: the two differ when an organizer
    moved that one time. Both are empty for a ritual on demand and while it is paused.

    ``name`` tells several practices of one ritual apart: each kind of gathering that a movement holds, such as its town
    hall, has a practice of its own, with its own hosts. It is '' where a movement has but one.
    """

    __tablename__ = "practice"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    ritual: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80), default="")
    cadence: Mapped[str] = mapped_column(NAME)
    anchor: Mapped[datetime]
    channel: Mapped[str] = mapped_column(IDENT)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    understudy_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    next_slot: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("movement_id", "ritual", "name"),)


class Occurrence(Table):
    """One run of a ritual. ``state``: open, then held, missed or excused; a gathering is first announced."""

    __tablename__ = "occurrence"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"))
    planned_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(NAME, default="")

    __table_args__ = (
        UniqueConstraint("practice_id", "planned_at"),
        Index(None, "movement_id", "planned_at"),
    )


class Host(Table):
    """Somebody who ran an occurrence: its host of record. There may be several, or nobody that is known."""

    __tablename__ = "host"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime]


class Series(Table):
    """A gathering that comes again: its cadence, and what each one begins with. Each one is a ``Gathering`` of its own.

    ``planned_to`` is the last slot that was made into a gathering; ``until`` ends it: no slot is at that time or later.
    With ``rota``, who hosts takes turns by the practice's rota.
    """

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"), index=True)
    uid: Mapped[str] = mapped_column(String(40), unique=True)
    cadence: Mapped[str] = mapped_column(NAME)
    anchor: Mapped[datetime]
    planned_to: Mapped[datetime | None]
    until: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(12))
    place_kind: Mapped[str] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int]
    capacity: Mapped[int | None]
    rota: Mapped[bool] = mapped_column(default=False)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    co_host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    # Calendars tell a newer version of an entry from an older one by it.
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]

    __table_args__ = (Index(None, "movement_id"),)


class Gathering(Table):
    """A synchronous action that people turn up to: one occurrence, with all that is needed to come.

    ``state``: announced, under way, over, cancelled. ``slot`` is when its series meant it to be; none where there is no
    series. Nobody has the place of host while ``host_id`` is empty: an open slot that anybody may take.
    ``place_kind``: voice (``place`` is what people call the voice channel), huddle (the home channel's), link, address.
    ``recorded``: somebody or something has told who came; until then nobody is known to have been away from it.
    """

    __tablename__ = "gathering"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), unique=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"))
    slot: Mapped[datetime | None]
    uid: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    # What the one who announced it wants people to know.
    words: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(12))
    place_kind: Mapped[str] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    capacity: Mapped[int | None]
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    co_host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    # Who is asked in private to host it instead, and who asked to be left out this time.
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    skipped: Mapped[list[int]] = mapped_column(Document, default=list)
    host_confirmed_at: Mapped[datetime | None]
    note_taker_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    announced_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    announced_at: Mapped[datetime]
    # When the channel was told of it; one of a series waits for its turn.
    shown_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="announced")
    why: Mapped[str] = mapped_column(NAME, default="")
    recorded: Mapped[bool] = mapped_column(default=False)
    # When whoever ran it last told who came.
    rolled_at: Mapped[datetime | None]
    # From this secret follow the words that are said aloud there; none when no word is taken any more.
    word_key: Mapped[str] = mapped_column(String(64), default="")
    # How many people without an account came.
    guests: Mapped[int] = mapped_column(default=0)
    # How many of whom nothing is kept were there, and how many of these ran it: what was held stays held without them.
    unnamed: Mapped[int] = mapped_column(default=0)
    unnamed_hosts: Mapped[int] = mapped_column(default=0)
    # How many notes those who came wrote on it; whose they are is kept nowhere.
    reflections: Mapped[int] = mapped_column(default=0)
    # Who came for the first time and said yes to being welcomed by name.
    welcomed: Mapped[list[int]] = mapped_column(Document, default=list)
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "movement_id", "starts_at"),
        UniqueConstraint("series_id", "slot"),
    )


class Rsvp(Table):
    """What somebody said about coming: an intention, never a fact. It stands still from the planned start on.

    ``answer``: going, maybe, cant, waiting (for a place), offered (a place is theirs until ``offered_until``).
    """

    __tablename__ = "rsvp"

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    answer: Mapped[str] = mapped_column(String(8))
    # Whoever waits longest is offered the next free place.
    at: Mapped[datetime]
    offered_until: Mapped[datetime | None]


class Evidence(Table):
    """What one source says about whether one person came. Sources are kept side by side; which one counts is computed.

    ``source``: lead (they ran it: they pressed *Start*, or the roll call names them), call (they were seen in the voice
    channel or the huddle), word (they wrote the word that was said aloud there), roll (the host's roll call), self
    (their own correction), host (the host's one answer to that).
    ``says``: came, away, excused; of a lead also claims: they stand in, and nothing else has said yet that they came.
    ``minutes`` only where a source measures them.
    """

    __tablename__ = "evidence"

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    source: Mapped[str] = mapped_column(String(8), primary_key=True)
    says: Mapped[str] = mapped_column(String(8))
    minutes: Mapped[int | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class Guess(Table):
    """How often somebody wrote a wrong word at a gathering: a word must not be found by trying."""

    __tablename__ = "guess"

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    wrong: Mapped[int]


class Watch(Table):
    """That a ritual wants to know who is in a call: from ``since`` to ``until``. ``room`` is named as ``Present`` does.

    ``looked_at`` is when the platform last said who is there, ``look_at`` when it is asked again.
    """

    __tablename__ = "watch"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    ritual: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(90))
    platform: Mapped[str] = mapped_column(IDENT)
    workspace: Mapped[str] = mapped_column(IDENT)
    room: Mapped[str] = mapped_column(IDENT)
    since: Mapped[datetime]
    until: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None] = mapped_column(index=True)

    __table_args__ = (
        UniqueConstraint("movement_id", "ritual", "about"),
        Index(None, "platform", "workspace", "room"),
    )


class Visit(Table):
    """One time that a member was in a call that is watched. ``left_at`` is empty while they are there.

    ``told``: the platform only said afterwards that they had been there, not for how long.
    """

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    watch_id: Mapped[int] = mapped_column(ForeignKey("watch.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    came_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    told: Mapped[bool] = mapped_column(default=False)


class Feed(Table):
    """A calendar that is followed behind a secret link: a member's own gatherings or, without a member, the movement's.

    Of the link only a hash is kept. Whoever makes a new one, or switches it off, ends the old one at once.
    """

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("movement_id", "member_id"),)


class Twin(Table):
    """A gathering's double among the events that its platform keeps by itself, such as those of a Discord server.

    ``wanted`` is a fingerprint of what should stand there, ``kept`` of what does. ``try_at`` is empty where there is
    nothing to do, ``event`` where the platform keeps none.
    """

    __tablename__ = "twin"

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), primary_key=True)
    platform: Mapped[str] = mapped_column(IDENT)
    event: Mapped[str] = mapped_column(IDENT, default="")
    wanted: Mapped[str] = mapped_column(String(64))
    kept: Mapped[str] = mapped_column(String(64), default="")
    try_at: Mapped[datetime | None] = mapped_column(index=True)
    failures: Mapped[int] = mapped_column(default=0)


class Energy(Table):
    """One energy figure, 1 to 5: no name, no time but the day, and a random number so that order tells nothing.

    SQLite would number the rows in secret as they come in, so it is told not to.
    """

    __tablename__ = "energy"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), index=True)
    figure: Mapped[int]
    day: Mapped[date] = mapped_column(Date)


class Promise(Table):
    """A small public commitment: who, what, by when. Every ritual may lead to some (``ritual``, ``about``).

    ``due_at`` is the due date as it stands, the one agreed first and all moves are in ``renegotiation``. What somebody
    was put down for by another (``asked_by_id``) is only asked for until ``accepted_at``; it ends by ``done_at`` or
    ``released_at``. Who is to do it with the owner is asked likewise, until ``co_accepted_at``.
    """

    __tablename__ = "promise"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    owner_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    co_owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    what: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    co_accepted_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    public: Mapped[bool] = mapped_column(default=True)
    ritual: Mapped[str] = mapped_column(String(40), default="")
    about: Mapped[str] = mapped_column(String(90), default="")
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id", ondelete="SET NULL"), index=True)

    __table_args__ = (Index(None, "movement_id", "due_at"),)


class Renegotiation(Table):
    """That a promise's due date was moved, and when this was agreed."""

    __tablename__ = "renegotiation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id", ondelete="CASCADE"), index=True)
    was_due_at: Mapped[datetime]
    due_at: Mapped[datetime]
    agreed_at: Mapped[datetime]


class Timer(Table):
    """Something that is due: which ritual's verb, about what. Rung and removed in one transaction."""

    __tablename__ = "timer"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    ritual: Mapped[str] = mapped_column(String(40))
    verb: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(90))
    due_at: Mapped[datetime]
    # When it was meant to be rung; ``due_at`` moves on after a failure, this does not.
    planned_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("movement_id", "ritual", "verb", "about"),
        Index(None, "due_at"),
    )


class Post(Table):
    """One message that the chat should show, and what is known of it there: the durable outbox.

    ``state``: wanted (never sent), sending (an attempt whose outcome is unknown), shown, gone (deleted by somebody, or
    under such a post), refused (the person takes no private messages), told (they were told in a whisper instead),
    failed (until there is something new to show), withdrawn.
    ``version`` counts what we want, ``shown_version`` what the chat shows.
    """

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    key: Mapped[str] = mapped_column(String(160))
    ritual: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(90), default="")
    platform: Mapped[str] = mapped_column(IDENT)
    workspace: Mapped[str] = mapped_column(IDENT)
    channel: Mapped[str] = mapped_column(IDENT, default="")
    person: Mapped[str] = mapped_column(IDENT, default="")
    root_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    lane: Mapped[str] = mapped_column(ForeignKey("lane.key"))
    view: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    shown_version: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="wanted")
    message_id: Mapped[str | None] = mapped_column(IDENT)
    not_before: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("movement_id", "key"),
        Index(None, "message_id"),
        Index(
            "ix_post_open",
            "lane",
            "changed_at",
            postgresql_where=text("version > shown_version AND state IN ('wanted', 'sending', 'shown')"),
            sqlite_where=text("version > shown_version AND state IN ('wanted', 'sending', 'shown')"),
        ),
        Index(
            "ix_post_refused",
            "person",
            postgresql_where=text("state = 'refused'"),
            sqlite_where=text("state = 'refused'"),
        ),
    )


class Lane(Table):
    """One channel or inbox as the courier sees it: what is sent there keeps its order and its pace.

    ``wake_at`` says when there is something to do (none: nothing), ``ready_at`` is the rate clock, ``lease_until``
    keeps a second process away while one is sending.
    """

    __tablename__ = "lane"

    key: Mapped[str] = mapped_column(String(260), primary_key=True)
    wake_at: Mapped[datetime | None] = mapped_column(index=True)
    ready_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]


class MarkKey(Table):
    """The key with which those who took part in something anonymous are marked, until it closes."""

    __tablename__ = "mark_key"

    scope: Mapped[str] = mapped_column(String(90), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))


class Mark(Table):
    """That somebody took part in something anonymous: a keyed hash, apart from what they gave, deleted with its key.

    SQLite would number the rows in secret as they come in, so it is told not to.
    """

    __tablename__ = "mark"
    __table_args__ = ({"sqlite_with_rowid": False},)

    scope: Mapped[str] = mapped_column(ForeignKey("mark_key.scope", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)


class Import(Table):
    """How far one file of the past was brought in (``position``: happenings), so that a second start goes on there.

    ``fingerprint`` is of the file and of what was chosen of it; nothing of what is in it is kept.
    """

    __tablename__ = "import"

    movement_id: Mapped[int] = mapped_column(ForeignKey("movement.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]


class Install(Table):
    """A workspace that installed Drumbeat by itself, with the token it gave us, encrypted."""

    __tablename__ = "install"

    platform: Mapped[str] = mapped_column(IDENT, primary_key=True)
    workspace: Mapped[str] = mapped_column(IDENT, primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Memo(Table):
    """Something small that an adapter wants to find again after a restart, such as which commands it offered last."""

    __tablename__ = "memo"

    key: Mapped[str] = mapped_column(IDENT, primary_key=True)
    words: Mapped[str] = mapped_column(Text)


class Seen(Table):
    """The duplicate filter: events that were heard already. A row is written in the turn that it guards."""

    __tablename__ = "seen"

    event: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
