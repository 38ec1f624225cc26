package snn

import "io"

// Encode writes a network as an .snn file. The same network gives the same bytes. The
// network is verified first.
func Encode(w io.Writer, n *Network) error {
	if err := n.Verify(); err != nil {
		return err
	}
	graph := &writer{data: new([]byte)}
	networkFields(graph, n)
	sections := []section{
		{kind: sectionGraph, critical: true, body: graph.buf},
		{kind: sectionData, critical: true, body: *graph.data},
		{kind: sectionPreprocess, body: n.Meta.Preprocess},
		{kind: sectionRecord, body: n.Meta.Record},
		{kind: sectionCalibrated, body: packHashes(n.Meta.Calibrated)},
	}
	_, err := w.Write(packSections(sections))
	return err
}

// Decode reads an .snn file. Sections and fields that it does not know are skipped
// unless they are marked critical. Every checksum is verified, and so is the network.
//
// Large arrays of the network alias b where the machine's byte order and the alignment
// of b allow it (b mapped from a file, or as read by os.ReadFile), so b must not change
// while the network is in use. Apart from them Decode allocates a small multiple of
// len(b) at most, whatever b holds.
func Decode(b []byte) (*Network, error) {
	sections, err := unpackSections(b)
	if err != nil {
		return nil, err
	}
	var graph, data []byte
	n := &Network{}
	for _, s := range sections {
		switch s.kind {
		case sectionGraph:
			graph = s.body
		case sectionData:
			data = s.body
		case sectionPreprocess:
			n.Meta.Preprocess = s.body
		case sectionRecord:
			n.Meta.Record = s.body
		case sectionCalibrated:
			if n.Meta.Calibrated, err = unpackHashes(s.body); err != nil {
				return nil, err
			}
		default:
			if s.critical {
				return nil, newer("the file has a section that this version does not know (use a newer ann2snn)")
			}
		}
	}
	r := &reader{rest: graph, file: &fileReader{data: data}}
	networkFields(r, n)
	r.finish()
	if r.file.err != nil {
		return nil, r.file.err
	}
	if err := n.Verify(); err != nil {
		return nil, err
	}
	return n, nil
}
