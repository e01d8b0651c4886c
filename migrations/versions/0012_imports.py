"""How far a file of the past was brought in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "import",
        sa.Column("movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_import_movement_id_movement"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("movement_id", "fingerprint", name=op.f("pk_import")),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("import")
