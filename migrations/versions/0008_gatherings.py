"""Gatherings: what was announced, who said they would come, who came and how that is known; calls that are watched."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "watch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ritual", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=90), nullable=False),
        sa.Column("platform", sa.String(length=120), nullable=False),
        sa.Column("workspace", sa.String(length=120), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_watch_movement_id_movement"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("movement_id", "ritual", "about", name=op.f("uq_watch_movement_id_ritual_about")),
    )
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watch_look_at"), ["look_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_watch_platform_workspace_room"), ["platform", "workspace", "room"], unique=False
        )

    op.create_table(
        "visit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("watch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_visit_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["watch_id"], ["watch.id"], name=op.f("fk_visit_watch_id_watch"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_watch_id"), ["watch_id"], unique=False)

    op.create_table(
        "series",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("cadence", sa.String(length=200), nullable=False),
        sa.Column("anchor", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("place_kind", sa.String(length=8), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("rota", sa.Boolean(), nullable=False),
        sa.Column("host_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("co_host_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["co_host_id"], ["member.id"], name=op.f("fk_series_co_host_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["host_id"], ["member.id"], name=op.f("fk_series_host_id_member"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_series_movement_id_movement"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_series_practice_id_practice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("uid", name=op.f("uq_series_uid")),
    )
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_movement_id"), ["movement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_series_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "gathering",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occurrence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("place_kind", sa.String(length=8), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("host_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("co_host_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "skipped",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("host_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note_taker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("announced_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column("rolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("word_key", sa.String(length=64), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.Column("unnamed", sa.Integer(), nullable=False),
        sa.Column("unnamed_hosts", sa.Integer(), nullable=False),
        sa.Column("reflections", sa.Integer(), nullable=False),
        sa.Column(
            "welcomed",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announced_by_id"], ["member.id"], name=op.f("fk_gathering_announced_by_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["member.id"], name=op.f("fk_gathering_asked_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["co_host_id"], ["member.id"], name=op.f("fk_gathering_co_host_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["member.id"], name=op.f("fk_gathering_host_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_gathering_movement_id_movement"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["note_taker_id"], ["member.id"], name=op.f("fk_gathering_note_taker_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_gathering_occurrence_id_occurrence"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_gathering_series_id_series"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering")),
        sa.UniqueConstraint("occurrence_id", name=op.f("uq_gathering_occurrence_id")),
        sa.UniqueConstraint("series_id", "slot", name=op.f("uq_gathering_series_id_slot")),
        sa.UniqueConstraint("uid", name=op.f("uq_gathering_uid")),
    )
    with op.batch_alter_table("gathering", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gathering_movement_id_starts_at"), ["movement_id", "starts_at"], unique=False
        )

    op.create_table(
        "evidence",
        sa.Column("gathering_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("says", sa.String(length=8), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_evidence_by_id_member"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_evidence_gathering_id_gathering"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_evidence_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gathering_id", "member_id", "source", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_member_id"), ["member_id"], unique=False)

    op.create_table(
        "guess",
        sa.Column("gathering_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_guess_gathering_id_gathering"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_guess_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gathering_id", "member_id", name=op.f("pk_guess")),
    )
    with op.batch_alter_table("guess", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guess_member_id"), ["member_id"], unique=False)

    op.create_table(
        "rsvp",
        sa.Column("gathering_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_rsvp_gathering_id_gathering"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_rsvp_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gathering_id", "member_id", name=op.f("pk_rsvp")),
    )
    with op.batch_alter_table("rsvp", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rsvp_member_id"), ["member_id"], unique=False)

    op.create_table(
        "taken_out",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("once", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_taken_out_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "once", name=op.f("pk_taken_out")),
    )

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hours", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("counted_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("asks", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("seen_in_calls", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("told_when_rising", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("level", sa.String(length=12), nullable=False, server_default=""))
    with op.batch_alter_table("member", schema=None) as batch_op:
        for name in ("asks", "seen_in_calls", "told_when_rising", "level"):
            batch_op.alter_column(name, server_default=None)

    with op.batch_alter_table("practice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(length=80), nullable=False, server_default=""))
        batch_op.drop_constraint(batch_op.f("uq_practice_movement_id_ritual"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_practice_movement_id_ritual_name"), ["movement_id", "ritual", "name"]
        )
    with op.batch_alter_table("practice", schema=None) as batch_op:
        batch_op.alter_column("name", server_default=None)

    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.alter_column("state", existing_type=sa.String(length=8), type_=sa.String(length=10))

    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_act_movement_id_kind_at_member_id"), ["movement_id", "kind", "at", "member_id"], unique=False
        )
        batch_op.drop_index(batch_op.f("ix_act_movement_id_at"))


def downgrade() -> None:
    """Go back to the version before, which knows no gatherings."""
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_act_movement_id_at"), ["movement_id", "at"], unique=False)
        batch_op.drop_index(batch_op.f("ix_act_movement_id_kind_at_member_id"))

    # SQLite does not follow foreign keys while tables are rebuilt.
    named = "SELECT id FROM practice WHERE name <> ''"
    theirs = f"SELECT id FROM occurrence WHERE practice_id IN ({named})"  # noqa: S608 - our own words
    for table in ("act", "promise"):
        op.execute(f"UPDATE {table} SET occurrence_id = NULL WHERE occurrence_id IN ({theirs})")  # noqa: S608
    op.execute(f"DELETE FROM host WHERE occurrence_id IN ({theirs})")  # noqa: S608
    op.execute(f"DELETE FROM gathering WHERE occurrence_id IN ({theirs})")  # noqa: S608
    op.execute(f"DELETE FROM occurrence WHERE practice_id IN ({named})")  # noqa: S608
    op.execute("DELETE FROM practice WHERE name <> ''")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.alter_column("state", existing_type=sa.String(length=10), type_=sa.String(length=8))

    with op.batch_alter_table("practice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_practice_movement_id_ritual_name"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_practice_movement_id_ritual"), ["movement_id", "ritual"])
        batch_op.drop_column("name")

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("level")
        batch_op.drop_column("told_when_rising")
        batch_op.drop_column("seen_in_calls")
        batch_op.drop_column("asks")
        batch_op.drop_column("counted_since")
        batch_op.drop_column("hours")

    op.drop_table("taken_out")
    op.drop_table("rsvp")
    op.drop_table("guess")
    op.drop_table("evidence")
    op.drop_table("gathering")
    op.drop_table("series")
    op.drop_table("visit")
    op.drop_table("watch")
