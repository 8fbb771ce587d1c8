"""Let people tell their sign-ins apart: by which browser, from where, and when last seen."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("browser", sa.Text(), nullable=True))
    op.add_column("sign_ins", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("sign_ins", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
