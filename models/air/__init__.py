"""Air: VN_AQI, its levels, the limits of QCVN 05:2023."""
