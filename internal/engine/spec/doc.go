// Package spec is the specification of spiking networks as a program: read it to
// understand what a network computes. It runs float networks in float32 and integer
// networks in int32, layer by layer, and holds every output; package runtime uses it for
// float networks and traces, the byte engine for what it has no kernels for.
//
// A layer's operator (conv, dense, sum, product, sumpool, maxpool, concat, gather) turns the outputs
// of earlier layers in a step into a current, or moves levels. Its neurons turn the
// currents of all steps into levels by a rule. The rules are in one file each: rate, signed,
// refine, capped, waiting, increment and analog; neuron.go has their table, and
// internal/facts says which one applies. Float and integer networks follow the same rules;
// the files floats and integers say how parameters enter each arithmetic.
package spec
