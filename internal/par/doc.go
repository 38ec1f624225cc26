// Package par runs independent pieces of work on several goroutines: For once, a Team in
// many short rounds.
//
// Work is divided over outputs, never over a reduction: piece i writes its own result,
// so results depend neither on the number of workers nor on their timing. This is the
// only package that asks Go's runtime how many cores there are.
package par
