//! Hares and lynxes by the Lotka-Volterra equations: a Runge-Kutta 4 integrator
//! for small systems of fixed dimension, plus a text plot.

/// Rates of the model; predation couples the two species.
#[derive(Debug, Clone, Copy)]
struct LotkaVolterra {
    alpha: f64,
    beta: f64,
    delta: f64,
    gamma: f64,
}

impl LotkaVolterra {
    fn slope(&self, [prey, predators]: [f64; 2]) -> [f64; 2] {
        let encounters = prey * predators;
        [
            self.alpha * prey - self.beta * encounters,
            self.delta * encounters - self.gamma * predators,
        ]
    }

    /// Constant along every exact orbit.
    fn invariant(&self, [prey, predators]: [f64; 2]) -> f64 {
        self.delta * prey - self.gamma * prey.ln() + self.beta * predators - self.alpha * predators.ln()
    }
}

/// Iterator over the states of an initial value problem.
struct RungeKutta4<F, const N: usize> {
    slope: F,
    state: [f64; N],
    dt: f64,
}

impl<F, const N: usize> RungeKutta4<F, N>
where
    F: Fn([f64; N]) -> [f64; N],
{
    fn offset(&self, k: [f64; N], h: f64) -> [f64; N] {
        std::array::from_fn(|i| self.state[i] + h * k[i])
    }
}

impl<F, const N: usize> Iterator for RungeKutta4<F, N>
where
    F: Fn([f64; N]) -> [f64; N],
{
    type Item = [f64; N];

    fn next(&mut self) -> Option<Self::Item> {
        let (dt, current) = (self.dt, self.state);
        let k1 = (self.slope)(current);
        let k2 = (self.slope)(self.offset(k1, dt / 2.0));
        let k3 = (self.slope)(self.offset(k2, dt / 2.0));
        let k4 = (self.slope)(self.offset(k3, dt));
        self.state = std::array::from_fn(|i| current[i] + dt / 6.0 * (k1[i] + 2.0 * (k2[i] + k3[i]) + k4[i]));
        Some(current)
    }
}

fn plot(orbit: &[[f64; 2]], width: usize, height: usize) {
    let top = orbit.iter().flatten().copied().fold(f64::MIN, f64::max);
    let mut canvas = vec![vec![' '; width]; height];
    for x in 0..width {
        let sample = orbit[x * (orbit.len() - 1) / (width - 1)];
        for (value, mark) in sample.into_iter().zip(['h', 'L']) {
            let level = (value / top * (height - 1) as f64).round() as usize;
            let cell = &mut canvas[level][x];
            *cell = if *cell == ' ' { mark } else { '*' };
        }
    }
    for (level, row) in canvas.iter().enumerate().rev() {
        let label = top * level as f64 / (height - 1) as f64;
        println!("{label:6.1} |{}", row.iter().collect::<String>().trim_end());
    }
    println!("{:>8}{}", '+', "-".repeat(width));
}

fn main() {
    let model = LotkaVolterra { alpha: 1.1, beta: 0.4, delta: 0.1, gamma: 0.4 };
    let dt = 0.02;
    let solver = RungeKutta4 { slope: |y| model.slope(y), state: [10.0, 10.0], dt };
    let orbit: Vec<_> = solver.take(2001).collect();
    plot(&orbit, 72, 16);

    let (step, [hares, _]) = orbit
        .iter()
        .enumerate()
        .max_by(|(_, a), (_, b)| a[0].total_cmp(&b[0]))
        .expect("the orbit is never empty");
    println!("hares peak at {hares:.3} when t = {:.2}", step as f64 * dt);
    let drift = model.invariant(orbit[orbit.len() - 1]) - model.invariant(orbit[0]);
    println!("drift of the invariant: {:.2e}", drift.abs());
}
