package calibrate

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"ann2snn/internal/par"
	"ann2snn/internal/sampleid"
	"ann2snn/ir"
)

// schema is the version of the profile's JSON.
const schema = 1

// Profile is the result of a calibration.
type Profile struct {
	Schema     int             `json:"schema"`           // 1: the version of the JSON
	SHA256     string          `json:"sha256"`           // of the model file, hex
	Output     string          `json:"output,omitempty"` // the one that was taken, where the model has several
	Preprocess json.RawMessage `json:"preprocess,omitempty"`
	Samples    int             `json:"samples"`
	Seed       uint64          `json:"seed"`
	Synthetic  bool            `json:"synthetic,omitempty"` // the samples were made up
	// Calibrated holds the hashes of the samples, 8 bytes each in base64; see package snn. Nil
	// in profiles that do not say, and of samples that were made up.
	Calibrated sampleid.List `json:"calibrated,omitempty"`
	Sites      []Stats       `json:"sites"`

	// A choice of thresholds, for readers; any other can be made from Sites.
	Method     string   `json:"method"` // as ParseMethod reads it
	PerChannel bool     `json:"per_channel"`
	Grid       Grid     `json:"grid"`
	Choices    []Choice `json:"choices"` // in the order of Sites
}

// Site returns the statistics of the value called name, or nil.
func (p *Profile) Site(name string) *Stats {
	i := slices.IndexFunc(p.Sites, func(s Stats) bool { return s.Value == name })
	if i < 0 {
		return nil
	}
	return &p.Sites[i]
}

// Choose makes the profile's choice of thresholds anew, on at most workers goroutines.
func (p *Profile) Choose(ctx context.Context, m Method, g Grid, perChannel bool, workers int) error {
	choices := make([]Choice, len(p.Sites))
	err := par.ForErr(ctx, len(p.Sites), workers, func(_, i int) (err error) {
		choices[i], err = p.Sites[i].Choose(m, g, perChannel, p.Samples)
		return err
	})
	if err != nil {
		return err
	}
	p.Method, p.Grid, p.PerChannel, p.Choices = m.String(), g, perChannel, choices
	return nil
}

// WriteTo writes the profile as JSON; the same profile gives the same bytes.
func (p *Profile) WriteTo(w io.Writer) (int64, error) {
	b, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return 0, fmt.Errorf("calibrate: %w", err)
	}
	return bytes.NewReader(append(b, '\n')).WriteTo(w)
}

// maxProfile bounds the size of a profile in bytes.
const maxProfile = 1 << 30

// Read reads and checks a profile. It needs memory in proportion to the JSON.
func Read(r io.Reader) (*Profile, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxProfile+1))
	if err != nil {
		return nil, fmt.Errorf("calibrate: %w", err)
	}
	if len(b) > maxProfile {
		return nil, fmt.Errorf("calibrate: profile has more than %d bytes", maxProfile)
	}
	var head struct{ Schema int }
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("calibrate: not a profile: %w", err)
	}
	if head.Schema != schema {
		return nil, fmt.Errorf("calibrate: profile has schema %d, want %d (try to calibrate anew)", head.Schema, schema)
	}
	p := new(Profile)
	if err := json.Unmarshal(b, p); err != nil {
		return nil, fmt.Errorf("calibrate: profile: %w", err)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("calibrate: profile: %w", err)
	}
	if len(p.Preprocess) > 0 { // indented with the rest of the file; networks store it as it was given
		var compact bytes.Buffer
		if err := json.Compact(&compact, p.Preprocess); err != nil {
			return nil, fmt.Errorf("calibrate: profile: %w", err)
		}
		p.Preprocess = compact.Bytes()
	}
	return p, nil
}

// Fits is an error where the profile was made for another output of the model than g computes.
// It takes profiles that do not say: those of models with one output.
func (p *Profile) Fits(g *ir.Graph) error {
	if output := outputOf(g); p.Output != "" && p.Output != output {
		return fmt.Errorf("calibrate: the profile was made for the output %s of the model, not %s (try to calibrate anew)", p.Output, output)
	}
	return nil
}

func (p *Profile) check() error {
	if sum, err := hex.DecodeString(p.SHA256); err != nil || len(sum) != 32 && len(sum) != 0 {
		return fmt.Errorf("%q is not a SHA-256 sum", p.SHA256)
	}
	if p.Samples < 1 {
		return fmt.Errorf("made of %d samples", p.Samples)
	}
	if _, err := ParseMethod(p.Method); err != nil {
		return err
	}
	if err := p.Grid.check(); err != nil {
		return err
	}
	if len(p.Choices) != len(p.Sites) {
		return fmt.Errorf("%d choices for %d sites", len(p.Choices), len(p.Sites))
	}
	seen := make(map[string]bool, len(p.Sites))
	for i := range p.Sites {
		s := &p.Sites[i]
		err := errors.Join(s.check(), p.Choices[i].check(s.Channels))
		if seen[s.Value] {
			err = errors.New("is listed twice")
		}
		if err != nil {
			return fmt.Errorf("site %q: %w", s.Value, err)
		}
		seen[s.Value] = true
	}
	return nil
}

func (c *Choice) check(channels int) error {
	if n := len(c.Threshold); n != len(c.Clip) || n != 1 && n != channels {
		return fmt.Errorf("%d thresholds and %d clip values for %d channels", n, len(c.Clip), channels)
	}
	for i, t := range c.Threshold {
		if !(t > 0) || !(c.Clip[i] > 0) {
			return fmt.Errorf("threshold %v of clip value %v is not positive", t, c.Clip[i])
		}
	}
	return nil
}
