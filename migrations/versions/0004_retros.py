"""Retros: how each runs, their notes, topics and votes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    document = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
    )
    op.create_table(
        "retro",
        sa.Column("occurrence_id", number, nullable=False),
        sa.Column("phase", sa.String(length=10), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("columns", document, nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("few", sa.Integer(), nullable=False),
        sa.Column("spans", document, nullable=False),
        sa.Column("votes_each", sa.Integer(), nullable=False),
        sa.Column("votes_on_one", sa.Integer(), nullable=False),
        sa.Column("topics_most", sa.Integer(), nullable=False),
        sa.Column("phase_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("topic_timer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("facilitator_id", number, nullable=True),
        sa.Column("facilitator_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_id", number, nullable=True),
        sa.Column("skipped", document, nullable=False),
        sa.Column("spent", document, nullable=False),
        sa.Column("ended", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["member.id"], name=op.f("fk_retro_asked_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["facilitator_id"], ["member.id"], name=op.f("fk_retro_facilitator_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_retro_occurrence_id_occurrence"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_retro")),
    )
    op.create_table(
        "retro_topic",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("occurrence_id", number, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("no_action", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_retro_topic_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retro_topic")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_retro_topic_occurrence_id"), "retro_topic", ["occurrence_id"], unique=False)

    op.create_table(
        "retro_note",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("movement_id", number, nullable=False),
        sa.Column("occurrence_id", number, nullable=True),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=True),
        sa.Column("member_id", number, nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_retro_note_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_retro_note_movement_id_movement"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_retro_note_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["retro_topic.id"], name=op.f("fk_retro_note_topic_id_retro_topic"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retro_note")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_retro_note_movement_id"), "retro_note", ["movement_id"], unique=False)
    op.create_index(op.f("ix_retro_note_occurrence_id"), "retro_note", ["occurrence_id"], unique=False)
    op.create_index(op.f("ix_retro_note_token"), "retro_note", ["token"], unique=False)
    op.create_index(op.f("ix_retro_note_topic_id"), "retro_note", ["topic_id"], unique=False)

    op.create_table(
        "retro_vote",
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("occurrence_id", number, nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_retro_vote_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["retro_topic.id"], name=op.f("fk_retro_vote_topic_id_retro_topic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("topic_id", "mark", name=op.f("pk_retro_vote")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_retro_vote_occurrence_id"), "retro_vote", ["occurrence_id"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("retro_vote")
    op.drop_table("retro_note")
    op.drop_table("retro_topic")
    op.drop_table("retro")
