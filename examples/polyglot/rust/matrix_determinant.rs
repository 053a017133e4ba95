//! LU decomposition of small dense matrices: determinant and linear solve.

use std::fmt;

const EPSILON: f64 = 1e-12;

#[derive(Debug, PartialEq)]
enum LuError {
    NotSquare { row: usize, len: usize },
    Singular { column: usize },
}

impl fmt::Display for LuError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSquare { row, len } => write!(f, "row {row} has {len} columns"),
            Self::Singular { column } => write!(f, "singular: no pivot in column {column}"),
        }
    }
}

impl std::error::Error for LuError {}

/// `P * A = L * U`, with both triangles sharing one set of rows.
struct Lu {
    rows: Vec<Vec<f64>>,
    perm: Vec<usize>,
    sign: f64,
}

impl Lu {
    fn new(mut rows: Vec<Vec<f64>>) -> Result<Self, LuError> {
        let n = rows.len();
        if let Some((row, r)) = rows.iter().enumerate().find(|(_, r)| r.len() != n) {
            return Err(LuError::NotSquare { row, len: r.len() });
        }
        let mut perm: Vec<usize> = (0..n).collect();
        let mut sign = 1.0;

        for k in 0..n {
            let pivot = (k..n)
                .max_by(|&a, &b| rows[a][k].abs().total_cmp(&rows[b][k].abs()))
                .filter(|&p| rows[p][k].abs() > EPSILON)
                .ok_or(LuError::Singular { column: k })?;
            if pivot != k {
                rows.swap(pivot, k);
                perm.swap(pivot, k);
                sign = -sign;
            }
            let (above, below) = rows.split_at_mut(k + 1);
            let pivot_row = &above[k];
            for row in below {
                row[k] /= pivot_row[k];
                let factor = row[k];
                for (target, p) in row.iter_mut().zip(pivot_row).skip(k + 1) {
                    *target -= factor * p;
                }
            }
        }
        Ok(Self { rows, perm, sign })
    }

    fn determinant(&self) -> f64 {
        self.rows.iter().enumerate().fold(self.sign, |det, (i, row)| det * row[i])
    }

    fn solve(&self, b: &[f64]) -> Vec<f64> {
        let dot = |u: &[f64], v: &[f64]| u.iter().zip(v).map(|(a, b)| a * b).sum::<f64>();
        let mut x = Vec::with_capacity(b.len());
        for (row, &p) in self.rows.iter().zip(&self.perm) {
            x.push(b[p] - dot(row, &x));
        }
        for (i, row) in self.rows.iter().enumerate().rev() {
            x[i] = (x[i] - dot(&row[i + 1..], &x[i + 1..])) / row[i];
        }
        x
    }
}

fn main() -> Result<(), LuError> {
    let a = vec![
        vec![2.0, -1.0, 3.0, 0.0],
        vec![4.0, 1.0, -2.0, 5.0],
        vec![-6.0, 2.0, 1.0, -1.0],
        vec![3.0, 0.0, 4.0, 2.0],
    ];
    let lu = Lu::new(a)?;
    println!("det(A) = {:.4}", lu.determinant());
    println!("x = {:.3?}", lu.solve(&[13.0, -1.5, -7.5, 16.0]));

    if let Err(err) = Lu::new(vec![vec![1.0, 2.0], vec![2.0, 4.0]]) {
        println!("second matrix is {err}");
    }
    Ok(())
}
