"""Tests of the dev server, on CPython: real threads, files and sockets."""
