// Package geom cuts ranges and windows into the pieces that kernels compute. It is the
// arithmetic that packages f32 and u8 share.
package geom

import "iter"

// Pieces returns how many pieces of at most most make n.
func Pieces(n, most int) int { return (n + most - 1) / most }

// Split yields where the fewest pieces of at most most that make n start and end. Their
// lengths differ by 1 at most.
func Split(n, most int) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		pieces := Pieces(n, most)
		for i := range pieces {
			if !yield(n*i/pieces, n*(i+1)/pieces) {
				return
			}
		}
	}
}

// Tiles spreads n pixels evenly over the fewest tiles of at most most pixels, n at least 1:
// large tiles of size pixels, and then small ones of one pixel less.
func Tiles(n, most int) (size, large, small int) {
	tiles := Pieces(n, most)
	size = Pieces(n, tiles)
	large = n - tiles*(size-1)
	return size, large, tiles - large
}

// Runs is a window as runs: contiguous elements of a map.
type Runs struct {
	Starts []int // where each run starts
	Len    int   // elements of a run
}

// Merge joins every n runs to one where they follow each other without a gap.
func (r *Runs) Merge(n int) {
	for i := range n - 1 {
		if r.Starts[i+1]-r.Starts[i] != r.Len {
			return
		}
	}
	var starts []int
	for i := 0; i < len(r.Starts); i += n {
		starts = append(starts, r.Starts[i])
	}
	*r = Runs{Starts: starts, Len: n * r.Len}
}
