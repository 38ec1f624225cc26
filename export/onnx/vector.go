package onnx

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

	"ann2snn/export/target"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// vectors returns samples and what runtime answers, in the folders and files that ONNX's
// own test runners look for.
func vectors(net *snn.Network, g *pb.GraphProto, samples [][]float32) ([]target.File, error) {
	plan, err := runtime.Compile(context.Background(), net)
	if err != nil {
		return nil, err
	}
	s := plan.NewSession(runtime.SessionOptions{Trace: true})
	answer := make([]float32, plan.OutLen())
	input, output := inputDims(&net.Layers[0]), outputDims(&net.Layers[net.Output])
	var files []target.File
	for i, sample := range samples {
		if _, err := s.Run(context.Background(), answer, sample); err != nil {
			return nil, err
		}
		total, err := target.Total(net, s)
		if err != nil {
			return nil, err
		}
		for _, v := range []struct {
			file   string
			tensor *pb.TensorProto
		}{
			{"input_0", onnxfile.Floats(g.GetInput()[0].GetName(), sample, input...)},
			{"output_0", onnxfile.Floats(g.GetOutput()[outputAnswer].GetName(), answer, output...)},
			{"output_1", onnxfile.Doubles(g.GetOutput()[outputLevels].GetName(), total, output...)},
		} {
			data, err := proto.MarshalOptions{Deterministic: true}.Marshal(v.tensor)
			if err != nil {
				return nil, err
			}
			files = append(files, target.File{Name: fmt.Sprintf("test_data_set_%d/%s.pb", i, v.file), Data: data})
		}
	}
	return files, nil
}
