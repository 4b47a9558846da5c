import timeit, time, cProfile, doctest, unittest
def twice(x):
    """
    >>> twice(2)
    4
    """
    return x * 2
print(timeit.timeit("twice(1)", "from __main__ import twice", number=10) < 5)
print(doctest.testmod())
start = time.perf_counter(); time.sleep(0.01); print(time.perf_counter() - start >= 0.01)
class Case(unittest.TestCase):
    def test_it(self): self.assertEqual(twice(2), 4)
print(unittest.TextTestRunner(stream=open("/dev/null", "w")).run(unittest.defaultTestLoader.loadTestsFromTestCase(Case)))
