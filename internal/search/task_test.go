package search_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/internal/eval"
	"ann2snn/internal/search"
)

// withOneOutput is text with a single output, which is above 0 for half of the samples.
func withOneOutput(t *testing.T) string {
	t.Helper()
	replaced := func(bias float32) string {
		s := regexp.MustCompile(`%w3 float32.*`).ReplaceAllString(text, fmt.Sprintf("%%w3 float32[1,4] = {9,-8,7,-6.4}\nconst %%b3 float32[1] = {%g}", bias))
		return strings.Replace(s, "%y float32[1,7] = Gemm(%f, %w3)", "%y float32[1,1] = Gemm(%f, %w3, %b3)", 1)
	}
	o := optionsOf(t, replaced(0), 0)
	p, err := ann.Compile(t.Context(), o.Graph, ann.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all []float32
	for i := range o.HeldBack.Len() {
		in := make([]float32, 2*6*6)
		if _, err := o.HeldBack.Sample(i, in); err != nil {
			t.Fatal(err)
		}
		out, err := p.Run(t.Context(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, out[0])
	}
	slices.Sort(all)
	return replaced(-(all[len(all)/2-1] + all[len(all)/2]) / 2)
}

// TestSearchCountsDecisions: of a single output, decisions that flip are the drop.
func TestSearchCountsDecisions(t *testing.T) {
	t.Parallel()
	o := optionsOf(t, withOneOutput(t), 3)
	o.Task = eval.TaskBinary
	r, err := search.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	flipped := false
	for _, trial := range r.Trials {
		flipped = flipped || trial.Delta < -3
		if trial.Delta != trial.Agreement-100 || trial.OK != (trial.Delta >= -3) {
			t.Errorf("%+v", trial)
		}
	}
	if !flipped || !r.Best.OK {
		t.Errorf("no trial flips more than 3 %% of the decisions, or none flips less: %+v", r.Trials)
	}
	if n := r.Network; n == nil || r.Task.Name != "binary" {
		t.Errorf("the task is %v", r.Task)
	}
}

// TestSearchBoundsR2: where answers are values, the loss of R² is the drop.
func TestSearchBoundsR2(t *testing.T) {
	t.Parallel()
	o := options(t, 1)
	o.Task = eval.TaskRegression
	r, err := search.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range r.Trials {
		if !trial.Agreement.IsZero() || trial.OK != (trial.Delta >= -1) || trial.Delta >= 0 {
			t.Errorf("%+v", trial)
		}
	}
	if !r.Best.OK || r.Trials[0].Delta == r.Trials[1].Delta {
		t.Errorf("%+v", r.Trials)
	}
	again, err := eval.Compare(t.Context(), eval.Options{Graph: o.Graph, Network: r.Network, Source: o.HeldBack, Task: o.Task})
	if err != nil || again.Kept()-100 != r.Best.Delta {
		t.Errorf("the delta of the network found is %v points of R², that of its trial %v (%v)", again.Kept()-100, r.Best.Delta, err)
	}
}

// same gives one sample again and again.
type same struct{ calibrate.Source }

func (s same) Sample(_ int, dst []float32) (int, error) {
	_, err := s.Source.Sample(0, dst)
	return -1, err
}

// TestSearchRefusesWhatItCannotMeasure: outputs that do not vary, and those of an unknown task.
func TestSearchRefusesWhatItCannotMeasure(t *testing.T) {
	t.Parallel()
	o := options(t, 1)
	o.Task, o.HeldBack = eval.TaskRegression, same{o.HeldBack}
	if _, err := search.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "the same for all samples") {
		t.Errorf("equal samples: %v", err)
	}
	rows := regexp.MustCompile(`(?s)const %w3.*`).ReplaceAllString(text, `const %w3 float32[14,4] = ramp(-0.9, 0.03)
%l float32[1,14] = Gemm(%f, %w3) "fc" {transB=true}
const %to int64[3] = {1,7,2}
%y float32[1,7,2] = Reshape(%l, %to) "rows"
output %y
`)
	if _, err := search.Run(t.Context(), optionsOf(t, rows, 1)); err == nil || !strings.Contains(err.Error(), "unknown what the output is for") {
		t.Errorf("rows of values: %v", err)
	}
}
