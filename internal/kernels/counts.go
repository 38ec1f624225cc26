package kernels

// pieces is how many pieces of at most most make n.
func pieces(n, most int) int { return (n + most - 1) / most }

// lowBits returns a mask of the n lowest bits, n at most 64.
func lowBits(n int) uint64 { return 1<<n - 1 }
