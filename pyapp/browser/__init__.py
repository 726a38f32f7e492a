"""The browser edge: the only importers of js, pyodide and pyscript. Thin, without decisions."""
