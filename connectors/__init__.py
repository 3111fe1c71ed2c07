"""Each file touches one outside system: settings, source or sink, error map; no rules."""
