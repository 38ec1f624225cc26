// Package ann is the reference executor of the intermediate representation: it runs a
// network in float32, one sample at a time, and lets the caller watch every value.
//
// Compile turns a graph into a Program: operators become steps, constants are prepared,
// and every value gets a place in one block of memory that values share whose lives do
// not overlap. A Program never changes; each Run borrows its memory from a pool, so any
// number of Runs may be under way at once. Inside a Run there is one goroutine, and sums
// are added up in an order that depends on nothing but the graph.
//
// Eval runs a single operator on constants, by the same steps.
package ann
