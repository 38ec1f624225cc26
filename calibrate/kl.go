package calibrate

import "math"

var klMethod = Method{
	Name:    "kl",
	Summary: "the least Kullback-Leibler divergence between the values and their rounding",
	clip:    leastDivergence,
}

// klStride is the distance in bins between the candidates of leastDivergence.
const klStride = 8

// leastDivergence is the entropy calibration of S. Migacz, "8-bit Inference with
// TensorRT" (GTC 2017): among cuts of the histogram, the one whose quantised form is
// nearest to the histogram with its tail moved into the last bin. Exact zeros, which
// every grid holds, are left out. For grids as fine as the histogram nothing is lost by
// rounding, and the clip value is the largest value.
func leastDivergence(d *distribution, g Grid, _ float64) float64 {
	best, least := d.max, math.Inf(1)
	total := d.total() - d.zeros
	levels := g.levels()
	for cut := numBins; float64(cut) > max(levels, klStride); cut -= klStride {
		if div := divergence(d.counts[:cut], total, int(levels)); div < least {
			best, least = min(d.max, float64(cut)*d.width), div
		}
	}
	return best
}

// divergence compares bins, where the last one also holds all of total that is in none,
// with the same bins averaged in levels groups without that tail.
func divergence(bins []float64, total float64, levels int) float64 {
	kept := 0.0
	for _, n := range bins {
		kept += n
	}
	tail := total - kept
	sum := 0.0
	for l := range levels {
		from, to := l*len(bins)/levels, (l+1)*len(bins)/levels
		last := 0.0
		if l == levels-1 {
			last = tail
		}
		sum += groupDivergence(bins[from:to], last, total/kept)
	}
	return sum / total
}

// groupDivergence returns the part of one group. The tail is added to the group's last bin
// before, but not after averaging; norm scales the average to the sum with the tail.
func groupDivergence(bins []float64, tail, norm float64) float64 {
	group, used := 0.0, 0.0
	for i, n := range bins {
		group += n
		if n > 0 || tail > 0 && i == len(bins)-1 {
			used++
		}
	}
	sum := 0.0
	for i, n := range bins {
		if i == len(bins)-1 {
			n += tail
		}
		if n > 0 {
			sum += n * math.Log(n*used/(group*norm))
		}
	}
	return sum
}
