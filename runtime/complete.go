//go:build !lean

package runtime

// complete says that float networks and traces are part of the program. The build tag lean
// leaves them out, for small programs.
const complete = true
