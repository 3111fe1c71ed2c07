"""The commune as data: units, hamlets, stations, rules, contacts."""
