//go:build !amd64 || purego

package kernels

// Peak8 and PeakF32 have no counterpart here.
func (s *Set) Peak8() (instruction string, ops float64) { return "", 0 }
func PeakF32() float64                                  { return 0 }
