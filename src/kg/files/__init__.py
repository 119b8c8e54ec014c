"""Files that a user names, and those that are written: how large, of what kind, in what encoding, and never in part."""
