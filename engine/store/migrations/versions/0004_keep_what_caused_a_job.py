"""Keep the number of the web request that a job follows from, for the logs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("caused_by", sa.Text(), nullable=True))
