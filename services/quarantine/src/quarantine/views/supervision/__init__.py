"""What goes in and out of supervision."""
