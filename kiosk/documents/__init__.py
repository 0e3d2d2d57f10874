"""PURE. What can be said of a document: checks and their results, its way through the lane, its holder."""
