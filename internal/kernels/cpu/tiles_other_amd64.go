//go:build !linux && !purego

package cpu

// mayUseTiles reports whether this process may use tile registers. Systems other than
// Linux have ways of their own to ask for them, which this package does not know.
func mayUseTiles() bool { return false }
