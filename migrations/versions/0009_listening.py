"""Listening rounds: who wants to listen, who is with whom, what they said of it and what they heard."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "listener",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_listener_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_listener")),
    )
    op.create_table(
        "listening_round",
        sa.Column("occurrence_id", ID, nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("questions", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_listening_round_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_listening_round")),
    )
    op.create_table(
        "listening_pair",
        sa.Column("id", ID, nullable=False),
        sa.Column("movement_id", ID, nullable=False),
        sa.Column("occurrence_id", ID, nullable=False),
        sa.Column("first_id", ID, nullable=False),
        sa.Column("second_id", ID, nullable=False),
        sa.Column("third_id", ID, nullable=True),
        sa.Column("times", DOCUMENT, nullable=False),
        sa.Column("talked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_listening_pair_movement_id_movement"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrence.id"],
            name=op.f("fk_listening_pair_occurrence_id_occurrence"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{which}_id"], ["member.id"], name=op.f(f"fk_listening_pair_{which}_id_member"), ondelete="CASCADE"
            )
            for which in ("first", "second", "third")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listening_pair")),
    )
    with op.batch_alter_table("listening_pair", schema=None) as batch_op:
        for column in ("occurrence_id", "first_id", "second_id", "third_id"):
            batch_op.create_index(batch_op.f(f"ix_listening_pair_{column}"), [column], unique=False)
        batch_op.create_index(
            batch_op.f("ix_listening_pair_movement_id_occurrence_id"), ["movement_id", "occurrence_id"], unique=False
        )
    op.create_table(
        "listening_seat",
        sa.Column("pair_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("says", sa.String(length=8), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("shares", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_listening_seat_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["listening_pair.id"],
            name=op.f("fk_listening_seat_pair_id_listening_pair"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pair_id", "member_id", name=op.f("pk_listening_seat")),
    )
    with op.batch_alter_table("listening_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listening_seat_member_id"), ["member_id"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("listening_seat")
    op.drop_table("listening_pair")
    op.drop_table("listening_round")
    op.drop_table("listener")
