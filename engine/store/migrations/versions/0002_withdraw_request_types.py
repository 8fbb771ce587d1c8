"""Let a request type be withdrawn from the portal."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "request_type_versions",
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
    )
