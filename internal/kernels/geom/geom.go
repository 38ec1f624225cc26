// Package geom cuts windows and ranges into the pieces that kernels compute: the
// arithmetic that packages f32 and u8 share.
package geom

// Pieces returns how many pieces of at most most make n.
func Pieces(n, most int) int { return (n + most - 1) / most }

// Runs says how a window is made of runs: contiguous elements of a map.
type Runs struct {
	Starts []int // where each run starts
	Len    int   // elements of a run
}

// Merge joins n runs to one where they follow each other without a gap.
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
