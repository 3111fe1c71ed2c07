"""Quality control of readings by QARTOD's tests (IOOS, Manual for Real-Time Quality Control): flags, never other values."""
