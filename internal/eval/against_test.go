package eval

import (
	"strings"
	"testing"
)

// outcomes makes a result of samples, of which each has a decision that is the ANN's or not, and
// an error.
func outcomes(same string, errs ...float64) *Result {
	r := &Result{Samples: len(same), Decisions: 1}
	for i, c := range same {
		o := Outcome{Error: -1}
		if c == '1' {
			o.Same = 1
		}
		if len(errs) > 0 {
			o.Error = errs[i%len(errs)]
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	return r
}

// TestAgainst: answers decide where they differ beyond chance, then the errors of the outputs.
func TestAgainst(t *testing.T) {
	t.Parallel()
	all := strings.Repeat("1", 32)
	for name, tt := range map[string]struct {
		a, b *Result
		want int
	}{
		"one answer of 32 is chance":       {outcomes(all), outcomes("0" + all[1:]), 0},
		"ten answers of 32 are not":        {outcomes(all), outcomes(strings.Repeat("0", 10) + all[10:]), 1},
		"errors of few samples":            {outcomes("11", 0.1), outcomes("11", 0.5), 0},
		"smaller errors throughout":        {outcomes(all, 0.05, 0.06), outcomes(all, 0.15, 0.17), 1},
		"errors that hardly differ":        {outcomes(all, 0.05, 0.06), outcomes(all, 0.06, 0.07), 0},
		"errors that differ by chance":     {outcomes(all, 0.05, 0.95, 0.1, 0.5), outcomes(all, 0.5, 0.1, 0.95, 0.2), 0},
		"answers count more than errors":   {outcomes(all, 0.9), outcomes(strings.Repeat("0", 10)+all[10:], 0.1), 1},
		"errors that were not measured":    {outcomes(all), outcomes(all, 0.9), 0},
		"errors decide where one is wrong": {outcomes("0"+all[1:], 0.1), outcomes(all, 0.4), 1},
	} {
		if got := tt.a.Against(tt.b); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
		if got := tt.b.Against(tt.a); got != -tt.want {
			t.Errorf("%s, the other way round: %d, want %d", name, got, -tt.want)
		}
	}
}

// TestUsable: labels count, but not a difference that may be chance.
func TestUsable(t *testing.T) {
	t.Parallel()
	labelled := func(agreement, delta, low, high Percent) *Result {
		return &Result{Agreement: agreement, Delta: new(delta), DeltaCI95: &[2]Percent{low, high}}
	}
	values := func(r2 float64) *Result {
		return &Result{Agreement: NoPercent(), Task: &Found{Name: "regression"}, SNN: Spiking{Likeness: Likeness{R2: new(r2)}}}
	}
	for name, tt := range map[string]struct {
		r    *Result
		want bool
	}{
		"95 %":                                 {&Result{Agreement: 95}, true},
		"less than 95 %":                       {&Result{Agreement: 94.9}, false},
		"96 %, of 32 one more wrong":           {labelled(96.88, -3.12, -9, 3), true},
		"96 %, and surely wrong":               {labelled(96, -3, -4, -2.1), false},
		"90 %, but surely within 2 points":     {labelled(90, -0.5, -1.9, 0.9), true},
		"90 %, and perhaps 4 points are lost":  {labelled(90, -0.5, -4, 3), false},
		"values":                               {values(0.96), true},
		"values that vary too much":            {values(0.9), false},
		"outputs that do not vary at all":      {&Result{Agreement: NoPercent(), Task: &Found{Name: "regression"}}, true},
		"decisions of which 5 in 100 are lost": {&Result{Agreement: 94, Task: &Found{Name: "multi-label"}}, false},
	} {
		if got := tt.r.Usable(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestCheckInWords(t *testing.T) {
	t.Parallel()
	r := &Result{Samples: 32, Agreement: 96.875, Delta: new(Percent(-3.125)), DeltaCI95: &[2]Percent{-9.5, 3.25}}
	pixels := &Result{Samples: 8, Agreement: 90, Task: &Found{Name: "per-pixel"}, SNN: Spiking{Likeness: Likeness{MeanIoU: new(Percent(80))}}}
	several := &Result{Samples: 8, Agreement: 90, Task: &Found{Name: "multi-label"}}
	binary := &Result{Samples: 10, Agreement: 90, Task: &Found{Name: "binary"}}
	values := &Result{Samples: 8, Agreement: NoPercent(), Task: &Found{Name: "regression"}, SNN: Spiking{Likeness: Likeness{R2: new(0.5), RelativeError: new(0.125)}}}
	for want, r := range map[string]*Result{
		"same answer as the model on 96.88 % of 32 samples held back (95 % interval 84.26 to 99.45), accuracy -3.12 points (-9.50 to +3.25)": r,
		"same class as the model for 90.00 % of the pixels of 8 samples held back (95 % interval 52.91 to 97.76), mIoU 80.00 %":              pixels,
		"same decision as the model for 90.00 % of the decisions on 8 samples held back (95 % interval 52.91 to 97.76)":                      several,
		"same decision as the model on 90.00 % of 10 samples held back (95 % interval 59.58 to 98.21)":                                       binary,
		"against the model's outputs R² 0.5, relative error 0.125 on 8 samples held back":                                                    values,
	} {
		if got := r.Check().String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
