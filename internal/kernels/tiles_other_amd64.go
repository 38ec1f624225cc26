//go:build !linux && !purego

package kernels

// mayUseTiles reports whether this process may use tile registers: where that takes more
// than asking Linux, it does not.
var mayUseTiles = func() bool { return false }
