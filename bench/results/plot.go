package main

import (
	"image/color"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// plotName is the file of an experiment's plot, beside the page.
func plotName(m *measured) string { return filepath.Join("results", m.name+".svg") }

// plotFront draws accuracy against synaptic operations: a curve for each number of steps
// and mode, and the ANN's accuracy as a line.
func plotFront(m *measured, file string) error {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = "bit SOPs per multiplication of the ANN", "top-1 %"
	p.Add(plotter.NewGrid())
	most := 0.0
	for i, s := range m.series() {
		points, err := plotter.NewScatter(s.points)
		if err != nil {
			return err
		}
		points.Color, points.Shape, points.Radius = colors[i%len(colors)], draw.CircleGlyph{}, vg.Points(3)
		p.Add(points)
		p.Legend.Add(s.name, points)
		for _, x := range s.points {
			most = max(most, x.X)
		}
	}
	ann := m.results[0].ANN.Top1
	line, err := plotter.NewLine(plotter.XYs{{X: 0, Y: ann}, {X: most, Y: ann}})
	if err != nil {
		return err
	}
	line.Dashes = []vg.Length{4, 4}
	p.Add(line)
	p.Legend.Add("ANN", line)
	p.X.Min, p.X.Max = 0, most*1.3 // the legend stands to the right of all points
	p.Y.Max = ann + 0.15*(ann-p.Y.Min)
	if err := addLabels(p, m.series()); err != nil {
		return err
	}
	p.Legend.ThumbnailWidth, p.Legend.Padding = 0.6*vg.Centimeter, vg.Points(2)
	return p.Save(plotWidth, plotHeight, file)
}

const (
	plotWidth, plotHeight = 16 * vg.Centimeter, 10 * vg.Centimeter

	// About what axes take of the plot, and how large a label is.
	plotMargin              = 40 * vg.Length(1)
	labelWidth, labelHeight = 31 * vg.Length(1), 9 * vg.Length(1)
)

// labelOffsets are the places that a label may take beside its point, best first.
var labelOffsets = func() (places []vg.Point) {
	for _, y := range []vg.Length{2, -10, 12, -20, 22, -30} {
		places = append(places, vg.Point{X: 4, Y: y}, vg.Point{X: -4 - labelWidth, Y: y})
	}
	return places
}()

// addLabels puts every point's label where it covers no other label and no point, if such
// a place is left.
func addLabels(p *plot.Plot, all []series) error {
	place := func(at plotter.XY) vg.Point {
		return vg.Point{
			X: vg.Length((at.X-p.X.Min)/(p.X.Max-p.X.Min)) * (plotWidth - plotMargin),
			Y: vg.Length((at.Y-p.Y.Min)/(p.Y.Max-p.Y.Min)) * (plotHeight - plotMargin),
		}
	}
	var taken []vg.Rectangle
	for _, s := range all {
		for _, at := range s.points {
			c := place(at)
			taken = append(taken, vg.Rectangle{Min: c.Sub(vg.Point{X: 3, Y: 3}), Max: c.Add(vg.Point{X: 3, Y: 3})})
		}
	}
	for _, s := range all {
		for i, at := range s.points {
			offset := labelOffsets[0]
			for _, try := range labelOffsets {
				if isFree(taken, label(place(at), try)) {
					offset = try
					break
				}
			}
			taken = append(taken, label(place(at), offset))
			labels, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{at}, Labels: s.labels[i : i+1]})
			if err != nil {
				return err
			}
			labels.Offset = offset
			p.Add(labels)
		}
	}
	return nil
}

// label is what a label covers that stands at an offset from a point.
func label(point, offset vg.Point) vg.Rectangle {
	from := point.Add(offset)
	return vg.Rectangle{Min: from, Max: from.Add(vg.Point{X: labelWidth, Y: labelHeight})}
}

// isFree reports whether r lies within the plot and covers nothing that is taken.
func isFree(taken []vg.Rectangle, r vg.Rectangle) bool {
	if r.Min.X < 0 || r.Min.Y < 0 || r.Max.Y > plotHeight-plotMargin {
		return false
	}
	for _, t := range taken {
		if r.Min.X < t.Max.X && t.Min.X < r.Max.X && r.Min.Y < t.Max.Y && t.Min.Y < r.Max.Y {
			return false
		}
	}
	return true
}

// colors are told apart by most colour-blind readers (Okabe and Ito, 2008).
var colors = []color.RGBA{
	{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255}, {230, 159, 0, 255}, {86, 180, 233, 255}, {0, 0, 0, 255},
}

type series struct {
	name   string
	points plotter.XYs
	labels []string
}

// series groups the rows by mode.
func (m *measured) series() []series {
	var list []series
	for i, r := range m.rows {
		if r.ablation {
			continue
		}
		bits, steps, mode := settings(r.flags)
		at := -1
		for k := range list {
			if list[k].name == mode {
				at = k
			}
		}
		if at < 0 {
			at = len(list)
			list = append(list, series{name: mode})
		}
		x := m.results[i]
		list[at].points = append(list[at].points, plotter.XY{X: x.perMAC(x.Ops.BitSOPs), Y: x.SNN.Top1})
		list[at].labels = append(list[at].labels, "B"+bits+" T"+steps)
	}
	return list
}

// settings reads a row's flags.
func settings(flags string) (bits, steps, mode string) {
	words := strings.Fields(flags)
	mode = "one step"
	for i, w := range words[:len(words)-1] {
		switch w {
		case "--bits":
			bits = words[i+1]
		case "--steps":
			steps = words[i+1]
		case "--restim":
			mode = strings.Replace(words[i+1], "none", "rate", 1)
		}
	}
	return bits, steps, mode
}
