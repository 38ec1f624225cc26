//go:build !amd64 || purego

package kernels

// peak8 and peakf32 have no counterpart here: shares mean nothing.
func peak8() float64   { return 1 }
func peakf32() float64 { return 1 }
