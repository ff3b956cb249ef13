"""Staff lists as Excel sheets: the template, reading what people really fill in, and the answered sheet."""
