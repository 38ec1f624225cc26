package eval

import "math"

// score sums answers of one network.
type score struct {
	top1, top5, same int
	values           valueSums
}

func (s *score) add(a answer) {
	s.top1 += oneIf(a.top1)
	s.top5 += oneIf(a.top5)
	s.same += a.same
	s.values.add(a.values)
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// outcome is what one sample contributes.
type outcome struct {
	label     int // below 0 where there is none
	ann, base answer
	steps     []answer // of the SNN after each step, the last one its answer
	above     int      // outputs that the ANN decides for, where the task is in doubt
	exit      exitOutcome
	moments   []moments // of the ANN's outputs
	errors    []errorSums
	whys      []whySums // per explained layer

	// Where samples have targets: what the answers of the ANN, the baseline and the SNN after each
	// step come to, the targets where they are values or decisions, and the outputs where they
	// are kept.
	grades []grade
	truth  []float32
	scores [][]float32
	masks  [2]bool // see truthTally
}

// errorSums are squared 2-norms over one layer: of the difference and of the ANN's value.
type errorSums struct{ diff, norm float64 }

// ratio is the relative error that e stands for; there is none against a value that is
// zero throughout.
func (e errorSums) ratio() *float64 {
	switch {
	case e.diff == 0:
		return new(0.0)
	case e.norm == 0:
		return nil
	}
	return new(round6(math.Sqrt(e.diff / e.norm)))
}

// tally sums outcomes; outcomes are added in the order of their samples.
type tally struct {
	samples      int
	ann, base    score
	steps        []score
	gained, lost int // samples that only the SNN, only the ANN got right
	above        int
	moments      []moments
	labels       []int8      // of a binary decision, as are
	scores       [][]float32 // those of the ANN, the baseline and the SNN after each step
	exits        exitTally
	truths       truthTally
	output       int // the layer that is read out
	errors       []errorSums
	whys         []whySums
	outcomes     []Outcome // of the first samples
}

func (t *tally) add(o *outcome) {
	t.samples++
	t.ann.add(o.ann)
	t.base.add(o.base)
	for i, a := range o.steps {
		t.steps[i].add(a)
	}
	t.above += o.above
	for i, m := range o.moments {
		t.moments[i].add(m)
	}
	t.keepScores(o)
	t.truths.add(o)
	snn := o.steps[len(o.steps)-1]
	t.gained += oneIf(snn.top1 && !o.ann.top1)
	t.lost += oneIf(o.ann.top1 && !snn.top1)
	if t.exits.byStep != nil {
		t.exits.add(t.samples-1, o)
	}
	for i, e := range o.errors {
		t.errors[i].diff += e.diff
		t.errors[i].norm += e.norm
	}
	for i, w := range o.whys {
		t.whys[i].add(w)
	}
	if len(t.outcomes) < mostOutcomes {
		t.outcomes = append(t.outcomes, o.sum(t.output))
	}
}

// keepScores keeps what the area under a curve needs: binary decisions of labelled samples.
func (t *tally) keepScores(o *outcome) {
	if t.scores == nil || o.label < 0 {
		return
	}
	t.labels = append(t.labels, int8(o.label))
	t.scores[0] = append(t.scores[0], o.ann.score)
	t.scores[1] = append(t.scores[1], o.base.score)
	for i, a := range o.steps {
		t.scores[2+i] = append(t.scores[2+i], a.score)
	}
}
