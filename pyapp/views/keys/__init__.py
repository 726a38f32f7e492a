"""The keyboard: the table of keys, the palette, the sheet of keys."""
