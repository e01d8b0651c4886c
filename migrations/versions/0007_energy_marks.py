"""Energy figures use the marks of all that is anonymous; when a channel was closed to us, and a movement moved."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version. Check-ins that are open go on: who has given a figure stays marked."""
    op.execute(
        "INSERT INTO mark_key (scope, key) "
        "SELECT 'energy:' || occurrence_id, energy_key FROM check_in WHERE energy_key <> ''"
    )
    op.execute(
        "INSERT INTO mark (scope, mark) SELECT 'energy:' || energy_mark.occurrence_id, energy_mark.mark "
        "FROM energy_mark JOIN check_in ON check_in.occurrence_id = energy_mark.occurrence_id "
        "WHERE check_in.energy_key <> ''"
    )
    op.drop_table("energy_mark")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_column("energy_key")
    with op.batch_alter_table("movement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shut_out_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("movement", schema=None) as batch_op:
        batch_op.drop_column("moved_at")
        batch_op.drop_column("shut_out_at")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("energy_key", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.alter_column("energy_key", server_default=None)
    op.create_table(
        "energy_mark",
        sa.Column("occurrence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_energy_mark_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("occurrence_id", "mark", name=op.f("pk_energy_mark")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "UPDATE check_in SET energy_key = (SELECT key FROM mark_key WHERE scope = 'energy:' || occurrence_id) "
        "WHERE EXISTS (SELECT 1 FROM mark_key WHERE scope = 'energy:' || occurrence_id)"
    )
    op.execute(
        "INSERT INTO energy_mark (occurrence_id, mark) SELECT check_in.occurrence_id, mark.mark "
        "FROM mark JOIN check_in ON mark.scope = 'energy:' || check_in.occurrence_id"
    )
    op.execute("DELETE FROM mark WHERE scope LIKE 'energy:%'")
    op.execute("DELETE FROM mark_key WHERE scope LIKE 'energy:%'")
