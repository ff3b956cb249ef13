"""
Signed documents that fit in a QR code and verify without a network.

A CBOR Web Token (RFC 8392) in COSE_Sign1 (RFC 9052), base45 (RFC 9285), a three-character prefix.
Travel permits use it; quarantine certificates can.
"""
