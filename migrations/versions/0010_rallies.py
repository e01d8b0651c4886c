"""Rapid actions: what is asked, who says they did it, and what they want to be shown of how they told it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "rally",
        sa.Column("id", ID, nullable=False),
        sa.Column("movement_id", ID, nullable=False),
        sa.Column("occurrence_id", ID, nullable=True),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("nudge", sa.Text(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_rally_by_id_member"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_rally_movement_id_movement"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_rally_occurrence_id_occurrence"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rally")),
        sa.UniqueConstraint("movement_id", "once", name=op.f("uq_rally_movement_id_once")),
        sa.UniqueConstraint("occurrence_id", name=op.f("uq_rally_occurrence_id")),
    )
    with op.batch_alter_table("rally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rally_by_id"), ["by_id"], unique=False)
    op.create_table(
        "rally_done",
        sa.Column("rally_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_rally_done_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["rally_id"], ["rally.id"], name=op.f("fk_rally_done_rally_id_rally"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rally_id", "member_id", name=op.f("pk_rally_done")),
    )
    with op.batch_alter_table("rally_done", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rally_done_member_id"), ["member_id"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("rally_done")
    op.drop_table("rally")
