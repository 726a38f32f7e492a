"""Fakes for everything the page needs of the outside, so that it can be tested without a browser.

    page = FakePage(settings)
    page.app.start()
    page.socket.accept()
    page.receive({"event": "start_node", "run_id": "r", "node_id": "n", "order": 0})
    assert page.document.node("n").classList.contains("executing")
    page.clock.advance(0.5)

Shipped, because whoever adds a handler needs them too; tested themselves in tests/testing."""
