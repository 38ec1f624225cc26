package report

import (
	"fmt"
	"math"
	"strconv"

	"ann2snn/internal/eval"
)

const absent = "-"

// Count writes n with three significant digits and a decimal prefix: 950, 40.6 M.
func Count[I int | int64](n I) string {
	x := float64(n)
	for _, prefix := range []string{"", " k", " M", " G", " T"} {
		if math.Abs(x) < 999.5 || prefix == " T" {
			return significant(x) + prefix
		}
		x /= 1000
	}
	return absent
}

// significant writes x with three significant digits, whole numbers without a point.
func significant(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1000 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	decimals := 0
	for limit := 100.0; decimals < 4 && math.Abs(x) < limit; limit /= 10 {
		decimals++
	}
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

// percent writes p with two decimals, or a dash where there is none.
func percent(p *eval.Percent) string {
	if p == nil {
		return absent
	}
	return p.String()
}

// share writes a fraction as a percentage with one decimal.
func share(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) + " %" }

// relative writes a relative error as a percentage, or a dash where there is none.
func relative(e *float64) string {
	if e == nil {
		return absent
	}
	return share(*e)
}

// energy writes nanojoules with three significant digits.
func energy(nj float64) string {
	switch {
	case nj >= 1e6:
		return significant(nj/1e6) + " mJ"
	case nj >= 1e3:
		return significant(nj/1e3) + " µJ"
	}
	return significant(nj) + " nJ"
}

// Steps writes a number of time steps.
func Steps(n int) string {
	if n == 1 {
		return "1 step"
	}
	return fmt.Sprintf("%d steps", n)
}

// settings describes the spiking network in a line.
func settings(s eval.Spiking) string {
	mode := s.Restim
	if s.Rho > 1 {
		mode = fmt.Sprintf("%s, rho %d", mode, s.Rho)
	}
	if s.Latency > s.Steps {
		mode += fmt.Sprintf(" (the answer takes %d steps)", s.Latency)
	}
	return fmt.Sprintf("%d bits (format %s), %s, re-stimulation %s, %s weights", s.Bits, s.Format, Steps(s.Steps), mode, s.Weights)
}

// Calibration describes in a line how the thresholds were found; c may be nil.
func Calibration(c *eval.Calibration) string {
	switch {
	case c == nil:
		return "not recorded"
	case c.OwnLevels:
		return "none, the levels are those of the quantised model"
	case c.Synthetic:
		return fmt.Sprintf("%d SYNTHETIC samples (no real data), method %s, seed %d", c.Samples, c.Method, c.Seed)
	}
	return fmt.Sprintf("%d samples of %s, method %s, seed %d", c.Samples, c.Data, c.Method, c.Seed)
}
