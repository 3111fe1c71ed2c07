"""Water: un-ionised ammonia, oxygen saturation, QCVN 08:2023, sub-indices of VN_WQI."""
