"""Care of F0 patients at home and in hospital (theo dõi F0)."""
