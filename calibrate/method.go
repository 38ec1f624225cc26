package calibrate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Method chooses the clip value of a site or channel: the largest value that its spikes can
// stand for.
type Method struct {
	Name    string
	Summary string
	// Param is the method's parameter, with its bounds; methods without one leave all
	// three 0.
	Param, Low, High float64

	// clip returns a value above 0 for a distribution that is not all zeros.
	clip func(d *distribution, g Grid, param float64) float64
	// fit is the same for pairs of inputs and wanted outputs of neurons, not all of them 0;
	// nil where a method has no use for pairs.
	fit func(p pairs, g Grid, param float64) float64
}

// check makes sure that the method was not put together outside this package.
func (m Method) check() error {
	if m.clip == nil {
		return fmt.Errorf("calibrate: method %q is none of Methods (try ParseMethod)", m.Name)
	}
	return nil
}

// Fits reports whether Fit takes the method.
func (m Method) Fits() bool { return m.fit != nil }

// Methods lists the methods, sorted by name.
var Methods = []Method{corrMethod, klMethod, ltbMethod, maxMethod, mseMethod, percentileMethod}

// ParseMethod finds a method by name; a parameter follows behind a colon, as in
// "percentile:99.99".
func ParseMethod(s string) (Method, error) {
	name, param, given := strings.Cut(s, ":")
	i := slices.IndexFunc(Methods, func(m Method) bool { return m.Name == name })
	if i < 0 {
		return Method{}, fmt.Errorf("calibrate: no method %q of choosing thresholds (try one of %s)", name, methodNames())
	}
	m := Methods[i]
	if !given {
		return m, nil
	}
	if m.High == 0 {
		return Method{}, fmt.Errorf("calibrate: method %q takes no parameter (given %q)", name, param)
	}
	p, err := strconv.ParseFloat(param, 64)
	if err != nil || !(p >= m.Low && p <= m.High) {
		return Method{}, fmt.Errorf("calibrate: method %q takes a parameter from %v to %v (given %q)", name, m.Low, m.High, param)
	}
	m.Param = p
	return m, nil
}

// String returns the form that ParseMethod reads.
func (m Method) String() string {
	if m.High == 0 {
		return m.Name
	}
	return m.Name + ":" + strconv.FormatFloat(m.Param, 'g', -1, 64)
}

func methodNames() string {
	names := make([]string, len(Methods))
	for i, m := range Methods {
		names[i] = m.Name
	}
	return strings.Join(names, ", ")
}
