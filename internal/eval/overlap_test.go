package eval

import (
	"testing"

	"ann2snn/calibrate"
	"ann2snn/snn"
)

// numbered are samples of one value; equal ones occur.
type numbered []float32

func (n numbered) Len() int { return len(n) }

func (n numbered) Sample(i int, dst []float32) (int, error) {
	dst[0] = n[i]
	return -1, nil
}

func values(t *testing.T, s calibrate.Source) []float32 {
	t.Helper()
	var all []float32
	for i := range s.Len() {
		v := make([]float32, 1)
		if _, err := s.Sample(i, v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v...)
	}
	return all
}

// TestWithout: a sample that occurs in both parts is left out of the one, however often.
func TestWithout(t *testing.T) {
	rest, err := Without(t.Context(), numbered{1, 2, 3, 2, 4}, numbered{2, 9}, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got := values(t, rest); len(got) != 3 || got[0] != 1 || got[1] != 3 || got[2] != 4 {
		t.Errorf("%v is left", got)
	}
}

// TestMarkCalibrated: what a profile does not say, a network does not say either.
func TestMarkCalibrated(t *testing.T) {
	n := &snn.Network{}
	all := numbered{5, 6, 5}
	profile, err := calibrate.IDs(t.Context(), numbered{7}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		p     *calibrate.Profile
		want  int
		known bool
	}{
		{nil, 2, true},
		{&calibrate.Profile{Synthetic: true}, 2, true},
		{&calibrate.Profile{}, 0, false},
		{&calibrate.Profile{Calibrated: profile}, 3, true},
	} {
		if err := MarkCalibrated(t.Context(), n, tt.p, 1, 1, all); err != nil {
			t.Fatal(err)
		}
		if got := n.Meta.Calibrated; len(got) != tt.want || (got != nil) != tt.known {
			t.Errorf("%+v: %v", tt.p, got)
		}
	}
}
