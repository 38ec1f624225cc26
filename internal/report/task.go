package report

import (
	"fmt"
	"strconv"
	"strings"

	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
)

// accuracyRow is a network, or the spiking one after a step, with what it comes to.
type accuracyRow struct {
	name string
	eval.Accuracy
	eval.Likeness
	agreement eval.Percent // with the ANN
}

func accuracyRows(r *eval.Result) []accuracyRow {
	b := &r.Baseline
	rows := []accuracyRow{
		{"ANN", r.ANN, eval.Likeness{}, eval.NoPercent()},
		{b.Name, b.Accuracy, b.Likeness, b.Agreement},
	}
	for _, s := range r.SNN.ByStep[:len(r.SNN.ByStep)-1] {
		if r.SNN.Latency > r.SNN.Steps {
			break // neurons wait: these are steps of the last layer alone
		}
		rows = append(rows, accuracyRow{fmt.Sprintf("SNN read out after step %d", s.Step), s.Accuracy, s.Likeness, s.Agreement})
	}
	rows = append(rows, accuracyRow{"SNN", r.SNN.Accuracy, r.SNN.Likeness, r.Agreement})
	if e := r.EarlyExit; e != nil {
		rows = append(rows, accuracyRow{"SNN with an early exit", e.Accuracy, eval.Likeness{}, e.Agreement})
	}
	return rows
}

// accuracyColumn is a figure by which networks are compared.
type accuracyColumn struct {
	name string
	cell func(accuracyRow) string
}

// columnsOf lists the figures of a task.
func columnsOf(r *eval.Result) []accuracyColumn {
	agreement := func(x accuracyRow) string { return x.agreement.String() }
	switch {
	case r.Task.Is(eval.TaskClassification):
		return []accuracyColumn{
			{"top-1 %", func(x accuracyRow) string { return percent(x.Top1) }},
			{"top-5 %", func(x accuracyRow) string { return percent(x.Top5) }},
			{"agrees with ANN %", agreement},
		}
	case r.Task.Is(eval.TaskBinary):
		return []accuracyColumn{
			{"accuracy %", func(x accuracyRow) string { return percent(x.Top1) }},
			{"AUC", func(x accuracyRow) string { return number(x.AUC) }},
			{"same decision as ANN %", agreement},
		}
	case r.Task.Is(eval.TaskMultiLabel):
		columns := []accuracyColumn{{"same decisions as ANN %", agreement}}
		if r.Labelled {
			columns = append([]accuracyColumn{
				{"exact match %", func(x accuracyRow) string { return percent(x.ExactMatch) }},
				{"label accuracy %", func(x accuracyRow) string { return percent(x.LabelAccuracy) }},
				{"micro F1", func(x accuracyRow) string { return number(x.MicroF1) }},
				{"macro F1", func(x accuracyRow) string { return number(x.MacroF1) }},
				{"mAP", func(x accuracyRow) string { return number(x.MeanPrecision) }},
			}, columns...)
		}
		return columns
	case r.Task.Is(eval.TaskPixels):
		if r.Labelled {
			return []accuracyColumn{
				{"pixel accuracy %", func(x accuracyRow) string { return percent(x.PixelAccuracy) }},
				{"mIoU with labels %", func(x accuracyRow) string { return percent(x.TrueMeanIoU) }},
				{"pixels with the ANN's class %", agreement},
				{"mIoU with ANN %", func(x accuracyRow) string { return percent(x.MeanIoU) }},
			}
		}
		return []accuracyColumn{
			{"pixels with the ANN's class %", agreement},
			{"mIoU %", func(x accuracyRow) string { return percent(x.MeanIoU) }},
		}
	}
	var columns []accuracyColumn
	if r.Labelled {
		columns = []accuracyColumn{
			{"R² with labels", func(x accuracyRow) string { return number(x.TrueR2) }},
			{"relative error with labels", func(x accuracyRow) string { return number(x.TrueError) }},
		}
	}
	columns = append(columns, []accuracyColumn{
		{"R²", func(x accuracyRow) string { return number(x.R2) }},
		{"relative error", func(x accuracyRow) string { return number(x.RelativeError) }},
	}...)
	if r.SNN.Cosine != nil { // a single output has none
		columns = append(columns, accuracyColumn{"cosine", func(x accuracyRow) string { return number(x.Cosine) }})
	}
	return columns
}

// number writes x with four decimals, or a dash where there is none.
func number(x *float64) string {
	if x == nil {
		return absent
	}
	return strconv.FormatFloat(*x, 'f', 4, 64)
}

// task says what the output is taken for.
func task(r *eval.Result) string {
	return "Task: " + escape.Terminal(r.Task.String()) + "; --task names another"
}

// verdict states the difference with its uncertainty, of classifiers where there are labels.
func verdict(r *eval.Result) string {
	switch {
	case r.Task.ByValue() && r.Labelled:
		return "SNN against the labels: R² " + number(r.SNN.TrueR2) + ", the ANN " + number(r.ANN.TrueR2) + "; SNN against ANN: R² " + number(r.SNN.R2) + ", relative error " + number(r.SNN.RelativeError)
	case r.Task.ByValue():
		return "SNN against ANN: R² " + number(r.SNN.R2) + ", relative error " + number(r.SNN.RelativeError)
	case r.Delta != nil:
		return difference(r) + flips(r)
	case r.Task.Is(eval.TaskBinary):
		return "no labels" + flips(r) + "; R² of the outputs " + number(r.SNN.R2)
	}
	return "SNN against ANN" + strings.Replace(flips(r), ";", ":", 1)
}

// against begins what is said of a difference.
const against = "SNN against ANN: "

// difference is that of the accuracies.
func difference(r *eval.Result) string {
	ci := *r.DeltaCI95
	of := ""
	switch {
	case r.Task.Is(eval.TaskMultiLabel):
		of = "of label accuracy "
	case r.Task.Is(eval.TaskPixels):
		of = "of pixel accuracy "
	}
	text := fmt.Sprintf(against+"delta "+of+"%s points (95 %% interval %s to %s, paired over %d samples)",
		r.Delta.Signed(), ci[0].Signed(), ci[1].Signed(), r.Samples)
	switch e := r.Equivalence; e.Verdict {
	case eval.Within:
		text += fmt.Sprintf("; no difference is shown: it is within ±%g points", float64(e.Bound))
	case eval.TooFew:
		text += fmt.Sprintf("; too few samples: about %d would settle ±%g points", e.Needed, float64(e.Bound))
	}
	return text
}

// flips counts the decisions that changed; nothing for classification.
func flips(r *eval.Result) string {
	if r.Task == nil || r.Task.Flips == nil {
		return ""
	}
	what := "decisions flip"
	if r.Task.Is(eval.TaskPixels) {
		what = "pixels have another class"
	}
	return fmt.Sprintf("; %d of %d %s (%s %%)", *r.Task.Flips, r.Task.Decisions, what, 100-r.Agreement)
}

// card is a figure at the top of the page.
type card struct {
	Title, Value, Note string
	Main               bool
}

// taskCards shows the figures of the spiking network, each beside those of the others.
func taskCards(r *eval.Result) []card {
	var cards []card
	rows := accuracyRows(r)
	for i, c := range columnsOf(r) {
		shown := card{Title: "SNN, " + c.name, Main: i == 0}
		for k, row := range rows {
			value := c.cell(row)
			switch {
			case row.name == "SNN":
				shown.Value = value
			case k < 2 && value != absent:
				shown.Note += row.name + " " + value + "; "
			}
		}
		shown.Note = strings.TrimSuffix(shown.Note, "; ")
		if shown.Value != absent {
			cards = append(cards, shown)
		}
	}
	return cards
}
