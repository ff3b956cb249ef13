"""
A province in a box: it acts only through the public APIs, as its people would, and knows the truth.

Planned from the seed, before anybody acts: `people` (households of the 178 communes), `course` (illnesses),
`epidemic` (who catches it and when it is found, on the real `curve`), `firms` and `holders` (who carries permits).
Acting, each at its own time on the `agenda`: `patients`, `contacts`, `permits`, `roads` and `lanes`, `duty`, `stations`;
what people hand in goes through `declarations` (late, twice, offline, by another app) and `slips`. `truth` counts what the system
accepted, `comparison` and `summary` set it beside what the system says.

Not simulated: a capacity of hospitals, reinfection, Omicron, F2, facilities, tests other than the positive one,
directives and their permits in queues. Numbers without a source are called assumptions where they stand.
"""
