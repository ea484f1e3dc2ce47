"""Web pages, as the sites of Chinese governments make them."""
