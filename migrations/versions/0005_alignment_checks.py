"""Alignment checks: what was asked, rated, proposed and chosen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# A mission that was written down before there were alignment checks gets its first one, too.
PLAN_FIRST = """
    INSERT INTO timer (movement_id, ritual, verb, about, due_at, planned_at, failures)
    SELECT movement.id, 'alignment-check', 'mission-set', '', movement.started_at, movement.started_at, 0
    FROM movement
    WHERE EXISTS (SELECT 1 FROM mission WHERE mission.movement_id = movement.id)
    AND NOT EXISTS (
        SELECT 1 FROM practice WHERE practice.movement_id = movement.id AND practice.ritual = 'alignment-check'
    )
"""


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "alignment_activity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occurrence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("told", sa.String(length=40), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column(
            "figures",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("unsure", sa.Integer(), nullable=False),
        sa.Column(
            "reasons",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_alignment_activity_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alignment_activity")),
        sa.UniqueConstraint("occurrence_id", "position", name=op.f("uq_alignment_activity_occurrence_id_position")),
    )
    op.create_table(
        "alignment_check",
        sa.Column("occurrence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("raters", sa.Integer(), nullable=False),
        sa.Column("turns_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["mission.id"], name=op.f("fk_alignment_check_mission_id_mission"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_alignment_check_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_alignment_check")),
    )
    op.create_table(
        "alignment_proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decides_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["alignment_activity.id"],
            name=op.f("fk_alignment_proposal_activity_id_alignment_activity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_alignment_proposal_member_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["member.id"], name=op.f("fk_alignment_proposal_owner_id_member"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alignment_proposal")),
    )
    with op.batch_alter_table("alignment_proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alignment_proposal_activity_id_state"), ["activity_id", "state"], unique=False
        )

    op.create_table(
        "alignment_rating",
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voter", sa.String(length=64), nullable=False),
        sa.Column("figure", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["alignment_activity.id"],
            name=op.f("fk_alignment_rating_activity_id_alignment_activity"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "voter", name=op.f("pk_alignment_rating")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "alignment_voice",
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consents", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_alignment_voice_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["alignment_proposal.id"],
            name=op.f("fk_alignment_voice_proposal_id_alignment_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "member_id", name=op.f("pk_alignment_voice")),
    )
    with op.batch_alter_table("alignment_voice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alignment_voice_member_id"), ["member_id"], unique=False)
    op.execute(PLAN_FIRST)


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("alignment_voice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alignment_voice_member_id"))

    op.drop_table("alignment_voice")
    op.drop_table("alignment_rating")
    with op.batch_alter_table("alignment_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alignment_proposal_activity_id_state"))

    op.drop_table("alignment_proposal")
    op.drop_table("alignment_check")
    op.drop_table("alignment_activity")
