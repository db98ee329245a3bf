package report

// Replay tells a finished report in the order in which its run has told it.
func (r *Report) Replay(step func(StepResult) error, result func(Result) error) error {
	steps := r.stepResults()
	for i := 0; i <= len(r.Results); i++ {
		for len(steps) > 0 && (steps[0].AfterResults <= i || i == len(r.Results)) {
			if err := step(steps[0]); err != nil {
				return err
			}
			steps = steps[1:]
		}
		if i < len(r.Results) {
			if err := result(r.Results[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// stepResults gives each step its actions back; they follow each other in its order.
func (r *Report) stepResults() []StepResult {
	if r.Cleaning == nil {
		return nil
	}
	var all []StepResult
	actions := r.Actions
	for _, s := range r.Steps {
		n := 0
		for n < len(actions) && actions[n].Step == s.ID && actions[n].Stage == s.Stage {
			n++
		}
		all = append(all, StepResult{Step: s, Actions: actions[:n]})
		actions = actions[n:]
	}
	return all
}
