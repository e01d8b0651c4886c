"""Wins, who made them happen, how they were celebrated, their digests, and what each member agreed to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "win_choice",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("in_stories", sa.Boolean(), nullable=True),
        sa.Column("offers", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_win_choice_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_win_choice")),
    )
    op.create_table(
        "win",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column("reporter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["occurrence.id"], name=op.f("fk_win_digest_id_occurrence"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_win_movement_id_movement"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["member.id"], name=op.f("fk_win_reporter_id_member"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_win")),
        sa.UniqueConstraint("movement_id", "once", name=op.f("uq_win_movement_id_once")),
    )
    with op.batch_alter_table("win", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_win_digest_id"), ["digest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_win_movement_id_at"), ["movement_id", "at"], unique=False)

    op.create_table(
        "win_digest",
        sa.Column("occurrence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_win_digest_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_win_digest")),
    )
    op.create_table(
        "win_cheer",
        sa.Column("win_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("how", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_win_cheer_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["win_id"], ["win.id"], name=op.f("fk_win_cheer_win_id_win"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("win_id", "member_id", "how", name=op.f("pk_win_cheer")),
    )
    with op.batch_alter_table("win_cheer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_win_cheer_member_id"), ["member_id"], unique=False)

    op.create_table(
        "win_maker",
        sa.Column("win_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_win_maker_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["win_id"], ["win.id"], name=op.f("fk_win_maker_win_id_win"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("win_id", "member_id", name=op.f("pk_win_maker")),
    )
    with op.batch_alter_table("win_maker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_win_maker_member_id"), ["member_id"], unique=False)

    op.create_table(
        "win_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("effort", sa.String(length=80), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=5), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("win_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_win_offer_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["win_id"], ["win.id"], name=op.f("fk_win_offer_win_id_win"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_win_offer")),
        sa.UniqueConstraint("member_id", "effort", name=op.f("uq_win_offer_member_id_effort")),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("win_offer")
    with op.batch_alter_table("win_maker", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_win_maker_member_id"))

    op.drop_table("win_maker")
    with op.batch_alter_table("win_cheer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_win_cheer_member_id"))

    op.drop_table("win_cheer")
    op.drop_table("win_digest")
    with op.batch_alter_table("win", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_win_movement_id_at"))
        batch_op.drop_index(batch_op.f("ix_win_digest_id"))

    op.drop_table("win")
    op.drop_table("win_choice")
