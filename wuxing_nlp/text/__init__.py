"""Characters to words: normalise the script, cut coding units, segment words."""
