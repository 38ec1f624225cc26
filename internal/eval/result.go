package eval

// Result is the outcome of a comparison. Its JSON fields are part of the command line's
// contract: they may be added to, never renamed. Counts of operations are means per
// sample, accuracies and agreements percentages of the samples.
type Result struct {
	Samples  int    `json:"samples"`
	Task     *Found `json:"task,omitempty"` // absent for classification
	Labelled bool   `json:"labelled"`       // without labels there are no accuracies
	// Overlap says how many of the samples the network was calibrated on; Compare leaves it to
	// the caller.
	Overlap *Overlap `json:"overlap,omitempty"`
	// Doubts are about labels and preprocessing; Compare leaves them to the caller.
	Doubts []string `json:"doubts,omitempty"`
	// Next is a command that helps, where something is wrong; Compare leaves it to the caller.
	Next string   `json:"next,omitempty"`
	ANN  Accuracy `json:"ann"`
	SNN  Spiking  `json:"snn"`

	// Delta is the top-1 of the SNN less that of the ANN, in points; of several labels for a sample it
	// is that of the label accuracies, of pixels that of their accuracies, each as a mean over the samples.
	Delta     *Percent    `json:"delta,omitempty"`
	DeltaCI95 *[2]Percent `json:"delta_ci95,omitempty"` // of the paired difference
	// Equivalence says what these show, where there are labels.
	Equivalence *Equivalence `json:"equivalence,omitempty"`
	// Agreement is the share of the samples with the same top-1 class, or, in other tasks, of
	// the decisions or pixels that are the same. It is absent where answers are values.
	Agreement Percent `json:"agreement,omitzero"`

	EarlyExit *EarlyExit `json:"early_exit,omitempty"`

	Baseline Baseline `json:"baseline"`
	// Layers holds every layer of the spiking network but its input. Relative errors
	// are measured on ErrorSamples samples, drawn from all; all else on all samples.
	Layers       []Layer    `json:"layers"`
	ErrorSamples int        `json:"error_samples"`
	Why          []Why      `json:"why"`   // of the layers with neurons, on the same samples
	Worst        []string   `json:"worst"` // layers that add most by weights, clipping, rounding and uneven arrival
	Ops          Ops        `json:"ops"`
	Energy       Energy     `json:"energy"`
	Traffic      Traffic    `json:"traffic"`
	NeuroBench   NeuroBench `json:"neurobench"`
	Time         Time       `json:"time"`
	Origin       Origin     `json:"origin"`

	// What Check and Against need.
	OutputError *float64  `json:"-"` // the relative error of the output layer; nil where it is unknown
	Decisions   int       `json:"-"` // of a sample
	Outcomes    []Outcome `json:"-"` // of the first samples
}

// Accuracy counts right answers. Top1 is absent without labels, Top5 also where there
// are fewer than six classes.
type Accuracy struct {
	Top1 *Percent `json:"top1,omitempty"`
	Top5 *Percent `json:"top5,omitempty"`
	AUC  *float64 `json:"auc,omitempty"` // area under the ROC curve, of a binary decision
	Truth
}

// Share is the share of what is right by which networks are compared: of samples, or of labels or
// pixels where a sample has several; nil where there is none.
func (a *Accuracy) Share() *Percent {
	for _, p := range []*Percent{a.Top1, a.LabelAccuracy, a.PixelAccuracy} {
		if p != nil {
			return p
		}
	}
	return nil
}

// Spiking is the accuracy of the spiking network and its main settings.
type Spiking struct {
	Accuracy
	Likeness
	Format    string `json:"format"` // "m.n" of most layers
	Bits      int    `json:"bits"`   // of most layers
	Steps     int    `json:"steps"`
	Restim    string `json:"restim"`
	Rho       int    `json:"rho"`
	Weights   string `json:"weights"` // float32 or int8
	ByStep    []Step `json:"by_step"`
	Latency   int    `json:"latency_steps"` // until the complete answer; see snn.Network.Latency
	Saturated int64  `json:"saturated"`     // emissions per sample cut off at the largest level
}

// Step is the answer of the spiking network read out after so many steps.
type Step struct {
	Step int `json:"step"`
	Accuracy
	Likeness
	Agreement Percent `json:"agreement,omitzero"`
}

// Baseline is an ANN with the activations that the spiking network has.
type Baseline struct {
	Name string `json:"name"`
	Note string `json:"note"`
	Accuracy
	Likeness
	Agreement Percent `json:"agreement,omitzero"` // with the ANN
}

// Layer is one layer of the spiking network.
type Layer struct {
	Name string `json:"name"`
	Op   string `json:"op"`

	Neurons int64   `json:"neurons"`
	Bits    int     `json:"bits"`
	Rate    float64 `json:"rate"`   // spikes per neuron and step
	Zero    float64 `json:"zero"`   // share of emissions that are zero
	Spikes  int64   `json:"spikes"` // nonzero emissions

	// RelativeError is |snn-ann|/|ann| of the layer's values, 2-norms over the whole
	// layer and all samples measured; absent where no ANN value corresponds.
	RelativeError *float64 `json:"relative_error,omitempty"`

	SOPs    int64 `json:"sops"`     // events that arrive, times synapses
	BitSOPs int64 `json:"bit_sops"` // the same, each event counted by its set bits
	MACs    int64 `json:"macs"`     // spent by the SNN on an analog input
	ANNMACs int64 `json:"ann_macs"` // spent by the ANN in the same place
}

// Ops sums the operations of all layers, first and last included.
type Ops struct {
	ANNMACs    int64 `json:"ann_macs"`
	SNNSOPs    int64 `json:"snn_sops"`
	SNNBitSOPs int64 `json:"snn_bit_sops"`
	SNNMACs    int64 `json:"snn_macs"` // on the analog input
	Updates    int64 `json:"snn_membrane_updates"`
}

// Time is wall-clock time of one sample, as Note says.
type Time struct {
	Note string  `json:"note"`
	ANN  float64 `json:"ann_ms_per_sample"`
	SNN  float64 `json:"snn_ms_per_sample"`
	// With an early exit: the mean over the samples of such medians, and SNN once more.
	Early   float64 `json:"snn_early_exit_ms_per_sample,omitempty"`
	Whole   float64 `json:"snn_all_steps_ms_per_sample,omitempty"`
	Threads int     `json:"threads"` // 1
	CPU     string  `json:"cpu"`
}

// Origin says what was compared; Compare leaves it to the caller.
type Origin struct {
	Tool    string `json:"tool"` // version of the program that compared
	Command string `json:"command"`
	Model   string `json:"model"`
	SHA256  string `json:"sha256"`
	Outputs
	Network     string       `json:"network,omitempty"` // the .snn file, absent when converted on the fly
	Data        string       `json:"data"`
	Calibration *Calibration `json:"calibration,omitempty"`
}
