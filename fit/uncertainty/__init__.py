"""How sure a fit is: bootstrap by run, profiles of the objective, intervals of parameters and predictions."""
