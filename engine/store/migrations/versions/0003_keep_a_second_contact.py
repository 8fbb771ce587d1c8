"""Keep a second confirmed contact; let cases forget contacts that nobody confirmed.

What a customer stated stays among the answers of the case.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FORGET = """
update service_requests as request set {column} = null
where {column} is not null and not exists (
    select from customer_contacts as contact
    where contact.customer_id = request.customer_id
      and contact.kind = '{column}' and contact.value = request.{column}
)
"""


def upgrade() -> None:
    op.add_column("drafts", sa.Column("other_contact_kind", sa.Text(), nullable=True))
    op.add_column("drafts", sa.Column("other_contact_value", sa.Text(), nullable=True))
    op.add_column(
        "drafts",
        sa.Column("other_contact_verified_at", sa.DateTime(timezone=True), nullable=True),
    )
    for column in ("email", "phone"):
        op.execute(FORGET.format(column=column))
