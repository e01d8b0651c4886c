"""Calendars that people follow, and the doubles of gatherings among a platform's own events."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "feed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_feed_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_feed_movement_id_movement"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_feed_fingerprint")),
        sa.UniqueConstraint("movement_id", "member_id", name=op.f("uq_feed_movement_id_member_id")),
    )
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_member_id"), ["member_id"], unique=False)

    op.create_table(
        "twin",
        sa.Column("gathering_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=120), nullable=False),
        sa.Column("wanted", sa.String(length=64), nullable=False),
        sa.Column("kept", sa.String(length=64), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_twin_gathering_id_gathering"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gathering_id", name=op.f("pk_twin")),
    )
    with op.batch_alter_table("twin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_twin_try_at"), ["try_at"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("twin")
    op.drop_table("feed")
