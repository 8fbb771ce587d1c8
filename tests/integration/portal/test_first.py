def test_whole(customer):
    customer.prepare()
    for path in ("/", "/apply/address_change", "/draft/check", "/draft/consent", "/draft/identity", "/draft/documents", "/draft/form", "/draft/sign", "/draft/later"):
        r = customer.get(path); print(path, r.status_code)
        assert r.status_code == 200
    r = customer.get("/draft/application.pdf"); assert r.status_code == 200, r.text; print(r.headers)
    r = customer.sign(); print(r.status_code, r.headers)
    r = customer.get("/draft/receipt"); print(r.text)
    assert r.status_code == 200
