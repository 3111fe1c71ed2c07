"""`phusa replay`: a rule over stored or file history."""
