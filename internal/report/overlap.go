package report

import (
	"fmt"
	"strconv"

	"ann2snn/internal/eval"
)

// overlap says how many of the test samples were calibrated on; it is empty where nobody looked.
func overlap(o *eval.Overlap) string {
	if o == nil {
		return ""
	}
	if !o.Known {
		return "not known: how many of the test samples were calibrated on"
	}
	text := fmt.Sprintf("%s of %s test samples were calibrated on", grouped(o.Calibrated), grouped(o.Samples))
	switch {
	case o.LeftOut:
		text += ", and left out"
	case o.Calibrated > 0:
		text += ", and count: the figures look better than they are"
	}
	return text
}

// grouped writes a number with commas between thousands.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
