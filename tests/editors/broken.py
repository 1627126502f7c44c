"""A file with a name that is nowhere defined, its fix, and what the scripted engine says when it is asked about it."""

BROKEN = "from os import path\n\n\ndef joined(a, b):\n    return pth.join(a, b)\n"
FIXED = BROKEN.replace("pth", "path")
ANSWERS = r"""
!when "Explain this problem"
!always
"Nothing is called *pth* here.\n"
===
!when "Undefined name `pth`"
!always
"<<<<<<< SEARCH\n    return pth.join(a, b)\n=======\n    return path.join(a, b)\n>>>>>>> REPLACE\n"
"""
