package eval

import (
	"context"
	"fmt"

	"ann2snn/calibrate"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// noteworthyDensity is the largest share that is noted: only kernels for few spikes use it.
const noteworthyDensity = 0.25

// measureDensity runs an integer network on all samples of a source and notes, for layers
// where it is low, the share of groups of four channels that hold a spike. It leaves float
// networks alone.
func measureDensity(ctx context.Context, n *snn.Network, samples calibrate.Source) error {
	if !n.Integer {
		return nil
	}
	plan, err := runtime.Compile(ctx, n)
	if err != nil {
		return err
	}
	session := plan.NewSession(runtime.SessionOptions{Trace: true})
	sample, out := make([]float32, plan.InLen()), make([]float32, plan.OutLen())
	used, all := make([]int, len(n.Layers)), make([]int, len(n.Layers))
	for i := range samples.Len() {
		if _, err := samples.Sample(i, sample); err != nil {
			return fmt.Errorf("eval: %s: %w", calibrate.NameOf(samples, i), err)
		}
		if _, err := session.Run(ctx, out, sample); err != nil {
			return err
		}
		for layer := range n.Layers {
			if channels := n.Layers[layer].Shape.C; channels%4 == 0 {
				if err := countGroups(session, layer, n.Steps, &used[layer], &all[layer]); err != nil {
					return err
				}
			}
		}
	}
	for layer := range n.Layers {
		n.Layers[layer].Density = 0
		if share := float32(used[layer]) / float32(max(1, all[layer])); share <= noteworthyDensity {
			n.Layers[layer].Density = share
		}
	}
	return nil
}

// countGroups counts the groups of four levels of a layer, and those with a spike.
func countGroups(s *runtime.Session, layer, steps int, used, all *int) error {
	for step := 1; step <= steps; step++ {
		levels, err := s.Levels(layer, step)
		if err != nil {
			return err
		}
		for ; len(levels) > 0; levels = levels[4:] {
			if levels[0]|levels[1]|levels[2]|levels[3] != 0 {
				*used++
			}
			*all++
		}
	}
	return nil
}
