"""
A local OIDC issuer for laptops and tests. NOT FOR PRODUCTION: it lets anybody be anybody.

It speaks what Keycloak speaks in compose and k8s (discovery, JWKS, authorization code with PKCE,
refresh), so that services and pages cannot tell the difference. It refuses to be anything but a
loopback address.
"""
