"""Who may do what with marketing funds."""
