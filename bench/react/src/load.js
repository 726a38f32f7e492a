// Loads the peer that the query string names.
await import(`../dist/${new URLSearchParams(location.search).get("peer")}.js`);
