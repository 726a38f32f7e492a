"""The stores: what must outlast a moment, each listened to by the views that draw it."""
