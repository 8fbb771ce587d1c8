"""A customer at a browser without scripts, and the steps they take."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

ANSWERS = {
    "full_name": "Asha Rao",
    "email": "asha@example.org",
    "phone": "+91 98400 12345",
    "address.line1": "12 Lake Road",
    "address.city": "Chennai",
    "address.state": "Tamil Nadu",
    "address.pin": "600001",
    "valid_from": "2026-12-01",
    "reason": "moved",
}


def photo() -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(output, "JPEG")
    return output.getvalue()


@dataclass
class Customer:
    """One browser with its cookies."""

    client: FlaskClient
    newest_code: Callable[[], str]

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, **form: object) -> TestResponse:
        return self.client.post(path, data=form)

    def begin(self) -> None:
        assert self.post("/apply/address_change").status_code == 303

    def fill_in(self, **overrides: str) -> TestResponse:
        return self.client.post("/draft/form", data={**ANSWERS, **overrides})

    def upload(self, item: str, content: bytes | None = None, name: str = "a.jpg") -> TestResponse:
        file = (io.BytesIO(content or photo()), name)
        return self.client.post("/draft/documents", data={f"file.{item}": file, "upload": "1"})

    def send_documents(self) -> TestResponse:
        self.upload("address_proof")
        self.upload("identity_proof")
        return self.post("/draft/documents", **{"continue": "1"})

    def agree(self) -> TestResponse:
        return self.post("/draft/consent", agree="yes", version="2026-11")

    def confirm(self, contact: str = "email") -> TestResponse:
        self.post("/draft/identity/code", contact=contact)
        return self.post("/draft/identity", code=self.newest_code())

    def prepare(self) -> None:
        """Everything up to the signature."""
        self.begin()
        for step in (self.fill_in, self.send_documents, self.agree, self.confirm):
            response = step()
            assert response.status_code == 303, response.text

    def sign(self) -> TestResponse:
        return self.post("/draft/sign")
