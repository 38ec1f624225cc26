package u8

import (
	"strconv"

	"ann2snn/internal/engine"
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// inputStage quantises the sample.
type inputStage struct{}

// inputJob is the inputStage of a session.
type inputJob struct {
	store      *store
	quantisers []*u8.Quantiser // one for all elements, or one per channel
	worker     *u8.Worker
	dst        []uint8 // nil where levels are wide
	wide       []int32 // levels that no kernel makes
	store32    func()  // puts them in place
	planes     []uint8 // the sample's levels, channel by channel; nil where it comes channels last
	level      func(x float32, place int) int32
	place      []int // of wide levels
	halo       halo
}

func (inputStage) bind(e *session) job {
	l, s := &e.Layers[0], &e.stores[0]
	op, _ := l.Op.(snn.Input)
	channelsFirst := op.ChannelsFirst && s.shape.C > 1 && s.shape.H*s.shape.W > 1
	j := &inputJob{store: s, worker: e.workers[0], halo: e.haloOf(0)}
	if s.wide || op.Quantised { // kernels round halves up
		j.store32 = func() {}
		if s.wide {
			j.wide = e.integers(0)
		} else {
			j.wide = make([]int32, s.shape.Len())
			j.store32 = func() { e.gather(0, 0, j.wide) }
		}
		j.level = func(x float32, place int) int32 { return op.Level(x, l.LevelValueAt(place)) }
		for i := range s.shape.Len() {
			j.place = append(j.place, e.InputIndex(i))
		}
		return j
	}
	j.dst = e.levels(0)
	for _, scale := range l.Scale {
		j.quantisers = append(j.quantisers, u8.NewQuantiser(float64(scale), op.Levels))
	}
	if channelsFirst {
		j.planes = make([]uint8, s.shape.Len())
	}
	return j
}

// begin, parts and run have nothing to do: load has been here.
func (j *inputJob) begin() {}

func (j *inputJob) parts() int { return 0 }

func (j *inputJob) run(*u8.Worker, int) {}

// load puts a sample in place.
func (j *inputJob) load(sample []float32) error {
	var bad int
	switch {
	case j.wide != nil:
		bad = j.loadWide(sample)
	case j.planes != nil:
		bad = j.loadPlanes(sample)
	default:
		bad = j.loadRows(sample)
	}
	if bad >= 0 {
		return engine.Fail("element "+strconv.Itoa(bad)+" of the sample is not a finite number", nil)
	}
	j.halo.clear()
	return nil
}

func (j *inputJob) loadWide(sample []float32) (bad int) {
	for i, x := range sample {
		if x-x != 0 { // NaN or infinite
			return i
		}
		j.wide[j.place[i]] = j.level(x, j.place[i])
	}
	j.store32()
	return -1
}

func (j *inputJob) loadPlanes(sample []float32) (bad int) {
	plane := len(sample) / len(j.quantisers)
	for c, q := range j.quantisers {
		if bad := j.worker.Quantise(q, j.planes[c*plane:][:plane], sample[c*plane:][:plane]); bad >= 0 {
			return c*plane + bad
		}
	}
	j.interleave()
	return -1
}

func (j *inputJob) loadRows(sample []float32) (bad int) {
	row := j.store.shape.W * j.store.shape.C
	for y := range j.store.shape.H {
		if bad := j.loadRow(j.dst[j.store.levels.Offset(y, 0):][:row], sample[y*row:][:row]); bad >= 0 {
			return y*row + bad
		}
	}
	return -1
}

func (j *inputJob) loadRow(dst []uint8, src []float32) (bad int) {
	if len(j.quantisers) == 1 {
		return j.worker.Quantise(j.quantisers[0], dst, src)
	}
	return u8.QuantisePixels(j.quantisers, dst, src)
}

// interleave turns the planes of channels into pixels.
func (j *inputJob) interleave() {
	s := j.store.shape
	plane := s.H * s.W
	for y := range s.H {
		dst, src := j.dst[j.store.levels.Offset(y, 0):][:s.W*s.C], j.planes[y*s.W:]
		if s.C == 3 {
			interleave3(dst, src, src[plane:], src[2*plane:])
			continue
		}
		for c := range s.C {
			for x, level := range src[c*plane:][:s.W] {
				dst[x*s.C+c] = level
			}
		}
	}
}

// interleave3 is interleave for a row of pixels with three channels.
func interleave3(dst, a, b, c []uint8) {
	n := len(dst) / 3
	a, b, c = a[:n], b[:n], c[:n]
	for x, level := range a {
		pixel := dst[3*x : 3*x+3 : 3*x+3]
		pixel[0], pixel[1], pixel[2] = level, b[x], c[x]
	}
}
