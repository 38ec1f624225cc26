package runtime

import (
	"math"
	"strconv"

	"ann2snn/internal/kernels"
	"ann2snn/snn"
)

// inputStage quantises the sample.
type inputStage struct{}

// inputJob is the inputStage of a session.
type inputJob struct {
	e     *engine8
	op    snn.Input
	scale float64
	place []int32 // where each element of a sample goes
	halo  halo
}

func (inputStage) bind(e *engine8) job {
	l, s := &e.net.Layers[0], &e.stores[0]
	j := &inputJob{e: e, scale: float64(l.Scale[0]), halo: e.haloOf(0)}
	j.op, _ = l.Op.(snn.Input)
	pixels := l.Shape.H * l.Shape.W
	for i := range l.Shape.Len() {
		at := i
		if j.op.ChannelsFirst {
			at = i%pixels*l.Shape.C + i/pixels
		}
		if !s.wide {
			at = s.place(at)
		}
		j.place = append(j.place, int32(at))
	}
	return j
}

// begin, parts and run have nothing to do: load has been here.
func (j *inputJob) begin() {}

func (j *inputJob) parts() int { return 0 }

func (j *inputJob) run(*kernels.Worker8, int) {}

// load puts a sample in place.
func (j *inputJob) load(sample []float32) error {
	j.halo.clear()
	s := &j.e.stores[0]
	q := quantiser{scale: j.scale, inverse: 1 / j.scale, most: float64(j.op.Levels)}
	for i, x := range sample {
		level, ok := q.level(float64(x))
		if !ok {
			return fail("element "+strconv.Itoa(i)+" of the sample is not a finite number", nil)
		}
		if s.wide {
			j.e.integers(0)[j.place[i]] = level
		} else {
			j.e.bytes[s.at+int(j.place[i])] = uint8(level + s.zero)
		}
	}
	return nil
}

// quantiser rounds real numbers to levels of -most..most.
type quantiser struct{ scale, inverse, most float64 }

// level returns floor(x/scale + 1/2), rounded as written, held to the levels. It divides
// only where multiplying by the inverse might round to another integer. It fails for
// numbers that are not finite.
func (q *quantiser) level(x float64) (level int32, ok bool) {
	y := x*q.inverse + (q.most + 0.5) // what is below 0 is below all levels
	if y >= 0 && y < 2*q.most+1 {
		k := int32(y)
		if rest := y - float64(k); rest >= 1e-6 && rest <= 1-1e-6 {
			return k - int32(q.most), true
		}
	}
	if x-x != 0 { // NaN or infinite
		return 0, false
	}
	return int32(max(-q.most, min(math.Floor(x/q.scale+0.5), q.most))), true
}
