package importer_test

import (
	"context"
	"fmt"

	"ann2snn/importer"
	"ann2snn/models"
)

func Example() {
	g, err := importer.Parse(context.Background(), models.Demo(), "", importer.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, id := range g.Inputs {
		fmt.Println(g.Value(id).Name, g.Type(id))
	}
	fmt.Println(g.Nodes[0].Op.Kind())
	// Output:
	// image float32[N,1,28,28]
	// Conv
}

func ExampleOperators() {
	for _, o := range importer.Operators() {
		if o.Name == "MaxPool" {
			fmt.Println(o.Name, o.First, o.Last, o.Revisions, o.Note)
		}
	}
	// Output:
	// MaxPool 7 27 [1 8 10 11 12 22] without the output Indices
}
