// Package plan decides what a spiking network looks like before it has numbers: which
// layers it has, where neurons stand, and which value of the trained network each layer
// stands for. It needs no data.
//
// [New] goes through the nodes of a graph. The table of rules (rules.go) has a function for
// each operator, in the file of the operator's name or in one that several operators share;
// it adds layers, moves elements without a layer (value.go), puts neurons on layers that
// are there (neuron.go), or says why the node cannot be converted. [Classify] reports what
// became of each node.
//
// Every weighted layer reads spikes. Where the trained network hands a weighted layer a
// value that no activation made, neurons with the identity as activation are put on the
// layer that produces it; only the analog input is exempt.
//
// # For the packages that read a plan
//
// Layers are in topological order; Index is their place. Package fill builds them in this
// order, and looks at Op, In, Shape and Neuron. Package fit also looks at what a layer
// stands for: Source is the trained network's value for the layer's output, Current the one
// for its current, and Place gives the places of the elements of both in the layer. [Weighted]
// is all that a fit knows of operators with weights.
//
// A plan holds no numbers but those of the trained network. Two things change it after New:
// [Plan.AddGates], before anything is filled in, and [Layer.RemoveGate] with
// [Plan.DropUnread], for gates that a fit leaves out.
//
// Errors begin with "convert:", the name under which users know the package.
package plan
