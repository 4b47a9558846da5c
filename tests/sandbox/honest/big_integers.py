import math, sys
print(math.factorial(500), 2 ** 4000 % (10 ** 50), pow(3, 10 ** 30, 10 ** 9 + 7), math.comb(300, 150))
print(sys.get_int_max_str_digits())
try: str(10 ** 5000)
except ValueError as error: print(error)
sys.set_int_max_str_digits(0)
print(len(str(10 ** 5000)), math.isqrt(10 ** 100), (-7) // 2, -7 % 3, int("z" * 50, 36))
