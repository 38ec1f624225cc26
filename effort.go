package ann2snn

import (
	"context"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/eval"
	"ann2snn/internal/search"
	"ann2snn/snn"
)

// Effort is how much a conversion tries. Whatever it is, fields of [Options] that are set stay as
// they are: only those that are zero are chosen. The same options give the same network, however
// long that takes.
type Effort uint8

// Efforts. Networks that were tried are compared on samples held back, see [Samples.Split].
const (
	// EffortNormal takes the defaults, and tries a few other settings where these lose too many
	// answers: below 95 % (or 2 points of accuracy, where samples have labels).
	EffortNormal Effort = iota
	// EffortFast takes the defaults, and only checks what they lose.
	EffortFast
	// EffortBest tries all settings that are worth it, about six conversions.
	EffortBest
)

var effortNames = []string{"normal", "fast", "best"}

// String returns the name that the command line uses.
func (e Effort) String() string {
	if int(e) < len(effortNames) {
		return effortNames[e]
	}
	return "unknown"
}

// Report says what [Model.Convert] did.
type Report struct {
	*convert.Report
	// Check says what the network keeps on samples held back, and Choice what else was tried. They
	// are nil where no sample was held back, as of made-up ones.
	Check  *Check
	Choice *Choice
}

// Check is how much of the model's answers a network keeps.
type Check = eval.Check

// Choice lists the settings that were tried, and says in a line which was chosen and why.
type Choice = search.Choice

// Widths of spikes that are tried where bits are free: the widest loses least.
const (
	wideBits   = 8
	middleBits = 6
)

// candidates lists the settings worth trying, o itself first. What o sets is the same in all.
// Re-stimulation by waiting is not among them: it costs latency, which no count of operations
// shows.
func (o Options) candidates() []Options {
	first, err := o.Resolve(false)
	if err != nil {
		return nil
	}
	list := []Options{o}
	add := func(change func(*Options)) {
		next := o
		change(&next)
		if _, err := next.Resolve(false); err == nil { // so many steps may be too many for another mode
			list = append(list, next)
		}
	}
	var (
		bits  = o.Bits == 0 && o.Format == snn.Format{} && len(o.LayerBits) == 0
		mode  = o.Restim == nil && o.Rho == 0
		steps = o.Steps == 0
		// A mode that was asked for needs steps to work in.
		single = steps && (mode || first.Restim == snn.RestimNone)
	)
	// stepsFor leaves the steps to the bits where one step is possible.
	stepsFor := func(next *Options) {
		if steps && !single {
			next.Steps = first.Steps
		}
	}
	if bits {
		add(func(next *Options) { next.Bits = wideBits; stepsFor(next) })
	} else if steps {
		add(func(next *Options) { next.Steps = 2 * first.Steps })
	}
	if mode && first.Steps > 1 && !bits {
		add(func(next *Options) { next.Restim = new(otherMode(first.Restim)) })
	}
	if o.Effort != EffortBest {
		return list
	}
	if bits {
		add(func(next *Options) { next.Bits = middleBits; stepsFor(next) })
		if steps {
			add(func(next *Options) { next.Bits, next.Steps = wideBits, 2 })
		}
	}
	if single && first.Steps > 1 {
		add(func(next *Options) { next.Steps = 1 })
	}
	if mode && first.Steps > 1 && bits {
		add(func(next *Options) { next.Restim = new(otherMode(first.Restim)) })
	}
	return list
}

// otherMode is the other mode that corrects what earlier steps did.
func otherMode(mode snn.Restim) snn.Restim {
	if mode == snn.RestimSigned {
		return snn.RestimRefine
	}
	return snn.RestimSigned
}

// widest is what loses least, whatever o asks for.
func (o Options) widest() Options {
	o.Bits, o.Steps, o.Format, o.Restim, o.Rho, o.LayerBits, o.Weights, o.Gate = wideBits, 1, snn.Format{}, nil, 0, nil, nil, false
	o.Tune = 0 // 8 bits lose too little for it
	return o
}

// candidates are the conversions to try. Those outside of what o asks for come last: they are not
// taken.
func (m *Model) candidates(s *Samples, o Options) ([]search.Candidate, error) {
	var list []search.Candidate
	add := func(o Options, outside bool) error {
		c, err := m.LowerOptions(s, o)
		if err != nil {
			return err
		}
		for i := range list {
			if sameSetting(&list[i].Convert, &c) {
				return nil
			}
		}
		list = append(list, search.Candidate{Convert: c, Outside: outside})
		return nil
	}
	for _, candidate := range o.candidates() {
		if err := add(candidate, false); err != nil {
			return nil, err
		}
	}
	return list, add(o.widest(), true)
}

func sameSetting(a, b *convert.Options) bool {
	return a.Format == b.Format && a.Steps == b.Steps && a.Restim == b.Restim && a.Rho == b.Rho &&
		a.Weights == b.Weights && a.Gate == b.Gate && len(a.LayerBits) == len(b.LayerBits)
}

// Bounds of how many samples judge networks.
const (
	mostJudges = 256
	judgeMACs  = 4e10 // of the model on all of them
)

// judges are the samples that networks are judged by: those held back, and some of those that are
// left, as many as take a moment, half of them at most: the others are left to compare on. They
// are nil where there are none.
func (m *Model) judges(ctx context.Context, s *Samples, o Options, c *convert.Options) (calibrate.Source, error) {
	if c.HeldBack == nil || c.HeldBack.Len() == 0 {
		return nil, nil
	}
	judges := c.HeldBack
	if o.Effort != EffortFast {
		n, held := c.Source.Len(), judges.Len()
		most := min(mostJudges, int(judgeMACs/max(1, float64(m.graph.MACs()))))
		more := min(most-held, (s.Source.Len()-n-held)/2)
		judges = calibrate.Pick(checked{s.Source}, o.seed(), n, held+max(more, 0))
	}
	size := m.graph.Type(m.graph.Inputs[0]).Elems()
	judges, err := eval.Without(ctx, judges, c.Source, size, o.Workers) // a picture may be there twice
	if err == nil && o.Profile != nil {
		judges, err = eval.Unlisted(ctx, o.Profile.Calibrated, judges, size, o.Workers)
	}
	if err != nil || judges.Len() == 0 {
		return nil, err
	}
	return judges, nil
}
