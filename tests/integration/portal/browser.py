"""A customer at a browser without scripts, and the steps they take."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

ANSWERS = {
    "full_name": "Sample Customer",
    "email": "sample@example.org",
    "phone": "+91 98400 12345",
    "address.street": "12 Lake Road",
    "address.from": "2026-12-01",
    "reason": "moved",
}


def photo(colour: str = "teal") -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(output, "JPEG")
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
        assert self.post("/apply/moving").status_code == 303

    def fill_in(self, **overrides: str) -> TestResponse:
        return self.client.post("/draft/form", data={**ANSWERS, **overrides})

    def upload(self, item: str, content: bytes | None = None, name: str = "a.jpg") -> TestResponse:
        file = (io.BytesIO(photo() if content is None else content), name)
        return self.client.post("/draft/documents", data={f"file.{item}": file, "upload": "1"})

    def go_on_from_documents(self) -> TestResponse:
        return self.post("/draft/documents", **{"continue": "1"})

    def send_documents(self) -> TestResponse:
        self.upload("lease")
        self.upload("passport")
        return self.go_on_from_documents()

    def agree(self) -> TestResponse:
        return self.post("/draft/consent", agree="yes", version="2026-11")

    def confirm(self, contact: str = "email") -> TestResponse:
        self.post("/draft/identity/code", contact=contact)
        return self.post("/draft/identity", code=self.newest_code())

    def prepare(self, **overrides: str) -> None:
        """Everything up to the signature."""
        self.begin()
        filled_in = self.fill_in(**overrides)
        for response in (filled_in, self.send_documents(), self.agree()):
            assert response.status_code == 303, response.text
        assert self.confirm().status_code == 303

    def sign(self) -> TestResponse:
        return self.post("/draft/sign")

    def apply(self, **overrides: str) -> None:
        """Everything up to the receipt."""
        self.prepare(**overrides)
        assert self.sign().location == "/draft/receipt"

    def follow(self, number: str) -> TestResponse:
        """Open the status page of a request with the code sent for it."""
        self.post("/track", number=number)
        return self.post("/track/code", code=self.newest_code())
