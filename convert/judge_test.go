package convert

import (
	"strings"
	"testing"

	"ann2snn/convert/internal/fit"
	"ann2snn/convert/internal/nettest"
)

// shifted are samples of half the size that those of the calibration have.
type shifted struct{ nettest.Noise }

func (s shifted) Sample(i int, dst []float32) (int, error) {
	label, err := s.Noise.Sample(i, dst)
	for k := range dst {
		dst[k] /= 2
	}
	return label, err
}

// TestKeepBetter: a fit that makes the answers on the samples held back worse is dropped, however
// good each of its layers looks; where it was asked for, it stays, and the report says so.
func TestKeepBetter(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	p := profileOf(t, g, 40)
	dropped := 0
	for _, bits := range []int{1, 2, 4} {
		for _, samples := range []int{2, 6, 20} {
			o := ridgeOptions(g, bits, samples)
			o.HeldBack = shifted{nettest.NoiseFor(g, 30)}
			_, asked := lowered(t, g, p, o)
			o.MayDropFit = true
			n, r := lowered(t, g, p, o)
			o.Fit = FitNone
			plain, _ := lowered(t, g, p, o)
			errs, err := fit.OutputErrors(t.Context(), g, o.HeldBack, 0, n, plain)
			if err != nil || errs[0] > errs[1] {
				t.Errorf("%d bits, %d samples: error %v with the fit that was kept, %v without any (%v)", bits, samples, errs[0], errs[1], err)
			}
			drop := strings.Contains(strings.Join(r.Warnings, "\n"), "not fitted: with its trained weights the network does better")
			if drop {
				dropped++
			}
			said := strings.Contains(strings.Join(asked.Warnings, "\n"), "with its trained weights the network does better")
			if asked.FitSamples == 0 || said != drop {
				t.Errorf("%d bits, %d samples: a fit that was asked for is on %d samples, its warnings are %q", bits, samples, asked.FitSamples, asked.Warnings)
			}
		}
	}
	if t.Logf("%d of 9 fits dropped", dropped); dropped == 0 || dropped == 9 {
		t.Errorf("%d of 9 fits dropped: not a test of both", dropped)
	}
}
