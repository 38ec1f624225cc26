package report

import (
	_ "embed"
	"html/template"
	"io"

	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"advice":      advice,
	"absent":      func() string { return absent },
	"calibration": Calibration,
	"clean":       escape.Terminal,
	"conclusion":  conclusion,
	"count":       Count[int64],
	"early":       early,
	"times":       times,
	"energy":      energy,
	"percent":     percent,
	"overlap":     overlap,
	"points":      eval.Percent.Signed,
	"relative":    relative,
	"settings":    settings,
	"share":       share,
	"significant": significant,
	"task":        task,
	"taskCards":   taskCards,
	"whyLegend":   func() string { return whyLegend },
}).Parse(pageText))

// pageData is what page.html shows.
type pageData struct {
	*eval.Result
	Steps, Errors, Rates template.HTML
	Highest              float64 // the largest energy estimate, full width of its bar
}

// Width returns the length of an energy bar in percent.
func (d pageData) Width(nj float64) float64 {
	if d.Highest == 0 {
		return 0
	}
	return 100 * nj / d.Highest
}

// HTML writes r as one page that needs nothing else: no scripts, no other files.
func HTML(w io.Writer, r *eval.Result) error {
	d := pageData{Result: r}
	var err error
	if d.Steps, err = stepChart(r); err != nil {
		return err
	}
	if d.Errors, err = layerChart(r.Layers, errorValue); err != nil {
		return err
	}
	if d.Rates, err = layerChart(r.Layers, rateValue); err != nil {
		return err
	}
	for _, e := range r.Energy.Estimates {
		d.Highest = max(d.Highest, e.Nanojoules)
	}
	return page.Execute(w, d)
}
