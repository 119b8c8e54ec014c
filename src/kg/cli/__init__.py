"""The command line: its commands and options, what each command does, and how it prints."""
