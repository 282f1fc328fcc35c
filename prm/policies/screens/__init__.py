"""The pages on which administrators write rules, publish them and read what earlier versions said."""
