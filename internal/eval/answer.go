package eval

import (
	"errors"
	"math"
	"slices"
)

// answer is one network's answer to one sample.
type answer struct {
	class      int // of a classification or a binary decision
	top1, top5 bool
	same       int       // decisions that are the ANN's
	score      float32   // of a binary decision
	values     valueSums // against the ANN's, where the task is not classification
}

// valueSums compare the outputs of a network with those of the ANN.
type valueSums struct {
	errorSums
	cosine  float64 // of the two outputs
	cosines int     // samples with a cosine
}

func (s *valueSums) add(v valueSums) {
	s.diff += v.diff
	s.norm += v.norm
	s.cosine += v.cosine
	s.cosines += v.cosines
}

// judge turns a network's output into an answer; reference is the ANN's output, label is below
// 0 for an unlabelled sample. Classes of pixels are counted in o.
func (t *target) judge(out, reference []float32, label int, o overlap) (answer, error) {
	for _, s := range out {
		if math.IsNaN(float64(s)) {
			return answer{}, errors.New("the output is not a number")
		}
	}
	var a answer
	switch t.task {
	case TaskClassification:
		a.class = argmax(out)
		a.same = oneIf(a.class == argmax(reference))
		if label >= 0 {
			before := rank(out, label)
			a.top1, a.top5 = before == 0, before < 5
		}
		return a, nil
	case TaskBinary:
		a.class, a.score = t.decide(out[0]), out[0]
		a.same = oneIf(a.class == t.decide(reference[0]))
		a.top1 = a.class == label
	case TaskMultiLabel:
		for i, x := range out {
			a.same += oneIf(t.decide(x) == t.decide(reference[i]))
		}
	case TaskPixels:
		a.same = t.judgePixels(out, reference, o)
	}
	a.values = compareOutputs(out, reference)
	return a, nil
}

// decisions is how many decisions an answer holds.
func (t *target) decisions() int {
	switch t.task {
	case TaskMultiLabel:
		return t.channels * t.pixels
	case TaskPixels:
		return t.pixels
	}
	return 1
}

// decide returns 1 for outputs above the threshold.
func (t *target) decide(x float32) int { return oneIf(x > t.threshold) }

// above counts the outputs that the ANN decides for; 0 where it decides nothing.
func (t *target) above(reference []float32) int {
	n := 0
	if t.doubtful {
		for _, x := range reference {
			n += t.decide(x)
		}
	}
	return n
}

// overlap counts, for each class, the pixels that either network gives it (union) and those
// that both do. It is nil where there are no pixels.
type overlap struct{ both, union []int64 }

func (t *target) newOverlap() overlap {
	if t.task != TaskPixels {
		return overlap{}
	}
	classes := max(t.channels, 2)
	return overlap{make([]int64, classes), make([]int64, classes)}
}

func (o overlap) add(p overlap) {
	for i := range o.both {
		o.both[i] += p.both[i]
		o.union[i] += p.union[i]
	}
}

// mean is the mean over the classes that occur of the intersection over union.
func (o overlap) mean() *Percent {
	sum, classes := 0.0, 0
	for i, n := range o.union {
		if n > 0 {
			sum += float64(o.both[i]) / float64(n)
			classes++
		}
	}
	if classes == 0 {
		return nil
	}
	return new(Percent(100 * sum / float64(classes)))
}

// judgePixels counts the pixels of the ANN's class.
func (t *target) judgePixels(out, reference []float32, o overlap) int {
	same := 0
	for p := range t.pixels {
		got, want := t.pixelClass(out, p), t.pixelClass(reference, p)
		if got == want {
			same++
			o.both[got]++
		} else {
			o.union[want]++
		}
		o.union[got]++
	}
	return same
}

func (t *target) pixelClass(out []float32, p int) int {
	if t.channels == 1 {
		return t.decide(out[p])
	}
	at, step := p, t.pixels
	if t.channelsLast {
		at, step = p*t.channels, 1
	}
	best := 0
	for c := 1; c < t.channels; c++ {
		if out[at+c*step] > out[at+best*step] {
			best = c
		}
	}
	return best
}

func compareOutputs(out, reference []float32) valueSums {
	v := valueSums{errorSums: compareValues(out, reference)}
	dot, norm := 0.0, 0.0
	for i, x := range out {
		dot += float64(x) * float64(reference[i])
		norm += float64(x) * float64(x)
	}
	if len(out) > 1 && v.norm > 0 {
		v.cosines = 1
		if norm > 0 {
			v.cosine = dot / math.Sqrt(norm*v.norm)
		}
	}
	return v
}

// moments are sums over the values of a channel: how many, themselves, their squares.
type moments struct{ n, sum, squares float64 }

func (m *moments) add(other moments) {
	m.n += other.n
	m.sum += other.sum
	m.squares += other.squares
}

// addMoments adds the ANN's outputs to sums with an entry for each channel.
func (t *target) addMoments(sums []moments, reference []float32) {
	for i, x := range reference {
		c := i / t.pixels
		if t.channelsLast {
			c = i % t.channels
		}
		m := &sums[c]
		m.n++
		m.sum += float64(x)
		m.squares += float64(x) * float64(x)
	}
}

// variation is the sum of the squared differences from the mean of each channel.
func variation(sums []moments) float64 {
	total := 0.0
	for _, m := range sums {
		if m.n > 0 {
			total += max(0, m.squares-m.sum*m.sum/m.n)
		}
	}
	return total
}

// Likeness compares the outputs of a network with those of the ANN, where the task is not
// classification.
type Likeness struct {
	MeanIoU       *Percent `json:"mean_iou,omitempty"`       // of classes of pixels, with the ANN's as reference
	RelativeError *float64 `json:"relative_error,omitempty"` // |snn-ann|/|ann| over all samples
	R2            *float64 `json:"r2,omitempty"`             // share of the variation of the ANN's outputs that is kept
	Cosine        *float64 `json:"cosine,omitempty"`         // mean over the samples, of several outputs
}

// rocArea returns the area under the receiver operating characteristic: how often a sample of
// class 1 scores above one of class 0, equal scores counting half. It is nil where a class has
// no samples.
func rocArea(scores []float32, labels []int8) *float64 {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case scores[a] < scores[b]:
			return -1
		case scores[a] > scores[b]:
			return 1
		}
		return 0
	})
	wins, ones, zeros := 0.0, 0.0, 0.0
	for at := 0; at < len(order); {
		equal := [2]float64{}
		end := at
		for ; end < len(order) && scores[order[end]] == scores[order[at]]; end++ {
			equal[labels[order[end]]]++
		}
		wins += equal[1] * (zeros + equal[0]/2)
		zeros += equal[0]
		ones += equal[1]
		at = end
	}
	if ones == 0 || zeros == 0 {
		return nil
	}
	return new(round6(wins / (ones * zeros)))
}
