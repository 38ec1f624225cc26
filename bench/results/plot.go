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
		labels, err := plotter.NewLabels(plotter.XYLabels{XYs: s.points, Labels: s.labels})
		if err != nil {
			return err
		}
		points.Color, points.Shape, points.Radius = colors[i%len(colors)], draw.CircleGlyph{}, vg.Points(3)
		labels.Offset = vg.Point{X: 4, Y: 3}
		p.Add(points, labels)
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
	p.X.Min, p.X.Max = 0, most*1.15
	p.Y.Max = ann + 0.06*(ann-p.Y.Min)
	p.Legend.ThumbnailWidth, p.Legend.Padding = 0.6*vg.Centimeter, vg.Points(2)
	return p.Save(16*vg.Centimeter, 10*vg.Centimeter, file)
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
