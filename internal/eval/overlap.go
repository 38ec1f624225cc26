package eval

import (
	"context"

	"ann2snn/calibrate"
	"ann2snn/internal/sampleid"
	"ann2snn/snn"
)

// Overlap says which test samples a network was calibrated on: they prove nothing. The same
// picture is the same sample, whatever its file.
type Overlap struct {
	Known      bool `json:"known"`         // false: the network does not say what it was calibrated on
	Samples    int  `json:"samples"`       // that were looked at
	Calibrated int  `json:"calibrated_on"` // of these
	LeftOut    bool `json:"left_out"`      // they are not among those that were compared on
}

// Unseen parts samples, of so many values each, into those that a network was not calibrated on
// and the others. Where there are none of the others, or they are not known, unseen is source
// itself.
func Unseen(ctx context.Context, n *snn.Network, source calibrate.Source, size, workers int) (unseen, seen calibrate.Source, known bool, err error) {
	known = n.Meta.Calibrated != nil
	parts, err := split(ctx, n.Meta.Calibrated, source, size, workers)
	if err != nil {
		return nil, nil, known, err
	}
	unseen, seen = source, calibrate.Select(source, parts.listed)
	if len(parts.listed) > 0 {
		unseen = calibrate.Select(source, parts.others)
	}
	return unseen, seen, known, nil
}

type parts struct{ listed, others []int }

// split finds those samples of a source that are in a list.
func split(ctx context.Context, list sampleid.List, source calibrate.Source, size, workers int) (p parts, err error) {
	if len(list) == 0 {
		return p, nil
	}
	ids, err := calibrate.IDs(ctx, source, size, workers)
	if err != nil {
		return p, err
	}
	for i, id := range ids {
		if list.Has(id) {
			p.listed = append(p.listed, i)
		} else {
			p.others = append(p.others, i)
		}
	}
	return p, nil
}

// Without returns the samples of a source, of so many values each, that are not among those of
// another: a picture may occur twice in one set of data.
func Without(ctx context.Context, source, other calibrate.Source, size, workers int) (calibrate.Source, error) {
	ids, err := calibrate.IDs(ctx, other, size, workers)
	if err != nil {
		return nil, err
	}
	return Unlisted(ctx, sampleid.NewList(ids...), source, size, workers)
}

// Unlisted returns the samples of a source, of so many values each, that are not in a list.
func Unlisted(ctx context.Context, list sampleid.List, source calibrate.Source, size, workers int) (calibrate.Source, error) {
	p, err := split(ctx, list, source, size, workers)
	if err != nil || len(p.listed) == 0 {
		return source, err
	}
	return calibrate.Select(source, p.others), nil
}

// MarkCalibrated stores with a network the hashes of the samples that it was made of and chosen
// by: those of sources, of so many values each, and those that a profile knows of. Where the
// profile does not say which samples it was made of, nor does the network.
func MarkCalibrated(ctx context.Context, n *snn.Network, p *calibrate.Profile, size, workers int, sources ...calibrate.Source) error {
	n.Meta.Calibrated = nil
	var all []sampleid.ID
	if p != nil && !p.Synthetic {
		if p.Calibrated == nil {
			return nil
		}
		all = append(all, p.Calibrated...)
	}
	for _, s := range sources {
		ids, err := calibrate.IDs(ctx, s, size, workers)
		if err != nil {
			return err
		}
		all = append(all, ids...)
	}
	n.Meta.Calibrated = sampleid.NewList(all...)
	return nil
}
