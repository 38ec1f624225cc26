package search

import (
	"fmt"
	"strconv"

	"ann2snn/internal/eval"
	"ann2snn/snn"
)

// Setting is what tells networks that were tried apart.
type Setting struct {
	Bits   int    `json:"bits"`
	Steps  int    `json:"steps"`
	Restim string `json:"restim"`
	Rho    int    `json:"rho,omitempty"`
	Fitted int    `json:"fit_samples,omitempty"` // samples that weights are fitted on
}

// String names bits, steps and mode.
func (s Setting) String() string {
	name := eval.Plural(s.Bits, "bit") + ", " + eval.Plural(s.Steps, "step")
	if s.Restim != snn.RestimNone.String() {
		name += " " + s.Restim
	}
	return name
}

// String is a line that says what was chosen, what it keeps on samples held back, and what the
// next better network costs.
func (c *Choice) String() string {
	t := &c.Tried[c.Chosen]
	fitted := ", not fitted"
	if t.Fitted > 0 {
		fitted = ", fitted on " + eval.Plural(t.Fitted, "sample")
	}
	text := "Chosen: " + t.String() + fitted + ": " + t.Check.String()
	if next := c.next(); next != "" {
		text += "; " + next
	}
	return text
}

// next says what the next better network costs, or why that is not known.
func (c *Choice) next() string {
	chosen := &c.Tried[c.Chosen]
	switch {
	case c.Next != nil:
		t := &c.Tried[c.Next.Tried]
		noise := ""
		if !c.Next.BeyondNoise {
			noise = " (which may be chance)"
		}
		return fmt.Sprintf("%s would keep %s%s at %s times the synaptic operations%s", t.Setting, share(t.Check), noise,
			times(float64(t.SOPs), float64(chosen.SOPs)), c.bits(t.Setting))
	case c.larger() != nil:
		return fmt.Sprintf("not tried: %s, %s", c.larger(), c.sizes(*c.larger()))
	case len(c.Tried) == 2:
		return "the other setting that was tried, " + c.Tried[1-c.Chosen].String() + ", keeps no more"
	case len(c.Tried) > 2:
		return fmt.Sprintf("none of the %d other settings that were tried keeps more", len(c.Tried)-1)
	}
	return ""
}

// larger is the first setting that was not tried and spends no less than the one chosen.
func (c *Choice) larger() *Setting {
	for i := range c.Untried {
		s, chosen := &c.Untried[i], &c.Tried[c.Chosen]
		if s.Bits*s.Steps >= chosen.Bits*chosen.Steps {
			return s
		}
	}
	return nil
}

// bits compares the spikes of a network with those of the one chosen.
func (c *Choice) bits(s Setting) string {
	if s.Bits == c.Tried[c.Chosen].Bits {
		return ""
	}
	return " and " + times(float64(s.Bits), float64(c.Tried[c.Chosen].Bits)) + " times the bits of a spike"
}

// sizes compares what is known of a network that was not made.
func (c *Choice) sizes(s Setting) string {
	chosen := c.Tried[c.Chosen].Setting
	if s.Bits != chosen.Bits {
		return times(float64(s.Bits), float64(chosen.Bits)) + " times the bits of a spike"
	}
	return times(float64(s.Steps), float64(chosen.Steps)) + " times the steps"
}

// share is how much a network keeps, without an interval.
func share(c *eval.Check) string {
	if c.Task.ByValue() {
		if c.R2 == nil {
			return "an unknown R²"
		}
		return "an R² of " + strconv.FormatFloat(*c.R2, 'g', 4, 64)
	}
	return c.Agreement.String() + " %"
}

// times is a ratio with two digits.
func times(a, b float64) string {
	if b == 0 {
		return "unknown"
	}
	return strconv.FormatFloat(a/b, 'g', 2, 64)
}
