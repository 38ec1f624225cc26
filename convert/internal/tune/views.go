package tune

import (
	"context"
	"math/rand/v2"

	"ann2snn/internal/par"
	"ann2snn/snn"
)

// views are random changes of a sample after which it still is one: few samples then stand for
// many. The trained network knows which changes those are: it answers much as before.
type views struct {
	net           *snn.Network
	shift, mirror bool
}

const (
	smallestMap = 8    // on each axis; below that nothing is changed
	shiftPart   = 8    // of a map's width that it is shifted by, at most
	probed      = 64   // samples that show what a change does to the answer
	likeness    = 0.25 // of the variance of the answers: what a change may do to them
)

// names returns what is done, for reports.
func (v *views) names() []string {
	var list []string
	if v.shift {
		list = append(list, "shifted")
	}
	if v.mirror {
		list = append(list, "mirrored")
	}
	return list
}

// chooseViews asks the trained network which changes leave its answers alike.
func (t *trainer) chooseViews(ctx context.Context) error {
	shape := t.Plan.Layers[0].Shape
	t.views = views{net: t.Net}
	if shape.H < smallestMap || shape.W < smallestMap {
		return nil
	}
	most := shape.W / shiftPart
	var err error
	if t.views.shift, err = t.answersAlike(ctx, most, most, false); err != nil {
		return err
	}
	t.views.mirror, err = t.answersAlike(ctx, 0, 0, true)
	return err
}

// answersAlike reports whether the trained network answers much alike to changed samples.
func (t *trainer) answersAlike(ctx context.Context, dy, dx int, mirror bool) (bool, error) {
	n := min(probed, len(t.heldBack))
	changes := make([]float64, n)
	err := par.ForErr(ctx, n, t.options.Workers, func(_, i int) error {
		answer, err := t.answer(ctx, t.views.changed(t.heldBack[i], dy, dx, mirror))
		if err == nil {
			changes[i] = t.loss(answer, t.answers[i], nil)
		}
		return err
	})
	sum := 0.0
	for _, c := range changes {
		sum += c
	}
	return sum < likeness*float64(n), err
}

// heldBackViews is how many views of a sample held back judge, itself included: whether a
// spike is fired or not often hangs on little, and the mean over views hides such accidents.
const heldBackViews = 4

// copies is how many of the samples held back, next to each other, are views of one.
func (t *trainer) copies() int {
	if t.views.shift || t.views.mirror {
		return heldBackViews
	}
	return 1
}

// addViews adds views to the samples held back.
func (t *trainer) addViews(ctx context.Context) error {
	n := t.copies()
	if n == 1 {
		return nil
	}
	random := rand.New(rand.NewPCG(t.options.Seed, uint64(n)))
	var all [][]float32
	for _, sample := range t.heldBack {
		all = append(all, sample)
		for range n - 1 {
			all = append(all, t.views.draw(random, sample))
		}
	}
	t.heldBack = all
	return t.ask(ctx)
}

// draw returns a sample, changed at random.
func (v *views) draw(random *rand.Rand, sample []float32) []float32 {
	shape := v.net.Layers[0].Shape
	dy, dx := 0, 0
	if v.shift {
		most := shape.W / shiftPart
		dy, dx = random.IntN(2*most+1)-most, random.IntN(2*most+1)-most
	}
	mirror := v.mirror && random.IntN(2) == 1
	if dy == 0 && dx == 0 && !mirror {
		return sample
	}
	return v.changed(sample, dy, dx, mirror)
}

// changed returns a sample, mirrored and shifted; what is shifted in continues the border.
func (v *views) changed(sample []float32, dy, dx int, mirror bool) []float32 {
	shape := v.net.Layers[0].Shape
	rows, columns := shape.W*shape.C, shape.C
	places := v.modelPlaces()
	out := make([]float32, len(sample))
	for at := range out {
		y, x, c := at/rows, at/columns%shape.W, at%columns
		if mirror {
			x = shape.W - 1 - x
		}
		y, x = max(0, min(y+dy, shape.H-1)), max(0, min(x+dx, shape.W-1))
		out[places(at)] = sample[places(y*rows+x*columns+c)]
	}
	return out
}

// modelPlaces returns the function from a place in the network's input, in H, W, C order, to
// one in a sample as the model takes it.
func (v *views) modelPlaces() func(at int) int {
	l := &v.net.Layers[0]
	if op, _ := l.Op.(snn.Input); op.ChannelsFirst {
		return l.Shape.ChannelsFirst
	}
	return func(at int) int { return at }
}
