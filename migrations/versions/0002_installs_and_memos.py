"""Workspaces that install Drumbeat by themselves, and what an adapter wants to find again after a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "install",
        sa.Column("platform", sa.String(length=120), nullable=False),
        sa.Column("workspace", sa.String(length=120), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", name=op.f("pk_install")),
    )
    op.create_table(
        "memo",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_memo")),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("memo")
    op.drop_table("install")
