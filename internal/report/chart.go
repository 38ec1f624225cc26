package report

import (
	"fmt"
	"html/template"
	"slices"
	"unicode/utf8"

	"github.com/go-analyze/charts"

	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
)

const (
	chartWidth = 720 // viewBox units; the page scales the picture
	barHeight  = 20
	nameLength = 28 // longer layer names are cut in charts, not in tables
)

var small = charts.FontStyle{FontSize: 9}

// palette suits light and dark pages: the background is transparent, texts are coloured
// by the page.
func palette() charts.ColorPalette {
	grid := charts.Color{R: 128, G: 128, B: 128, A: 64}
	return charts.GetTheme(charts.ThemeLight).
		WithBackgroundColor(charts.ColorTransparent).
		WithAxisSplitLineColor(grid).
		WithXAxisColor(grid).
		WithYAxisColor(grid).
		WithSeriesColors([]charts.Color{
			{R: 47, G: 111, B: 222, A: 255},
			{R: 130, G: 140, B: 150, A: 255},
			{R: 222, G: 131, B: 30, A: 255},
		})
}

// stepChart draws the accuracy (the agreement, without labels) after every step, with
// the ANN and the baseline as level lines; nothing for a single step, or
// where answers are values.
func stepChart(r *eval.Result) (template.HTML, error) {
	steps := r.SNN.ByStep
	if len(steps) < 2 || r.Task.ByValue() {
		return "", nil
	}
	names := []string{"SNN", "ANN", r.Baseline.Name}
	values := make([][]float64, len(names))
	labels := make([]string, len(steps))
	for i, s := range steps {
		labels[i] = fmt.Sprintf("step %d", s.Step)
		values[0] = append(values[0], stepValue(s.Share(), s.Agreement))
		values[1] = append(values[1], stepValue(r.ANN.Share(), 100))
		values[2] = append(values[2], stepValue(r.Baseline.Share(), r.Baseline.Agreement))
	}
	list := charts.NewSeriesListLine(values)
	for i := range list {
		list[i].Name = names[i]
	}
	return draw(320, func(p *charts.Painter) error {
		return p.LineChart(charts.LineChartOption{
			Padding:    charts.NewBox(16, 10, 16, 10), // room for wider fonts
			SeriesList: list,
			XAxis:      charts.XAxisOption{Labels: labels, LabelFontStyle: small},
			YAxis:      []charts.YAxisOption{{ValueFormatter: percentTick, LabelFontStyle: small}},
			Legend:     charts.LegendOption{SeriesNames: names, FontStyle: small},
		})
	})
}

func percentTick(v float64) string { return fmt.Sprintf("%.4g %%", v) }

func stepValue(top1 *eval.Percent, agreement eval.Percent) float64 {
	if top1 != nil {
		return float64(*top1)
	}
	return float64(agreement)
}

// layerChart draws one bar, in percent, for each layer that value knows something
// about; nothing where there is none.
func layerChart(layers []eval.Layer, value func(eval.Layer) (float64, bool)) (template.HTML, error) {
	var names []string
	var values []float64
	for _, l := range slices.Backward(layers) { // the chart begins at the bottom
		if v, ok := value(l); ok {
			names, values = append(names, shorten(l.Name)), append(values, 100*v)
		}
	}
	if len(values) == 0 {
		return "", nil
	}
	list := charts.NewSeriesListBar([][]float64{values})
	list[0].Label = charts.SeriesLabel{
		Show:           charts.Ptr(true),
		FontStyle:      small,
		ValueFormatter: func(v float64) string { return fmt.Sprintf("%.1f %%", v) },
	}
	return draw(60+barHeight*len(values), func(p *charts.Painter) error {
		return p.BarChart(charts.BarChartOption{
			Horizontal:   true,
			SeriesList:   list,
			Padding:      charts.NewBox(16, 10, 60, 0), // the same, and room for the longest bar's label
			CategoryAxis: charts.CategoryAxisOption{Labels: names, LabelFontStyle: small},
			ValueAxis: []charts.ValueAxisOption{{
				Show: charts.Ptr(false), // the bars are labelled
				Min:  charts.Ptr(0.0),
			}},
		})
	})
}

func errorValue(l eval.Layer) (float64, bool) {
	if l.RelativeError == nil {
		return 0, false
	}
	return *l.RelativeError, true
}

func rateValue(l eval.Layer) (float64, bool) { return l.Rate, l.Neurons > 0 }

func shorten(name string) string {
	name = escape.Terminal(name)
	if utf8.RuneCountInString(name) <= nameLength {
		return name
	}
	runes := []rune(name)
	return "…" + string(runes[len(runes)-nameLength+1:])
}

// draw renders an SVG.
func draw(height int, paint func(*charts.Painter) error) (template.HTML, error) {
	p := charts.NewPainter(charts.PainterOptions{
		OutputFormat: charts.ChartOutputSVG,
		Width:        chartWidth,
		Height:       height,
		Theme:        palette(),
	})
	if err := paint(p); err != nil {
		return "", fmt.Errorf("report: chart: %w", err)
	}
	svg, err := p.Bytes()
	if err != nil {
		return "", fmt.Errorf("report: chart: %w", err)
	}
	return template.HTML(svg), nil //nolint:gosec // the charts library escapes what it is given
}
