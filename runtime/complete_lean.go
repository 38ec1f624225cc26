//go:build lean

package runtime

const complete = false
