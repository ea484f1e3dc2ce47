"""Words to labels: features, the classifier, its bundle, and the Tagger that users hold."""
