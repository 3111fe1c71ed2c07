"""SMS by SpeedSMS."""
