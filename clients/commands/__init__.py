"""The commands of `ucmsim` that speak to a server: each module is one command or a few of a kind.

`ucmsim.clients.cli` loads a module when its command is called, so that `ucmsim --help` stays fast.
"""
