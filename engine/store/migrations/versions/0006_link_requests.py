"""Let a request be about another one, as a complaint is."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("drafts", sa.Column("about_request_id", sa.Uuid(), nullable=True))
    op.add_column("service_requests", sa.Column("about_request_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_service_requests_about_request_id_service_requests",
        "service_requests",
        "service_requests",
        ["about_request_id"],
        ["id"],
    )
    op.create_index(
        "ix_service_requests_about_request_id", "service_requests", ["about_request_id"]
    )
