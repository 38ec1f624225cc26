package eval

import (
	"fmt"
	"math"
	"slices"

	"ann2snn/calibrate"
)

// Truth compares the answers of a network with labels of several numbers for a sample, which
// calibrate.Targeted is about. Of each task there are its own figures.
type Truth struct {
	// Of several labels. An exact match has all of a sample right; label accuracy counts labels one by
	// one (it is 1 less the Hamming loss). F1 is the harmonic mean of precision and recall, over
	// all decisions (micro) or as the mean over the labels that occur or are answered (macro). The
	// mean average precision is over the labels that occur: the sum of precisions at each score,
	// weighted by the recall that is gained there.
	ExactMatch    *Percent `json:"exact_match,omitempty"`
	LabelAccuracy *Percent `json:"label_accuracy,omitempty"`
	MicroF1       *float64 `json:"f1_micro,omitempty"`
	MacroF1       *float64 `json:"f1_macro,omitempty"`
	MeanPrecision *float64 `json:"map,omitempty"`
	// Of pixels: those that have the class of the labels, and the mean over the classes, of
	// labels or answers, of intersection over union.
	PixelAccuracy *Percent `json:"pixel_accuracy,omitempty"`
	TrueMeanIoU   *Percent `json:"labels_mean_iou,omitempty"`
	// Of values.
	TrueR2    *float64 `json:"labels_r2,omitempty"`
	TrueError *float64 `json:"labels_relative_error,omitempty"`
}

// ignored is the label of pixels that do not count, as in the masks of Pascal VOC and Cityscapes.
const ignored = 255

// mostScores bounds how many scores are kept for a mean average precision.
const mostScores = 1 << 25

// grade is what one network's answer to one sample comes to, against the labels.
type grade struct {
	right, of int // decisions, or pixels that count
	exact     bool
	values    errorSums
}

// share is the share of right decisions.
func (g grade) share() float64 { return float64(g.right) / float64(max(1, g.of)) }

// counts of a class: those that are answered, those that are true, and those that are both.
type classCounts struct{ answered, true, both []int64 }

func newClassCounts(n int) classCounts {
	return classCounts{make([]int64, n), make([]int64, n), make([]int64, n)}
}

func (c classCounts) add(other classCounts) {
	for i := range c.both {
		c.answered[i] += other.answered[i]
		c.true[i] += other.true[i]
		c.both[i] += other.both[i]
	}
}

// findTruth decides whether targets of the source are compared with: they have to be as many as
// the task has decisions or values.
func (c *comparison) findTruth() {
	n := calibrate.TargetLen(c.Source)
	if n == 0 || c.labelledByClass() {
		return
	}
	t := c.target
	outputs := c.plan.OutLen()
	switch {
	case t.task == TaskPixels && (n == t.pixels || n == outputs):
	case t.task != TaskPixels && n == outputs:
	default:
		return
	}
	c.truth = n
	if t.task == TaskMultiLabel && int64(c.Source.Len())*int64(n)*int64(2+c.Network.Steps) <= mostScores {
		c.tally.truths.scores = make([][]float32, 2+c.Network.Steps)
	}
	c.tally.truths.moments = make([]moments, outputs)
}

// labelledByClass reports whether the task has a class for a sample as its label.
func (c *comparison) labelledByClass() bool { return c.target.task.labelled() }

// truthClasses is of how many classes answers are counted.
func (c *comparison) truthClasses() int {
	switch c.target.task {
	case TaskMultiLabel:
		return c.plan.OutLen()
	case TaskPixels:
		return max(c.target.channels, 2)
	}
	return 0
}

// readTruth reads the targets of sample i, and turns them into classes where pixels have some.
func (c *comparison) readTruth(w *worker, i int, o *outcome) error {
	if c.truth == 0 {
		return nil
	}
	if err := calibrate.Target(c.Source, i, w.truth); err != nil {
		return err
	}
	switch c.target.task {
	case TaskMultiLabel:
		for k, x := range w.truth {
			if x != 0 && x != 1 {
				return fmt.Errorf("eval: %s: label %d is %v, where several labels of a sample are 0 or 1 each (try the task regression)", c.name(i), k, x)
			}
		}
	case TaskPixels:
		return c.readClasses(w, i, o)
	}
	return nil
}

// readClasses makes classes of pixels of targets.
func (c *comparison) readClasses(w *worker, i int, o *outcome) error {
	t := c.target
	if c.truth != t.pixels { // a 0 or 1 for each class
		for p := range t.pixels {
			class, ones := -1, 0
			for k := range t.channels {
				switch w.truth[t.place(p, k)] {
				case 0:
				case 1:
					class = k
					ones++
				default:
					ones = t.channels + 1
				}
			}
			if ones != 1 {
				return fmt.Errorf("eval: %s: the labels of pixel %d are not one 1 among zeros, in the order of the model's output", c.name(i), p)
			}
			w.classes[p] = class
		}
		return nil
	}
	for p, x := range w.truth {
		v := float64(x)
		switch {
		case v == ignored && t.channels > 1:
			v = -1
		case t.channels == 1 && v == ignored:
			o.masks[1] = true // the class, unless there are pixels of 1
			v = 1
		case t.channels == 1 && v == 1:
			o.masks[0] = true
		case v < 0 || v != math.Trunc(v) || v >= float64(max(2, t.channels)):
			return fmt.Errorf("eval: %s: pixel %d is labelled %v, the model has the classes 0 to %d (%d leaves a pixel out)", c.name(i), p, x, max(2, t.channels)-1, ignored)
		}
		w.classes[p] = int(v)
	}
	return nil
}

// place is where the output has the score of a class of a pixel.
func (t *target) place(p, class int) int {
	if t.channelsLast {
		return p*t.channels + class
	}
	return class*t.pixels + p
}

// grade compares an answer with the labels that were read last.
func (c *comparison) grade(w *worker, out []float32, network int) grade {
	t := c.target
	var g grade
	switch {
	case c.truth == 0:
	case t.task == TaskMultiLabel:
		count := w.counts[network]
		for i, x := range out {
			got, want := t.decide(x), int(w.truth[i])
			g.right += oneIf(got == want)
			count.answered[i] += int64(got)
			count.true[i] += int64(want)
			count.both[i] += int64(got * want)
		}
		g.of = len(out)
	case t.task == TaskPixels:
		count := w.counts[network]
		for p, want := range w.classes {
			if want < 0 {
				continue
			}
			got := t.pixelClass(out, p)
			g.of++
			g.right += oneIf(got == want)
			count.answered[got]++
			count.true[want]++
			count.both[got] += int64(oneIf(got == want))
		}
	default:
		g.values = compareValues(out, w.truth)
	}
	g.exact = g.of > 0 && g.right == g.of
	return g
}

// truthTally sums grades.
type truthTally struct {
	networks []gradeSum // the ANN, the baseline, the SNN after each step
	moments  []moments  // of the labels, where they are values
	labels   []bool     // of all samples, where there are scores
	scores   [][]float32
	masks    [2]bool // pixels of 1, and of 255, of a single class
	// The paired difference of the shares of right decisions, of the SNN less the ANN.
	difference moments
}

type gradeSum struct {
	right, of, exact int
	values           errorSums
}

func (t *truthTally) add(o *outcome) {
	if len(o.grades) == 0 {
		return
	}
	if t.networks == nil {
		t.networks = make([]gradeSum, len(o.grades))
	}
	for i, g := range o.grades {
		n := &t.networks[i]
		n.right += g.right
		n.of += g.of
		n.exact += oneIf(g.exact)
		n.values.diff += g.values.diff
		n.values.norm += g.values.norm
	}
	if d := o.grades[len(o.grades)-1].share() - o.grades[0].share(); o.grades[0].of > 0 {
		t.difference.add(moments{1, d, d * d})
	}
	for i, x := range o.truth {
		v := float64(x)
		t.moments[i].add(moments{1, v, v * v})
	}
	for i := range t.scores {
		t.scores[i] = append(t.scores[i], o.scores[i]...)
	}
	if t.scores != nil {
		for _, x := range o.truth {
			t.labels = append(t.labels, x == 1)
		}
	}
	t.masks[0], t.masks[1] = t.masks[0] || o.masks[0], t.masks[1] || o.masks[1]
}

// graded keeps what an answer to a sample comes to.
func (c *comparison) graded(w *worker, o *outcome, out []float32, network int) {
	if c.truth == 0 {
		return
	}
	o.grades = append(o.grades, c.grade(w, out, network))
	if network == 0 {
		o.truth = append(o.truth[:0], w.truth...)
		if c.target.task == TaskPixels {
			o.truth = o.truth[:0]
		}
	}
	if c.tally.truths.scores != nil {
		o.scores = slices.Grow(o.scores, 1)[:len(o.scores)+1]
		last := &o.scores[len(o.scores)-1]
		*last = append((*last)[:0], out...)
	}
}

// truths are the figures of a network: 0 is the ANN, 1 the baseline, 1+t the SNN after step t.
func (c *comparison) truths(network int) Truth {
	var r Truth
	if c.truth == 0 || network >= len(c.tally.truths.networks) {
		return r
	}
	sum := c.tally.truths.networks[network]
	counts := newClassCounts(c.truthClasses())
	for _, w := range c.workers {
		counts.add(w.counts[network])
	}
	switch c.target.task {
	case TaskMultiLabel:
		r.ExactMatch, r.LabelAccuracy = new(percentOf(sum.exact, c.tally.samples)), new(percentOf(sum.right, sum.of))
		r.MicroF1, r.MacroF1 = counts.f1()
		if c.tally.truths.scores != nil {
			r.MeanPrecision = meanPrecision(c.tally.truths.scores[network], c.tally.truths.labels, c.truth)
		}
	case TaskPixels:
		if sum.of > 0 {
			r.PixelAccuracy = new(percentOf(sum.right, sum.of))
		}
		r.TrueMeanIoU = counts.meanIoU()
	default:
		r.TrueError = sum.values.ratio()
		if all := variation(c.tally.truths.moments); all > 0 {
			r.TrueR2 = new(round6(1 - sum.values.diff/all))
		}
	}
	return r
}

// f1 are the micro and the macro F1, nil where nothing is true and nothing answered.
func (c classCounts) f1() (micro, macro *float64) {
	both, all, sum, classes := 0.0, 0.0, 0.0, 0
	for i := range c.both {
		b, n := float64(c.both[i]), float64(c.answered[i]+c.true[i])
		both += b
		all += n
		if n > 0 {
			sum += 2 * b / n
			classes++
		}
	}
	if classes == 0 {
		return nil, nil
	}
	return new(round6(2 * both / all)), new(round6(sum / float64(classes)))
}

// meanIoU is the mean over the classes that are true or answered anywhere.
func (c classCounts) meanIoU() *Percent {
	sum, classes := 0.0, 0
	for i := range c.both {
		if n := c.answered[i] + c.true[i] - c.both[i]; n > 0 {
			sum += float64(c.both[i]) / float64(n)
			classes++
		}
	}
	if classes == 0 {
		return nil
	}
	return new(Percent(100 * sum / float64(classes)))
}

// meanPrecision is the mean of the average precisions of the labels that occur, of k labels for
// each sample.
func meanPrecision(scores []float32, labels []bool, k int) *float64 {
	sum, occur := 0.0, 0
	order := make([]int, len(scores)/k)
	for label := range k {
		for i := range order {
			order[i] = i*k + label
		}
		if p, ok := averagePrecision(scores, labels, order); ok {
			sum += p
			occur++
		}
	}
	if occur == 0 {
		return nil
	}
	return new(round6(sum / float64(occur)))
}

// averagePrecision sorts the numbers of decisions by falling score, and sums the precisions at
// each score, weighted by the recall that it adds; equal scores count together. It reports false
// where none of the decisions is true.
func averagePrecision(scores []float32, labels []bool, order []int) (float64, bool) {
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	sum, hits := 0.0, 0
	for at := 0; at < len(order); {
		end, gained := at, 0
		for ; end < len(order) && scores[order[end]] == scores[order[at]]; end++ {
			gained += oneIf(labels[order[end]])
		}
		hits += gained
		sum += float64(gained) * float64(hits) / float64(end)
		at = end
	}
	return sum / float64(max(1, hits)), hits > 0
}

// pairedShares returns the mean of differences of shares and its 95 % interval, in points, with
// the verdict about it. A share is of so many decisions of a sample: one of them in one more
// sample is added to the variance, which keeps the interval honest where no two differ.
func pairedShares(m moments, decisions int) (delta Percent, interval [2]Percent, e *Equivalence) {
	step := 1 / float64(max(1, decisions))
	n, mean := m.n, m.sum/m.n
	variance := max(0, (m.squares+step*step)/n-mean*mean)
	half := z95 * math.Sqrt(variance/max(1, n-1))
	interval = [2]Percent{Percent(100 * max(-1, mean-half)), Percent(100 * min(1, mean+half))}
	return Percent(100 * mean), interval, judged(interval, mean, variance)
}
