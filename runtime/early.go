package runtime

import (
	"context"
	"math"
	"strconv"

	"ann2snn/snn"
)

// EarlyPlan is a network with RestimRefine, prepared for answering as soon as the answer
// looks decided. Steps to come change nothing about those before, so a network cut to its
// first steps answers as the whole one does after them. An EarlyPlan holds such networks
// of 1, 2, 4, ... and of all steps, each with packed weights of its own, and tries one
// after the other. Thus a sample that needs all steps takes 2*Steps-1 at most, and one
// that needs a single step runs on the faster kernels for single steps.
//
// The answer counts as decided when the most probable class, by the softmax of the
// readout, leads the next one by the margin. That is a heuristic: later steps may still
// overturn it, and how often they do is to be measured.
type EarlyPlan struct {
	plans  []*Plan
	margin float64
}

// CompileEarly prepares a network, which must not change afterwards, for an early exit at
// a margin of 0 (after the first step, always) to 1.
func CompileEarly(ctx context.Context, n *snn.Network, margin float64, options ...Option) (*EarlyPlan, error) {
	if !(0 <= margin && margin <= 1) {
		return nil, fail("a margin of "+strconv.FormatFloat(margin, 'g', -1, 64)+" is not a difference of probabilities (try 0 to 1)", nil)
	}
	whole, err := CompileDetached(ctx, n, nil, options...)
	if err != nil {
		return nil, err
	}
	if n.Restim != snn.RestimRefine || n.Steps == 1 {
		return nil, fail("an early exit needs several steps of refinement, each of which completes an answer (try converting with re-stimulation by refine and two steps or more)", nil)
	}
	if whole.OutLen() < 2 {
		return nil, fail("an early exit compares classes, the network has a single output (try without)", nil)
	}
	p := &EarlyPlan{margin: margin}
	for steps := 1; 2*steps <= n.Steps; steps *= 2 {
		short := *n
		short.Steps = steps
		plan, err := CompileDetached(ctx, &short, nil, options...)
		if err != nil {
			return nil, fail("the network cut to "+strconv.Itoa(steps)+" steps", err)
		}
		p.plans = append(p.plans, plan)
	}
	p.plans = append(p.plans, whole)
	return p, nil
}

// EarlySession runs samples on an EarlyPlan, as a Session does on a Plan.
type EarlySession struct {
	sessions []*Session
	margin   float64
	scores   []float32 // the readout before host operators
}

// NewSession returns a session with memory of its own, whose threads share the work on a
// sample as SessionOptions.Threads says.
func (p *EarlyPlan) NewSession(threads int) *EarlySession {
	s := &EarlySession{margin: p.margin, scores: make([]float32, p.plans[0].OutLen())}
	for _, plan := range p.plans {
		s.sessions = append(s.sessions, plan.NewSession(SessionOptions{Threads: threads}))
	}
	return s
}

// Close ends the session's threads.
func (s *EarlySession) Close() {
	for _, session := range s.sessions {
		session.Close()
	}
}

// Exit says when a sample was answered.
type Exit struct {
	Step     int // after which the answer was read out
	Computed int // steps, counting those that were run again
}

// Run is Session.Run up to the first answer that looks decided.
func (s *EarlySession) Run(ctx context.Context, out, in []float32) (Exit, error) {
	var e Exit
	for _, session := range s.sessions {
		if _, err := session.Run(ctx, out, in); err != nil {
			return Exit{}, err
		}
		n := session.plan.net
		e.Step = n.Steps
		e.Computed += n.Steps
		session.engine.Decode(s.scores, n.Output, n.Steps)
		if lead(s.scores) >= s.margin {
			break
		}
	}
	return e, nil
}

// lead returns by how much the most probable class leads the next one, where
// probabilities are the softmax of scores.
func lead(scores []float32) float64 {
	first, second := math.Inf(-1), math.Inf(-1)
	for _, x := range scores {
		if score := float64(x); score > first {
			first, second = score, first
		} else {
			second = max(second, score)
		}
	}
	_, sum := expSum(scores, len(scores), 1)
	return (1 - math.Exp(second-first)) / sum
}
