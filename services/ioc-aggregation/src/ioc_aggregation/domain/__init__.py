"""What the province's figures mean and how facts add up to them. No input, output or clock."""
