package eval_test

import (
	"math"
	"strings"
	"testing"

	"ann2snn/internal/eval"
)

// targeted are samples with several labels.
type targeted struct {
	samples
	all [][]float32
}

func (s targeted) TargetLen() int { return len(s.all[0]) }

func (s targeted) Target(i int, dst []float32) error {
	copy(dst, s.all[i])
	return nil
}

func (x task) against(t *testing.T, labels [][]float32, as eval.Task) (*eval.Result, error) {
	t.Helper()
	return eval.Compare(t.Context(), eval.Options{Graph: x.graph, Network: x.network, Source: targeted{x.samples, labels}, Task: as, Workers: 2})
}

func near(t *testing.T, what string, got *eval.Percent, want float64) {
	t.Helper()
	if got == nil || math.Abs(float64(*got)-want) > 1e-4 {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func nearNumber(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-4 {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// TestLabelsAreScored: figures of several labels are those of their definitions, for the ANN,
// whose answers are known, and the SNN is not better than it by chance where the labels are the
// ANN's own answers.
func TestLabelsAreScored(t *testing.T) {
	x := newTask(t, ended(several, "Sigmoid"), 2, 80)
	outputs := x.outputs(t)
	labels := make([][]float32, len(outputs))
	right, exact, answered, truth, both := 0, 0, [3]int{}, [3]int{}, [3]int{}
	for i, out := range outputs {
		labels[i] = make([]float32, 3)
		all := true
		for k, p := range out {
			decision := p > 0.5
			label := decision != (k == i%7)
			if label {
				labels[i][k] = 1
				truth[k]++
			}
			if decision {
				answered[k]++
				if label {
					both[k]++
				}
			}
			all = all && label == decision
			if label == decision {
				right++
			}
		}
		if all {
			exact++
		}
	}
	r, err := x.against(t, labels, eval.TaskAuto)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Task.Is(eval.TaskMultiLabel) || !r.Labelled {
		t.Fatalf("%s, labelled %v", r.Task, r.Labelled)
	}
	near(t, "exact match", r.ANN.ExactMatch, 100*float64(exact)/80)
	near(t, "label accuracy", r.ANN.LabelAccuracy, 100*float64(right)/240)
	sum, macro, mean := [2]float64{}, 0.0, 0.0
	for k := range 3 {
		sum[0] += 2 * float64(both[k])
		sum[1] += float64(answered[k] + truth[k])
		macro += 2 * float64(both[k]) / float64(answered[k]+truth[k]) / 3
		// the precision at the place of each true label, of those that score as much or more
		for i := range outputs {
			if labels[i][k] == 0 {
				continue
			}
			before, hits := 0, 0
			for j := range outputs {
				if outputs[j][k] >= outputs[i][k] {
					before++
					hits += int(labels[j][k])
				}
			}
			mean += float64(hits) / float64(before) / float64(truth[k]) / 3
		}
	}
	nearNumber(t, "micro F1", r.ANN.MicroF1, sum[0]/sum[1])
	nearNumber(t, "macro F1", r.ANN.MacroF1, macro)
	nearNumber(t, "mAP", r.ANN.MeanPrecision, mean)
	near(t, "delta", r.Delta, float64(*r.SNN.LabelAccuracy-*r.ANN.LabelAccuracy))
	if ci := *r.DeltaCI95; ci[0] >= *r.Delta || ci[1] <= *r.Delta {
		t.Errorf("interval %v of %v", ci, *r.Delta)
	}
	for i, out := range outputs {
		for k, p := range out {
			labels[i][k] = float32(math.Round(float64(p)))
		}
	}
	if r, err = x.against(t, labels, eval.TaskAuto); err != nil {
		t.Fatal(err)
	}
	near(t, "by its own answers", r.ANN.ExactMatch, 100)
	near(t, "the SNN", r.SNN.LabelAccuracy, float64(r.Agreement))
	labels[3][1] = 0.4
	if _, err := x.against(t, labels, eval.TaskAuto); err == nil || !strings.Contains(err.Error(), "sample 3: label 1 is 0.4") {
		t.Errorf("got %v", err)
	}
}

// TestPixelLabels: maps of classes and of 0 and 1 are compared with, pixels of 255 left out.
func TestPixelLabels(t *testing.T) {
	x := newTask(t, pixels, 2, 40)
	outputs := x.outputs(t)
	maps, marks := make([][]float32, len(outputs)), make([][]float32, len(outputs))
	both, either := [3]int{}, [3]int{}
	for i, out := range outputs {
		maps[i], marks[i] = make([]float32, 16), make([]float32, 48)
		for p := range 16 {
			best := 0
			for c := range 3 {
				if out[16*c+p] > out[16*best+p] {
					best = c
				}
			}
			label := best
			if p%4 == 1 {
				label = (best + 1) % 3
			}
			maps[i][p] = float32(label)
			marks[i][16*label+p] = 1
			if p == 3 {
				maps[i][p] = 255
				continue
			}
			either[best]++
			if label == best {
				both[best]++
			} else {
				either[label]++
			}
		}
	}
	want := 0.0
	for c := range 3 {
		want += 100 * float64(both[c]) / float64(either[c]) / 3
	}
	r, err := x.against(t, maps, eval.TaskAuto)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "pixel accuracy", r.ANN.PixelAccuracy, 100*11.0/15)
	near(t, "mIoU", r.ANN.TrueMeanIoU, want)
	near(t, "delta", r.Delta, float64(*r.SNN.PixelAccuracy-*r.ANN.PixelAccuracy))
	if r, err = x.against(t, marks, eval.TaskAuto); err != nil {
		t.Fatal(err)
	}
	near(t, "pixel accuracy by 0 and 1", r.ANN.PixelAccuracy, 75)
	maps[5][7] = 3
	if _, err := x.against(t, maps, eval.TaskAuto); err == nil || !strings.Contains(err.Error(), "sample 5: pixel 7 is labelled 3, the model has the classes 0 to 2") {
		t.Errorf("got %v", err)
	}
	marks[5][7], marks[5][7+16] = 1, 1
	if _, err := x.against(t, marks, eval.TaskAuto); err == nil || !strings.Contains(err.Error(), "the labels of pixel 7 are not one 1") {
		t.Errorf("got %v", err)
	}
}

// TestMaskLabels: in masks of a single class 255 is that class, unless 1 is.
func TestMaskLabels(t *testing.T) {
	x := newTask(t, mask, 4, 20)
	masks := make([][]float32, 20)
	for i, out := range x.outputs(t) {
		masks[i] = make([]float32, 16)
		for p, v := range out {
			if v > 0.5 {
				masks[i][p] = 255
			}
		}
	}
	r, err := x.against(t, masks, eval.TaskAuto)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "pixel accuracy", r.ANN.PixelAccuracy, 100)
	near(t, "mIoU", r.ANN.TrueMeanIoU, 100)
	for p := range masks[7] {
		masks[7][p] = 1
	}
	if _, err := x.against(t, masks, eval.TaskAuto); err == nil || !strings.Contains(err.Error(), "both 1 and 255") {
		t.Errorf("got %v", err)
	}
}

// TestValuesAreScored: R² and relative error against labels are those of their definitions.
func TestValuesAreScored(t *testing.T) {
	x := newTask(t, several, 3, 60)
	outputs := x.outputs(t)
	values := make([][]float32, len(outputs))
	var mean [3]float64
	for i, out := range outputs {
		values[i] = make([]float32, 3)
		for k, y := range out {
			values[i][k] = y + 0.05*float32(i%5) - 0.1
			mean[k] += float64(values[i][k]) / 60
		}
	}
	diff, norm, all := 0.0, 0.0, 0.0
	for i, out := range outputs {
		for k, y := range out {
			v := float64(values[i][k])
			diff += (float64(y) - v) * (float64(y) - v)
			norm += v * v
			all += (v - mean[k]) * (v - mean[k])
		}
	}
	r, err := x.against(t, values, eval.TaskRegression)
	if err != nil {
		t.Fatal(err)
	}
	nearNumber(t, "R²", r.ANN.TrueR2, 1-diff/all)
	nearNumber(t, "relative error", r.ANN.TrueError, math.Sqrt(diff/norm))
	if r.Delta != nil || !r.Labelled || *r.SNN.TrueR2 == *r.ANN.TrueR2 {
		t.Errorf("delta %v, labelled %v, R² of the SNN %v", r.Delta, r.Labelled, *r.SNN.TrueR2)
	}
}
