package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ann2snn"
	"ann2snn/internal/dataset"
	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
	"ann2snn/internal/report"
	"ann2snn/ir"
	"ann2snn/preprocess"
)

// doctorOptions are the flags of doctor.
type doctorOptions struct {
	model modelFlags
	data  dataFlags
	task  taskFlag
}

func (a *app) doctorCommand() *cobra.Command {
	o := &doctorOptions{}
	o.data.warn = a.warn
	cmd := &cobra.Command{
		Use:   "doctor MODEL.onnx",
		Short: "Find the preprocessing that a model was trained with",
		Long: `Run a model on labelled pictures with the preprocessing that is given, or with pixels of 0 to
255, and with others: both orders of channels, other scales and normalisations, and, where
pictures are larger than the model's input, other ways to reduce them. The table says how many
answers are right with each. At most 400 samples are taken, fewer where the answer is clear.`,
		Example: "  ann2snn doctor model.onnx --data labelled/\n  ann2snn doctor model.onnx --data labelled/ --preprocess imagenet",
		Args:    argsBetween(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.data.path == "" {
				return usagef("doctor needs --data")
			}
			return a.doctor(cmd.Context(), args[0], o)
		},
	}
	fs := cmd.Flags()
	o.model.register(fs)
	o.data.register(fs, "to look at; they need labels")
	o.task.register(fs)
	return cmd
}

// diagnosed is the JSON of doctor.
type diagnosed struct {
	Model string `json:"model"`
	Data  string `json:"data"`
	*eval.Diagnosis
	Flags   []string `json:"flags"` // that give the preprocessing of each trial
	Remarks []string `json:"remarks"`
}

func (a *app) doctor(ctx context.Context, path string, o *doctorOptions) (err error) {
	m, err := o.model.load(ctx, path)
	if err != nil {
		return err
	}
	shape, err := m.InputShape()
	if err != nil {
		return err
	}
	o.data.outputs = classesOf(m.Graph())
	if o.data.values, err = o.task.takesValues(m.Graph()); err != nil {
		return err
	}
	given := o.data.preprocess.Given()
	if len(given) == 0 {
		o.data.preprocess.Preset, o.data.assumed = "raw", true
	}
	set, err := o.data.openForDoctor(ctx, shape)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	a.tell(set)
	if err := o.task.settle(a, set, m.Graph()); err != nil {
		return err
	}
	d, err := a.diagnose(ctx, m.Graph(), shape, set, o.task.value, true)
	if errors.Is(err, eval.ErrNoLabels) {
		return hintf(fmt.Errorf("%s: %w", o.data.path, err), "labels come from folders of classes, labels.txt, IDX and CIFAR files and the array y of an .npz; --task says what the model does")
	}
	if err != nil {
		return err
	}
	r := &diagnosed{Model: path, Data: o.data.path, Diagnosis: d, Remarks: remarks(d, forArrays(set))}
	if d.Better != nil && len(given) == 0 {
		r.Remarks = []string{"best: " + preprocessFlags(d.Better.Preprocess, len(shape) == 1) + forArrays(set)}
	}
	for _, t := range d.Trials {
		r.Flags = append(r.Flags, preprocessFlags(t.Preprocess, len(shape) == 1))
	}
	mark := ""
	switch {
	case len(given) > 0:
		mark = "given"
	case !set.HasPictures():
		mark = "the array" // as it is
	}
	return a.printDiagnosis(r, mark)
}

// openForDoctor opens samples with the given preprocessing. Where none is given, pictures that
// do not have the size of the model's input are reduced to it.
func (f *dataFlags) openForDoctor(ctx context.Context, shape []int) (*dataset.Set, error) {
	if !f.assumed {
		return f.open(ctx, shape, nil)
	}
	look := *f
	look.skipBad = false // pictures that are too small as they are can be read once they are resized
	set, err := look.open(ctx, shape, nil)
	if err != nil {
		return nil, err
	}
	side, err := f.sideOfOthers(set, shape)
	if err = errors.Join(err, set.Close()); err != nil {
		return nil, err
	}
	if side > 0 {
		f.preprocess.Resize = strconv.Itoa(side)
	}
	return f.open(ctx, shape, nil)
}

// sideOfOthers is the larger side of the model's input where some pictures have another size, 0
// where none has.
func (f *dataFlags) sideOfOthers(set *dataset.Set, shape []int) (int, error) {
	if !set.HasPictures() {
		return 0, nil
	}
	in, err := set.Preprocess().Input(shape)
	if err != nil {
		return 0, err
	}
	for i := range min(sizesToSee, set.Len()) {
		img, _, err := set.Picture(i)
		switch {
		case err != nil && f.skipBad:
		case err != nil:
			return 0, err
		case img.Bounds().Dx() != in.W || img.Bounds().Dy() != in.H:
			return max(in.W, in.H), nil
		}
	}
	return 0, nil
}

// sizesToSee is of how many pictures the size tells whether they have that of the model's input.
const sizesToSee = 16

// printDiagnosis prints the table; mark stands at the preprocessing that there is already.
func (a *app) printDiagnosis(r *diagnosed, mark string) error {
	if a.json {
		return report.JSON(a.stdout, r)
	}
	fmt.Fprintf(a.stdout, "%s on labelled samples of %s; guesses would be right on %s %%\n\n", escape.Terminal(r.Model), escape.Terminal(r.Data), r.Chance)
	if len(r.Trials) > 0 {
		g := &report.Grid{Columns: []string{">right %", ">of samples", "", "preprocessing", "flags"}}
		for i, t := range r.Trials {
			here := ""
			if t.Given {
				here = mark
			}
			words := t.Preprocess
			words.Preset, words.Layout = "", ""
			g.Add(t.Accuracy.String(), strconv.Itoa(t.Samples), here, words.String(), r.Flags[i])
		}
		if err := g.Write(a.stdout, a.style()); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.stdout, "%s %% of %d are right. They are no pictures, nor made of pixels as is customary: no other preprocessing was tried\n", r.Given.Accuracy, r.Given.Samples)
	}
	for _, text := range r.Remarks {
		fmt.Fprintf(a.stdout, "\n%s\n", escape.Terminal(text))
	}
	return nil
}

// diagnose looks at the labelled samples of a set.
func (a *app) diagnose(ctx context.Context, g *ir.Graph, shape []int, set *dataset.Set, task eval.Task, thorough bool) (d *eval.Diagnosis, err error) {
	o := eval.DiagnoseOptions{
		Graph: g, Task: task, Source: set, Given: set.Preprocess(), Shape: shape, Thorough: thorough, Workers: a.workers(),
	}
	if set.HasPictures() {
		o.Pictures = set
	} else if pixels, spec, ok := set.MadeOf(shape); ok {
		o.Pictures, o.Given = pixels, spec
	}
	return eval.Diagnose(ctx, o)
}

// doubtInputs says what is doubtful about labelled samples and their preprocessing: that another
// one would fit the model better, that its answers are guesses, that labels count from 1.
// again is how to mend a preprocessing that is stored already.
func (a *app) doubtInputs(ctx context.Context, g *ir.Graph, shape []int, set *dataset.Set, task eval.Task, again string) ([]string, error) {
	if !set.Labelled() {
		return nil, nil
	}
	d, err := a.diagnose(ctx, g, shape, set, task, false)
	if errors.Is(err, eval.ErrNoLabels) {
		return nil, nil
	}
	if label := (*eval.LabelError)(nil); errors.As(err, &label) {
		a.warn("%s", label)
		return []string{label.Error()}, nil
	}
	if err != nil {
		return nil, err
	}
	all := remarks(d, forArrays(set)+again)
	for _, text := range all {
		a.warn("%s", text)
	}
	return all, nil
}

// doubtSamples is doubtInputs for the samples of a conversion.
func (a *app) doubtSamples(ctx context.Context, m *ann2snn.Model, in *ann2snn.Samples, task eval.Task) ([]string, error) {
	set, ok := in.Source.(*dataset.Set)
	if !ok {
		return nil, nil
	}
	shape, err := m.InputShape()
	if err != nil {
		return nil, err
	}
	return a.doubtInputs(ctx, m.Graph(), shape, set, task, "")
}

// forArrays says how an array gets a preprocessing that suits the model.
func forArrays(set *dataset.Set) string {
	kind := set.ArrayType()
	if kind == "" || kind == "uint8" {
		return ""
	}
	return fmt.Sprintf("; arrays of %s are taken as they are: make them so, or give the pixels of 0..255 as an array of uint8", kind)
}

// remarks are what a diagnosis finds, in words.
func remarks(d *eval.Diagnosis, again string) []string {
	all := []string{}
	right := func(t eval.Trial) string {
		return fmt.Sprintf("%s %% of %d labelled samples", t.Accuracy, t.Samples)
	}
	if b := d.Better; b != nil {
		better := b.Preprocess
		better.Preset, better.Layout = "", ""
		text := fmt.Sprintf("the preprocessing is doubtful: the model answers %s rightly with it, and would %s %% with %s (%s)",
			right(d.Given), b.Accuracy, preprocessFlags(b.Preprocess, false), better)
		return append(all, text+again)
	}
	if d.Shift != 0 {
		return append(all, fmt.Sprintf("the labels are doubtful: the model answers %s rightly, and %d of %d if the labels are changed by %+d: do they count from %d?",
			right(d.Given), d.ShiftedRight, d.Given.Samples, d.Shift, max(0, -d.Shift)))
	}
	if d.NearChance {
		all = append(all, fmt.Sprintf("the model answers %s rightly, which is no better than guessing (%s %%): are labels, their order, and the preprocessing those that it was trained with?",
			right(d.Given), d.Chance))
	}
	return all
}

// preprocessFlags are the flags that give a preprocessing.
func preprocessFlags(s preprocess.Spec, layout bool) string {
	p, err := preprocess.Preset("raw")
	if err != nil {
		panic(err) // there is such a preset
	}
	for _, name := range preprocess.Presets() {
		if q, err := preprocess.Preset(name); err == nil && q.Scale == s.Scale && slices.Equal(q.Mean, s.Mean) && slices.Equal(q.Std, s.Std) {
			p = q
			if q.Resize == s.Resize {
				break
			}
		}
	}
	flags := []string{"--preprocess " + p.Preset}
	add := func(differs bool, name, value string) {
		if differs {
			flags = append(flags, "--"+name+" "+value)
		}
	}
	add(p.Scale != s.Scale, "scale", factor(s.Scale))
	add(!slices.Equal(p.Mean, s.Mean), "mean", commas(s.Mean))
	add(!slices.Equal(p.Std, s.Std), "std", commas(s.Std))
	add(s.Channels != p.Channels, "channels", s.Channels)
	add(s.Resize != p.Resize, "resize", strconv.Itoa(s.Resize))
	add(s.Crop != 0, "crop", strconv.Itoa(s.Crop))
	add(layout && s.Layout == preprocess.NHWC, "layout", s.Layout)
	return strings.Join(flags, " ")
}

// factor writes a scale, as a fraction where it is one.
func factor(scale float64) string {
	for _, whole := range []int{255, 256, 127} {
		if scale == 1/float64(whole) {
			return "1/" + strconv.Itoa(whole)
		}
	}
	return strconv.FormatFloat(scale, 'g', -1, 64)
}

func commas(values []float64) string {
	var all []string
	for _, v := range values {
		all = append(all, strconv.FormatFloat(v, 'g', -1, 64))
	}
	return strings.Join(all, ",")
}
