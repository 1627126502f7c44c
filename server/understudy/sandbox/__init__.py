"""Runs a program that nobody has read: no network, no home, nothing writable but what is given, limits on everything.

`find_sandbox` says whether there is a sandbox, `run` runs a command in it. The boundary is Linux's own (namespaces, set
up by bubblewrap); limits are those of `setrlimit` and of a watch over the whole tree of processes, since control groups
need rights that a user seldom has.
"""
