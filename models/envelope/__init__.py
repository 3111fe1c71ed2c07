"""What every stream carries: record batch, reading, refusal, partition, period, bilingual text."""
