"""HL7 FHIR R4, read only: pseudonymous patients, what was measured, their risk, their care."""
