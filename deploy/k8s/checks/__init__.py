"""What is wrong with rendered manifests: their form, and what a cluster would do with them."""
