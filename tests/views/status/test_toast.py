from __future__ import annotations

from pyapp.views.status.toast import SHOWN_S, ToastView
from tests.views.support import Gallery


def test_words_are_shown_for_a_moment() -> None:
    """The second time they are there as long as the first."""
    gallery = Gallery()
    view = gallery.show(ToastView)
    toast = gallery.region("toast")
    assert toast.textContent == ""
    gallery.stores.toast.set((1, "Copied"))
    gallery.paint()
    assert toast.textContent == "Copied" and not toast.hidden
    gallery.advance(SHOWN_S - 0.5)
    gallery.stores.toast.set((2, "Copied"))
    gallery.paint()
    gallery.advance(SHOWN_S - 0.5)
    assert not toast.hidden
    gallery.advance(1.0)
    assert toast.hidden
    gallery.stores.toast.set((3, "Copied"))
    gallery.paint()
    view.close()
    gallery.advance(SHOWN_S)
    assert gallery.errors == []
