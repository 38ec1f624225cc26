package ann2snn_test

import (
	"slices"
	"testing"

	"ann2snn"
	"ann2snn/convert"
	"ann2snn/models"
)

// TestTune: training brings a trained network's answers back that spikes of one bit lose, on
// samples that nothing has seen. The fit is left out: on this network it brings back what
// training does, and training then has nothing to gain.
func TestTune(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for seconds")
	}
	t.Parallel()
	m := demoModel(t)
	test, err := m.OpenSamplesFS(models.Samples(), "test", ann2snn.SampleOptions{Preprocess: demoSpec(t)})
	if err != nil {
		t.Fatal(err)
	}
	right := map[int]int{}
	for _, passes := range []int{0, 6} {
		n, r, err := m.Convert(t.Context(), demoSamples(t, m), ann2snn.Options{Bits: 1, Steps: 1, Fit: new(convert.FitNone), Tune: passes})
		if err != nil {
			t.Fatal(err)
		}
		if r.Training != nil && r.Training.Kept {
			t.Errorf("nothing was trained: %+v", r.Training)
		}
		right[passes] = correct(t, n, test)
	}
	if gained := right[6] - right[0]; gained < 50 {
		t.Errorf("of %d samples %d are right after training, %d before", test.Source.Len(), right[6], right[0])
	}
	t.Log(right)
}

// correct counts the samples that a network classifies as they are labelled.
func correct(t *testing.T, n *ann2snn.Network, s *ann2snn.Samples) (right int) {
	t.Helper()
	in, out := make([]float32, n.SNN().Layers[0].Shape.Len()), make([]float32, n.Outputs())
	for i := range s.Source.Len() {
		label, err := s.Source.Sample(i, in)
		if err != nil {
			t.Fatal(err)
		}
		if err := n.Run(t.Context(), out, in); err != nil {
			t.Fatal(err)
		}
		if slices.Index(out, slices.Max(out)) == label {
			right++
		}
	}
	return right
}
