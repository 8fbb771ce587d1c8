"""A change of address from the first page to the sealed proof and the feedback."""


from playwright.sync_api import expect

from tests.acceptance import files
from tests.acceptance.mailbox import attached, link_in


def test_an_address_change_goes_from_the_form_to_the_feedback(customer, sign_in, product):
    mailbox = product.mailbox
    customer.apply()
    assert attached(mailbox.take("We have your request", customer.email))[0][0].endswith(".pdf")
    executive = sign_in("executive")
    executive.claim(customer.number)
    executive.judge(executive.documents().first, "Unclear", "The date is cut off.")
    executive.judge(executive.documents().nth(1), "Accept")
    executive.ask_for_more("Proof of the new address", "Please send the whole first page.")
    customer.page.goto(link_in(mailbox.take("We need something", customer.email), "/supply/"))
    customer.page.get_by_role("button", name="Continue").click()
    expect(customer.page.get_by_text("The date is cut off.")).to_be_visible()
    customer.choose_files("Proof of the new address", files.pdf())
    customer.page.get_by_role("button", name="Send", exact=True).click()
    expect(customer.page.get_by_role("heading", name="Thank you, we have it")).to_be_visible()
    executive.claim(customer.number)
    executive.accept_documents()
    executive.accept()
    product.settle()
    assert attached(mailbox.take("Done: your address is changed", customer.email))
