//go:build lean

package budget

const Asks = false
