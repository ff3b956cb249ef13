"""
HTTP bodies: `requests` asked and `intake` taking them, `case` and `answers` told by the `desk`.

A change of protocols is foreseen by `preview`, in the words of `changes` and `foreseen`.
"""
