package plan

func (Input) planned()   {}
func (*Conv) planned()   {}
func (*Dense) planned()  {}
func (*Sum) planned()    {}
func (Product) planned() {}
func (SumPool) planned() {}
func (MaxPool) planned() {}
func (Gather) planned()  {}
func (Concat) planned()  {}
func (*Gate) planned()   {}

// planned marks unplanned as an operator, so that the nodes behind it can be judged.
func (unplanned) planned() {}
