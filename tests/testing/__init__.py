"""The fakes are tested themselves: a fake that is wrong makes every test that stands on it worthless."""
