package eval

import (
	"math"
)

// Outcome is what one sample contributes to a paired comparison of two results.
type Outcome struct {
	Same  int     // decisions that are the ANN's
	Error float64 // |snn-ann|/|ann| of the output layer; below 0 where it was not measured
}

// mostOutcomes bounds how many a result keeps.
const mostOutcomes = 512

func (o *outcome) sum(output int) Outcome {
	s := Outcome{o.steps[len(o.steps)-1].same, -1}
	if len(o.errors) > output {
		if e := o.errors[output]; e.norm > 0 {
			s.Error = math.Sqrt(e.diff / e.norm)
		}
	}
	return s
}

// Bounds of what Against takes for a difference of the outputs' errors.
const (
	leastPairs = 8    // of samples: fewer show nothing
	leastError = 0.02 // of the output's size: less makes no difference to answers
)

// Against compares two results of the same samples: 1 where r keeps more of the ANN's answers
// than s beyond noise, -1 where s does. Where their answers differ no more than by chance, the
// errors of the outputs decide, which vary less from sample to sample. It is 0 where these are as
// good as equal, too.
func (r *Result) Against(s *Result) int {
	if !r.Task.ByValue() {
		if d := shareSign(differences(r, s)); d != 0 {
			return d
		}
	}
	var errs []float64
	total := 0.0
	for i := range min(len(r.Outcomes), len(s.Outcomes)) {
		if a, b := r.Outcomes[i], s.Outcomes[i]; a.Error >= 0 && b.Error >= 0 {
			errs = append(errs, b.Error-a.Error)
			total += b.Error - a.Error
		}
	}
	if len(errs) < leastPairs || math.Abs(total) < leastError*float64(len(errs)) {
		return 0
	}
	return meanSign(errs)
}

// differences are, for each sample, the share of its decisions that r keeps beyond those that s
// keeps.
func differences(r, s *Result) []float64 {
	list := make([]float64, min(len(r.Outcomes), len(s.Outcomes)))
	for i := range list {
		list[i] = float64(r.Outcomes[i].Same-s.Outcomes[i].Same) / float64(max(r.Decisions, 1))
	}
	return list
}

// shareSign is the sign of the mean of some differences of shares, 0 where its 95 % interval holds
// 0. The interval is that of pairedInterval, which these differences are -1, 0 and 1 for.
func shareSign(list []float64) int {
	sum, squares := 0.0, 1.0
	n := float64(len(list)) + 2
	for _, d := range list {
		sum += d
		squares += d * d
	}
	return sign(sum/n, z95*math.Sqrt(squares-sum*sum/n)/n)
}

// meanSign is the sign of the mean of a list, 0 where its 95 % interval holds 0.
func meanSign(list []float64) int {
	n, sum, squares := float64(len(list)), 0.0, 0.0
	for _, d := range list {
		sum += d
		squares += d * d
	}
	mean := sum / n
	return sign(mean, z95*math.Sqrt(max(0, squares/n-mean*mean)/(n-1)))
}

func sign(mean, half float64) int {
	switch {
	case mean > half:
		return 1
	case mean < -half:
		return -1
	}
	return 0
}
