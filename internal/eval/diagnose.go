package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/internal/par"
	"ann2snn/ir"
	"ann2snn/preprocess"
)

// Pictures are labelled samples before preprocessing. They are safe for concurrent use.
type Pictures interface {
	Len() int
	Picture(i int) (img image.Image, label int, err error)
}

// DiagnoseOptions say what Diagnose looks at. Graph and Source are needed.
type DiagnoseOptions struct {
	Graph  *ir.Graph
	Task   Task
	Source calibrate.Source // samples with the given preprocessing

	// Pictures are the same samples before it; nil where they are no pictures. Then no other
	// preprocessing is tried.
	Pictures Pictures
	Given    preprocess.Spec
	Shape    []int // of the model's input without the batch

	// Thorough tries every candidate on many samples, for a table; else those are dropped at
	// once that cannot be shown to be better.
	Thorough bool

	Workers  int
	Progress func(done, total int) // of what may have to be tried; calls do not overlap
}

// Diagnosis says how well the model answers labelled samples, and whether another preprocessing
// than the given one would do better.
type Diagnosis struct {
	Given Trial `json:"given"`
	// Better is the best preprocessing that is shown to be better than the given one; nil if
	// there is none.
	Better *Trial `json:"better,omitempty"`
	// Shift is what to add to the labels for the model's answers to fit them; 0 where they do.
	Shift        int     `json:"label_shift,omitempty"`
	ShiftedRight int     `json:"right_with_shift,omitempty"`
	Chance       Percent `json:"chance"`      // right answers of a model that guesses, with the same shares of classes
	NearChance   bool    `json:"near_chance"` // the model is not shown to do better than that
	Trials       []Trial `json:"trials"`      // the best first, with the given one; empty where nothing was tried
}

// Trial is how well the model answers with a preprocessing.
type Trial struct {
	Preprocess preprocess.Spec `json:"preprocess"`
	Given      bool            `json:"given"`
	Samples    int             `json:"samples"`
	Right      int             `json:"right"`
	Accuracy   Percent         `json:"accuracy"`
}

const (
	firstLook  = 64   // samples to begin with
	secondLook = 400  // samples at most, where that many are needed to decide
	roughLook  = 16   // samples after which Thorough drops what is far behind
	lookSeed   = 1    // picks the samples, which may be sorted by class
	sure       = 1e-3 // probability of a difference by chance that is shown
	doubt      = 0.1  // probability of one that is not yet decided
	leastGain  = 5.0  // points that a difference has to have
	mostLeft   = 4    // candidates that get the second look
	knowPlaces = 3    // pictures that tell candidates apart
)

// ErrNoLabels says that nothing is known of the right answers.
var ErrNoLabels = errors.New("the samples have no labels, or the model does not classify")

// LabelError is a label of no class that the model has.
type LabelError struct{ Label, Classes int }

// Error says which.
func (e *LabelError) Error() string {
	text := fmt.Sprintf("a sample is labelled as class %d, the model has the classes 0 to %d", e.Label, e.Classes-1)
	if e.Label == e.Classes {
		text += ": do the labels count from 1?"
	}
	return text
}

// Diagnose looks for a preprocessing that fits a model better than the given one. A difference
// counts only if chance makes it once in a thousand times, by a sign test on the same samples,
// and if it is at least 5 points. It is ErrNoLabels where there are no right answers.
func Diagnose(ctx context.Context, o DiagnoseOptions) (*Diagnosis, error) {
	d, err := newDiagnosing(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := d.askGiven(ctx, min(firstLook, len(d.order))); err != nil {
		return nil, err
	}
	if o.Pictures != nil {
		if d.all, err = d.candidates(); err != nil {
			return nil, err
		}
		if o.Thorough {
			err = d.compareAll(ctx)
		} else {
			err = d.seek(ctx)
		}
		if err != nil {
			return nil, err
		}
	}
	return d.result(ctx)
}

// diagnosing is one run of Diagnose.
type diagnosing struct {
	DiagnoseOptions
	target  *target
	program *ann.Program
	order   []int  // numbers of samples
	labels  []int  // of the samples in that order, as far as they were asked for
	answers []int  // of the model with the given preprocessing
	right   []int8 // whether these are right
	samples [][]float32
	all     []*candidate // the given preprocessing first; it is answered from the source
}

func newDiagnosing(ctx context.Context, o DiagnoseOptions) (*diagnosing, error) {
	d := &diagnosing{DiagnoseOptions: o}
	if o.Source.Len() == 0 {
		return nil, ErrNoLabels
	}
	if d.Workers <= 0 {
		d.Workers = par.Workers()
	}
	var err error
	if d.program, err = ann.Compile(ctx, o.Graph, ann.Options{}); err != nil {
		return nil, err
	}
	d.order = rand.New(rand.NewPCG(lookSeed, lookSeed)).Perm(o.Source.Len())
	d.order = d.order[:min(secondLook, len(d.order))]
	label, err := o.Source.Sample(d.order[0], make([]float32, d.program.InLen()))
	if err != nil {
		return nil, err
	}
	if d.target, err = findTask(o.Graph, o.Task, label >= 0); err != nil {
		return nil, err
	}
	if label < 0 || !d.target.task.labelled() {
		return nil, ErrNoLabels
	}
	d.samples = make([][]float32, d.Workers)
	for i := range d.samples {
		d.samples[i] = make([]float32, d.program.InLen())
	}
	return d, nil
}

// askGiven answers the first n samples with the given preprocessing.
func (d *diagnosing) askGiven(ctx context.Context, n int) error {
	from := len(d.right)
	if n <= from {
		return nil
	}
	d.labels, d.answers, d.right = extended(d.labels, n), extended(d.answers, n), extended(d.right, n)
	return par.ForErr(ctx, n-from, d.Workers, func(w, i int) error {
		i += from
		label, err := d.Source.Sample(d.order[i], d.samples[w])
		if err != nil {
			return err
		}
		if classes := max(2, d.program.OutLen()); label < 0 || label >= classes {
			return &LabelError{label, classes}
		}
		a, err := d.ask(ctx, w, label)
		d.labels[i], d.answers[i], d.right[i] = label, a.class, int8(oneIf(a.top1))
		return err
	})
}

func extended[T any](list []T, n int) []T { return append(list, make([]T, n-len(list))...) }

// ask runs the model on the sample of a worker.
func (d *diagnosing) ask(ctx context.Context, worker, label int) (answer, error) {
	out, err := d.program.Run(ctx, d.samples[worker], nil)
	if err != nil {
		return answer{}, fmt.Errorf("ANN: %w", err)
	}
	if slices.ContainsFunc(out, func(x float32) bool { return x != x }) {
		return answer{class: -1}, nil // values that the model was never made for may overflow
	}
	return d.target.judge(out, out, label, overlap{})
}

func (d *diagnosing) candidates() ([]*candidate, error) {
	var pictures []image.Image
	for _, i := range d.order[:min(knowPlaces, len(d.order))] {
		img, _, err := d.Pictures.Picture(i)
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, img)
	}
	all, err := candidates(d.Given, d.Shape, pictures, d.Thorough)
	for _, c := range all {
		c.right = slices.Repeat([]int8{-1}, len(d.order))
	}
	return all, err
}

// try answers samples, by their places in the order, with some candidates. One whose pictures
// cannot be prepared is taken out.
func (d *diagnosing) try(ctx context.Context, places []int, some []*candidate) ([]*candidate, error) {
	broken := make([][]bool, d.Workers)
	for w := range broken {
		broken[w] = make([]bool, len(some))
	}
	err := par.ForErr(ctx, len(places), d.Workers, func(w, i int) error {
		return d.trySample(ctx, w, places[i], some, broken[w])
	})
	if err != nil {
		return nil, err
	}
	var left []*candidate
	for i, c := range some {
		if !slices.ContainsFunc(broken, func(b []bool) bool { return b[i] }) {
			left = append(left, c)
		}
	}
	return left, nil
}

func (d *diagnosing) trySample(ctx context.Context, w, place int, some []*candidate, broken []bool) error {
	img, label, err := d.Pictures.Picture(d.order[place])
	if err != nil {
		return err
	}
	placed := map[geometry]image.Image{}
	for i, c := range some {
		if c.right[place] >= 0 {
			continue
		}
		if _, ok := placed[c.place]; !ok {
			placed[c.place], err = c.place.apply(img, c.in)
			if err != nil {
				placed[c.place] = nil
			}
		}
		if placed[c.place] == nil {
			broken[i] = true
			continue
		}
		if err := c.in.Prepare(d.samples[w], placed[c.place]); err != nil {
			return err
		}
		a, err := d.ask(ctx, w, label)
		if err != nil {
			return err
		}
		c.right[place] = int8(oneIf(a.top1))
	}
	return nil
}

// luck is how likely chance alone gains as many samples or more, where as many differ: the sign
// test, one-sided.
func luck(gained, lost int) float64 {
	n := gained + lost
	term, sum := math.Exp2(-float64(n)), 0.0
	for k := 0; k <= n; k++ {
		if k >= gained {
			sum += term
		}
		term *= float64(n-k) / float64(k+1)
	}
	return sum
}

// result sums up.
func (d *diagnosing) result(ctx context.Context) (*Diagnosis, error) {
	r := &Diagnosis{Given: trialOf(d.Given, d.right, true)}
	r.Chance, r.NearChance = d.chance()
	if r.NearChance && len(d.right) < len(d.order) {
		if err := d.askGiven(ctx, len(d.order)); err != nil {
			return nil, err
		}
		r.Given = trialOf(d.Given, d.right, true)
		r.Chance, r.NearChance = d.chance()
	}
	r.Shift, r.ShiftedRight = d.shift()
	for i, c := range d.all {
		if i == 0 {
			r.Trials = append(r.Trials, r.Given)
			continue
		}
		t := trialOf(c.in.Spec(), c.right, false)
		t.Preprocess.Resize, t.Preprocess.Crop = c.place.resize, c.place.crop
		r.Trials = append(r.Trials, t)
		gained, lost, tried := d.versus(c)
		points := 100 * float64(gained-lost) / float64(max(1, tried))
		if tried == len(d.right) && points >= leastGain && luck(gained, lost) < sure && (r.Better == nil || t.Right > r.Better.Right) {
			r.Better = &t
		}
	}
	slices.SortStableFunc(r.Trials, func(a, b Trial) int {
		return cmp.Compare(ShareInterval(b.Right, b.Samples)[0], ShareInterval(a.Right, a.Samples)[0])
	})
	return r, nil
}

func trialOf(spec preprocess.Spec, right []int8, given bool) Trial {
	t := Trial{Preprocess: spec, Given: given}
	for _, r := range right {
		if r >= 0 {
			t.Samples++
			t.Right += int(r)
		}
	}
	if t.Samples > 0 {
		t.Accuracy = percentOf(t.Right, t.Samples)
	}
	return t
}

// chance is how often guesses are right that have the shares of the model's answers, and whether
// the model is not shown to do better. Few samples show nothing, nor do those of one class.
func (d *diagnosing) chance() (Percent, bool) {
	n := len(d.right)
	labels, answers := map[int]int{}, map[int]int{}
	hits, most := 0, 0
	for i := range n {
		labels[d.labels[i]]++
		answers[d.answers[i]]++
		most = max(most, labels[d.labels[i]])
		hits += int(d.right[i])
	}
	p := 1 / float64(max(2, d.program.OutLen()))
	expected := 0.0
	for class, k := range labels {
		expected += float64(k) / float64(n) * float64(answers[class]) / float64(n)
	}
	p = max(p, expected)
	if n < firstLook/2 || float64(most) > 0.8*float64(n) {
		return Percent(100 * p), false
	}
	top := float64(ShareInterval(hits, n)[1]) / 100
	return Percent(100 * p), top < p+(1-p)/4 && atLeast(hits, n, p) > 0.01
}

// atLeast is the probability of k or more of n, each with probability p.
func atLeast(k, n int, p float64) float64 {
	term, sum := math.Pow(1-p, float64(n)), 0.0
	for i := 0; i <= n; i++ {
		if i >= k {
			sum += term
		}
		term *= float64(n-i) / float64(i+1) * p / (1 - p)
	}
	return sum
}

// shift finds labels that count from another number than the model's classes: what to add to
// them, and how many answers are right then.
func (d *diagnosing) shift() (by, right int) {
	for _, s := range []int{-1, 1} {
		gained, lost, hits := 0, 0, 0
		for i, r := range d.right {
			fits := d.answers[i] == d.labels[i]+s
			hits += oneIf(fits)
			gained += oneIf(fits && r == 0)
			lost += oneIf(!fits && r == 1)
		}
		if luck(gained, lost) < sure && gained-lost >= len(d.right)/5 && d.program.OutLen() > 2 {
			return s, hits
		}
	}
	return 0, 0
}
