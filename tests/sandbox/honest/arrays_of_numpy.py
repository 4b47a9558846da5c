import numpy as np
matrix = np.arange(6).reshape(2, 3)
print(matrix @ matrix.T, matrix.sum(axis=0), np.linalg.inv(np.array([[2.0, 0.0], [0.0, 4.0]])), np.sqrt(2))
print(np.random.default_rng(3).integers(0, 10, 5), np.mean([1, 2, 4]), repr(np.float32(0.1)), matrix.dtype)
def double(x): return x * 2 if isinstance(x, list) else np.int64(x) * np.int64(2)
