import cmath, datetime, decimal, fractions, statistics
decimal.getcontext().prec = 30
print(decimal.Decimal(1) / 7, decimal.Decimal("1.10") + 1, fractions.Fraction(1, 3) + fractions.Fraction("0.5"))
print(statistics.mean([1, 2, 4]), statistics.stdev([1.0, 2.0, 4.0]), cmath.sqrt(-2), round(2.5), round(-0.5), 0.1 + 0.2)
print(float("nan") != float("nan"), float("inf"), 1e308 * 10, (0.1).hex(), 5e-324)
print(datetime.date(2024, 2, 29) + datetime.timedelta(days=366), datetime.datetime(2024, 1, 1).isoformat())
print(datetime.datetime.strptime("2024-03-01 10:20", "%Y-%m-%d %H:%M"), datetime.date(2024, 12, 30).isocalendar())
