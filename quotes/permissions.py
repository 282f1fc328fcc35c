"""Who may do what with price lists and quotes."""
