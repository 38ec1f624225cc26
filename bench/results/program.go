package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// program is a build of ann2snn.
type program struct {
	options
	file string
	hash string
}

func newProgram(file string, o options) (*program, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return &program{o, file, fmt.Sprintf("%x", sha256.Sum256(data))}, nil
}

// result is what is kept of a row: parts of the JSON of compare and of convert, times, the day.
type result struct {
	Samples int
	ANN     struct{ Top1 float64 }
	SNN     struct {
		Top1        float64
		Bits, Steps int
		Restim      string
		Latency     int `json:"latency_steps"`
	}
	Delta     float64
	DeltaCI95 [2]float64 `json:"delta_ci95"`
	Agreement float64
	Baseline  struct{ Top1 float64 }
	Ops       struct {
		MACs    int64 `json:"ann_macs"`
		SOPs    int64 `json:"snn_sops"`
		BitSOPs int64 `json:"snn_bit_sops"`
	}
	Time struct {
		CPU string
	}
	Origin struct {
		Calibration struct{ Samples int } // without those held back
	}
	ConvertSeconds, CompareSeconds float64

	Check *selfCheck
	Day   string // of the measurement, as 2006-01-02, UTC
}

// selfCheck is what convert found on the samples that it held back.
type selfCheck struct {
	Samples   int
	Agreement float64
	CI95      *[2]float64 `json:"agreement_ci95"`
}

// measured are the results of an experiment, row by row.
type measured struct {
	experiment
	results []*result
	int8    *result // the reference; nil without
}

func (p *program) measure(ctx context.Context, e experiment) (*measured, error) {
	m := &measured{experiment: e}
	for _, r := range e.rows {
		fmt.Fprintf(os.Stderr, "%s %s\n", e.name, r.flags)
		got, err := p.row(ctx, &e, r.flags)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", e.name, r.flags, err)
		}
		m.results = append(m.results, got)
	}
	if !e.reference {
		return m, nil
	}
	fmt.Fprintf(os.Stderr, "%s int8 reference\n", e.name)
	var err error
	if m.int8, err = p.once(&e, "int8 reference", func() (*result, error) { return p.int8(ctx, &e) }); err != nil {
		return nil, fmt.Errorf("%s: int8 reference: %w", e.name, err)
	}
	return m, nil
}

// row converts and compares, or finds what it did before.
func (p *program) row(ctx context.Context, e *experiment, flags string) (*result, error) {
	return p.once(e, flags, func() (*result, error) {
		c, err := p.convert(ctx, e, flags)
		if err != nil {
			return nil, err
		}
		r, err := p.compare(ctx, e, c.File)
		if err != nil {
			return nil, err
		}
		r.ConvertSeconds, r.Check = c.Seconds, c.Report.Check
		return r, nil
	})
}

// conversion is what is kept of a conversion: a part of the JSON of convert, and the time.
type conversion struct {
	File   string // the network
	Report struct {
		Check *selfCheck `json:"self_check"`
	}
	Seconds float64
}

func (p *program) convert(ctx context.Context, e *experiment, flags string) (*conversion, error) {
	kept := p.kept(e, "convert "+flags)
	return once(kept, func() (*conversion, error) {
		start := time.Now()
		out, err := p.run(ctx, e.convertCommand(flags, kept+".snn"))
		if err != nil {
			return nil, err
		}
		c := &conversion{Seconds: time.Since(start).Seconds()}
		return c, json.Unmarshal(out, c)
	})
}

// compare compares a network. Flags that give the same bytes give the same result.
func (p *program) compare(ctx context.Context, e *experiment, net string) (*result, error) {
	data, err := os.ReadFile(net)
	if err != nil {
		return nil, err
	}
	return p.once(e, fmt.Sprintf("%x", sha256.Sum256(data)), func() (*result, error) {
		start := time.Now()
		out, err := p.run(ctx, e.compareCommand(net))
		if err != nil {
			return nil, err
		}
		r := new(result)
		if err := json.Unmarshal(out, r); err != nil {
			return nil, err
		}
		r.CompareSeconds = time.Since(start).Seconds()
		return r, nil
	})
}

// once measures a result, and notes the day, or returns the one of before.
func (p *program) once(e *experiment, what string, measure func() (*result, error)) (*result, error) {
	return once(p.kept(e, what), func() (*result, error) {
		r, err := measure()
		if err == nil {
			r.Day = time.Now().UTC().Format(time.DateOnly)
		}
		return r, err
	})
}

// kept is the file, without its ending, of what is known of an experiment: it is another one
// for each program, samples and flags.
func (p *program) kept(e *experiment, what string) string {
	key := sha256.Sum256([]byte(strings.Join([]string{p.hash, e.model, e.calibration, e.test, what}, "\n")))
	return filepath.Join(p.dir, hex.EncodeToString(key[:12]))
}

// once returns what measure returned before, or calls it and keeps what it returns.
func once[T any](kept string, measure func() (*T, error)) (*T, error) {
	data, err := os.ReadFile(kept + ".json")
	if err == nil {
		r := new(T)
		return r, json.Unmarshal(data, r)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	r, err := measure()
	if err != nil {
		return nil, err
	}
	if data, err = json.Marshal(r); err != nil {
		return nil, err
	}
	return r, os.WriteFile(kept+".json", data, 0o600)
}

// fill puts the folder of the shared data in the place of $D.
func (p *program) fill(text string) string { return strings.ReplaceAll(text, "$D", p.data) }

// run runs a command of ann2snn; $D stands for the shared data.
func (p *program) run(ctx context.Context, words []string) ([]byte, error) {
	args := append(strings.Fields(p.fill(strings.Join(words, " "))), "--quiet", "--json")
	cmd := exec.CommandContext(ctx, p.file, args...) //nolint:gosec // our own
	cmd.Stderr = os.Stderr
	return cmd.Output()
}
