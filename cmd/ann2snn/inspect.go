package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/budget"
	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
	"ann2snn/internal/infile"
	"ann2snn/internal/report"
	"ann2snn/ir"
	"ann2snn/preprocess"
	"ann2snn/runtime"
	"ann2snn/snn"
)

func (a *app) inspectCommand() *cobra.Command {
	model := &modelFlags{}
	cmd := &cobra.Command{
		Use:   "inspect FILE",
		Short: "Show what is in an .onnx, .snn or profile file",
		Long: `Show what is in a file: layers, shapes, parameters and multiplications (MACs). For an ONNX
model, each node's class tells what conversion makes of it: spiking, linear (acts on
spikes as they are), host (computed on the result) or unsupported. Nodes that cannot be
read are listed too. The exit code is 1 where the model cannot be converted. Needs no data.`,
		Example: "  ann2snn inspect resnet20.onnx\n  ann2snn inspect --json demo.snn",
		Args:    argsBetween(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.inspect(cmd.Context(), args[0], model)
		},
	}
	model.register(cmd.Flags())
	return cmd
}

func (a *app) inspect(ctx context.Context, path string, model *modelFlags) error {
	kind, _, err := sniff(path)
	if err != nil {
		return err
	}
	ctx = a.forInspection(ctx)
	switch kind {
	case kindNetwork:
		return a.inspectNetwork(ctx, path)
	case kindProfile:
		return a.inspectProfile(ctx, path)
	}
	return a.inspectModel(ctx, path, model)
}

// modelInfo is the JSON of inspect for an ONNX model.
type modelInfo struct {
	Kind       string       `json:"kind"`
	File       string       `json:"file"`
	SHA256     string       `json:"sha256"`
	Producer   string       `json:"producer"`
	Opset      int          `json:"opset"`
	Inputs     []tensorInfo `json:"inputs"`
	Outputs    []tensorInfo `json:"outputs"`
	LeftOut    []string     `json:"left_out,omitempty"` // outputs that are not converted
	Parameters int64        `json:"parameters"`
	MACs       int64        `json:"macs"`
	Nodes      []nodeInfo   `json:"nodes"`
	Notes      []string     `json:"notes,omitempty"`  // of what is computed otherwise than the file says
	Faults     []string     `json:"faults,omitempty"` // of parameters, which keep the model from being converted
}

type tensorInfo struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
}

// nodeInfo is one node, after the passes have simplified the graph.
type nodeInfo struct {
	Name       string `json:"name"`
	Op         string `json:"op"`
	Shape      []int  `json:"shape"`
	Parameters int64  `json:"parameters"`
	MACs       int64  `json:"macs"`
	Class      string `json:"class"`
	Reason     string `json:"reason,omitempty"`
}

func (a *app) inspectModel(ctx context.Context, path string, model *modelFlags) error {
	model.survey = true
	m, err := model.load(ctx, path)
	if err != nil {
		return err
	}
	info := describeModel(ctx, filepath.Base(path), m)
	if a.json {
		return errors.Join(report.JSON(a.stdout, info), info.blocked(m))
	}
	fmt.Fprintf(a.stdout, "%s: ONNX, opset %d, %s\ninputs: %s\noutputs: %s\n%s parameters, %s MACs (products with padding not counted)\n\n",
		escape.Terminal(info.File), info.Opset, escape.Terminal(cmp.Or(info.Producer, "unknown producer")),
		tensorList(info.Inputs), tensorList(info.Outputs)+leftOut(info.LeftOut), report.Count(info.Parameters), report.Count(info.MACs))
	for _, n := range info.Notes {
		a.note("note: %s", n)
	}
	for _, f := range info.Faults {
		a.warn("the model cannot compute: %s", f)
	}
	return errors.Join(nodeGrid(info.Nodes).Write(a.stdout, a.style()), info.blocked(m))
}

// blocked is an error where the model cannot be converted as it is.
func (info *modelInfo) blocked(m *ann2snn.Model) error {
	n := 0
	for _, node := range info.Nodes {
		if node.Class == classUnsupported {
			n++
		}
	}
	switch why := m.Incomplete(); {
	case why != nil && n > 0:
		return fmt.Errorf("%s cannot be read or converted; what becomes of the others is not known: %w", eval.Plural(n, "node"), why)
	case why != nil:
		return fmt.Errorf("the model cannot be converted: %w", why)
	case n > 0:
		return fmt.Errorf("%s cannot be read or converted", eval.Plural(n, "node"))
	case len(info.Faults) > 0:
		return errors.New("the model cannot be converted with these parameters")
	}
	return nil
}

// classUnsupported is that of nodes that keep a model from being converted.
const classUnsupported = "unsupported"

// describeNodes says of every node what becomes of it. Where that is not known, it is known at
// least which nodes cannot be.
func describeNodes(ctx context.Context, m *ann2snn.Model) []nodeInfo {
	g := m.Graph()
	nodes := make([]nodeInfo, len(g.Nodes))
	for i := range g.Nodes {
		n := &g.Nodes[i]
		nodes[i] = nodeInfo{Name: g.Label(i), Op: n.Op.Kind(), Parameters: nodeWeights(g, n)}
		if foreign, ok := n.Op.(ir.Foreign); ok {
			nodes[i].Op, nodes[i].Class, nodes[i].Reason = foreign.Op, classUnsupported, foreign.Reason
		}
	}
	if m.Incomplete() != nil {
		return nodes
	}
	for i, c := range convert.Classify(ctx, g) {
		n := &g.Nodes[i]
		nodes[i].Shape, nodes[i].MACs = g.Type(n.Out[0]).Shape.Ints(), g.NodeMACs(n)
		nodes[i].Class, nodes[i].Reason = c.Class, c.Reason
	}
	return nodes
}

func describeModel(ctx context.Context, file string, m *ann2snn.Model) *modelInfo {
	g := m.Graph()
	info := &modelInfo{
		Kind: kindModel, File: file, SHA256: g.Source.SHA256, Producer: g.Source.Producer, Opset: g.Source.Opset,
		Inputs: tensors(g, g.Inputs), Outputs: tensors(g, g.Outputs), LeftOut: g.LeftOut,
		Parameters: eval.GraphWeights(g), Notes: g.Notes, Nodes: describeNodes(ctx, m),
	}
	if m.Incomplete() == nil {
		info.MACs = g.MACs()
	}
	if g.Mixed != "" {
		info.Notes = append(slices.Clip(info.Notes), g.Mixed)
	}
	for _, f := range m.Faults() {
		info.Faults = append(info.Faults, f.String())
	}
	return info
}

// nodeWeights counts the constant floats that a node reads.
func nodeWeights(g *ir.Graph, n *ir.Node) int64 {
	return eval.GraphWeights(&ir.Graph{Values: g.Values, Nodes: []ir.Node{*n}})
}

func tensors(g *ir.Graph, ids []ir.ValueID) []tensorInfo {
	list := make([]tensorInfo, len(ids))
	for i, id := range ids {
		list[i] = tensorInfo{g.Value(id).Name, g.Type(id).Shape.Ints()}
	}
	return list
}

func tensorList(list []tensorInfo) string {
	texts := make([]string, len(list))
	for i, t := range list {
		texts[i] = escape.Terminal(t.Name) + " " + dims(t.Shape)
	}
	return strings.Join(texts, ", ")
}

// leftOut lists the outputs that are not converted.
func leftOut(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; left out, unless --output names it: " + escape.Terminal(strings.Join(names, ", "))
}

func dims(shape []int) string {
	return strings.NewReplacer(" ", "x", "-1", "?").Replace(strings.Trim(fmt.Sprint(shape), "[]"))
}

func nodeGrid(nodes []nodeInfo) *report.Grid {
	g := &report.Grid{Columns: []string{"node", "op", "shape", ">parameters", ">MACs", "class", "reason"}}
	for _, n := range nodes {
		g.Add(n.Name, n.Op, dims(n.Shape), report.Count(n.Parameters), report.Count(n.MACs), n.Class, n.Reason)
	}
	return g
}

// networkInfo is the JSON of inspect for a spiking network.
type networkInfo struct {
	Kind       string          `json:"kind"`
	File       string          `json:"file"`
	Model      string          `json:"model"`
	SHA256     string          `json:"sha256"` // of the model
	Steps      int             `json:"steps"`
	Restim     string          `json:"restim"`
	Rho        int             `json:"rho"`
	Weights    string          `json:"weights"`
	Classes    int             `json:"classes"`
	Labels     []string        `json:"labels,omitempty"`
	Neurons    int             `json:"neurons"`
	Parameters int             `json:"parameters"`
	Memory     *runtime.Memory `json:"memory,omitempty"` // of a session, in an integer network
	Layers     []layerInfo     `json:"layers"`
	Host       []string        `json:"host,omitempty"`
	eval.Outputs
	Preprocess json.RawMessage `json:"preprocess,omitempty"`
	Record     json.RawMessage `json:"record,omitempty"`
}

type layerInfo struct {
	Name       string `json:"name"`
	Op         string `json:"op"`
	Shape      []int  `json:"shape"` // height, width, channels
	Neurons    int    `json:"neurons"`
	Format     string `json:"format,omitempty"`
	Signed     bool   `json:"signed,omitempty"`
	Parameters int    `json:"parameters"`
}

func (a *app) inspectNetwork(ctx context.Context, path string) error {
	n, err := loadNetwork(ctx, path)
	if err != nil {
		return err
	}
	info := describeNetwork(filepath.Base(path), n)
	if n.Integer {
		plan, err := runtime.Compile(ctx, n, a.plans...)
		switch {
		case errors.As(err, new(*budget.Error)):
			a.warn("what running takes is not known: %v", err)
		case err != nil:
			return err
		default:
			info.Memory = new(plan.Memory())
		}
	}
	if a.json {
		return report.JSON(a.stdout, info)
	}
	fmt.Fprintf(a.stdout, "%s: spiking network made from %s\n%s, re-stimulation %s, %s weights; %d outputs; %s neurons, %s parameters\n",
		escape.Terminal(info.File), escape.Terminal(info.Model), report.Steps(info.Steps), info.Restim, info.Weights,
		info.Classes, report.Count(info.Neurons), report.Count(info.Parameters))
	if len(info.Preprocess) > 0 {
		spec, err := preprocess.Parse(info.Preprocess)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "preprocessing: %s\n", escape.Terminal(spec.String()))
	}
	if text := eval.OutputsNote(info.Outputs); text != "" {
		fmt.Fprintln(a.stdout, escape.Terminal(text))
	}
	fmt.Fprintf(a.stdout, "calibration: %s\n", escape.Terminal(report.Calibration(eval.CalibrationOf(n))))
	if m := info.Memory; m != nil {
		fmt.Fprintf(a.stdout, "memory to run: %s bytes of weights, %s of activations at most\n", report.Count(m.Weights), report.Count(m.Activations))
	}
	if len(info.Host) > 0 {
		fmt.Fprintf(a.stdout, "on the host: %s\n", escape.Terminal(strings.Join(info.Host, ", ")))
	}
	fmt.Fprintln(a.stdout)
	return layerInfoGrid(info.Layers).Write(a.stdout, a.style())
}

func describeNetwork(file string, n *snn.Network) *networkInfo {
	info := &networkInfo{
		Kind: kindNetwork, File: file, Model: n.Meta.Model, SHA256: n.Meta.SHA256,
		Steps: n.Steps, Restim: n.Restim.String(), Rho: n.Rho, Weights: eval.WeightsName(n),
		Classes: n.Layers[n.Output].Shape.Len(), Labels: n.Meta.Labels,
		Preprocess: document(n.Meta.Preprocess), Record: document(n.Meta.Record),
	}
	for _, l := range n.Layers {
		out := layerInfo{
			Name: l.Name, Op: l.Op.Kind(), Shape: []int{l.Shape.H, l.Shape.W, l.Shape.C}, Parameters: l.Parameters(),
		}
		if l.Neuron != nil {
			out.Neurons, out.Signed = l.Shape.Len(), l.Neuron.Signed
			out.Format = eval.FormatName(l.Neuron.Format)
		}
		info.Neurons += out.Neurons
		info.Parameters += out.Parameters
		info.Layers = append(info.Layers, out)
	}
	info.Outputs = eval.OutputsOf(n)
	for _, h := range n.Host {
		info.Host = append(info.Host, h.Name)
	}
	return info
}

func layerInfoGrid(layers []layerInfo) *report.Grid {
	g := &report.Grid{Columns: []string{"layer", "op", "height x width x channels", ">neurons", ">format", ">parameters"}}
	for _, l := range layers {
		format := l.Format
		if l.Signed {
			format = "±" + format
		}
		g.Add(l.Name, l.Op, dims(l.Shape), report.Count(l.Neurons), format, report.Count(l.Parameters))
	}
	return g
}

func (a *app) inspectProfile(ctx context.Context, path string) error {
	p, err := loadProfile(ctx, path)
	if err != nil {
		return err
	}
	return a.printProfile(filepath.Base(path), p)
}

func loadProfile(ctx context.Context, path string) (*calibrate.Profile, error) {
	if err := expect(path, kindProfile); err != nil {
		return nil, err
	}
	b, err := infile.Read(ctx, path)
	if err != nil {
		return nil, err
	}
	p, err := calibrate.Read(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}
