package tune

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"ann2snn/internal/grad"
	"ann2snn/internal/par"
)

// lanes is how many gradients are summed apart. It is fixed, so that the sums, and with them
// the network, do not depend on the number of goroutines.
const lanes = 8

// judgements is how often a training asks the samples held back.
const judgements = 6

// train trains from the start. Afterwards t.best has the best parameters met.
func (t *trainer) train(ctx context.Context, rate float64, attempt int) error {
	t.set(t.start)
	t.best = snapshot{error: math.Inf(1)}
	t.random = rand.New(rand.NewPCG(t.options.Seed, uint64(attempt)))
	adam := grad.NewAdam(t.net)
	total := max(judgements, t.options.Passes*len(t.samples)/batchSize)
	var order []int
	for t.updates = 0; t.updates < total; {
		if len(order) < batchSize {
			order = t.random.Perm(len(t.samples))
		}
		if err := t.gradients(ctx, t.batch(order[:batchSize])); err != nil {
			return err
		}
		order = order[batchSize:]
		adam.Rate = float32(rate * schedule(t.updates, total))
		adam.Step(t.sessions[0].Grads)
		t.updates++
		if t.options.Progress != nil {
			t.options.Progress(t.updates, total)
		}
		if t.updates%(total/judgements) == 0 || t.updates == total {
			if err := t.judge(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// schedule lets the rate rise from 0 in the first updates and then fall as a cosine.
func schedule(update, total int) float64 {
	const rising = 0.02
	rise := min(1, float64(update+1)/max(1, rising*float64(total)))
	return rise * 0.5 * (1 + math.Cos(math.Pi*float64(update)/float64(total)))
}

// judge keeps the parameters if they are the best so far.
func (t *trainer) judge(ctx context.Context) error {
	e, err := t.heldBackError(ctx)
	if err == nil && e < t.best.error { // never true for NaN
		t.best = snapshot{e, t.parameters()}
	}
	return err
}

// heldBackError returns the error of the output on the samples held back, see Result.
func (t *trainer) heldBackError(ctx context.Context) (float64, error) {
	errs := make([]float64, len(t.heldBack))
	err := par.ForErr(ctx, lanes, t.options.Workers, func(_, lane int) error {
		for i := lane; i < len(errs); i += lanes {
			got, err := t.sessions[lane].Forward(t.heldBack[i])
			if err != nil {
				return err
			}
			errs[i] = t.loss(got, t.answers[i], nil)
		}
		return nil
	})
	sum := 0.0
	for _, e := range errs {
		sum += e
	}
	return sum / float64(len(errs)), err
}

// loss returns the mean squared difference relative to the variance of the teacher's output,
// and sets gradient, if there is one, to its gradient by got.
func (t *trainer) loss(got, want, gradient []float32) float64 {
	scale, sum := 1/(t.variance*float64(len(got))), 0.0
	for i, x := range got {
		d := float64(x - want[i])
		sum += d * d * scale
		if gradient != nil {
			gradient[i] = float32(2 * d * scale / batchSize)
		}
	}
	return sum
}

// batch returns samples, seen at random.
func (t *trainer) batch(order []int) [][]float32 {
	list := make([][]float32, len(order))
	for i, s := range order {
		list[i] = t.views.draw(t.random, t.samples[s])
	}
	return list
}

// gradients sets the gradients of the first session to those of the mean loss of a batch.
func (t *trainer) gradients(ctx context.Context, batch [][]float32) error {
	err := par.ForErr(ctx, lanes, t.options.Workers, func(_, lane int) error {
		s := t.sessions[lane]
		for _, g := range s.Grads {
			clear(g)
		}
		gradient := make([]float32, t.Plan.Output.Shape.Len())
		for i := lane; i < len(batch); i += lanes {
			want, err := t.answer(ctx, batch[i])
			if err != nil {
				return err
			}
			got, err := s.Forward(batch[i])
			if err != nil {
				return err
			}
			t.loss(got, want, gradient)
			s.Backward(gradient)
		}
		return nil
	})
	if err != nil {
		return err
	}
	sum := t.sessions[0].Grads
	for _, s := range t.sessions[1:] {
		for i, g := range s.Grads {
			for k, x := range g {
				sum[i][k] += x
			}
		}
	}
	return nil
}

// parameters returns a copy of all parameters.
func (t *trainer) parameters() [][]float32 {
	list := make([][]float32, len(t.net.Params))
	for i, p := range t.net.Params {
		list[i] = slices.Clone(p.Data)
	}
	return list
}

// set sets all parameters.
func (t *trainer) set(params [][]float32) {
	for i, p := range t.net.Params {
		copy(p.Data, params[i])
	}
	t.net.Update()
}
