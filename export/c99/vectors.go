package c99

import (
	"context"
	"strings"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// vector is one of the self-test, as C.
type vector struct{ Input, Output string }

// vectors runs the samples, or made-up ones, through runtime.
func (m *module) vectors(ctx context.Context, v *view) error {
	plan, err := runtime.Compile(ctx, m.net)
	if err != nil {
		return err
	}
	s := plan.NewSession(runtime.SessionOptions{Trace: true})
	samples := m.options.Samples
	if len(samples) == 0 {
		samples = m.madeUp()
	}
	inputs := make([][]int32, len(samples))
	out := make([]float32, v.OutSize)
	for i, sample := range samples {
		if _, err := s.Run(ctx, out, sample); err != nil {
			return err
		}
		inputs[i] = levelsOf(m.net, sample)
		totals, err := m.totals(s)
		if err != nil {
			return err
		}
		v.Vectors = append(v.Vectors, vector{Output: lines("int32_t", totals)})
	}
	v.VectorType, v.VectorSuffix = v.Name+"_level", "_levels"
	if pictures := m.input.pictures(inputs); pictures != nil {
		inputs, v.VectorType, v.VectorSuffix = pictures, "uint8_t", ""
	}
	for i, in := range inputs {
		v.Vectors[i].Input = lines("int32_t", ints(in))
	}
	return nil
}

func lines(ctype string, values []int64) string {
	var b strings.Builder
	numbers(&b, ctype, values)
	return b.String()
}

// totals is the output of the last run of a session, in H, W, C order.
func (m *module) totals(s *runtime.Session) ([]int64, error) {
	total := make([]int64, m.layers[m.net.Output].Shape.Len())
	for t := 1; t <= m.net.Steps; t++ {
		levels, err := s.Levels(m.net.Output, t)
		if err != nil {
			return nil, err
		}
		for i, k := range levels {
			total[i] = int64(m.net.Rho)*total[i] + int64(k)
		}
	}
	return total, nil
}

// madeUpSamples is how many vectors there are without samples.
const madeUpSamples = 2

// madeUp are samples of blots on all levels that bytes, or else inputs, can have.
func (m *module) madeUp() [][]float32 {
	l := m.layers[0]
	op, _ := l.Op.(snn.Input)
	low, high := op.Range()
	samples := make([][]float32, madeUpSamples)
	state := uint32(1)
	for k := range samples {
		samples[k] = make([]float32, l.Shape.Len())
		for e := range samples[k] {
			state = state*1664525 + 1013904223 // a common generator; any would do
			level := low + int32(state>>8)%(high-low+1)
			if m.input != nil {
				level = m.input.levels[e%m.input.C%len(m.input.levels)][state>>24]
			}
			i := m.input.place(e)
			at := i
			if op.ChannelsFirst {
				at = l.Shape.ChannelsFirst(i)
			}
			samples[k][at] = float32(level) * l.LevelValueAt(i)
		}
	}
	return samples
}
