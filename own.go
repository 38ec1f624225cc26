package ann2snn

import (
	"context"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/search"
	"ann2snn/snn"
)

// KeepsLevels reports whether Convert keeps the levels of the model, which is quantised
// (QuantizeLinear and DequantizeLinear around whatever it computes), and calibrates nothing: one
// step of as many bits as the model says. It does so unless o asks for something else.
func (m *Model) KeepsLevels(ctx context.Context, o Options) bool {
	if o.Bits != 0 || o.Steps > 1 || o.Format != (snn.Format{}) || o.Restim != nil || o.Rho != 0 || o.Gate || o.Tune != 0 ||
		o.Weights != nil || o.Fit != nil || o.PerLayer || len(o.LayerBits) > 0 || o.Profile != nil {
		return false
	}
	if o.Method.Name != "" {
		if method, err := calibrate.ParseMethod(defaultMethod); err != nil || o.Method.String() != method.String() {
			return false
		}
	}
	ok, _ := convert.Quantised(ctx, m.graph)
	return ok
}

// ownLevels is the only conversion to try where levels are kept.
func (m *Model) ownLevels(s *Samples, o Options) ([]search.Candidate, error) {
	o.Bits, o.Steps = wideBits, 1
	c, err := m.LowerOptions(s, o)
	c.OwnLevels, c.Fit, c.FitSamples = true, convert.FitNone, 0
	return []search.Candidate{{Convert: c}}, err
}
