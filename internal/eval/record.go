package eval

import (
	"context"
	"encoding/json"

	"ann2snn/calibrate"
	"ann2snn/snn"
)

// Calibration says how the thresholds were found.
type Calibration struct {
	Data      string `json:"data"`
	Samples   int    `json:"samples"`
	Seed      uint64 `json:"seed"`
	Method    string `json:"method"`
	Synthetic bool   `json:"synthetic"`
	OwnLevels bool   `json:"own_levels,omitempty"` // nothing was calibrated: the levels are those of a quantised model
}

// CalibrationOf reads from a network's record how its thresholds were found; nil where
// there is no record that can be read, as it is for display only.
func CalibrationOf(n *snn.Network) *Calibration {
	c := new(Calibration)
	if json.Unmarshal(n.Meta.Record, c) != nil {
		return nil
	}
	return c
}

// densitySamples is how many samples show which layers are sparse.
const densitySamples = 8

// Complete adds to a converted network the name of the data that it was calibrated on,
// and, measured on the first of those samples, which are drawn as calibrate.Pick does, which
// layers are sparse.
func Complete(ctx context.Context, n *snn.Network, data string, samples calibrate.Source) error {
	if err := recordField(n, "data", data); err != nil {
		return err
	}
	return measureDensity(ctx, n, part{samples, min(densitySamples, samples.Len())})
}

// part is the first samples of a source.
type part struct {
	calibrate.Source
	n int
}

func (p part) Len() int { return p.n }

// Name implements calibrate.Named.
func (p part) Name(i int) string { return calibrate.NameOf(p.Source, i) }
