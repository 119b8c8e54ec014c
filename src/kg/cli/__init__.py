"""The command line: its words and options, what each command does, and how it prints."""
