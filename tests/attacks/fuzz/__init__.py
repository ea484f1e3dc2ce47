"""``python -m tests.attacks.fuzz``: broken files without end for every reader of files; none may do
anything but read them or say what is wrong."""
