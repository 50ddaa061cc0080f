"""The control API (`/_sandbox`): how seed commands and tests drive the sandbox."""
