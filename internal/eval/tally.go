package eval

import (
	"errors"
	"math"
	"time"
)

// answer is one classifier's answer to one sample.
type answer struct {
	class      int
	top1, top5 bool
}

// judge takes a label below 0 for an unlabelled sample.
func judge(scores []float32, label int) (answer, error) {
	for _, s := range scores {
		if math.IsNaN(float64(s)) {
			return answer{}, errors.New("the output is not a number")
		}
	}
	a := answer{class: argmax(scores)}
	if label >= 0 {
		before := rank(scores, label)
		a.top1, a.top5 = before == 0, before < 5
	}
	return a, nil
}

// score counts answers of one classifier.
type score struct{ top1, top5, agree int }

func (s *score) add(a, reference answer) {
	s.top1 += oneIf(a.top1)
	s.top5 += oneIf(a.top5)
	s.agree += oneIf(a.class == reference.class)
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
	exit      exitOutcome
	errors    []errorSums
	whys      []whySums // per explained layer
	annTime   time.Duration
	snnTime   time.Duration
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
	exits        exitTally
	errors       []errorSums
	whys         []whySums
	annTime      time.Duration
	snnTime      time.Duration
}

func (t *tally) add(o *outcome) {
	t.samples++
	t.ann.add(o.ann, o.ann)
	t.base.add(o.base, o.ann)
	for i, a := range o.steps {
		t.steps[i].add(a, o.ann)
	}
	snn := o.steps[len(o.steps)-1]
	t.gained += oneIf(snn.top1 && !o.ann.top1)
	t.lost += oneIf(o.ann.top1 && !snn.top1)
	if t.exits.byStep != nil {
		t.exits.add(o)
	}
	for i, e := range o.errors {
		t.errors[i].diff += e.diff
		t.errors[i].norm += e.norm
	}
	for i, w := range o.whys {
		t.whys[i].add(w)
	}
	t.annTime += o.annTime
	t.snnTime += o.snnTime
}

func (t *tally) agreement(s score) Percent { return percentOf(s.agree, t.samples) }

// milliseconds is the mean of a total over the samples.
func (t *tally) milliseconds(total time.Duration) float64 {
	return total.Seconds() * 1000 / float64(t.samples)
}
